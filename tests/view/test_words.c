/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "view/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Each macro writes with one of the functions and compares. */
#define assert_words(expected, call)                                                               \
	do {                                                                                       \
		struct fixture_text text;                                                          \
                                                                                                   \
		fixture_text_begin(&text);                                                         \
		FILE *out = text.file;                                                             \
		call;                                                                              \
		assert_string_equal(fixture_text_end(&text), expected);                            \
		free(text.text);                                                                   \
	} while (0)

static void test_lines_of_user_namespaces(void **state)
{
	(void)state;
	const struct model *m = fixture_rich();
	struct names *names = names_new();

	names_add_model(names, m);
	const struct ns *top = model_find(m, NS_USER, FIXTURE_INITIAL_USER);
	const struct ns *hidden = model_find(m, NS_USER, 4026532582);
	const struct ns *deep = model_find(m, NS_USER, 4026532583);
	assert_words("user:[4026531837] process \"systemd\" owner root (0)",
	        words_line(out, m, top, false, names));
	assert_words(
	        "process \"systemd\" owner root (0)", words_line_rest(out, m, top, false, names));
	assert_words("user:[4026532582] process owner harald (1000)",
	        words_line(out, m, hidden, false, names));
	assert_words("user:[4026532583] process \"bash\" owner 4711 (4711)",
	        words_line(out, m, deep, false, names));
	assert_words("root", words_owner_short(out, top, names));
	assert_words("4711", words_owner_short(out, deep, names));
	assert_words("root (0)", words_owner_user(out, top, NULL));
	assert_words("unknown", words_owner_user(out, NULL, names));

	/* A name that was looked up replaces the snapshot's; that there is none, too. */
	names_add(names, 0, "toor");
	names_add(names, 1000, NULL);
	assert_words("toor (0)", words_owner_user(out, top, names));
	assert_words("1000 (1000)", words_owner_user(out, hidden, names));
	names_free(names);
	model_unref(m);
}

/* 0 of the initial one only, and at least so many below what is not visible. */
static void test_depth(void **state)
{
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, NULL);
	struct ns *below = fixture_user(b, 200, top, 0, NULL);

	(void)state;
	assert_words("0", words_depth(out, top));
	top->parent.state = REL_HIDDEN;
	assert_words("0+", words_depth(out, top));
	top->parent.state = REL_UNSUPPORTED;
	assert_words("unknown", words_depth(out, top));
	const struct model *m = fixture_freeze(b, NULL);
	assert_words("1+", words_depth(out, below));
	model_unref(m);
}

static void test_lines_of_pid_namespaces(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	struct ns *user = fixture_user(b, 100, NULL, 1000, "foobar");
	struct ns *veiled = fixture_user(b, 200, user, 0, NULL);
	struct ns *top = fixture_pid(b, 300, NULL, user);

	veiled->owner_uid_state = REL_UNSUPPORTED;
	fixture_pid(b, 400, top, veiled);
	fixture_pid(b, 500, top, NULL);
	fixture_process(b, 1, "sh", top);
	const struct model *m = fixture_freeze(b, NULL);

	assert_words("pid:[300] process \"sh\" owner user:[100] foobar (1000)",
	        words_line(out, m, model_find(m, NS_PID, 300), false, NULL));
	assert_words("pid:[400] process owner user:[200] unknown",
	        words_line(out, m, model_find(m, NS_PID, 400), false, NULL));
	assert_words("pid:[500] process owner unknown",
	        words_line(out, m, model_find(m, NS_PID, 500), false, NULL));
	assert_words("user:[200] process owner unknown",
	        words_line(out, m, model_find(m, NS_USER, 200), false, NULL));
	assert_words("foobar", words_owner_short(out, model_find(m, NS_PID, 300), NULL));
	assert_words("?", words_owner_short(out, model_find(m, NS_PID, 400), NULL));
	assert_words("?", words_owner_short(out, model_find(m, NS_PID, 500), NULL));
	assert_words("pid:[300] process \"sh\"",
	        words_line(out, m, model_find(m, NS_PID, 300), true, NULL));
	model_unref(m);
}

