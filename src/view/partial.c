/* SPDX-License-Identifier: Apache-2.0 */
#include "view/partial.h"

#include "base/attributes.h"

#include <stdio.h>

void partial_write(const struct model *model, struct partial *ret)
{
	static const struct {
		const char *note;
		const char *words;
	} limits[] = {
	        {NOTE_HIDEPID, "/proc hides other users' processes (hidepid)"},
	        {NOTE_INSIDE, "inside a user namespace, what is outside cannot be seen"},
	        {NOTE_FOREIGN, "/proc is that of another PID namespace"},
	};
	const struct host *host = &model->host;

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
