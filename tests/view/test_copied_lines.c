/* SPDX-License-Identifier: Apache-2.0 */

/* Copied lines with paths that a container chose, in each shell that is installed: nsenter and
 * umount get exactly the path, and nothing else is run or written. For this, the program is its own
 * nsenter and umount: it writes its arguments to a file. */

#include "base/attributes.h"
#include "base/memory.h"
#include "base/text.h"
#include "tests/base/child.h"
#include "tests/base/folder.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "tests/view/mount_fixture.h"
#include "view/command.h"
#include "view/nsenter.h"
#include "view/umount.h"

#include <string.h>

#define ARGUMENTS "arguments" /* that nsenter or umount got, each with its NUL */
#define SCRIPT    "script"

static const char *const paths[] = {"/run/netns/plain-1.2_3", "/a b", "/ two  blanks ", "/it's",
        "/'", "/''", "/'''", "/\"", "/\\", "/\\\\", "/\\'", "/'\\", "/\\\"", "/'\"'\"'", "/\"'\"",
        "/a\\", "/a'", "/$(touch m)", "/`touch m`", "/;touch m;", "/';touch m;'", "/\";touch m;\"",
        "/\\';touch m;\\'", "/'\\'';touch m;'\\''", "/$'\\';touch m;\\''", "/\\\\';touch m #",
        "/a\\'; touch m; '", "/&touch m&", "/|touch m|", "/>m", "/'>m'", "/<m", "/$HOME",
        "/${HOME}", "/$((1+1))", "/(touch m)", "/{a,b}", "/{touch,m}", "/*", "/?", "/[a-z]*",
        "/**/", "/~", "/~root", "/=ls", "/a=b", "/!!", "/!1", "/'!!'", "/^a^b", "/#comment",
        "/a #comment", "/%1", "/@", "/a:b", "/a,b", "/<(touch m)", "/=(touch m)", "/(touch m|psub)",
        "/begin;touch m;end", "/a&&touch m", "/a||touch m", "/$IFS$9touch${IFS}m", "/'$(touch m)'",
        "/\"$(touch m)\"", "/\\$(touch m)", "/\\`touch m\\`", "/$[1+1]", "/$\"touch m\"", "/-",
        "/--help", "/ -x", "/caf\xc3\xa9", "/\xe6\x97\xa5\xe6\x9c\xac';touch m;'", "/e\xcc\x81",
        "/'\xcc\x81", "/\xc2\xa0touch\xc2\xa0m", "/\xe2\x80\x99;touch m;\xe2\x80\x98",
        "/\xef\xbc\x9btouch m", "/\xef\x98\xa7", "/\xef\x9b\xbf"};

/* What nsenter would not get as it is, or would be drawn otherwise. */
static const char *const refused[] = {"/new\nline", "/tab\t", "/\r", "/\033[31m", "/\x7f", "/\x01",
        "/\xff", "/caf\xe9", "/\xc0\xaf", "/\xed\xa0\x80", "/\xc2\x9b", "/\xe2\x80\xae",
        "/\xe2\x80\xa8", "/\xef\xbf\xbf", "/\xe2\x80\x8b", "/a\\\nb", "/'\n'",
        "/e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"};

/* How a shell reads lines as from a terminal, and as from a script. */
static const struct shell {
	const char *name;
	const char *const arguments[6];
} shells[] = {
        {"sh", {"sh"}},
        {"dash", {"dash"}},
        {"dash -i", {"dash", "-i"}},
        {"bash", {"bash", "--norc", "--noprofile"}},
        {"bash -i", {"bash", "--norc", "--noprofile", "-i"}},
        {"bash -H", {"bash", "-o", "history", "-o", "histexpand"}},
        {"zsh", {"zsh", "-f"}},
        {"zsh -i", {"zsh", "-f", "-i"}},
        {"ksh", {"ksh"}},
        {"mksh", {"mksh"}},
        {"busybox ash", {"busybox", "ash"}},
        {"busybox ash -i", {"busybox", "ash", "-i"}},
        {"fish", {"fish", "--no-config"}},
};

/* --- lines ------------------------------------------------------------------------------------ */