static void test_lines_of_owned_namespaces(void **state)
{
	(void)state;
	const struct model *m = fixture_rich();

	assert_words("net:[4026531833] process \"sh\"",
	        words_line(out, m, model_find(m, NS_NET, 4026531833), true, NULL));
	assert_words("net:[4026532002] held by mount /run/netns/blue",
	        words_line(out, m, model_find(m, NS_NET, 4026532002), true, NULL));
	assert_words("mnt:[4026532003] held by fd 5 of podman (17192) and 2 more",
	        words_line(out, m, model_find(m, NS_MNT, 4026532003), false, NULL));
	assert_words("uts:[4026531838] held by nothing known",
	        words_line(out, m, model_find(m, NS_UTS, 4026531838), false, NULL));
	model_unref(m);
}

/* Of a partial view: there may be more holders. */
static void test_more_holders(void **state)
{
	struct builder *b = builder_new();
	struct ns *net = fixture_owned(b, NS_NET, 300, fixture_user(b, 100, NULL, 0, "root"));

	(void)state;
	for (int fd = 5; fd < 8; fd++)
		fixture_hold_fd(b, net, 1, fd);
	builder_host(b)->partial = 1u << PARTIAL_UNREADABLE;
	const struct model *m = fixture_freeze(b, NULL);
	assert_words("net:[300] held by fd 5 of PID 1 and 2+ more",
	        words_line(out, m, model_find(m, NS_NET, 300), false, NULL));
	assert_words(
	        "fd 5 of PID 1 and 2+ more", words_held_by(out, m, model_find(m, NS_NET, 300), 1));
	model_unref(m);
}

static void hold_mount(struct builder *b, const struct ns *ns, const char *path, uint64_t mnt)
{
	builder_hold(b, ns, &(struct holder){.kind = HOLDER_MOUNT, .path = path, .mnt = mnt});
}

/* One text for a path, and for many descriptors or threads of a process. */
static void test_groups_of_holders(void **state)
{
	struct builder *b = builder_new();
	struct ns *user = fixture_user(b, 100, NULL, 0, "root");
	struct ns *many = fixture_owned(b, NS_NET, 300, user);
	struct ns *few = fixture_owned(b, NS_NET, 301, user);
	struct ns *threads = fixture_owned(b, NS_NET, 302, user);

	(void)state;
	for (uint64_t mnt = 1; mnt <= 14; mnt++)
		hold_mount(b, many, "/run/netns/green", mnt);
	hold_mount(b, many, "/run/netns/red", 1);
	for (int fd = 5; fd < 12; fd++)
		fixture_hold_fd(b, many, 1, fd);
	hold_mount(b, few, "/x", 1);
	hold_mount(b, few, "/x", 0);
	for (int fd = 5; fd < 8; fd++)
		fixture_hold_fd(b, few, 1, fd);
	for (pid_t tid = 11; tid < 20; tid++) {
		builder_hold(b, threads,
		        &(struct holder){.kind = HOLDER_THREAD, .fd = -1, .pid = 10, .tid = tid});
		builder_hold(b, threads,
		        &(struct holder){
		                .kind = HOLDER_FOR_CHILDREN, .fd = -1, .pid = 10, .tid = tid});
	}
	const struct model *m = fixture_freeze(b, NULL);

	many = builder_own(model_find(m, NS_NET, 300));
	few = builder_own(model_find(m, NS_NET, 301));
	threads = builder_own(model_find(m, NS_NET, 302));
	assert_words("fds 5, 6, 7 and 4 more of PID 1; mount /run/netns/green in 14 mount "
	             "namespaces; mount /run/netns/red",
	        words_held_by(out, m, many, 9));
	assert_words("fds 5, 6, 7 and 4 more of PID 1 and 15 more", words_held_by(out, m, many, 1));
	assert_words("held by fds 5, 6, 7 and 4 more of PID 1", words_leader(out, m, many));
	assert_words("net:[300] held by fds 5, 6, 7 and 4 more of PID 1 and 15 more",
	        words_line(out, m, many, true, NULL));
	assert_words(" held by 7 fds, 15 mounts of 2 paths", words_long(out, m, many, false));
	/* Three are no group; a mount namespace that is not known may be the other one. */
	assert_words("fd 5 of PID 1; fd 6 of PID 1; fd 7 of PID 1; mount /x in 1+ mount namespaces",
	        words_held_by(out, m, few, 9));
	assert_words("threads 11, 12, 13 and 6 more of PID 10; 9 links for children of PID 10",
	        words_held_by(out, m, threads, 9));
	model_unref(m);
}

static void test_errors(void **state)
{
	const struct host root = {.euid = 0}, user = {.euid = 1000};

	(void)state;
	assert_string_equal(words_error(&root, EACCES), "permission denied");
	assert_string_equal(words_error(&user, EPERM), "permission denied (run as root)");
	assert_string_equal(words_error(&root, ESTALE), "another mount is over it");
	assert_string_equal(words_error(&root, EMFILE), strerror(EMFILE));
}

