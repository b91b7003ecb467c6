/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/ui/script.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "model/builder.h"
#include "tests/pictures/hosts.h"
#include "tests/ui/action_scripts.h"
#include "tests/ui/made_facts.h"
#include "tests/ui/model_text.h"
#include "tests/unit.h"
#include "tests/view/mount_fixture.h"
#include "ui/app/screens.h"
#include "ui/input/keys.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct app *script_app(struct script *script)
{
	if (!script->app)
		script->app = app_new(&script->options);
	if (script->has_twin && !script->twin) {
		struct app_options options = script->options;

		options.is_ascii = true;
		script->twin = app_new(&options);
	}
	return script->app;
}

/* Actions whose keys were pressed in their script (action_scripts.h). */
static bool is_shown[ACTIONS];

bool script_has_shown(enum action action)
{
	return is_shown[action];
}

static void see_action(const struct script *script, uint32_t key)
{
	const enum action action = keys_action(&script->app->keys, screens_mode(script->app), key);
	const char *wanted = action_scripts[action];

	if (wanted && strcmp(wanted, script->name) == 0)
		is_shown[action] = true;
}

static void send(struct script *script, struct event event)
{
	struct app *app = script_app(script);
	struct event again = event;

	event.now_ms = again.now_ms = script->now;
	if (event.kind == EVENT_MODEL && script->twin)
		again.scan.model = model_ref(event.scan.model);
	const unsigned effects = app_handle(app, &event);
	if (script->twin)
		assert_int_equal(app_handle(script->twin, &again), effects);
	script->effects |= effects;
}

/* --- commands ------------------------------------------------------------------------------- */

static void do_size(struct script *script, const char *text)
{
	struct event event = {.kind = EVENT_RESIZE};

	assert_int_equal(sscanf(text, "%dx%d", &event.size.columns, &event.size.rows), 2);
	send(script, event);
}

static void do_ascii(struct script *script, const char *text)
{
	(void)text;
	assert_null(script->app);
	script->options.is_ascii = true;
}

static void do_also_ascii(struct script *script, const char *text)
{
	(void)text;
	assert_null(script->app);
	script->has_twin = true;
}

static void do_plain(struct script *script, const char *text)
{
	(void)text;
	script->names = NULL;
}

static void do_snapshot(struct script *script, const char *text)
{
	(void)text;
	assert_null(script->app);
	script->options.is_live = false;
}

static void do_reads_facts(struct script *script, _unused_ const char *text)
{
	assert_null(script->app);
	script->options.reads_facts = true;
}

static void do_cmdlines(struct script *script, const char *text)
{
	(void)text;
	assert_null(script->app);
	script->options.saves_cmdlines = true;
}

static void do_graph(struct script *script, const char *text)
{
	(void)text;
	assert_null(script->app);
	script->options.is_graph = true;
}

static void do_pid(struct script *script, const char *text)
{
	(void)text;
	assert_null(script->app);
	script->options.settings.values[SETTING_VIEW] = VIEW_PID;
}

static void do_set_value(struct script *script, enum setting setting, const char *text)
{
	assert_int_equal(
	        settings_parse(setting, text, &script->options.settings.values[setting]), 0);
}

static void do_view(struct script *script, const char *text)
{
	assert_null(script->app);
	do_set_value(script, SETTING_VIEW, text);
}

static void do_details(struct script *script, const char *text)
{
	(void)text;
	assert_null(script->app);
	script->options.settings.values[SETTING_DETAILS] = true;
}

static void do_model(struct script *script, const char *text)
{
	send(script, (struct event){.kind = EVENT_MODEL,
	                     .scan = {.model = model_from_file(text), .is_whole = true}});
}

/* A snapshot that has mounts. */
static void do_mounted(struct script *script, const char *text)
{
	const struct model *model = model_from_file(text), *fixture = mount_fixture();

	mounts_ref(fixture->mounts);
	builder_set_mounts(model, fixture->mounts);
	model_unref(fixture);
	send(script,
	        (struct event){.kind = EVENT_MODEL, .scan = {.model = model, .is_whole = true}});
}

