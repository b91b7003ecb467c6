/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/container_names.h"

#include "base/arena.h"
#include "base/memory.h"

#include <string.h>

/* --- the stores of a kind --------------------------------------------------------------------- */

/* What identifies a container in a store, where it is not its ID. */
enum key {
	KEY_ID,
	KEY_NAME,    /* the name that the control group or a process gives */
	KEY_BASE,    /* the ID without `-1`, which LXC adds if the control group is in use */
	KEY_USER_NS, /* the inode number of its user namespace */
};

/* Where containers of a kind are looked up; the first that has one, and fits, counts. */
struct store_row {
	enum container_kind kind;
	enum kernel_store store;
	enum key key;
	const char *space; /* of containerd */
};

static const struct store_row rows[] = {
        {CONTAINER_DOCKER, KERNEL_STORE_DOCKER, KEY_ID, NULL},
        {CONTAINER_DOCKER, KERNEL_STORE_DOCKER_MAPPED, KEY_ID, NULL},
        {CONTAINER_CONTAINERD, KERNEL_STORE_CONTAINERD, KEY_ID, "k8s.io"},
        {CONTAINER_CONTAINERD, KERNEL_STORE_CONTAINERD, KEY_ID, "default"},
        {CONTAINER_CONTAINERD, KERNEL_STORE_CONTAINERD, KEY_ID, "moby"},
        {CONTAINER_CONTAINERD, KERNEL_STORE_K3S, KEY_ID, "k8s.io"},
        {CONTAINER_NERDCTL, KERNEL_STORE_CONTAINERD, KEY_ID, "default"},
        {CONTAINER_NERDCTL, KERNEL_STORE_CONTAINERD, KEY_ID, "k8s.io"},
        {CONTAINER_KUBERNETES, KERNEL_STORE_CONTAINERD, KEY_ID, "k8s.io"},
        {CONTAINER_KUBERNETES, KERNEL_STORE_K3S, KEY_ID, "k8s.io"},
        {CONTAINER_KUBERNETES, KERNEL_STORE_DOCKER, KEY_ID, NULL},
        {CONTAINER_KUBERNETES, KERNEL_STORE_STORAGE, KEY_ID, NULL},
        {CONTAINER_KUBERNETES, KERNEL_STORE_POD_LOGS, KEY_ID, NULL},
        {CONTAINER_GVISOR, KERNEL_STORE_CONTAINERD, KEY_ID, "k8s.io"},
        {CONTAINER_GVISOR, KERNEL_STORE_K3S, KEY_ID, "k8s.io"},
        {CONTAINER_GVISOR, KERNEL_STORE_POD_LOGS, KEY_ID, NULL},
        {CONTAINER_KATA, KERNEL_STORE_CONTAINERD, KEY_ID, "k8s.io"},
        {CONTAINER_KATA, KERNEL_STORE_K3S, KEY_ID, "k8s.io"},
        {CONTAINER_KATA, KERNEL_STORE_STORAGE, KEY_ID, NULL},
        {CONTAINER_KATA, KERNEL_STORE_POD_LOGS, KEY_ID, NULL},
        {CONTAINER_CRIO, KERNEL_STORE_STORAGE, KEY_ID, NULL},
        {CONTAINER_CRIO, KERNEL_STORE_BUNDLE, KEY_ID, NULL},
        {CONTAINER_CRIO, KERNEL_STORE_POD_LOGS, KEY_ID, NULL},
        {CONTAINER_PODMAN, KERNEL_STORE_STORAGE, KEY_ID, NULL},
        {CONTAINER_PODMAN, KERNEL_STORE_VOLATILE, KEY_ID, NULL},
        {CONTAINER_LXC, KERNEL_STORE_LXC, KEY_ID, NULL},
        {CONTAINER_LXC, KERNEL_STORE_LXC, KEY_BASE, NULL},
        {CONTAINER_LXC, KERNEL_STORE_INCUS, KEY_ID, NULL},
        {CONTAINER_LXC, KERNEL_STORE_INCUS, KEY_BASE, NULL},
        {CONTAINER_INCUS, KERNEL_STORE_INCUS, KEY_ID, NULL},
        {CONTAINER_INCUS, KERNEL_STORE_INCUS, KEY_BASE, NULL},
        {CONTAINER_NSPAWN, KERNEL_STORE_MACHINE, KEY_ID, NULL},
        {CONTAINER_NSPAWN, KERNEL_STORE_NSRESOURCE, KEY_USER_NS, NULL},
        {CONTAINER_MACHINE, KERNEL_STORE_MACHINE, KEY_ID, NULL},
        {CONTAINER_FLATPAK, KERNEL_STORE_FLATPAK, KEY_ID, NULL},
        {CONTAINER_APPTAINER, KERNEL_STORE_APPTAINER, KEY_NAME, NULL},
};

