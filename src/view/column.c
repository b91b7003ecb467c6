/* SPDX-License-Identifier: Apache-2.0 */
#include "view/column.h"

#include "base/escape.h"
#include "view/command.h"
#include "view/mount_lines.h"
#include "view/mount_words.h"
#include "view/partial.h"
#include "view/words.h"
#include "view/words_container.h"
#include "view/words_pin.h"

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
		words_pin_heading(out, node);
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
	if (node->mount)
		fprintf(out, "%u", node->mount->id);
	else if (node->ns->id)
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

/* --- of mounts -------------------------------------------------------------------------------- */

/* The line over them is their mount namespace. */
static void write_path(FILE *out, const struct column_source *source, const struct node *node)
{
	if (node->mount)
		mount_words_path(out, node->mount);
	else if (node->ns)
		words_ns(out, node->ns);
	else
		mount_lines_write_heading(out, &source->model->host, node);
}

/* A text of a mount that may be unknown. */
static void write_mount_text(FILE *out, const struct column_source *source,
        const struct mount_entry *mount, const char *raw,
        void (*write)(FILE *out, const struct mount_entry *entry))
{
	if (raw || !source->is_brief)
		write(out, mount);
	else
		fputs("?", out);
}

static void write_fstype(FILE *out, const struct column_source *source, const struct node *node)
{
	if (node->mount)
		write_mount_text(out, source, node->mount, node->mount->type, mount_words_type);
	else
		write_none(out, source);
}

static void write_source(FILE *out, const struct column_source *source, const struct node *node)
{
	if (node->mount)
		write_mount_text(out, source, node->mount, node->mount->source, mount_words_source);
	else
		write_none(out, source);
}

static void write_device(FILE *out, const struct column_source *source, const struct node *node)
{
	if (node->mount)
		mount_words_device(out, node->mount);
	else
		write_none(out, source);
}

static void write_directory(FILE *out, const struct column_source *source, const struct node *node)
{
	if (node->mount)
		write_mount_text(out, source, node->mount, node->mount->root, mount_words_root);
	else
		write_none(out, source);
}

static void write_propagation(
        FILE *out, const struct column_source *source, const struct node *node)
{
	if (node->mount)
		mount_words_propagation(out, node->mount);
	else
		write_none(out, source);
}

/* A mount that is not shared has none. */
static void write_peers(FILE *out, const struct column_source *source, const struct node *node)
{
	if (node->mount && node->mount->shared)
		write_number(out, node->n_peers, partial_plus(source->model, NULL));
	else
		write_none(out, source);
}

static void write_covered(FILE *out, const struct column_source *source, const struct node *node)
{
	if (node->mount && node->mount->is_covered)
		fputs("covered", out);
	else
		write_none(out, source);
}

static void write_options(FILE *out, const struct column_source *source, const struct node *node)
{
	if (node->mount)
		write_mount_text(
		        out, source, node->mount, node->mount->options, mount_words_options);
	else
		write_none(out, source);
}

static void write_fs_options(FILE *out, const struct column_source *source, const struct node *node)
{
	if (node->mount)
		write_mount_text(
		        out, source, node->mount, node->mount->fs_options, mount_words_fs_options);
	else
		write_none(out, source);
}

/* --- the table ------------------------------------------------------------------------------- */

enum {
	PROCESSES = 1 << VIEW_PROCESSES,
	CONTAINERS = 1 << VIEW_CONTAINERS,
	MOUNTS = 1 << VIEW_MOUNTS,
	NAMESPACES = (1 << VIEW_KINDS) - 1 - PROCESSES - CONTAINERS - MOUNTS,
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
	       : view == VIEW_MOUNTS     ? COLUMN_PATH
	                                 : COLUMN_NS;
}

void column_print(FILE *out)
{
	for (enum column_id id = 0; id < COLUMN_IDS; id++) {
		const unsigned views = table[id].views;
		const char *of = views == PROCESSES    ? "processes"
		                 : views == NAMESPACES ? "namespaces"
		                 : views == CONTAINERS ? "containers"
		                 : views == MOUNTS     ? "mounts"
		                 : views & PROCESSES   ? "all"
		                                       : "both";

		fprintf(out, "%-11s %-10s %s%s\n", table[id].name, of, table[id].text,
		        table[id].initial ? " (default)" : "");
	}
}
