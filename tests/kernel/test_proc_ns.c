/* SPDX-License-Identifier: Apache-2.0 */
/* The text by which the kernel describes a namespace, as it is and malformed. */
#include "base/attributes.h"
#include "kernel/proc/proc_ns.h"
#include "tests/kernel/exact.h"
#include "tests/unit.h"

#include <errno.h>
#include <string.h>

static const char SHM[] = "       key      shmid perms                  size  cpid  lpid nattch\n"
                          "         0          0   600                 10000     7     7      0\n"
                          "1627455489      32769   600                  4096     7     7      0\n";

static void objects_are_counted(void **state)
{
	uint64_t n, sum;

	(void)state;
	assert_int_equal(proc_ns_ipc_parse(SHM, strlen(SHM), "size", &n, &sum), 0);
	assert_int_equal(n, 2);
	assert_int_equal(sum, 14096);
	const char *const none = "key msqid perms cbytes\n";
	assert_int_equal(proc_ns_ipc_parse(none, strlen(none), "cbytes", &n, &sum), 0);
	assert_int_equal(n, 0);
	assert_int_equal(sum, 0);
	const char *const huge = "size\n18446744073709551615\n1\n";
	assert_int_equal(proc_ns_ipc_parse(huge, strlen(huge), "size", &n, &sum), 0);
	assert_int_equal(n, 2);
	assert_true(sum == INT64_MAX);
	static const char *const wrong[] = {
	        "", "\n", "key size\n", "key cbytes\n1\n", "key cbytes\n1 x\n", "cbytes\n-1\n"};
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_int_equal(
		        proc_ns_ipc_parse(wrong[i], strlen(wrong[i]), "cbytes", &n, &sum), -EINVAL);
}

static void bytes_of_a_queue(void **state)
{
	const char *const text = "QSIZE:129        NOTIFY:2     SIGNO:0     NOTIFY_PID:8260  \n";
	uint64_t bytes;

	(void)state;
	assert_int_equal(proc_ns_mqueue_parse(text, strlen(text), &bytes), 0);
	assert_int_equal(bytes, 129);
	assert_int_equal(proc_ns_mqueue_parse("QSIZE:", 6, &bytes), -EINVAL);
	assert_int_equal(proc_ns_mqueue_parse("QSIZ", 4, &bytes), -EINVAL);
}

static int offsets(
        const char *text, struct proc_ns_offset *monotonic, struct proc_ns_offset *boottime)
{
	return proc_ns_offsets_parse(text, strlen(text), monotonic, boottime);
}

static void offsets_have_signs(void **state)
{
	struct proc_ns_offset monotonic, boottime;

	(void)state;
	assert_int_equal(
	        offsets("monotonic       86400         5\nboottime           -1 250000000\n",
	                &monotonic, &boottime),
	        0);
	assert_int_equal(monotonic.seconds, 86400);
	assert_int_equal(monotonic.nanoseconds, 5);
	assert_true(boottime.seconds == -1);
	assert_int_equal(boottime.nanoseconds, 250000000);
	static const char *const wrong[] = {"", "monotonic 1 1\n", "monotonic 1 1\nboottime 1\n",
	        "monotonic - 1\nboottime 1 1\n", "monotonic 1 1000000000\nboottime 1 1\n",
	        "monotonic 9223372036854775808 1\nboottime 1 1\n"};
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_int_equal(offsets(wrong[i], &monotonic, &boottime), -EINVAL);
}

static struct proc_slice slice(const char *text)
{
	return (struct proc_slice){text, strlen(text)};
}

