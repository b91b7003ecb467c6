/* SPDX-License-Identifier: Apache-2.0 */

/* Screens as text: each file of tests/ui/screens is a script of events and of the rows that are
 * expected then. `UPDATE_SCREENS=1 tests/ui/test_screens` replaces the expected rows by those seen:
 * read the difference before you commit it. One command in a line:
 *
 *     size COLUMNSxROWS
 *     ascii, snapshot, graph, pid, details, view NAME (before any event)
 *     also-ascii             a second app has only ASCII and gets the same events: its screens must
 *                            be the same but for line characters (before any event)
 *     plain                  compare titles and footers as they are, not by name (screen_rows.h)
 *     model FILE             a complete model of tests/ui/models; quick FILE: an incomplete one
 *     keys WORD...           as in keys.def
 *     type TEXT              each character of it; paste TEXT
 *     mouse KIND ROW COLUMN  press, drag, release, up, down
 *     name UID NAME          noname UID
 *     saved PATH             unsaved PATH REASON
 *     existing PATH SIZE AGE  not saved, because the file exists
 *     completed PREFIX TEXT [NAME]...   uncompleted REASON
 *     config PATH            written; noconfig REASON; warning TEXT
 *     facts PID STARTED      made-up facts; nofacts PID STARTED: permission denied
 *     progress PERCENT
 *     wait MILLISECONDS
 *     effects WORD...        the effects of the last command, other than drawing
 *     cursor ROW COLUMN      `hidden` if it is not visible
 *     screen                 the rows that follow, as `NUMBER|TEXT`; all others are blank
 *     changed                the rows that differ from those of the last expectation; all others
 *                            are the same
 *     rows A-B               rows A to B only; of these, those not listed are blank
 */

#include "base/attributes.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "tests/ui/action_scripts.h"
#include "tests/ui/frame_text.h"
#include "tests/ui/model_text.h"
#include "tests/ui/screen_rows.h"
#include "tests/unit.h"
#include "ui/app/app.h"
#include "ui/app/screens.h"
#include "ui/input/keys.h"

#include <dirent.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

struct script {
	const char *name;
	struct app_options options;
	struct app *app;
	bool has_twin;
	struct app *twin; /* gets the same events, and has only ASCII */
	uint64_t now;
	unsigned effects;
	const char *names;         /* the text of row_names.txt; NULL if the script is plain */
	struct screen_rows before; /* what the last expectation saw */
	FILE *updated;             /* the script with what is really seen */
	unsigned faults;
};

static const struct {
	unsigned effect;
	const char *name;
} effect_names[] = {
        {EFFECT_RESCAN, "rescan"},
        {EFFECT_SAVE, "save"},
        {EFFECT_QUIT, "quit"},
        {EFFECT_REPAINT, "repaint"},
        {EFFECT_FACTS, "facts"},
        {EFFECT_COPY, "copy"},
        {EFFECT_COMPLETE, "complete"},
        {EFFECT_SETTINGS, "settings"},
        {EFFECT_CONFIG, "config"},
        {EFFECT_GIVE_UP, "give-up"},
};

static struct app *app_of(struct script *script)
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

static void see_action(const struct script *script, uint32_t key)
{
	const enum action action = keys_action(&script->app->keys, screens_mode(script->app), key);
	const char *wanted = action_scripts[action];

	if (wanted && strcmp(wanted, script->name) == 0)
		is_shown[action] = true;
}

static void send(struct script *script, struct event event)
{
	struct app *app = app_of(script);
	struct event again = event;

	event.now_ms = again.now_ms = script->now;
	if (event.kind == EVENT_MODEL && script->twin)
		again.scan.model = model_ref(event.scan.model);
	const unsigned effects = app_handle(app, &event);
	if (script->twin)
		assert_int_equal(app_handle(script->twin, &again), effects);
	script->effects |= effects;
}

static bool has_faults; /* any script */

static void fault(struct script *script, const char *what, const char *wanted, const char *seen)
{
	script->faults++;
	has_faults = true;
	print_error("%s: %s\n--- wanted\n%s\n--- seen\n%s\n", script->name, what, wanted, seen);
}

/* --- commands --------------------------------------------------------------------- */

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

static void do_progress(struct script *script, const char *text)
{
	send(script, (struct event){
	                     .kind = EVENT_PROGRESS, .percent = (unsigned)strtoul(text, NULL, 10)});
}

static void do_wait(struct script *script, const char *text)
{
	script->now += strtoull(text, NULL, 10);
}

