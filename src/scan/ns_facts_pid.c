/* SPDX-License-Identifier: Apache-2.0 */
/* When the init process of a PID namespace ends, the kernel kills all others in it, and init waits,
 * in exit, until none is left (pid_namespaces(7)). One that cannot die keeps both. */
#include "base/arena.h"
#include "base/memory.h"
#include "kernel/proc/proc.h"
#include "scan/ns_facts.h"
#include "scan/ns_open.h"
#include "scan/scan_state.h"

#include <string.h>

enum { STAT_SIZE = 2048, WCHAN_SIZE = 128, THREADS_MAX = 1024 };

static int read_stat(
        struct kernel *k, int handle, char text[static STAT_SIZE], struct proc_stat *ret)
{
	const ssize_t n = k->ops->process_read(k, handle, "stat", text, STAT_SIZE);

	return n < 0 ? (int)n : proc_stat_parse(text, (size_t)n, ret);
}

/* The kernel function in which a process or thread sleeps; empty if it may not be read, or it does
 * not sleep. */
static void read_wchan(struct kernel *k, int handle, char ret[static WCHAN_SIZE])
{
	const ssize_t n = k->ops->process_read(k, handle, "wchan", ret, WCHAN_SIZE - 1);

	ret[n > 0 ? n : 0] = '\0';
	if (strcmp(ret, "0") == 0)
		*ret = '\0';
}

/* --- init ------------------------------------------------------------------------------------- */

/* A process in exit waits for others nowhere else (kernel/pid_namespace.c). */
static bool is_waiting(const char *wchan)
{
	return strstr(wchan, "zap_pid_ns") || strstr(wchan, "do_wait") || strstr(wchan, "wait4");
}

/* Whether that thread is exiting: 1 or 0, or a negative errno. It sets *ret_waits if it waits for
 * the others. */
static int check_thread(struct kernel *k, int init, pid_t tid, bool *ret_waits)
{
	const int thread = k->ops->thread_open(k, init, tid);
	char text[STAT_SIZE], wchan[WCHAN_SIZE];
	struct proc_stat stat;
	int r = thread < 0 ? thread : read_stat(k, thread, text, &stat);

	if (r == 0 && stat.is_exiting) {
		read_wchan(k, thread, wchan);
		*ret_waits |= is_waiting(wchan);
	}
	kernel_close(k, thread);
	if (scan_state_is_gone_error(r))
		return 1;
	return r < 0 ? r : stat.is_exiting;
}

/* Whether all threads of init are exiting: 1 or 0, or a negative errno. They can start no other
 * thread then; one that was started while they were read is in the second list. */
static int check_threads(struct kernel *k, int init, bool *ret_waits)
{
	pid_t *tids = NULL, *again = NULL;
	size_t n, n_again;
	int r = k->ops->list_tids(k, init, &tids, &n);

	if (r < 0)
		return r;
	r = n <= THREADS_MAX;
	for (size_t i = 0; i < n && r == 1; i++)
		r = check_thread(k, init, tids[i], ret_waits);
	if (r == 1 && k->ops->list_tids(k, init, &again, &n_again) == 0) {
		for (size_t i = 0; i < n_again && r == 1; i++)
			r = LOWER_BOUND(n, at, tids[at] < again[i]) < n &&
			    tids[LOWER_BOUND(n, at, tids[at] < again[i])] == again[i];
	}
	free(tids);
	free(again);
	return r;
}

/* --- the others ------------------------------------------------------------------------------- */

/* Counts the process if it has not ended, and notes it if it is the first one, or the first one
 * that is no zombie. */
static void add_left(struct kernel *k, const struct process *process, struct arena *arena,
        struct ns_facts_pid *ret)
{
	const int handle = process->pid == ret->init ? -ESRCH : ns_open_process(k, process);
	char text[STAT_SIZE], wchan[WCHAN_SIZE];
	struct proc_stat stat;

	if (handle >= 0 && read_stat(k, handle, text, &stat) == 0) {
		ret->n_left++;
		if (!ret->waits_for || (ret->state == 'Z' && stat.state != 'Z')) {
			read_wchan(k, handle, wchan);
			ret->waits_for = process->pid;
			ret->state = stat.state;
			ret->wchan = *wchan ? arena_strdup(arena, wchan) : NULL;
		}
	}
	kernel_close(k, handle);
}

/* In a namespace and its descendants: all have ended, or been killed. */
static void add_all_left(
        struct kernel *k, const struct ns *ns, struct arena *arena, struct ns_facts_pid *ret)
{
	for (size_t i = 0; i < ns->n_processes; i++)
		add_left(k, ns->processes[i], arena, ret);
	for (size_t i = 0; i < ns->n_children; i++)
		add_all_left(k, ns->children[i], arena, ret);
}

static size_t count_below(const struct ns *ns)
{
	size_t n = 0;

	for (size_t i = 0; i < ns->n_children; i++)
		n += ns->children[i]->n_processes + count_below(ns->children[i]);
	return n;
}

/* --- the namespace ---------------------------------------------------------------------------- */

/* Sets what `init` shows now. Returns 0 or a negative errno. */
static int read_init(
        struct kernel *k, const struct process *init, struct ns_facts_pid *ret, bool *ret_waits)
{
	const int handle = ns_open_process(k, init);
	char text[STAT_SIZE];
	struct proc_stat stat;
	int r = handle < 0 ? handle : read_stat(k, handle, text, &stat);

	if (r == 0) {
		ret->init_state = stat.state;
		r = stat.is_exiting ? check_threads(k, handle, ret_waits) : 0;
	}
	kernel_close(k, handle);
	if (r >= 0)
		ret->dying = r ? NS_FACTS_DYING : NS_FACTS_ALIVE;
	return MIN(r, 0);
}

/* The init process of the initial PID namespace is PID 1, also if its links may not be read. */
static const struct process *find_init(const struct model *model, const struct ns *ns)
{
	const bool is_inside = model_is_partial_by(model, PARTIAL_PID_NAMESPACE) ||
	                       model_is_partial_by(model, PARTIAL_FOREIGN_PROC);

	if (ns->leader && model_pid_inside(ns->leader, ns) == 1)
		return ns->leader;
	return ns->parent.state == REL_INITIAL && !is_inside ? model_find_process(model, 1) : NULL;
}

void ns_facts_pid_read(struct kernel *kernel, const struct model *model, const struct ns *ns,
        struct arena *arena, struct ns_facts_pid *ret)
{
	const struct process *const init = find_init(model, ns);
	bool waits = false;

	ret->n_members = ns->n_processes;
	ret->n_below = count_below(ns);
	ret->levels = ns->depth + 1;
	if (!init) {
		ret->error = ESRCH;
		return;
	}
	ret->init = init->pid;
	ret->error = -read_init(kernel, init, ret, &waits);
	if (ret->dying == NS_FACTS_DYING && waits)
		add_all_left(kernel, ns, arena, ret);
}