/* Of a host that is kept up to date. */
static void do_unasked(struct script *script, const char *text)
{
	send(script, (struct event){.kind = EVENT_MODEL,
	                     .scan = {.model = model_from_file(text),
	                             .is_whole = true,
	                             .is_unrequested = true}});
}

static void do_host(struct script *script, const char *text)
{
	send(script, (struct event){.kind = EVENT_MODEL,
	                     .scan = {.model = picture_host_make(text), .is_whole = true}});
}

static void do_quick(struct script *script, const char *text)
{
	send(script, (struct event){.kind = EVENT_MODEL,
	                     .scan = {.model = model_from_file(text), .is_whole = false}});
}

static void do_keys(struct script *script, const char *text)
{
	for (const char *word = text; *word;) {
		const size_t len = strcspn(word, " ");
		const uint32_t key = keys_from_word(word, len);

		if (!key)
			fail_msg("%s: no such key: %s", script->name, word);
		see_action(script, key);
		send(script, (struct event){.kind = EVENT_KEY, .key = key});
		word += len + strspn(word + len, " ");
	}
}

static void send_text(struct script *script, enum event_kind kind, const char *text)
{
	for (size_t n; *text; text += n) {
		char32_t c;

		n = utf8_decode(text, strlen(text), &c);
		assert_true(n > 0);
		send(script, (struct event){.kind = kind, .key = c});
	}
}

static void do_type(struct script *script, const char *text)
{
	send_text(script, EVENT_KEY, text);
}

static void do_paste(struct script *script, const char *text)
{
	send_text(script, EVENT_PASTE, text);
}

static void do_mouse(struct script *script, const char *text)
{
	static const char *const kinds[] = {
	        [MOUSE_PRESS] = "press",
	        [MOUSE_DRAG] = "drag",
	        [MOUSE_RELEASE] = "release",
	        [MOUSE_WHEEL_UP] = "up",
	        [MOUSE_WHEEL_DOWN] = "down",
	};
	struct event event = {.kind = EVENT_MOUSE};
	char kind[16];

	assert_int_equal(
	        sscanf(text, "%15s %d %d", kind, &event.mouse.row, &event.mouse.column), 3);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (strcmp(kinds[i], kind) != 0)
			continue;
		event.mouse.kind = (enum mouse_kind)i;
		send(script, event);
		return;
	}
	fail_msg("%s: no such mouse: %s", script->name, text);
}

static void do_name(struct script *script, const char *text)
{
	char *name;
	const unsigned long uid = strtoul(text, &name, 10);

	name += strspn(name, " ");
	send(script, (struct event){.kind = EVENT_NAME,
	                     .user = {.uid = (uid_t)uid, .name = *name ? name : NULL}});
}

static void do_failed(struct script *script, const char *text)
{
	const uid_t uid = (uid_t)strtoul(text, NULL, 10);

	send(script, (struct event){.kind = EVENT_NAME, .user = {.uid = uid, .is_failed = true}});
}

static void do_retry(struct script *script, _unused_ const char *text)
{
	send(script, (struct event){.kind = EVENT_RETRY});
}

static void do_saved(struct script *script, const char *text)
{
	send(script, (struct event){.kind = EVENT_SAVED, .saved = {.path = text}});
}

static void do_unsaved(struct script *script, const char *text)
{
	_cleanup_free_ char *path = memory_strdup(text);
	char *reason = strchr(path, ' ');

	assert_non_null(reason);
	*reason++ = '\0';
	send(script, (struct event){.kind = EVENT_SAVED, .saved = {.path = path, .error = reason}});
}

static void do_existing(struct script *script, const char *text)
{
	struct event event = {.kind = EVENT_SAVED};
	char path[64];
	unsigned long long size;
	long long age;

	assert_int_equal(sscanf(text, "%63s %llu %lld", path, &size, &age), 3);
	event.saved.path = path;
	event.saved.error = "file exists";
	event.saved.is_existing = true;
	event.saved.size = size;
	event.saved.age = age;
	send(script, event);
}

