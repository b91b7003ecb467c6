/* SPDX-License-Identifier: Apache-2.0 */

/* How many keys the questions about containers take that are asked most often. Digits that are
 * typed do not count. */

#include "base/attributes.h"
#include "base/memory.h"
#include "tests/pictures/hosts.h"
#include "tests/ui/frame_text.h"
#include "tests/ui/model_text.h"
#include "tests/unit.h"
#include "ui/app/app.h"
#include "ui/input/keys.h"

#include <ctype.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

/* A browser with one host, and the keys that were pressed. */
struct session {
	struct app *app;
	uint64_t now;
	unsigned n_keys;
};

static void send(struct session *session, struct event event)
{
	session->now += 100;
	event.now_ms = session->now;
	app_handle(session->app, &event);
}

/* The session owns the model. */
static struct session begin(const struct model *model, enum view_kind view, int rows, int columns)
{
	struct app_options options = {.save_stem = "x"};
	struct session session = {0};

	settings_init(&options.settings);
	if (view != VIEW_KINDS)
		options.settings.values[SETTING_VIEW] = view;
	session.app = app_new(&options);
	send(&session,
	        (struct event){.kind = EVENT_RESIZE, .size = {.rows = rows, .columns = columns}});
	send(&session,
	        (struct event){.kind = EVENT_MODEL, .scan = {.model = model, .is_whole = true}});
	return session;
}

/* Words of keys.def, or characters that are typed. */
static void press(struct session *session, const char *words)
{
	_cleanup_free_ char *copy = memory_strdup(words);
	char *rest = copy, *word;

	while ((word = strsep(&rest, " "))) {
		const uint32_t key = strlen(word) > 1 ? keys_from_word(word, strlen(word))
		                                      : (unsigned char)*word;

		session->n_keys += !(key < 128 && isdigit((int)key));
		send(session, (struct event){.kind = EVENT_KEY, .key = key});
	}
}

/* Fails unless the screen shows the text, after at most so many keys. */
static void assert_shows(struct session *session, const char *text, unsigned most)
{
	struct frame frame;

	app_render(session->app, &frame);
	_cleanup_free_ char *all = frame_text(&frame);
	if (!strstr(all, text))
		fail_msg("no \"%s\" in\n%s", text, all);
	frame_release(&frame);
	assert_uint_in_range(session->n_keys, 0, most);
}

static void end(struct session *session)
{
	app_free(session->app);
}

enum { PID_TO_CONTAINER = 4, INSIDE_TO_OUTSIDE = 6, WHO_SHARES = 3 };

/* From either first view. */
static void test_container_of_a_pid(void **state)
{
	static const enum view_kind views[] = {VIEW_KINDS, VIEW_USER};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		struct session session = begin(picture_host_make("containers"), views[i], 24, 80);

		press(&session, "1 0 2 2 Enter");
		if (views[i] == VIEW_USER)
			press(&session, "F5 F5");
		assert_shows(&session, "postgres-1021", PID_TO_CONTAINER);
		end(&session);
	}
}

static void test_container_of_a_pid_in_a_pod(void **state)
{
	struct session session = begin(picture_host_make("pods"), VIEW_KINDS, 24, 80);

	(void)state;
	press(&session, "1 0 4 2 Enter");
	assert_shows(&session,
	        "process celery of kubernetes celery in celery-13 (pod), PID 1 inside",
	        PID_TO_CONTAINER);
	end(&session);
}

/* Its page has its PIDs, outside in. The container is found by its name, or is the next row. */
static void test_pid_outside_of_a_pid_inside(void **state)
{
	static const char *const ways[] = {"/ b u i Enter 1 2 Enter", "Down 1 2 Enter"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct session session =
		        begin(model_from_file("engines.model"), VIEW_KINDS, 24, 80);

		press(&session, ways[i]);
		assert_shows(&session, "PID      4084 / 12", INSIDE_TO_OUTSIDE);
		end(&session);
	}
}

static void test_who_shares_the_network_of_the_host(void **state)
{
	static const enum view_kind views[] = {VIEW_KINDS, VIEW_USER};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		struct session session = begin(picture_host_make("containers"), views[i], 24, 80);

		if (views[i] == VIEW_USER)
			press(&session, "F5 F5 g");
		assert_shows(&session, "3 containers: node-1081, postgres-1021,", WHO_SHARES);
		assert_shows(&session, "prometheus-1138", WHO_SHARES);
		end(&session);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_container_of_a_pid),
	        cmocka_unit_test(test_container_of_a_pid_in_a_pod),
	        cmocka_unit_test(test_pid_outside_of_a_pid_inside),
	        cmocka_unit_test(test_who_shares_the_network_of_the_host),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
