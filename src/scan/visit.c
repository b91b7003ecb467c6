/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/visit.h"

#include "scan/sources/source_fd.h"
#include "scan/sources/source_thread.h"

bool visit_is_refused(struct visit *visit, int at, const char *what, long error)
{
	struct kernel *const k = visit->reader->scan->kernel;
	char text[16];

	if (reading_is_gone_error(error))
		return false;
	if (error == -EACCES && k->ops->process_read(k, at, "stat", text, sizeof(text)) < 0)
		return false;
	reading_refuse(visit->reading, what, error);
	visit->reading->is_problems_openable = true;
	return true;
}

static void list_threads(struct visit *visit)
{
	struct kernel *const k = visit->reader->scan->kernel;
	const int r = k->ops->list_tids(k, visit->process, &visit->tids, &visit->n_tids);

	if (r < 0)
		visit_is_refused(visit, visit->process, "task", r);
}

static bool is_dead(const struct reading *reading)
{
	return reading->state == 'Z' || reading->state == 'X';
}

void visit_process(struct reader *reader, struct reading *reading, int process)
{
	const struct scan *const scan = reader->scan;
	const bool with_threads = scan_has_source(scan, SOURCE_THREAD);
	const bool with_fds =
	        scan_has_source(scan, SOURCE_FD) || scan_has_source(scan, SOURCE_SOCKET);
	struct visit visit = {.reader = reader, .reading = reading, .process = process};

	/* Kernel threads have neither; and who may not see its namespaces may not see these. */
	if (reading->has_gone || reading->is_kernel || reading->is_closed ||
	        !reading->is_stat_known || !(with_threads || with_fds))
		return;
	if (reading->n_threads > 1)
		list_threads(&visit);
	else if (is_dead(reading))
		return;
	visit.is_leaderless = is_dead(reading);
	if (with_threads)
		source_thread_read(&visit);
	if (with_fds && !scan_is_ours(scan, reading))
		source_fd_read(&visit);
	free(visit.tids);
}
