/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "model/model.h"
#include "model/posture.h"
#include "view/names.h"

#include <stdio.h>

/* The rules of an audit (view/audit.h), each with the function that judges a container by it. */

/* The rules, in the order in which they are judged and shown. */
enum audit_rule {
	AUDIT_USERS,
	AUDIT_PRIVILEGED,
	AUDIT_CONTAINED,
	AUDIT_CAPS,
	AUDIT_PID,
	AUDIT_NET,
	AUDIT_IPC,
	AUDIT_UTS,
	AUDIT_SHARED,
	AUDIT_SOCKET,
	AUDIT_ROOT,
	AUDIT_FILTER,
	AUDIT_RULES,
};

enum { AUDIT_ALL = (1 << AUDIT_RULES) - 1 };

enum audit_level {
	AUDIT_NOTHING,
	AUDIT_NORMAL, /* the default of engines, or of pods */
	AUDIT_LOW,
	AUDIT_MEDIUM,
	AUDIT_HIGH,
	AUDIT_HOST_ROOT, /* it can become root of the host */
	AUDIT_LEVELS,
};

enum audit_state {
	AUDIT_NO,
	AUDIT_YES,
	AUDIT_UNKNOWN,
	AUDIT_STATES,
};

struct audit_finding {
	enum audit_state state;
	enum audit_level level; /* AUDIT_YES: what it is; AUDIT_UNKNOWN: what it may be at most */
	bool is_open;           /* AUDIT_YES: it may be worse by one level */
	char *text;             /* escaped; NULL: nothing to say, only if the state is AUDIT_NO */
};

/* The input of a rule. */
struct audit_judge {
	const struct model *model;
	const struct names *names;
	const struct container *container;
	const struct posture *posture; /* of its leader; NULL: not read */
	const struct posture *host;    /* of PID 1 of the host; NULL: not read, or another PID 1 */
	FILE *out;                     /* the text of the finding */
};

struct audit_rule_row {
	const char *name;       /* "users", ... */
	const char *help;       /* what it tests, in one line */
	enum audit_level level; /* at most */
	/* Judges `judge->container`, and writes the text of the finding, unless it is AUDIT_NO. */
	struct audit_finding (*judge)(const struct audit_judge *judge);
};

extern const struct audit_rule_row audit_rules[AUDIT_RULES];