static void test_leaders(void **state)
{
	(void)state;
	const struct model *m = fixture_rich();

	assert_words("bash (1468)", words_leader(out, m, model_find(m, NS_USER, 4026532583)));
	assert_words("held by fd 7 of bash (1468)",
	        words_leader(out, m, model_find(m, NS_USER, 4026532582)));
	assert_words("held by mount /run/netns/blue",
	        words_leader(out, m, model_find(m, NS_NET, 4026532002)));
	assert_words("no process", words_leader(out, m, model_find(m, NS_UTS, 4026531838)));
	model_unref(m);
}

static void test_holders(void **state)
{
	(void)state;
	const struct model *m = fixture_users();
	const struct ns *ns = model_find(m, NS_USER, 4026532524);
	const struct holder holders[] = {
	        {.kind = HOLDER_FD, .pid = 70, .fd = 5},
	        {.kind = HOLDER_SOCKET, .pid = 70, .fd = 9},
	        {.kind = HOLDER_THREAD, .pid = 70, .tid = 71},
	        {.kind = HOLDER_FOR_CHILDREN, .pid = 70, .tid = 70},
	        {.kind = HOLDER_MOUNT, .path = "/run/a\nb"},
	        {.kind = HOLDER_CHILD, .ns = ns},
	        {.kind = HOLDER_OWNS, .ns = ns},
	        {.kind = HOLDER_FD, .pid = 999, .fd = 3},
	        {.kind = HOLDER_FD, .pid = 70, .tid = 71, .fd = 5},
	        {.kind = HOLDER_SOCKET, .pid = 70, .tid = 71, .fd = 5},
	        {.kind = HOLDER_OTHER, .pid = 70, .path = "pid\nfd"},
	        {.kind = HOLDER_OTHER, .path = "cache"},
	};

	assert_words("fd 5 of firefox (70)", words_holder(out, m, &holders[0]));
	assert_words("socket fd 9 of firefox (70)", words_holder(out, m, &holders[1]));
	assert_words("thread 71 of firefox (70)", words_holder(out, m, &holders[2]));
	assert_words("link for children of firefox (70)", words_holder(out, m, &holders[3]));
	assert_words("mount /run/a\\x0ab", words_holder(out, m, &holders[4]));
	assert_words("child user:[4026532524]", words_holder(out, m, &holders[5]));
	assert_words("owned user:[4026532524]", words_holder(out, m, &holders[6]));
	assert_words("fd 3 of PID 999", words_holder(out, m, &holders[7]));
	assert_words("fd 5 of thread 71 of firefox (70)", words_holder(out, m, &holders[8]));
	assert_words("socket fd 5 of thread 71 of firefox (70)", words_holder(out, m, &holders[9]));
	assert_words("pid\\x0afd of firefox (70)", words_holder(out, m, &holders[10]));
	assert_words("cache", words_holder(out, m, &holders[11]));
	model_unref(m);
}

static void test_all_that_holds(void **state)
{
	(void)state;
	const struct model *m = fixture_rich();
	const struct ns *top = model_find(m, NS_PID, FIXTURE_INITIAL_PID);
	const struct ns *held = model_find(m, NS_MNT, 4026532003);
	const struct ns *blue = model_find(m, NS_NET, 4026532002);

	assert_words("fd 5 of podman (17192); fd 6 of podman (17192); mount /run/mnt",
	        words_held_by(out, m, held, 3));
	assert_words("fd 5 of podman (17192) and 2 more", words_held_by(out, m, held, 1));
	assert_words("3 more", words_held_by(out, m, held, 0));
	assert_words("1 process; 4 children", words_held_by(out, m, top, 1));
	assert_words("child pid:[4026532585]",
	        words_held_by(out, m, model_find(m, NS_PID, 4026532584), 1));
	assert_words("1 process; 3 children; 5 owned namespaces",
	        words_held_by(out, m, model_find(m, NS_USER, FIXTURE_INITIAL_USER), 0));
	assert_words("fd 7 of bash (1468); child user:[4026532583]",
	        words_held_by(out, m, model_find(m, NS_USER, 4026532582), 3));
	assert_words("1 more; child user:[4026532583]",
	        words_held_by(out, m, model_find(m, NS_USER, 4026532582), 0));
	assert_words("mount /run/netns/blue", words_held_by(out, m, blue, 9));
	assert_words("nothing known", words_held_by(out, m, model_find(m, NS_UTS, 4026531838), 9));
	model_unref(m);
}

