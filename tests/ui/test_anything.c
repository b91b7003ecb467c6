/* SPDX-License-Identifier: Apache-2.0 */

/* 10,000 random keys for each seed, with random sizes, a host that changes, the mouse, and all that
 * can be answered: whatever happens, each frame is one, inside the screen, and the same as before
 * where nothing asks for another. The seeds are fixed. */

#include "base/attributes.h"
#include "base/memory.h"
#include "tests/ui/frame_text.h"
#include "tests/ui/made_facts.h"
#include "tests/ui/world.h"
#include "tests/unit.h"
#include "ui/app/app.h"
#include "ui/app/screens.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

enum { SEEDS = 4, KEYS = 10000 };

struct run {
	struct app *app;
	struct world world;
	bool is_ascii;
	unsigned effects;     /* that were asked for */
	unsigned now_effects; /* by the last event */
	char *seen;           /* on the screen */
	unsigned modes;       /* that the app was in */
	char last[64];        /* event, in words */
	uint64_t now;
	unsigned keys;
	const struct model *model; /* the last that was sent, a reference */
	unsigned others[EVENT_KINDS];
};

static unsigned below(struct run *run, unsigned n)
{
	return world_below(&run->world, n);
}

static void send(struct run *run, struct event event)
{
	event.now_ms = run->now;
	run->others[event.kind]++;
	snprintf(run->last, sizeof(run->last), "event %d, key %#x, mode %d", event.kind,
	        event.kind == EVENT_KEY ? event.key : 0, screens_mode(run->app));
	run->now_effects = app_handle(run->app, &event);
	run->effects |= run->now_effects;
	run->modes |= screens_mode(run->app);
}

/* --- keys ----------------------------------------------------------------------------------- */

/* One that does something somewhere. */
static uint32_t known_key(struct run *run)
{
	size_t n;
	const struct key_row *rows = keys_rows(&n);
	const char *words = rows[below(run, (unsigned)n)].keys;

	for (unsigned skip = below(run, 3); skip && strchr(words, ' '); skip--)
		words = strchr(words, ' ') + 1;
	return keys_from_word(words, strcspn(words, " "));
}

static uint32_t any_key(struct run *run)
{
	switch (below(run, 4)) {
	case 0:
		return NSB_KEY_UP + below(run, NSB_KEY_SHIFT_RIGHT - NSB_KEY_UP + 1);
	case 1:
		return below(run, 50) ? 0x20 + below(run, 0x60) : below(run, 0x110000);
	default:
		return known_key(run);
	}
}

/* --- all the rest ----------------------------------------------------------------------------- */

static void resize(struct run *run)
{
	send(run, (struct event){.kind = EVENT_RESIZE,
	                  .size = {1 + (int)below(run, 40), 1 + (int)below(run, 180)}});
}

static void refresh(struct run *run)
{
	world_change(&run->world);
	model_unref(run->model);
	run->model = world_model(&run->world);
	send(run,
	        (struct event){.kind = EVENT_MODEL,
	                .scan = {.model = model_ref(run->model), .is_whole = below(run, 8) != 0}});
}

static void name(struct run *run)
{
	static const char *const names[] = {"harald", "日本語", "\xff\x1b[2J", NULL, ""};

	send(run, (struct event){.kind = EVENT_NAME,
	                  .user = {.uid = below(run, 6),
	                          .name = names[below(run, ARRAY_SIZE(names))],
	                          .is_failed = below(run, 8) == 0}});
}

static void saved(struct run *run)
{
	const bool is_done = below(run, 2);

	send(run, (struct event){.kind = EVENT_SAVED,
	                  .saved = {.path = "/tmp/\x1b.svg",
	                          .error = is_done ? NULL : "no space left",
	                          .is_existing = !is_done && below(run, 2),
	                          .size = below(run, 10000000),
	                          .age = (int64_t)below(run, 1000000) - 500}});
}

