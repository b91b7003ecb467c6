/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/ui_models.h"

#include "base/monotonic.h"

/* Between two EVENT_PROGRESS, and two EVENT_WATCHING. */
enum { PROGRESS_MS = 200, WATCHING_MS = 1000 };

static uint64_t now_ms(void)
{
	return (uint64_t)monotonic_ms();
}

static void send_event(struct ui_models *models, struct event event)
{
	event.now_ms = now_ms();
	models->effects |= app_handle(models->app, &event);
}

static unsigned pop_effects(struct ui_models *models)
{
	const unsigned effects = models->effects;

	models->effects = 0;
	return effects;
}

/* --- requests -------------------------------------------------------------------------------- */

/* Before a request: then its scan misses nothing. */
static void apply_watch(struct ui_models *models)
{
	const uint64_t delay = app_settings(models->app).values[SETTING_DELAY];
	const bool is_off = !delay || app_is_paused(models->app);
	const enum watching_mode mode = is_off ? WATCHING_NONE : models->wanted;

	if (!models->is_live || (mode == models->mode && delay == models->delay))
		return;
	models->mode = mode;
	models->delay = delay;
	worker_watch(models->worker, mode, delay);
}

void ui_models_request(struct ui_models *models)
{
	if (!models->worker || models->is_scanning)
		return;
	apply_watch(models);
	models->is_scanning = true;
	models->progress_at = now_ms() + PROGRESS_MS;
	worker_request(models->worker);
}

void ui_models_answered(struct ui_models *models)
{
	models->is_scanning = false;
}

/* A scan that is running has the sources of before: another one follows it. */
void ui_models_set_sources(struct ui_models *models, uint32_t sources)
{
	if (!models->worker || !models->is_live)
		return;
	worker_set_sources(models->worker, sources);
	ui_models_answered(models);
	ui_models_request(models);
}

static void request_facts(struct ui_models *models, unsigned effects)
{
	const struct model *model;
	const struct ns *ns;
	uint64_t started;
	unsigned what;
	pid_t pid;

	if ((effects & EFFECT_FACTS) && app_next_process(models->app, &pid, &started))
		worker_request_facts(models->worker, pid, started);
	if (effects & EFFECT_DROP_NS_FACTS)
		worker_drop_ns_facts(models->worker);
	while ((effects & EFFECT_NS_FACTS) && app_next_ns(models->app, &model, &ns, &what))
		worker_request_ns_facts(models->worker, model, ns, what);
	if ((effects & EFFECT_MOUNTS) && app_next_mounts(models->app, &model))
		worker_request_mounts(models->worker, model);
	if (effects & EFFECT_INTERFACES)
		worker_request_features(models->worker);
}

/* As long as that is shown. */
static void send_watching(struct ui_models *models)
{
	struct event event = {.kind = EVENT_WATCHING};

	if (!models->is_live || !app_shows_watching(models->app)) {
		models->watching_at = 0;
	} else if (now_ms() >= models->watching_at) {
		models->watching_at = now_ms() + WATCHING_MS;
		worker_watching(models->worker, &event.watching);
		send_event(models, event);
	}
}

unsigned ui_models_handle_effects(struct ui_models *models, unsigned effects)
{
	if (!models->worker)
		return 0;
	apply_watch(models);
	if (effects & EFFECT_RESCAN)
		ui_models_request(models);
	request_facts(models, effects);
	send_watching(models);
	return pop_effects(models);
}

/* --- results --------------------------------------------------------------------------------- */

static void send_interfaces(struct ui_models *models)
{
	struct kernel_features features;

	if (!worker_take_features(models->worker, &features))
		return;
	about_interfaces(&features, &models->interfaces);
	send_event(models, (struct event){.kind = EVENT_INTERFACES,
	                           .interfaces = {models->interfaces.rows, INTERFACE_IDS}});
}

unsigned ui_models_handle_facts(struct ui_models *models)
{
	const struct ns_facts *ns_facts;
	const struct mounts *mounts;
	struct process_facts facts;

	if (worker_take_facts(models->worker, &facts))
		send_event(models, (struct event){.kind = EVENT_FACTS, .facts = &facts});
	while ((ns_facts = worker_take_ns_facts(models->worker))) {
		send_event(models, (struct event){.kind = EVENT_NS_FACTS, .ns_facts = ns_facts});
		ns_facts_unref(ns_facts);
	}
	mounts = worker_take_mounts(models->worker);
	if (mounts)
		send_event(models, (struct event){.kind = EVENT_MOUNTS, .mounts = mounts});
	mounts_unref(mounts);
	send_interfaces(models);
	return pop_effects(models);
}

/* --- time ------------------------------------------------------------------------------------ */

/* True if the user waits for this model: then the progress is shown. */
static bool is_awaited(const struct ui_models *models)
{
	return models->is_scanning && app_is_reading(models->app);
}

uint64_t ui_models_wakes_at(const struct ui_models *models)
{
	const uint64_t progress_at = is_awaited(models) ? models->progress_at : 0;
	const uint64_t watching_at = models->watching_at;

	return progress_at && (!watching_at || progress_at < watching_at) ? progress_at
	                                                                  : watching_at;
}

unsigned ui_models_handle_time(struct ui_models *models, uint64_t now_ms)
{
	struct event event = {.kind = EVENT_PROGRESS};
	size_t bytes;

	if (!models->worker)
		return 0;
	send_watching(models);
	if (is_awaited(models) && now_ms >= models->progress_at) {
		models->progress_at = now_ms + PROGRESS_MS;
		event.progress.percent = worker_progress(models->worker, &bytes);
		event.progress.bytes = bytes;
		send_event(models, event);
	}
	return pop_effects(models);
}
