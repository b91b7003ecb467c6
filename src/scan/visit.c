/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/visit.h"

#include "scan/sources/source_fd.h"
#include "scan/sources/source_thread.h"

bool visit_is_refused(struct visit *visit, int at, const char *what, long error)
{
	struct kernel *const k = visit->thread->scan->kernel;
	char text[16];

	if (process_record_is_gone_error(error))
		return false;
	if (error == -EACCES && k->ops->process_read(k, at, "stat", text, sizeof(text)) < 0)
		return false;
	process_record_refuse(visit->record, what, error);
	visit->record->is_problems_openable = true;
	return true;
}

static void list_threads(struct visit *visit)
{
	struct kernel *const k = visit->thread->scan->kernel;
	const int r = k->ops->list_tids(k, visit->process, &visit->tids, &visit->n_tids);

	if (r < 0)
		visit_is_refused(visit, visit->process, "task", r);
}

static bool is_dead(const struct process_record *record)
{
	return record->state == 'Z' || record->state == 'X';
}

void visit_process(struct scan_thread *thread, struct process_record *record, int process)
{
	const struct scan *const scan = thread->scan;
	const bool with_threads = scan_has_source(scan, SOURCE_THREAD);
	const bool with_fds =
	        scan_has_source(scan, SOURCE_FD) || scan_has_source(scan, SOURCE_SOCKET);
	struct visit visit = {.thread = thread, .record = record, .process = process};

	/* Kernel threads have neither; and who may not see its namespaces may not see these. */
	if (record->has_gone || record->is_kernel || record->is_closed || !record->is_stat_known ||
	        !(with_threads || with_fds))
		return;
	if (record->n_threads > 1)
		list_threads(&visit);
	else if (is_dead(record))
		return;
	visit.is_leaderless = is_dead(record);
	if (with_threads)
		source_thread_read(&visit);
	if (with_fds && !scan_is_ours(scan, record))
		source_fd_read(&visit);
	free(visit.tids);
}
