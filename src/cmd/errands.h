/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "privsep/helper.h"
#include "ui/app/app.h"

#include <stdbool.h>

/* What the helper does for the app while the screen stands: files saved, file names completed,
 * names of users. At most one job of each kind is under way; what becomes of it is told to the app
 * as an event. All functions return the effects that the app answers with. */

/* A job that is under way; its answer is a descriptor, negative when there is none. */
struct errand {
	uint32_t ticket;
	int answer;
};

struct errands {
	struct helper *helper;
	struct app *app;
	bool is_lost; /* the helper has ended */
	unsigned effects;
	struct errand drawing; /* by dot; then it is saved: */
	char path[4096];
	bool is_replacing;
	struct errand saving;
	struct errand completing;
	struct errand naming;
	struct errand configuring;
};

/* None yet. `helper` and `app` must outlive them. */
void errands_init(struct errands *errands, struct helper *helper, struct app *app);
void errands_release(struct errands *errands);

/* What to poll for words of the helper; -1 when none will come. */
int errands_fd(const struct errands *errands);

/* True while something is under way that the user asked for: a file, or its name. */
bool errands_is_awaited(const struct errands *errands);

/* For EFFECT_SAVE, EFFECT_GIVE_UP, EFFECT_COMPLETE, EFFECT_NAMES and EFFECT_CONFIG. */
unsigned errands_save(struct errands *errands);
unsigned errands_give_up(struct errands *errands);
unsigned errands_complete(struct errands *errands);
unsigned errands_ask_names(struct errands *errands);
unsigned errands_write_config(struct errands *errands);

/* Takes all words of the helper that are there. */
unsigned errands_take_words(struct errands *errands);
