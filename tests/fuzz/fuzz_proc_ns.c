/* SPDX-License-Identifier: Apache-2.0 */
/* Files that describe one namespace, and those of subordinate IDs: whatever is in them, what is
 * taken lies in the text and is within its limits. The first byte chooses the file. */
#include "base/attributes.h"
#include "kernel/proc/proc_ns.h"
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <string.h>

static void check_slice(struct proc_slice slice, const char *text, size_t len)
{
	CHECK(slice.bytes >= text && slice.bytes + slice.len <= text + len);
	CHECK(!memchr(slice.bytes, '\n', slice.len));
}

static void parse_ipc(const char *text, size_t len)
{
	static const char *const columns[] = {"size", "nsems", "cbytes"};
	uint64_t n, sum;

	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		if (proc_ns_ipc_parse(text, len, columns[i], &n, &sum) == 0)
			CHECK(n <= len && sum <= INT64_MAX);
	}
}

static void parse_mqueue(const char *text, size_t len)
{
	uint64_t bytes;
	const int r = proc_ns_mqueue_parse(text, len, &bytes);

	CHECK(r == 0 || r == -EINVAL);
}

static void parse_offsets(const char *text, size_t len)
{
	struct proc_ns_offset monotonic, boottime;

	if (proc_ns_offsets_parse(text, len, &monotonic, &boottime) == 0)
		CHECK(monotonic.nanoseconds < 1000000000 && boottime.nanoseconds < 1000000000);
}

/* Of each two lines, one is the path outside and the other that inside. */
static void parse_cgroup(const char *text, size_t len)
{
	const char *at = text;
	struct proc_ns_cgroup line, before = {.path = {NULL, 0}};
	struct proc_slice root;

	while (proc_ns_cgroup_next(&at, text + len, &line)) {
		check_slice(line.controllers, text, len);
		check_slice(line.path, text, len);
		if (before.path.bytes && proc_ns_cgroup_root(before.path, line.path, &root) == 0) {
			check_slice(root, text, len);
			CHECK(root.len > 0);
		}
		before = line;
	}
	CHECK(at == text + len);
}

static void parse_subids(const char *text, size_t len)
{
	const char *at = text;
	struct proc_ns_subid line;

	while (proc_ns_subid_next(&at, text + len, &line)) {
		check_slice(line.owner, text, len);
		CHECK(line.count > 0 && (uint64_t)line.first + line.count <= UINT64_C(1) << 32);
	}
	CHECK(at == text + len);
}

static void parse_nsswitch(const char *text, size_t len)
{
	if (proc_ns_subids_are_elsewhere(text, len))
		CHECK(memmem(text, len, "subid", 5));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const parsers[])(const char *text, size_t len) = {
	        ['c'] = parse_cgroup,
	        ['i'] = parse_ipc,
	        ['n'] = parse_nsswitch,
	        ['q'] = parse_mqueue,
	        ['s'] = parse_subids,
	        ['t'] = parse_offsets,
	};

	if (size > 0 && data[0] < ARRAY_SIZE(parsers) && parsers[data[0]])
		parsers[data[0]]((const char *)data + 1, size - 1);
	return 0;
}
