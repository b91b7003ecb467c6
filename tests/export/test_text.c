/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"
#include "export/export.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"

#include <stdlib.h>
#include <string.h>

static char *export(const struct export_request *request)
{
	struct fixture_text text;

	fixture_text_begin(&text);
	assert_int_equal(export_text(text.file, request), 0);
	return fixture_text_end(&text);
}

static void assert_text(const struct export_request *request, const char *expected)
{
	char *text = export(request);

	assert_string_equal(text, expected);
	free(text);
}

static void assert_tree(
        const struct model *model, const struct export_request *request, const char *expected)
{
	struct export_request whole = *request;

	whole.model = model;
	assert_text(&whole, expected);
	model_unref(model);
}

static void test_as_the_interface_shows_user_namespaces(void **state)
{
	(void)state;
	assert_tree(fixture_users(), &(struct export_request){.view.kind = VIEW_USER},
	        "user:[4026531837] process \"init\" owner root (0)\n"
	        " ├── user:[4026532465] process \"firefox\" owner foobar (1000)\n"
	        " ├── user:[4026532523] process owner foobar (1000)\n"
	        " │   └── user:[4026532524] process owner foobar (1000)\n"
	        " └── user:[4026532699] process \"firefox\" owner foobar (1000)\n");
}

static void test_as_the_interface_shows_pid_namespaces(void **state)
{
	(void)state;
	assert_tree(fixture_pids(), &(struct export_request){.view.kind = VIEW_PID},
	        "pid:[4026531836] process \"init\" owner user:[4026531837] root (0)\n"
	        " ├── pid:[4026532468] process \"chromium-browser\" "
	        "owner user:[4026532467] foobar (1000)\n"
	        " └── pid:[4026532532] process \"sh\" owner user:[4026531837] root (0)\n");
}

static void test_details(void **state)
{
	(void)state;
	assert_tree(fixture_rich(),
	        &(struct export_request){.view = {.kind = VIEW_USER, .with_details = true}},
	        "user:[4026531837] process \"systemd\" owner root (0)\n"
	        " ⟜ net:[4026531833] process \"sh\"\n"
	        " ⟜ net:[4026532002] held by mount /run/netns/blue\n"
	        " ⟜ pid:[4026531836] process \"systemd\"\n"
	        " ⟜ pid:[4026532938] process \"xdg-desktop-portal-gtk-with-a-very-long-name\"\n"
	        " ⟜ uts:[4026531838] held by nothing known\n"
	        " ├── user:[4026532217] process \"sleep\" owner harald (1000)\n"
	        " │   ⟜ pid:[4026532218] process \"sleep\"\n"
	        " ├── user:[4026532582] process owner harald (1000)\n"
	        " │   └── user:[4026532583] process \"bash\" owner 4711 (4711)\n"
	        " │       ⟜ pid:[4026532584] held by child pid:[4026532585]\n"
	        " │       ⟜ pid:[4026532585] process \"python3\"\n"
	        " └── user:[4026532936] process \"podman\" owner inge (1001)\n"
	        "     ⟜ mnt:[4026532003] held by fd 5 of podman (17192) and 2 more\n"
	        "     ⟜ pid:[4026532937] process \"nginx\"\n");
}

static void test_ascii(void **state)
{
	(void)state;
	assert_tree(fixture_rich(),
	        &(struct export_request){
	                .view = {.kind = VIEW_USER, .with_details = true}, .is_ascii = true},
	        "user:[4026531837] process \"systemd\" owner root (0)\n"
	        " o net:[4026531833] process \"sh\"\n"
	        " o net:[4026532002] held by mount /run/netns/blue\n"
	        " o pid:[4026531836] process \"systemd\"\n"
	        " o pid:[4026532938] process \"xdg-desktop-portal-gtk-with-a-very-long-name\"\n"
	        " o uts:[4026531838] held by nothing known\n"
	        " |-- user:[4026532217] process \"sleep\" owner harald (1000)\n"
	        " |   o pid:[4026532218] process \"sleep\"\n"
	        " |-- user:[4026532582] process owner harald (1000)\n"
	        " |   `-- user:[4026532583] process \"bash\" owner 4711 (4711)\n"
	        " |       o pid:[4026532584] held by child pid:[4026532585]\n"
	        " |       o pid:[4026532585] process \"python3\"\n"
	        " `-- user:[4026532936] process \"podman\" owner inge (1001)\n"
	        "     o mnt:[4026532003] held by fd 5 of podman (17192) and 2 more\n"
	        "     o pid:[4026532937] process \"nginx\"\n");
	assert_tree(fixture_hostile("caf\u00e9 \U0001f427\\"),
	        &(struct export_request){.view.kind = VIEW_PID, .is_ascii = true},
	        "pid:[4026531836] process \"caf\\u{00e9} \\u{1f427}\\\\\" "
	        "owner user:[4026531837] caf\\u{00e9} \\u{1f427}\\\\ (0)\n");
}

