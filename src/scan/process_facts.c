/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/process_facts.h"

#include "base/memory.h"
#include "kernel/proc/proc.h"
#include "scan/process_record.h"

#include <string.h>

enum { STAT_SIZE = 4096 };

_Static_assert(sizeof(uid_t) == sizeof(uint32_t) && sizeof(gid_t) == sizeof(uint32_t),
        "numbers of users and groups have 32 bits");

static int check_start(struct kernel *kernel, int process, uint64_t started)
{
	char text[STAT_SIZE];
	struct proc_stat stat;
	const ssize_t n = kernel->ops->process_read(kernel, process, "stat", text, sizeof(text));

	if (n < 0)
		return (int)n;
	const int r = proc_stat_parse(text, (size_t)n, &stat);
	if (r < 0)
		return r;
	return stat.started == started ? 0 : -ESRCH;
}

/* `wanted` numbers, no more and no less. */
static int parse_some(const char *text, size_t len, const char *name, uint32_t *ret, size_t wanted)
{
	size_t n;
	const int r = proc_status_numbers(text, len, name, ret, wanted, &n);

	if (r < 0)
		return r;
	return n == wanted ? 0 : -EINVAL;
}

static int parse_caps(const char *text, size_t len, struct process_facts *ret)
{
	static const char *const names[PROCESS_CAPS_SETS] = {
	        [PROCESS_CAPS_INHERITABLE] = "CapInh",
	        [PROCESS_CAPS_PERMITTED] = "CapPrm",
	        [PROCESS_CAPS_EFFECTIVE] = "CapEff",
	        [PROCESS_CAPS_BOUNDING] = "CapBnd",
	        [PROCESS_CAPS_AMBIENT] = "CapAmb",
	};

	for (size_t i = 0; i < PROCESS_CAPS_SETS; i++) {
		const int r = proc_status_bits(text, len, names[i], &ret->caps[i]);

		if (r < 0)
			return r;
	}
	return 0;
}

static int parse(const char *text, size_t len, struct process_facts *ret)
{
	uint32_t no_new_privs = 0;
	int r = parse_some(text, len, "Uid", ret->uids, PROCESS_IDS);

	if (r >= 0)
		r = parse_some(text, len, "Gid", ret->gids, PROCESS_IDS);
	if (r >= 0)
		r = proc_status_numbers(
		        text, len, "Groups", ret->groups, PROCESS_GROUPS_MAX, &ret->n_groups);
	if (r >= 0)
		r = parse_some(text, len, "Threads", &ret->threads, 1);
	if (r >= 0)
		r = parse_caps(text, len, ret);
	if (r < 0)
		return r;
	/* Kernels may be built without seccomp; NoNewPrivs came with Linux 4.10. */
	ret->is_no_new_privs_known = parse_some(text, len, "NoNewPrivs", &no_new_privs, 1) == 0;
	ret->no_new_privs = no_new_privs;
	ret->is_seccomp_known = parse_some(text, len, "Seccomp", &ret->seccomp, 1) == 0;
	return 0;
}

static int read_status(struct kernel *kernel, int process, struct process_facts *ret)
{
	_cleanup_free_ char *text = memory_new(PROCESS_STATUS_MAX);
	const ssize_t n =
	        kernel->ops->process_read(kernel, process, "status", text, PROCESS_STATUS_MAX);

	return n < 0 ? (int)n : parse(text, (size_t)n, ret);
}

void process_facts_read(
        struct kernel *kernel, pid_t pid, uint64_t started, struct process_facts *ret)
{
	const int process = kernel->ops->process_open(kernel, pid);
	int r = process;

	*ret = (struct process_facts){.pid = pid, .started = started};
	if (r >= 0)
		r = check_start(kernel, process, started);
	if (r >= 0)
		r = read_status(kernel, process, ret);
	if (process >= 0)
		kernel->ops->close(kernel, process);
	if (r == -ENOENT)
		r = -ESRCH;
	ret->error = r < 0 ? -r : 0;
}
