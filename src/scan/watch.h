/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* When the parts of a picture are read again: the policy, without a clock and without a system
 * call. Times are monotonic ms, costs are us of CPU time.
 *
 * With events: records are read WATCH_GATHER_MS after the first of them, since a process often
 * causes several, and not again for WATCH_PAUSE_MS, or longer if that is much work. If records are
 * lost, or more than WATCH_RATE a second come, all is read instead, with pauses of 20 times its
 * cost, never more often than the delay, and once when it is over. Without events: a list of PIDs
 * at each delay. The rest is read in rounds, a step at a time, as a part of one CPU: with events
 * 0.7 %, without them lists and rounds together 3.5 %. */

enum {
	WATCH_START_MS = 100,
	WATCH_GATHER_MS = 10,
	WATCH_PAUSE_MS = 50,
	WATCH_RATE = 5000,
	WATCH_AGAIN_MS = 2000,
	WATCH_ROUND_MS = 30 * 1000,
};

enum watch_action {
	WATCH_WAIT,    /* until `at`, or a request; with_events: or until records are pending */
	WATCH_RECORDS, /* read records: watch_count_records */
	WATCH_ALL,     /* read everything */
	WATCH_PIDS,    /* list PIDs */
	WATCH_STEP, /* read the next `n` processes of the round; is_begin: it is the first step */
};

struct watch_next {
	enum watch_action action;
	int64_t at; /* never before now */
	bool with_events;
	size_t n;
	bool is_begin;
};

struct watch {
	bool has_events;
	int64_t delay;
	int64_t records_at; /* records are read then; 0: when some are pending */
	int64_t pause_end;  /* records are not awaited before */
	int64_t again_at;   /* records are read then, too; 0: not planned, */
	int64_t again_ms;   /* and so long after the last time */
	int64_t counted_at; /* records were counted last, */
	int64_t level;      /* and so many are above WATCH_RATE a second */
	int64_t lossy_end;  /* all is read instead of what they name until then; 0: not lossy */
	bool wants_all;
	int64_t all_at; /* everything is not read again before */
	int64_t pids_at;
	bool is_in_round;
	int64_t round_at; /* the next round begins; in a round: the one after it at the earliest */
	int64_t step_at;  /* the budget allows the next step */
	size_t n;         /* processes of a step */
};

/* Begins to watch, by reading everything after WATCH_START_MS: a request may come first, which does
 * so too. `delay` is at least 1 ms. */
void watch_start(struct watch *watch, bool has_events, int64_t delay, int64_t now);

/* Sets another delay. */
void watch_set_delay(struct watch *watch, int64_t delay);

/* What is to be done now. */
struct watch_next watch_next(const struct watch *watch, int64_t now);

/* Records are pending. */
void watch_see_records(struct watch *watch, int64_t now);

/* So many records were read, and so many had been lost since the last ones that were read. Returns
 * true if the processes that they name are to be read; else everything will be. */
bool watch_count_records(struct watch *watch, uint64_t n, uint64_t n_lost, int64_t now);

/* An action has ended, and did cost so much. Of WATCH_RECORDS: with the reading of processes; of
 * WATCH_STEP: is_end: the round has ended. */
void watch_finish(
        struct watch *watch, enum watch_action action, int64_t cost, bool is_end, int64_t now);

/* After watch_finish: what was read will change, and no record tells of it. Records are read again
 * after the pause, and then less and less often, until some come. */
void watch_read_again(struct watch *watch, int64_t now);

/* What was read does not go together any more: all is read again, as often as if records were lost.
 */
void watch_want_all(struct watch *watch);

/* True while records are lost or come too fast. */
_pure_ bool watch_is_lossy(const struct watch *watch);
