/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"
#include "view/hierarchy.h"
#include "view/names.h"

/* What stands in the boxes of a graph, DOT's and SVG's: text that went through escape.h and was
 * cut, not yet quoted for its sink. */

enum {
	LABEL_MAX = 40,    /* characters of a name in a box, before the … */
	TOOLTIP_MAX = 200, /* characters of a tooltip */
};

enum label_line {
	LABEL_LEADER, /* `bash (1468)`, `held by mount /run/ns/u1` */
	LABEL_NS,     /* `user:[4026532583]` */
	LABEL_OWNER,  /* `owner harald (1000)`, of a PID namespace `owner user:[4026531837]` */
	LABEL_LINES,
};

/* Who writes labels, of which model, and the room to do it in. */
struct label {
	const struct model *model;
	const struct names *names;
	struct text scratch;
};

void label_init(struct label *label, const struct model *model, const struct names *names);
void label_release(struct label *label);

/* One line of the label. A name that is empty is `?`; one that is longer than LABEL_MAX is cut,
 * the PID behind it never. */
void label_write(FILE *out, struct label *label, const struct ns *ns, enum label_line line);

/* The same for a node that stands for several: `nginx × 12`, `12 pid namespaces`, the owner. */
void label_write_group(
        FILE *out, struct label *label, const struct node *node, enum label_line line);

/* All that fits on one line: as lsuserns prints it, what holds it, how much it owns, its maps. Cut
 * at TOOLTIP_MAX. */
void label_write_tooltip(FILE *out, struct label *label, const struct ns *ns);

/* `12 pid namespaces that look alike: pid:[4026532001], pid:[4026532004], …` */
void label_write_group_tooltip(FILE *out, struct label *label, const struct node *node);

/* Writes `text` (escaped) up to `most` characters, then `…` if that was not all. Never cuts inside
 * a character or an escape. */
void label_write_cut(FILE *out, const char *text, size_t len, size_t most);

/* How the graph as a whole is called: `Linux namespaces of db7`. */
void label_write_title(FILE *out, struct label *label);

/* Where and when: `Linux 6.18.44, 2026-11-23 15:04:00 UTC, 9 user and 6 PID namespaces`. */
void label_write_subtitle(FILE *out, struct label *label);
