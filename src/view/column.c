/* SPDX-License-Identifier: Apache-2.0 */
#include "view/column.h"

#include "base/escape.h"
#include "view/command.h"
#include "view/partial.h"
#include "view/words.h"
#include "view/words_container.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

enum { HOLDERS_MOST = 3 }; /* that are named in a row */

/* --- texts ----------------------------------------------------------------------------------- */

static const struct model *model_of(const struct column_source *source, const struct node *node)
{
	return node->mark == MARK_GONE && source->baseline ? source->baseline : source->model;
}

static void write_unknown(FILE *out, const struct column_source *source, enum rel_state state)
{
	if (!source->is_brief)
		fputs(words_state(state), out);
	else if (state != REL_UNREAD)
		fputs("?", out);
}

static void write_number(FILE *out, size_t n, const char *plus)
{
	fprintf(out, "%zu%s", n, plus);
}

static void write_ns(
        FILE *out, _unused_ const struct column_source *source, const struct node *node)
{
	if (node->ns)
		words_ns(out, node->ns);
	else
		fputs(node_heading(node), out);
}

static void write_process(
        FILE *out, _unused_ const struct column_source *source, const struct node *node)
{
	words_process(out, node->process);
}

static void write_name(FILE *out, const struct column_source *source, const struct node *node)
{
	if (node->process)
		write_process(out, source, node);
	else if (node->ns || node_is_heading(node))
		write_ns(out, source, node);
	else
		words_container_line(out, node);
}

/* The line of a group of the view of containers, or of a container. */
static bool is_of_containers(const struct node *node)
{
	return !node->ns && !node->process;
}

/* In place of what a line does not have. */
static void write_none(FILE *out, const struct column_source *source)
{
	fputs(source->is_brief ? "" : "-", out);
}

static void write_kind(FILE *out, const struct column_source *source, const struct node *node)
{
	const struct container *container = node->container ? node->container : node->pod;

	if (container)
		escape_write_name(out, container->kind_name, 0);
	else
		write_none(out, source);
}

static void write_types(FILE *out, const struct column_source *source, const struct node *node)
{
	if (is_of_containers(node) && node->group != GROUP_UNITS)
		words_container_types(out, source->model, node);
	else
		write_none(out, source);
}

static void write_users(FILE *out, const struct column_source *source, const struct node *node)
{
	const bool is_user = node->ns && node->ns->type == NS_USER;

	if (is_user || (is_of_containers(node) && node->group != GROUP_UNITS))
		words_container_users(out, source->model, node);
	else
		write_none(out, source);
}

static void write_image(FILE *out, const struct column_source *source, const struct node *node)
{
	const struct container *container = node->container;

	if (container && container->image)
		escape_write_name(out, container->image, 0);
	else
		write_none(out, source);
}

static void write_trust(FILE *out, const struct column_source *source, const struct node *node)
{
	if (node->container)
		words_container_trust(out, node->container, source->names);
	else
		write_none(out, source);
}

static void write_container(FILE *out, const struct column_source *source, const struct node *node)
{
	const struct process *process = node_process(node);
	const struct container *container = node->container ? node->container
	                                    : process       ? process->container
	                                                    : NULL;

	if (node->group)
		words_container_line(out, node);
	else if (!container && process && process->container_state != REL_KNOWN)
		write_unknown(out, source, process->container_state);
	else if (!container)
		write_none(out, source);
	else if (node->ns)
		words_container_of_ns(out, node->ns);
	else
		words_container(out, container);
}

static void write_type(
        FILE *out, _unused_ const struct column_source *source, const struct node *node)
{
	fputs(nstype_name(node->ns->type), out);
}

static void write_inode(
        FILE *out, _unused_ const struct column_source *source, const struct node *node)
{
	fprintf(out, "%" PRIu64, node->ns->inode);
}

static void write_id(FILE *out, const struct column_source *source, const struct node *node)
{
	if (node->ns->id)
		fprintf(out, "%" PRIu64, node->ns->id);
	else
		fputs(source->is_brief ? "?" : "unknown", out);
}

static void write_relation(
        FILE *out, const struct column_source *source, const struct relation *relation)
{
	if (relation->ns)
		words_ns(out, relation->ns);
	else if (relation->state == REL_INITIAL || relation->state == REL_NONE)
		fputs("none", out);
	else
		write_unknown(out, source, relation->state);
}

