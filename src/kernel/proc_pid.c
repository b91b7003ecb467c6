/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/proc_pid.h"

#include "base/memory.h"
#include "kernel/proc_number.h"

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

void proc_pid_collect(const char *entries, size_t len, pid_t **pids, size_t *n, size_t *capacity)
{
	const size_t name_at = offsetof(struct entry, name);

	for (size_t at = 0; len - at > name_at;) {
		unsigned short size;
		const char *const name = entries + at + name_at;
		pid_t pid;

		memcpy(&size, entries + at + offsetof(struct entry, size), sizeof(size));
		if (size <= name_at || size > len - at || !memchr(name, '\0', size - name_at))
			return;
		if (proc_pid_parse(name, &pid)) {
			*pids = memory_grow(*pids, capacity, *n + 1, sizeof(**pids));
			(*pids)[(*n)++] = pid;
		}
		at += size;
	}
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
