/* SPDX-License-Identifier: Apache-2.0 */
#include "view/node.h"

#include "base/attributes.h"
#include "base/escape.h"

#include <stdlib.h>
#include <string.h>

/* Namespaces have at most one of the two highest bits (identity.h); PIDs have 22 bits. */
uint64_t node_process_tag(const struct process *process)
{
	const uint64_t started = process->started & ((UINT64_C(1) << 40) - 1);
	const uint64_t pid = (uint64_t)process->pid & ((UINT64_C(1) << 22) - 1);

	return UINT64_C(3) << 62 | pid << 40 | started;
}

/* No process has PID 0. */
#define MOUNT_TAG (UINT64_C(3) << 62 | UINT64_C(1) << 39)
#define LACK_TAG  (UINT64_C(3) << 62 | UINT64_C(1) << 38)
#define PIN_BIT   (UINT64_C(1) << 37)
#define PIN_TAG   (UINT64_C(3) << 62 | PIN_BIT)

uint64_t node_mount_tag(const struct mount_entry *mount)
{
	return MOUNT_TAG | mount->id;
}

const char *node_heading(const struct node *node)
{
	static const char *const lacks[] = {
	        [LACK_UNREAD] = "(mounts not read)",
	        [LACK_FAILED] = "(mounts could not be read)",
	        [LACK_MORE] = "(there may be more mounts)",
	        [LACK_NAMESPACE] = "(no such mount namespace)",
	};

	if (node->lack)
		return lacks[node->lack];
	if (node->is_unread)
		return "(owner not read yet)";
	if (node->is_numberless || node->pin)
		return "(no number)";
	if (node->is_unknown)
		return node->is_by_parent ? "(parent unknown)" : "(owner unknown)";
	return "(outside this view)";
}

bool node_is_heading(const struct node *node)
{
	return !node->ns && !node->process && !node->container && !node->mount && !node->group;
}

const struct process *node_process(const struct node *node)
{
	return node->process     ? node->process
	       : node->ns        ? node->ns->leader
	       : node->container ? node->container->leader
	                         : node->leader;
}

/* No process has PID 0, and no other tag of that PID has this bit. */
static uint64_t pin_tag(const struct ns_pin *pin)
{
	return PIN_TAG | (pin->tag & (PIN_BIT - 1));
}

static uint64_t group_tag(const struct node *node)
{
	if (node->group == GROUP_POD)
		return node->pod->pod_tag;
	return node->group == GROUP_HOST ? NODE_HOST_TAG : NODE_UNITS_TAG;
}

uint64_t node_tag(const struct node *node)
{
	if (node && node->process)
		return node_process_tag(node->process);
	if (node && node->container)
		return node->container->tag;
	if (node && node->group)
		return group_tag(node);
	if (node && node->mount)
		return node_mount_tag(node->mount);
	if (node && node->lack)
		return LACK_TAG | node->lack;
	if (node && node->pin)
		return pin_tag(node->pin);
	if (node && node->is_numberless)
		return NODE_NUMBERLESS_TAG;
	if (node && node->is_unknown)
		return UINT64_C(3) << 62;
	return node && node->ns ? node->ns->tag : 0;
}

enum rel_state node_owner(const struct node *node, uid_t *ret)
{
	const struct ns *ns = node->ns;
	const struct process *process = ns ? NULL : node_process(node);

	if (process) {
		*ret = process->uid;
		return process->uid_state;
	}
	const struct ns *user = !ns || ns->type == NS_USER ? ns : ns->owner.ns;
	*ret = user ? user->owner_uid : 0;
	if (ns && !user && ns->owner.state == REL_UNREAD)
		return REL_UNREAD;
	return user ? user->owner_uid_state : REL_FAILED;
}

size_t node_count(const struct node *node)
{
	return node->ns          ? node->ns->n_processes
	       : node->container ? node->container->n_processes
	                         : node->n_processes;
}

/* --- order ----------------------------------------------------------------------------------- */

/* The class is compared first, then the value. */
struct sort_key {
	unsigned class;
	uint64_t value;
};

static struct sort_key age_of(const struct node *node)
{
	const struct process *process = node->ns ? NULL : node_process(node);

	if (process)
		return (struct sort_key){!process->state, process->started};
	if (node->ns && node->ns->since)
		return (struct sort_key){0, node->ns->since};
	/* Each CPU gives out ids from a block of its own (Linux 6.18): in general, but not always,
	 * they increase. */
	return node->ns && node->ns->id ? (struct sort_key){1, node->ns->id}
	                                : (struct sort_key){2, 0};
}

