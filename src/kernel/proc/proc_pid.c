/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/proc/proc_pid.h"

#include "base/memory.h"
#include "kernel/proc/proc_number.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* As getdents64(2) has it; the C library's struct has another name in each. */
struct entry {
	uint64_t inode;
	int64_t offset;
	unsigned short size;
	unsigned char type;
	char name[];
};

bool proc_pid_parse(const char *name, pid_t *ret)
{
	const char *const end = name + strlen(name);
	uint64_t pid;

	if (*name == '0' || !proc_number_parse(&name, end, INT_MAX, &pid) || name != end)
		return false;
	*ret = (pid_t)pid;
	return true;
}

/* The name of the entry at *at, and *at moved to the next; NULL at the end, and where it is
 * malformed. */
static const char *next_name(const char *entries, size_t len, size_t *at)
{
	const size_t name_at = offsetof(struct entry, name);
	const char *name;
	unsigned short size;

	if (len - *at <= name_at)
		return NULL;
	memcpy(&size, entries + *at + offsetof(struct entry, size), sizeof(size));
	name = entries + *at + name_at;
	if (size <= name_at || size > len - *at || !memchr(name, '\0', size - name_at))
		return NULL;
	*at += size;
	return name;
}

void proc_pid_collect(const char *entries, size_t len, pid_t **pids, size_t *n, size_t *capacity)
{
	const char *name;
	size_t at = 0;

	while ((name = next_name(entries, len, &at))) {
		pid_t pid;

		if (proc_pid_parse(name, &pid)) {
			*pids = memory_grow(*pids, capacity, *n + 1, sizeof(**pids));
			(*pids)[(*n)++] = pid;
		}
	}
}

size_t proc_fd_take(const char *entries, size_t len, int *ret_fds, size_t max)
{
	const char *name;
	size_t at = 0, n = 0;

	while (n < max && (name = next_name(entries, len, &at))) {
		pid_t fd = 0;

		if (strcmp(name, "0") == 0 || proc_pid_parse(name, &fd))
			ret_fds[n++] = fd;
	}
	return n;
}

static int compare_pids(const void *a, const void *b)
{
	const pid_t left = *(const pid_t *)a;
	const pid_t right = *(const pid_t *)b;

	return (left > right) - (left < right);
}

void proc_pid_sort(pid_t *pids, size_t n)
{
	size_t i = 1;

	/* procfs lists them in order already. */
	while (i < n && pids[i - 1] <= pids[i])
		i++;
	if (i < n)
		qsort(pids, n, sizeof(*pids), compare_pids);
}