static void roots_of_cgroup_namespaces(void **state)
{
	static const struct {
		const char *outside, *inside, *root; /* NULL: not known */
	} rows[] = {
	        {"/", "/", "/"},
	        {"/a", "/a", "/"},
	        {"/docker/1", "/", "/docker/1"},
	        {"/docker/1/init.scope", "/init.scope", "/docker/1"},
	        {"/x (deleted)", "/", "/x (deleted)"},
	        {"/..a", "/..a", "/"},
	        {"/a/b", "/../b", NULL},
	        {"/a", "/..", NULL},
	        {"/a", "/b", NULL},
	        {"/a", "/b/a", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct proc_slice root;
		const int r =
		        proc_ns_cgroup_root(slice(rows[i].outside), slice(rows[i].inside), &root);

		assert_int_equal(r, rows[i].root ? 0 : -ENODATA);
		assert_true(r < 0 || proc_mountinfo_equals(root, rows[i].root));
	}
}

static void lines_of_cgroups(void **state)
{
	const char *const text = "12:pids:/a:b\nwrong\nx:y:/z\n1:name=systemd:\n0::/c";
	const char *p = text;
	struct proc_ns_cgroup line;

	(void)state;
	assert_true(proc_ns_cgroup_next(&p, text + strlen(text), &line));
	assert_true(proc_mountinfo_equals(line.controllers, "pids"));
	assert_true(proc_mountinfo_equals(line.path, "/a:b"));
	assert_true(proc_ns_cgroup_next(&p, text + strlen(text), &line));
	assert_true(proc_mountinfo_equals(line.controllers, ""));
	assert_true(proc_mountinfo_equals(line.path, "/c"));
	assert_false(proc_ns_cgroup_next(&p, text + strlen(text), &line));
}

static void lines_of_subids(void **state)
{
	const char *const text =
	        "# ann:1:1\nann:100000:65536\n:1:1\nann:1\nann:1:0\nann:x:1\n"
	        "ann:1:1 \nlast:4294967295:1\nover:4294967295:2\n\n1000:5:4294967291";
	const char *p = text, *const end = text + strlen(text);
	struct proc_ns_subid line;

	(void)state;
	assert_true(proc_ns_subid_next(&p, end, &line));
	assert_true(proc_mountinfo_equals(line.owner, "# ann"));
	assert_true(proc_ns_subid_next(&p, end, &line));
	assert_true(proc_mountinfo_equals(line.owner, "ann"));
	assert_int_equal(line.first, 100000);
	assert_int_equal(line.count, 65536);
	assert_true(proc_ns_subid_next(&p, end, &line));
	assert_true(proc_mountinfo_equals(line.owner, "last"));
	assert_true(proc_ns_subid_next(&p, end, &line));
	assert_true(proc_mountinfo_equals(line.owner, "1000"));
	assert_true(line.count == 4294967291u);
	assert_false(proc_ns_subid_next(&p, end, &line));
}

static void sources_of_subids(void **state)
{
	static const struct {
		const char *text;
		bool is_elsewhere;
	} rows[] = {
	        {"", false},
	        {"passwd: sss\n", false},
	        {"subid: files\n", false},
	        {"subid:\tsss\n", true},
	        {"passwd: files\n  subid: sss", true},
	        {"#subid: sss\n", false},
	        {"subid:\n", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(proc_ns_subids_are_elsewhere(rows[i].text, strlen(rows[i].text)),
		        rows[i].is_elsewhere);
}

static void parse_as_each(const char *text, size_t len)
{
	struct proc_ns_offset a, b;
	struct proc_ns_cgroup group;
	struct proc_ns_subid id;
	uint64_t n, sum;

	(void)!proc_ns_ipc_parse(text, len, "size", &n, &sum);
	(void)!proc_ns_mqueue_parse(text, len, &n);
	(void)!proc_ns_offsets_parse(text, len, &a, &b);
	for (const char *p = text; proc_ns_cgroup_next(&p, text + len, &group);)
		assert_int_equal(*group.path.bytes, '/');
	for (const char *p = text; proc_ns_subid_next(&p, text + len, &id);)
		assert_true(id.owner.len > 0 && id.count > 0);
	(void)proc_ns_subids_are_elsewhere(text, len);
}

static void cut_and_damaged(void **state)
{
	static const char *const texts[] = {SHM, "QSIZE:129 NOTIFY:2\n",
	        "monotonic 86400 5\nboottime -1 250000000\n", "12:pids:/a\n0::/c\n",
	        "ann:100000:65536\nbob:1:2\n", "subid: sss\n"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		exact_mutate(texts[i], strlen(texts[i]), parse_as_each);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(objects_are_counted),
	        cmocka_unit_test(bytes_of_a_queue),
	        cmocka_unit_test(offsets_have_signs),
	        cmocka_unit_test(roots_of_cgroup_namespaces),
	        cmocka_unit_test(lines_of_cgroups),
	        cmocka_unit_test(lines_of_subids),
	        cmocka_unit_test(sources_of_subids),
	        cmocka_unit_test(cut_and_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