/* A model with a namespace that only a mount with that path holds. */
static const struct model *of_type_held_by(
        enum nstype type, const char *path, const struct ns **ret_ns)
{
	struct builder *builder = builder_new();
	const struct ns *user = fixture_user(builder, FIXTURE_INITIAL_USER, NULL, 0, "root");

	fixture_hold_mount(builder, fixture_owned(builder, type, 5, user), path);
	const struct model *model = fixture_freeze(builder, NULL);
	*ret_ns = model_find(model, type, 5);
	assert_non_null(*ret_ns);
	return model;
}

static const struct model *held_by(const char *path, const struct ns **ret_ns)
{
	return of_type_held_by(NS_NET, path, ret_ns);
}

static void write_lines(const char *file)
{
	FILE *const out = fopen(file, "we");

	assert_non_null(out);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		const struct ns *ns;
		const struct model *model = held_by(paths[i], &ns);

		assert_int_equal(nsenter_write(out, model, ns, 0), 0);
		fputc('\n', out);
		model_unref(model);
	}
	assert_int_equal(fclose(out), 0);
}

/* A mount namespace that a mount with that path holds, and in it a mount on the same path. */
static enum umount_state write_umount(FILE *out, const char *path)
{
	struct mounts_builder *const builder = mounts_builder_new();
	const struct ns *ns;
	const struct model *model = of_type_held_by(NS_MNT, path, &ns);

	mount_fixture_add(
	        builder, &(const struct mount_entry){
	                         .id = 10, .parent_id = 1, .point = path, .type = "tmpfs"});
	mounts_builder_end(builder, ns->inode, 0, false);
	const struct mounts *const mounts = mounts_builder_finish(builder);
	_cleanup_umount_ struct umount umount = umount_of(model, mounts);
	const struct mount_table *const table = mounts_find(mounts, ns->inode);

	const enum umount_state state = umount_write(out, &umount, table, table->entries);
	mounts_unref(mounts);
	model_unref(model);
	return state;
}

static void write_umounts(const char *file)
{
	FILE *const out = fopen(file, "we");

	assert_non_null(out);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		assert_int_equal(write_umount(out, paths[i]), UMOUNT_READY);
		fputc('\n', out);
	}
	assert_int_equal(fclose(out), 0);
}

/* Command lines of processes are shown in quotes: rows with them can be copied, too. */
static void write_rows(const char *file)
{
	FILE *const out = fopen(file, "we");

	assert_non_null(out);
	for (size_t i = 0; i < ARRAY_SIZE(paths) + ARRAY_SIZE(refused); i++) {
		const char *const path =
		        i < ARRAY_SIZE(paths) ? paths[i] : refused[i - ARRAY_SIZE(paths)];
		const char *const cmdline[] = {path, path + 1, NULL};
		const struct process process = {.cmdline = cmdline};

		fputs("nsenter ", out);
		command_write(out, NULL, &process);
		fputc('\n', out);
	}
	assert_int_equal(fclose(out), 0);
}

/* --- shells ----------------------------------------------------------------------------------- */

/* In a session of its own: a shell must not become the foreground process of a terminal. */
static int run_shell(void *data)
{
	const struct shell *const shell = data;
	const int in = open(SCRIPT, O_RDONLY | O_CLOEXEC);
	const int out = open("/dev/null", O_WRONLY | O_CLOEXEC);
	char *arguments[ARRAY_SIZE(shell->arguments)];

	memcpy(arguments, shell->arguments, sizeof(arguments));

	if (setsid() < 0 || dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	        dup2(out, STDERR_FILENO) < 0)
		return 1;
	execvp(arguments[0], arguments);
	return 1;
}

/* The files of this directory are those of the test. */
static void assert_no_marker(const char *shell)
{
	DIR *const dir = opendir(".");

	assert_non_null(dir);
	for (const struct dirent *entry; (entry = readdir(dir));) {
		if (*entry->d_name != '.' && strcmp(entry->d_name, "nsenter") != 0 &&
		        strcmp(entry->d_name, "umount") != 0 &&
		        strcmp(entry->d_name, ARGUMENTS) != 0 && strcmp(entry->d_name, SCRIPT) != 0)
			fail_msg("%s made %s", shell, entry->d_name);
	}
	closedir(dir);
}

static char *read_arguments(size_t *ret_len)
{
	FILE *const in = fopen(ARGUMENTS, "re");
	char *bytes = memory_new(1024 * 1024);

	assert_non_null(in);
	*ret_len = fread(bytes, 1, 1024 * 1024 - 1, in);
	fclose(in);
	return bytes;
}

