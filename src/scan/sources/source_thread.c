/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/sources/source_thread.h"

/* What a thread can have for itself. The mount namespace comes last: a thread loses all of these at
 * once when it ends, so one that still had that had the others. */
static const unsigned char LINKS[] = {NS_NET, NS_UTS, NS_IPC, NS_CGROUP, NS_TIME,
        NS_PID_FOR_CHILDREN, NS_TIME_FOR_CHILDREN, NS_MNT};

/* Fills in the namespaces that a thread has, 0 where it has none. False if it has gone, or nothing
 * may be seen. */
static bool read_links(struct visit *visit, int thread, int ns_dir, uint64_t *inode)
{
	struct kernel *const k = visit->thread->scan->kernel;

	for (size_t i = 0; i < ARRAY_SIZE(LINKS); i++) {
		const struct ns_link *const link = &ns_links[LINKS[i]];
		const ssize_t r = ns_link_read(k, ns_dir, link, &inode[LINKS[i]]);

		if (r == -ENOENT) /* none, or a child was never born, or it is ending */
			continue;
		if (r < 0 && !visit_is_refused(visit, thread, link->note, r))
			return false;
		if (r == -EACCES || r == -EPERM)
			return false; /* the same right is asked for all of them */
	}
	return true;
}

static void add(struct visit *visit, pid_t tid, unsigned link, uint64_t inode)
{
	const bool is_for_children = ns_links[link].is_for_children;

	holders_add(visit->thread->holders,
	        &(struct holder_record){.type = ns_links[link].type,
	                .kind = is_for_children ? HOLDER_FOR_CHILDREN : HOLDER_THREAD,
	                .inode = inode,
	                .process = process_record_index(visit->thread->scan, visit->record),
	                .tid = tid,
	                .fd = -1,
	                .link = link,
	                .handle = -1});
}

/* Where the thread itself is, whose children may be born elsewhere. */
static uint64_t own(const struct visit *visit, const uint64_t *inode, unsigned link)
{
	const enum nstype type = ns_links[link].type;

	return type == NS_PID ? visit->record->inode[NS_PID] : inode[type];
}

static void compare(struct visit *visit, pid_t tid, const uint64_t *inode)
{
	const struct process_record *const record = visit->record;

	for (size_t i = 0; i < ARRAY_SIZE(LINKS); i++) {
		const unsigned link = LINKS[i];
		const bool is_for_children = ns_links[link].is_for_children;

		if (inode[link] == 0)
			continue;
		if (is_for_children ? inode[link] != own(visit, inode, link)
		                    : visit->is_leaderless || inode[link] != record->inode[link])
			add(visit, tid, link, inode[link]);
	}
}

/* The process is where the first of its threads is that live on. */
static void use_first_live_thread(struct visit *visit, pid_t tid, const uint64_t *inode)
{
	struct process_record *const record = visit->record;

	if (inode[NS_MNT] == 0)
		return;
	record->thread = tid;
	for (unsigned link = 0; link < NS_TYPES; link++) {
		if (inode[link] != 0)
			record->inode[link] = inode[link];
	}
}

static void read_thread(struct visit *visit, pid_t tid)
{
	struct kernel *const k = visit->thread->scan->kernel;
	const int thread = k->ops->thread_open(k, visit->process, tid);
	const int ns_dir = thread < 0 ? thread : k->ops->ns_dir_open(k, thread);
	uint64_t inode[NS_LINKS] = {0};

	if (ns_dir >= 0) {
		if (read_links(visit, thread, ns_dir, inode)) {
			compare(visit, tid, inode);
			if (visit->is_leaderless && visit->record->thread == 0)
				use_first_live_thread(visit, tid, inode);
		}
		k->ops->close(k, ns_dir);
	} else {
		visit_is_refused(visit, thread < 0 ? visit->process : thread, "task", ns_dir);
	}
	if (thread >= 0)
		k->ops->close(k, thread);
}

void source_thread_read(struct visit *visit)
{
	for (size_t i = 0; i < visit->n_tids; i++) {
		if (scan_is_cancelled(visit->thread->scan))
			return;
		if (visit->tids[i] != visit->record->pid)
			read_thread(visit, visit->tids[i]);
	}
}
