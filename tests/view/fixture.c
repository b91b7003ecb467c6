/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/view/fixture.h"

#include "base/arena.h"
#include "model/identity.h"
#include "tests/unit.h"

#include <time.h>

enum { DEV = 4 };

static void relate(struct relation *relation, const struct ns *ns)
{
	*relation = (struct relation){.state = ns ? REL_KNOWN : REL_INITIAL, .ns = ns};
}

struct ns *fixture_user(
        struct builder *builder, uint64_t inode, struct ns *parent, uid_t uid, const char *name)
{
	struct ns *ns = builder_ns(builder, NS_USER, DEV, inode, NULL);

	relate(&ns->parent, parent);
	relate(&ns->owner, parent);
	ns->owner_uid_state = REL_KNOWN;
	ns->owner_uid = uid;
	ns->owner_name = arena_strdup(builder_arena(builder), name);
	return ns;
}

struct ns *fixture_pid(
        struct builder *builder, uint64_t inode, struct ns *parent, const struct ns *owner)
{
	struct ns *ns = builder_ns(builder, NS_PID, DEV, inode, NULL);

	relate(&ns->parent, parent);
	if (owner)
		relate(&ns->owner, owner);
	else
		ns->owner.state = REL_HIDDEN;
	return ns;
}

struct ns *fixture_owned(
        struct builder *builder, enum nstype type, uint64_t inode, const struct ns *owner)
{
	struct ns *ns = builder_ns(builder, type, DEV, inode, NULL);

	relate(&ns->owner, owner);
	return ns;
}

struct process *fixture_process(
        struct builder *builder, pid_t pid, const char *name, const struct ns *ns)
{
	struct arena *arena = builder_arena(builder);
	struct process *process = builder_process(builder, pid);
	pid_t *nspid = arena_array(arena, 1, sizeof(*nspid));

	*nspid = pid;
	process->name = process->comm = arena_strdup(arena, name);
	process->nspid = nspid;
	process->n_nspid = 1;
	process->ns[ns->type] = ns;
	return process;
}

void fixture_hold_fd(struct builder *builder, const struct ns *ns, pid_t pid, int fd)
{
	builder_hold(builder, ns, &(struct holder){.kind = HOLDER_FD, .pid = pid, .fd = fd});
}

void fixture_hold_mount(struct builder *builder, const struct ns *ns, const char *path)
{
	builder_hold(builder, ns, &(struct holder){.kind = HOLDER_MOUNT, .path = path});
}

const struct model *fixture_freeze(struct builder *builder, const struct model *previous)
{
	const struct model *model = NULL;
	struct host *host = builder_host(builder);

	if (!host->name) {
		host->name = "db7";
		host->kernel = "6.18.44";
		host->taken = 1795446240; /* 2026-11-23 15:04 UTC */
	}
	identity_carry(builder, previous);
	assert_int_equal(builder_freeze(builder, &model, NULL), 0);
	return model;
}

const struct model *fixture_users(void)
{
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *last = fixture_user(b, 4026532699, top, 1000, "foobar");
	struct ns *hidden = fixture_user(b, 4026532523, top, 1000, "foobar");
	struct ns *first = fixture_user(b, 4026532465, top, 1000, "foobar");

	fixture_user(b, 4026532524, hidden, 1000, "foobar");
	fixture_process(b, 1, "init", top);
	fixture_process(b, 70, "firefox", first);
	fixture_process(b, 60, "firefox", last);
	return fixture_freeze(b, NULL);
}

const struct model *fixture_pids(void)
{
	struct builder *b = builder_new();
	struct ns *user = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *other = fixture_user(b, 4026532467, user, 1000, "foobar");
	struct ns *top = fixture_pid(b, FIXTURE_INITIAL_PID, NULL, user);
	struct ns *shell = fixture_pid(b, 4026532532, top, user);
	struct ns *browser = fixture_pid(b, 4026532468, top, other);

	fixture_process(b, 1, "init", top);
	fixture_process(b, 90, "sh", shell);
	fixture_process(b, 80, "chromium-browser", browser);
	return fixture_freeze(b, NULL);
}

static void add_rich_users(struct builder *b)
{
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *harald = fixture_user(b, 4026532217, top, 1000, "harald");
	struct ns *hidden = fixture_user(b, 4026532582, top, 1000, "harald");
	struct ns *deep = fixture_user(b, 4026532583, hidden, 4711, NULL);
	struct ns *podman = fixture_user(b, 4026532936, top, 1001, "inge");

	fixture_process(b, 1, "systemd", top);
	fixture_process(b, 9403, "sleep", harald);
	fixture_process(b, 1468, "bash", deep);
	fixture_process(b, 17192, "podman", podman);
	fixture_hold_fd(b, hidden, 1468, 7);

	struct ns *net = fixture_owned(b, NS_NET, 4026531833, top);
	fixture_process(b, 2, "sh", net);
	struct ns *blue = fixture_owned(b, NS_NET, 4026532002, top);
	fixture_hold_mount(b, blue, "/run/netns/blue");
	fixture_owned(b, NS_UTS, 4026531838, top);
	struct ns *held = fixture_owned(b, NS_MNT, 4026532003, podman);
	fixture_hold_fd(b, held, 17192, 5);
	fixture_hold_fd(b, held, 17192, 6);
	fixture_hold_mount(b, held, "/run/mnt");
}