/* --- expectations: they write what is seen into the updated script --------------- */

static void do_effects(struct script *script, const char *text)
{
	char seen[128] = "";
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(effect_names); i++) {
		if (script->effects & effect_names[i].effect)
			n += (size_t)snprintf(seen + n, sizeof(seen) - n, "%s%s", n ? " " : "",
			        effect_names[i].name);
	}
	if (strcmp(seen, text) != 0)
		fault(script, "effects", text, seen);
	fprintf(script->updated, "effects %s\n", seen);
}

static void do_cursor(struct script *script, const char *text)
{
	struct frame frame;
	char seen[64] = "hidden";

	app_render(app_of(script), &frame);
	if (frame.is_cursor_visible)
		snprintf(seen, sizeof(seen), "%d %d", frame.cursor_row, frame.cursor_column);
	frame_release(&frame);
	if (strcmp(seen, text) != 0)
		fault(script, "cursor", text, seen);
	fprintf(script->updated, "cursor %s\n", seen);
}

static void compare_twin(struct script *script, const struct frame *frame)
{
	struct frame twin;

	app_render(script->twin, &twin);
	const char *broken = frame_fault(&twin, true);
	const int row = screen_rows_ascii_fault(frame, &twin);
	if (broken)
		fault(script, broken, "", "");
	if (row >= 0)
		fault(script, "ASCII", frame->lines[row].text, twin.lines[row].text);
	frame_release(&twin);
}

/* What is on the screen now, well formed. */
static struct screen_rows see(struct script *script)
{
	struct screen_rows seen;
	struct frame frame;

	app_render(app_of(script), &frame);
	const char *broken = frame_fault(&frame, script->app->is_ascii);
	if (broken)
		fault(script, broken, "", "");
	if (script->twin)
		compare_twin(script, &frame);
	screen_rows_take(&seen, &frame, script->names);
	frame_release(&frame);
	return seen;
}

/* Compares the rows that follow `line`, screen, changed, or rows A-B, with what is seen. rest
 * begins with these rows; returns what follows them. */
static char *expect_rows(struct script *script, const char *line, char *rest)
{
	struct screen_rows seen = see(script);
	const bool is_changed = strcmp(line, "changed") == 0;
	int first = 0;
	int last = seen.n - 1;
	char *end = rest;

	if (is_changed && script->before.n != seen.n)
		fail_msg("%s: `changed` needs a screen of the same size before", script->name);
	if (strncmp(line, "rows ", 5) == 0) {
		if (sscanf(line, "rows %d-%d", &first, &last) != 2 || first > last ||
		        last >= seen.n)
			fail_msg("%s: wrong rows: %s", script->name, line);
	}
	while (end[strspn(end, " -0123456789")] == '|')
		end = strchrnul(end, '\n') + 1;
	_cleanup_free_ char *wanted = strndup(rest, (size_t)(end - rest));
	_cleanup_free_ char *text =
	        screen_rows_text(&seen, first, last, is_changed ? &script->before : NULL);
	if (strcmp(wanted, text) != 0)
		fault(script, line, wanted, text);
	fprintf(script->updated, "%s\n%s", line, text);
	screen_rows_release(&script->before);
	script->before = seen;
	return end;
}

/* --- scripts ---------------------------------------------------------------------------- */

static const struct {
	const char *word;
	void (*run)(struct script *, const char *);
	bool is_expectation;
} commands[] = {
        {"size", do_size, false},
        {"ascii", do_ascii, false},
        {"also-ascii", do_also_ascii, false},
        {"plain", do_plain, false},
        {"snapshot", do_snapshot, false},
        {"graph", do_graph, false},
        {"pid", do_pid, false},
        {"details", do_details, false},
        {"view", do_view, false},
        {"model", do_model, false},
        {"quick", do_quick, false},
        {"keys", do_keys, false},
        {"type", do_type, false},
        {"paste", do_paste, false},
        {"mouse", do_mouse, false},
        {"name", do_name, false},
        {"noname", do_name, false},
        {"saved", do_saved, false},
        {"unsaved", do_unsaved, false},
        {"existing", do_existing, false},
        {"config", do_config, false},
        {"noconfig", do_noconfig, false},
        {"warning", do_warning, false},
        {"completed", do_completed, false},
        {"uncompleted", do_uncompleted, false},
        {"facts", do_facts, false},
        {"nofacts", do_nofacts, false},
        {"progress", do_progress, false},
        {"wait", do_wait, false},
        {"effects", do_effects, true},
        {"cursor", do_cursor, true},
};