static void test_long_lines(void **state)
{
	(void)state;
	assert_tree(fixture_rich(),
	        &(struct export_request){
	                .view = {.kind = VIEW_USER, .with_details = true}, .is_long = true},
	        "user:[4026531837] process \"systemd\" owner root (0) pid 1/1 processes 1 "
	        "held by 3 children, 5 owned\n"
	        " ⟜ net:[4026531833] process \"sh\" pid 2/2 processes 1\n"
	        " ⟜ net:[4026532002] held by mount /run/netns/blue held by 1 mount\n"
	        " ⟜ pid:[4026531836] process \"systemd\" pid 3/3 processes 1 held by 4 children\n"
	        " ⟜ pid:[4026532938] process \"xdg-desktop-portal-gtk-with-a-very-long-name\" "
	        "pid 17300/17300 processes 1\n"
	        " ⟜ uts:[4026531838] held by nothing known\n"
	        " ├── user:[4026532217] process \"sleep\" owner harald (1000) pid 9403/9403 "
	        "processes 1 held by 1 owned\n"
	        " │   ⟜ pid:[4026532218] process \"sleep\" pid 9404/9404 processes 1\n"
	        " ├── user:[4026532582] process owner harald (1000) held by 1 fd, 1 child\n"
	        " │   └── user:[4026532583] process \"bash\" owner 4711 (4711) pid 1468/1468 "
	        "processes 1 held by 2 owned\n"
	        " │       ⟜ pid:[4026532584] held by child pid:[4026532585] held by 1 child\n"
	        " │       ⟜ pid:[4026532585] process \"python3\" pid 1469/1469 processes 1\n"
	        " └── user:[4026532936] process \"podman\" owner inge (1001) pid 17192/17192 "
	        "processes 1 held by 2 owned\n"
	        "     ⟜ mnt:[4026532003] held by fd 5 of podman (17192) and 2 more "
	        "held by 2 fds, 1 mount\n"
	        "     ⟜ pid:[4026532937] process \"nginx\" pid 17200/17200 processes 1\n");
}

static void test_by_owner(void **state)
{
	(void)state;
	assert_tree(fixture_pids(),
	        &(struct export_request){.view = {.kind = VIEW_PID, .by_owner = true}},
	        "user:[4026531837] process owner root (0)\n"
	        " ├── pid:[4026531836] process \"init\" owner user:[4026531837] root (0)\n"
	        " ├── pid:[4026532532] process \"sh\" owner user:[4026531837] root (0)\n"
	        " └── user:[4026532467] process owner foobar (1000)\n"
	        "     └── pid:[4026532468] process \"chromium-browser\" "
	        "owner user:[4026532467] foobar (1000)\n");
}

static void test_leaked(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();

	assert_text(&(struct export_request){.model = model, .only_leaked = true},
	        "mnt:[4026532003] owner user:[4026532936] inge (1001) held by "
	        "fd 5 of podman (17192); fd 6 of podman (17192); mount /run/mnt\n"
	        "net:[4026532002] owner user:[4026531837] root (0) held by "
	        "mount /run/netns/blue\n"
	        "uts:[4026531838] owner user:[4026531837] root (0) held by nothing known\n");
	model_unref(model);
	model = fixture_users();
	assert_text(&(struct export_request){.model = model, .only_leaked = true},
	        "user:[4026532524] owner foobar (1000) held by nothing known\n");
	model_unref(model);
	model = fixture_pids();
	assert_text(&(struct export_request){.model = model, .only_leaked = true}, "");
	model_unref(model);
	model = fixture_hostile("caf\u00e9\n");
	assert_text(
	        &(struct export_request){
	                .model = model, .only_leaked = true, .is_ascii = true, .is_color = true},
	        "\033[36muser:[4026532582]\033[0m owner caf\\u{00e9}\\x0a (1000) "
	        "held by mount caf\\u{00e9}\\x0a\n");
	model_unref(model);
}

