/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/watch.h"

/* LOSSY_MS: how long no record may be lost before that is over. DRAIN_MS: how often records are
 * counted meanwhile. */
enum { LOSSY_MS = 1000, DRAIN_MS = 250 };

/* Of a step: what it is to cost, and how many processes it has at first, at least and at most. */
enum { STEP_US = 20000, STEP_FIRST = 256, STEP_MIN = 8, STEP_MAX = 4096 };

/* The pause after work, as a multiple of its cost: all of it, records, a round with events (0.7 %),
 * one without (3.5 %, which leaves the rest of 5 % to the helper and the screen), and the lists of
 * PIDs (2 %). */
enum {
	ALL_PAUSE = 20,
	RECORDS_PAUSE = 9,
	ROUND_PAUSE = 142,
	LIST_ROUND_PAUSE = 28,
	PIDS_PAUSE = 49
};

/* The pause in ms after work that did cost so many us. */
static int64_t pause_of(int64_t cost, int64_t multiple)
{
	return (cost * multiple + 999) / 1000;
}

/* How long after the beginning of a round the next one begins at the earliest. */
static int64_t round_ms(const struct watch *watch)
{
	return watch->has_events ? WATCH_ROUND_MS : watch->delay;
}

void watch_start(struct watch *watch, bool has_events, int64_t delay, int64_t now)
{
	*watch = (struct watch){
	        .has_events = has_events,
	        .delay = delay,
	        .pause_end = now,
	        .again_ms = WATCH_PAUSE_MS,
	        .counted_at = now,
	        .wants_all = true,
	        .all_at = now + WATCH_START_MS,
	        .pids_at = now,
	        .round_at = now,
	        .step_at = now,
	        .n = STEP_FIRST,
	};
}

void watch_set_delay(struct watch *watch, int64_t delay)
{
	watch->pids_at += delay - watch->delay;
	if (!watch->has_events)
		watch->round_at += delay - watch->delay;
	watch->delay = delay;
}

/* While everything is to be read anyway, no part of it is. */
struct watch_next watch_next(const struct watch *watch, int64_t now)
{
	const int64_t step_at =
	        watch->is_in_round ? watch->step_at : MAX(watch->step_at, watch->round_at);
	const struct {
		bool is_planned;
		int64_t at;
		enum watch_action action;
	} plans[] = {
	        {watch->wants_all, watch->all_at, WATCH_ALL},
	        {watch->records_at, watch->records_at, WATCH_RECORDS},
	        {watch->again_at, watch->again_at, WATCH_RECORDS},
	        {!watch->has_events && !watch->wants_all, watch->pids_at, WATCH_PIDS},
	        {!watch->wants_all, step_at, WATCH_STEP},
	        {watch->has_events && watch->pause_end > now, watch->pause_end, WATCH_WAIT},
	};
	struct watch_next next = {
	        .action = WATCH_WAIT,
	        .at = INT64_MAX,
	        .with_events = watch->has_events && !watch->records_at && watch->pause_end <= now,
	        .n = watch->n,
	        .is_begin = !watch->is_in_round,
	};

	for (size_t i = 0; i < ARRAY_SIZE(plans); i++) {
		if (!plans[i].is_planned || plans[i].at >= next.at)
			continue;
		next.at = MAX(plans[i].at, now);
		if (plans[i].at > now)
			continue;
		next.action = plans[i].action;
		return next;
	}
	return next;
}

/* --- records ------------------------------------------------------------------------------- */

void watch_see_records(struct watch *watch, int64_t now)
{
	const bool were_gathered = now - watch->pause_end < WATCH_GATHER_MS;

	if (!watch->records_at)
		watch->records_at = were_gathered ? now : now + WATCH_GATHER_MS;
}

/* Fills by records, and empties by WATCH_RATE a second. True if it overflows. */
static bool is_too_fast(struct watch *watch, uint64_t n, int64_t now)
{
	const int64_t passed = MIN(now - watch->counted_at, (int64_t)1000);

	watch->level = MAX(watch->level - passed * WATCH_RATE / 1000, (int64_t)0);
	watch->level += (int64_t)MIN(n, (uint64_t)2 * WATCH_RATE);
	watch->counted_at = now;
	if (watch->level <= WATCH_RATE)
		return false;
	watch->level = WATCH_RATE;
	return true;
}

bool watch_count_records(struct watch *watch, uint64_t n, uint64_t n_lost, int64_t now)
{
	const bool is_fast = is_too_fast(watch, n, now);

	if (n)
		watch->again_ms = WATCH_PAUSE_MS;
	if (is_fast || n_lost) {
		watch->lossy_end = now + LOSSY_MS;
		watch->wants_all = true;
	} else if (now >= watch->lossy_end) {
		watch->lossy_end = 0;
	}
	return !watch->wants_all;
}

/* --- the end of an action ------------------------------------------------------------------ */

static void finish_records(struct watch *watch, int64_t cost, int64_t now)
{
	watch->pause_end = now + MAX(pause_of(cost, RECORDS_PAUSE), (int64_t)WATCH_PAUSE_MS);
	watch->records_at = watch->lossy_end ? now + DRAIN_MS : 0;
	watch->again_at = 0;
}

/* While records are lost, the next one follows, and another when that is over. */
static void finish_all(struct watch *watch, int64_t cost, int64_t now)
{
	watch->wants_all = watch->lossy_end;
	watch->all_at = now + MAX(pause_of(cost, ALL_PAUSE), watch->delay);
	watch->pids_at = now + watch->delay;
	watch->is_in_round = false;
	watch->round_at = now + round_ms(watch);
	watch->step_at = now;
}

/* The step after this one is to cost STEP_US. */
static void fit_step(struct watch *watch, int64_t cost)
{
	const int64_t n = (int64_t)watch->n;
	int64_t fit = n * STEP_US / MAX(cost, (int64_t)1);

	fit = MIN(fit, 4 * n);
	fit = MAX(fit, n / 4);
	fit = MIN(fit, (int64_t)STEP_MAX);
	watch->n = (size_t)MAX(fit, (int64_t)STEP_MIN);
}

static void finish_step(struct watch *watch, int64_t cost, bool is_end, int64_t now)
{
	if (!watch->is_in_round)
		watch->round_at = now + round_ms(watch);
	watch->is_in_round = !is_end;
	watch->step_at = now + pause_of(cost, watch->has_events ? ROUND_PAUSE : LIST_ROUND_PAUSE);
	fit_step(watch, cost);
}

void watch_finish(
        struct watch *watch, enum watch_action action, int64_t cost, bool is_end, int64_t now)
{
	switch (action) {
	case WATCH_RECORDS:
		finish_records(watch, cost, now);
		break;
	case WATCH_ALL:
		finish_all(watch, cost, now);
		break;
	case WATCH_PIDS:
		watch->pids_at = now + MAX(pause_of(cost, PIDS_PAUSE), watch->delay);
		watch->step_at = MAX(watch->step_at, now) + pause_of(cost, LIST_ROUND_PAUSE);
		break;
	case WATCH_STEP:
		finish_step(watch, cost, is_end, now);
		break;
	case WATCH_WAIT:
		break;
	}
}

void watch_read_again(struct watch *watch, int64_t now)
{
	if (!watch->has_events || watch->again_at)
		return;
	watch->again_at = MAX(watch->pause_end, now + watch->again_ms);
	watch->again_ms = MIN(2 * watch->again_ms, (int64_t)WATCH_AGAIN_MS);
}

void watch_want_all(struct watch *watch)
{
	watch->wants_all = true;
}

bool watch_is_lossy(const struct watch *watch)
{
	return watch->lossy_end;
}
