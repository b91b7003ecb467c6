/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/list/column_widths.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/text.h"
#include "ui/draw/line.h"
#include "view/command.h"
#include "view/partial.h"
#include "view/sharing.h"
#include "view/words.h"
#include "view/words_container.h"

#include <string.h>

enum {
	LEVEL = COLUMN_WIDTHS_LEVEL,
	CMDLINE_WIDTH = 40, /* of a command line that is added, if there is more that is added */
	STARTED_WIDTH = 10,
	UIDS_SEEN = 256,
	CONTAINERS_SEEN = 4096,
	MEASURED_MAX = 400, /* columns: wider texts count as wide as this */
};

const enum column_id column_widths_added[COLUMN_WIDTHS_ADDED] = {
        COLUMN_CONTAINER, COLUMN_KIND, COLUMN_CMDLINE, COLUMN_STARTED, COLUMN_ID};

/* The lines of a list of containers name them already. */
bool column_widths_is_addable(enum column_id id, enum view_kind view)
{
	return (column_row(id)->views & 1u << view) &&
	       (id != COLUMN_CONTAINER || view != VIEW_CONTAINERS);
}

struct column_source column_widths_source(const struct tree_source *source)
{
	return (struct column_source){
	        .model = source->model,
	        .baseline = source->marks->baseline,
	        .names = source->names,
	        .utc_offset = source->utc_offset,
	        .is_brief = true,
	};
}

/* What all columns need while they are measured. Many nodes have the same owner or container, which
 * is measured once: the tables have those that were measured last, by a hash. */
struct measuring {
	struct column_source source;
	struct text text;
	const struct ns *host_user;
	int plus;                 /* of partial_plus, behind a number */
	uint64_t uids[UIDS_SEEN]; /* 1 + UID; 0: none */
	const struct container *containers[CONTAINERS_SEEN];
};

/* --- widths of texts that are not written ------------------------------------------------- */

static int digits(uint64_t number)
{
	int n = 1;

	for (uint64_t least = 10; number >= least; least *= 10) {
		n++;
		if (least > UINT64_MAX / 10)
			break;
	}
	return n;
}

/* Most names are plain ASCII, which needs no escaping. */
static int name_width(const char *name)
{
	_cleanup_text_ struct text text = {0};
	const char *c = name;

	while (*c >= ' ' && *c <= '~' && *c != '\\' && c - name < MEASURED_MAX)
		c++;
	if (!*c || c - name == MEASURED_MAX)
		return (int)(c - name);
	text_init_within(&text, MEASURED_MAX);
	escape_write_name(text.out, name, 0);
	return line_width(text_get(&text), false);
}

static int process_width(const struct process *process)
{
	return name_width(process->name && *process->name ? process->name : "?") +
	       digits((uint64_t)process->pid) + (int)strlen(" ()");
}

static int measure_written(struct measuring *m, enum column_id id, const struct node *node)
{
	column_row(id)->write(text_restart(&m->text), &m->source, node);
	return line_width(text_get(&m->text), false);
}

/* Of a label in the tree. A line over several tops has the row for itself. */
static int label_width(struct measuring *m, const struct node *node)
{
	if (node->process)
		return process_width(node->process);
	if (node_is_heading(node))
		return 0;
	if (node->ns)
		return (int)strlen(nstype_name(node->ns->type)) + digits(node->ns->inode) +
		       (int)strlen(":[]");
	if (node->mount)
		return name_width(node->mount->point) +
		       (node->mount->is_covered ? (int)strlen(COLUMN_WIDTHS_COVERED) : 0);
	words_container_line(text_restart(&m->text), node);
	return line_width(text_get(&m->text), false);
}

/* --- of a node, by column ----------------------------------------------------------------- */

static int measure_count(struct measuring *m, const struct node *node)
{
	return node->process ? 0 : digits(node_count(node)) + m->plus;
}

/* As words_unmapped writes it. */
static int unmapped_width(enum rel_state state, uid_t uid)
{
	const int width = (int)strlen(WORDS_UNMAPPED);

	if (state == REL_AMBIGUOUS)
		return digits(uid) + (int)strlen(" or ") + width;
	return state == REL_UNMAPPED ? width : 0;
}

