/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/refresh.h"

#include "base/memory.h"
#include "base/monotonic.h"
#include "scan/facts.h"
#include "scan/refresh_compare.h"
#include "scan/refresh_copy.h"
#include "scan/refresh_settle.h"
#include "scan/sources/sources.h"

#include <string.h>

enum { RELATED_MAX = 16 }; /* steps from a process to one that it touches */

struct refresh *refresh_new(struct kernel *kernel, const struct scan_options *options)
{
	struct refresh *const refresh = memory_new(sizeof(*refresh));

	refresh->kernel = kernel;
	refresh->options = *options;
	return refresh;
}

void refresh_free(struct refresh *refresh)
{
	if (!refresh)
		return;
	scan_free(refresh->state);
	model_unref(refresh->last);
	u64_set_release(&refresh->pending);
	u64_set_release(&refresh->ending);
	free(refresh);
}

void refresh_drop_state(struct refresh *refresh)
{
	scan_free(refresh->state);
	refresh->state = NULL;
}

void refresh_set_sources(struct refresh *refresh, uint32_t sources)
{
	if (sources == refresh->options.sources)
		return;
	refresh->options.sources = sources;
	refresh_drop_state(refresh);
}

void refresh_want_mounts(struct refresh *refresh)
{
	struct scan *const state = refresh->state;

	if (!state || !scan_state_wants(state, SOURCE_MOUNT))
		return;
	state->are_mounts_stale = state->is_mntns_stale = true;
	refresh->is_forced = true;
}

size_t refresh_n_processes(const struct refresh *refresh)
{
	return refresh->last ? refresh->last->n_processes : 0;
}

/* --- a new state ------------------------------------------------------------------------------ */

bool refresh_has_ending(const struct refresh *refresh)
{
	return refresh_settle_has(refresh);
}

int refresh_all(
        struct refresh *refresh, scan_quick_fn *quick, void *data, const struct model **ret_model)
{
	const int64_t begin = monotonic_ms();
	struct scan *state;
	const int r = scan_run_kept(
	        refresh->kernel, &refresh->options, refresh->last, quick, data, ret_model, &state);

	if (r < 0)
		return r;
	refresh->is_forced = false;
	refresh_settle_commit(refresh, state, *ret_model);
	refresh->rest_at = begin;
	refresh->taken = state->host.taken;
	refresh->cursor = 0;
	return 0;
}

int refresh_make_model(struct refresh *refresh, struct scan *state, const struct model **ret_model)
{
	int r;

	state->previous = state->before = refresh->last;
	r = sources_read(state);
	if (r == 0) {
		facts_note_waiting(state);
		r = scan_make_model(state, true, ret_model);
	}
	if (r == 0)
		r = scan_read_facts(refresh->kernel, &refresh->options, *ret_model);
	if (r < 0)
		scan_free(state);
	return r == -EINVAL ? -ESTALE : r;
}

struct scan *refresh_new_state(struct refresh *refresh, const struct scan *kept)
{
	struct scan *const state = scan_new(refresh->kernel, &refresh->options, kept);

	state->steps_done = NULL;
	return state;
}

/* --- some processes --------------------------------------------------------------------------- */

/* A job of the helper that was started meanwhile is left out: reading its end would start the
 * next. */
static bool is_new_job(const struct scan *state, const struct process_record *record)
{
	return state->helper != 0 && record->ppid == state->helper &&
	       !scan_state_find(state, record->pid);
}

/* A zombie has no command line: it has the name of the kernel from now on. */
static bool is_newly_dead(const struct process_record *was, const struct process_record *now)
{
	return scan_state_is_dead(now) && !scan_state_is_dead(was);
}

/* True if it is the same process, with the same comm. */
static bool has_same_comm(const struct process_record *was, const struct process_record *now)
{
	return !now->is_gone && scan_state_has(now, PART_STAT) && scan_state_has(was, PART_STAT) &&
	       was->started == now->started && strcmp(was->comm, now->comm) == 0;
}

/* A command line, which a job of the helper reads, is that of the state if no event names the
 * process for it. The strings stay in the memory of the state. */
static void keep_names(
        const struct refresh *refresh, const struct scan *part, const struct u64_set *renamed)
{
	for (size_t i = 0; i < part->n_processes; i++) {
		struct process_record *const now = &part->processes[i];
		const struct process_record *const was = scan_state_find(refresh->state, now->pid);

		if (!was || !has_same_comm(was, now) || is_newly_dead(was, now) ||
		        u64_set_has(renamed, (uint64_t)now->pid) ||
		        u64_set_has(&refresh->pending, (uint64_t)now->pid))
			continue;
		now->name = was->name;
		now->cmdline = was->cmdline;
		now->is_cmdline_cut = was->is_cmdline_cut;
		now->cmdline_error = was->cmdline_error;
		now->monitor = was->monitor;
		now->read_at[PART_CMDLINE] = was->read_at[PART_CMDLINE];
	}
}

