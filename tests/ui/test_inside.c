/* SPDX-License-Identifier: Apache-2.0 */

/* When the facts of a namespace are requested: only of the one whose page is in view, after the
 * selection has rested on it, again with each model, but for many that follow each other, and at
 * times without one. */

#include "base/attributes.h"
#include "base/text.h"
#include "tests/ui/frame_text.h"
#include "tests/ui/made_facts.h"
#include "tests/ui/model_text.h"
#include "tests/unit.h"
#include "ui/app/app.h"

#include <stdlib.h>
#include <string.h>

static const uint64_t HOST = 4026531840, GREEN = 4026532212;

static struct app *app_of(bool is_live)
{
	struct settings settings;

	settings_init(&settings);
	settings.values[SETTING_VIEW] = VIEW_NET;
	return app_new(&(struct app_options){
	        .settings = settings, .is_live = is_live, .reads_facts = true, .save_stem = "x"});
}

static unsigned send(struct app *app, struct event event)
{
	event.now_ms = 1000;
	return app_handle(app, &event);
}

static unsigned send_key(struct app *app, uint32_t key)
{
	return send(app, (struct event){.kind = EVENT_KEY, .key = key});
}

static unsigned send_model(struct app *app)
{
	const struct model *model = model_from_file("containers.model");

	return send(app,
	        (struct event){.kind = EVENT_MODEL, .scan = {.model = model, .is_whole = true}});
}

static unsigned rest(struct app *app)
{
	return send(app, (struct event){.kind = EVENT_RESTED});
}

static unsigned answer(struct app *app, uint64_t tag, const char *how)
{
	const struct ns_facts *facts = made_facts(NS_NET, tag, how, HOST);
	const unsigned effects =
	        send(app, (struct event){.kind = EVENT_NS_FACTS, .ns_facts = facts});

	ns_facts_unref(facts);
	return effects;
}

/* Checks that exactly this is requested; `tag` 0: nothing. */
static void assert_requested(struct app *app, unsigned effects, uint64_t tag, unsigned what)
{
	const struct model *model;
	const struct ns *ns;
	unsigned seen;

	assert_int_equal(!!(effects & EFFECT_NS_FACTS), tag != 0);
	if (tag) {
		assert_true(app_next_ns(app, &model, &ns, &seen));
		assert_int_equal(ns->tag, tag);
		assert_int_equal(seen, what);
	}
	assert_false(app_next_ns(app, &model, &ns, &seen));
}

static char *screen_of(const struct app *app)
{
	struct frame frame;

	app_render(app, &frame);
	char *text = frame_text(&frame);
	frame_release(&frame);
	return text;
}

/* To net:[4026531840], then to net:[4026532212] by way of their owner. */
static void go_to_host(struct app *app)
{
	send_key(app, 'g');
	send_key(app, NSB_KEY_DOWN);
}

static void test_only_where_the_selection_rests(void **state)
{
	struct app *app = app_of(true);

	(void)state;
	send_model(app);
	assert_requested(app, rest(app), 4026531837, NS_FACTS_FIRST);
	send_key(app, NSB_KEY_DOWN);
	send_key(app, NSB_KEY_DOWN);
	assert_true(send_key(app, NSB_KEY_DOWN) & EFFECT_REST);
	assert_requested(app, rest(app), GREEN, NS_FACTS_FIRST);
	/* Once. */
	assert_requested(app, rest(app), 0, 0);
	assert_requested(app, send_key(app, 'i'), 0, 0);
	app_free(app);
}

static void test_again_with_each_model(void **state)
{
	struct app *app = app_of(true);

	(void)state;
	send_model(app);
	go_to_host(app);
	assert_requested(app, rest(app), HOST, NS_FACTS_FIRST);
	/* Not while the answer is awaited. */
	assert_requested(app, send_model(app), 0, 0);
	answer(app, HOST, "");
	char *before = screen_of(app);
	assert_requested(app, send_model(app), HOST, NS_FACTS_FIRST);
	char *between = screen_of(app);
	answer(app, HOST, "");
	char *after = screen_of(app);
	assert_string_equal(between, before);
	assert_string_equal(after, before);
	free(before);
	free(between);
	free(after);
	app_free(app);
}

