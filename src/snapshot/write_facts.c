/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot/writer.h"

/* A number for which 0 means unknown: null. */
static void write_positive(struct json_writer *w, const char *key, uint64_t value)
{
	json_write_key(w, key);
	if (value)
		json_write_number(w, value);
	else
		json_write_null(w);
}

static void write_error_if_any(struct json_writer *w, const char *key, int error)
{
	if (error)
		snapshot_write_errno(w, key, error);
}

static void write_answer(struct json_writer *w, const char *key, enum ns_facts_answer answer)
{
	json_write_key(w, key);
	if (answer == NS_FACTS_UNKNOWN)
		json_write_null(w);
	else
		json_write_bool(w, answer == NS_FACTS_YES);
}

/* A character of proc_pid_stat(5); 0 is null. */
static void write_state(struct json_writer *w, const char *key, char state)
{
	const char text[] = {state, '\0'};

	json_write_member_string(w, key, state ? text : NULL);
}

static void write_cgroup(struct json_writer *w, const struct ns_facts *facts)
{
	json_write_member_open(w, "roots", '[');
	for (size_t i = 0; i < facts->cgroup.n_roots; i++) {
		json_write_open(w, '{');
		json_write_member_string(w, "hierarchy", facts->cgroup.roots[i].hierarchy);
		json_write_member_string(w, "path", facts->cgroup.roots[i].path);
		json_write_close(w, '}');
	}
	json_write_close(w, ']');
}

static void write_ipc(struct json_writer *w, const struct ns_facts *facts)
{
	for (enum ns_facts_ipc_kind kind = 0; kind < NS_FACTS_IPC_KINDS; kind++) {
		json_write_member_open(w, ns_facts_ipc_name(kind), '{');
		write_error_if_any(w, "errno", facts->ipc.kinds[kind].error);
		if (!facts->ipc.kinds[kind].error) {
			json_write_member_number(w, "count", facts->ipc.kinds[kind].n);
			json_write_member_number(w, "size", facts->ipc.kinds[kind].size);
		}
		json_write_close(w, '}');
	}
}

static void write_mnt(struct json_writer *w, const struct ns_facts *facts)
{
	const struct ns_facts_mnt *const mnt = &facts->mnt;

	json_write_member_number(w, "mounts", mnt->n_mounts);
	json_write_member_bool(w, "at_least", mnt->is_at_least);
	json_write_member_string(w, "root", mnt->root);
	if (!mnt->root)
		return;
	json_write_member_string(w, "fs_type", mnt->type ? mnt->type : "");
	json_write_member_string(w, "source", mnt->source ? mnt->source : "");
	json_write_member_bool(w, "read_only", mnt->is_read_only);
}

static void write_facts_net(struct json_writer *w, const struct ns_facts *facts)
{
	write_net(w, facts->net);
}

static void write_pid(struct json_writer *w, const struct ns_facts *facts)
{
	const struct ns_facts_pid *const pid = &facts->pid;

	write_positive(w, "init", (uint64_t)pid->init);
	write_state(w, "init_state", pid->init_state);
	json_write_member_number(w, "levels", pid->levels);
	json_write_member_number(w, "members", pid->n_members);
	json_write_member_number(w, "below", pid->n_below);
	json_write_key(w, "dying");
	if (pid->dying == NS_FACTS_DYING_UNKNOWN)
		json_write_null(w);
	else
		json_write_bool(w, pid->dying == NS_FACTS_DYING);
	write_error_if_any(w, "dying_errno", pid->error);
	if (pid->dying != NS_FACTS_DYING)
		return;
	json_write_member_number(w, "left", pid->n_left);
	write_positive(w, "waits_for", (uint64_t)pid->waits_for);
	if (!pid->waits_for)
		return;
	write_state(w, "state", pid->state);
	json_write_member_string(w, "wchan", pid->wchan);
}

/* JSON has signed numbers, but the other numbers of a snapshot have no sign. */
static void write_offset(
        struct json_writer *w, const char *key, const struct ns_facts_offset *offset)
{
	const bool is_negative = offset->seconds < 0;
	const uint64_t seconds = (uint64_t)offset->seconds;

	json_write_member_open(w, key, '{');
	json_write_member_bool(w, "negative", is_negative);
	json_write_member_number(w, "seconds", is_negative ? -seconds : seconds);
	json_write_member_number(w, "nanoseconds", offset->nanoseconds);
	json_write_close(w, '}');
}

