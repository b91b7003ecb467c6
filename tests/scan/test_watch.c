/* SPDX-License-Identifier: Apache-2.0 */

/* The policy of scan/watch.h, with a clock and costs that the tests make up. */

#include "base/attributes.h"
#include "scan/watch.h"
#include "tests/unit.h"

enum { DELAY = 2000 };

/* A watch, and what has been done since it began. */
struct scene {
	struct watch watch;
	int64_t now;
	int64_t cost[WATCH_STEP + 1]; /* us of each action */
	int64_t cost_of_process;      /* us that each one adds to a step */
	size_t steps;                 /* of a round */
	size_t step;                  /* that comes next */
	unsigned done[WATCH_STEP + 1];
	unsigned rounds; /* that have begun */
	int64_t spent;   /* us in all */
	unsigned wakes;
};

static void begin(struct scene *scene, bool has_events)
{
	*scene = (struct scene){.now = 100000, .steps = 1};
	for (size_t i = 0; i < ARRAY_SIZE(scene->cost); i++)
		scene->cost[i] = 1000;
	watch_start(&scene->watch, has_events, DELAY, scene->now);
	assert_int_equal(watch_next(&scene->watch, scene->now).action, WATCH_WAIT);
	scene->now += WATCH_START_MS;
}

static void finish(struct scene *scene, enum watch_action action, int64_t cost, bool is_end)
{
	scene->done[action]++;
	scene->spent += cost;
	scene->now += cost / 1000;
	watch_finish(&scene->watch, action, cost, is_end, scene->now);
}

/* Does what is due now, which is not to wait; there are no records. */
static enum watch_action act(struct scene *scene)
{
	const struct watch_next next = watch_next(&scene->watch, scene->now);
	int64_t cost = scene->cost[next.action];
	bool is_end = false;

	assert_int_not_equal(next.action, WATCH_WAIT);
	if (next.action == WATCH_RECORDS)
		watch_count_records(&scene->watch, 0, 0, scene->now);
	if (next.action == WATCH_STEP) {
		scene->rounds += next.is_begin;
		scene->step = next.is_begin ? 1 : scene->step + 1;
		is_end = scene->step >= scene->steps;
		cost += scene->cost_of_process * (int64_t)next.n;
	}
	finish(scene, next.action, cost, is_end);
	return next.action;
}

/* Lets `ms` pass, and does everything that is due, as long as no records come. */
static void pass(struct scene *scene, int64_t ms)
{
	const int64_t end = scene->now + ms;

	while (scene->now < end) {
		const struct watch_next next = watch_next(&scene->watch, scene->now);

		if (next.action == WATCH_WAIT) {
			assert_true(next.at > scene->now);
			scene->wakes++;
			scene->now = MIN(next.at, end);
		} else {
			act(scene);
		}
	}
}

static void everything_is_read_first(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, true);
	assert_int_equal(act(&scene), WATCH_ALL);
	assert_int_equal(watch_next(&scene.watch, scene.now).action, WATCH_WAIT);
	assert_true(watch_next(&scene.watch, scene.now).with_events);
	pass(&scene, 1000 * DELAY);
	assert_int_equal(scene.done[WATCH_ALL], 1);
}

/* Not at the first record: the second one of a process that forks and unshares comes with it. */
static void records_are_gathered(void **state)
{
	struct scene scene;
	struct watch_next next;

	(void)state;
	begin(&scene, true);
	act(&scene);
	pass(&scene, 1000);
	watch_see_records(&scene.watch, scene.now);
	next = watch_next(&scene.watch, scene.now);
	assert_int_equal(next.action, WATCH_WAIT);
	assert_int_equal(next.at, scene.now + WATCH_GATHER_MS);
	assert_false(next.with_events);
	scene.now = next.at;
	assert_int_equal(act(&scene), WATCH_RECORDS);
	/* Nothing wakes until the pause is over. */
	next = watch_next(&scene.watch, scene.now);
	assert_int_equal(next.action, WATCH_WAIT);
	assert_false(next.with_events);
	assert_int_equal(next.at, scene.now + WATCH_PAUSE_MS);
	scene.now = next.at;
	assert_true(watch_next(&scene.watch, scene.now).with_events);
	/* What came meanwhile was gathered. */
	watch_see_records(&scene.watch, scene.now);
	assert_int_equal(watch_next(&scene.watch, scene.now).action, WATCH_RECORDS);
}