static void do_config(struct script *script, const char *text)
{
	send(script, (struct event){.kind = EVENT_CONFIG, .saved = {.path = text}});
}

static void do_noconfig(struct script *script, const char *text)
{
	send(script, (struct event){.kind = EVENT_CONFIG,
	                     .saved = {.path = "config file", .error = text}});
}

static void do_warning(struct script *script, const char *text)
{
	send(script, (struct event){.kind = EVENT_WARNING, .warning = text});
}

static void do_completed(struct script *script, const char *text)
{
	_cleanup_free_ char *words = memory_strdup(text);
	const char *names[16] = {NULL};
	size_t n = 0;
	char *rest = words;

	for (char *word; n < ARRAY_SIZE(names) && (word = strsep(&rest, " "));)
		names[n++] = word;
	assert_true(n >= 2);
	send(script, (struct event){.kind = EVENT_COMPLETED,
	                     .completed = {.prefix = names[0],
	                             .text = names[1],
	                             .names = names + 2,
	                             .n = n - 2,
	                             .n_all = n == ARRAY_SIZE(names) ? 99 : n - 2}});
}

static void do_uncompleted(struct script *script, const char *text)
{
	send(script,
	        (struct event){.kind = EVENT_COMPLETED,
	                .completed = {.prefix = app_complete_prefix(script->app), .error = text}});
}

static struct process_facts facts_of(const char *text)
{
	struct process_facts facts = {
	        .uids = {1000, 0, 0, 0},
	        .gids = {1000, 1000, 1000, 1000},
	        .groups = {4, 24, 27, 1000},
	        .n_groups = 4,
	        .caps = {[PROCESS_CAPS_PERMITTED] = 0x3000,
	                [PROCESS_CAPS_EFFECTIVE] = 1,
	                [PROCESS_CAPS_BOUNDING] = 0x1ffffffffff & ~UINT64_C(0x1000000),
	                [PROCESS_CAPS_AMBIENT] = UINT64_C(1) << 63},
	        .is_no_new_privs_known = true,
	        .no_new_privs = true,
	        .is_seccomp_known = true,
	        .seccomp = 2,
	        .threads = 12,
	};
	char *end;

	facts.pid = (pid_t)strtol(text, &end, 10);
	facts.started = strtoull(end, NULL, 10);
	return facts;
}

static void do_facts(struct script *script, const char *text)
{
	const struct process_facts facts = facts_of(text);

	send(script, (struct event){.kind = EVENT_FACTS, .facts = &facts});
}

static void do_nofacts(struct script *script, const char *text)
{
	struct process_facts facts = facts_of(text);

	facts.error = EACCES;
	send(script, (struct event){.kind = EVENT_FACTS, .facts = &facts});
}

static void do_rested(struct script *script, _unused_ const char *text)
{
	send(script, (struct event){.kind = EVENT_RESTED});
}

static void do_inside(struct script *script, const char *text)
{
	char type[16] = "", how[16] = "";
	unsigned long long tag = 0, other = 0;
	enum nstype number;

	assert_true(sscanf(text, "%15s %llu %15s %llu", type, &tag, how, &other) >= 2);
	assert_true(nstype_from_name(type, strlen(type), &number));
	const struct ns_facts *facts = made_facts(number, tag, how, other);
	send(script, (struct event){.kind = EVENT_NS_FACTS, .ns_facts = facts});
	ns_facts_unref(facts);
}

/* True if the app, and its twin, have wanted the mounts. */
static bool wants_mounts(struct script *script)
{
	const struct model *model;
	const bool is_wanted = app_next_mounts(script->app, &model);

	if (script->has_twin)
		assert_int_equal(app_next_mounts(script->twin, &model), is_wanted);
	return is_wanted;
}

static void do_mounts(struct script *script, const char *text)
{
	const struct model *fixture = mount_fixture();
	const bool is_failed = strcmp(text, "failed") == 0;

	assert_true(wants_mounts(script));
	send(script,
	        (struct event){.kind = EVENT_MOUNTS, .mounts = is_failed ? NULL : fixture->mounts});
	model_unref(fixture);
}

