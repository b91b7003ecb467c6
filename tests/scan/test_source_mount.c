/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/memory.h"
#include "scan/sources/sources.h"
#include "tests/kernel/exact.h"
#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

#define ROOT "1 0 8:1 / / rw - ext4 /dev/sda rw\n"
#define NS   " 0:4 net:[4026532300] "
#define END  " rw shared:5 - nsfs nsfs rw\n"

/* How many mounts of namespaces that can be reached are in the text. */
static size_t count_reachable(const char *text, size_t len)
{
	struct scan scan = {0};
	const struct holder_list *found;
	size_t n = 0;

	scan_state_init(&scan, 1);
	found = &scan.threads[0]->holders;
	source_mount_add_holders(scan.threads[0], text, len, "", &(struct holder_record){0});
	for (size_t i = 0; i < found->n; i++)
		n += found->records[i].access == MOUNT_REACHABLE;
	scan_state_release(&scan);
	return n;
}

/* The mount with the highest id, if that is one of a namespace. Its path is not valid. */
static bool get(const char *text, struct holder_record *ret)
{
	struct scan scan = {0};
	const struct holder_list *found;
	bool is_found;

	scan_state_init(&scan, 1);
	found = &scan.threads[0]->holders;
	source_mount_add_holders(
	        scan.threads[0], text, strlen(text), "", &(struct holder_record){0});
	is_found = found->n > 0;
	if (is_found)
		*ret = found->records[found->n - 1];
	scan_state_release(&scan);
	return is_found;
}

static void finds_namespaces_and_nothing_else(void **state)
{
	static const char *const others[] = {"", ROOT,
	        "9 1 0:4 net:[4026532300] /x rw - tmpfs nsfs rw\n",
	        "9 1 0:4 / /net:[4026532300] rw - nsfs nsfs rw\n",
	        "9 1 0:4 net:[04026532300] /x rw - nsfs nsfs rw\n",
	        "9 1 0:4 tent:[4026532300] /x rw - nsfs nsfs rw\n",
	        "9 1 0:4 net:[4026532300] /x rw nsfs nsfs rw\n"};
	struct holder_record found;

	assert_true(get(ROOT "9 1" NS "/a\\040b" END, &found));
	assert_int_equal(found.type, NS_NET);
	assert_true(found.inode == 4026532300);
	assert_int_equal(found.kind, HOLDER_MOUNT);
	assert_int_equal(found.access, MOUNT_REACHABLE);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		assert_false(get(others[i], &found));
	(void)state;
}

static void adds_holders_with_their_paths(void **state)
{
	const char *text = ROOT "9 1" NS "/a\\040b" END;
	struct scan scan = {0};
	const struct holder_record *holder;

	scan_state_init(&scan, 1);
	source_mount_add_holders(scan.threads[0], text, strlen(text), "/jail",
	        &(struct holder_record){.tid = 3, .mnt = 7});
	assert_int_equal(scan.threads[0]->holders.n, 1);
	holder = &scan.threads[0]->holders.records[0];
	assert_string_equal(holder->path, "/jail/a b");
	assert_int_equal(holder->root_len, strlen("/jail"));
	assert_int_equal(holder->tid, 3);
	assert_true(holder->mnt == 7);
	assert_true(holder->fd < 0 && holder->handle < 0);
	scan_state_release(&scan);
	(void)state;
}

