/* SPDX-License-Identifier: Apache-2.0 */

/* The part of a page about what is in a namespace of any type (model/ns_facts.h). */

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/detail/detail.h"
#include "view/words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *page_facts_reason(const struct detail *detail, int error)
{
	if (error == ESRCH)
		return "no process, descriptor or mount to enter it by";
	return words_error(&detail->source.model->host, error);
}

static void new_line(struct detail *detail)
{
	line_pad(page_add(&detail->facts), DETAIL_INDENT);
}

/* --- uts, mnt, ipc, cgroup, time ---------------------------------------------------------- */

static void write_uts(struct detail *detail, const struct ns_facts *facts)
{
	detail_new_fact(detail, "names");
	detail_add_name(detail, 0, "host ", facts->uts.host ? facts->uts.host : "");
	detail_add_name(detail, 0, "NIS domain ", facts->uts.domain ? facts->uts.domain : "");
}

static void write_mnt(struct detail *detail, const struct ns_facts *facts)
{
	const struct ns_facts_mnt *mnt = &facts->mnt;

	detail_new_fact(detail, "mounts");
	detail_add_number(
	        detail, 0, "", "%" PRIu64 "%s", mnt->n_mounts, mnt->is_at_least ? "+" : "");
	if (!mnt->root)
		return;
	detail_add_name(detail, 0, "root ", mnt->root);
	if (mnt->type)
		detail_add_name(detail, 0, "of ", mnt->type);
	if (mnt->source)
		detail_add_name(detail, 0, "source ", mnt->source);
	if (mnt->is_read_only)
		detail_add(detail, 0, "", "read-only");
}

/* `shm 2 (4.2 KB)`, `sem 1 (3)`: the number in brackets is of the semaphores in the sets, else of
 * bytes. */
static void write_ipc(struct detail *detail, const struct ns_facts *facts)
{
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	detail_new_fact(detail, "objects");
	for (enum ns_facts_ipc_kind kind = 0; kind < NS_FACTS_IPC_KINDS; kind++) {
		const uint64_t n = facts->ipc.kinds[kind].n, size = facts->ipc.kinds[kind].size;
		_cleanup_free_ char *name = memory_printf("%s ", ns_facts_ipc_name(kind));

		text_restart(&text);
		if (facts->ipc.kinds[kind].error)
			fputs(page_facts_reason(detail, facts->ipc.kinds[kind].error), text.out);
		else
			fprintf(text.out, "%" PRIu64, n);
		if (!facts->ipc.kinds[kind].error && n && kind == NS_FACTS_SEM)
			fprintf(text.out, " (%" PRIu64 ")", size);
		else if (!facts->ipc.kinds[kind].error && n)
			fputs(" (", text.out), words_size(text.out, size), fputc(')', text.out);
		detail_add(detail, 0, name, text_get(&text));
	}
}

static void write_cgroup(struct detail *detail, const struct ns_facts *facts)
{
	const struct ns_facts_cgroup *cgroup = &facts->cgroup;

	detail_new_fact(detail, "roots");
	for (size_t i = 0; i < cgroup->n_roots; i++) {
		if (i)
			new_line(detail);
		_cleanup_free_ char *path = escape_name(cgroup->roots[i].path);
		detail_add_piece(detail, path, detail_nowhere);
		detail_add_name(detail, 0, "",
		        *cgroup->roots[i].hierarchy ? cgroup->roots[i].hierarchy : "cgroup v2");
	}
	if (!cgroup->n_roots)
		detail_add(detail, 0, "", "none");
}

static void add_offset(
        struct detail *detail, const char *name, const struct ns_facts_offset *offset)
{
	const bool is_below_zero = offset->seconds < 0;
	/* -0.5 s is -1 s and 500,000,000 ns: the fraction is always added. */
	const bool has_carry = is_below_zero && offset->nanoseconds;
	const uint64_t seconds = is_below_zero ? (uint64_t) - (offset->seconds + has_carry)
	                                       : (uint64_t)offset->seconds;
	const uint32_t fraction =
	        has_carry ? UINT32_C(1000000000) - offset->nanoseconds : offset->nanoseconds;

	if (fraction)
		detail_add_number(detail, 0, name, "%c%" PRIu64 ".%09" PRIu32 " s",
		        is_below_zero ? '-' : '+', seconds, fraction);
	else
		detail_add_number(
		        detail, 0, name, "%c%" PRIu64 " s", is_below_zero ? '-' : '+', seconds);
}

static void write_time(struct detail *detail, const struct ns_facts *facts)
{
	detail_new_fact(detail, "offsets");
	add_offset(detail, "monotonic ", &facts->time.monotonic);
	add_offset(detail, "boottime ", &facts->time.boottime);
}

/* --- pid ---------------------------------------------------------------------------------- */

/* A process by its PID: a reference, if it is in the model. */
static void add_pid(struct detail *detail, const char *name, pid_t pid)
{
	const struct process *process = model_find_process(detail->source.model, pid);

	if (process)
		detail_add_process(detail, 0, name, process);
	else
		detail_add_number(detail, 0, name, "PID %jd", (intmax_t)pid);
}

/* `dying, waits for sh (123)  state D  in nfs_wait_bit`. */
static void write_dying(struct detail *detail, const struct ns_facts_pid *pid)
{
	detail_add(detail, 0, "", "dying");
	if (!pid->waits_for)
		return;
	add_pid(detail, "waits for ", pid->waits_for);
	if (pid->state)
		detail_add_number(detail, 0, "state ", "%c", pid->state);
	if (pid->wchan)
		detail_add_name(detail, 0, "in ", pid->wchan);
	if (pid->n_left > 1)
		detail_add_number(detail, 0, "and ", "%zu more", pid->n_left - 1);
}

