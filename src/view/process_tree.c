/* SPDX-License-Identifier: Apache-2.0 */
#include "view/process_tree.h"

#include "base/attributes.h"
#include "base/memory.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	const struct process *x = *(const struct process *const *)a;
	const struct process *y = *(const struct process *const *)b;

	if (x->ppid != y->ppid)
		return x->ppid < y->ppid ? -1 : 1;
	return (x->pid > y->pid) - (x->pid < y->pid);
}

void process_tree_init(struct process_tree *tree, const struct model *model)
{
	*tree = (struct process_tree){.model = model};
	tree->by_parent = memory_new((model->n_processes + 1) * sizeof(*tree->by_parent));
	for (size_t i = 0; i < model->n_processes; i++)
		tree->by_parent[i] = model->processes[i];
	qsort(tree->by_parent, model->n_processes, sizeof(*tree->by_parent), compare);
}

void process_tree_release(struct process_tree *tree)
{
	free(tree->by_parent);
	*tree = (struct process_tree){0};
}

static bool is_older(const struct process *a, const struct process *b)
{
	return a->started < b->started || (a->started == b->started && a->pid < b->pid);
}

const struct process *process_parent(const struct model *model, const struct process *process)
{
	const struct process *parent = model_find_process(model, process->ppid);

	return parent && is_older(parent, process) ? parent : NULL;
}

/* Index of the first whose parent's PID is not below `ppid`. */
static size_t first_child(const struct process_tree *tree, pid_t ppid)
{
	return LOWER_BOUND(tree->model->n_processes, i, tree->by_parent[i]->ppid < ppid);
}

void process_tree_each(const struct process_tree *tree, const struct process *process,
        void (*visit)(void *data, const struct process *child), void *data)
{
	const struct model *model = tree->model;

	for (size_t i = 0; !process && i < model->n_processes; i++) {
		if (!process_parent(model, model->processes[i]))
			visit(data, model->processes[i]);
	}
	for (size_t i = process ? first_child(tree, process->pid) : model->n_processes;
	        i < model->n_processes && tree->by_parent[i]->ppid == process->pid; i++) {
		if (is_older(process, tree->by_parent[i]))
			visit(data, tree->by_parent[i]);
	}
}

unsigned process_differs(const struct process *a, const struct process *b)
{
	unsigned types = 0;

	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (a->ns[type] && b->ns[type] && a->ns[type] != b->ns[type])
			types |= 1u << type;
	}
	return types;
}