/* --- what is looked up ------------------------------------------------------------------------ */

/* What a store has of a container. */
struct store_answer {
	bool is_found, fits;
	struct kernel_container_text text; /* in the arena of the model */
};

struct store_look_up {
	struct container_member *member;
	const struct store_row *row;
	struct store_answer answer;
};

/* A container of the builder and its oldest process that has not ended. */
struct container_member {
	struct container *container;
	const struct process *leader; /* NULL: none */
	bool is_wanted;               /* its files are to be read */
	/* The first answer that fits, else the first; NULL: no store has the container. */
	struct store_look_up *chosen;
	int error; /* why no file was read, positive: the most serious reason */
};

struct container_names {
	struct scan *scan;
	struct builder *builder;
	struct arena *arena; /* of the model */
	struct container_member *members;
	size_t n_members;
	struct u64_map by_tag; /* of the members */
	struct kernel_container *items;
	size_t n_items, items_capacity;
	struct store_look_up *look_ups; /* of the items */
	size_t n_look_ups, look_ups_capacity;
};

/* What some unknown user has named is in no store: it could be the name of a container of root. */
static bool has_store(const struct container *container)
{
	return !container->outer && !container_is_label(container) &&
	       (container->trust == TRUST_ROOT || container->trust == TRUST_USER);
}

static struct container_member *find_member(
        const struct container_names *names, const struct container *container)
{
	size_t i;

	return container && u64_map_find(&names->by_tag, container->tag, &i) ? &names->members[i]
	                                                                     : NULL;
}

static void make_members(struct container_names *names)
{
	size_t n, n_processes;
	struct container *const *const all = builder_containers(names->builder, &n);
	struct process *const *const processes = builder_processes(names->builder, &n_processes);
	bool is_new;

	names->members = memory_new((n + 1) * sizeof(*names->members));
	for (size_t i = 0; i < n; i++) {
		if (!has_store(all[i]))
			continue;
		u64_map_add(&names->by_tag, all[i]->tag, &is_new);
		names->members[names->n_members++].container = all[i];
	}
	for (size_t i = 0; i < n_processes; i++) {
		const struct process *const process = processes[i];
		struct container_member *const member = find_member(names, process->container);
		const bool has_ended =
		        !process->state || process->state == 'Z' || process->state == 'X';

		if (member && !has_ended &&
		        (!member->leader || process->started < member->leader->started))
			member->leader = process;
	}
}

/* --- carried over ----------------------------------------------------------------------------- */

static bool is_from_file(const struct container *container)
{
	return container->source && container->source[0] == '/';
}

/* True if reading it once more may have another result. */
static bool is_transient(int error)
{
	return error == EAGAIN || error == EPIPE || error == EBUSY;
}

/* Returns false if the files of the container have to be read. */
static bool carry(const struct container_names *names, const struct container_member *member,
        const struct model *model)
{
	struct container *const to = member->container;
	const struct container *const from = model ? model_find_container(model, to->tag) : NULL;

	if (!from || !from->leader || from->leader->pid != member->leader->pid ||
	        from->leader->started != member->leader->started || is_transient(from->name_error))
		return false;
	to->name_error = from->name_error;
	if (!is_from_file(from))
		return true;
	to->source = arena_strdup(names->arena, from->source);
	if (from->name)
		to->name = arena_strdup(names->arena, from->name);
	if (from->image)
		to->image = arena_strdup(names->arena, from->image);
	if (from->pod)
		to->pod = arena_strdup(names->arena, from->pod);
	if (from->pod_namespace)
		to->pod_namespace = arena_strdup(names->arena, from->pod_namespace);
	to->is_unverified = from->is_unverified;
	to->is_sandbox |= from->is_sandbox;
	return true;
}

/* --- requests --------------------------------------------------------------------------------- */

/* The ID outside of ID 0 of a map; 0: there is none. */
static uint32_t outside_of_zero(const struct id_map *map)
{
	for (size_t i = 0; i < map->n; i++) {
		if (map->ranges[i].inside == 0)
			return map->ranges[i].outside;
	}
	return 0;
}

/* The ID without `-NUMBER`; NULL: it has none. */
static const char *base_of(struct arena *arena, const char *id)
{
	const char *const hyphen = strrchr(id, '-');

	if (!hyphen || hyphen == id || !hyphen[1] ||
	        strspn(hyphen + 1, "0123456789") != strlen(hyphen + 1))
		return NULL;
	return arena_copy(arena, id, (size_t)(hyphen - id));
}

