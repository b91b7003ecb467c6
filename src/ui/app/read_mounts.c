/* SPDX-License-Identifier: Apache-2.0 */

/* The mounts of all mount namespaces: they are read when the view of mounts, or the page of a mount
 * namespace, is shown, or a search needs them; again when the model has changed, and every 30 s,
 * since a mount makes no new model. With many mounts that takes long: then there are longer pauses
 * between. */

#include "base/attributes.h"
#include "ui/app/screens.h"

enum {
	PAUSE_MS = 1000,      /* between two requests, at least; */
	PAUSE_TIMES = 20,     /* and so many times what the one before has taken */
	AGAIN_MS = 30 * 1000, /* if no model comes */
};

/* The page of a mount namespace is in view, and its other facts were requested. */
static bool is_page_shown(const struct app *app)
{
	const struct ns *ns = app->current && app->inside.tag
	                              ? model_find_tag(app->current, app->inside.tag)
	                              : NULL;

	return ns && ns->type == NS_MNT && app->inside.state != INSIDE_RESTING;
}

static bool is_wanted(const struct app *app)
{
	return app->is_live && app->is_whole && (app->mounts.is_searched || is_page_shown(app));
}

static void request(struct app *app)
{
	app->mounts.is_needed = true;
	app->mounts.is_requested = true;
	app->mounts.is_outdated = false;
	app->mounts.requested_at = app->now;
}

/* When they may be read again. */
static uint64_t pause_end(const struct app *app)
{
	const uint64_t pause = PAUSE_TIMES * app->mounts.took;

	return app->mounts.requested_at + MAX(pause, (uint64_t)PAUSE_MS);
}

unsigned read_mounts_settle(struct app *app)
{
	if (is_wanted(app) && !app->mounts.is_requested && !app->inside.store.mounts)
		request(app);
	return app->mounts.is_needed ? EFFECT_MOUNTS : 0;
}

void read_mounts_refresh(struct app *app, bool may_wait)
{
	app->mounts.is_outdated = app->inside.store.mounts;
	if (is_wanted(app) && !app->mounts.is_requested &&
	        (!may_wait || app->now >= pause_end(app)))
		request(app);
}

uint64_t read_mounts_wakes_at(const struct app *app)
{
	const uint64_t again = MAX(app->settings.values[SETTING_DELAY], (uint64_t)AGAIN_MS);

	if (!is_wanted(app) || app->mounts.is_requested)
		return 0;
	return app->mounts.is_outdated ? pause_end(app) : app->mounts.requested_at + again;
}

void read_mounts_again(struct app *app)
{
	if (is_wanted(app) && !app->mounts.is_requested)
		request(app);
}

unsigned read_mounts_come(struct app *app, const struct event *event)
{
	app->mounts.is_requested = false;
	app->mounts.took = app->now - app->mounts.requested_at;
	if (event->mounts)
		facts_store_put_mounts(&app->inside.store, event->mounts);
	return EFFECT_REDRAW;
}