static void write_parent(FILE *out, const struct column_source *source, const struct node *node)
{
	write_relation(out, source, &node->ns->parent);
}

static void write_owner_ns(FILE *out, const struct column_source *source, const struct node *node)
{
	write_relation(out, source, &node->ns->owner);
}

/* The state of the owner of a namespace, of another type than user also that of its owning user
 * namespace; or of the user of a process. */
static enum rel_state user_state(const struct node *node, uid_t *ret)
{
	const enum rel_state state = node_owner(node, ret);
	const struct ns *ns = node->ns;

	if (ns && ns->type != NS_USER && !ns->owner.ns)
		return ns->owner.state;
	return state;
}

static void write_owner(FILE *out, const struct column_source *source, const struct node *node)
{
	uid_t uid;
	const enum rel_state state = user_state(node, &uid);

	if (state == REL_KNOWN || state == REL_UNMAPPED || state == REL_AMBIGUOUS)
		words_owner_short(out, node->ns, source->names);
	else
		write_unknown(out, source, state);
}

static void write_user(FILE *out, const struct column_source *source, const struct node *node)
{
	if (node->process->uid_state == REL_FAILED)
		write_unknown(out, source, REL_FAILED);
	else
		words_process_user(out, node->process, source->names);
}

static void write_uid(FILE *out, const struct column_source *source, const struct node *node)
{
	uid_t uid;
	const enum rel_state state = user_state(node, &uid);

	if (state == REL_KNOWN)
		fprintf(out, "%" PRIu32, (uint32_t)uid);
	else if (!words_unmapped(out, state, uid))
		write_unknown(out, source, state);
}

static void write_depth(
        FILE *out, _unused_ const struct column_source *source, const struct node *node)
{
	if (nstype_is_hierarchical(node->ns->type))
		words_depth(out, node->ns);
	else
		fputc('-', out);
}

static void write_children(FILE *out, const struct column_source *source, const struct node *node)
{
	const struct ns *ns = node->ns;

	if (!nstype_is_hierarchical(ns->type))
		fputc('-', out);
	else if (node->mark == MARK_GONE)
		fputc('0', out);
	else
		write_number(out, ns->n_children,
		        partial_plus(source->model, ns->type == NS_PID ? ns : NULL));
}

static void write_owns(FILE *out, const struct column_source *source, const struct node *node)
{
	if (node->ns->type != NS_USER)
		fputc('-', out);
	else if (node->mark == MARK_GONE)
		fputc('0', out);
	else
		write_number(out, node->ns->n_owned, partial_plus(source->model, NULL));
}

/* True for a namespace without a process that was read, if there may be one. The list has its signs
 * for that. */
static bool may_have_processes(const struct column_source *source, const struct node *node)
{
	return !source->is_brief && node->mark != MARK_GONE && node->ns && !node->ns->n_processes &&
	       *partial_plus(source->model, node->ns);
}

static void write_procs(FILE *out, const struct column_source *source, const struct node *node)
{
	if (node->process)
		write_none(out, source);
	else if (is_of_containers(node))
		write_number(out, node_count(node), partial_plus(source->model, NULL));
	else if (node->mark == MARK_GONE)
		fputc('0', out);
	else if (node->ns->n_processes || may_have_processes(source, node))
		write_number(out, node->ns->n_processes, partial_plus(source->model, node->ns));
	else
		fputc('-', out);
}

/* In place of a fact of the leader. */
static void write_no_leader(FILE *out, const struct column_source *source, const struct node *node)
{
	fputs(may_have_processes(source, node) ? "unknown" : "-", out);
}

static void write_pid(FILE *out, const struct column_source *source, const struct node *node)
{
	const struct process *process = node_process(node);

	if (process)
		fprintf(out, "%jd", (intmax_t)process->pid);
	else
		write_no_leader(out, source, node);
}

static void write_ppid(FILE *out, const struct column_source *source, const struct node *node)
{
	const struct process *process = node_process(node);

	if (!process)
		write_no_leader(out, source, node);
	else if (process->state)
		fprintf(out, "%jd", (intmax_t)process->ppid);
	else
		fputs(source->is_brief ? "?" : "unknown", out);
}