/* NULL: the container is not looked up there. */
static const char *key_of(
        const struct container_names *names, const struct container_member *member, enum key key)
{
	const struct container *const container = member->container;
	const struct ns *const user = member->leader->ns[NS_USER];
	char number[32];

	switch (key) {
	case KEY_NAME:
		return container->name;
	case KEY_BASE:
		return base_of(names->arena, container->id);
	case KEY_USER_NS:
		if (!user)
			return NULL;
		snprintf(number, sizeof(number), "%llu", (unsigned long long)user->inode);
		return arena_strdup(names->arena, number);
	default:
		return container->id;
	}
}

static void add_item(
        struct container_names *names, struct container_member *member, const struct store_row *row)
{
	const struct ns *const user = member->leader->ns[NS_USER];
	const struct container *const container = member->container;
	struct kernel_container item = {.store = row->store,
	        .uid = container->trust == TRUST_USER ? container->trust_uid : 0,
	        .id = key_of(names, member, row->key),
	        .space = row->space};

	if (row->store == KERNEL_STORE_DOCKER_MAPPED && user && user->maps_state == REL_KNOWN) {
		item.map_uid = outside_of_zero(&user->uid_map);
		item.map_gid = outside_of_zero(&user->gid_map);
	}
	if (!item.id || (row->store == KERNEL_STORE_DOCKER_MAPPED && item.map_uid == 0))
		return;
	MEMORY_APPEND(names->items, names->n_items, names->items_capacity) = item;
	MEMORY_APPEND(names->look_ups, names->n_look_ups, names->look_ups_capacity) =
	        (struct store_look_up){.member = member, .row = row};
}

/* Those of one store follow each other. */
static void add_items(struct container_names *names)
{
	for (size_t r = 0; r < ARRAY_SIZE(rows); r++) {
		for (size_t i = 0; i < names->n_members; i++) {
			struct container_member *const member = &names->members[i];

			if (member->is_wanted && member->container->kind == rows[r].kind)
				add_item(names, member, &rows[r]);
		}
	}
}

/* --- replies ---------------------------------------------------------------------------------- */

/* True if that process is in the container, or in the same PID namespace as its oldest process,
 * unless that is, or could be, the one of the host. (A process that the engine starts later can be
 * in another control group.) */
static bool is_in(struct container_names *names, const struct container_member *member, pid_t pid)
{
	const struct process *const process = builder_find_process(names->builder, pid);
	const struct process *const first = builder_find_process(names->builder, 1);
	const struct ns *const host = first ? first->ns[NS_PID] : NULL;

	if (!process)
		return false;
	if (process->container == member->container)
		return true;
	return host && process->ns[NS_PID] && process->ns[NS_PID] == member->leader->ns[NS_PID] &&
	       process->ns[NS_PID] != host;
}

/* True if what the file says of processes and namespaces fits the container. */
static bool is_fitting(struct container_names *names, const struct store_look_up *look_up,
        const struct kernel_container_text *text)
{
	const struct container_member *const member = look_up->member;
	const struct ns *const user = member->leader->ns[NS_USER];

	if (look_up->row->store == KERNEL_STORE_NSRESOURCE)
		return user && text->inode == user->inode && text->ns_id && text->ns_id == user->id;
	return text->pid && is_in(names, member, text->pid);
}

static void receive(void *data, size_t i, const struct kernel_container_text *text)
{
	struct container_names *const names = data;
	struct store_look_up *const look_up = &names->look_ups[i];
	struct arena *const arena = names->arena;

	look_up->answer = (struct store_answer){.is_found = true,
	        .fits = is_fitting(names, look_up, text),
	        .text = {.path = arena_strdup(arena, text->path),
	                .name = arena_strdup(arena, text->name),
	                .image = arena_strdup(arena, text->image),
	                .pod = arena_strdup(arena, text->pod),
	                .pod_namespace = arena_strdup(arena, text->pod_namespace),
	                .is_sandbox = text->is_sandbox}};
}

/* --- names of the kubelet --------------------------------------------------------------------- */

/* Splits what the kubelet calls containers, with CRI-O and Docker: k8s_CONTAINER_POD_NAMESPACE_
 * UID_NUMBER, and pods: the same without the container. Returns how many parts there are behind
 * `k8s_`; at most 5 are set. Neither has a `_`. */
static size_t split_k8s(struct arena *arena, const char *name, const char *ret_parts[static 5])
{
	static const char prefix[] = "k8s_";
	size_t n = 0;

	if (!name || strncmp(name, prefix, sizeof(prefix) - 1) != 0)
		return 0;
	for (const char *p = name + sizeof(prefix) - 1; n < 6; p++) {
		const size_t len = strcspn(p, "_");

		if (n < 5)
			ret_parts[n] = arena_copy(arena, p, len);
		n++;
		p += len;
		if (!*p)
			break;
	}
	return n;
}

/* True if only the kubelet, by its container runtime, can have said what pod the container is in:
 * in others anyone may choose annotations. */
