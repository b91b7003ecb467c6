/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

#include <stdio.h>

/* Begins a metric of the text format of Prometheus, a gauge. */
static inline void metrics_limits_begin(FILE *out, const char *name, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* Writes the metrics of the limits of user namespaces: those in their facts (model/ns_facts.h), and
 * what counts towards them (model/limits.h). */
void metrics_limits_write(FILE *out, const struct model *model);
