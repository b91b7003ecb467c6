/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/proc/proc_status.h"

#include "kernel/proc/proc_number.h"

#include <limits.h>
#include <string.h>

static const char NSPID[] = "\nNSpid:";

/* The name in the first line cannot fake a line: the kernel writes its newlines as \n. */
int proc_status_nspid(const char *text, size_t len, pid_t *pids, size_t max, size_t *ret_n)
{
	const char *const line = memmem(text, len, NSPID, sizeof(NSPID) - 1);
	const char *p, *end;
	size_t n = 0;
	uint64_t pid;

	if (!line)
		return -ENODATA;
	p = line + sizeof(NSPID) - 1;
	end = memchr(p, '\n', (size_t)(text + len - p));
	if (!end)
		return -EINVAL;
	for (; proc_number_next(&p, end, INT_MAX, &pid); n++) {
		if (n == max)
			return -EINVAL;
		pids[n] = (pid_t)pid;
	}
	if (n == 0 || p != end)
		return -EINVAL;
	*ret_n = n;
	return 0;
}