/* The first line names the filter; lines above a match say that they are no match. */
static void test_filter(void **state)
{
	char harald[] = "harald", net[] = "NET";
	const struct filter of_harald = {.text = harald, .only_leaked = false};
	const struct filter nothing = {.text = net};
	char quoted[] = "a\", leaked";
	const struct filter looks_like_two = {.text = quoted};
	const struct filter types = {.types = 1 << NS_MNT | 1 << NS_NET};

	(void)state;
	assert_tree(fixture_rich(),
	        &(struct export_request){.view.kind = VIEW_USER, .filter = &of_harald},
	        "(filter \"harald\": 2 of 5 match)\n"
	        "user:[4026531837] process \"systemd\" owner root (0) (above a match)\n"
	        " ├── user:[4026532217] process \"sleep\" owner harald (1000)\n"
	        " └── user:[4026532582] process owner harald (1000)\n");
	assert_tree(fixture_rich(),
	        &(struct export_request){
	                .view = {.kind = VIEW_USER, .with_details = true}, .filter = &types},
	        "(filter mnt net: 3 of 15 match)\n"
	        "user:[4026531837] process \"systemd\" owner root (0) (above a match)\n"
	        " ⟜ net:[4026531833] process \"sh\"\n"
	        " ⟜ net:[4026532002] held by mount /run/netns/blue\n"
	        " └── user:[4026532936] process \"podman\" owner inge (1001) (above a match)\n"
	        "     ⟜ mnt:[4026532003] held by fd 5 of podman (17192) and 2 more\n");
	assert_tree(fixture_rich(),
	        &(struct export_request){.view.kind = VIEW_USER, .filter = &nothing},
	        "(filter \"NET\": 0 of 5 match)\n");
	assert_tree(fixture_rich(),
	        &(struct export_request){.view.kind = VIEW_USER, .filter = &looks_like_two},
	        "(filter \"a\\\", leaked\": 0 of 5 match)\n");
}

/* A file that is saved from the screen says itself why the view is partial, before the filter. */
static void test_reasons(void **state)
{
	char harald[] = "harald";
	const struct filter filter = {.text = harald};
	struct builder *b = builder_new();

	(void)state;
	fixture_user(b, 100, NULL, 0, NULL);
	builder_host(b)->partial = 1 << PARTIAL_HIDEPID | 1 << PARTIAL_USER_NAMESPACE;
	const struct model *model = fixture_freeze(b, NULL);
	struct export_request request = {.model = model, .view.kind = VIEW_USER};

	assert_text(&request, "user:[100] process owner 0 (0)\n");
	request.with_reasons = true;
	assert_text(&request,
	        "(partial view: /proc hides other users' processes (hidepid))\n"
	        "(partial view: inside a user namespace, what is outside cannot be seen)\n"
	        "user:[100] process owner 0 (0)\n");
	request.filter = &filter;
	assert_text(&request,
	        "(partial view: /proc hides other users' processes (hidepid))\n"
	        "(partial view: inside a user namespace, what is outside cannot be seen)\n"
	        "(filter \"harald\": 0+ of 1+ match)\n");
	model_unref(model);
}

