/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cmd/about.h"
#include "scan/worker.h"
#include "ui/app/app.h"

#include <stdbool.h>

/* What is requested of the worker while the screen is shown: models and facts for the app, or the
 * snapshot to load. Models come by themselves when something has changed, unless the user has
 * paused that or wants them only by a key. */

struct ui_models {
	struct worker *worker; /* NULL: there is none, or the snapshot is loaded */
	struct app *app;
	bool is_live;              /* not a snapshot */
	enum watching_mode wanted; /* unless it is paused */
	enum watching_mode mode;   /* how the worker keeps the model up to date, */
	uint64_t delay;            /* and its delay in ms */
	uint64_t watching_at;      /* time of the next EVENT_WATCHING in monotonic ms; 0: none */
	uint64_t progress_at;      /* time at which the progress of a scan is shown next */
	bool is_scanning;          /* or loading the snapshot */
	unsigned effects;
	struct about_interfaces interfaces; /* for the help, which keeps pointers into it */
};

/* Requests a model, unless one that was requested is being read. */
void ui_models_request(struct ui_models *models);

/* The requested model has come. */
void ui_models_answered(struct ui_models *models);

/* Sets the sources of scans, and requests a model with them. */
void ui_models_set_sources(struct ui_models *models, uint32_t sources);

/* Handles EFFECT_RESCAN, EFFECT_FACTS, EFFECT_NS_FACTS, EFFECT_DROP_NS_FACTS, EFFECT_MOUNTS and
 * EFFECT_INTERFACES, and watches, or not, as the app wants it now. Returns the effects of the
 * events that this sends to the app. */
unsigned ui_models_handle_effects(struct ui_models *models, unsigned effects);

/* Sends the app what the worker has read but models. Returns effects as above. */
unsigned ui_models_handle_facts(struct ui_models *models);

/* The monotonic time in ms at which ui_models_handle_time is to be called; 0: none. */
uint64_t ui_models_wakes_at(const struct ui_models *models);

/* Shows the progress of what the user waits for, and how the models are kept up to date. Returns
 * effects as above. */
unsigned ui_models_handle_time(struct ui_models *models, uint64_t now_ms);