/* Of a process that is about to end no record tells that it has. It may not for a long time. */
static void records_are_read_again(void **state)
{
	struct scene scene;
	int64_t last = 0;

	(void)state;
	begin(&scene, true);
	act(&scene);
	for (int i = 0; i < 3; i++) {
		watch_see_records(&scene.watch, scene.now);
		pass(&scene, WATCH_GATHER_MS);
		assert_true(watch_count_records(&scene.watch, 1, 0, scene.now));
		finish(&scene, WATCH_RECORDS, 1000, false);
		for (int64_t wait = WATCH_PAUSE_MS; wait <= WATCH_AGAIN_MS; wait *= 2) {
			watch_read_again(&scene.watch, scene.now);
			last = scene.watch.again_at;
			assert_int_equal(last - scene.now, wait);
			/* Records wake it all the same, after the pause. */
			scene.now += WATCH_PAUSE_MS;
			if (wait > WATCH_PAUSE_MS)
				assert_true(watch_next(&scene.watch, scene.now).with_events);
			pass(&scene, last - scene.now);
			assert_int_equal(act(&scene), WATCH_RECORDS);
		}
	}
	watch_read_again(&scene.watch, scene.now);
	assert_int_equal(scene.watch.again_at - scene.now, WATCH_AGAIN_MS);
}

/* At most 20 times a second, and as a tenth of a CPU if models are large. */
static void records_have_a_pause(void **state)
{
	static const struct {
		int64_t cost;
		unsigned least, most;
	} wanted[] = {{100, 18, 20}, {20000, 4, 6}};
	struct scene scene;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		begin(&scene, true);
		act(&scene);
		scene.cost[WATCH_RECORDS] = wanted[i].cost;
		for (int64_t end = scene.now + 1000; scene.now < end;) {
			const struct watch_next next = watch_next(&scene.watch, scene.now);

			if (next.action != WATCH_WAIT)
				act(&scene);
			else if (next.with_events)
				watch_see_records(&scene.watch, scene.now);
			else
				scene.now = next.at;
		}
		assert_uint_in_range(scene.done[WATCH_RECORDS], wanted[i].least, wanted[i].most);
	}
}

/* The next time that records are read, with these. */
static bool read_records(struct scene *scene, uint64_t n, uint64_t n_lost)
{
	struct watch_next next = watch_next(&scene->watch, scene->now);

	while (next.action != WATCH_RECORDS) {
		if (next.action != WATCH_WAIT)
			act(scene);
		else if (next.with_events)
			watch_see_records(&scene->watch, scene->now);
		else
			scene->now = next.at;
		next = watch_next(&scene->watch, scene->now);
	}
	const bool are_wanted = watch_count_records(&scene->watch, n, n_lost, scene->now);
	finish(scene, WATCH_RECORDS, scene->cost[WATCH_RECORDS], false);
	return are_wanted;
}

/* Of the delay or 20 times the cost of a scan the longer one is between two. */
static void all_is_read_while_records_are_lost(void **state)
{
	static const int64_t costs[] = {1000, 500 * 1000};
	struct scene scene;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(costs); i++) {
		begin(&scene, true);
		scene.cost[WATCH_ALL] = costs[i];
		act(&scene);
		pass(&scene, 20 * 1000);
		assert_false(watch_is_lossy(&scene.watch));
		const unsigned before = scene.done[WATCH_ALL];
		const int64_t from = scene.now;
		while (scene.now < from + 60 * 1000) {
			assert_false(read_records(&scene, 10, 1));
			assert_true(watch_is_lossy(&scene.watch));
		}
		const int64_t most = 60 * 1000 / MAX((int64_t)DELAY, 20 * costs[i] / 1000) + 1;
		assert_uint_in_range(scene.done[WATCH_ALL] - before, most - 2, most);
	}
}

/* Once, and then what records name is read again. */
static void all_is_read_when_that_is_over(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, true);
	act(&scene);
	pass(&scene, 10 * 1000);
	assert_false(read_records(&scene, 10, 1));
	assert_int_equal(act(&scene), WATCH_ALL);
	assert_true(watch_is_lossy(&scene.watch));
	const unsigned before = scene.done[WATCH_ALL];
	pass(&scene, 60 * 1000);
	assert_false(watch_is_lossy(&scene.watch));
	assert_int_equal(scene.done[WATCH_ALL] - before, 1);
	assert_true(read_records(&scene, 10, 0));
}