static void assert_gets_paths(const struct shell *shell)
{
	size_t len, i = 0;
	_cleanup_free_ char *bytes = read_arguments(&len);

	for (const char *at = bytes; at < bytes + len; at += strlen(at) + 1, i++) {
		assert_true(i < ARRAY_SIZE(paths));
		assert_int_equal(strncmp(at, "--net=", 6), 0);
		if (strcmp(at + 6, paths[i]) != 0)
			fail_msg("%s: %s\nread as %s", shell->name, paths[i], at + 6);
	}
	if (i != ARRAY_SIZE(paths))
		fail_msg("%s: %zu of %zu lines were run", shell->name, i, ARRAY_SIZE(paths));
}

/* Each gets -i -N PATH -- PATH. */
static void assert_unmounts_paths(const struct shell *shell)
{
	static const char *const words[] = {"-i", "-N", NULL, "--", NULL};
	size_t len, i = 0;
	_cleanup_free_ char *bytes = read_arguments(&len);

	for (const char *at = bytes; at < bytes + len; at += strlen(at) + 1, i++) {
		const char *const word = words[i % ARRAY_SIZE(words)];

		assert_true(i < ARRAY_SIZE(words) * ARRAY_SIZE(paths));
		if (strcmp(at, word ? word : paths[i / ARRAY_SIZE(words)]) != 0)
			fail_msg("%s: %s\nread as %s", shell->name, paths[i / ARRAY_SIZE(words)],
			        at);
	}
	assert_int_equal(i, ARRAY_SIZE(words) * ARRAY_SIZE(paths));
}

/* Not if it is not installed, nor if it has an nsenter of its own (busybox ash, as it is built in
 * Debian's package busybox-static). */
static bool runs_nsenter_of_path(struct shell *shell)
{
	FILE *const out = fopen(SCRIPT, "we");

	assert_non_null(out);
	fputs("nsenter probe\n", out);
	assert_int_equal(fclose(out), 0);
	in_child(run_shell, shell);
	return unlink(ARGUMENTS) == 0;
}

/* Runs the lines in all shells; returns the number of those that are installed. */
static unsigned in_all_shells(void (*write)(const char *file),
        void (*check)(const struct shell *shell), struct text *names)
{
	unsigned n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(shells); i++) {
		struct shell shell = shells[i];

		unlink(ARGUMENTS);
		if (!runs_nsenter_of_path(&shell))
			continue;
		write(SCRIPT);
		in_child(run_shell, &shell);
		assert_no_marker(shell.name);
		if (check)
			check(&shell);
		fprintf(names->out, "%s%s", n++ ? ", " : "", shell.name);
	}
	return n;
}

static void copied_lines_are_inert(void **state _unused_)
{
	_cleanup_text_ struct text names;

	text_init(&names);
	const unsigned n = in_all_shells(write_lines, assert_gets_paths, &names);
	assert_true(n > 0);
	print_message("# R29: %zu hostile paths in %s: nsenter got each path, "
	              "0 other commands run, 0 files made\n",
	        ARRAY_SIZE(paths), text_get(&names));
}

static void lines_that_unmount_are_inert(void **state _unused_)
{
	_cleanup_text_ struct text names;

	text_init(&names);
	assert_true(in_all_shells(write_umounts, assert_unmounts_paths, &names) > 0);
	print_message("# R29: %zu hostile mount points in %s: umount got each path, "
	              "0 other commands run, 0 files made\n",
	        ARRAY_SIZE(paths), text_get(&names));
}

static void copied_command_lines_run_nothing_else(void **state _unused_)
{
	_cleanup_text_ struct text names;

	text_init(&names);
	in_all_shells(write_rows, NULL, &names);
	print_message("# R29: %zu command lines in rows: 0 other commands run, 0 files made\n",
	        ARRAY_SIZE(paths) + ARRAY_SIZE(refused));
}

/* --- what is refused -------------------------------------------------------------------------- */