static void do_no_mounts(struct script *script, _unused_ const char *text)
{
	assert_false(wants_mounts(script));
}

static void do_progress(struct script *script, const char *text)
{
	struct event event = {.kind = EVENT_PROGRESS};
	char *end;

	event.progress.percent = (unsigned)strtoul(text, &end, 10);
	event.progress.bytes = strtoull(end, NULL, 10);
	send(script, event);
}

static void do_wait(struct script *script, const char *text)
{
	script->now += strtoull(text, NULL, 10);
}

/* Not before the app has wanted it. */
static void do_time(struct script *script, _unused_ const char *text)
{
	const uint64_t at = app_wakes_at(script->app);

	assert_true(at > 0 && at <= script->now);
	send(script, (struct event){.kind = EVENT_TIME});
}

static void do_no_time(struct script *script, _unused_ const char *text)
{
	const uint64_t at = app_wakes_at(script->app);

	assert_true(at == 0 || at > script->now);
}

static void do_watching(struct script *script, const char *text)
{
	struct event event = {.kind = EVENT_WATCHING};
	struct watching *const watching = &event.watching;
	char mode[8], lossy[8] = "";

	assert_true(sscanf(text, "%7s %" SCNd64 " %d %" SCNu64 " %" SCNu64 " %" SCNu64 " %7s", mode,
	                    &watching->age, &watching->error, &watching->n_records,
	                    &watching->n_foreign, &watching->n_lost, lossy) >= 2);
	watching->mode = strcmp(mode, "events") == 0 ? WATCHING_EVENTS : WATCHING_LIST;
	watching->delay = 2000;
	watching->is_lossy = *lossy;
	assert_true(app_shows_watching(script->app));
	send(script, event);
}

/* Only one is kept. */
static void do_interfaces(struct script *script, const char *text)
{
	static char name[32], words[128];
	static const struct help_row row = {name, words};

	assert_int_equal(sscanf(text, "%31s %127[^\n]", name, words), 2);
	send(script, (struct event){.kind = EVENT_INTERFACES, .interfaces = {&row, 1}});
}

static const struct {
	const char *word;
	void (*run)(struct script *, const char *);
} commands[] = {
        {"size", do_size},
        {"ascii", do_ascii},
        {"also-ascii", do_also_ascii},
        {"plain", do_plain},
        {"snapshot", do_snapshot},
        {"cmdlines", do_cmdlines},
        {"graph", do_graph},
        {"pid", do_pid},
        {"details", do_details},
        {"view", do_view},
        {"model", do_model},
        {"mounted", do_mounted},
        {"mounts", do_mounts},
        {"no-mounts", do_no_mounts},
        {"unasked", do_unasked},
        {"host", do_host},
        {"quick", do_quick},
        {"keys", do_keys},
        {"type", do_type},
        {"paste", do_paste},
        {"mouse", do_mouse},
        {"name", do_name},
        {"noname", do_name},
        {"failed", do_failed},
        {"retry", do_retry},
        {"saved", do_saved},
        {"unsaved", do_unsaved},
        {"existing", do_existing},
        {"config", do_config},
        {"noconfig", do_noconfig},
        {"warning", do_warning},
        {"completed", do_completed},
        {"uncompleted", do_uncompleted},
        {"facts", do_facts},
        {"nofacts", do_nofacts},
        {"reads-facts", do_reads_facts},
        {"rested", do_rested},
        {"inside", do_inside},
        {"progress", do_progress},
        {"wait", do_wait},
        {"time", do_time},
        {"no-time", do_no_time},
        {"watching", do_watching},
        {"interfaces", do_interfaces},
};

bool script_run(struct script *script, const char *word, size_t len, const char *rest)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strlen(commands[i].word) != len || strncmp(commands[i].word, word, len) != 0)
			continue;
		script->effects = 0;
		commands[i].run(script, rest);
		return true;
	}
	return false;
}
