/* SPDX-License-Identifier: Apache-2.0 */
/* The parsers of kernel/proc, but for stat and lines of status: test_proc_stat. */
#include "base/arena.h"
#include "base/attributes.h"
#include "kernel/proc/proc.h"
#include "tests/kernel/exact.h"
#include "tests/unit.h"

static void numbers(void **state)
{
	static const struct {
		const char *text;
		uint64_t max, value;
		size_t used; /* 0: refused */
	} rows[] = {
	        {"", UINT64_MAX, 0, 0},
	        {"x", UINT64_MAX, 0, 0},
	        {"-1", UINT64_MAX, 0, 0},
	        {"+1", UINT64_MAX, 0, 0},
	        {" 1", UINT64_MAX, 0, 0},
	        {"0", UINT64_MAX, 0, 1},
	        {"0", 0, 0, 1},
	        {"1", 0, 0, 0},
	        {"007", 7, 7, 3},
	        {"12x", 12, 12, 2},
	        {"12", 11, 0, 0},
	        {"18446744073709551615", UINT64_MAX, UINT64_MAX, 20},
	        {"18446744073709551616", UINT64_MAX, 0, 0},
	        {"99999999999999999999999999", UINT64_MAX, 0, 0},
	        {"4294967295", UINT32_MAX, UINT32_MAX, 10},
	        {"4294967296", UINT32_MAX, 0, 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *text = exact(rows[i].text, strlen(rows[i].text));
		const char *p = text;
		uint64_t value = 0;

		assert_int_equal(
		        proc_number_parse(&p, text + strlen(rows[i].text), rows[i].max, &value),
		        rows[i].used > 0);
		assert_int_equal(p - text, rows[i].used);
		assert_true(value == rows[i].value);
		free(text);
	}
	(void)state;
}

static void links(void **state)
{
	static const struct {
		const char *text;
		const char *type; /* NULL: refused */
		uint64_t inode;
	} rows[] = {
	        {"user:[4026531837]", "user", 4026531837},
	        {"cgroup:[1]", "cgroup", 1},
	        {"pid_for_children:[2]", "pid_for_children", 2},
	        {"net:[18446744073709551615]", "net", UINT64_MAX},
	        {"net:[18446744073709551616]", NULL, 0},
	        {"net:[99999999999999999999]", NULL, 0},
	        {"", NULL, 0},
	        {"user", NULL, 0},
	        {"user:", NULL, 0},
	        {"user:[", NULL, 0},
	        {"user:[]", NULL, 0},
	        {"user:[0]", NULL, 0},
	        {"user:[01]", NULL, 0},
	        {"user:[-1]", NULL, 0},
	        {"user:[+1]", NULL, 0},
	        {"user:[ 1]", NULL, 0},
	        {"user:[1 ]", NULL, 0},
	        {"user:[1", NULL, 0},
	        {"user:[1]]", NULL, 0},
	        {"user:[1] ", NULL, 0},
	        {"user:[1]\n", NULL, 0},
	        {"user:[0x1]", NULL, 0},
	        {"user:1", NULL, 0},
	        {"user[1]", NULL, 0},
	        {":[1]", NULL, 0},
	        {"User:[1]", NULL, 0},
	        {"/tmp/user:[1]", NULL, 0},
	        {"user:[1] (deleted)", NULL, 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const size_t len = strlen(rows[i].text);
		char *text = exact(rows[i].text, len);
		struct proc_link link = {0};

		assert_int_equal(proc_link_parse(text, len, &link), rows[i].type ? 0 : -EINVAL);
		assert_true(link.inode == rows[i].inode);
		if (rows[i].type) {
			assert_ptr_equal(link.type, text);
			assert_int_equal(link.type_len, strlen(rows[i].type));
		}
		free(text);
	}
	(void)state;
}

#define STATUS(nspid)                                                                              \
	"Name:\tx\\ny\nUmask:\t0022\nPid:\t7\nNStgid:\t7\nNSpid:" nspid "\nThreads:\t1\n"

static void pids_inside(void **state)
{
	static const struct {
		const char *text;
		int r;
		size_t n;
		pid_t pids[3];
	} rows[] = {
	        {STATUS("\t7"), 0, 1, {7}},
	        {STATUS("\t7\t3\t1"), 0, 3, {7, 3, 1}},
	        {STATUS("\t0\t1"), 0, 2, {0, 1}},
	        {STATUS("\t7\t3\t1\t1"), -EINVAL, 0, {0}}, /* room for three */
	        {STATUS(""), -EINVAL, 0, {0}},
	        {STATUS("\tx"), -EINVAL, 0, {0}},
	        {STATUS("\t7 x"), -EINVAL, 0, {0}},
	        {STATUS("\t-7"), -EINVAL, 0, {0}},
	        {STATUS("\t2147483648"), -EINVAL, 0, {0}},
	        {"Name:\tx\nNSpid:\t7", -EINVAL, 0, {0}}, /* cut off */
	        {"Name:\tx\nPid:\t7\n", -ENODATA, 0, {0}},
	        {"NSpid:\t7\n", -ENODATA, 0, {0}}, /* never the first line */
	        {"", -ENODATA, 0, {0}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const size_t len = strlen(rows[i].text);
		char *text = exact(rows[i].text, len);
		pid_t pids[3] = {0};
		size_t n = 0;

		assert_int_equal(proc_status_nspid(text, len, pids, 3, &n), rows[i].r);
		assert_int_equal(n, rows[i].n);
		for (size_t j = 0; j < n; j++)
			assert_int_equal(pids[j], rows[i].pids[j]);
		free(text);
	}
	(void)state;
}

static void maps(void **state)
{
	static const struct {
		const char *text;
		int r;
		size_t n;
		struct proc_range last;
	} rows[] = {
	        {"", 0, 0, {0, 0, 0}},
	        {"         0          0 4294967295\n", 0, 1, {0, 0, UINT32_MAX}},
	        {"0 1000 1\n1 100000 65536\n", 0, 2, {1, 100000, 65536}},
	        {"0 1000 1\n1 100000 65536\n9 9 9\n", -EINVAL, 0, {0, 0, 0}}, /* room for two */
	        {"0 1000 1", -EINVAL, 0, {0, 0, 0}},                          /* cut off */
	        {"\n", -EINVAL, 0, {0, 0, 0}},
	        {"0 0\n", -EINVAL, 0, {0, 0, 0}},
	        {"0 0 0 0\n", -EINVAL, 0, {0, 0, 0}},
	        {"0 0 x\n", -EINVAL, 0, {0, 0, 0}},
	        {"0 0 -1\n", -EINVAL, 0, {0, 0, 0}},
	        {"0 0 4294967296\n", -EINVAL, 0, {0, 0, 0}},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const size_t len = strlen(rows[i].text);
		char *text = exact(rows[i].text, len);
		struct proc_range ranges[2];
		size_t n = 0;

		assert_int_equal(proc_maps_parse(text, len, ranges, 2, &n), rows[i].r);
		assert_int_equal(n, rows[i].n);
		if (n > 0)
			assert_memory_equal(
			        &ranges[n - 1], &rows[i].last, sizeof(struct proc_range));
		free(text);
	}
	(void)state;
}

static void setgroups_file(void **state)
{
	bool is_allowed = false;

	assert_int_equal(proc_maps_setgroups("allow\n", 6, &is_allowed), 0);
	assert_true(is_allowed);
	assert_int_equal(proc_maps_setgroups("deny", 4, &is_allowed), 0);
	assert_false(is_allowed);
	assert_int_equal(proc_maps_setgroups("", 0, &is_allowed), -EINVAL);
	assert_int_equal(proc_maps_setgroups("den", 3, &is_allowed), -EINVAL);
	assert_int_equal(proc_maps_setgroups("allowed", 7, &is_allowed), -EINVAL);
	(void)state;
}

static void names(void **state)
{
#define ARGV0(text) (text), sizeof(text)
	static const struct {
		const char *text;
		size_t len;
		const char *comm;
		const char *name;
	} rows[] = {
	        {"", 0, "comm", "comm"},
	        {"", 0, "", ""},
	        {ARGV0("\0x"), "comm", "comm"},
	        {"bash", 4, "bash", "bash"}, /* no NUL at its end */
	        {ARGV0("/usr/bin/bash\0-c"), "bash", "bash"},
	        {ARGV0("-bash"), "bash", "bash"},
	        {ARGV0("-/bin/sh"), "sh", "sh"},
	        {ARGV0("--"), "comm", "-"},
	        {ARGV0("-"), "comm", "comm"},
	        {ARGV0("/"), "comm", "comm"},
	        {ARGV0("/usr/bin/"), "comm", "comm"},
	        {ARGV0("/opt/-x"), "comm", "-x"},
	        {ARGV0("\xff\n\x1b[31m"), "comm", "\xff\n\x1b[31m"},
	        /* The component that comm begins, which has at most 15 bytes. */
	        {ARGV0("/usr/bin/a-name-of-more-than-15"), "a-name-of-more-",
	                "a-name-of-more-than-15"},
	        {ARGV0("/usr/lib/chromium/chromium --type=renderer --x=/y/z"), "chromium",
	                "chromium"},
	        {ARGV0("/usr/lib/electron/electron --type=zygote"), "electron", "electron"},
	        {ARGV0("/opt/My App/app"), "app", "app"},
	        {ARGV0("/opt/My App/My App --a /b"), "My App", "My App"},
	        {ARGV0("My App"), "My App", "My App"},
	        {ARGV0("(sd-pam)"), "(sd-pam)", "(sd-pam)"},
	        {ARGV0("/usr/bin/python3.13"), "python3", "python3.13"},
	        {ARGV0("/usr/bin/python3.13 -m a/b"), "python3", "python3.13"},
	        /* Titles. */
	        {ARGV0("sshd: alice@pts/0"), "sshd", "sshd"},
	        {ARGV0("sshd: alice@pts/0"), "sshd-session", "sshd"},
	        {ARGV0("sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups"), "sshd", "sshd"},
	        {ARGV0("php-fpm: master process (/etc/php-fpm.conf)"), "php-fpm", "php-fpm"},
	        {ARGV0("php-fpm: master process (/etc/php-fpm.conf)"), "php-fpm8.2", "php-fpm"},
	        {ARGV0("postgres: 15/main: walwriter "), "postgres", "postgres"},
	        {ARGV0("postgres: 15/main: walwriter "), "comm", "postgres"},
	        {ARGV0("nginx: worker process"), "nginx", "nginx"},
	        {ARGV0("nginx: master process /usr/sbin/nginx -g daemon on;"), "comm", "nginx"},
	        {ARGV0("/usr/sbin/d: a/b"), "comm", "d"},
	        {ARGV0("a b"), "comm", "a"},
	        {ARGV0("a b/c"), "comm", "a"},
	        {ARGV0("/a b/c"), "comm", "c"},
	        {ARGV0(": a"), "comm", ":"},
	        {ARGV0(" a"), "comm", " a"},
	};
#undef ARGV0

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct arena *arena = arena_new();
		char *text = exact(rows[i].text, rows[i].len);

		assert_string_equal(
		        proc_cmdline_name(arena, text, rows[i].len, rows[i].comm), rows[i].name);
		free(text);
		arena_free(arena);
	}
	(void)state;
}

static const char *const *split(
        struct arena *arena, const char *text, size_t len, size_t max, bool is_cut)
{
	bool was_cut = !is_cut;
	const char *const *arguments = proc_cmdline_split(arena, text, len, max, &was_cut);

	assert_int_equal(was_cut, is_cut);
	return arguments;
}

static void arguments(void **state)
{
	struct arena *arena = arena_new();
	const char *const *a = split(arena, "a\0\0b c\0", 7, 100, false);

	assert_string_equal(a[0], "a");
	assert_string_equal(a[1], "");
	assert_string_equal(a[2], "b c");
	assert_null(a[3]);
	assert_null(split(arena, "", 0, 100, false)[0]);
	a = split(arena, "a\0b", 3, 100, false);
	assert_string_equal(a[1], "b");
	assert_null(a[2]);
	arena_free(arena);
	(void)state;
}

static void long_command_lines_are_cut_and_say_so(void **state)
{
	struct arena *arena = arena_new();
	char *text = memory_new(PROC_CMDLINE_MAX + 1);
	const char *const *a;

	memset(text, 'x', PROC_CMDLINE_MAX + 1);
	text[1] = '\0';
	a = split(arena, text, PROC_CMDLINE_MAX, PROC_CMDLINE_MAX, false);
	assert_int_equal(strlen(a[1]), PROC_CMDLINE_MAX - 2);
	assert_null(a[2]);
	a = split(arena, text, PROC_CMDLINE_MAX + 1, PROC_CMDLINE_MAX, true);
	assert_int_equal(strlen(a[1]), PROC_CMDLINE_MAX - 2);
	assert_null(a[2]);
	a = split(arena, "ab\0cd\0", 6, 24, false);
	assert_string_equal(a[1], "cd");
	a = split(arena, "ab\0cd\0", 6, sizeof(char *) - 1, true);
	assert_null(a[0]);
	free(text);
	arena_free(arena);
	(void)state;
}

/* Each argument takes a pointer besides its bytes. */
static void many_arguments_are_cut(void **state)
{
	static const char text[64];
	struct arena *arena = arena_new();
	const char *const *a = split(arena, text, sizeof(text), sizeof(text), true);
	size_t n = 0;

	while (a[n])
		n++;
	assert_int_equal(n, sizeof(text) / sizeof(char *));
	split(arena, text, n, sizeof(text), false);
	arena_free(arena);
	(void)state;
}

#define MOUNT_LINE                                                                                 \
	"22 27 0:21 /r /proc rw,relatime shared:5 master:1 - proc proc rw,gid=4,hidepid=invisible"

static void mounts(void **state)
{
	static const char *const malformed[] = {"", "22", "22 27 0:21 / /proc rw",
	        "22 27 0:21 / /proc rw -", "22 27 0:21 / /proc rw - proc",
	        "22 27 0:21 / /proc rw - proc proc", "22 27 021 / /proc rw - proc proc rw",
	        "22 27 0:x / /proc rw - proc proc rw", "22 x27 0:1 / /proc rw - proc proc rw",
	        "-22 27 0:1 / /proc rw - proc proc rw", "22 27 0:99999999999 / /p rw - p p rw"};
	static const char no_source[] = "1 2 0:3 / /x\\040y rw - tmpfs  rw";
	struct proc_mount mount;
	struct proc_slice value;

	assert_int_equal(proc_mountinfo_parse(MOUNT_LINE, strlen(MOUNT_LINE), &mount), 0);
	assert_int_equal(mount.id, 22);
	assert_int_equal(mount.parent, 27);
	assert_int_equal(mount.major, 0);
	assert_int_equal(mount.minor, 21);
	assert_true(proc_mountinfo_equals(mount.root, "/r"));
	assert_true(proc_mountinfo_equals(mount.point, "/proc"));
	assert_true(proc_mountinfo_equals(mount.type, "proc"));
	assert_true(proc_mountinfo_option(mount.options, "hidepid", &value));
	assert_true(proc_mountinfo_equals(value, "invisible"));
	assert_true(proc_mountinfo_option(mount.options, "rw", &value));
	assert_int_equal(value.len, 0);
	assert_false(proc_mountinfo_option(mount.options, "hide", &value));
	assert_false(proc_mountinfo_option(mount.options, "hidepidx", &value));
	assert_int_equal(proc_mountinfo_parse(no_source, strlen(no_source), &mount), 0);
	assert_true(proc_mountinfo_equals(mount.options, "rw"));
	assert_true(proc_mountinfo_equals(mount.point, "/x\\040y"));
	for (size_t i = 0; i < ARRAY_SIZE(malformed); i++)
		assert_int_equal(
		        proc_mountinfo_parse(malformed[i], strlen(malformed[i]), &mount), -EINVAL);
	(void)state;
}

static struct proc_propagation propagation_of(const char *tags)
{
	char line[256];
	struct proc_mount mount;

	snprintf(line, sizeof(line), "1 2 0:3 / /x rw %s- tmpfs none rw", tags);
	assert_int_equal(proc_mountinfo_parse(line, strlen(line), &mount), 0);
	return proc_mountinfo_propagation(&mount);
}

static void propagation(void **state)
{
	struct proc_propagation found = propagation_of("");

	(void)state;
	assert_int_equal(found.shared | found.master | found.propagate_from, 0);
	assert_false(found.is_unbindable);
	found = propagation_of("shared:5 master:1 propagate_from:7 ");
	assert_int_equal(found.shared, 5);
	assert_int_equal(found.master, 1);
	assert_int_equal(found.propagate_from, 7);
	assert_true(propagation_of("unbindable ").is_unbindable);
	found = propagation_of("sharedx:5 shared: master:x new:3 shared:9x master:4294967296 ");
	assert_int_equal(found.shared | found.master | found.propagate_from, 0);
}

static void malformed_mounts_are_passed(void **state)
{
	static const char text[] = "\nx\n" MOUNT_LINE "\nx\n" MOUNT_LINE;
	const char *at = text, *const end = text + sizeof(text) - 1;
	struct proc_mount mount;

	(void)state;
	assert_true(proc_mountinfo_next(&at, end, &mount));
	assert_true(proc_mountinfo_equals(mount.point, "/proc"));
	assert_true(proc_mountinfo_next(&at, end, &mount));
	assert_ptr_equal(at, end);
	assert_false(proc_mountinfo_next(&at, end, &mount));
}

static void mount_points_are_as_they_were(void **state)
{
	static const struct {
		const char *text, *path;
	} rows[] = {
	        {"/run/netns/blue", "/run/netns/blue"},
	        {"/a\\040b\\011c\\012d\\134e\\043f", "/a b\tc\nd\\e#f"},
	        {"/\\1345c040", "/\\5c040"},
	        {"/\\377\\777\\400\\08\\04", "/\377\\777\\400\\08\\04"},
	        {"/\x1b\xff\\", "/\x1b\xff\\"},
	        {"", ""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const size_t len = strlen(rows[i].text);
		char *text = exact(rows[i].text, len);
		char *path = malloc(len + 1);
		const size_t n = proc_mountinfo_unescape((struct proc_slice){text, len}, path);

		assert_int_equal(n, strlen(rows[i].path));
		assert_string_equal(path, rows[i].path);
		free(path);
		free(text);
	}
	(void)state;
}

static void pid_names(void **state)
{
	static const struct {
		const char *name;
		pid_t pid; /* 0: none */
	} rows[] = {{"1", 1}, {"4194304", 4194304}, {"2147483647", 2147483647}, {"2147483648", 0},
	        {"", 0}, {"0", 0}, {"01", 0}, {"-1", 0}, {"1x", 0}, {"self", 0}, {".", 0}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		pid_t pid = 0;

		assert_int_equal(proc_pid_parse(rows[i].name, &pid), rows[i].pid != 0);
		assert_int_equal(pid, rows[i].pid);
	}
	(void)state;
}

static void try_all(const char *text, size_t len)
{
	struct arena *arena = arena_new();
	struct proc_link link;
	struct proc_mount mount;
	struct proc_slice value;
	struct proc_range ranges[2];
	pid_t pids[3];
	size_t n;
	bool is_allowed, is_cut;
	int failed = 0;

	failed += proc_link_parse(text, len, &link) < 0;
	failed += proc_status_nspid(text, len, pids, 3, &n) < 0;
	failed += proc_maps_parse(text, len, ranges, 2, &n) < 0;
	failed += proc_maps_setgroups(text, len, &is_allowed) < 0;
	if (proc_mountinfo_parse(text, len, &mount) == 0)
		proc_mountinfo_option(mount.options, "hidepid", &value);
	else
		failed++;
	assert_true(proc_mountinfo_unescape(
	                    (struct proc_slice){text, len}, arena_alloc(arena, len + 1)) <= len);
	assert_non_null(proc_cmdline_name(arena, text, len, "x"));
	assert_non_null(proc_cmdline_split(arena, text, len, 16, &is_cut));
	arena_free(arena);
	assert_true(failed >= 2); /* no text is all of that */
}

static void survive_anything(void **state)
{
	static const char *const texts[] = {"user:[4026531837]", STATUS("\t7\t3\t1"),
	        "0 1000 1\n1 100000 65536\n", MOUNT_LINE, "deny\n"};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		exact_mutate(texts[i], strlen(texts[i]), try_all);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(numbers),
	        cmocka_unit_test(links),
	        cmocka_unit_test(pids_inside),
	        cmocka_unit_test(maps),
	        cmocka_unit_test(setgroups_file),
	        cmocka_unit_test(names),
	        cmocka_unit_test(arguments),
	        cmocka_unit_test(many_arguments_are_cut),
	        cmocka_unit_test(long_command_lines_are_cut_and_say_so),
	        cmocka_unit_test(mounts),
	        cmocka_unit_test(propagation),
	        cmocka_unit_test(malformed_mounts_are_passed),
	        cmocka_unit_test(mount_points_are_as_they_were),
	        cmocka_unit_test(pid_names),
	        cmocka_unit_test(survive_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