static unsigned send_at(struct app *app, struct event event, uint64_t now)
{
	event.now_ms = now;
	return app_handle(app, &event);
}

/* Models that no key has requested. */
static unsigned send_unrequested(struct app *app, uint64_t now)
{
	const struct model *model = model_from_file("containers.model");

	return send_at(app, (struct event){.kind = EVENT_MODEL, .scan = {model, true, true}}, now);
}

/* Many models follow each other: once a second. */
static void test_not_with_each_of_many_models(void **state)
{
	const struct event time = {.kind = EVENT_TIME};
	struct app *app = app_of(true);

	(void)state;
	send_model(app);
	go_to_host(app);
	assert_requested(app, rest(app), HOST, NS_FACTS_FIRST);
	answer(app, HOST, "");
	assert_requested(app, send_unrequested(app, 1001), 0, 0);
	assert_requested(app, send_unrequested(app, 1500), 0, 0);
	assert_int_equal(app_wakes_at(app), 2000);
	assert_requested(app, send_at(app, time, 1999), 0, 0);
	assert_requested(app, send_at(app, time, 2000), HOST, NS_FACTS_FIRST);
	answer(app, HOST, "");
	assert_requested(app, send_unrequested(app, 3000), HOST, NS_FACTS_FIRST);
	answer(app, HOST, "");
	app_free(app);
}

/* No model tells that what is in a namespace has changed. */
static void test_again_without_a_model(void **state)
{
	const struct event time = {.kind = EVENT_TIME};
	struct app *app = app_of(true);

	(void)state;
	send_model(app);
	go_to_host(app);
	assert_int_equal(app_wakes_at(app), 0);
	assert_requested(app, rest(app), HOST, NS_FACTS_FIRST);
	/* Not while the answer is awaited. */
	assert_int_equal(app_wakes_at(app), 0);
	answer(app, HOST, "");
	assert_int_equal(app_wakes_at(app), 31000);
	assert_requested(app, send_at(app, time, 31000), HOST, NS_FACTS_FIRST);
	answer(app, HOST, "");
	assert_int_equal(app_wakes_at(app), 61000);
	/* Not behind another screen, and not while the refresh is paused. */
	send_key(app, 'Z');
	assert_int_equal(app_wakes_at(app), 0);
	send_key(app, 'Z');
	assert_int_equal(app_wakes_at(app), 61000);
	send_key(app, '?');
	assert_int_equal(app_wakes_at(app), 0);
	app_free(app);
}

static void test_links_only_on_request(void **state)
{
	struct app *app = app_of(true);

	(void)state;
	send_model(app);
	go_to_host(app);
	assert_requested(app, rest(app), HOST, NS_FACTS_FIRST);
	answer(app, HOST, "");
	assert_requested(app, send_key(app, 'W'), HOST, NS_FACTS_FIRST | NS_FACTS_LINKS);
	answer(app, HOST, "links");
	assert_requested(app, send_model(app), HOST, NS_FACTS_FIRST | NS_FACTS_LINKS);
	answer(app, HOST, "links");
	/* Not of others. */
	send_key(app, NSB_KEY_DOWN);
	send_key(app, NSB_KEY_DOWN);
	assert_requested(app, rest(app), GREEN, NS_FACTS_FIRST);
	app_free(app);
}

static void test_nothing_that_is_not_in_view(void **state)
{
	struct app *app = app_of(true);

	(void)state;
	send_model(app);
	go_to_host(app);
	send_key(app, 'i');
	assert_requested(app, rest(app), 0, 0);
	send_key(app, 'i');
	assert_requested(app, rest(app), HOST, NS_FACTS_FIRST);
	answer(app, HOST, "");
	send_key(app, '?');
	assert_requested(app, send_model(app), 0, 0);
	send_key(app, 27);
	assert_requested(app, rest(app), HOST, NS_FACTS_FIRST);
	app_free(app);
}

static void test_a_snapshot_is_not_asked(void **state)
{
	struct app *app = app_of(false);

	(void)state;
	send_model(app);
	go_to_host(app);
	assert_requested(app, rest(app), 0, 0);
	assert_requested(app, send_key(app, 'W'), 0, 0);
	app_free(app);
}

/* --- searches ----------------------------------------------------------------------------- */

