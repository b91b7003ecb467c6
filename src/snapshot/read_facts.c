/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the object `facts` of a namespace. */
#include "base/arena.h"
#include "model/ns_facts.h"
#include "snapshot/reader.h"

#include <limits.h>

/* The value of a member that may be missing, or null. */
static uint64_t number_if_any(struct fields *f, const char *key, uint64_t max)
{
	return fields_has(f, key) ? fields_number_or_null(f, key, 0, max) : 0;
}

static int errno_if_any(struct fields *f, const char *key)
{
	return fields_has(f, key) ? fields_errno(f, key) : 0;
}

/* -1 for null, 0 or 1. */
static int answer(struct fields *f, const char *key)
{
	return fields_is_null(f, key) ? -1 : fields_bool(f, key);
}

/* A state of a process, one letter. */
static char letter_or_null(struct fields *f, const char *key)
{
	const char *const text = fields_text_or_null(f, key);

	if (text && (!*text || text[1]))
		fields_fail(f, key, "is not one letter");
	return text ? *text : '\0';
}

/* --- cgroup ----------------------------------------------------------------------------------- */

static void read_root(
        struct fields *f, _unused_ const char *key, const struct json_span *element, void *data)
{
	static const char *const keys[] = {"hierarchy", "path", NULL};
	struct fields root = fields_of(f->reader, element, keys);
	struct ns_facts_root **const next = data;

	*(*next)++ = (struct ns_facts_root){
	        .hierarchy = fields_text(&root, "hierarchy"),
	        .path = fields_text(&root, "path"),
	};
	f->error = root.error;
}

static void read_cgroup(struct fields *f, struct ns_facts *facts)
{
	struct ns_facts_root *next =
	        fields_array(f, "roots", sizeof(*next), 0, &facts->cgroup.n_roots);

	facts->cgroup.roots = next;
	if (facts->cgroup.n_roots)
		fields_list(f, "roots", read_root, &next);
}

/* --- IPC -------------------------------------------------------------------------------------- */

static void read_ipc(struct fields *f, struct ns_facts *facts)
{
	static const char *const keys[] = {"errno", "count", "size", NULL};

	for (enum ns_facts_ipc_kind kind = 0; kind < NS_FACTS_IPC_KINDS; kind++) {
		const struct json_span value = fields_value(f, ns_facts_ipc_name(kind));

		if (f->error)
			return;
		struct fields objects = fields_of(f->reader, &value, keys);
		facts->ipc.kinds[kind].error = errno_if_any(&objects, "errno");
		facts->ipc.kinds[kind].n = number_if_any(&objects, "count", INT64_MAX);
		facts->ipc.kinds[kind].size = number_if_any(&objects, "size", INT64_MAX);
		f->error = objects.error;
	}
}

/* --- mounts ----------------------------------------------------------------------------------- */

static void read_mnt(struct fields *f, struct ns_facts *facts)
{
	struct ns_facts_mnt *const mnt = &facts->mnt;

	mnt->n_mounts = fields_number(f, "mounts", 0, INT64_MAX);
	mnt->is_at_least = fields_bool(f, "at_least");
	mnt->root = fields_text_or_null(f, "root");
	if (!mnt->root)
		return;
	mnt->type = fields_text(f, "fs_type");
	mnt->source = fields_text(f, "source");
	mnt->is_read_only = fields_bool(f, "read_only");
}

/* --- PIDs ------------------------------------------------------------------------------------- */

static void read_pid(struct fields *f, struct ns_facts *facts)
{
	static const enum ns_facts_dying dying[] = {
	        NS_FACTS_DYING_UNKNOWN, NS_FACTS_ALIVE, NS_FACTS_DYING};
	struct ns_facts_pid *const pid = &facts->pid;

	pid->init = (pid_t)fields_number_or_null(f, "init", 1, INT_MAX);
	pid->init_state = letter_or_null(f, "init_state");
	pid->levels = (unsigned)fields_number(f, "levels", 0, INT_MAX);
	pid->n_members = (size_t)fields_number(f, "members", 0, INT_MAX);
	pid->n_below = (size_t)fields_number(f, "below", 0, INT_MAX);
	pid->dying = dying[answer(f, "dying") + 1];
	pid->error = errno_if_any(f, "dying_errno");
	if (pid->dying != NS_FACTS_DYING)
		return;
	pid->n_left = (size_t)fields_number(f, "left", 0, INT_MAX);
	pid->waits_for = (pid_t)fields_number_or_null(f, "waits_for", 1, INT_MAX);
	if (!pid->waits_for)
		return;
	pid->state = letter_or_null(f, "state");
	pid->wchan = fields_text_or_null(f, "wchan");
}

/* --- time ------------------------------------------------------------------------------------- */

static void read_offset(struct fields *f, const char *key, struct ns_facts_offset *ret)
{
	static const char *const keys[] = {"negative", "seconds", "nanoseconds", NULL};
	const struct json_span value = fields_value(f, key);

	if (f->error)
		return;
	struct fields offset = fields_of(f->reader, &value, keys);
	const bool is_negative = fields_bool(&offset, "negative");
	const int64_t seconds = (int64_t)fields_number(&offset, "seconds", is_negative, INT64_MAX);

	ret->seconds = is_negative ? -seconds : seconds;
	ret->nanoseconds = (uint32_t)fields_number(&offset, "nanoseconds", 0, 999999999);
	f->error = offset.error;
}

static void read_time(struct fields *f, struct ns_facts *facts)
{
	read_offset(f, "monotonic", &facts->time.monotonic);
	read_offset(f, "boottime", &facts->time.boottime);
}

/* --- users ------------------------------------------------------------------------------------ */