/* The owner of a namespace, or the user of a process. */
static int measure_owner(struct measuring *m, const struct node *node)
{
	uid_t uid;
	const enum rel_state state = node_owner(node, &uid);

	if (state != REL_KNOWN)
		return unmapped_width(state, uid);
	uint64_t *seen = &m->uids[uid % UIDS_SEEN];
	if (*seen == UINT64_C(1) + uid)
		return 0;
	*seen = UINT64_C(1) + uid;
	const char *name = names_get(m->source.names, uid);
	return name ? name_width(name) : digits(uid);
}

static int measure_id(_unused_ struct measuring *m, const struct node *node)
{
	return node->ns && node->ns->id ? digits(node->ns->id) : 0;
}

static int measure_inside(_unused_ struct measuring *m, const struct node *node)
{
	const struct process *process = node->process;

	return process && process->n_nspid > 1
	               ? digits((uint64_t)process->nspid[process->n_nspid - 1])
	               : 0;
}

/* 0 if the time is not known. */
static int measure_started(struct measuring *m, const struct node *node)
{
	const struct process *process = node_process(node);
	const bool is_known = node->ns ? node->ns->since != 0 : process && process->state;

	return is_known && m->source.model->host.booted ? STARTED_WIDTH : 0;
}

static int measure_leader(struct measuring *m, const struct node *node)
{
	const struct process *process = node->process ? NULL : node_process(node);
	const char *name = node->ns ? words_net_name(node->ns) : NULL;

	if (process)
		return process_width(process) + (name ? name_width(name) + (int)strlen(": ") : 0);
	if (!node->ns)
		return 0;
	if (!node->ns->n_holders)
		return (int)strlen(words_no_holder(m->source.model, node->ns));
	return measure_written(m, COLUMN_LEADER, node);
}

static int measure_differs(_unused_ struct measuring *m, const struct node *node)
{
	int all = 0;

	for (enum nstype type = 0; node->differs && type < NS_TYPES; type++) {
		if (node->differs & 1u << type)
			all += (int)strlen(nstype_name(type)) + 1;
	}
	return all ? all - 1 : 0;
}

static int measure_types(_unused_ struct measuring *m, _unused_ const struct node *node)
{
	return NS_TYPES;
}

/* A command line has what is left of the row. */
static int measure_cmdline(_unused_ struct measuring *m, _unused_ const struct node *node)
{
	return CMDLINE_WIDTH;
}

/* True if processes of a namespace are in containers, and not all of these in `container`. */
static bool has_other_containers(const struct ns *ns, const struct container *container)
{
	for (size_t i = 0; i < ns->n_processes; i++) {
		const struct container *other = ns->processes[i]->container;

		if (other && other != container)
			return true;
	}
	return false;
}

/* With nothing but a name, that is its text. */
static bool has_only_name(const struct container *container)
{
	return container->name && *container->name && !container->pod && !container->pod_id &&
	       !container->is_unverified;
}

static int measure_container(struct measuring *m, const struct node *node)
{
	const struct process *process = node_process(node);
	const struct container *container = node->container ? node->container
	                                    : process       ? process->container
	                                                    : NULL;

	if (!container && !node->group)
		return process && process->container_state != REL_KNOWN &&
		                       process->container_state != REL_UNREAD
		               ? (int)strlen("?")
		               : 0;
	if (node->group || (node->ns && has_other_containers(node->ns, container)))
		return measure_written(m, COLUMN_CONTAINER, node);
	const struct container **seen =
	        &m->containers[((uintptr_t)container >> 4) % CONTAINERS_SEEN];
	if (*seen == container)
		return 0;
	*seen = container;
	return has_only_name(container) ? name_width(container->name)
	                                : measure_written(m, COLUMN_CONTAINER, node);
}

static int measure_kind(_unused_ struct measuring *m, const struct node *node)
{
	const struct container *container = node->container ? node->container : node->pod;

	return container ? name_width(container->kind_name) : 0;
}