static void type(struct app *app, const char *text)
{
	for (; *text; text++)
		send_key(app, (unsigned char)*text);
}

static void assert_both_requested(struct app *app)
{
	const struct model *model;
	const struct ns *ns;
	unsigned what;

	assert_true(app_next_ns(app, &model, &ns, &what));
	assert_int_equal(ns->tag, HOST);
	assert_int_equal(what, 0);
	assert_true(app_next_ns(app, &model, &ns, &what));
	assert_int_equal(ns->tag, GREEN);
	assert_false(app_next_ns(app, &model, &ns, &what));
}

static void assert_last_row(const struct app *app, const char *expected)
{
	char *text = screen_of(app);

	if (!strstr(text, expected))
		fail_msg("%s is not in\n%s", expected, text);
	free(text);
}

static void test_a_form_asks_while_it_is_typed(void **state)
{
	struct app *app = app_of(true);

	(void)state;
	send_model(app);
	send_key(app, '/');
	type(app, "tini");
	assert_requested(app, 0, 0, 0);
	send_key(app, KEY_CTRL('u'));
	type(app, ":9");
	assert_both_requested(app);
	/* Once for each prompt. */
	type(app, "999");
	assert_requested(app, 0, 0, 0);
	answer(app, HOST, "");
	assert_last_row(app, "asked 1 of 2");
	answer(app, GREEN, "");
	assert_last_row(app, "not found");
	send_key(app, 27);
	send_key(app, '/');
	type(app, ":9");
	assert_both_requested(app);
	/* Esc forgets what was not read yet. */
	assert_true(send_key(app, 27) & EFFECT_DROP_NS_FACTS);
	app_free(app);
}

static void test_other_text_asks_if_it_is_not_found(void **state)
{
	struct app *app = app_of(true);

	(void)state;
	send_model(app);
	send_key(app, '/');
	type(app, "sshd");
	send_key(app, '\r');
	assert_requested(app, 0, 0, 0);
	send_key(app, '/');
	type(app, "0.0.53");
	send_key(app, '\r');
	assert_both_requested(app);
	assert_last_row(app, "asked 0 of 2: 0.0.53");
	answer(app, HOST, "error");
	answer(app, GREEN, "");
	assert_last_row(app, "udp 127.0.0.53:53");
	/* A namespace that has ended is not waited for. */
	send_key(app, '/');
	type(app, "nothing has this");
	send_key(app, '\r');
	assert_both_requested(app);
	answer(app, GREEN, "");
	assert_last_row(app, "asked 1 of 2");
	const struct model *model = model_from_file("userns.model");
	send(app, (struct event){.kind = EVENT_MODEL, .scan = {.model = model, .is_whole = true}});
	assert_last_row(app, "not found: nothing has this");
	app_free(app);
}

/* What could not be read may have it. */
static void test_not_found_in_what_was_read(void **state)
{
	struct app *app = app_of(true);
	const struct model *model = model_from_file("unread-container.model");

	(void)state;
	send(app, (struct event){.kind = EVENT_MODEL, .scan = {.model = model, .is_whole = true}});
	send_key(app, '/');
	type(app, "nothing has this");
	send_key(app, '\r');
	assert_last_row(app, "not found: nothing has this (not read: 2 of 4 processes)");
	/* No namespace of this container could be read. */
	send_key(app, '/');
	type(app, "docker 4b5e");
	send_key(app, '\r');
	assert_last_row(app, "not found here, but 2 in view containers (V): docker 4b5e");
	app_free(app);
}

static void test_unknown_is_not_absent(void **state)
{
	struct app *app = app_of(true);

	(void)state;
	send_model(app);
	send_key(app, '/');
	type(app, ":9999");
	assert_both_requested(app);
	answer(app, HOST, "error");
	answer(app, GREEN, "");
	assert_last_row(app, "not found, unknown in 1 of 2");
	/* What was not read the first time is not asked again, but still unknown. */
	send_key(app, '\r');
	assert_last_row(app, "not found: :9999 (not read: 1 of 2 network namespaces)");
	app_free(app);
}