/* Whether the way to mount 9 is free. */
static void knows_what_is_covered(void **state)
{
	static const struct {
		const char *text;
		enum mount_access access;
	} rows[] = {
	        {ROOT "9 1" NS "/run/ns" END, MOUNT_REACHABLE},
	        /* below other mounts */
	        {ROOT "2 1 0:9 / /run rw - tmpfs t rw\n9 2" NS "/run/ns" END, MOUNT_REACHABLE},
	        {ROOT "2 1 0:9 / /run rw - tmpfs t rw\n3 2 0:9 / /run/x rw - tmpfs t rw\n"
	              "9 3" NS "/run/x/ns" END,
	                MOUNT_REACHABLE},
	        /* others beside it, or below, or with the same beginning */
	        {ROOT "2 1 0:9 / /ru rw - tmpfs t rw\n9 1" NS "/run/ns" END, MOUNT_REACHABLE},
	        {ROOT "2 1 0:9 / /run/ns2 rw - tmpfs t rw\n9 1" NS "/run/ns" END, MOUNT_REACHABLE},
	        {ROOT "9 1" NS "/run/ns" END "2 1 0:9 / /run/n rw - tmpfs t rw\n", MOUNT_REACHABLE},
	        /* something on it */
	        {ROOT "9 1" NS "/run/ns" END "2 9 0:9 / /run/ns rw - tmpfs t rw\n", MOUNT_COVERED},
	        {ROOT "9 1" NS "/run/ns" END "8 9" NS "/run/ns" END, MOUNT_COVERED},
	        /* on the way to it */
	        {ROOT "9 1" NS "/run/ns" END "2 1 0:9 / /run rw - tmpfs t rw\n", MOUNT_COVERED},
	        {ROOT "9 1" NS "/a/b/c" END "2 1 0:9 / /a rw - tmpfs t rw\n", MOUNT_COVERED},
	        {ROOT "9 1" NS "/a/b/c" END "2 1 0:9 / /a/b rw - tmpfs t rw\n", MOUNT_COVERED},
	        /* on the way to what it is on */
	        {ROOT "2 1 0:9 / /a/b rw - tmpfs t rw\n9 2" NS "/a/b/ns" END
	              "3 1 0:9 / /a rw - tmpfs t rw\n",
	                MOUNT_COVERED},
	        {ROOT "2 1 0:9 / /a rw - tmpfs t rw\n9 2" NS "/a/ns" END
	              "3 2 0:9 / /a rw - tmpfs t rw\n",
	                MOUNT_COVERED},
	        /* two at one place: which one is found is not known */
	        {ROOT "9 1" NS "/run/ns" END "8 1" NS "/run/ns" END, MOUNT_COVERED},
	        /* on what may hang */
	        {ROOT "2 1 0:9 / /f rw - fuse.sshfs s rw\n9 2" NS "/f/ns" END, MOUNT_MAY_HANG},
	        {ROOT "2 1 0:9 / /f rw - fuse s rw\n3 2 0:9 / /f/x rw - tmpfs t rw\n"
	              "9 3" NS "/f/x/ns" END,
	                MOUNT_MAY_HANG},
	        {ROOT "2 1 0:9 / /n rw - nfs4 s rw\n9 2" NS "/n/ns" END, MOUNT_MAY_HANG},
	        {ROOT "2 1 0:9 / /n rw - autofs s rw\n9 2" NS "/n/ns" END, MOUNT_MAY_HANG},
	        {ROOT "2 1 0:9 / /f rw - fuse s rw\n9 1" NS "/run/ns" END, MOUNT_REACHABLE},
	        /* its parent is not shown: the view begins there */
	        {"9 1" NS "/ns" END, MOUNT_REACHABLE},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct holder_record found;

		assert_true(get(rows[i].text, &found));
		if (found.access != rows[i].access)
			fail_msg("%s gives %d", rows[i].text, found.access);
	}
	(void)state;
}

