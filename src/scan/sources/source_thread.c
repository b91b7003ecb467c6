/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/sources/sources.h"

/* The namespaces that can be a thread's own. The mount namespace comes last: a thread loses all of
 * them at once when it ends, so one that still had that had the others. */
static const unsigned char LINKS[] = {NS_NET, NS_UTS, NS_IPC, NS_CGROUP, NS_TIME,
        NS_PID_FOR_CHILDREN, NS_TIME_FOR_CHILDREN, NS_MNT};

/* Reads the links of a thread; 0 where it has none. Returns false if it has ended or is
 * refused. */
static bool read_links(struct open_process *open, int thread, int ns_dir, uint64_t *inode)
{
	struct kernel *const k = open->thread->scan->kernel;

	for (size_t i = 0; i < ARRAY_SIZE(LINKS); i++) {
		const struct ns_link *const link = &scan_state_links[LINKS[i]];
		int r = scan_state_read_link(k, ns_dir, link, &inode[LINKS[i]]);

		if (LINKS[i] == NS_PID_FOR_CHILDREN && r == -ENOENT && inode[NS_NET] != 0)
			r = scan_state_read_unborn(k, ns_dir, &inode[LINKS[i]]);
		if (r == -ENOENT) /* no such type, not known, or the thread ends */
			continue;
		if (r < 0 && !sources_is_refused(open, thread, link->note, r))
			return false;
		if (r == -EACCES || r == -EPERM)
			return false; /* all links need the same right */
	}
	return true;
}

/* Adds a holder for each namespace that the process does not have by itself; for those for
 * children: that the thread is not in. */
static void add_holders(struct open_process *open, pid_t tid, const uint64_t *inode)
{
	const uint64_t *const of_process = open->record->inode;

	for (size_t i = 0; i < ARRAY_SIZE(LINKS); i++) {
		const unsigned number = LINKS[i];
		const struct ns_link *const link = &scan_state_links[number];
		/* A thread is always in the PID namespace of its process. */
		const uint64_t own = link->type == NS_PID ? of_process[NS_PID] : inode[link->type];
		const bool is_holder = link->is_for_children ? inode[number] != own
		                                             : inode[number] != of_process[number];

		if (inode[number] == 0 || !is_holder)
			continue;
		scan_state_add(&open->thread->holders,
		        &(struct holder_record){.type = link->type,
		                .kind = link->is_for_children ? HOLDER_FOR_CHILDREN : HOLDER_THREAD,
		                .inode = inode[number],
		                .process = open->record,
		                .tid = tid,
		                .fd = -1,
		                .link = number,
		                .handle = -1});
	}
}

/* The process is in the namespaces of the first of its threads that has not ended. */
static void use_first_live_thread(struct process_record *record, pid_t tid, const uint64_t *inode)
{
	if (inode[NS_MNT] == 0)
		return;
	record->live_thread = tid;
	for (unsigned link = 0; link < NS_TYPES; link++) {
		if (inode[link] != 0)
			record->inode[link] = inode[link];
	}
}

static void read_thread(struct open_process *open, pid_t tid)
{
	struct kernel *const k = open->thread->scan->kernel;
	const int thread = k->ops->thread_open(k, open->process, tid);
	const int ns_dir = thread < 0 ? thread : k->ops->ns_dir_open(k, thread);
	uint64_t inode[NS_LINKS] = {0};

	if (ns_dir >= 0) {
		if (read_links(open, thread, ns_dir, inode)) {
			if (open->is_leaderless && open->record->live_thread == 0)
				use_first_live_thread(open->record, tid, inode);
			add_holders(open, tid, inode);
		}
		k->ops->close(k, ns_dir);
	} else {
		sources_is_refused(open, thread < 0 ? open->process : thread, "task", ns_dir);
	}
	if (thread >= 0)
		k->ops->close(k, thread);
}

void source_thread_read(struct open_process *open)
{
	for (size_t i = 0; i < open->n_tids; i++) {
		if (scan_state_is_cancelled(open->thread->scan))
			return;
		if (open->tids[i] != open->record->pid)
			read_thread(open, open->tids[i]);
	}
}
