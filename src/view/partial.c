/* SPDX-License-Identifier: Apache-2.0 */
#include "view/partial.h"

#include "base/attributes.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *note;
	const char *words;
} limits[] = {
        {NOTE_HIDEPID, "/proc hides other users' processes (hidepid)"},
        {NOTE_INSIDE, "inside a user namespace, what is outside cannot be seen"},
        {NOTE_FOREIGN, "/proc is that of another PID namespace"},
        {NOTE_REPLACED, "something is mounted over parts of /proc; that was not read"},
        {NOTE_WAITING, "reading the command line of some processes waits for ever"},
        {NOTE_NAMES, "some command lines were not read in time"},
};

bool partial_is_limit(const struct note *note)
{
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		if (!note->pid && strcmp(note->what, limits[i].note) == 0)
			return true;
	}
	return false;
}

void partial_write(const struct model *model, struct partial *ret)
{
	const struct host *host = &model->host;

	_Static_assert(
	        ARRAY_SIZE(limits) < PARTIAL_LINES, "a line for each, and for the processes");
	ret->n = 0;
	if (host->unreadable > 0)
		snprintf(ret->lines[ret->n++], PARTIAL_SIZE,
		        "partial view: %zu of %zu processes could not be read%s", host->unreadable,
		        model->n_processes, host->euid == 0 ? "" : " (run as root to see all)");
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		if (model_has_note(model, limits[i].note))
			snprintf(ret->lines[ret->n++], PARTIAL_SIZE, "partial view: %s",
			        limits[i].words);
	}
}
