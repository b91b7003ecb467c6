/* SPDX-License-Identifier: Apache-2.0 */

/* Who the real ./nsbrowse is while root views a snapshot, and what it still may do: as root without
 * sudo(8) it is nobody, and one of its helpers is root to write new files; under sudo all are the
 * caller. */

#include "base/memory.h"
#include "tests/cmd/browse.h"

#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/stat.h>

enum { NOBODY = 65534, CALLER = 54321 };

/* --- processes ------------------------------------------------------------------------------- */

/* The user of a process, if all its IDs are the same; -1: they are not. All capabilities of it must
 * be empty, and no_new_privs set. */
static long user_of(pid_t pid)
{
	_cleanup_free_ char *path = memory_printf("/proc/%d/status", (int)pid);
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	char line[256];
	unsigned ids[4], n_checked = 0;
	unsigned long long set;
	long user = -1;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "Uid: %u %u %u %u", &ids[0], &ids[1], &ids[2], &ids[3]) == 4)
			user = ids[0] == ids[1] && ids[1] == ids[2] && ids[2] == ids[3]
			               ? (long)ids[0]
			               : -1;
		if (sscanf(line, "CapPrm: %llx", &set) == 1 ||
		        sscanf(line, "CapEff: %llx", &set) == 1) {
			assert_int_equal(set, 0);
			n_checked++;
		}
		if (sscanf(line, "NoNewPrivs: %llx", &set) == 1) {
			assert_int_equal(set, 1);
			n_checked++;
		}
	}
	assert_int_equal(n_checked, 3);
	return user;
}

static bool has_group(pid_t pid, const char *group)
{
	_cleanup_free_ char *path = memory_printf("/proc/%d/status", (int)pid);
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	char line[256];

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, "Groups:", 7) == 0)
			return strstr(line, group);
	}
	return false;
}

/* The snapshot is in `folder`, which is the working directory of the program. */
static struct pty *view_in(const char *folder, const char *const *environment)
{
	_cleanup_free_ char *relative = path_of("top_builddir", "nsbrowse");
	_cleanup_free_ char *program = realpath(relative, NULL);
	_cleanup_free_ char *source = path_of("top_srcdir", "data/demo.json");
	_cleanup_free_ char *demo = realpath(source, NULL);
	const char *const argv[] = {"/bin/sh", "-c",
	        "cd \"$0\" && exec \"$1\" --view=user - <\"$2\"", folder, program, demo, NULL};
	struct pty *pty = pty_start(&(struct pty_options){
	        .rows = 24, .columns = 120, .argv = argv, .environment = environment});

	assert_true(pty_wait_for(pty, "systemd"));
	assert_true(pty_sync(pty));
	return pty;
}

static void save_as(struct pty *pty, const char *path, const char *answer)
{
	pty_press(pty, "s\x15");
	pty_press(pty, path);
	pty_type(pty, "\r");
	if (!pty_wait_for(pty, answer))
		fail_msg("%s: not \"%s\":\n%s", path, answer, pty_screen(pty));
	pty_press(pty, "\033");
	pty_press(pty, "j"); /* the message goes with the next key */
}

static void assert_owner(const char *folder, const char *name, uid_t owner)
{
	_cleanup_free_ char *path = memory_printf("%s/%s", folder, name);
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(st.st_uid, owner);
	assert_int_equal(st.st_mode & 07777, 0600);
}

/* --- root ------------------------------------------------------------------------------------ */

static const char *const no_sudo[] = {"SUDO_UID", "SUDO_GID", "HOME=/root", NULL};

static void test_one_process_is_root(void **state)
{
	_cleanup_free_ char *folder = temporary_folder();
	struct pty *pty = view_in(folder, no_sudo);
	_cleanup_family_ struct family family;
	int n_nobody = 0, n_root = 0;

	(void)state;
	family_init(&family, pty_pid(pty));
	assert_int_equal(user_of(pty_pid(pty)), NOBODY);
	for (size_t i = 0; i < family.n; i++) {
		const long user = user_of(family.pids[i]);

		n_nobody += user == NOBODY && !has_group(family.pids[i], "0");
		n_root += user == 0;
	}
	assert_int_equal(n_nobody, 2);
	assert_int_equal(n_root, 1);
	printf("# R24: root views a snapshot: %d processes are nobody, %d root that writes, 0 "
	       "capabilities\n",
	        n_nobody, n_root);
	assert_quits(pty);
	assert_int_equal(remove_folder(folder), 0);
}