/* Reads these processes; `renamed`: those whose command lines are to be read, NULL: of all. Returns
 * 0 and what was read, or -ECANCELED. */
static int read_part(struct refresh *refresh, const struct u64_set *pids,
        const struct u64_set *renamed, struct scan **ret)
{
	struct scan *const part = refresh_new_state(refresh, refresh->state);
	int r;

	part->previous = part->before = refresh->last;
	part->n_expected = refresh->state->n_processes;
	part->processes = memory_new((pids->n + 1) * sizeof(*part->processes));
	part->n_processes = pids->n;
	for (size_t i = 0; i < pids->n; i++)
		part->processes[i].pid = (pid_t)pids->items[i];
	r = source_process_read(part, true);
	scan_state_gather(part);
	for (size_t i = 0; i < part->n_processes; i++) {
		struct process_record *const record = &part->processes[i];

		record->is_gone |= is_new_job(refresh->state, record);
		scan_state_keep_refusal(record);
	}
	if (renamed)
		keep_names(refresh, part, renamed);
	if (r == 0)
		r = facts_read_names(part, false);
	if (r < 0)
		scan_free(part);
	else
		*ret = part;
	return r;
}

static bool is_same_process(const struct process_record *was, const struct process_record *now)
{
	return was && !now->is_gone && was->started == now->started;
}

/* The processes that have ended, also if their PID is another process now. */
static void list_ended(const struct scan *state, const struct scan *part, struct u64_set *ret)
{
	for (size_t i = 0; i < part->n_processes; i++) {
		const struct process_record *const now = &part->processes[i];
		const struct process_record *const was = scan_state_find(state, now->pid);

		if (now->is_gone ||
		        (was && (was->started != now->started || is_newly_dead(was, now))))
			u64_set_push(ret, (uint64_t)now->pid);
	}
	u64_set_sort_unique(ret);
}

/* The parents of new processes whose PID namespace for children was new: it is there with the first
 * child. */
static void add_parents(const struct scan *state, const struct scan *part, struct u64_set *ret)
{
	for (size_t i = 0; i < part->n_processes; i++) {
		const struct process_record *const now = &part->processes[i];
		const struct process_record *const was = scan_state_find(state, now->pid);
		const struct process_record *const parent =
		        now->is_gone || is_same_process(was, now)
		                ? NULL
		                : scan_state_find(state, now->ppid);

		if (parent && parent->inode[NS_PID] != 0 &&
		        (parent->inode[NS_PID_FOR_CHILDREN] == 0 || parent->lacks_link))
			u64_set_push(ret, (uint64_t)parent->pid);
	}
}

/* The children of processes that have ended: they have another parent now. */
static void add_children(const struct scan *state, const struct scan *part, struct u64_set *ret)
{
	struct u64_set ended = {0};

	list_ended(state, part, &ended);
	for (size_t i = 0; ended.n > 0 && i < state->n_processes; i++) {
		if (u64_set_has(&ended, (uint64_t)state->processes[i].ppid))
			u64_set_push(ret, (uint64_t)state->processes[i].pid);
	}
	u64_set_release(&ended);
}

/* Adds the processes that these changes touch. Returns true if there are any that `pids` lacks. */
static bool add_related(const struct scan *state, const struct scan *part, struct u64_set *pids)
{
	const size_t n = pids->n;

	add_parents(state, part, pids);
	add_children(state, part, pids);
	u64_set_sort_unique(pids);
	return pids->n > n;
}

static int read_related(struct refresh *refresh, struct u64_set *pids,
        const struct u64_set *renamed, struct scan **ret)
{
	int r = read_part(refresh, pids, renamed, ret);

	for (unsigned i = 0; i < RELATED_MAX && r == 0; i++) {
		if (!add_related(refresh->state, *ret, pids))
			return 0;
		scan_free(*ret);
		r = read_part(refresh, pids, renamed, ret);
	}
	return r;
}

/* is_named: a process whose links are refused may be in another mount namespace now. */
static bool is_changed(const struct scan *state, struct scan *part, bool is_named)
{
	for (size_t i = 0; i < part->n_processes; i++) {
		struct process_record *const now = &part->processes[i];
		const struct process_record *const was = scan_state_find(state, now->pid);

		if (is_named && source_mount_is_refused(now) && source_mount_sees_any(part, now))
			return true;
		if (now->is_gone ? was != NULL : !was || !refresh_compare_processes(was, now))
			return true;
	}
	return !refresh_compare_holders(state, part);
}

