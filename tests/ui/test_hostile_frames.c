/* SPDX-License-Identifier: Apache-2.0 */

/* A host on which all names are hostile, on all screens: each row of each frame is printable. */

#include "base/arena.h"
#include "base/attributes.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "model/builder.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "ui/app/app.h"
#include "ui/input/keys.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS = 12, ROWS = 40, COLUMNS = 110, MARKS_MAX = 8 };

/* Names that are put between others. */
static const char *const more_names[] = {"\x1b[2J", "\x1b]52;c;eA==\a", "\x1bP+q\x1b\\",
        "\x90\x9d\x9e",
        "\xc2\x9d"
        "0;x\xc2\x9c",
        "\xe2\x81\xa6\xe2\x80\xae\xe2\x81\xa9", "\xf3\xa0\x80\x81\xf3\xa0\x81\xbf", "\xef\xbb\xbf",
        "\xe2\x80\x8b\xe2\x80\x8d", "\xcc\x81\xcc\x81", "a\r\n\tb", "\x0e\x0f\x05", "\xff\xfe\xfd",
        "\xed\xa0\xbd\xed\xb8\x80", "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9",
        "\xe1\x85\x9f\xe3\x85\xa4", NULL};

/* --- a model ---------------------------------------------------------------------------------- */

static void add_part(
        struct builder *builder, unsigned i, struct ns *user, struct ns *pid, const char *name)
{
	const char *const cmdline[] = {name, name, NULL};
	struct ns *own = i % 4 ? user : fixture_user(builder, 1000 + i, user, i, NULL);
	struct ns *net = fixture_owned(builder, NS_NET, 2000 + i, own);
	struct process *process = fixture_process(builder, (pid_t)i, "", own);
	_cleanup_free_ char *id = memory_printf("%u%s", i, name);
	_cleanup_free_ char *path = memory_printf("/run/netns/%s", name);
	struct container *container = builder_container(
	        builder, &(struct container){.kind = CONTAINER_DOCKER, .id = id}, NULL);

	container->name = container->image = container->pod = container->pod_namespace = name;
	container->pod_id = container->unit = container->source = name;
	own->owner_name = name;
	process->name = process->comm = process->cgroup = name;
	process->cmdline = memcpy(
	        arena_array(builder_arena(builder), 3, sizeof(*cmdline)), cmdline, sizeof(cmdline));
	process->ns[NS_PID] = pid;
	process->ns[NS_NET] = i % 2 ? net : NULL;
	process->container = i % 3 ? container : NULL;
	process->uid_state = REL_KNOWN;
	process->uid = i;
	fixture_hold_mount(builder, net, path);
	builder_note(builder, (pid_t)i, name, EACCES);
	builder_note(builder, 0, name, EIO);
}

static const struct model *host_of(const char *name)
{
	struct builder *builder = builder_new();
	struct ns *user = fixture_user(builder, FIXTURE_INITIAL_USER, NULL, 0, NULL);
	struct ns *pid = fixture_pid(builder, FIXTURE_INITIAL_PID, NULL, user);

	for (unsigned i = 1; i <= PARTS; i++)
		add_part(builder, i, user, pid, name);
	builder_host(builder)->name = builder_host(builder)->kernel = name;
	return fixture_freeze(builder, NULL);
}

/* --- frames ----------------------------------------------------------------------------------- */

static bool is_clean(const char *text, size_t len)
{
	int marks = 0;
	char32_t c;

	for (size_t i = 0, n; i < len; i += n) {
		n = utf8_decode(text + i, len - i, &c);
		marks = n && utf8_is_combining(c) ? marks + 1 : 0;
		if (!n || c < ' ' || (c >= 0x7f && c <= 0x9f) || utf8_is_noncharacter(c) ||
		        utf8_is_invisible(c) || marks > MARKS_MAX)
			return false;
	}
	return true;
}

struct session {
	struct app *app;
	uint64_t now;
	size_t n_rows;
	bool is_ascii;
};

static void check_frame(struct session *session)
{
	struct frame frame;

	app_render(session->app, &frame);
	for (int i = 0; i < frame.rows; i++) {
		const struct frame_row *row = &frame.lines[i];

		assert_true(is_clean(row->text, row->len));
		for (size_t k = 0; session->is_ascii && k < row->len; k++)
			assert_true((unsigned char)row->text[k] < 0x80);
		session->n_rows++;
	}
	frame_release(&frame);
}

static void send(struct session *session, struct event event)
{
	event.now_ms = session->now += 100;
	app_handle(session->app, &event);
	check_frame(session);
}

/* All views with rows and pages, copies (their messages), a search in each kind of screen, filters,
 * menus, problems, the graph at each zoom, the network, translations, marks, a file. */
static const char keys[] =
        "t Down y Y c p t Down Down c Tab Down Down Down Down Down Down Down Enter Y y c Esc "
        "V Enter Down Enter Down Down Esc V Down Enter Down V Down Enter Down Down c "
        "V Down Enter Down V Down Enter Down V Down Enter V End Up Up Enter Down Down c Y Enter "
        "Esc "
        "V End Up Enter Down Down Enter Down Down Down y Y c Tab Esc V End Enter Down Down Enter "
        "Down Down Down Down Y p c Esc Esc / 3 1 m Enter n Esc Esc F4 x 1 Enter Down Esc Esc u "
        "Down Enter Esc Esc F6 Down Enter v Down Down + + Down - - - Y / x Enter n Esc w Down "
        "Right + Esc Esc Esc Esc ! Down Down / x Enter Esc Esc U 1 Enter Esc m M n m s Esc ? Esc "
        "F2 Esc | i i O O";

static size_t press_all(const struct model *model, bool is_ascii)
{
	struct app_options options = {.save_stem = "x", .is_ascii = is_ascii};
	struct session session = {.is_ascii = is_ascii};
	_cleanup_free_ char *copy = memory_strdup(keys);
	char *rest = copy, *word;

	settings_init(&options.settings);
	session.app = app_new(&options);
	send(&session, (struct event){.kind = EVENT_RESIZE, .size = {ROWS, COLUMNS}});
	send(&session,
	        (struct event){.kind = EVENT_MODEL, .scan = {.model = model, .is_whole = true}});
	while ((word = strsep(&rest, " "))) {
		const uint32_t key = strlen(word) > 1 ? keys_from_word(word, strlen(word))
		                                      : (unsigned char)*word;

		assert_int_not_equal(key, 0);
		send(&session, (struct event){.kind = EVENT_KEY, .key = key});
	}
	app_free(session.app);
	return session.n_rows;
}

static void test_rows_are_printable(void **state _unused_)
{
	const char *const *const lists[] = {fixture_hostile_names, more_names};
	size_t n_names = 0, n_rows = 0;

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		for (const char *const *name = lists[i]; *name; name++, n_names++) {
			n_rows += press_all(host_of(*name), false);
			n_rows += press_all(host_of(*name), true);
		}
	}
	print_message("# R1: %zu hostile names on all screens, in UTF-8 and ASCII: %zu rows, 0 raw "
	              "bytes\n",
	        n_names, n_rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows_are_printable)};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
