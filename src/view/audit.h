/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What a container shares with the host, and what it may do: rules that are judged by the
 * namespaces of its oldest process and by what confines that (model/posture.h). */

#include "view/audit_rules.h"

#include <stdio.h>

/* A container, and its findings. */
struct audit_row {
	const struct container *container;
	struct audit_finding findings[AUDIT_RULES]; /* of rules that were not wanted: AUDIT_NO */
	enum audit_level verdict;                   /* the worst finding */
	bool is_open;                               /* something that is not known may be worse */
};

struct audit {
	uint32_t rules;         /* 1 << AUDIT_* */
	struct audit_row *rows; /* the worst first, then as sharing_compare */
	size_t n;
	bool may_lack;    /* the view may lack containers */
	bool has_finding; /* something is at least low, or not known; of named rules anything */
};

/* What it may be at most; AUDIT_NOTHING if its state is AUDIT_NO. */
enum audit_level audit_at_most(const struct audit_finding *finding);

/* "host root", "high", ... */
const char *audit_level_name(enum audit_level level);

/* The rules of a list of names, separated by commas: 1 << AUDIT_*. Returns 0, or -EINVAL if a name
 * is unknown, or there is none. */
_must_check_ int audit_parse(const char *list, uint32_t *ret);

/* Judges all containers by `rules`; nested ones are a claim of the outer one, and belong to it.
 * is_named: the user has named the rules, so that a normal finding counts, too. `names` may be
 * NULL. */
void audit_run(struct audit *ret, const struct model *model, uint32_t rules, bool is_named,
        const struct names *names);
void audit_release(struct audit *audit);

/* `medium`, `medium+` if it may be worse, `unknown` if only that is known. */
void audit_write_verdict(FILE *out, const struct audit_row *row);
