/* SPDX-License-Identifier: Apache-2.0 */
#include "view/mount_lines.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "view/mount_peers.h"
#include "view/mount_query.h"
#include "view/pid_query.h"
#include "view/sharing.h"
#include "view/words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- the mount namespace ---------------------------------------------------------------------- */

const struct ns *mount_lines_ns(const struct model *model, const struct view_options *options)
{
	const struct ns *const own = mount_query_own(model);

	if (options->mnt)
		return model_find(model, NS_MNT, options->mnt);
	if (own)
		return own;
	for (size_t i = 0; i < model->n_namespaces; i++) {
		if (model->namespaces[i]->type == NS_MNT)
			return model->namespaces[i];
	}
	return NULL;
}

/* The number in `mnt:[4026532301]` or `4026532301`; 0: it is neither. */
static uint64_t parse_number(const char *name, bool *ret_is_plain)
{
	static const char prefix[] = "mnt:[";
	const bool has_prefix = strncmp(name, prefix, strlen(prefix)) == 0;
	const char *const digits = has_prefix ? name + strlen(prefix) : name;
	char *end;

	*ret_is_plain = !has_prefix;
	errno = 0;
	const uint64_t number = strtoumax(digits, &end, 10);
	if (*digits < '0' || *digits > '9' || errno || strcmp(end, has_prefix ? "]" : "") != 0)
		return 0;
	return number;
}

static size_t add_once(const struct ns **all, size_t n, const struct ns *ns)
{
	for (size_t i = 0; i < n; i++) {
		if (all[i] == ns)
			return n;
	}
	if (ns)
		all[n++] = ns;
	return n;
}

size_t mount_lines_named(const struct model *model, const char *name, const struct ns **ret)
{
	_cleanup_free_ const struct container **containers =
	        memory_new((model->n_containers + 1) * sizeof(*containers));
	bool is_plain;
	const uint64_t number = parse_number(name, &is_plain);
	size_t n = add_once(ret, 0, number ? model_find(model, NS_MNT, number) : NULL);

	if (n || (number && !is_plain))
		return n;
	const size_t n_containers = pid_query_containers(model, name, containers);
	for (size_t i = 0; i < n_containers; i++)
		n = add_once(ret, n, sharing_ns(containers[i], NS_MNT));
	const struct process *const process = !n_containers && number && number <= INT32_MAX
	                                              ? model_find_process(model, (pid_t)number)
	                                              : NULL;
	return add_once(ret, n, process ? process->ns[NS_MNT] : NULL);
}

/* --- the lines -------------------------------------------------------------------------------- */

struct build {
	const struct mount_table *table;
	struct node *nodes;
	size_t n;
	size_t *peers;   /* of each mount */
	size_t *indexes; /* of each mount: its node */
	size_t *stack;   /* mounts, the next one on top */
	size_t n_stack;
};

/* Pushes the siblings from `first` on, which are the mounts up to `end` that are not below others.
 * The first one is on top, or the last one. */
static void push_siblings(struct build *build, size_t first, size_t end, bool is_inverted)
{
	const size_t bottom = build->n_stack;

	for (size_t i = first; i < end; i = build->table->entries[i].end)
		build->stack[build->n_stack++] = i;
	if (is_inverted)
		return;
	for (size_t i = bottom, j = build->n_stack; i + 1 < j; i++) {
		const size_t mount = build->stack[i];

		build->stack[i] = build->stack[--j];
		build->stack[j] = mount;
	}
}

static void add_mount(struct build *build, size_t i)
{
	const struct mount_entry *const entry = &build->table->entries[i];
	const bool is_top = entry->parent == MOUNTS_NO_PARENT;

	build->indexes[i] = build->n;
	build->nodes[build->n++] = (struct node){
	        .mount = entry,
	        .parent = is_top ? 0 : build->indexes[entry->parent],
	        .depth = entry->depth + 1,
	        .n_peers = (unsigned)build->peers[i],
	};
}

static void add_mounts(struct build *build, const struct mounts *mounts, bool is_inverted)
{
	const size_t n = build->table->n;

	build->peers = memory_new((n + 1) * sizeof(*build->peers));
	build->indexes = memory_new((n + 1) * sizeof(*build->indexes));
	build->stack = memory_new((n + 1) * sizeof(*build->stack));
	mount_peers_count(mounts, build->table, build->peers);
	push_siblings(build, 0, n, is_inverted);
	while (build->n_stack > 0) {
		const size_t i = build->stack[--build->n_stack];

		add_mount(build, i);
		push_siblings(build, i + 1, build->table->entries[i].end, is_inverted);
	}
	free(build->peers);
	free(build->indexes);
	free(build->stack);
}

static enum node_lack lack_of(const struct ns *ns, const struct mount_table *table)
{
	if (!ns)
		return LACK_NAMESPACE;
	if (!table)
		return LACK_UNREAD;
	if (table->error)
		return LACK_FAILED;
	return table->is_at_least ? LACK_MORE : LACK_NONE;
}

struct node *mount_lines_build(
        const struct model *model, const struct view_options *options, size_t *ret_n)
{
	const struct ns *const ns = mount_lines_ns(model, options);
	const struct mount_table *const table = ns ? mounts_find(options->mounts, ns->inode) : NULL;
	const enum node_lack lack = lack_of(ns, table);
	/* The namespace, and the last line. */
	struct build build = {.table = table,
	        .nodes = memory_new((2 + (table ? table->n : 0)) * sizeof(*build.nodes))};

	if (ns)
		build.nodes[build.n++] = (struct node){.ns = ns, .parent = NODE_NO_PARENT};
	if (table)
		add_mounts(&build, options->mounts, options->is_inverted);
	if (lack)
		build.nodes[build.n++] = (struct node){.lack = lack,
		        .error = table ? table->error : 0,
		        .parent = ns ? 0 : NODE_NO_PARENT,
		        .depth = ns ? 1 : 0};
	*ret_n = build.n;
	return build.nodes;
}

void mount_lines_write_heading(FILE *out, const struct host *host, const struct node *node)
{
	if (node->lack == LACK_FAILED)
		fprintf(out, "(mounts could not be read: %s)", words_error(host, node->error));
	else
		fputs(node_heading(node), out);
}