/* The network picture waits for the answer that has what it needs. */
static void test_picture_waits_for_links(void **state)
{
	struct app *app = app_of(true);
	const struct model *model;
	const struct ns *ns;
	unsigned what;

	(void)state;
	send_model(app);
	send_key(app, 'v');
	send_key(app, 'w');
	for (size_t i = 0; i < 2; i++) {
		assert_true(app_next_ns(app, &model, &ns, &what));
		assert_int_equal(what, NS_FACTS_LINKS);
	}
	answer(app, HOST, "bridge");
	answer(app, GREEN, "");
	assert_last_row(app, "asked 1 of 2");
	answer(app, GREEN, "links");
	/* That of a request of the page, made before. */
	answer(app, GREEN, "");
	char *text = screen_of(app);
	assert_null(strstr(text, "asked"));
	free(text);
	app_free(app);
}

/* The number after ` NETWORK asked `; `all` if that is not there. */
static size_t asked_on(const char *screen, size_t all)
{
	const char *const asked = strstr(screen, " NETWORK asked ");

	return asked ? strtoul(asked + strlen(" NETWORK asked "), NULL, 10) : all;
}

/* Not each answer builds a large picture again: until then it is not counted. */
static void test_the_header_counts_what_the_picture_shows(void **state)
{
	enum { NETS = 300, FIRST = 1000, BOX_ROWS = 8, BUILDS_MAX = 100 };
	struct app *app = app_of(true);
	_cleanup_text_ struct text text;
	size_t before = 0, n_builds = 0;

	(void)state;
	text_init(&text);
	fputs("host name=db7 euid=0\nuser 100 owner=0\n", text.out);
	for (unsigned i = 0; i < NETS; i++)
		fprintf(text.out, "net %u owner=100\n", FIRST + i);
	send(app, (struct event){.kind = EVENT_RESIZE, .size = {NETS * BOX_ROWS + 2, 80}});
	send(app, (struct event){.kind = EVENT_MODEL,
	                  .scan = {.model = model_from_text(text_get(&text)), .is_whole = true}});
	send_key(app, 'v');
	send_key(app, 'w');
	for (unsigned i = 0; i < NETS; i++) {
		answer(app, FIRST + i, "links");
		_cleanup_free_ char *screen = screen_of(app);
		const size_t asked = asked_on(screen, NETS);
		size_t n_unknown = 0;

		for (const char *at = screen; (at = strstr(at, "links: not asked")); at++)
			n_unknown++;
		assert_int_equal(asked + n_unknown, NETS);
		n_builds += asked != before;
		before = asked;
		if (asked == NETS)
			assert_non_null(
			        strstr(screen, " NETWORK namespaces 300  not found 300  net:[1"));
	}
	assert_int_equal(before, NETS);
	assert_in_range(n_builds, 2, BUILDS_MAX);
	app_free(app);
}

/* What the picture has requested would delay the page that is shown next. */
static void test_the_network_picture_drops_its_requests(void **state)
{
	struct app *app = app_of(true);
	const struct model *model;
	const struct ns *ns;
	unsigned what;

	(void)state;
	send_model(app);
	send_key(app, 'v');
	assert_true(send_key(app, 'w') & EFFECT_NS_FACTS);
	while (app_next_ns(app, &model, &ns, &what))
		assert_false(what & NS_FACTS_FIRST);
	assert_true(send_key(app, 'w') & EFFECT_DROP_NS_FACTS);
	app_free(app);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_only_where_the_selection_rests),
	        cmocka_unit_test(test_again_with_each_model),
	        cmocka_unit_test(test_not_with_each_of_many_models),
	        cmocka_unit_test(test_again_without_a_model),
	        cmocka_unit_test(test_links_only_on_request),
	        cmocka_unit_test(test_nothing_that_is_not_in_view),
	        cmocka_unit_test(test_a_snapshot_is_not_asked),
	        cmocka_unit_test(test_a_form_asks_while_it_is_typed),
	        cmocka_unit_test(test_other_text_asks_if_it_is_not_found),
	        cmocka_unit_test(test_not_found_in_what_was_read),
	        cmocka_unit_test(test_unknown_is_not_absent),
	        cmocka_unit_test(test_picture_waits_for_links),
	        cmocka_unit_test(test_the_header_counts_what_the_picture_shows),
	        cmocka_unit_test(test_the_network_picture_drops_its_requests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