static void many_records_are_like_lost_ones(void **state)
{
	struct scene scene;
	bool are_wanted = true;

	(void)state;
	begin(&scene, true);
	act(&scene);
	/* A burst is not. */
	pass(&scene, 10 * 1000);
	assert_true(read_records(&scene, WATCH_RATE - 1, 0));
	pass(&scene, 10 * 1000);
	/* 50 to 60 ms apart: below and above the rate. */
	for (int i = 0; i < 200; i++)
		assert_true(read_records(&scene, WATCH_RATE / 25, 0));
	for (int i = 0; i < 200 && are_wanted; i++)
		are_wanted = read_records(&scene, WATCH_RATE / 8, 0);
	assert_false(are_wanted);
	assert_true(watch_is_lossy(&scene.watch));
}

/* A small host: a round takes a few steps, and then rests. */
static void rounds_begin_every_30_s(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, true);
	act(&scene);
	scene.steps = 3;
	pass(&scene, 10 * WATCH_ROUND_MS + 15 * 1000);
	assert_int_equal(scene.rounds, 10);
	assert_int_equal(scene.done[WATCH_STEP], 30);
	assert_true(scene.wakes < 100);
}

/* A large one: they follow each other, with 0.7 % of a CPU. */
static void rounds_keep_the_budget(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, true);
	act(&scene);
	scene.spent = 0;
	scene.steps = 1000;
	scene.cost[WATCH_STEP] = 7000;
	pass(&scene, 1000 * 1000);
	assert_uint_in_range((uint64_t)scene.spent, 6500 * 1000, 7000 * 1000);
	assert_true(scene.wakes < 1100);
}

static void steps_fit_the_cost(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, true);
	act(&scene);
	scene.steps = SIZE_MAX;
	/* 55 us for each process. */
	scene.cost[WATCH_STEP] = 0;
	scene.cost_of_process = 55;
	pass(&scene, 60 * 1000);
	assert_uint_in_range(55 * scene.watch.n, 18000, 22000);
	/* A part that is larger than that. */
	scene.cost[WATCH_STEP] = 1000 * 1000;
	pass(&scene, 1000 * 1000);
	assert_true(scene.watch.n > 0);
}

/* With lists, too. */
static void without_events_all_keeps_a_budget(void **state)
{
	static const int64_t list_costs[] = {100, 10 * 1000, 1000 * 1000};
	struct scene scene;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(list_costs); i++) {
		begin(&scene, false);
		act(&scene);
		scene.spent = 0;
		scene.steps = 1000;
		scene.cost[WATCH_STEP] = 20 * 1000;
		scene.cost[WATCH_PIDS] = list_costs[i];
		pass(&scene, 1000 * 1000);
		assert_uint_in_range((uint64_t)scene.spent, 32 * 1000 * 1000, 41 * 1000 * 1000);
		assert_true(scene.rounds > 0);
	}
	begin(&scene, false);
	pass(&scene, 100 * DELAY);
	assert_uint_in_range(scene.done[WATCH_PIDS], 98, 100);
	assert_uint_in_range(scene.rounds, 95, 101);
	assert_int_equal(scene.done[WATCH_RECORDS], 0);
}

/* What does not go together is read again, but not all the time. */
static void all_may_be_wanted(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, true);
	act(&scene);
	for (int i = 0; i < 10; i++) {
		const unsigned before = scene.done[WATCH_ALL];

		watch_want_all(&scene.watch);
		assert_false(watch_is_lossy(&scene.watch));
		pass(&scene, 2 * DELAY);
		assert_int_equal(scene.done[WATCH_ALL], before + 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(everything_is_read_first),
	        cmocka_unit_test(records_are_gathered),
	        cmocka_unit_test(records_are_read_again),
	        cmocka_unit_test(records_have_a_pause),
	        cmocka_unit_test(all_is_read_while_records_are_lost),
	        cmocka_unit_test(all_is_read_when_that_is_over),
	        cmocka_unit_test(many_records_are_like_lost_ones),
	        cmocka_unit_test(rounds_begin_every_30_s),
	        cmocka_unit_test(rounds_keep_the_budget),
	        cmocka_unit_test(steps_fit_the_cost),
	        cmocka_unit_test(without_events_all_keeps_a_budget),
	        cmocka_unit_test(all_may_be_wanted),
	};

	return cmocka_run_group_tests_name("scan/watch", tests, NULL, NULL);
}
