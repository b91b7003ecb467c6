/* SPDX-License-Identifier: Apache-2.0 */

/* Saving and copying from the real ./nsbrowse on a terminal, with the demo. */

#include "base/base64.h"
#include "base/memory.h"
#include "tests/cmd/browse.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

static void save_as(struct pty *pty, const char *path)
{
	pty_press(pty, "s\x15"); /* C-u: deletes the proposed path */
	pty_press(pty, path);
	pty_type(pty, "\r");
}

static void assert_file(const char *path, const char *begin)
{
	char text[64] = "";
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_true(read(fd, text, strlen(begin)) == (ssize_t)strlen(begin));
	assert_string_equal(text, begin);
}

static void test_save_every_form(void **state)
{
	static const struct {
		const char *suffix, *begin;
	} forms[] = {{"svg", "<?xml"}, {"dot", "digraph"},
	        {"json", "{\"format\": \"nsbrowse-snapshot\""},
	        {"txt", "user:[4026531837] process \"systemd\""}};
	_cleanup_free_ char *folder = temporary_folder();
	struct pty *pty = browse_demo();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		_cleanup_free_ char *path = memory_printf("%s/a.%s", folder, forms[i].suffix);

		save_as(pty, path);
		assert_true(pty_wait_for(pty, "saved"));
		assert_file(path, forms[i].begin);
		pty_press(pty, "j"); /* the message goes with the next key */
		assert_true(pty_wait_without(pty, "saved"));
	}
	assert_int_equal(remove_folder(folder), ARRAY_SIZE(forms));
	assert_quits(pty);
}

static char *content_of(const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	const size_t size = 256 * 1024;
	char *text = memory_new(size);

	assert_true(fd >= 0);
	const ssize_t n = read(fd, text, size - 1);
	assert_true(n > 0);
	text[n] = '\0';
	return text;
}

/* Under a filter what is shown, C-r toggles; a snapshot is never filtered. */
static void test_save_what_is_shown(void **state)
{
	_cleanup_free_ char *folder = temporary_folder();
	_cleanup_free_ char *shown = memory_printf("%s/shown.txt", folder);
	_cleanup_free_ char *all = memory_printf("%s/all.txt", folder);
	_cleanup_free_ char *snapshot = memory_printf("%s/a.json", folder);
	struct pty *pty = browse_demo();

	(void)state;
	pty_press(pty, "\\lua-l\r");
	save_as(pty, shown);
	assert_true(pty_wait_for(pty, "saved"));
	_cleanup_free_ char *text = content_of(shown);
	assert_string_equal(text,
	        "(filter \"lua-l\": 1 of 15 matches)\n"
	        "user:[4026531837] process \"systemd\" owner root (0) (above a match)\n"
	        " └── user:[4026533102] process \"bwrap\" owner foobar (1001) (above a match)\n"
	        "     └── user:[4026533110] process \"lua-language-server\" owner foobar (1001)\n");
	pty_press(pty, "s\x12\x15"); /* C-r C-u */
	pty_press(pty, all);
	assert_true(pty_shows(pty, "saves everything: all rows of this view (C-r: only what"));
	pty_type(pty, "\r");
	assert_true(pty_wait_for(pty, "saved"));
	_cleanup_free_ char *whole = content_of(all);
	assert_non_null(strstr(whole, "chromium"));
	save_as(pty, snapshot);
	assert_true(pty_wait_for(pty, "saved"));
	_cleanup_free_ char *json = content_of(snapshot);
	assert_non_null(strstr(json, "chromium"));
	assert_int_equal(remove_folder(folder), 3);
	assert_quits(pty);
}

/* `w`: what the detail pane shows, as text; an existing file only after the question. */
static void test_save_the_page(void **state)
{
	_cleanup_free_ char *folder = temporary_folder();
	_cleanup_free_ char *home = memory_printf("HOME=%s", folder);
	_cleanup_free_ char *path = memory_printf("%s/page.txt", folder);
	struct pty *pty = browse_demo_with(24, 80, (const char *const[]){home, NULL});

	(void)state;
	pty_press(pty, "jw");
	assert_true(pty_shows(pty, "-user-4026532217.txt"));
	pty_press(pty, "\x15~/page.svg");
	pty_type(pty, "\r");
	assert_true(pty_wait_for(pty, "a page is saved as text: the suffix must be .txt"));
	pty_press(pty, "\x15~/page.txt");
	pty_type(pty, "\r");
	assert_true(pty_wait_for(pty, "saved"));
	_cleanup_free_ char *text = content_of(path);
	assert_memory_equal(text, "user:[4026532217] of db7, 2026-", 31);
	assert_non_null(strstr(text, "\n uid map  0 -> 1000 x1"));
	assert_non_null(strstr(text, "  9403    9403  harald"));
	pty_press(pty, "w\x15~/page.txt");
	pty_type(pty, "\r");
	assert_true(pty_wait_for(pty, "o overwrite"));
	pty_press(pty, "\033");
	assert_int_equal(remove_folder(folder), 1);
	assert_quits(pty);
}

