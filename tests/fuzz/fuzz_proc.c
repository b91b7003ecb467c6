/* SPDX-License-Identifier: Apache-2.0 */
/* Files of /proc/PID: whatever is in them, what is taken lies in the text and is within its limits.
 * The first byte chooses the file. */
#include "base/attributes.h"
#include "base/memory.h"
#include "kernel/proc/proc.h"
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <string.h>

static void parse_stat(const char *text, size_t len)
{
	struct proc_stat stat;

	if (proc_stat_parse(text, len, &stat) < 0)
		return;
	CHECK(stat.pid >= 0 && stat.ppid >= 0);
	CHECK(stat.comm > text && stat.comm + stat.comm_len < text + len);
	CHECK(stat.comm[-1] == '(' && stat.comm[stat.comm_len] == ')');
}

static void parse_status(const char *text, size_t len)
{
	static const char *const names[] = {"Uid", "Groups", "Threads", "Seccomp"};
	pid_t pids[PROC_NSPID_MAX];
	uint32_t numbers[4];
	uint64_t bits;
	size_t n;

	if (proc_status_nspid(text, len, pids, PROC_NSPID_MAX, &n) == 0) {
		CHECK(n > 0 && n <= PROC_NSPID_MAX);
		for (size_t i = 0; i < n; i++)
			CHECK(pids[i] >= 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const int r = proc_status_numbers(text, len, names[i], numbers, 4, &n);

		CHECK(r == 0 || r == -ENODATA || r == -EINVAL);
		CHECK(r < 0 || n <= len);
	}
	int r = proc_status_bits(text, len, "CapEff", &bits);
	CHECK(r == 0 || r == -ENODATA || r == -EINVAL);
	r = proc_fdinfo_inode(text, len, &bits);
	CHECK(r == 0 || r == -ENODATA || r == -EINVAL);
}

/* Up to the newline the name in comm, which has at most 15 bytes. */
static void parse_cmdline(const char *text, size_t len)
{
	struct arena *const arena = arena_new();
	const char *const newline = memchr(text, '\n', MIN(len, (size_t)16));
	char comm[16] = "";
	bool is_cut;
	size_t total = 0;

	if (newline) {
		memcpy(comm, text, (size_t)(newline - text));
		len -= (size_t)(newline + 1 - text);
		text = newline + 1;
	}
	const char *const name = proc_cmdline_name(arena, text, len, comm);
	CHECK(*name || !*comm);
	for (size_t max = 1; max <= PROC_CMDLINE_MAX; max *= 16) {
		const char *const *const args = proc_cmdline_split(arena, text, len, max, &is_cut);

		total = 0;
		for (size_t i = 0; args[i]; i++)
			total += strlen(args[i]);
		CHECK(total <= max && total <= len);
		CHECK(is_cut || max < len || total + 1 >= len || memchr(text, '\0', len));
	}
	arena_free(arena);
}

static void parse_maps(const char *text, size_t len)
{
	struct proc_range ranges[PROC_MAPS_MAX];
	size_t n;

	if (proc_maps_parse(text, len, ranges, PROC_MAPS_MAX, &n) == 0)
		CHECK(n <= PROC_MAPS_MAX);
	if (proc_maps_parse(text, len, ranges, 1, &n) == 0)
		CHECK(n <= 1);
}

static void parse_link(const char *text, size_t len)
{
	struct proc_link link;
	char again[64];

	if (proc_link_parse(text, len, &link) < 0)
		return;
	CHECK(link.inode > 0 && link.type == text && link.type_len < len);
	/* There is one way to write it. */
	const int n = snprintf(again, sizeof(again), ":[%llu]", (unsigned long long)link.inode);
	CHECK(link.type_len + (size_t)n == len);
	CHECK(memcmp(text + link.type_len, again, (size_t)n) == 0);
}

static void parse_pid(const char *text, size_t len)
{
	_cleanup_free_ char *name = memory_new(len + 1);
	char again[32];
	pid_t pid;

	memcpy(name, text, len);
	if (!proc_pid_parse(name, &pid))
		return;
	snprintf(again, sizeof(again), "%d", pid);
	CHECK(pid > 0 && strcmp(name, again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const parsers[])(const char *text, size_t len) = {
	        ['c'] = parse_cmdline,
	        ['l'] = parse_link,
	        ['m'] = parse_maps,
	        ['p'] = parse_pid,
	        ['s'] = parse_stat,
	        ['S'] = parse_status,
	};
	bool is_allowed;

	if (size == 0)
		return 0;
	const char *const text = (const char *)data + 1;
	if (data[0] < ARRAY_SIZE(parsers) && parsers[data[0]])
		parsers[data[0]](text, size - 1);
	if (data[0] == 'g' && proc_maps_setgroups(text, size - 1, &is_allowed) == 0)
		CHECK(size - 1 >= (is_allowed ? sizeof("allow") : sizeof("deny")) - 1);
	return 0;
}