/* Of which the kernel has nothing but the number. */
static void test_listed_ones(void **state)
{
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, 100, NULL, 0, "root");
	struct ns *net = fixture_owned(b, NS_NET, 300, top);
	struct ns *pid = fixture_pid(b, 400, NULL, top);

	(void)state;
	net->is_listed_only = pid->is_listed_only = true;
	const struct model *m = fixture_freeze(b, NULL);

	net = builder_own(model_find(m, NS_NET, 300));
	pid = builder_own(model_find(m, NS_PID, 400));
	assert_words("nothing known; listed by the kernel", words_held_by(out, m, net, 3));
	assert_words("no process; listed by the kernel", words_leader(out, m, net));
	assert_words("no process; listed by the kernel", words_holders_alike(out, m, pid));
	assert_words("net:[300] held by nothing known; listed by the kernel",
	        words_line(out, m, net, true, NULL));
	assert_words("owner user:[100] root (0) held by nothing known; listed by the kernel",
	        words_leaked_rest(out, m, net, NULL));
	assert_words("pid:[400] process owner user:[100] root (0)",
	        words_line(out, m, pid, false, NULL));
	assert_words(" listed by the kernel", words_long(out, m, pid, false));
	/* Their lines say so already. */
	assert_words("", words_long(out, m, pid, true));
	assert_words("", words_long(out, m, net, false));
	assert_words("no process", fputs(words_no_process(m, net), out));
	model_unref(m);
}

/* A user namespace that everything holds at least twice, or once. */
static const struct model *held_by_all(unsigned times)
{
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, 100, NULL, 0, "root");
	struct ns *ns = fixture_user(b, 200, top, 1000, "harald");
	static const char *const paths[] = {"/run/a", "/run/b"};

	fixture_process(b, 1, "init", top);
	for (unsigned i = 0; i < times; i++) {
		const struct holder holders[] = {
		        {.kind = HOLDER_FD, .pid = 1, .fd = (int)i},
		        {.kind = HOLDER_MOUNT, .path = paths[i]},
		        {.kind = HOLDER_THREAD, .pid = 1, .tid = 2 + (pid_t)i},
		        {.kind = HOLDER_SOCKET, .pid = 1, .fd = (int)i},
		        {.kind = HOLDER_FOR_CHILDREN, .pid = 1, .tid = 1 + (pid_t)i},
		};

		for (size_t j = 0; j < sizeof(holders) / sizeof(*holders); j++)
			builder_hold(b, ns, &holders[j]);
		fixture_user(b, 300 + i, ns, 1000, "harald");
		fixture_owned(b, NS_NET, 400 + i, ns);
	}
	return fixture_freeze(b, NULL);
}

static void test_long_lines(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	struct ns *ns = fixture_user(b, 100, NULL, 0, NULL);
	const pid_t nspid[] = {1374, 20, 1};
	struct process *leader = fixture_process(b, 1374, "firefox", ns);

	leader->nspid = nspid;
	leader->n_nspid = 3;
	fixture_process(b, 1375, "firefox", ns);
	fixture_hold_fd(b, ns, 1374, 5);
	fixture_hold_fd(b, ns, 1374, 6);
	fixture_hold_mount(b, ns, "/run/a");
	fixture_user(b, 200, ns, 0, NULL);
	const struct model *m = fixture_freeze(b, NULL);

	assert_words(" pid 1374/1 processes 2 held by 2 fds, 1 mount, 1 child",
	        words_long(out, m, model_find(m, NS_USER, 100), false));
	assert_words("", words_long(out, m, model_find(m, NS_USER, 200), false));
	model_unref(m);

	m = fixture_users();
	assert_words(" pid 60/60 processes 1",
	        words_long(out, m, model_find(m, NS_USER, 4026532699), false));
	model_unref(m);

	m = held_by_all(1);
	assert_words(
	        " held by 1 fd, 1 mount, 1 thread, 1 socket, 1 link for children, 1 child, 1 owned",
	        words_long(out, m, model_find(m, NS_USER, 200), false));
	model_unref(m);
	m = held_by_all(2);
	assert_words(" held by 2 fds, 2 mounts, 2 threads, 2 sockets, 2 links for children, "
	             "2 children, 2 owned",
	        words_long(out, m, model_find(m, NS_USER, 200), false));
	assert_words("fd 0 of init (1); fd 1 of init (1); mount /run/a; mount /run/b; "
	             "thread 2 of init (1); thread 3 of init (1); socket fd 0 of init (1) "
	             "and 3 more; 2 children; 2 owned namespaces",
	        words_held_by(out, m, model_find(m, NS_USER, 200), 7));
	model_unref(m);
}