/* The text of the last copy (OSC 52). The caller frees. */
static char *copied_text(struct pty *pty)
{
	static const char start[] = "\033]52;c;";
	size_t n, len;
	const char *at = pty_output(pty, &n), *const end = at + n;
	const char *coded = NULL;

	while ((at = memmem(at, (size_t)(end - at), start, sizeof(start) - 1)))
		coded = at += sizeof(start) - 1;
	assert_non_null(coded);
	len = strcspn(coded, "\a");
	char *text = memory_new(len + 1);
	assert_int_equal(base64_decode(coded, len, text, &n), 0);
	text[n] = '\0';
	return text;
}

/* The text is in the clipboard as a whole (OSC 52). */
static void test_copy_the_page(void **state)
{
	struct pty *pty = browse_demo();

	(void)state;
	pty_press(pty, "jp");
	assert_true(pty_shows(pty, "copied: user:[4026532217], "));
	_cleanup_free_ char *copied = copied_text(pty);
	assert_non_null(strstr(copied, "user:[4026532217] of db7, 2"));
	assert_true(strlen(copied) > 300);
	assert_quits(pty);
}

/* One namespace with so many processes. */
static void write_snapshot(const char *path, const char *host, int n)
{
	FILE *out = fopen(path, "we");

	assert_non_null(out);
	fprintf(out,
	        "{\"format\": \"nsbrowse-snapshot\", \"version\": 1, \"program\": \"test\", "
	        "\"host\": {\"name\": \"%s\"",
	        host);
	fputs(", \"kernel\": \"6\", \"boot_id\": \"\", "
	      "\"taken\": \"2026-11-23T15:04:00Z\", \"hertz\": 100, "
	      "\"booted\": \"2026-11-23T05:09:00Z\", \"euid\": 0, \"sources\": [\"process\"], "
	      "\"processes\": 1000, \"unreadable\": 0, \"complete\": true}, "
	      "\"namespaces\": [{\"type\": \"net\", \"inode\": 7, \"dev\": 4, \"id\": null, "
	      "\"parent\": null, \"parent_state\": \"none\", \"owner\": null, "
	      "\"owner_state\": \"hidden\", \"owner_uid\": null, \"owner_name\": null, "
	      "\"owner_uid_state\": \"none\", \"leader\": 1, \"processes\": 1000, "
	      "\"held_by\": []}], \"processes\": [",
	        out);
	for (int pid = 1; pid <= n; pid++)
		fprintf(out,
		        "%s{\"pid\": %d, \"ppid\": 0, \"started\": 1, \"uid\": 0, \"state\": "
		        "\"S\", "
		        "\"cmdline\": [\"x\", \"secret\"], \"kernel\": false, \"comm\": \"x\", "
		        "\"name\": \"%060d\", \"nspid\": [%d], "
		        "\"namespaces\": {\"net\": 7}}",
		        pid == 1 ? "" : ", ", pid, pid, pid);
	fputs("], \"notes\": []}", out);
	assert_int_equal(fclose(out), 0);
}

/* A page that is too long for the clipboard is cut behind a line, and the message says it. */
static void test_copy_a_long_page(void **state)
{
	_cleanup_free_ char *folder = temporary_folder();
	_cleanup_free_ char *path = memory_printf("%s/large.json", folder);

	(void)state;
	write_snapshot(path, "large", 1000);
	struct pty *pty =
	        browse(24, 80, (const char *const[]){"-tnet", "--no-cmdline", path, NULL}, NULL);
	assert_true(pty_wait_for(pty, "net:[7]"));
	pty_press(pty, "p");
	assert_true(pty_shows(pty, "copied 666 of 1009 lines of net:[7] (w saves all)"));
	_cleanup_free_ char *copied = copied_text(pty);
	assert_uint_in_range(strlen(copied), 64 * 1024 - 200, 64 * 1024);
	assert_int_equal(remove_folder(folder), 1);
	assert_quits(pty);
}

