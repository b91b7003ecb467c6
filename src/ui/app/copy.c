/* SPDX-License-Identifier: Apache-2.0 */

/* Copies the number or the row of the selection, or a command that enters it. */

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/app/screens.h"
#include "ui/detail/detail.h"
#include "view/command.h"
#include "view/mount_words.h"
#include "view/nsenter.h"
#include "view/umount.h"
#include "view/words.h"
#include "view/words_container.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* Returns what to copy: in the detail pane the selected reference, else, as on its title, the
 * subject of the page. */
static struct target subject(struct app *app)
{
	const struct node *node = tree_selected(&app->tree);
	struct target target;

	if (detail_pane_selected(app, &target) &&
	        (target.kind == TARGET_NS || target.kind == TARGET_PROCESS ||
	                target.kind == TARGET_CONTAINER))
		return target;
	if (app->panes.is_detail_focused && app->detail.page.kind != TARGET_NONE)
		return app->detail.page;
	if (node && node->container && !node->ns && !node->process)
		return detail_to_container(node->container);
	return node && node->process ? detail_to_process(node->process)
	                             : detail_to_ns(node ? node->ns : NULL);
}

/* `text` is printable, and owned by the app from now on. */
static unsigned copy_saying(struct app *app, char *text, const char *words)
{
	free(app->copied);
	app->copied = text;
	return EFFECT_COPY | state_say(app, false, memory_printf("copied%s: %s", words, text));
}

static unsigned copy(struct app *app, char *text)
{
	return copy_saying(app, text, "");
}

/* The mount whose page is shown; NULL: the page is about something else, or on it a reference is
 * selected. */
static const struct mount_entry *selected_mount(struct app *app)
{
	const struct node *node = tree_selected(&app->tree);
	const struct target target = subject(app);

	return node && target.kind == TARGET_NONE ? node->mount : NULL;
}

static unsigned copy_umount(struct app *app, const struct mounts *mounts,
        const struct mount_table *table, const struct mount_entry *entry)
{
	_cleanup_umount_ struct umount umount = umount_of(app->current, mounts);
	_cleanup_text_ struct text text;

	text_init(&text);
	const enum umount_state state = umount_write(text.out, &umount, table, entry);
	if (state == UMOUNT_READY)
		return copy(app, memory_strdup(text_get(&text)));
	umount_write_reason(text.out, state, table, entry);
	return state_say(app, false, memory_printf("not copied: %s", text_get(&text)));
}

/* The row of a namespace without a number is selected, and no reference on its page. */
static const struct ns_pin *selected_pin(struct app *app)
{
	const struct node *node = tree_selected(&app->tree);
	const struct target target = subject(app);

	return node && target.kind == TARGET_NONE ? node->pin : NULL;
}

/* The line of the mount that its row names. */
static unsigned copy_umount_pin(struct app *app, const struct ns_pin *pin)
{
	const struct mounts *mounts = facts_store_mounts(&app->inside.store, app->current);
	const struct mount_table *table = mounts_find(mounts, pin->mnt);

	if (!table)
		return state_inform(app, "not copied: its mounts were not read");
	for (size_t i = 0; i < table->n; i++) {
		const struct mount_entry *entry = &table->entries[i];

		if (umount_is_of_pin(entry, pin) && strcmp(entry->point, pin->path) == 0)
			return copy_umount(app, mounts, table, entry);
	}
	return state_inform(app, "not copied: it is not mounted there any more");
}

unsigned copy_number(struct app *app, _unused_ long argument)
{
	const struct mount_entry *mount = selected_mount(app);
	const struct target target = subject(app);
	const struct model *model = state_selected_model(app);
	const struct ns *ns = detail_target_ns(&target, model);
	const struct container *container = detail_target_container(&target, model);

	if (mount)
		return copy(app, memory_printf("%u:%u", mount->major, mount->minor));
	if (ns)
		return copy(app, memory_printf("%" PRIu64, ns->inode));
	if (container)
		return copy(app, escape_text(container->id));
	if (target.kind == TARGET_PROCESS)
		return copy(app, memory_printf("%jd", (intmax_t)target.pid));
	return state_inform(app, "nothing to copy here");
}

