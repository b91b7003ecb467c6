/* SPDX-License-Identifier: Apache-2.0 */
#include "model/model.h"

#include "base/arena.h"
#include "base/attributes.h"

#include <string.h>

const struct model *model_ref(const struct model *model)
{
	if (model)
		atomic_fetch_add_explicit(model->references, 1, memory_order_relaxed);
	return model;
}

void model_unref(const struct model *model)
{
	if (!model)
		return;
	if (atomic_fetch_sub_explicit(model->references, 1, memory_order_acq_rel) == 1) {
		mounts_unref(model->mounts);
		arena_free(model->arena);
	}
}

const struct ns *model_find(const struct model *model, enum nstype type, uint64_t inode)
{
	const struct ns *const *all = model->namespaces;
	const size_t i = LOWER_BOUND(model->n_namespaces, at,
	        all[at]->type < type || (all[at]->type == type && all[at]->inode < inode));

	if (i == model->n_namespaces || all[i]->type != type || all[i]->inode != inode)
		return NULL;
	return all[i];
}

const struct ns *model_find_tag(const struct model *model, uint64_t tag)
{
	const size_t n = model->n_namespaces;
	const size_t i = LOWER_BOUND(n, at, model->by_tag[at]->tag < tag);

	return i < n && model->by_tag[i]->tag == tag ? model->by_tag[i] : NULL;
}

const struct process *model_find_process(const struct model *model, pid_t pid)
{
	const size_t n = model->n_processes;
	const size_t i = LOWER_BOUND(n, at, model->processes[at]->pid < pid);

	return i < n && model->processes[i]->pid == pid ? model->processes[i] : NULL;
}

const struct container *model_find_container(const struct model *model, uint64_t tag)
{
	const size_t n = model->n_containers;
	const size_t i = LOWER_BOUND(n, at, model->containers[at]->tag < tag);

	return i < n && model->containers[i]->tag == tag ? model->containers[i] : NULL;
}

bool model_is_remark(const struct note *note)
{
	return note->pid == 0 && note->error == 0 &&
	       strncmp(note->what, NOTE_LISTNS, strlen(NOTE_LISTNS)) == 0;
}

bool model_is_partial_by(const struct model *model, enum partial reason)
{
	return model->host.partial & UINT32_C(1) << reason;
}

size_t model_count(const struct model *model, enum nstype type)
{
	const size_t n = model->n_namespaces;
	const size_t first = LOWER_BOUND(n, i, model->namespaces[i]->type < type);

	return LOWER_BOUND(n, i, model->namespaces[i]->type <= type) - first;
}

size_t model_count_containers(const struct model *model)
{
	size_t n = 0;

	for (size_t i = 0; i < model->n_containers; i++)
		n += !model->containers[i]->outer && !container_is_label(model->containers[i]);
	return n;
}

bool model_is_leaked(const struct ns *ns)
{
	for (size_t i = 0; i < ns->n_holders; i++) {
		const enum holder_kind kind = ns->holders[i].kind;

		if (kind != HOLDER_FD && kind != HOLDER_MOUNT && kind != HOLDER_SOCKET)
			return false;
	}
	return ns->n_processes == 0;
}

enum rel_state model_id_state(const struct overflow_id *overflow, uint32_t id)
{
	return id == overflow->id ? overflow->state : REL_KNOWN;
}

const char *model_rel_state_name(enum rel_state state)
{
	static const char *const names[REL_STATES] = {
	        [REL_KNOWN] = "known",
	        [REL_INITIAL] = "initial",
	        [REL_HIDDEN] = "hidden",
	        [REL_NONE] = "none",
	        [REL_UNSUPPORTED] = "unsupported",
	        [REL_FAILED] = "failed",
	        [REL_UNMAPPED] = "unmapped",
	        [REL_AMBIGUOUS] = "ambiguous",
	        [REL_UNREAD] = "unread",
	};
	return names[state];
}

const char *model_holder_kind_name(enum holder_kind kind)
{
	static const char *const names[HOLDER_KINDS] = {
	        [HOLDER_FD] = "fd",
	        [HOLDER_MOUNT] = "mount",
	        [HOLDER_THREAD] = "thread",
	        [HOLDER_SOCKET] = "socket",
	        [HOLDER_FOR_CHILDREN] = "for_children",
	        [HOLDER_OTHER] = NULL,
	        [HOLDER_CHILD] = "child",
	        [HOLDER_OWNS] = "owns",
	};
	return names[kind];
}

const char *model_partial_name(enum partial reason)
{
	static const char *const names[PARTIALS] = {
#define PARTIAL(id, name) [PARTIAL_##id] = (name),
#include "model/partial.def"
	};
	return names[reason];
}

const char *model_source_name(enum source source)
{
	static const char *const names[SOURCES] = {
#define SOURCE(id, name, text)    [SOURCE_##id] = (name),
#define SNAPSHOT_SOURCE(id, name) SOURCE(id, name, "")
#include "model/sources.def"
	};
	return names[source];
}

pid_t model_pid_inside(const struct process *process, const struct ns *ns)
{
	const struct ns *level = process->ns[NS_PID];

	for (size_t i = process->n_nspid; i > 0 && level; i--) {
		if (level == ns)
			return process->nspid[i - 1];
		level = level->parent.ns;
	}
	return 0;
}