/* What has changed comes from the list, as tags. */
static void test_filter_of_changes(void **state)
{
	const struct model *model = fixture_rich();
	struct u64_set changed = {0};
	const struct filter filter = {.only_changed = true, .changed = &changed};
	const struct filter unknown = {.only_changed = true};

	(void)state;
	for (size_t i = 0; i < model->n_namespaces; i++) {
		if (model->namespaces[i]->inode == 4026532582)
			u64_set_add(&changed, model->namespaces[i]->tag);
	}
	assert_text(
	        &(struct export_request){.model = model, .view.kind = VIEW_USER, .filter = &filter},
	        "(filter changed: 1 of 5 matches)\n"
	        "user:[4026531837] process \"systemd\" owner root (0) (above a match)\n"
	        " └── user:[4026532582] process owner harald (1000)\n");
	assert_text(
	        &(struct export_request){
	                .model = model, .view.kind = VIEW_USER, .filter = &unknown},
	        "(filter changed: 0 of 5 match)\n");
	u64_set_release(&changed);
	model_unref(model);
}

static void test_color(void **state)
{
	(void)state;
	assert_tree(fixture_pids(),
	        &(struct export_request){.view.kind = VIEW_PID, .is_color = true},
	        "\033[32mpid:[4026531836]\033[0m process \"init\" "
	        "owner user:[4026531837] root (0)\n"
	        " ├── \033[32mpid:[4026532468]\033[0m process \"chromium-browser\" "
	        "owner user:[4026532467] foobar (1000)\n"
	        " └── \033[32mpid:[4026532532]\033[0m process \"sh\" "
	        "owner user:[4026531837] root (0)\n");
}

static void test_several_tops(void **state)
{
	(void)state;
	struct builder *b = builder_new();

	fixture_user(b, 100, fixture_user(b, 300, NULL, 1000, NULL), 1000, NULL);
	fixture_user(b, 200, NULL, 0, NULL)->owner_uid_state = REL_HIDDEN;
	assert_tree(fixture_freeze(b, NULL), &(struct export_request){.view.kind = VIEW_USER},
	        "(outside this view)\n"
	        " ├── user:[200] process owner unknown\n"
	        " └── user:[300] process owner 1000 (1000)\n"
	        "     └── user:[100] process owner 1000 (1000)\n");
}

/* One line for each namespace, clean UTF-8, nothing that a terminal obeys, no two names alike. */
static void assert_clean(const char *tree, bool is_ascii)
{
	size_t lines = 0;

	assert_true(utf8_is_valid(tree, strlen(tree)));
	for (const char *s = tree; *s; s++) {
		const unsigned char c = (unsigned char)*s;

		if (c == '\n')
			lines++;
		else
			assert_true(c >= ' ' && c != 0x7f);
		if (is_ascii)
			assert_true(c < 0x7f);
		/* C1 in UTF-8 is C2 80 to C2 9F. */
		assert_false(c == 0xc2 && (unsigned char)s[1] < 0xa0);
	}
	assert_int_equal(lines, 2);
}

static void test_hostile_names(void **state)
{
	(void)state;
	for (int is_ascii = 0; is_ascii < 2; is_ascii++) {
		char *trees[64] = {0};
		size_t n = 0;

		for (const char *const *raw = fixture_hostile_names; *raw; raw++) {
			const struct model *model = fixture_hostile(*raw);

			assert_true(n < 64);
			trees[n] = export(&(struct export_request){
			        .model = model, .view.kind = VIEW_USER, .is_ascii = is_ascii});
			assert_clean(trees[n], is_ascii);
			for (size_t i = 0; i < n; i++)
				assert_string_not_equal(trees[i], trees[n]);
			n++;
			model_unref(model);
		}
		for (size_t i = 0; i < n; i++)
			free(trees[i]);
		print_message("# R2: %zu hostile names in %s: 0 control characters, 0 invalid, no "
		              "two alike\n",
		        n, is_ascii ? "ASCII" : "UTF-8");
	}
}

static void test_many(void **state)
{
	(void)state;
	const struct model *model = fixture_large();
	const double start = fixture_cpu_ms();
	char *tree = export(&(struct export_request){.model = model, .view.kind = VIEW_USER});
	size_t lines = 0;

	print_message("tree text of 5,000 namespaces: %.1f ms\n", fixture_cpu_ms() - start);
	for (const char *s = tree; *s; s++)
		lines += *s == '\n';
	assert_int_equal(lines, 5000);
	free(tree);
	model_unref(model);
}