static void add_rich_pids(struct builder *b)
{
	const struct ns *user = builder_find_ns(b, NS_USER, DEV, FIXTURE_INITIAL_USER);
	const struct ns *harald = builder_find_ns(b, NS_USER, DEV, 4026532217);
	const struct ns *deep = builder_find_ns(b, NS_USER, DEV, 4026532583);
	const struct ns *podman = builder_find_ns(b, NS_USER, DEV, 4026532936);
	struct ns *top = fixture_pid(b, FIXTURE_INITIAL_PID, NULL, user);
	struct ns *shell = fixture_pid(b, 4026532218, top, harald);
	struct ns *empty = fixture_pid(b, 4026532584, top, deep);
	struct ns *inner = fixture_pid(b, 4026532585, empty, deep);
	struct ns *container = fixture_pid(b, 4026532937, top, podman);
	struct ns *plain = fixture_pid(b, 4026532938, top, user);

	fixture_process(b, 3, "systemd", top);
	fixture_process(b, 9404, "sleep", shell);
	fixture_process(b, 1469, "python3", inner);
	fixture_process(b, 17200, "nginx", container);
	fixture_process(b, 17300, "xdg-desktop-portal-gtk-with-a-very-long-name", plain);
}

const struct model *fixture_rich(void)
{
	struct builder *b = builder_new();

	add_rich_users(b);
	add_rich_pids(b);
	return fixture_freeze(b, NULL);
}

/* Each has as its parent the one with a tenth of its number. */
const struct model *fixture_many(unsigned n)
{
	struct builder *b = builder_new();
	struct ns **users = calloc(n / 2 + 1, sizeof(struct ns *));
	struct ns **pids = calloc(n / 2 + 1, sizeof(struct ns *));

	assert_true(users && pids);
	for (unsigned i = 0; i < n / 2; i++) {
		users[i] = fixture_user(
		        b, FIXTURE_INITIAL_USER + 10 * i, i ? users[i / 10] : NULL, 1000, "harald");
		pids[i] = fixture_pid(
		        b, FIXTURE_INITIAL_USER + 10 * i + 1, i ? pids[i / 10] : NULL, users[i]);
		fixture_process(b, 2 * (pid_t)i + 1, "bash", users[i]);
		fixture_process(b, 2 * (pid_t)i + 2, "nginx", pids[i]);
	}
	free(users);
	free(pids);
	return fixture_freeze(b, NULL);
}

const struct model *fixture_large(void)
{
	return fixture_many(10000);
}

const struct model *fixture_chain(unsigned depth)
{
	struct builder *b = builder_new();
	struct ns *ns = NULL;

	for (unsigned i = 0; i < depth; i++)
		ns = fixture_user(b, FIXTURE_INITIAL_USER + i, ns, 1000, "harald");
	fixture_process(b, 1, "bash", ns);
	return fixture_freeze(b, NULL);
}

const struct model *fixture_hostile(const char *raw)
{
	struct builder *b = builder_new();
	struct ns *user = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, raw);
	struct ns *pid = fixture_pid(b, FIXTURE_INITIAL_PID, NULL, user);
	struct ns *held = fixture_user(b, 4026532582, user, 1000, raw);

	fixture_process(b, 1, raw, user);
	fixture_process(b, 2, raw, pid);
	fixture_hold_mount(b, held, raw);
	struct host *host = builder_host(b);
	host->name = arena_strdup(builder_arena(b), raw);
	host->kernel = host->name;
	return fixture_freeze(b, NULL);
}

const char *const fixture_hostile_names[] = {
        "plain",
        "",
        " two  blanks ",
        "quote\"quote\"",
        "back\\slash",
        "ends in \\",
        "\\",
        "\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\",
        "\\\"",
        "\\N \\G \\E \\L \\T \\H \\n \\l \\r",
        "new\nline",
        "carriage\rreturn",
        "tab\there",
        "\033[31mred\033[0m",
        "\033]0;title\007",
        "\001\002\003\004\005\006\016\037\177",
        "<b>bold</b>",
        "<",
        "]]>",
        "<!--",
        "-->",
        "</svg><script>alert(1)</script>",
        "' onload='x",
        "&amp; &lt; &#65; &",
        "{a|b}",
        "graph",
        "strict digraph {",
        "// comment",
        "/* comment */",
        "#include",
        ";]}",
        "\xff\xfe",
        "caf\xe9",
        "caf\xc3\xa9",
        "\xc0\xaf",
        "\xed\xa0\x80",
        "\xf4\x90\x80\x80",
        "\xef\xbf\xbf",
        "\xef\xbf\xbe",
        "\xc2\x9b"
        "31m",
        "\xe2\x80\xae"
        "desrever",
        "\xe2\x80\xa8line\xe2\x80\xa9",
        "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
        "\xf0\x9f\x90\xa7",
        "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81",
        "123456789 123456789 123456789 123456789 ",
        "123456789 123456789 123456789 123456789 1",
        "123456789 123456789 123456789 12345678\nx",
        "123456789 123456789 123456789 1234567\\\\x",
        "\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
        "\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
        "\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
        "\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
        "\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
        "\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"
        "\xe6\x97\xa5\xe6\x97\xa5",
        NULL,
};

void fixture_text_begin(struct fixture_text *text)
{
	*text = (struct fixture_text){0};
	text->file = open_memstream(&text->text, &text->len);
	assert_non_null(text->file);
}

char *fixture_text_end(struct fixture_text *text)
{
	assert_int_equal(fclose(text->file), 0);
	text->file = NULL;
	return text->text;
}

double fixture_cpu_ms(void)
{
	struct timespec now;

	assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now), 0);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}
