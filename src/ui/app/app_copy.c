/* SPDX-License-Identifier: Apache-2.0 */

/* Copying: what is selected as a number, as a row, or as a command that leads into it. */

#include "base/memory.h"
#include "base/text.h"
#include "ui/app/app_internal.h"
#include "ui/detail/detail_internal.h"
#include "view/nsenter.h"
#include "view/words.h"

#include <inttypes.h>

static const struct model *shown_model(const struct app *app)
{
	const struct node *node = tree_selected(&app->tree);

	return node && node->mark == MARK_GONE ? app->marks.baseline : app->current;
}

/* In the pane the reference that is selected, else whose page it is. */
static struct target subject(const struct app *app)
{
	const struct node *node = tree_selected(&app->tree);
	struct target target;

	if (app_detail_selected(app, &target) && target.kind != TARGET_TABLE)
		return target;
	if (app->is_detail_focused && app->detail.page.kind != TARGET_NONE)
		return app->detail.page;
	return node && node->process ? target_of_process(node->process)
	                             : target_of_ns(node ? node->ns : NULL);
}

/* Takes `text`, which is safe to be shown. */
static unsigned copy(struct app *app, char *text)
{
	free(app->copied);
	app->copied = text;
	app_say(app, false, memory_printf("copied: %s", text));
	return EFFECT_COPY | EFFECT_REDRAW;
}

static unsigned say_nothing(struct app *app, const char *why)
{
	app_say(app, false, memory_strdup(why));
	return EFFECT_REDRAW;
}

unsigned app_do_copy_number(struct app *app)
{
	const struct target target = subject(app);
	const struct ns *ns = target_ns(&target, shown_model(app));

	if (ns)
		return copy(app, memory_printf("%" PRIu64, ns->inode));
	if (target.kind == TARGET_PROCESS)
		return copy(app, memory_printf("%jd", (intmax_t)target.pid));
	return say_nothing(app, "nothing to copy here");
}

/* `1468 bash -l`; the caller frees. */
static char *row_of_process(const struct process *process)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	fprintf(text.out, "%jd ", (intmax_t)process->pid);
	detail_write_command(text.out, process);
	return memory_strdup(text_get(&text));
}

unsigned app_do_copy_row(struct app *app)
{
	const struct node *node = tree_selected(&app->tree);
	_cleanup_text_ struct text text;
	char *line = app_detail_line(app);

	text_init(&text);
	if (line)
		return copy(app, line);
	if (!node || (!node->ns && !node->process))
		return say_nothing(app, "nothing to copy here");
	if (node->process)
		return copy(app, row_of_process(node->process));
	words_line(text.out, shown_model(app), node->ns, node->is_owned, app->names);
	return copy(app, memory_strdup(text_get(&text)));
}

unsigned app_do_copy_command(struct app *app)
{
	const struct target target = subject(app);
	const struct ns *ns = target_ns(&target, app->current);
	const struct process *process = target_process(&target, app->current);
	_cleanup_text_ struct text text;

	text_init(&text);
	if (ns && nsenter_is_here(app->current, ns, app->options.self))
		return say_nothing(app, "we are in that user namespace: nobody enters it twice");
	if (ns && !nsenter_write(text.out, app->current, ns, app->options.self))
		return say_nothing(app, "no process, mount or descriptor leads into it");
	if (process && !nsenter_write_process(text.out, app->current, process))
		return say_nothing(app, "that process has ended");
	if (!ns && !process)
		return say_nothing(app, target.kind == TARGET_NONE ? "nothing to copy here"
		                                                   : "gone: nothing leads into it");
	return copy(app, memory_strdup(text_get(&text)));
}

const char *app_copy_text(const struct app *app)
{
	return app->copied;
}