static bool is_ascii_text(const char *text)
{
	while (*text > 0)
		text++;
	return !*text;
}

/* Command lines are saved and copied only with --cmdline; with --ascii the host has no other
 * characters either. */
static void test_pages_without_command_lines(void **state)
{
	_cleanup_free_ char *folder = temporary_folder();
	_cleanup_free_ char *snapshot = memory_printf("%s/a.json", folder);
	_cleanup_free_ char *page = memory_printf("%s/page.txt", folder);

	(void)state;
	write_snapshot(snapshot, "gro\u00df", 1);
	for (int with_cmdlines = 0; with_cmdlines < 2; with_cmdlines++) {
		const char *const arguments[] = {
		        "-tnet", "--ascii", snapshot, with_cmdlines ? "--cmdline" : NULL, NULL};
		struct pty *pty = browse(24, 80, arguments, NULL);

		assert_true(pty_wait_for(pty, "x secret"));
		pty_press(pty, "p");
		assert_int_equal(
		        pty_shows(pty, "lines, without command lines (--cmdline)"), !with_cmdlines);
		_cleanup_free_ char *copied = copied_text(pty);
		assert_int_equal(strstr(copied, "secret") != NULL, with_cmdlines);
		assert_true(is_ascii_text(copied));
		pty_press(pty, "w\x15");
		pty_press(pty, page);
		assert_int_equal(
		        pty_shows(pty, "without command lines (--cmdline)"), !with_cmdlines);
		pty_type(pty, "\r");
		assert_true(pty_wait_for(pty, with_cmdlines ? "o overwrite" : "saved"));
		if (with_cmdlines) {
			pty_type(pty, "o");
			assert_true(pty_wait_for(pty, "saved"));
		}
		_cleanup_free_ char *text = content_of(page);
		assert_string_equal(text, copied);
		assert_quits(pty);
	}
	assert_int_equal(remove_folder(folder), 2);
}

/* Neither a page nor the name of its file has an empty place for it. */
static void test_page_of_a_host_without_a_name(void **state)
{
	_cleanup_free_ char *folder = temporary_folder();
	_cleanup_free_ char *snapshot = memory_printf("%s/a.json", folder);

	(void)state;
	write_snapshot(snapshot, "", 1);
	struct pty *pty = browse(24, 80, (const char *const[]){"-tnet", snapshot, NULL}, NULL);
	assert_true(pty_wait_for(pty, "net:[7]"));
	pty_press(pty, "p");
	_cleanup_free_ char *copied = copied_text(pty);
	assert_memory_equal(copied, "net:[7], 2026-11-23", 19);
	pty_press(pty, "w");
	assert_memory_equal(pty_row(pty, 23), "Save as: ~/host-20", 18);
	assert_int_equal(remove_folder(folder), 1);
	pty_press(pty, "\033");
	assert_quits(pty);
}

/* What is proposed goes into the home directory. */
static void test_save_as_proposed(void **state)
{
	_cleanup_free_ char *folder = temporary_folder();
	_cleanup_free_ char *home = memory_printf("HOME=%s", folder);
	_cleanup_free_ char *said = memory_printf("saved %s/db7-", folder);
	struct pty *pty = browse_demo_with(24, 120, (const char *const[]){home, NULL});

	(void)state;
	pty_press(pty, "s");
	assert_memory_equal(pty_row(pty, 23), "Save as: ~/db7-20", 17);
	pty_type(pty, "\r");
	assert_true(pty_wait_for(pty, said));
	assert_true(pty_shows(pty, ".svg"));
	assert_int_equal(remove_folder(folder), 1);
	assert_quits(pty);
}

static void test_save_by_dot(void **state)
{
	_cleanup_free_ char *folder = temporary_folder();
	_cleanup_free_ char *path = memory_printf("%s/a.svg", folder);
	const bool has_dot = access("/usr/bin/dot", X_OK) == 0;
	struct pty *pty = browse_demo_with(24, 120, NULL);

	(void)state;
	pty_press(pty, "s\x14\x15");
	pty_press(pty, path);
	assert_true(pty_shows(pty, "dot layout (C-t: off)"));
	pty_type(pty, "\r");
	assert_true(pty_wait_for(pty, has_dot ? "saved" : "Graphviz is not installed"));
	if (has_dot) {
		char text[1024] = "";
		_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

		assert_true(read(fd, text, sizeof(text) - 1) > 0);
		assert_non_null(strstr(text, "Generated by graphviz"));
	} else {
		pty_press(pty, "\033");
	}
	assert_int_equal(remove_folder(folder), has_dot);
	assert_quits(pty);
}