static void run_line(struct script *script, const char *line)
{
	const size_t len = strcspn(line, " ");
	const char *rest = line + len + strspn(line + len, " ");

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strlen(commands[i].word) != len || strncmp(commands[i].word, line, len) != 0)
			continue;
		if (!commands[i].is_expectation) {
			script->effects = 0;
			fprintf(script->updated, "%s\n", line);
		}
		commands[i].run(script, rest);
		return;
	}
	if (*line && *line != '#')
		fail_msg("%s: no such command: %s", script->name, line);
	fprintf(script->updated, "%s\n", line);
}

static void update(const char *path, const char *text)
{
	const char *top = getenv("top_srcdir");
	_cleanup_free_ char *full = memory_printf("%s/%s", top ? top : ".", path);
	_cleanup_fclose_ FILE *file = fopen(full, "we");

	assert_non_null(file);
	fputs(text, file);
}

static bool is_rows(const char *line)
{
	return strcmp(line, "screen") == 0 || strcmp(line, "changed") == 0 ||
	       strncmp(line, "rows ", 5) == 0;
}

static void test_script(void **state)
{
	const char *name = *state;
	struct script script = {.name = name, .now = 1, .options.is_live = true};
	_cleanup_free_ char *path = memory_printf("tests/ui/screens/%s", name);
	_cleanup_free_ char *text = read_source_file(path);
	_cleanup_free_ char *names = read_source_file("tests/ui/row_names.txt");
	_cleanup_free_ char *updated = NULL;
	size_t size;

	assert_non_null(text);
	assert_non_null(names);
	script.names = names;
	settings_init(&script.options.settings);
	script.options.save_stem = "~/db7-20261120-150000";
	script.updated = open_memstream(&updated, &size);
	assert_non_null(script.updated);
	for (char *rest = text; *rest;) {
		char *end = strchrnul(rest, '\n');
		const char *line = rest;

		rest = *end ? end + 1 : end;
		*end = '\0';
		if (is_rows(line))
			rest = expect_rows(&script, line, rest);
		else
			run_line(&script, line);
	}
	app_free(script.app);
	app_free(script.twin);
	screen_rows_release(&script.before);
	assert_int_equal(fclose(script.updated), 0);
	if (getenv("UPDATE_SCREENS"))
		update(path, updated);
	else
		assert_int_equal(script.faults, 0);
}

/* Runs after all of them. */
static void test_each_action_is_shown(void **state)
{
	size_t n;
	const struct key_row *rows = keys_rows(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (!is_shown[rows[i].action])
			fail_msg("%s (%s) is not pressed in %s of tests/ui/screens", rows[i].keys,
			        rows[i].text,
			        action_scripts[rows[i].action] ? action_scripts[rows[i].action]
			                                       : "any script");
	}
}

static int is_script(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && strcmp(dot, ".txt") == 0;
}

int main(void)
{
	const char *top = getenv("top_srcdir");
	_cleanup_free_ char *path = memory_printf("%s/tests/ui/screens", top ? top : ".");
	struct dirent **entries;

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 77;
	const int n = scandir(path, &entries, is_script, alphasort);
	if (n <= 0) {
		fprintf(stderr, "%s: no scripts\n", path);
		return 1;
	}
	struct CMUnitTest *tests = memory_new(((size_t)n + 1) * sizeof(*tests));
	for (int i = 0; i < n; i++) {
		tests[i] = (struct CMUnitTest){.name = entries[i]->d_name,
		        .test_func = test_script,
		        .initial_state = entries[i]->d_name};
	}
	tests[n] = (struct CMUnitTest)cmocka_unit_test(test_each_action_is_shown);
	const int failed = _cmocka_run_group_tests("screens", tests, (size_t)n + 1, NULL, NULL);
	if (has_faults && !getenv("UPDATE_SCREENS"))
		fputs("If the screens changed on purpose: UPDATE_SCREENS=1 make check "
		      "TESTS=tests/ui/test_screens\nwrites what is seen into the scripts. If a "
		      "title "
		      "or a footer changed, edit tests/ui/row_names.txt\nfirst: the scripts then "
		      "keep "
		      "its name.\n",
		        stderr);
	for (int i = 0; i < n; i++)
		free(entries[i]);
	free(entries);
	free(tests);
	return failed;
}