static void test_leaked_ones(void **state)
{
	(void)state;
	const struct model *m = fixture_rich();

	assert_words("owner user:[4026531837] root (0) held by mount /run/netns/blue",
	        words_leaked_rest(out, m, model_find(m, NS_NET, 4026532002), NULL));
	assert_words("owner user:[4026532936] inge (1001) held by fd 5 of podman (17192); "
	             "fd 6 of podman (17192); mount /run/mnt",
	        words_leaked_rest(out, m, model_find(m, NS_MNT, 4026532003), NULL));
	model_unref(m);

	struct builder *b = builder_new();
	fixture_hold_fd(b, fixture_owned(b, NS_NET, 300, NULL), 9, 3);
	struct ns *ns = fixture_user(b, 100, NULL, 0, NULL);
	ns->owner_uid_state = REL_HIDDEN;
	fixture_hold_mount(b, ns, "/a\nb");
	m = fixture_freeze(b, NULL);
	assert_words("owner unknown held by fd 3 of PID 9",
	        words_leaked_rest(out, m, model_find(m, NS_NET, 300), NULL));
	assert_words("owner unknown held by mount /a\\x0ab",
	        words_leaked_rest(out, m, model_find(m, NS_USER, 100), NULL));
	model_unref(m);
}

static void test_users_that_are_not_mapped(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	struct ns *unmapped = fixture_user(b, 100, NULL, 0, NULL);
	struct ns *ambiguous = fixture_user(b, 200, NULL, 65534, NULL);
	struct process *process = fixture_process(b, 7, "x", ambiguous);

	unmapped->owner_uid_state = REL_UNMAPPED;
	ambiguous->owner_uid_state = REL_AMBIGUOUS;
	process->uid_state = REL_AMBIGUOUS;
	process->uid = 65534;
	process->is_self = true;
	ambiguous->owner_name = "nobody";
	const struct model *m = fixture_freeze(b, NULL);
	struct names *names = names_new();

	names_add_model(names, m);
	assert_false(names_is_settled(names, 65534));
	/* That of the ID, not of the user. */
	names_add(names, 65534, "nobody");
	const struct ns *first = model_find(m, NS_USER, 100), *second = model_find(m, NS_USER, 200);
	assert_words("user:[100] process owner not mapped here",
	        words_line(out, m, first, false, names));
	assert_words("user:[200] process \"x\" owner 65534 or not mapped here",
	        words_line(out, m, second, false, names));
	assert_words("not mapped here", words_owner_short(out, first, names));
	assert_words("65534 or not mapped here", words_owner_short(out, second, names));
	assert_words("65534 or not mapped here", words_process_user(out, m->processes[0], names));
	assert_words("\"x\" user 65534 or not mapped here this program",
	        words_process_line_rest(out, m->processes[0], 0, names));
	names_free(names);
	model_unref(m);
}

/* An unknown name is not stated as an empty one, nor as one that a process may have. */
static void test_names_that_could_not_be_read(void **state)
{
	(void)state;
	const char *const names[] = {"", "?"};
	const char *const words[] = {"?", "\"?\""};

	for (size_t i = 0; i < 2; i++) {
		struct builder *b = builder_new();
		char line[64];

		fixture_process(b, 7, names[i], fixture_user(b, 100, NULL, 0, "root"));
		const struct model *m = fixture_freeze(b, NULL);
		snprintf(line, sizeof(line), "user:[100] process %s owner root (0)", words[i]);
		assert_words(line, words_line(out, m, model_find(m, NS_USER, 100), false, NULL));
		snprintf(line, sizeof(line), "%s user unknown", words[i]);
		assert_words(line, words_process_line_rest(out, m->processes[0], 0, NULL));
		model_unref(m);
	}
}

static void test_foreign_text_is_escaped(void **state)
{
	(void)state;
	const struct model *m = fixture_hostile("a\"b\\N\n\033<&\xff");
	const struct ns *top = model_find(m, NS_USER, FIXTURE_INITIAL_USER);

	assert_words("user:[4026531837] process \"a\\\"b\\\\N\\x0a\\x1b<&\\xff\" "
	             "owner a\"b\\\\N\\x0a\\x1b<&\\xff (0)",
	        words_line(out, m, top, false, NULL));
	assert_words("a\"b\\\\N\\x0a\\x1b<&\\xff (1)", words_leader(out, m, top));
	model_unref(m);
}

