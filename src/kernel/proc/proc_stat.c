/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/proc/proc_stat.h"

#include "kernel/proc/proc_number.h"

#include <limits.h>
#include <string.h>

/* include/linux/sched.h: in the flags of stat since Linux 2.6. */
#define PF_KTHREAD 0x00200000u

/* Numbers of fields as proc_pid_stat(5) counts them. */
enum { FIELD_PPID = 4, FIELD_FLAGS = 9, FIELD_THREADS = 20, FIELD_STARTED = 22 };

/* Moves *p over one blank and the field behind it. */
static bool skip_field(const char **p, const char *end)
{
	const char *at = *p;

	if (at == end || *at != ' ')
		return false;
	at++;
	if (at == end || *at == ' ' || *at == '\n')
		return false;
	while (at < end && *at != ' ' && *at != '\n')
		at++;
	*p = at;
	return true;
}

/* Reads field number `wanted`, when *p stands behind field number *field. What follows the
 * number must be there too, else it may have been cut off in its middle. */
static bool read_field(
        const char **p, const char *end, int *field, int wanted, uint64_t max, uint64_t *ret)
{
	for (; *field < wanted - 1; (*field)++) {
		if (!skip_field(p, end))
			return false;
	}
	if (*p == end || **p != ' ')
		return false;
	(*p)++;
	(*field)++;
	return proc_number_parse(p, end, max, ret) && *p < end && (**p == ' ' || **p == '\n');
}

int proc_stat_parse(const char *text, size_t len, struct proc_stat *ret)
{
	const char *const end = text + len;
	const char *const open = memchr(text, '(', len);
	const char *const close = open ? memrchr(open, ')', (size_t)(end - open)) : NULL;
	struct proc_stat stat = {0};
	uint64_t pid, ppid, flags, threads, started;
	const char *p = text;
	int field = 3;

	if (!proc_number_parse(&p, end, INT_MAX, &pid) || p == end || *p != ' ' || p + 1 != open)
		return -EINVAL;
	if (!close || end - close < 4 || close[1] != ' ' || close[2] == ' ' || close[2] == '\n')
		return -EINVAL;
	stat.comm = open + 1;
	stat.comm_len = (size_t)(close - stat.comm);
	stat.state = close[2];
	p = close + 3;
	if (!read_field(&p, end, &field, FIELD_PPID, INT_MAX, &ppid) ||
	        !read_field(&p, end, &field, FIELD_FLAGS, UINT_MAX, &flags) ||
	        !read_field(&p, end, &field, FIELD_THREADS, INT_MAX, &threads) ||
	        !read_field(&p, end, &field, FIELD_STARTED, UINT64_MAX, &started))
		return -EINVAL;
	stat.pid = (pid_t)pid;
	stat.ppid = (pid_t)ppid;
	stat.is_kernel = (flags & PF_KTHREAD) != 0;
	stat.n_threads = (unsigned)threads;
	stat.started = started;
	*ret = stat;
	return 0;
}
