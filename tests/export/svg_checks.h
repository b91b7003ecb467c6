/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What must be true of any SVG; what is not fails the test. The groups of namespaces in it. */

#include "tests/export/xml.h"

struct ns;

/* Ids are there once, links lead to one of them, and nothing leads out or acts. */
void svg_checks_inert(const struct xml *xml);

/* Boxes stand in columns: sorted by left and top, each may only touch the next one of its column
 * or one of a column that is further right. In the time of a sort. */
void svg_checks_columns(const struct xml *xml);

/* No two boxes of namespaces overlap, whatever the columns: all pairs. */
void svg_checks_no_overlap(const struct xml *xml);

/* All text is inside the picture, and that of a box inside the box. */
void svg_checks_text(const struct xml *xml);

/* All of these. */
void svg_checks_all(const struct xml *xml);

/* The index of the next group of a namespace, in document order, from `i` on; xml->n: none. */
size_t svg_checks_next_group(const struct xml *xml, size_t i);

/* The index of the group of a namespace, which must be there. */
size_t svg_checks_find_group(const struct xml *xml, const struct ns *ns);
