/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "export/svg_plan.h"

#include <stdio.h>

/* The lines of the SVG: from parents to children, and from PID namespaces to their owners. */

void svg_lines_write_edges(FILE *out, const struct svg_plan *plan, enum pair_part part);
void svg_lines_write_owners(FILE *out, const struct svg_plan *plan);