static void write_time(struct json_writer *w, const struct ns_facts *facts)
{
	write_offset(w, "monotonic", &facts->time.monotonic);
	write_offset(w, "boottime", &facts->time.boottime);
}

static void write_subids(
        struct json_writer *w, const char *key, const struct ns_facts_subid *ids, size_t n)
{
	json_write_member_open(w, key, '[');
	for (size_t i = 0; i < n; i++) {
		json_write_open(w, '{');
		json_write_member_number(w, "first", ids[i].first);
		json_write_member_number(w, "count", ids[i].count);
		json_write_member_string(w, "owner", ids[i].owner);
		json_write_close(w, '}');
	}
	json_write_close(w, ']');
}

static void write_user(struct json_writer *w, const struct ns_facts *facts)
{
	const struct ns_facts_user *const user = &facts->user;

	write_subids(w, "subuid", user->subuid, user->n_subuid);
	write_error_if_any(w, "subuid_errno", user->subuid_error);
	write_subids(w, "subgid", user->subgid, user->n_subgid);
	write_error_if_any(w, "subgid_errno", user->subgid_error);
	write_answer(w, "host_root", user->host_root);
	json_write_member_open(w, "overlaps", '[');
	for (size_t i = 0; i < user->n_overlaps; i++)
		json_write_number(w, user->overlaps[i]);
	json_write_close(w, ']');
	json_write_member_bool(w, "more_overlaps", user->has_more_overlaps);
}

/* --- limits ----------------------------------------------------------------------------------- */

static void write_known_limits(struct json_writer *w, const struct ns_limit *limits)
{
	json_write_member_open(w, "limits", '{');
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (limits[type].is_known)
			json_write_member_number(w, nstype_name(type), limits[type].max);
	}
	json_write_close(w, '}');
	json_write_member_open(w, "limits_errno", '{');
	for (enum nstype type = 0; type < NS_TYPES; type++)
		write_error_if_any(w, nstype_name(type), limits[type].error);
	json_write_close(w, '}');
}

/* Of the types that have any. */
static void write_counted(struct json_writer *w, const uint64_t counted[static NS_TYPES])
{
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (counted[type])
			json_write_member_number(w, nstype_name(type), counted[type]);
	}
}

/* For readers of the file: this program counts again. */
static void write_limits(struct json_writer *w, const struct ns *ns, const struct limits *limits)
{
	struct limits_counts counts;

	write_known_limits(w, ns->facts->user.limits);
	limits_count(limits, ns, &counts);
	json_write_member_open(w, "counted_at_least", '[');
	for (size_t i = 0; i < counts.n_users; i++) {
		json_write_open(w, '{');
		json_write_member_number(w, "uid", counts.users[i].uid);
		write_counted(w, counts.users[i].counted);
		json_write_close(w, '}');
	}
	json_write_close(w, ']');
	json_write_member_open(w, "creator_unknown", '{');
	write_counted(w, counts.unknown);
	json_write_close(w, '}');
	limits_release(&counts);
}

/* --- all types -------------------------------------------------------------------------------- */

static void write_uts(struct json_writer *w, const struct ns_facts *facts)
{
	json_write_member_string(w, "host", facts->uts.host);
	json_write_member_string(w, "domain", facts->uts.domain);
}

void write_facts(struct json_writer *w, const struct ns *ns, const struct limits *limits)
{
	const struct ns_facts *const facts = ns->facts;
	static void (*const writers[NS_TYPES])(struct json_writer *, const struct ns_facts *) = {
	        [NS_CGROUP] = write_cgroup,
	        [NS_IPC] = write_ipc,
	        [NS_MNT] = write_mnt,
	        [NS_NET] = write_facts_net,
	        [NS_PID] = write_pid,
	        [NS_TIME] = write_time,
	        [NS_USER] = write_user,
	        [NS_UTS] = write_uts,
	};

	json_write_member_open(w, "facts", '{');
	if (facts->error)
		snapshot_write_errno(w, "errno", facts->error);
	else
		writers[facts->type](w, facts);
	if (!facts->error && facts->type == NS_USER && facts->user.limits)
		write_limits(w, ns, limits);
	json_write_close(w, '}');
}
