/* SPDX-License-Identifier: Apache-2.0 */
#include "view/go_to.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "base/u64.h"
#include "view/sharing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the node of a process ------------------------------------------------------------------- */

/* Nodes by the address of their process or namespace; the first one that is shown counts. */
struct index {
	struct u64_map numbers;
	size_t *nodes;
	enum nstype type; /* the main one of the view */
};

static void index_init(
        struct index *ret, const struct hierarchy *hierarchy, const unsigned char *is_shown)
{
	*ret = (struct index){
	        .nodes = memory_new((hierarchy->n + 1) * sizeof(*ret->nodes)),
	        .type = view_kind_row(hierarchy->options.kind)->type,
	};
	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct node *node = &hierarchy->nodes[i];
		const void *key = node->process ? (const void *)node->process : node->ns;
		bool is_new;

		if (!key || (is_shown && !is_shown[i]))
			continue;
		const size_t number = u64_map_add(&ret->numbers, (uintptr_t)key, &is_new);
		if (is_new)
			ret->nodes[number] = i;
	}
}

static void index_release(struct index *index)
{
	u64_map_release(&index->numbers);
	free(index->nodes);
}

static bool index_find(const struct index *index, const struct process *process, size_t *ret_node)
{
	size_t number;

	if (!u64_map_find(&index->numbers, (uintptr_t)process, &number) &&
	        (!process->ns[index->type] ||
	                !u64_map_find(
	                        &index->numbers, (uintptr_t)process->ns[index->type], &number)))
		return false;
	*ret_node = index->nodes[number];
	return true;
}

/* --- the rules by which a process has a PID -------------------------------------------------- */

/* Where to look for the PID: the namespace that is selected, or that of the process. */
struct inside {
	const struct ns *ns;               /* NULL: none is selected */
	const struct container *container; /* that is selected; NULL: none */
	const struct ns *pid_space;        /* whose PIDs count first; NULL: not known */
};

static struct inside inside_of(const struct node *selected)
{
	const struct ns *ns = selected ? selected->ns : NULL;

	if (selected && selected->container)
		return (struct inside){.container = selected->container,
		        .pid_space = sharing_ns(selected->container, NS_PID)};
	if (selected && selected->process)
		ns = selected->process->ns[NS_PID];
	if (!ns || ns->type == NS_PID)
		return (struct inside){.ns = ns, .pid_space = ns};
	return (struct inside){.ns = ns, .pid_space = ns->leader ? ns->leader->ns[NS_PID] : NULL};
}

static bool is_member(const struct inside *inside, const struct process *process)
{
	if (inside->container)
		return sharing_is_in(process, inside->container);
	return inside->ns && process->ns[inside->ns->type] == inside->ns;
}

/* In a PID namespace the processes of those below it have a PID too. */
static bool is_first_inside(const struct inside *inside, const struct process *process, pid_t pid)
{
	if (!inside->pid_space || model_pid_inside(process, inside->pid_space) != pid)
		return false;
	return (inside->ns && inside->ns->type == NS_PID) || is_member(inside, process);
}

static bool has_level(const struct process *process, pid_t pid)
{
	for (size_t i = 1; i < process->n_nspid; i++) {
		if (process->nspid[i] == pid)
			return true;
	}
	return false;
}

static bool is_inside(const struct inside *inside, const struct process *process, pid_t pid)
{
	return is_member(inside, process) && has_level(process, pid);
}

static bool is_outside(
        _unused_ const struct inside *inside, const struct process *process, pid_t pid)
{
	return process->pid == pid;
}

static bool is_anywhere(
        _unused_ const struct inside *inside, const struct process *process, pid_t pid)
{
	return has_level(process, pid);
}

/* The best first. */
static bool (*const rules[])(const struct inside *inside, const struct process *process,
        pid_t pid) = {is_first_inside, is_inside, is_outside, is_anywhere};

/* The first rule that applies; ARRAY_SIZE(rules) if none does. */
static size_t rule_of(const struct inside *inside, const struct process *process, pid_t pid)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(rules) && !rules[i](inside, process, pid))
		i++;
	return i;
}

/* --- the candidates -------------------------------------------------------------------------- */

static void add(struct go_to_list *list, size_t node, const struct process *process)
{
	MEMORY_APPEND(list->all, list->n, list->capacity) = (struct go_to){node, process};
}

static void add_processes(struct go_to_list *list, const struct hierarchy *hierarchy,
        const struct model *model, const struct inside *inside, pid_t pid,
        const unsigned char *is_shown)
{
	struct index index;
	size_t node;

	index_init(&index, hierarchy, is_shown);
	for (size_t rule = 0; rule < ARRAY_SIZE(rules); rule++) {
		for (size_t i = 0; i < model->n_processes; i++) {
			const struct process *process = model->processes[i];

			if (rule_of(inside, process, pid) == rule &&
			        index_find(&index, process, &node))
				add(list, node, process);
		}
	}
	index_release(&index);
}

static void add_numbers(struct go_to_list *list, const struct hierarchy *hierarchy,
        const char *digits, const unsigned char *is_shown)
{
	const size_t len = strlen(digits);

	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct ns *ns = hierarchy->nodes[i].ns;
		char number[24];

		if (!ns || (is_shown && !is_shown[i]))
			continue;
		const size_t n = (size_t)snprintf(number, sizeof(number), "%" PRIu64, ns->inode);
		if (len <= n && strcmp(number + n - len, digits) == 0)
			add(list, i, NULL);
	}
}

void go_to_find(struct go_to_list *ret, const struct hierarchy *hierarchy,
        const struct model *model, const struct node *selected, const char *digits,
        const unsigned char *is_shown)
{
	const size_t len = strlen(digits);
	const struct inside inside = inside_of(selected);

	*ret = (struct go_to_list){0};
	if (!len || len > 20 || strspn(digits, "0123456789") != len)
		return;
	const unsigned long long pid = strtoull(digits, NULL, 10);
	if (*digits != '0' && pid <= INT32_MAX)
		add_processes(ret, hierarchy, model, &inside, (pid_t)pid, is_shown);
	add_numbers(ret, hierarchy, digits, is_shown);
}

void go_to_release(struct go_to_list *list)
{
	free(list->all);
	*list = (struct go_to_list){0};
}