static struct sort_key key_of(enum view_sort sort, const struct node *node)
{
	uid_t uid;

	switch (sort) {
	case VIEW_SORT_PROCESSES:
		return (struct sort_key){0, node->process ? 0 : UINT64_MAX - node_count(node)};
	case VIEW_SORT_OWNER:
		return node_owner(node, &uid) == REL_KNOWN ? (struct sort_key){0, uid}
		                                           : (struct sort_key){1, 0};
	case VIEW_SORT_AGE:
		return age_of(node);
	case VIEW_SORT_NUMBER:
	case VIEW_SORTS:
		break;
	}
	return (struct sort_key){0};
}

static int compare_numbers(const void *a, const void *b)
{
	const struct ns *x = *(const struct ns *const *)a, *y = *(const struct ns *const *)b;
	const int r = COMPARE(x->type, y->type);

	return r ? r : COMPARE(x->inode, y->inode);
}

void node_sort_by_number(const struct ns **all, size_t n)
{
	if (n > 1)
		qsort(all, n, sizeof(*all), compare_numbers);
}

/* What a container or pod is sorted by: its name, else its kind. */
static const char *name_of(const struct node *node)
{
	const struct container *container = node->container;

	if (!container)
		return node->pod->pod ? node->pod->pod : node->pod->pod_id;
	return container->name                 ? container->name
	       : container_is_label(container) ? container->id
	                                       : container->kind_name;
}

static const char *id_of(const struct node *node)
{
	return node->container ? node->container->id : "";
}

/* By name as far as that is shown. */
static int compare_containers(const struct node *a, const struct node *b)
{
	int r = strncmp(name_of(a), name_of(b), ESCAPE_NAME_MAX);

	r = r ? r : strncmp(id_of(a), id_of(b), ESCAPE_NAME_MAX);
	return r ? r : COMPARE(node_tag(a), node_tag(b));
}

/* As mounts_builder_end sorts them. */
static int compare_mounts(const struct mount_entry *a, const struct mount_entry *b)
{
	const int r = strcmp(a->point, b->point);

	return r ? r : COMPARE(a->id, b->id);
}

static int compare_identity(const struct node *a, const struct node *b)
{
	if (a->mount && b->mount)
		return compare_mounts(a->mount, b->mount);
	if (a->process)
		return COMPARE(a->process->pid, b->process->pid);
	return a->ns ? compare_numbers(&a->ns, &b->ns) : compare_containers(a, b);
}

/* What stands below a container or a group: containers and pods between the host and units, then
 * namespaces and processes. */
static unsigned rank_of_container(const struct node *node)
{
	enum { HOST, SANDBOX, CONTAINER, UNITS, NAMESPACE, PROCESS };

	if (node->process)
		return PROCESS;
	if (node->ns)
		return NAMESPACE;
	if (node->container)
		return node->container->is_sandbox ? SANDBOX : CONTAINER;
	return node->group == GROUP_HOST ? HOST : node->group == GROUP_UNITS ? UNITS : CONTAINER;
}

/* Lines that a user namespace owns come before its children. */
static unsigned rank(const struct view_options *options, const struct node *node)
{
	if (options->kind == VIEW_CONTAINERS)
		return rank_of_container(node);
	if (node->is_owned)
		return 0;
	if (node->process || !view_is_by_owner(options))
		return 1;
	return node->ns->type == NS_USER ? 2 : 1;
}

int node_compare(const struct view_options *options, const struct node *a, const struct node *b)
{
	int r = COMPARE(rank(options, a), rank(options, b));

	if (r)
		return r;
	const struct sort_key x = key_of(options->sort, a), y = key_of(options->sort, b);
	r = COMPARE(x.class, y.class);
	if (r)
		return r;
	r = COMPARE(x.value, y.value);
	r = r ? r : compare_identity(a, b);
	if (r)
		return options->is_inverted ? -r : r;
	return COMPARE(a->mark != MARK_GONE, b->mark != MARK_GONE);
}

static int compare_nodes(const void *a, const void *b, void *options)
{
	return node_compare(options, a, b);
}

void node_sort(const struct view_options *options, struct node *nodes, size_t n)
{
	struct view_options copy = *options;

	if (n > 1)
		qsort_r(nodes, n, sizeof(*nodes), compare_nodes, &copy);
}