static void config(struct run *run)
{
	send(run, (struct event){.kind = EVENT_CONFIG,
	                  .saved = {.path = "/\xff", .error = below(run, 2) ? NULL : "no"}});
}

static void completed(struct run *run)
{
	static const char *const names[] = {"a\xff", "\x1b]0;b", "日本語"};
	const bool is_asked = run->effects & EFFECT_COMPLETE;

	send(run, (struct event){.kind = EVENT_COMPLETED,
	                  .completed = {.prefix = is_asked && below(run, 2)
	                                                  ? app_complete_prefix(run->app)
	                                                  : "x",
	                          .text = "xy\xff",
	                          .names = names,
	                          .n = below(run, 4),
	                          .n_all = below(run, 200),
	                          .error = below(run, 4) ? NULL : "no such file"}});
}

static void facts(struct run *run)
{
	struct process_facts facts = {
	        .threads = below(run, 100), .error = below(run, 2) ? EACCES : 0};

	if (app_next_process(run->app, &facts.pid, &facts.started))
		send(run, (struct event){.kind = EVENT_FACTS, .facts = &facts});
}

/* Answers some of the requests for what is in namespaces, a few twice. */
static void inside(struct run *run)
{
	static const char *const hows[] = {"", "error", "poor", "links", "many", "bridge"};
	const struct model *model;
	const struct ns *ns;
	unsigned what;

	for (unsigned i = below(run, 8); i > 0 && app_next_ns(run->app, &model, &ns, &what); i--) {
		const char *how =
		        hows[below(run, ns->type == NS_NET ? (unsigned)ARRAY_SIZE(hows) : 3)];
		const uint64_t other =
		        model->namespaces[below(run, (unsigned)model->n_namespaces)]->tag;
		const struct ns_facts *facts = made_facts(ns->type, ns->tag, how, other);

		for (unsigned n = 1 + !below(run, 8); n > 0; n--)
			send(run, (struct event){.kind = EVENT_NS_FACTS, .ns_facts = facts});
		ns_facts_unref(facts);
	}
}

/* Any text of a mount; NULL: not known. */
static const char *mount_text(struct run *run, struct mounts_builder *builder)
{
	static const char *const texts[] = {
	        "/", "/a b", "/\x1b[31m", "", "x\xff", "/srv/日本", "tmpfs", "rw,ro", NULL};
	const char *text = texts[below(run, ARRAY_SIZE(texts))];

	return text ? mounts_builder_intern(builder, text, strlen(text)) : NULL;
}

static void add_mount(struct run *run, struct mounts_builder *builder)
{
	const struct mount_entry entry = {
	        .id = below(run, 9),
	        .parent_id = below(run, 9),
	        .major = below(run, 2),
	        .minor = below(run, 4),
	        .root = mount_text(run, builder),
	        .point = mounts_builder_intern(builder, "/srv", below(run, 5)),
	        .type = mount_text(run, builder),
	        .source = mount_text(run, builder),
	        .options = mount_text(run, builder),
	        .fs_options = mount_text(run, builder),
	        .shared = below(run, 3),
	        .master = below(run, 3),
	        .propagate_from = below(run, 2),
	        .is_covered = below(run, 2),
	};

	mounts_builder_add(builder, &entry);
}

/* Answers a request for mounts, or one that was given up; some mount namespaces are left out. */
static void mounts(struct run *run)
{
	struct mounts_builder *builder;
	const struct model *model = NULL;

	if (!app_next_mounts(run->app, &model) && below(run, 4))
		return;
	builder = mounts_builder_new();
	for (size_t i = 0; run->model && i < run->model->n_namespaces; i++) {
		const struct ns *ns = run->model->namespaces[i];
		const bool is_read = below(run, 4);

		if (ns->type != NS_MNT || !below(run, 8))
			continue;
		for (unsigned n = is_read ? below(run, 9) : 0; n > 0; n--)
			add_mount(run, builder);
		mounts_builder_end(builder, ns->inode, is_read ? 0 : EACCES, below(run, 2));
	}
	const struct mounts *all = mounts_builder_finish(builder);
	send(run, (struct event){.kind = EVENT_MOUNTS, .mounts = below(run, 8) ? all : NULL});
	mounts_unref(all);
}