static bool is_in_pod(const struct store_look_up *look_up)
{
	const struct container *const container = look_up->member->container;
	const char *const space = look_up->row->space;

	switch (container->kind) {
	case CONTAINER_KUBERNETES:
	case CONTAINER_CRIO:
	case CONTAINER_KATA:
	case CONTAINER_GVISOR:
		return true;
	case CONTAINER_PODMAN:
		return false;
	default:
		return container->pod_id || (space && strcmp(space, "k8s.io") == 0);
	}
}

/* Of the names that CRI-O and Docker have, and of what is not believed. */
static void resolve_pod(struct container_names *names, struct store_look_up *look_up)
{
	struct kernel_container_text *const text = &look_up->answer.text;
	const char *parts[5];

	if (!is_in_pod(look_up)) {
		text->pod = text->pod_namespace = NULL;
		text->is_sandbox = false;
		return;
	}
	if (split_k8s(names->arena, text->pod, parts) == 4) {
		text->pod = parts[0];
		text->pod_namespace = parts[1];
	}
	if (split_k8s(names->arena, text->name, parts) != 5)
		return;
	text->is_sandbox = strcmp(parts[0], "POD") == 0;
	text->name = text->is_sandbox ? NULL : parts[0];
	text->pod = parts[1];
	text->pod_namespace = parts[2];
}

/* --- results ---------------------------------------------------------------------------------- */

static void choose(struct container_names *names)
{
	for (size_t i = 0; i < names->n_look_ups; i++) {
		struct store_look_up *const look_up = &names->look_ups[i];
		struct container_member *const member = look_up->member;
		const int error = -names->items[i].error;

		if (look_up->answer.is_found) {
			if (!member->chosen ||
			        (look_up->answer.fits && !member->chosen->answer.fits))
				member->chosen = look_up;
		} else if (error > 0 && error != ENOENT && error != ENOTDIR &&
		           (!member->error || is_transient(error))) {
			member->error = error;
		}
	}
}

static void set_name(struct container_names *names, const struct container_member *member)
{
	struct container *const container = member->container;
	struct store_look_up *const chosen = member->chosen;
	const struct kernel_container_text *text;

	if (!chosen) {
		container->name_error = member->error;
		return;
	}
	resolve_pod(names, chosen);
	text = &chosen->answer.text;
	/* A file of LXC only shows that this is the name. */
	if (chosen->row->store == KERNEL_STORE_LXC || chosen->row->store == KERNEL_STORE_INCUS) {
		if (chosen->row->key == KEY_BASE)
			container->name = base_of(names->arena, container->id);
		container->source = text->path;
		return;
	}
	if (!text->name && !text->image && !text->pod)
		return;
	if (text->name)
		container->name = text->name;
	if (text->image)
		container->image = text->image;
	if (text->pod) {
		container->pod = text->pod;
		container->pod_namespace = text->pod_namespace;
	}
	container->is_sandbox |= text->is_sandbox;
	container->source = text->path;
	container->is_unverified = !chosen->answer.fits;
}

static void read_names(struct container_names *names)
{
	struct kernel *const kernel = names->scan->kernel;
	int r = -EOPNOTSUPP;

	add_items(names);
	if (names->n_items > 0 && kernel->ops->containers)
		r = kernel->ops->containers(kernel, names->items, names->n_items, receive, names);
	for (size_t i = 0; r < 0 && i < names->n_items; i++)
		names->items[i].error = r;
	choose(names);
	for (size_t i = 0; i < names->n_members; i++) {
		if (names->members[i].is_wanted)
			set_name(names, &names->members[i]);
	}
}

/* Names that may be there, but were not read, make the view partial. */
static void note_waiting(const struct container_names *names)
{
	for (size_t i = 0; i < names->n_members; i++) {
		const int error = names->members[i].container->name_error;

		if (error == EPIPE)
			scan_state_limit(names->scan, PARTIAL_NO_HELPER);
		else if (error == ETIMEDOUT || is_transient(error))
			scan_state_limit(names->scan, PARTIAL_WAITING);
	}
}

void container_names_read(struct scan *scan, struct builder *builder, bool is_whole)
{
	struct container_names names = {
	        .scan = scan, .builder = builder, .arena = builder_arena(builder)};

	if (!scan->with_container_files)
		return;
	make_members(&names);
	for (size_t i = 0; i < names.n_members; i++) {
		struct container_member *const member = &names.members[i];

		/* A model made earlier in this scan may be the quick one, without names. */
		member->is_wanted =
		        member->leader &&
		        !(scan->has_container_names && carry(&names, member, scan->first)) &&
		        !carry(&names, member, scan->before);
	}
	if (is_whole) {
		read_names(&names);
		scan->has_container_names = true;
	}
	note_waiting(&names);
	free(names.members);
	free(names.items);
	free(names.look_ups);
	u64_map_release(&names.by_tag);
}