static void write_pid(struct detail *detail, const struct ns_facts *facts)
{
	const struct ns_facts_pid *pid = &facts->pid;

	detail_new_fact(detail, "state");
	if (pid->dying == NS_FACTS_DYING)
		write_dying(detail, pid);
	else if (pid->dying == NS_FACTS_ALIVE)
		detail_add(detail, 0, "", "alive");
	else
		detail_add(detail, 0, "unknown: ", page_facts_reason(detail, pid->error));
	if (pid->levels)
		detail_add_number(detail, 0, "PIDs of a process ", "%u", pid->levels);
	detail_add_number(detail, 0, "processes ", "%zu", pid->n_members);
	if (pid->n_below)
		detail_add_number(detail, 0, "in descendants ", "%zu", pid->n_below);
}

/* --- user --------------------------------------------------------------------------------- */

static void write_ranges(struct detail *detail, const char *name, int error,
        const struct ns_facts_subid *ranges, size_t n)
{
	_cleanup_text_ struct text text = {0};

	if (!n && (!error || error == ENOENT))
		return;
	text_init_within(&text, DETAIL_TEXT_MAX);
	detail_new_fact(detail, name);
	if (error)
		detail_add(detail, 0, "", page_facts_reason(detail, error));
	for (size_t i = 0; i < n; i++) {
		text_restart(&text);
		escape_write_name(text.out, ranges[i].owner, 0);
		fprintf(text.out, ": %" PRIu32 " x%" PRIu32, ranges[i].first, ranges[i].count);
		detail_add(detail, 0, "", text_get(&text));
	}
}

static void write_overlaps(struct detail *detail, const struct ns_facts_user *user)
{
	char text[48];

	for (size_t i = 0; i < user->n_overlaps; i++) {
		const struct ns *ns = model_find(detail->source.model, NS_USER, user->overlaps[i]);

		snprintf(text, sizeof(text), "user:[%" PRIu64 "]", user->overlaps[i]);
		detail_add_ref(detail, 0, i ? 1 : DETAIL_GAP, i ? "" : "same UIDs as in ", text,
		        detail_to_ns(ns));
	}
	if (user->has_more_overlaps)
		detail_add(detail, 0, "", "and more");
}

/* The users that single IDs of the map stand for: `0 is harald (1000)`. */
static void write_users(struct detail *detail)
{
	const struct ns *ns = detail->source.ns;
	bool is_first = true;
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	for (size_t i = 0; ns->maps_state == REL_KNOWN && i < ns->uid_map.n; i++) {
		const struct id_range *range = &ns->uid_map.ranges[i];

		if (range->count != 1 || !names_get(detail->source.names, range->outside))
			continue;
		if (is_first)
			detail_new_fact(detail, "users");
		is_first = false;
		fprintf(text_restart(&text), "%" PRIu32 " is ", range->inside);
		words_user(text.out, range->outside, detail->source.names);
		fprintf(text.out, " (%" PRIu32 ")", range->outside);
		detail_add(detail, 0, "", text_get(&text));
	}
}

static void write_user(struct detail *detail, const struct ns_facts *facts)
{
	static const char *const words[] = {
	        [NS_FACTS_UNKNOWN] = "whether UID 0 of the host is mapped is not known from here",
	        [NS_FACTS_NO] = "UID 0 of the host is not mapped",
	        [NS_FACTS_YES] = "UID 0 of the host is mapped",
	};
	const struct ns_facts_user *user = &facts->user;

	write_users(detail);
	write_ranges(detail, "subuid", user->subuid_error, user->subuid, user->n_subuid);
	write_ranges(detail, "subgid", user->subgid_error, user->subgid, user->n_subgid);
	detail_new_fact(detail, "root");
	detail_add(detail, 0, "", words[user->host_root]);
	write_overlaps(detail, user);
	if (user->limits)
		page_limits_write(detail, user->limits);
}

/* --- all ---------------------------------------------------------------------------------- */

static void write_net(struct detail *detail, const struct ns_facts *facts)
{
	if (facts->net)
		page_net_write(detail, facts->net);
}

void page_facts_write(struct detail *detail)
{
	static void (*const writers[NS_TYPES])(struct detail *, const struct ns_facts *) = {
	        [NS_CGROUP] = write_cgroup,
	        [NS_IPC] = write_ipc,
	        [NS_MNT] = write_mnt,
	        [NS_NET] = write_net,
	        [NS_PID] = write_pid,
	        [NS_TIME] = write_time,
	        [NS_USER] = write_user,
	        [NS_UTS] = write_uts,
	};
	const struct ns *ns = detail->source.ns;
	const struct ns_facts *facts = facts_store_get(detail->source.inside, ns);

	if (facts && facts->error) {
		detail_new_fact(detail, "content");
		detail_add(detail, 0, "not known: ", page_facts_reason(detail, facts->error));
	} else if (facts && facts->type == ns->type && writers[ns->type]) {
		writers[ns->type](detail, facts);
	} else if (!facts && detail->source.is_reading) {
		detail_new_fact(detail, "content");
		detail_add(detail, 0, "", line_glyphs(detail->source.is_ascii)->reading);
	}
	if (ns->type == NS_MNT)
		page_mount_write_list(detail);
}