static void rested(struct run *run)
{
	send(run, (struct event){.kind = EVENT_RESTED});
}

static void progress(struct run *run)
{
	send(run, (struct event){.kind = EVENT_PROGRESS,
	                  .progress = {.percent = below(run, 101), .bytes = below(run, 9)}});
}

static void mouse(struct run *run)
{
	send(run, (struct event){.kind = EVENT_MOUSE,
	                  .mouse = {.kind = (enum mouse_kind)below(run, MOUSE_WHEEL_DOWN + 1),
	                          .row = (int)below(run, 45),
	                          .column = (int)below(run, 190)}});
}

static void paste(struct run *run)
{
	send(run, (struct event){.kind = EVENT_PASTE, .key = 0x20 + below(run, 0x3000)});
}

static void (*const happenings[])(struct run *run) = {
        resize,
        refresh,
        name,
        saved,
        config,
        completed,
        facts,
        inside,
        inside,
        mounts,
        mounts,
        rested,
        rested,
        progress,
        mouse,
        mouse,
        paste,
};

static void assert_frame(struct run *run)
{
	struct frame frame;

	app_render(run->app, &frame);
	const char *fault = frame_fault(&frame, run->is_ascii);
	char *text = frame_text(&frame);
	if (fault)
		fail_msg("%s\n%s", fault, text);
	if (!(run->now_effects & (EFFECT_REDRAW | EFFECT_REPAINT)) &&
	        strcmp(text, run->seen) != 0) {
		fprintf(stderr, "--- before\n%s--- now\n%s", run->seen, text);
		fail_msg("%s: another frame, and nobody asked for it", run->last);
	}
	free(run->seen);
	run->seen = text;
	frame_release(&frame);
}

static void run_seed(uint32_t seed, struct run *run)
{
	struct app_options options = {.is_live = seed % 2,
	        .reads_facts = seed % 2,
	        .is_ascii = seed > 2,
	        .save_stem = "\xffx"};
	uid_t uid;

	settings_init(&options.settings);
	*run = (struct run){.app = app_new(&options),
	        .is_ascii = options.is_ascii,
	        .now_effects = EFFECT_REDRAW};
	world_init(&run->world, seed * 104729);
	run->world.has_owned = true;
	assert_frame(run);
	while (run->keys < KEYS) {
		run->now += below(run, 600);
		if (below(run, 4)) {
			send(run, (struct event){.kind = EVENT_KEY, .key = any_key(run)});
			run->keys++;
		} else {
			happenings[below(run, ARRAY_SIZE(happenings))](run);
		}
		assert_frame(run);
		while (app_next_uid(run->app, &uid))
			assert_true(options.is_live);
	}
	free(run->seen);
	app_free(run->app);
	model_unref(run->model);
}

static void test_anything(void **state)
{
	const unsigned wanted = EFFECT_QUIT | EFFECT_SAVE | EFFECT_SETTINGS | EFFECT_CONFIG |
	                        EFFECT_NS_FACTS | EFFECT_DROP_NS_FACTS;
	unsigned effects = 0, modes = 0;

	(void)state;
	for (uint32_t seed = 1; seed <= SEEDS; seed++) {
		struct run run;

		run_seed(seed, &run);
		print_message(
		        "seed %u: %u keys, %u mouse events, %u resizes, %u refreshes, %u facts\n",
		        seed, run.keys, run.others[EVENT_MOUSE], run.others[EVENT_RESIZE],
		        run.others[EVENT_MODEL], run.others[EVENT_NS_FACTS]);
		effects |= run.effects;
		modes |= run.modes;
	}
	assert_int_equal(effects & wanted, wanted);
	assert_int_equal(modes, (1u << KEY_MODES) - 1); /* no screen was left out */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_anything),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