/* What changes all the time, and is not compared. */
static void note_reading(struct scan *state, const struct scan *part)
{
	for (size_t i = 0; i < part->n_processes; i++) {
		const struct process_record *const now = &part->processes[i];
		struct process_record *const was = scan_state_find(state, now->pid);

		if (!was)
			continue;
		for (size_t j = 0; j < PROCESS_PARTS; j++)
			was->read_at[j] = MAX(was->read_at[j], now->read_at[j]);
		was->directory_ino = now->directory_ino;
		was->state = now->state;
		was->n_threads = now->n_threads;
	}
}

static struct scan *next_state(struct refresh *refresh, struct scan *part)
{
	struct scan *const state = refresh->state;
	struct scan *const next = refresh_new_state(refresh, state);

	for (size_t i = 0; i < part->n_processes; i++)
		refresh_settle_ending(
		        &part->processes[i], scan_state_find(state, part->processes[i].pid));
	refresh_copy_changed(next, state, part);
	next->host.taken = refresh->taken + (monotonic_ms() - refresh->rest_at) / 1000;
	return next;
}

/* Command lines are cut at another place: all have to be read. */
static bool is_cut_moved(const struct scan *state, const struct scan *next)
{
	return state->with_cmdlines && facts_cmdline_max(state) != facts_cmdline_max(next);
}

static int read_pids(struct refresh *refresh, struct u64_set *pids, const struct u64_set *renamed,
        bool is_named, const struct model **ret_model)
{
	struct scan *part, *next;
	const struct model *model;
	int r = read_related(refresh, pids, renamed, &part);

	if (r < 0)
		return r;
	if (!refresh->is_forced && !is_changed(refresh->state, part, is_named)) {
		note_reading(refresh->state, part);
		scan_free(part);
		return 0;
	}
	next = next_state(refresh, part);
	scan_free(part);
	if (is_cut_moved(refresh->state, next)) {
		scan_free(next);
		return -ESTALE;
	}
	r = refresh_make_model(refresh, next, &model);
	if (r < 0)
		return r;
	refresh_settle_commit(refresh, next, model);
	*ret_model = model;
	return 1;
}

int refresh_read_set(struct refresh *refresh, struct u64_set *pids, const struct u64_set *renamed,
        bool is_named, const struct model **ret_model)
{
	int r;

	refresh_settle_add(refresh, pids);
	u64_set_sort_unique(pids);
	r = pids->n > 0 || refresh->is_forced
	            ? read_pids(refresh, pids, renamed, is_named, ret_model)
	            : 0;
	if (r < 0) {
		for (size_t i = 0; i < pids->n; i++)
			refresh_settle_want(refresh, (pid_t)pids->items[i]);
		u64_set_sort_unique(&refresh->pending);
	}
	if (r == -ESTALE)
		refresh_drop_state(refresh);
	u64_set_release(pids);
	return r;
}

int refresh_events(struct refresh *refresh, const struct kernel_event *events, size_t n,
        const struct model **ret_model)
{
	struct u64_set set = {0}, renamed = {0};
	int r;

	if (!refresh->state)
		return -ESTALE;
	for (size_t i = 0; i < n; i++) {
		u64_set_push(&set, (uint64_t)events[i].pid);
		if (events[i].kinds & (KERNEL_EVENT_COMM | KERNEL_EVENT_EXEC))
			u64_set_push(&renamed, (uint64_t)events[i].pid);
	}
	u64_set_sort(&renamed);
	r = refresh_read_set(refresh, &set, &renamed, true, ret_model);
	u64_set_release(&renamed);
	return r;
}

int refresh_list_changes(struct refresh *refresh, struct u64_set *ret)
{
	const struct scan *const state = refresh->state;
	_cleanup_free_ pid_t *pids = NULL;
	size_t n, i = 0, j = 0;
	const int r = refresh->kernel->ops->list_pids(refresh->kernel, &pids, &n);

	if (r < 0)
		return r;
	while (i < n || j < state->n_processes) {
		const pid_t was = j < state->n_processes ? state->processes[j].pid : 0;

		if (i < n && j < state->n_processes && pids[i] == was) {
			i++;
			j++;
		} else if (j == state->n_processes || (i < n && pids[i] < was)) {
			u64_set_push(ret, (uint64_t)pids[i++]);
		} else {
			u64_set_push(ret, (uint64_t)was);
			j++;
		}
	}
	return 0;
}

int refresh_list(struct refresh *refresh, const struct model **ret_model)
{
	struct u64_set set = {0};
	const int r = refresh->state ? refresh_list_changes(refresh, &set) : -ESTALE;

	return r < 0 ? r : refresh_read_set(refresh, &set, NULL, true, ret_model);
}
