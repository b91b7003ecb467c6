/* SPDX-License-Identifier: Apache-2.0 */
#include "base/monotonic.h"
#include "model/same.h"
#include "scan/refresh.h"
#include "scan/refresh_copy.h"
#include "scan/refresh_settle.h"

/* Reading all, a part at a time. */

static int64_t read_last(const struct process_record *record)
{
	int64_t last = 0;

	for (size_t i = 0; i < PROCESS_PARTS; i++)
		last = MAX(last, record->read_at[i]);
	return last;
}

int64_t refresh_oldest(const struct refresh *refresh)
{
	const struct scan *const state = refresh->state;
	int64_t oldest = refresh->rest_at;

	for (size_t i = 0; state && i < state->n_processes; i++) {
		const int64_t last = read_last(&state->processes[i]);

		if (last != 0) /* it could not be read at all */
			oldest = MIN(oldest, last);
	}
	return oldest;
}

/* Reads all that is not of a process, and compares the models. */
static int read_rest(struct refresh *refresh, const struct model **ret_model)
{
	const int64_t begin = monotonic_ms();
	struct scan *const next = refresh_new_state(refresh, NULL);
	const struct model *model;
	int r;

	refresh_copy_processes(next, refresh->state);
	r = refresh_make_model(refresh, next, &model);
	if (r < 0)
		return r;
	refresh->rest_at = begin;
	refresh->taken = next->host.taken;
	if (same_models(refresh->last, model)) {
		model_unref(model);
		refresh_settle_commit(refresh, next, refresh->last);
		return 0;
	}
	refresh_settle_commit(refresh, next, model);
	*ret_model = model;
	return 1;
}

/* Adds the next PIDs of the round; at its begin also those that are new or gone. */
static int add_next(struct refresh *refresh, size_t n, struct u64_set *pids)
{
	const struct scan *const state = refresh->state;
	size_t i = LOWER_BOUND(state->n_processes, at, state->processes[at].pid <= refresh->cursor);
	const int r = refresh->cursor == 0 ? refresh_list_changes(refresh, pids) : 0;

	for (; r == 0 && i < state->n_processes && n > 0; i++, n--) {
		refresh->cursor = state->processes[i].pid;
		u64_set_push(pids, (uint64_t)refresh->cursor);
	}
	return r;
}

int refresh_step(
        struct refresh *refresh, size_t n, const struct model **ret_model, bool *ret_is_end)
{
	const struct scan *const state = refresh->state;
	struct u64_set set = {0};
	int r;

	*ret_is_end = false;
	if (!state)
		return -ESTALE;
	if (state->n_processes > 0 &&
	        refresh->cursor >= state->processes[state->n_processes - 1].pid) {
		if (refresh->is_forced)
			return refresh_read_set(refresh, &set, NULL, false, ret_model);
		refresh->cursor = 0;
		*ret_is_end = true;
		r = read_rest(refresh, ret_model);
		if (r == -ESTALE)
			refresh_drop_state(refresh);
		return r;
	}
	r = add_next(refresh, MAX(n, (size_t)1), &set);
	return r < 0 ? r : refresh_read_set(refresh, &set, NULL, false, ret_model);
}
