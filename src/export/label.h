/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"
#include "view/filter.h"
#include "view/names.h"
#include "view/node.h"

/* The text of a graph, for DOT and SVG alike: ids, labels and tooltips of its nodes, all of which
 * have a namespace. The text is escaped (base/escape.h) and cut, not yet quoted for its format. */

enum {
	LABEL_MAX = 40,    /* characters of a name in a box, before the … */
	TOOLTIP_MAX = 200, /* characters of a tooltip */
};

enum label_line {
	LABEL_LEADER, /* `bash (1468)`, `web: nginx (4021)`, `held by mount /run/ns/u1` */
	LABEL_NS,     /* `user:[4026532583]` */
	LABEL_OWNER,  /* `owner harald (1000)`, of a PID namespace `owner user:[4026531837]` */
	LABEL_LINES,
};

/* Writes the text of one model. `model` and `names` must stay valid until label_release. */
struct label {
	const struct model *model;
	const struct names *names;
	struct text scratch;
	struct label_twin *twins; /* namespaces whose number another one has too, sorted */
	size_t n_twins;
};

void label_init(struct label *label, const struct model *model, const struct names *names);
void label_release(struct label *label);

/* `ns-4026531837`, with the type `user-4026531837`: made of the number alone, and unique also if a
 * snapshot has the same number twice (two devices, or invalid data): then the later ones end in
 * `-2`, `-3`, ... The id of a group is `group-` and the id of its first member. */
void label_write_id(FILE *out, const struct label *label, const struct node *node, bool with_type);

/* How many lines the label has: a group only the first two, `60 × pid, owner root` and `postgres 9,
 * java 6, nginx 5, …` (view/pair_words.h), and a namespace of another type than user and PID,
 * which stands below its owner, no LABEL_OWNER. */
size_t label_count_lines(const struct node *node);

/* One line of the label. An empty name is written as `?`; a name that is longer than LABEL_MAX is
 * cut, the PID behind it never. */
void label_write(FILE *out, struct label *label, const struct node *node, enum label_line line);

/* `owner harald (1000)` for a namespace with a known owner: the owner of that user namespace. */
void label_write_owner_name(FILE *out, struct label *label, const struct node *node);

/* Everything that fits on one line: the namespace as lsuserns prints it, its container, what holds
 * it, how much it owns, its maps; of a group its label and its members: `12 × pid, owner root:
 * nginx; pid:[4026532001], pid:[4026532004], …`. Cut at TOOLTIP_MAX. */
void label_write_tooltip(FILE *out, struct label *label, const struct node *node);

/* The title of the graph: `Linux namespaces of db7`. */
void label_write_title(FILE *out, struct label *label);

/* What the subtitle begins with: `Linux 6.18.44, 2026-11-23 15:04:00 UTC, `. */
void label_write_taken(FILE *out, struct label *label);

/* That, and `9 user and 6 PID namespaces`, `9 user namespaces and 1 PID namespace`; of one
 * hierarchy `5 net namespaces`. Then `, 3 PID namespaces without a number`, if there are any. */
void label_write_subtitle(FILE *out, struct label *label, const struct view_options *view);

/* `filter "bash": 3 of 12 match, those above them are pale`: of a graph that has only a part. */
void label_write_filter(FILE *out, const struct label *label, const struct filter *filter,
        const struct filter_count *count);

/* A line for each reason why the view is partial (view/partial.h), each with its newline. */
void label_write_reasons(FILE *out, const struct label *label);
