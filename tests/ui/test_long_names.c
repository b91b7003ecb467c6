/* SPDX-License-Identifier: Apache-2.0 */

/* A snapshot may have names of any length. The same keys on two hosts that differ only in the
 * length of all names: what is drawn is what fits, and so is the time. */

#include "base/arena.h"
#include "base/attributes.h"
#include "base/memory.h"
#include "model/builder.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "ui/app/app.h"
#include "ui/input/keys.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

enum {
	PARTS = 100,
	LONG = 1000 * 1000,
	SHORT = 100,
	ROWS = 40,
	COLUMNS = 120,
	KEYS_MAX = 400,
	RUNS = 3,
	RATIO_MAX = 6,  /* it is about 3 */
	FIND_MAX = 500, /* ms, of about 35: more in a build that is slower */
};

/* Text of about `len` bytes of which all must be escaped, or is wide, or is plain. */
static char *name_of(size_t len)
{
	static const char piece[] = "\x1b[31m\\\xe6\xbc\xa2\xcc\x81plain text ";
	char *name = memory_new(len + sizeof(piece));

	for (size_t at = 0; at < len; at += sizeof(piece) - 1)
		memcpy(name + at, piece, sizeof(piece));
	return name;
}

/* What the builder copies has the long name only sometimes, to save memory. */
static const char *sometimes(unsigned i, const char *name)
{
	return i % 8 ? "short" : name;
}

static void add_part(
        struct builder *builder, unsigned i, struct ns *user, struct ns *pid, const char *name)
{
	struct ns *own = i % 4 ? user : fixture_user(builder, 1000 + i, user, i, NULL);
	struct ns *net = fixture_owned(builder, NS_NET, 2000 + i, own);
	struct process *process = fixture_process(builder, (pid_t)i, "", own);
	_cleanup_free_ char *id = memory_printf("%u%s", i, sometimes(i, name));
	struct container *container = builder_container(
	        builder, &(struct container){.kind = CONTAINER_DOCKER, .id = id}, NULL);

	container->name = container->image = container->pod = container->pod_namespace = name;
	container->pod_id = container->unit = container->source = name;
	own->owner_name = name;
	process->name = process->comm = process->cgroup = name;
	process->ns[NS_PID] = pid;
	process->ns[NS_NET] = i % 2 ? net : NULL;
	process->container = i % 3 ? container : NULL;
	process->uid_state = REL_KNOWN;
	process->uid = i;
	fixture_hold_mount(builder, net, sometimes(i, name));
	builder_note(builder, (pid_t)i, sometimes(i, name), EACCES);
}

/* All names are this one. */
static const struct model *host_of(const char *given)
{
	struct builder *builder = builder_new();
	const char *const name = arena_strdup(builder_arena(builder), given);
	struct ns *user = fixture_user(builder, FIXTURE_INITIAL_USER, NULL, 0, NULL);
	struct ns *pid = fixture_pid(builder, FIXTURE_INITIAL_PID, NULL, user);

	for (unsigned i = 1; i <= PARTS; i++)
		add_part(builder, i, user, pid, name);
	builder_host(builder)->name = builder_host(builder)->kernel = name;
	return fixture_freeze(builder, NULL);
}

struct session {
	struct app *app;
	uint64_t now;
};

static void send(struct session *session, struct event event)
{
	struct frame frame;

	event.now_ms = session->now += 100;
	app_handle(session->app, &event);
	app_render(session->app, &frame);
	frame_release(&frame);
}

/* The views by owner, of containers, of processes and of users, with the detail pane, a page of a
 * process and one of a container; the graph and the network; what could not be read, the help, the
 * options, marks, a file to save, copies. */
static const char browse[] =
        "t t Down Down End Home PgDn Down Tab Down Down Down Enter Down Down Tab y Y c Esc "
        "V End Up Up Enter Down Down Enter Down Down Esc Y "
        "V End Up Enter Down Down Enter Down Down Tab Down Tab y Y Esc "
        "V End Enter Down Down Down Enter Down Down Tab Down Y p Esc "
        "v Down Down Right + + - - w Down Down Down + Esc Esc Esc ! Down Down "
        "Esc ? Down Esc F2 Down Esc m M m S Down Esc s x Esc P P";

/* These look at all text, and each at no more than ESCAPE_NAME_MAX bytes of a name. */
static const char find[] =
        "/ p l a i n Enter n n Esc \\ p l a i n Enter Down Esc Esc v / p l a Enter n Esc Esc "
        "! / p l a Enter n Esc Esc 1 0 Enter n Esc";

struct times {
	double keys[KEYS_MAX]; /* each the least of a few runs, in ms of CPU */
	double worst;
	double all;
};

static void press(struct session *session, const char *keys, struct times *times)
{
	_cleanup_free_ char *copy = memory_strdup(keys);
	char *rest = copy, *word;

	times->all = times->worst = 0;
	for (size_t n = 0; (word = strsep(&rest, " ")); n++) {
		const uint32_t key = strlen(word) > 1 ? keys_from_word(word, strlen(word))
		                                      : (unsigned char)*word;
		const double before = fixture_cpu_ms();

		assert_true(n < KEYS_MAX && key);
		send(session, (struct event){.kind = EVENT_KEY, .key = key});
		const double took = fixture_cpu_ms() - before;
		times->keys[n] = times->keys[n] > 0 ? MIN(times->keys[n], took) : took;
		times->worst = MAX(times->worst, times->keys[n]);
		times->all += times->keys[n];
	}
}

struct measured {
	struct times browse, find;
};

static void run(const struct model *model, struct measured *ret)
{
	struct app_options options = {.save_stem = "x", .is_live = true};
	struct session session = {0};

	settings_init(&options.settings);
	session.app = app_new(&options);
	send(&session, (struct event){.kind = EVENT_RESIZE, .size = {ROWS, COLUMNS}});
	send(&session, (struct event){.kind = EVENT_MODEL,
	                       .scan = {.model = model_ref(model), .is_whole = true}});
	press(&session, browse, &ret->browse);
	press(&session, find, &ret->find);
	app_free(session.app);
}

static void measure(size_t len, struct measured *ret)
{
	_cleanup_free_ char *name = name_of(len);
	const struct model *const model = host_of(name);

	*ret = (struct measured){0};
	for (unsigned i = 0; i < RUNS; i++)
		run(model, ret);
	model_unref(model);
}

static void keys_take_as_long_as_with_short_names(void **state _unused_)
{
	struct measured shorter, longer;

	measure(SHORT, &shorter);
	measure(LONG, &longer);
	print_message("# R19: %d names of %d bytes: keys take %.1f times as long as with names of "
	              "%d, the slowest %.1f ms; searches %.1f ms\n",
	        PARTS, LONG, longer.browse.all / shorter.browse.all, SHORT, longer.browse.worst,
	        longer.find.worst);
	assert_true(longer.browse.all < RATIO_MAX * shorter.browse.all);
	assert_true(longer.find.worst < FIND_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(keys_take_as_long_as_with_short_names)};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