/* The options of pictures hold for those that are saved, but -t is the view of the list. */
static void test_save_with_the_options_of_pictures(void **state)
{
	_cleanup_free_ char *folder = temporary_folder();
	_cleanup_free_ char *path = memory_printf("%s/a.dot", folder);
	_cleanup_free_ char *demo = path_of("top_srcdir", "data/demo.json");
	const char *const arguments[] = {"-dd", "-t", "net", "--theme=dark", demo, NULL};
	struct pty *pty = browse(24, 80, arguments, NULL);

	(void)state;
	assert_true(pty_wait_for(pty, "systemd"));
	assert_true(pty_sync(pty));
	save_as(pty, path);
	assert_true(pty_wait_for(pty, "saved"));
	_cleanup_free_ char *text = content_of(path);
	assert_non_null(strstr(text, "ns mnt"));
	assert_non_null(strstr(text, "cluster_pid"));
	assert_non_null(strstr(text, "cluster_user"));
	assert_non_null(strstr(text, "bgcolor=\"#0d1117\""));
	assert_int_equal(remove_folder(folder), 1);
	assert_quits(pty);
}

static void assert_refused(struct pty *pty, const char *path, const char *why)
{
	_cleanup_free_ char *prompt = memory_printf("Save as:%s%s", *path ? " " : "", path);

	save_as(pty, path);
	assert_true(pty_wait_for(pty, why));
	assert_prompt(pty, 23, prompt);
	assert_non_null(strstr(pty_row(pty, 22), why));
	pty_press(pty, "\033");
	assert_true(pty_wait_without(pty, why));
	assert_false(pty_shows(pty, "Save as"));
}

/* The question comes up, and Esc changes nothing. */
static void assert_asked(struct pty *pty, const char *path)
{
	_cleanup_free_ char *prompt = memory_printf("Save as: %s", path);

	save_as(pty, path);
	assert_true(pty_wait_for(pty, "exists (3 B, "));
	assert_prompt(pty, 22, prompt);
	assert_non_null(strstr(pty_row(pty, 23), " old): o overwrite  r rename  Esc"));
	pty_press(pty, "\033");
	assert_true(pty_wait_without(pty, "exists"));
	assert_false(pty_shows(pty, "Save as"));
}

static void test_save_keeps_what_is_there(void **state)
{
	_cleanup_free_ char *folder = temporary_folder();
	_cleanup_free_ char *path = memory_printf("%s/a.txt", folder);
	_cleanup_free_ char *link = memory_printf("%s/link.txt", folder);
	_cleanup_free_ char *dangling = memory_printf("%s/dangling.txt", folder);
	_cleanup_free_ char *fifo = memory_printf("%s/fifo.txt", folder);
	_cleanup_free_ char *nowhere = memory_printf("%s/none/a.txt", folder);
	_cleanup_free_ char *picture = memory_printf("%s/a.png", folder);
	struct pty *pty = browse_demo_with(24, 120, NULL);
	FILE *old = fopen(path, "we");

	(void)state;
	assert_non_null(old);
	fputs("old", old);
	fclose(old);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(symlink("a.txt", link), 0);
	assert_int_equal(symlink("b.txt", dangling), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_asked(pty, path);
	assert_refused(pty, link, "link.txt: ");
	assert_refused(pty, dangling, "dangling.txt: ");
	assert_refused(pty, fifo, "fifo.txt: ");
	assert_refused(pty, "/", "the suffix must be one of .txt .json .dot .gv .svg .prom");
	assert_refused(
	        pty, "/dev/null", "the suffix must be one of .txt .json .dot .gv .svg .prom");
	assert_refused(pty, picture, "the suffix must be one of .txt .json .dot .gv .svg .prom");
	assert_refused(pty, nowhere, "No such file or directory");
	assert_refused(pty, "", "no file name");
	assert_file(path, "old");
	assert_int_equal(remove_folder(folder), 4);
	assert_quits(pty);
}

static void put_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(path, 0600), 0);
}