/* The PID in the innermost PID namespace, if there are several. */
static void write_inside(FILE *out, const struct column_source *source, const struct node *node)
{
	const struct process *process = node->process;

	if (process->n_nspid > 1)
		fprintf(out, "%jd", (intmax_t)process->nspid[process->n_nspid - 1]);
	else if (!process->state)
		fputs(source->is_brief ? "?" : "unknown", out);
	else
		fputc('-', out);
}

static void write_state(FILE *out, const struct column_source *source, const struct node *node)
{
	if (node->process->state)
		fputc(node->process->state, out);
	else
		fputs(source->is_brief ? "?" : "unknown", out);
}

static void write_started(FILE *out, const struct column_source *source, const struct node *node)
{
	const struct host *host = &model_of(source, node)->host;
	const struct ns *ns = node->ns;
	const struct process *process = node_process(node);

	if (!ns && !process)
		write_none(out, source);
	else if (!ns)
		words_started(out, host, process, source->utc_offset, !source->is_brief);
	else
		/* A snapshot may have start times without the time of the boot. */
		words_time(out, host,
		        ns->n_processes && !host->booted ? 0 : (int64_t)(ns->since / 1000000000),
		        source->utc_offset, !source->is_brief);
}

static void write_leader(FILE *out, const struct column_source *source, const struct node *node)
{
	const struct process *process = node_process(node);

	if (node->ns)
		words_leader(out, model_of(source, node), node->ns);
	else if (process && !node->process)
		words_process(out, process);
	else
		write_none(out, source);
}

/* False if the namespaces of a process, or of its parent, were not read. A zombie has only two. */
static bool is_compared(const struct model *model, const struct process *process)
{
	const struct process *parent = model_find_process(model, process->ppid);

	if (!process->state || !process->ns[NS_USER])
		return false;
	return !process->ppid || (parent && parent->ns[NS_USER]);
}

static void write_differs(FILE *out, const struct column_source *source, const struct node *node)
{
	if (node->differs)
		words_types(out, node->differs);
	else if (!source->is_brief)
		fputs(is_compared(source->model, node->process) ? "-" : "unknown", out);
}

static void write_command(FILE *out, const struct column_source *source, const struct node *node)
{
	const struct process *process = node_process(node);

	if (process)
		words_process_name(out, process);
	else
		write_no_leader(out, source, node);
}

static void write_held_by(FILE *out, const struct column_source *source, const struct node *node)
{
	words_held_by(out, model_of(source, node), node->ns, HOLDERS_MOST);
}

static void write_cgroup(FILE *out, const struct column_source *source, const struct node *node)
{
	const struct process *process = node_process(node);

	if (!process)
		write_no_leader(out, source, node);
	else if (process->cgroup)
		escape_write_name(out, process->cgroup, 0);
	else
		fputs(source->is_brief ? "?" : "not read", out);
}

static void write_cmdline(FILE *out, const struct column_source *source, const struct node *node)
{
	const struct process *process = node_process(node);

	if (!process)
		write_no_leader(out, source, node);
	else
		command_write(out, &model_of(source, node)->host, process);
}

/* --- the table ------------------------------------------------------------------------------- */

enum {
	PROCESSES = 1 << VIEW_PROCESSES,
	CONTAINERS = 1 << VIEW_CONTAINERS,
	NAMESPACES = (1 << VIEW_KINDS) - 1 - PROCESSES - CONTAINERS,
	LEFT = false,
	RIGHT = true,
};

static const struct column table[COLUMN_IDS] = {
#define COLUMN(id, name, title, views, initial, is_right, write, text)                             \
	{name, title, text, views, initial, is_right, write},
#include "view/columns.def"
#undef COLUMN
};

const struct column *column_row(enum column_id id)
{
	return &table[id];
}

enum column_id column_tree(enum view_kind view)
{
	return view == VIEW_PROCESSES    ? COLUMN_PROCESS
	       : view == VIEW_CONTAINERS ? COLUMN_NAME
	                                 : COLUMN_NS;
}

