/* SPDX-License-Identifier: Apache-2.0 */

/* What the list costs: its rows built and drawn for 10,000 namespaces, all unfolded, and a
 * key of a search and of a filter over 10,000 namespaces and 10,000 processes. CPU time, medians.
 */

#include "tests/bench/bars.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "ui/app/app.h"
#include "ui/input/keys.h"

#include <locale.h>

enum { TIMES = 15, ROWS = 30, COLUMNS = 100, ROWS_BAR_MS = 5, SEARCH_BAR_MS = 10 };

static const struct {
	const char *what;
	long view;
	bool has_bar; /* for its rows */
} views[] = {{"user namespaces", VIEW_USER, true}, {"namespaces of all types", VIEW_ALL, true},
        {"processes", VIEW_PROCESSES, false}};

/* The slowest key of a text counts. */
static const struct {
	const char *what;
	uint32_t first; /* the key that begins it */
	const char *text;
} searches[] = {{"search", '/', "nginx"}, {"filter", '\\', "harald"}};

static double send(struct app *app, const struct event *event)
{
	const double before = fixture_cpu_ms();
	struct frame frame;

	app_handle(app, event);
	app_render(app, &frame);
	const double took = fixture_cpu_ms() - before;
	frame_release(&frame);
	return took;
}

static double press(struct app *app, uint32_t key)
{
	return send(app, &(struct event){.kind = EVENT_KEY, .key = key});
}

/* Its first model: *ret_ms is what that took. */
static struct app *open_app(const struct model *model, long view, double *ret_ms)
{
	struct app_options options = {.is_live = true};

	settings_init(&options.settings);
	options.settings.values[SETTING_VIEW] = view;
	struct app *const app = app_new(&options);
	send(app,
	        &(struct event){.kind = EVENT_RESIZE, .size = {.rows = ROWS, .columns = COLUMNS}});
	*ret_ms = send(app, &(struct event){.kind = EVENT_MODEL,
	                            .scan = {.model = model_ref(model), .is_whole = true}});
	return app;
}

static double slowest_key(struct app *app, size_t search)
{
	double most = press(app, searches[search].first);

	for (const char *key = searches[search].text; *key; key++) {
		const double took = press(app, (unsigned char)*key);

		most = MAX(most, took);
	}
	return most;
}

static void measure(struct bars *bars, const struct model *model, size_t view)
{
	double rows[TIMES], keys[ARRAY_SIZE(searches)][TIMES];
	char text[80];

	for (size_t i = 0; i < TIMES; i++) {
		for (size_t s = 0; s < ARRAY_SIZE(searches); s++) {
			struct app *const app = open_app(model, views[view].view, &rows[i]);

			keys[s][i] = slowest_key(app, s);
			app_free(app);
		}
	}
	snprintf(text, sizeof(text), "rows built and drawn, %s", views[view].what);
	if (views[view].has_bar)
		bars_most(bars, text, "ms", ROWS_BAR_MS, bars_percentile(rows, TIMES, 50));
	else
		bars_tell(text, "ms", bars_percentile(rows, TIMES, 50));
	for (size_t s = 0; s < ARRAY_SIZE(searches); s++) {
		snprintf(text, sizeof(text), "slowest key of a %s, %s", searches[s].what,
		        views[view].what);
		bars_most(bars, text, "ms", SEARCH_BAR_MS, bars_percentile(keys[s], TIMES, 50));
	}
}

int main(void)
{
	const struct model *const model = fixture_large();
	struct bars bars = {0};

	setlocale(LC_CTYPE, "C.UTF-8");
	for (size_t view = 0; view < ARRAY_SIZE(views); view++)
		measure(&bars, model, view);
	model_unref(model);
	return bars_status(&bars);
}
