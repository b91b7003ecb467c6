/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/prompt/prompt_history.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static void forget(struct prompt_history *history, size_t index)
{
	free(history->all[index]);
	memmove(&history->all[index], &history->all[index + 1],
	        (history->n - index - 1) * sizeof(*history->all));
	history->n--;
}

void prompt_history_release(struct prompt_history *history)
{
	while (history->n)
		forget(history, history->n - 1);
	free(history->typed);
	*history = (struct prompt_history){0};
}

void prompt_history_begin(struct prompt_history *history)
{
	free(history->typed);
	history->typed = NULL;
	history->at = history->n;
}

void prompt_history_add(struct prompt_history *history, const char *text)
{
	for (size_t i = 0; i < history->n; i++) {
		if (strcmp(history->all[i], text) == 0) {
			forget(history, i);
			break;
		}
	}
	if (history->n == HISTORY_MAX)
		forget(history, 0);
	history->all[history->n++] = memory_strdup(text);
	prompt_history_begin(history);
}

const char *prompt_history_step(struct prompt_history *history, bool is_newer, const char *typed)
{
	if (is_newer ? history->at == history->n : history->at == 0)
		return NULL;
	if (history->at == history->n) {
		free(history->typed);
		history->typed = memory_strdup(typed);
	}
	history->at += is_newer ? 1 : -1;
	return history->at == history->n ? history->typed : history->all[history->at];
}