void column_print(FILE *out)
{
	for (enum column_id id = 0; id < COLUMN_IDS; id++) {
		const unsigned views = table[id].views;
		const char *of = views == PROCESSES    ? "processes"
		                 : views == NAMESPACES ? "namespaces"
		                 : views == CONTAINERS ? "containers"
		                 : views & PROCESSES   ? "all"
		                                       : "both";

		fprintf(out, "%-9s %-11s %s%s\n", table[id].name, of, table[id].text,
		        table[id].initial ? " (default)" : "");
	}
}

/* --- choosing columns ------------------------------------------------------------------------ */

/* One name of a list. */
struct item {
	const char *name;
	size_t len;
	char sign;         /* + or -, or 0 */
	enum column_id id; /* COLUMN_IDS: no column has that name */
};

/* Parses the next item, and moves *list to the next one; at the end to NULL. */
static struct item next_item(const char **list)
{
	struct item item = {.name = *list, .id = COLUMN_IDS};

	if (*item.name == '+' || *item.name == '-')
		item.sign = *item.name++;
	item.len = strcspn(item.name, ",");
	for (enum column_id id = 0; id < COLUMN_IDS; id++) {
		if (strlen(table[id].name) == item.len &&
		        memcmp(table[id].name, item.name, item.len) == 0)
			item.id = id;
	}
	*list = item.name[item.len] ? item.name + item.len + 1 : NULL;
	return item;
}

static void remove_id(struct column_list *list, enum column_id id)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		if (list->ids[i] != id)
			list->ids[n++] = list->ids[i];
	}
	list->n = n;
}

bool column_list_has(const struct column_list *list, enum column_id id)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->ids[i] == id)
			return true;
	}
	return false;
}

int column_list_parse(struct column_list *ret, const char *list, enum view_kind view,
        const char **ret_bad, size_t *ret_len)
{
	const bool is_change = *list == '+' || *list == '-';

	*ret = is_change ? column_choice_list(0, view) : (struct column_list){.n = 0};
	while (list) {
		const struct item item = next_item(&list);

		*ret_bad = item.name;
		*ret_len = item.len;
		if (item.id == COLUMN_IDS)
			return -EINVAL;
		if (!(table[item.id].views & 1u << view))
			return -ENOENT;
		if (item.sign == '-')
			remove_id(ret, item.id);
		else if (!column_list_has(ret, item.id))
			ret->ids[ret->n++] = item.id;
	}
	return 0;
}

uint64_t column_choice_bit(enum column_id id)
{
	_Static_assert(COLUMN_IDS <= 64, "a choice has 64 bits");
	return UINT64_C(1) << id;
}

uint64_t column_choice_initial(void)
{
	uint64_t choice = 0;

	for (enum column_id id = 0; id < COLUMN_IDS; id++)
		choice |= table[id].initial ? column_choice_bit(id) : 0;
	return choice;
}

int column_choice_parse(const char *text, uint64_t *ret)
{
	const bool is_change = *text == '+' || *text == '-';
	uint64_t choice = is_change ? column_choice_initial() : 0;

	if (strcmp(text, "auto") == 0) {
		*ret = 0;
		return 0;
	}
	while (text) {
		const struct item item = next_item(&text);

		if (item.id == COLUMN_IDS)
			return -EINVAL;
		if (item.sign == '-')
			choice &= ~column_choice_bit(item.id);
		else
			choice |= column_choice_bit(item.id);
	}
	/* The columns with the tree are always there; so 0 means only the default. */
	for (enum view_kind view = 0; view < VIEW_KINDS; view++)
		choice |= column_choice_bit(column_tree(view));
	*ret = choice;
	return 0;
}

void column_choice_write(FILE *out, uint64_t choice)
{
	const char *separator = "";

	if (!choice) {
		fputs("auto", out);
		return;
	}
	for (enum column_id id = 0; id < COLUMN_IDS; id++) {
		if (!(choice & column_choice_bit(id)))
			continue;
		fprintf(out, "%s%s", separator, table[id].name);
		separator = ",";
	}
}

struct column_list column_choice_list(uint64_t choice, enum view_kind view)
{
	struct column_list list = {.ids = {column_tree(view)}, .n = 1};

	for (enum column_id id = 0; id < COLUMN_IDS; id++) {
		const unsigned views = choice ? table[id].views : table[id].initial;

		if (id != list.ids[0] && (views & 1u << view) &&
		        (!choice || (choice & column_choice_bit(id))))
			list.ids[list.n++] = id;
	}
	return list;
}
