/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "export/svg_plan.h"
#include "export/svg_style.h"

#include <stdio.h>

/* The lines of the SVG: from parents to children, and from PID namespaces to their owners. */

/* The edges inherit how they look from the element around them. */
void svg_lines_write_edges(FILE *out, const struct svg_plan *plan, enum pair_part part);

/* The lines to owners that are drawn, with arrow heads and labels: the plan has placed them. */
void svg_lines_write_owners(FILE *out, const struct svg_plan *plan, const struct svg_style *style);