/* With a guide for each level a chain of 50,000 would be gigabytes. */
static void test_deep(void **state)
{
	enum { DEPTH = 20000 };
	struct builder *const builder = builder_new();
	const struct ns *const top = fixture_user(builder, FIXTURE_INITIAL_USER, NULL, 0, "root");
	const struct model *model;
	char *tree;

	(void)state;
	for (pid_t pid = 1; pid <= DEPTH; pid++) {
		struct process *const process = fixture_process(builder, pid, "sh", top);

		process->ppid = pid - 1;
		process->started = (uint64_t)pid;
	}
	model = fixture_freeze(builder, NULL);
	tree = export(&(struct export_request){.model = model, .view.kind = VIEW_PROCESSES});
	assert_non_null(strstr(tree, "\n(depth 65) 66 "));
	assert_non_null(strstr(tree, " └── 65 "));
	assert_true(strlen(tree) < 100 * DEPTH);
	free(tree);
	model_unref(model);
}

static struct column_list columns_of(const char *list, enum view_kind view)
{
	struct column_list columns;
	const char *bad;
	size_t len;

	assert_int_equal(column_list_parse(&columns, list, view, &bad, &len), 0);
	return columns;
}

static void test_table(void **state)
{
	const struct column_list columns = columns_of("ns,procs,parent,leader", VIEW_USER);

	(void)state;
	assert_tree(fixture_users(),
	        &(struct export_request){.view.kind = VIEW_USER, .columns = &columns},
	        "NAMESPACE                   PROCS  PARENT             LEADER\n"
	        "user:[4026531837]               1  none               init (1)\n"
	        " ├── user:[4026532465]          1  user:[4026531837]  firefox (70)\n"
	        " ├── user:[4026532523]          -  user:[4026531837]  "
	        "held by child user:[4026532524]\n"
	        " │   └── user:[4026532524]      -  user:[4026532523]  no process\n"
	        " └── user:[4026532699]          1  user:[4026531837]  firefox (60)\n");
}

/* Without the column with the tree there is none, and the cells of each column stay aligned. */
static void test_table_without_a_tree(void **state)
{
	const struct column_list columns = columns_of("inode,type", VIEW_PID);

	(void)state;
	assert_tree(fixture_pids(),
	        &(struct export_request){.view.kind = VIEW_PID, .columns = &columns},
	        "     INODE  TYPE\n"
	        "4026531836  pid\n"
	        "4026532468  pid\n"
	        "4026532532  pid\n");
}

static void test_table_in_ascii_and_colour(void **state)
{
	const struct column_list columns = columns_of("owner,ns", VIEW_PID);

	(void)state;
	assert_tree(fixture_pids(),
	        &(struct export_request){.view.kind = VIEW_PID,
	                .columns = &columns,
	                .is_ascii = true,
	                .is_color = true},
	        "OWNER   NAMESPACE\n"
	        "root    \033[32mpid:[4026531836]\033[0m\n"
	        "foobar   |-- \033[32mpid:[4026532468]\033[0m\n"
	        "root     `-- \033[32mpid:[4026532532]\033[0m\n");
}

/* Foreign text is escaped, and measured as it is written. */
static void test_table_of_foreign_text(void **state)
{
	const struct column_list columns = columns_of("command,pid", VIEW_PROCESSES);
	struct builder *b = builder_new();

	(void)state;
	const struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	fixture_process(b, 7, "a\nb\033[31m", top);
	fixture_process(b, 8, "gr\u00f6\u00dfe", top);
	const struct model *model = fixture_freeze(b, NULL);
	struct export_request request = {
	        .model = model, .view.kind = VIEW_PROCESSES, .columns = &columns};
	assert_text(&request, "COMMAND         PID\n"
	                      "a\\x0ab\\x1b[31m    7\n"
	                      "gr\u00f6\u00dfe             8\n");
	request.is_ascii = true;
	assert_text(&request, "COMMAND              PID\n"
	                      "a\\x0ab\\x1b[31m         7\n"
	                      "gr\\u{00f6}\\u{00df}e    8\n");
	model_unref(model);
}