/* What one pass says of mount 9, which the table always confirms. */
static void knows_a_plain_one_without_a_table(void **state)
{
	static const struct {
		const char *text;
		bool is_plain;
	} rows[] = {
	        {ROOT "9 1" NS "/ns" END, true},
	        {ROOT "9 1" NS "/ns" END "2 1 0:9 / /run rw - tmpfs t rw\n", true},
	        {ROOT "2 9 0:9 / /ns/x rw - tmpfs t rw\n9 1" NS "/ns" END, true},
	        /* a directory further down */
	        {ROOT "9 1" NS "/run/ns" END, false},
	        /* something on it, beside it at the same place, or on the root */
	        {ROOT "9 1" NS "/ns" END "2 9 0:9 / /ns rw - tmpfs t rw\n", false},
	        {ROOT "9 1" NS "/ns" END "8 1" NS "/ns" END, false},
	        {ROOT "9 1" NS "/ns" END "2 1 0:9 / / rw - tmpfs t rw\n", false},
	        /* its parent is not the root, not there, or may hang */
	        {ROOT "2 1 0:9 / /run rw - tmpfs t rw\n9 2" NS "/ns" END, false},
	        {"9 1" NS "/ns" END, false},
	        {"1 0 0:9 / / rw - fuse s rw\n9 1" NS "/ns" END, false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *const text = rows[i].text;
		const char *at = text;
		const size_t len = strlen(text);
		struct proc_mount mount;
		struct holder_record found;

		while (proc_mountinfo_next(&at, text + len, &mount) && mount.id != 9)
			;
		assert_int_equal(mount.id, 9);
		if (proc_mountinfo_is_plain(text, len, &mount) != rows[i].is_plain)
			fail_msg("%s is taken for the other", text);
		assert_true(get(text, &found));
		assert_true(!rows[i].is_plain || found.access == MOUNT_REACHABLE);
	}
	(void)state;
}

static void a_circle_of_mounts_ends(void **state)
{
	struct holder_record found;

	assert_true(get("2 3 0:9 / /a rw - tmpfs t rw\n3 2 0:9 / /a rw - tmpfs t rw\n"
	                "9 2" NS "/a/b" END,
	        &found));
	assert_int_equal(found.access, MOUNT_COVERED);
	(void)state;
}

static void tells_numbers(void **state)
{
	const char *text = "17 1 8:1 / / rw - ext4 d rw\n9 17" NS "/x" END;
	struct u64_set ids = {0};

	assert_int_equal(proc_mountinfo_first_id(text, strlen(text)), 17);
	assert_int_equal(proc_mountinfo_first_id("", 0), 0);
	proc_mountinfo_ids(text, strlen(text), &ids);
	u64_set_sort(&ids);
	assert_int_equal(ids.n, 2);
	assert_true(u64_set_has(&ids, 9) && u64_set_has(&ids, 17) && !u64_set_has(&ids, 1));
	u64_set_release(&ids);
	(void)state;
}

static void try_text(const char *text, size_t len)
{
	struct u64_set ids = {0};

	proc_mountinfo_ids(text, len, &ids);
	count_reachable(text, len);
	u64_set_release(&ids);
}

/* A text without a mount of a namespace is not parsed: in the second one that comes first. */
static void survives_anything(void **state)
{
	static const char *const texts[] = {
	        ROOT "2 1 0:9 / /a rw - tmpfs t rw\n9 2" NS "/a/b" END,
	        "9 2" NS "/a/b" END ROOT "2 1 0:9 / /a rw - tmpfs t rw\n8 2" NS "/a/c" END,
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		exact_mutate(texts[i], strlen(texts[i]), try_text);
	(void)state;
}

/* Twice the mounts, about twice the time, not four times: 20,000 of them in well under a second. */
static void many_mounts_take_linear_time(void **state)
{
	enum { N = 20000 };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	fputs(ROOT, out);
	for (int i = 0; i < N; i++)
		fprintf(out, "%d 1 0:4 net:[%d] /run/ns/%d" END, i + 2, i + 1, i);
	fclose(out);
	assert_int_equal(count_reachable(text, len), N);
	free(text);
	(void)state;
}

/* Of procfs, but of the one that is /proc of the scan, whose device is 0:21. */
static void notes_mounts_of_procfs(void **state)
{
	static const char text[] = ROOT "2 1 0:21 / /proc rw - proc proc rw\n"
	                                "3 1 0:43 / /a\\040b rw - proc none rw,hidepid=ptraceable\n"
	                                "4 1 0:44 /sys /part rw shared:2 - proc proc rw\n"
	                                "5 1 0:45 / /over rw - proc proc rw\n"
	                                "6 5 0:46 / /over rw - tmpfs proc rw\n"
	                                "7 1 0:47 / /no rw - tmpfs - proc rw";
	struct scan scan = {.host = {.proc_minor = 21}};
	const struct procfs_mounts *found;

	(void)state;
	scan_state_init(&scan, 1);
	found = &scan.threads[0]->procfs_mounts;
	source_mount_add_holders(
	        scan.threads[0], text, sizeof(text) - 1, "", &(struct holder_record){.mnt = 7});
	assert_int_equal(found->n, 3);
	assert_string_equal(found->mounts[0].path, "/a b");
	assert_int_equal(found->mounts[0].minor, 43);
	assert_true(found->mounts[0].is_whole && found->mounts[0].is_hiding);
	assert_int_equal(found->mounts[0].access, MOUNT_REACHABLE);
	assert_false(found->mounts[1].is_whole || found->mounts[1].is_hiding);
	assert_int_equal(found->mounts[2].access, MOUNT_COVERED);
	/* Those of processes whose mount namespace is refused are left out. */
	source_mount_add_holders(
	        scan.threads[0], text, sizeof(text) - 1, "", &(struct holder_record){0});
	assert_int_equal(found->n, 3);
	scan_state_release(&scan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(finds_namespaces_and_nothing_else),
	        cmocka_unit_test(adds_holders_with_their_paths),
	        cmocka_unit_test(knows_what_is_covered),
	        cmocka_unit_test(notes_mounts_of_procfs),
	        cmocka_unit_test(knows_a_plain_one_without_a_table),
	        cmocka_unit_test(a_circle_of_mounts_ends),
	        cmocka_unit_test(tells_numbers),
	        cmocka_unit_test(survives_anything),
	        cmocka_unit_test(many_mounts_take_linear_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