/* `1468 bash -l`, or `1468 bash` without the command line; the caller frees. */
static char *row_of_process(const struct app *app, const struct process *process)
{
	struct text text;

	text_init(&text);
	fprintf(text.out, "%jd ", (intmax_t)process->pid);
	if (state_shows_cmdlines(app) && command_is_known(process))
		command_write(text.out, NULL, process);
	else
		words_process_name(text.out, process);
	return text_take(&text);
}

unsigned copy_row(struct app *app, _unused_ long argument)
{
	const struct node *node = tree_selected(&app->tree);
	const struct model *model = state_selected_model(app);
	const struct target target = subject(app);
	const struct process *process = detail_target_process(&target, model);
	const struct ns *ns = detail_target_ns(&target, model);
	const struct container *container = detail_target_container(&target, model);
	const struct mount_entry *mount = selected_mount(app);
	_cleanup_text_ struct text text;
	char *line = detail_pane_line(app);

	text_init(&text);
	if (line)
		return copy(app, line);
	if (process)
		return copy(app, row_of_process(app, process));
	if (container) {
		words_container(text.out, container);
		return copy(app, memory_strdup(text_get(&text)));
	}
	if (mount) {
		mount_words_line(text.out, mount);
		return copy(app, memory_strdup(text_get(&text)));
	}
	if (!ns)
		return state_inform(app, "nothing to copy here");
	words_line(text.out, model, ns, node->is_owned, app->names);
	return copy(app, memory_strdup(text_get(&text)));
}

/* What the message says of a line that runs programs of `process` with all rights of root. */
static const char *as_root(const struct process *process)
{
	return process && process->container
	               ? "; programs of the container will run as root"
	               : "; programs in that mount namespace will run as root";
}

static unsigned copy_enter_ns(struct app *app, const struct ns *ns)
{
	const struct model *model = app->current;
	_cleanup_text_ struct text text;

	text_init(&text);
	if (nsenter_is_here(model, ns, app->self))
		return state_inform(
		        app, "nsbrowse is in that user namespace: it cannot be entered");
	const int r = nsenter_write(text.out, model, ns, app->self);
	if (r == -EILSEQ)
		return state_inform(
		        app, "not copied: its path has control characters, or is not valid UTF-8");
	if (r < 0)
		return state_inform(app, "no process, mount or descriptor to enter it by");
	return copy_saying(app, memory_strdup(text_get(&text)),
	        nsenter_runs_as_root(model, ns, app->self) ? as_root(ns->leader) : "");
}

static unsigned copy_enter_process(struct app *app, const struct process *process)
{
	const struct model *model = app->current;
	_cleanup_text_ struct text text;

	text_init(&text);
	if (nsenter_write_process(text.out, model, process) < 0)
		return state_inform(app, "the process has exited");
	return copy_saying(app, memory_strdup(text_get(&text)),
	        nsenter_runs_process_as_root(model, process, app->self) ? as_root(process) : "");
}

unsigned copy_command(struct app *app, _unused_ long argument)
{
	const struct target target = subject(app);
	const struct mount_entry *mount = selected_mount(app);
	const struct ns_pin *pin = selected_pin(app);
	const struct hierarchy *hierarchy = &app->tree.hierarchy;
	const struct ns *ns = detail_target_ns(&target, app->current);
	const struct container *container = detail_target_container(&target, app->current);
	const struct process *process =
	        container ? container->leader : detail_target_process(&target, app->current);

	if (mount)
		return copy_umount(app, hierarchy->mounts,
		        mounts_find(hierarchy->mounts, hierarchy->nodes[0].ns->inode), mount);
	if (pin)
		return copy_umount_pin(app, pin);
	if (ns)
		return copy_enter_ns(app, ns);
	if (process)
		return copy_enter_process(app, process);
	return state_inform(app,
	        target.kind == TARGET_NONE ? "nothing to copy here" : "gone: it cannot be entered");
}