static void assert_written(const char *path, const char *expected)
{
	const struct ns *ns;
	const struct model *model = held_by(path, &ns);
	struct fixture_text text;

	fixture_text_begin(&text);
	assert_int_equal(nsenter_write(text.file, model, ns, 0), expected ? 0 : -EILSEQ);
	assert_string_equal(fixture_text_end(&text), expected ? expected : "");
	free(text.text);
	model_unref(model);
}

static void quotes(void **state _unused_)
{
	assert_written("/run/netns/a_1-2.3", "nsenter --net=/run/netns/a_1-2.3");
	assert_written("/a b", "nsenter --net='/a b'");
	assert_written("/it's", "nsenter --net=/it\"'\"s");
	assert_written("/a b\\c'", "nsenter --net='/a b'\"\\\\\"c\"'\"");
	assert_written("/~a", "nsenter --net='/~a'");
}

static void what_cannot_be_seen_is_refused(void **state _unused_)
{
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		assert_written(refused[i], NULL);
		assert_int_equal(write_umount(stderr, refused[i]), UMOUNT_NO_PATH);
	}
	print_message("# R29: %zu paths with control characters or invalid UTF-8: %zu refused\n",
	        ARRAY_SIZE(refused), ARRAY_SIZE(refused));
}

/* Another holder leads into the namespace. */
static void refused_paths_are_passed_over(void **state _unused_)
{
	struct builder *builder = builder_new();
	const struct ns *user = fixture_user(builder, FIXTURE_INITIAL_USER, NULL, 0, "root");
	const struct ns *net = fixture_owned(builder, NS_NET, 5, user);
	struct fixture_text text;

	fixture_hold_mount(builder, net, "/new\nline");
	fixture_hold_fd(builder, net, 7, 3);
	const struct model *model = fixture_freeze(builder, NULL);
	fixture_text_begin(&text);
	assert_int_equal(nsenter_write(text.file, model, model_find(model, NS_NET, 5), 0), 0);
	assert_string_equal(fixture_text_end(&text), "nsenter --net=/proc/7/fd/3");
	free(text.text);
	model_unref(model);
}

/* A snapshot may have any text as a path. */
static void relative_paths_lead_nowhere(void **state _unused_)
{
	static const char *const relative[] = {"", "a", "-x", "$(touch m)", "../x"};

	for (size_t i = 0; i < ARRAY_SIZE(relative); i++) {
		const struct ns *ns;
		const struct model *model = held_by(relative[i], &ns);

		assert_int_equal(nsenter_write(stderr, model, ns, 0), -ENOENT);
		model_unref(model);
	}
}

/* --- this program ----------------------------------------------------------------------------- */

static int be_nsenter(int argc, char *argv[])
{
	FILE *const out = fopen(ARGUMENTS, "ae");

	for (int i = 1; out && i < argc; i++)
		fwrite(argv[i], 1, strlen(argv[i]) + 1, out);
	return !out || fclose(out) != 0;
}

/* Commands are found in the system, nsenter and umount in the temporary directory. */
static int enter(void **state)
{
	static char folder[32];
	_cleanup_free_ char *program = realpath("/proc/self/exe", NULL);

	if (!program || folder_enter(folder) < 0)
		return -1;
	_cleanup_free_ char *here = getcwd(NULL, 0);
	_cleanup_free_ char *path = memory_printf("%s:/usr/bin:/bin", here ? here : "");
	setenv("PATH", path, 1);
	setenv("HOME", "/nonexistent", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("HISTFILE");
	unsetenv("ENV");
	*state = folder;
	return symlink(program, "nsenter") < 0 ? -1 : symlink(program, "umount");
}

static int leave(void **state)
{
	return folder_leave(*state);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(copied_lines_are_inert, enter, leave),
	        cmocka_unit_test_setup_teardown(lines_that_unmount_are_inert, enter, leave),
	        cmocka_unit_test_setup_teardown(
	                copied_command_lines_run_nothing_else, enter, leave),
	        cmocka_unit_test(quotes),
	        cmocka_unit_test(what_cannot_be_seen_is_refused),
	        cmocka_unit_test(refused_paths_are_passed_over),
	        cmocka_unit_test(relative_paths_lead_nowhere),
	};
	const size_t len = strlen(argv[0]);

	if ((len >= 7 && strcmp(argv[0] + len - 7, "nsenter") == 0) ||
	        (len >= 6 && strcmp(argv[0] + len - 6, "umount") == 0))
		return be_nsenter(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
