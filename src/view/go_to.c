/* SPDX-License-Identifier: Apache-2.0 */
#include "view/go_to.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "base/u64.h"
#include "view/sharing.h"

#include <stdlib.h>
#include <string.h>

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

/* --- the processes -------------------------------------------------------------------------- */

/* A process that has the PID, by a rule. */
struct pid_match {
	const struct process *process;
	size_t rule;
};

struct pid_matches {
	struct pid_match *all;
	size_t n;
	size_t capacity;
};

/* Most processes have it at no level. */
static struct pid_matches find_pid(
        const struct model *model, const struct inside *inside, pid_t pid)
{
	struct pid_matches matches = {.n = 0};

	for (size_t i = 0; i < model->n_processes; i++) {
		const struct process *process = model->processes[i];

		if (process->pid != pid && process->nspid[0] != pid && !has_level(process, pid))
			continue;
		const size_t rule = rule_of(inside, process, pid);
		if (rule < ARRAY_SIZE(rules))
			MEMORY_APPEND(matches.all, matches.n, matches.capacity) =
			        (struct pid_match){process, rule};
	}
	return matches;
}

/* --- the nodes of processes ------------------------------------------------------------------ */

#define NO_NODE SIZE_MAX

/* Nodes by the address of their process or namespace, of those that are looked for. */
struct wanted_nodes {
	struct u64_map numbers;
	size_t *nodes; /* the first one that is shown, or NO_NODE */
	size_t n;
	size_t capacity;
};

static void want(struct wanted_nodes *wanted, const void *key)
{
	bool is_new;

	if (key)
		u64_map_add(&wanted->numbers, (uintptr_t)key, &is_new);
	if (key && is_new)
		MEMORY_APPEND(wanted->nodes, wanted->n, wanted->capacity) = NO_NODE;
}

static void find_wanted(struct wanted_nodes *wanted, const struct hierarchy *hierarchy,
        const unsigned char *is_shown)
{
	size_t number;

	for (size_t i = 0; wanted->n && i < hierarchy->n; i++) {
		const struct node *node = &hierarchy->nodes[i];
		const void *key = node->process ? (const void *)node->process : node->ns;

		if (key && (!is_shown || is_shown[i]) &&
		        u64_map_find(&wanted->numbers, (uintptr_t)key, &number) &&
		        wanted->nodes[number] == NO_NODE)
			wanted->nodes[number] = i;
	}
}

static size_t node_of(const struct wanted_nodes *wanted, const void *key)
{
	size_t number;

	return key && u64_map_find(&wanted->numbers, (uintptr_t)key, &number)
	               ? wanted->nodes[number]
	               : NO_NODE;
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
	const enum nstype type = view_kind_row(hierarchy->options.kind)->type;
	const struct pid_matches matches = find_pid(model, inside, pid);
	struct wanted_nodes wanted = {.n = 0};

	for (size_t i = 0; i < matches.n; i++) {
		want(&wanted, matches.all[i].process);
		want(&wanted, matches.all[i].process->ns[type]);
	}
	find_wanted(&wanted, hierarchy, is_shown);
	for (size_t rule = 0; rule < ARRAY_SIZE(rules); rule++) {
		for (size_t i = 0; i < matches.n; i++) {
			const struct process *process = matches.all[i].process;
			size_t node = node_of(&wanted, process);

			if (node == NO_NODE)
				node = node_of(&wanted, process->ns[type]);
			if (matches.all[i].rule == rule && node != NO_NODE)
				add(list, node, process);
		}
	}
	free(matches.all);
	free(wanted.nodes);
	u64_map_release(&wanted.numbers);
}

/* Numbers that end with the digits: no more than 20, the first of which may be zeros. */
static void add_numbers(struct go_to_list *list, const struct hierarchy *hierarchy,
        const char *digits, const unsigned char *is_shown)
{
	const uint64_t value = strtoull(digits, NULL, 10);
	uint64_t least = 1; /* number with so many digits */
	uint64_t unit = 10; /* ten times that; 0: more than any number */

	for (size_t len = strlen(digits); len > 1; len--) {
		least *= 10;
		unit = unit > UINT64_MAX / 10 ? 0 : unit * 10;
	}
	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct ns *ns = hierarchy->nodes[i].ns;

		if (!ns || (is_shown && !is_shown[i]))
			continue;
		if ((ns->inode >= least || (!ns->inode && least == 1)) &&
		        (unit ? ns->inode % unit : ns->inode) == value)
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