/* A namespace of which nothing could be read: no cell is empty. */
static void test_table_of_what_is_not_known(void **state)
{
	const struct column_list columns =
	        columns_of("inode,id,parent,owner-ns,owner,uid,pid,started,leader", VIEW_NET);
	struct builder *b = builder_new();

	(void)state;
	struct ns *ns = builder_ns(b, NS_NET, 4, 4026532000, NULL);
	ns->owner.state = REL_HIDDEN;
	const struct model *model = fixture_freeze(b, NULL);
	assert_text(
	        &(struct export_request){
	                .model = model, .view.kind = VIEW_NET, .columns = &columns},
	        "     INODE       ID  PARENT  OWNER NS           OWNER                            "
	        "UID  PID"
	        "  STARTED  LEADER\n"
	        "4026532000  unknown  none    outside this view  outside this view  outside this "
	        "view    -"
	        "  unknown  no process\n");
	model_unref(model);
}

/* What is 0 in the model, but only since it was not read. */
static void test_table_of_numbers_that_are_not_known(void **state)
{
	const struct column_list columns =
	        columns_of("pid,ppid,inside,state,differs", VIEW_PROCESSES);
	const struct column_list leader = columns_of("inode,procs,pid,ppid,cgroup", VIEW_USER);
	const struct column_list depth = columns_of("inode,depth", VIEW_USER);
	struct builder *b = builder_new();

	(void)state;
	struct ns *top = fixture_user(b, 5, NULL, 0, "root");
	fixture_user(b, 6, top, 0, "root");
	top->parent.state = REL_HIDDEN;
	fixture_process(b, 7, "sh", top)->state = 0;
	builder_host(b)->partial = 1 << PARTIAL_HIDEPID;
	const struct model *model = fixture_freeze(b, NULL);
	assert_text(
	        &(struct export_request){
	                .model = model, .view.kind = VIEW_PROCESSES, .columns = &columns},
	        "PID     PPID   INSIDE  S        DIFFERS FROM PARENT\n"
	        "  7  unknown  unknown  unknown  unknown\n");
	assert_text(
	        &(struct export_request){
	                .model = model, .view.kind = VIEW_USER, .columns = &leader},
	        "INODE  PROCS      PID     PPID  CGROUP\n"
	        "    5     1+        7  unknown  not read\n"
	        "    6     0+  unknown  unknown  unknown\n");
	assert_text(
	        &(struct export_request){.model = model, .view.kind = VIEW_USER, .columns = &depth},
	        "INODE  DEPTH\n"
	        "    5     0+\n"
	        "    6     1+\n");
	model_unref(model);
}

static void test_table_of_leaked_ones(void **state)
{
	const struct column_list columns = columns_of("ns,held-by", VIEW_ALL);
	const struct model *model = fixture_rich();
	char *text;

	(void)state;
	text = export(&(struct export_request){.model = model,
	        .only_leaked = true,
	        .view.kind = VIEW_PROCESSES,
	        .columns = &columns});
	assert_non_null(strstr(text, "NAMESPACE "));
	assert_null(strstr(text, "──"));
	free(text);
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_as_the_interface_shows_user_namespaces),
	        cmocka_unit_test(test_as_the_interface_shows_pid_namespaces),
	        cmocka_unit_test(test_details),
	        cmocka_unit_test(test_ascii),
	        cmocka_unit_test(test_long_lines),
	        cmocka_unit_test(test_by_owner),
	        cmocka_unit_test(test_leaked),
	        cmocka_unit_test(test_filter),
	        cmocka_unit_test(test_reasons),
	        cmocka_unit_test(test_filter_of_changes),
	        cmocka_unit_test(test_color),
	        cmocka_unit_test(test_several_tops),
	        cmocka_unit_test(test_hostile_names),
	        cmocka_unit_test(test_many),
	        cmocka_unit_test(test_deep),
	        cmocka_unit_test(test_table),
	        cmocka_unit_test(test_table_without_a_tree),
	        cmocka_unit_test(test_table_in_ascii_and_colour),
	        cmocka_unit_test(test_table_of_foreign_text),
	        cmocka_unit_test(test_table_of_what_is_not_known),
	        cmocka_unit_test(test_table_of_numbers_that_are_not_known),
	        cmocka_unit_test(test_table_of_leaked_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