/* Only maps are written. */
static int measure_users(struct measuring *m, const struct node *node)
{
	const struct container *container = node->container ? node->container : node->pod;
	const struct ns *ns = container ? sharing_ns(container, NS_USER) : node->ns;

	if (node->process || (node->ns && node->ns->type != NS_USER) || node->group == GROUP_UNITS)
		return 0;
	if (node->group != GROUP_HOST && ns != m->host_user && (!ns || ns->maps_state != REL_KNOWN))
		return (int)strlen("?");
	return measure_written(m, COLUMN_USERS, node);
}

/* NULL: the text of each node is written and measured. */
static int (*const measures[COLUMN_IDS])(struct measuring *m, const struct node *node) = {
        [COLUMN_TYPES] = measure_types,
        [COLUMN_ID] = measure_id,
        [COLUMN_OWNER] = measure_owner,
        [COLUMN_USER] = measure_owner,
        [COLUMN_PROCS] = measure_count,
        [COLUMN_USERS] = measure_users,
        [COLUMN_INSIDE] = measure_inside,
        [COLUMN_STARTED] = measure_started,
        [COLUMN_LEADER] = measure_leader,
        [COLUMN_DIFFERS] = measure_differs,
        [COLUMN_CONTAINER] = measure_container,
        [COLUMN_KIND] = measure_kind,
        [COLUMN_CMDLINE] = measure_cmdline,
};

/* --- all of a view ------------------------------------------------------------------------ */

static void measure_tree(struct measuring *m, struct column_widths *widths, enum column_id id,
        const struct node *node)
{
	const int depth = (int)node->depth, label = label_width(m, node);

	widths->depth = MAX(widths->depth, depth);
	widths->widths[id] = MAX(widths->widths[id], label);
	if (label)
		widths->tree = MAX(widths->tree, LEVEL * (depth + 1) + label);
}

static void measure_columns(struct measuring *m, struct column_widths *widths,
        const struct column_list *list, const struct node *node)
{
	for (size_t i = 1; i < list->n; i++) {
		const enum column_id id = list->ids[i];
		int width = 0;

		if (measures[id])
			width = measures[id](m, node);
		else if (!node_is_heading(node))
			width = measure_written(m, id, node);
		widths->widths[id] = MAX(widths->widths[id], width);
	}
}

static bool has_cmdline(const struct node *node)
{
	const struct process *process = node_process(node);

	return process && command_is_known(process);
}

/* The columns of a choice, and those that may be added. */
static struct column_list columns_of(uint64_t choice, enum view_kind view)
{
	struct column_list list = column_choice_list(choice, view);

	for (size_t i = 0; !choice && i < COLUMN_WIDTHS_ADDED; i++) {
		const enum column_id id = column_widths_added[i];

		if (column_widths_is_addable(id, view) && !column_list_has(&list, id))
			list.ids[list.n++] = id;
	}
	return list;
}

void column_widths_measure(struct column_widths *widths, uint64_t choice,
        const struct hierarchy *hierarchy, const struct tree_source *source)
{
	const enum view_kind view = hierarchy->options.kind;
	const struct column_list list = columns_of(choice, view);
	struct measuring m = {
	        .source = column_widths_source(source),
	        .host_user = sharing_host(source->model, NS_USER),
	        .plus = (int)strlen(partial_plus(source->model, NULL)),
	};
	bool has_cmdlines = choice || view == VIEW_PROCESSES || widths->with_cmdlines;

	text_init_within(&m.text, MEASURED_MAX);
	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct node *node = &hierarchy->nodes[i];

		measure_tree(&m, widths, list.ids[0], node);
		measure_columns(&m, widths, &list, node);
		has_cmdlines = has_cmdlines || (source->with_cmdlines && has_cmdline(node));
	}
	widths->with_cmdlines = source->with_cmdlines && has_cmdlines;
	text_release(&m.text);
}

void column_widths_add(struct column_widths *widths, const struct column_widths *measured,
        const struct tree_source *source)
{
	widths->depth = MAX(widths->depth, measured->depth);
	widths->tree = MAX(widths->tree, measured->tree);
	for (enum column_id id = 0; id < COLUMN_IDS; id++)
		widths->widths[id] = MAX(widths->widths[id], measured->widths[id]);
	widths->with_cmdlines =
	        source->with_cmdlines && (widths->with_cmdlines || measured->with_cmdlines);
}