static void read_subid(
        struct fields *f, _unused_ const char *key, const struct json_span *element, void *data)
{
	static const char *const keys[] = {"first", "count", "owner", NULL};
	struct fields id = fields_of(f->reader, element, keys);
	struct ns_facts_subid **const next = data;

	*(*next)++ = (struct ns_facts_subid){
	        .first = (uint32_t)fields_number(&id, "first", 0, UINT32_MAX),
	        .count = (uint32_t)fields_number(&id, "count", 1, UINT32_MAX),
	        .owner = fields_text(&id, "owner"),
	};
	f->error = id.error;
}

static const struct ns_facts_subid *read_subids(struct fields *f, const char *key, size_t *ret_n)
{
	struct ns_facts_subid *const all = fields_array(f, key, sizeof(*all), 0, ret_n);
	struct ns_facts_subid *next = all;

	if (*ret_n)
		fields_list(f, key, read_subid, &next);
	return all;
}

static void read_overlap(
        struct fields *f, const char *key, const struct json_span *element, void *data)
{
	struct ns_facts_user *const user = data;
	const uint64_t inode = fields_number_at(f, key, element, 1, INT64_MAX);

	if (user->n_overlaps == NS_FACTS_OVERLAPS_MAX)
		fields_fail(f, key, "has too many elements");
	else
		user->overlaps[user->n_overlaps++] = inode;
}

/* What counts towards them is not read: it follows from the model. */
static const struct ns_limit *read_limits(struct fields *f)
{
	struct ns_limit *const limits =
	        arena_array(builder_arena(f->reader->builder), NS_TYPES, sizeof(*limits));
	const struct json_span known = fields_value(f, "limits");
	const struct json_span errors = fields_value(f, "limits_errno");
	const char *keys[NS_TYPES + 1] = {NULL};

	for (enum nstype type = 0; type < NS_TYPES; type++)
		keys[type] = nstype_name(type);
	if (f->error)
		return NULL;
	struct fields numbers = fields_of(f->reader, &known, keys);
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		limits[type].is_known = fields_has(&numbers, keys[type]);
		limits[type].max = limits[type].is_known
		                           ? fields_number(&numbers, keys[type], 0, INT32_MAX)
		                           : 0;
	}
	f->error = numbers.error;
	if (f->error)
		return NULL;
	struct fields reasons = fields_of(f->reader, &errors, keys);
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (!limits[type].is_known)
			limits[type].error = errno_if_any(&reasons, keys[type]);
	}
	f->error = reasons.error;
	return limits;
}

static void read_user(struct fields *f, struct ns_facts *facts)
{
	static const enum ns_facts_answer answers[] = {NS_FACTS_UNKNOWN, NS_FACTS_NO, NS_FACTS_YES};
	struct ns_facts_user *const user = &facts->user;

	user->subuid = read_subids(f, "subuid", &user->n_subuid);
	user->subuid_error = errno_if_any(f, "subuid_errno");
	user->subgid = read_subids(f, "subgid", &user->n_subgid);
	user->subgid_error = errno_if_any(f, "subgid_errno");
	user->host_root = answers[answer(f, "host_root") + 1];
	fields_list(f, "overlaps", read_overlap, user);
	user->has_more_overlaps = fields_bool(f, "more_overlaps");
	if (fields_has(f, "limits"))
		user->limits = read_limits(f);
}

/* --- UTS -------------------------------------------------------------------------------------- */

static void read_uts(struct fields *f, struct ns_facts *facts)
{
	facts->uts.host = fields_text(f, "host");
	facts->uts.domain = fields_text(f, "domain");
}

/* --- all types -------------------------------------------------------------------------------- */

static void read_net_facts(struct fields *f, struct ns_facts *facts)
{
	facts->net = read_net(f);
	if (facts->net->parts[NET_PART_LINKS].state != NET_NOT_ASKED)
		facts->what = NS_FACTS_LINKS;
}

void read_facts(struct fields *f, struct ns *ns)
{
	static const struct {
		const char *keys[FIELDS_MAX];
		void (*read)(struct fields *f, struct ns_facts *facts);
	} types[NS_TYPES] = {
	        [NS_CGROUP] = {{"errno", "roots"}, read_cgroup},
	        [NS_IPC] = {{"errno", "shm", "sem", "msg", "mqueue"}, read_ipc},
	        [NS_MNT] = {{"errno", "mounts", "at_least", "root", "fs_type", "source",
	                            "read_only"},
	                read_mnt},
	        [NS_NET] = {{"errno", "parts", "interfaces", "addresses", "routes", "sockets"},
	                read_net_facts},
	        [NS_PID] = {{"errno", "init", "init_state", "levels", "members", "below", "dying",
	                            "dying_errno", "left", "waits_for", "state", "wchan"},
	                read_pid},
	        [NS_TIME] = {{"errno", "monotonic", "boottime"}, read_time},
	        [NS_USER] = {{"errno", "subuid", "subuid_errno", "subgid", "subgid_errno",
	                             "host_root", "overlaps", "more_overlaps", "limits",
	                             "limits_errno"},
	                read_user},
	        [NS_UTS] = {{"errno", "host", "domain"}, read_uts},
	};
	const struct json_span value = fields_value(f, "facts");

	if (f->error)
		return;
	struct fields inner = fields_of(f->reader, &value, types[ns->type].keys);
	struct ns_facts *const facts = ns_facts_new_in(builder_arena(f->reader->builder), ns->type);
	facts->error = errno_if_any(&inner, "errno");
	if (!facts->error)
		types[ns->type].read(&inner, facts);
	ns->facts = facts;
	f->error = inner.error;
}