static void test_overwrite_or_rename(void **state)
{
	_cleanup_free_ char *folder = temporary_folder();
	_cleanup_free_ char *path = memory_printf("%s/a.txt", folder);
	_cleanup_free_ char *other = memory_printf("%s/a-2.txt", folder);
	struct pty *pty = browse_demo_with(24, 120, NULL);

	(void)state;
	put_file(path, "old");
	save_as(pty, path);
	assert_true(pty_wait_for(pty, "o overwrite"));
	pty_type(pty, "r-2\r");
	assert_true(pty_wait_for(pty, "saved"));
	assert_file(path, "old");
	assert_file(other, "user:[4026531837]");
	save_as(pty, path);
	assert_true(pty_wait_for(pty, "o overwrite"));
	pty_type(pty, "o");
	assert_true(pty_wait_for(pty, "saved"));
	assert_file(path, "user:[4026531837]");
	/* What has become something else since the question is not replaced. */
	save_as(pty, path);
	assert_true(pty_wait_for(pty, "o overwrite"));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("a-2.txt", path), 0);
	pty_type(pty, "o");
	assert_true(pty_wait_for(pty, "not a regular file"));
	assert_non_null(strstr(pty_row(pty, 23), "Save as: /"));
	assert_int_equal(remove_folder(folder), 2);
	pty_press(pty, "\033");
	assert_quits(pty);
}

static void test_complete_a_name(void **state)
{
	_cleanup_free_ char *folder = temporary_folder();
	_cleanup_free_ char *home = memory_printf("HOME=%s", folder);
	_cleanup_free_ char *one = memory_printf("%s/report-1.svg", folder);
	_cleanup_free_ char *two = memory_printf("%s/report-2.svg", folder);
	_cleanup_free_ char *hidden = memory_printf("%s/.hidden", folder);
	_cleanup_free_ char *hostile = memory_printf("%s/x\033[2J\xff", folder);
	struct pty *pty = browse_demo_with(24, 120, (const char *const[]){home, NULL});

	(void)state;
	put_file(one, "");
	put_file(two, "");
	put_file(hidden, "");
	put_file(hostile, "");
	pty_press(pty, "s\025\013~/r\t");
	assert_true(pty_wait_for(pty, "Save as: ~/report-"));
	pty_type(pty, "\t");
	assert_true(pty_wait_for(pty, " report-1.svg  report-2.svg"));
	pty_type(pty, "1\t");
	assert_true(pty_wait_for(pty, "Save as: ~/report-1.svg"));
	pty_press(pty, "\025\013~\t");
	assert_true(pty_wait_for(pty, "Save as: ~/"));
	pty_type(pty, "x\t");
	assert_true(pty_wait_for(pty, "Save as: ~/x\\x1b[2J\\xff"));
	pty_press(pty, "\025\013~/none/\t");
	assert_true(pty_wait_for(pty, "No such file or directory"));
	pty_press(pty, "\033");
	assert_int_equal(remove_folder(folder), 4);
	assert_quits(pty);
}

/* The prompt stays as it was typed, so that it can be mended. */
static void test_save_after_a_mistake(void **state)
{
	_cleanup_free_ char *folder = temporary_folder();
	_cleanup_free_ char *wrong = memory_printf("%s/a.jso", folder);
	_cleanup_free_ char *path = memory_printf("%s/a.json", folder);
	struct pty *pty = browse_demo();

	(void)state;
	save_as(pty, wrong);
	assert_true(pty_wait_for(pty, "the suffix must be"));
	pty_type(pty, "n\r");
	assert_true(pty_wait_for(pty, "saved"));
	assert_file(path, "{\"format\": \"nsbrowse-snapshot\"");
	assert_int_equal(remove_folder(folder), 1);
	assert_quits(pty);
}

/* Digits after an Esc that closed a prompt are typed; Alt and a digit in the list is an F-key. */
/* Root that views a snapshot writes only new files in one directory: test_browse_snapshot. */
int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_save_every_form),
	        cmocka_unit_test(test_save_what_is_shown),
	        cmocka_unit_test(test_save_the_page),
	        cmocka_unit_test(test_pages_without_command_lines),
	        cmocka_unit_test(test_page_of_a_host_without_a_name),
	        cmocka_unit_test(test_copy_the_page),
	        cmocka_unit_test(test_copy_a_long_page),
	        cmocka_unit_test(test_save_as_proposed),
	        cmocka_unit_test(test_save_by_dot),
	        cmocka_unit_test(test_save_with_the_options_of_pictures),
	        cmocka_unit_test(test_save_keeps_what_is_there),
	        cmocka_unit_test(test_overwrite_or_rename),
	        cmocka_unit_test(test_complete_a_name),
	        cmocka_unit_test(test_save_after_a_mistake),
	};

	if (!become_user())
		return skipped("root needs a user namespace");
	return cmocka_run_group_tests_name("saving from the screen", tests, NULL, NULL);
}