static void test_names(void **state)
{
	(void)state;
	struct names *names = names_new();

	assert_null(names_get(names, 0));
	assert_false(names_is_settled(names, 0));
	for (uid_t uid = 0; uid < 5000; uid++) {
		char name[16];

		snprintf(name, sizeof(name), "u%u", uid);
		names_add(names, uid * 7, name);
	}
	names_add(names, UINT32_MAX, NULL);
	names_add(names, 14, "two");
	assert_string_equal(names_get(names, 4999 * 7), "u4999");
	assert_string_equal(names_get(names, 14), "two");
	assert_null(names_get(names, UINT32_MAX));
	assert_true(names_is_settled(names, UINT32_MAX));
	assert_false(names_is_settled(names, 1));
	names_free(names);
	names_free(NULL);
}

/* The UIDs of failed look-ups as text: `1 2`. */
static void assert_failed(const struct names *names, const char *expected)
{
	struct u64_set failed = {0};
	char text[64] = "";

	names_get_failed(names, &failed);
	for (size_t i = 0; i < failed.n; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%u", i ? " " : "",
		        (unsigned)failed.items[i]);
	assert_string_equal(text, expected);
	assert_int_equal(names_n_failed(names), failed.n);
	u64_set_release(&failed);
}

static void test_names_that_are_missing(void **state)
{
	(void)state;
	struct names *names = names_new();

	assert_false(names_is_missing(names));
	assert_true(names_request(names, 7));
	assert_false(names_request(names, 7));
	assert_true(names_is_missing(names));
	assert_failed(names, "");
	assert_true(names_fail(names, 7));
	assert_false(names_fail(names, 7));
	assert_true(names_fail(names, 5));
	assert_false(names_request(names, 7));
	assert_false(names_is_settled(names, 7));
	assert_failed(names, "5 7");
	names_add(names, 7, "seven");
	assert_false(names_fail(names, 7));
	assert_string_equal(names_get(names, 7), "seven");
	assert_failed(names, "5");
	names_add(names, 5, NULL);
	assert_failed(names, "");
	assert_false(names_is_missing(names));
	names_free(names);
}

/* Users of namespaces and processes, and the user of the scan. */
static void test_failures_of_users_who_are_gone_are_forgotten(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	struct ns *user = fixture_user(b, 100, NULL, 1000, NULL);

	fixture_process(b, 1, "init", fixture_pid(b, 300, NULL, user))->uid = 2000;
	builder_host(b)->euid = 3000;
	const struct model *model = fixture_freeze(b, NULL);
	struct names *names = names_new();

	for (uid_t uid = 1000; uid <= 4000; uid += 1000)
		names_fail(names, uid);
	names_forget_failed(names, model);
	assert_failed(names, "1000 2000 3000");
	assert_true(names_request(names, 4000));
	names_free(names);
	model_unref(model);
}

static void test_every_state_has_words(void **state)
{
	(void)state;
	for (int i = REL_KNOWN; i <= REL_FAILED; i++)
		assert_non_null(words_state((enum rel_state)i));
	assert_string_equal(words_state(REL_HIDDEN), "outside this view");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_lines_of_user_namespaces),
	        cmocka_unit_test(test_depth),
	        cmocka_unit_test(test_lines_of_pid_namespaces),
	        cmocka_unit_test(test_lines_of_owned_namespaces),
	        cmocka_unit_test(test_more_holders),
	        cmocka_unit_test(test_groups_of_holders),
	        cmocka_unit_test(test_errors),
	        cmocka_unit_test(test_leaders),
	        cmocka_unit_test(test_holders),
	        cmocka_unit_test(test_all_that_holds),
	        cmocka_unit_test(test_listed_ones),
	        cmocka_unit_test(test_long_lines),
	        cmocka_unit_test(test_leaked_ones),
	        cmocka_unit_test(test_users_that_are_not_mapped),
	        cmocka_unit_test(test_names_that_could_not_be_read),
	        cmocka_unit_test(test_foreign_text_is_escaped),
	        cmocka_unit_test(test_names),
	        cmocka_unit_test(test_names_that_are_missing),
	        cmocka_unit_test(test_failures_of_users_who_are_gone_are_forgotten),
	        cmocka_unit_test(test_every_state_has_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
