/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/app/jump_history.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void jump_history_release(struct jump_history *history)
{
	free(history->all);
	*history = (struct jump_history){0};
}

static void forget(struct jump_history *history, size_t index)
{
	memmove(&history->all[index], &history->all[index + 1],
	        (history->n - index - 1) * sizeof(*history->all));
	history->n--;
}

void jump_history_visit(struct jump_history *history, const struct jump *here)
{
	if (history->at == JUMPS_MAX) {
		forget(history, 0);
		history->at--;
	}
	history->all = memory_grow(
	        history->all, &history->capacity, history->at + 1, sizeof(*history->all));
	history->all[history->at++] = *here;
	history->n = history->at;
}

bool jump_history_back(struct jump_history *history, const struct jump *here, struct jump *ret)
{
	if (!history->at)
		return false;
	history->at--;
	*ret = history->all[history->at];
	history->all[history->at] = *here;
	return true;
}

bool jump_history_forward(struct jump_history *history, const struct jump *here, struct jump *ret)
{
	if (history->at == history->n)
		return false;
	*ret = history->all[history->at];
	history->all[history->at] = *here;
	history->at++;
	return true;
}

void jump_history_forget_back(struct jump_history *history)
{
	forget(history, history->at);
}

void jump_history_forget_forward(struct jump_history *history)
{
	forget(history, --history->at);
}
