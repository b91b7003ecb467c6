/* SPDX-License-Identifier: Apache-2.0 */

/* Screens as text: each file of tests/ui/screens is a script of events (script.h) and of the rows
 * that are expected then. `UPDATE_SCREENS=1 tests/ui/test_screens` replaces the expected rows by
 * those seen: read the difference before you commit it. Expectations, one in a line:
 *
 *     effects WORD...        the effects of the last command, other than drawing
 *     cursor ROW COLUMN      `hidden` if it is not visible
 *     found ROW[TEXT]...     what is highlighted as found, `nothing` if nothing is
 *     looks ROW STYLE[TEXT]...  what is selected, or has the style of an owner, a holder or a
 *                            leaked namespace; `plain` if nothing has
 *     screen                 the rows that follow, as `NUMBER|TEXT`; all others are blank
 *     changed                the rows that differ from those of the last expectation; all others
 *                            are the same
 *     rows A-B               rows A to B only; of these, those not listed are blank
 */

#include "base/attributes.h"
#include "base/memory.h"
#include "base/text.h"
#include "tests/ui/action_scripts.h"
#include "tests/ui/frame_text.h"
#include "tests/ui/model_text.h"
#include "tests/ui/script.h"
#include "tests/unit.h"
#include "ui/app/state.h"

#include <dirent.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

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
        {EFFECT_INTERFACES, "interfaces"},
};

static bool has_faults; /* any script */

static void fault(struct script *script, const char *what, const char *wanted, const char *seen)
{
	script->faults++;
	has_faults = true;
	print_error("%s: %s\n--- wanted\n%s\n--- seen\n%s\n", script->name, what, wanted, seen);
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

	app_render(script_app(script), &frame);
	if (frame.is_cursor_visible)
		snprintf(seen, sizeof(seen), "%d %d", frame.cursor_row, frame.cursor_column);
	frame_release(&frame);
	if (strcmp(seen, text) != 0)
		fault(script, "cursor", text, seen);
	fprintf(script->updated, "cursor %s\n", seen);
}

static void do_found(struct script *script, const char *text)
{
	_cleanup_text_ struct text seen;
	struct frame frame;

	text_init(&seen);
	app_render(script_app(script), &frame);
	for (int i = 0; i < frame.rows; i++) {
		const struct frame_row *row = &frame.lines[i];

		for (size_t k = 0; k < row->n_spans; k++) {
			if (row->spans[k].style == STYLE_MATCH)
				fprintf(seen.out, " %d[%.*s]", i, (int)row->spans[k].len,
				        row->text + row->spans[k].start);
		}
	}
	frame_release(&frame);
	const char *found = *text_get(&seen) ? text_get(&seen) + 1 : "nothing";
	if (strcmp(found, text) != 0)
		fault(script, "found", text, found);
	fprintf(script->updated, "found %s\n", found);
}

static void do_looks(struct script *script, const char *text)
{
	static const char *const names[STYLES] = {[STYLE_SELECTED] = "selected",
	        [STYLE_OWNER] = "owner",
	        [STYLE_HOLDER] = "holder",
	        [STYLE_LEAKED] = "leaked"};
	_cleanup_text_ struct text seen;
	struct frame frame;

	text_init(&seen);
	app_render(script_app(script), &frame);
	for (int i = 0; i < frame.rows; i++) {
		const struct frame_row *row = &frame.lines[i];

		for (size_t k = 0; k < row->n_spans; k++) {
			const struct span *span = &row->spans[k];

			if (names[span->style])
				fprintf(seen.out, " %d %s[%.*s]", i, names[span->style],
				        (int)span->len, row->text + span->start);
		}
	}
	frame_release(&frame);
	const char *looks = *text_get(&seen) ? text_get(&seen) + 1 : "plain";
	if (strcmp(looks, text) != 0)
		fault(script, "looks", text, looks);
	fprintf(script->updated, "looks %s\n", looks);
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

	app_render(script_app(script), &frame);
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
	void (*check)(struct script *, const char *);
} expectations[] = {
        {"effects", do_effects},
        {"cursor", do_cursor},
        {"found", do_found},
        {"looks", do_looks},
};

static void run_line(struct script *script, const char *line)
{
	const size_t len = strcspn(line, " ");
	const char *rest = line + len + strspn(line + len, " ");

	for (size_t i = 0; i < ARRAY_SIZE(expectations); i++) {
		if (strlen(expectations[i].word) != len ||
		        strncmp(expectations[i].word, line, len) != 0)
			continue;
		expectations[i].check(script, rest);
		return;
	}
	fprintf(script->updated, "%s\n", line);
	if (*line && *line != '#' && !script_run(script, line, len, rest))
		fail_msg("%s: no such command: %s", script->name, line);
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
		if (!script_has_shown(rows[i].action))
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