static void test_root_saves_new_files_in_one_directory(void **state)
{
	static const char ELSEWHERE[] =
	        "a snapshot is not trusted: root saves only where nsbrowse was started (no /)";
	_cleanup_free_ char *folder = temporary_folder();
	_cleanup_free_ char *other = temporary_folder();
	_cleanup_free_ char *absolute = memory_printf("%s/a.txt", other);
	struct pty *pty = view_in(folder, no_sudo);

	(void)state;
	pty_press(pty, "s");
	assert_true(pty_shows(pty, "Save as: db7-"));
	pty_press(pty, "\033");
	save_as(pty, "a.txt", "saved a.txt");
	assert_owner(folder, "a.txt", 0);
	save_as(pty, "a.txt", "file exists (a snapshot is not trusted: root replaces none)");
	save_as(pty, absolute, ELSEWHERE);
	save_as(pty, "~/a.txt", ELSEWHERE);
	save_as(pty, "../a.txt", ELSEWHERE);
	save_as(pty, "a.sh", "the suffix must be one of");
	/* Nobody can list neither. */
	pty_press(pty, "s\x15");
	pty_press(pty, absolute);
	pty_type(pty, "\t");
	assert_true(pty_wait_for(pty, "Permission denied"));
	pty_press(pty, "\033");
	pty_press(pty, "ow");
	assert_true(pty_wait_for(pty, "options: not written: a snapshot is not trusted"));
	pty_press(pty, "q");
	assert_quits(pty);
	assert_int_equal(remove_folder(other), 0);
	assert_int_equal(remove_folder(folder), 1);
}

/* Root has no capability: it is no owner of that directory. */
static void test_root_saves_not_where_others_own(void **state)
{
	_cleanup_free_ char *folder = temporary_folder();

	(void)state;
	assert_int_equal(chown(folder, CALLER, CALLER), 0);
	assert_int_equal(chmod(folder, 0755), 0);
	struct pty *pty = view_in(folder, no_sudo);
	save_as(pty, "a.txt", "Permission denied (root writes files without capabilities)");
	assert_quits(pty);
	assert_int_equal(remove_folder(folder), 0);
}

/* The config file of root is read before it becomes nobody. */
static void test_config_of_root(void **state)
{
	_cleanup_free_ char *folder = temporary_folder();
	_cleanup_free_ char *home = memory_printf("XDG_CONFIG_HOME=%s", folder);
	_cleanup_free_ char *below = memory_printf("%s/nsbrowse", folder);
	_cleanup_free_ char *config = memory_printf("%s/config", below);
	const char *const environment[] = {"SUDO_UID", "SUDO_GID", home, NULL};

	(void)state;
	assert_int_equal(mkdir(below, 0700), 0);
	FILE *out = fopen(config, "we");
	assert_non_null(out);
	fputs("pane = no\nnonsense = 1\n", out);
	assert_int_equal(fclose(out), 0);
	struct pty *pty = view_in(folder, environment);
	assert_false(pty_shows(pty, "INSIDE"));
	assert_true(pty_shows(pty, "nonsense = 1: no such option"));
	assert_quits(pty);
	assert_int_equal(remove_folder(below), 1);
	assert_int_equal(remove_folder(folder), 0);
}

/* --- sudo ------------------------------------------------------------------------------------ */

static void test_all_are_the_caller(void **state)
{
	static const char *const sudo[] = {"SUDO_UID=54321", "SUDO_GID=54321", NULL};
	static const gid_t groups[] = {0, 65532};
	_cleanup_free_ char *folder = temporary_folder();
	_cleanup_free_ char *other = temporary_folder();
	_cleanup_free_ char *theirs = memory_printf("%s/b.txt", other);
	_cleanup_family_ struct family family;

	(void)state;
	assert_int_equal(chown(folder, CALLER, CALLER), 0);
	assert_int_equal(setgroups(ARRAY_SIZE(groups), groups), 0);
	struct pty *pty = view_in(folder, sudo);
	assert_int_equal(setgroups(0, NULL), 0);
	family_init(&family, pty_pid(pty));
	assert_int_equal(family.n, 2);
	for (size_t i = 0; i < family.n; i++) {
		assert_int_equal(user_of(family.pids[i]), CALLER);
		assert_false(has_group(family.pids[i], "65532"));
	}
	save_as(pty, "a.txt", "saved ");
	assert_owner(folder, "a.txt", CALLER);
	save_as(pty, theirs, "Permission denied");
	assert_quits(pty);
	assert_int_equal(remove_folder(other), 0);
	assert_int_equal(remove_folder(folder), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_one_process_is_root),
	        cmocka_unit_test(test_root_saves_new_files_in_one_directory),
	        cmocka_unit_test(test_root_saves_not_where_others_own),
	        cmocka_unit_test(test_config_of_root),
	        cmocka_unit_test(test_all_are_the_caller),
	};

	if (geteuid() != 0)
		return skipped("needs root");
	if (setresuid((uid_t)-1, NOBODY, (uid_t)-1) < 0 || seteuid(0) < 0)
		return skipped("there is no user nobody");
	return cmocka_run_group_tests_name("root views a snapshot", tests, NULL, NULL);
}
