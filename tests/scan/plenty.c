/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scan/plenty.h"

#include "base/attributes.h"
#include "model/builder.h"

#include <stdlib.h>

enum { DEV = 4 };

/* The first of each type come first. */
enum place {
	HOST_CGROUP,
	HOST_IPC,
	HOST_MNT,
	HOST_NET,
	HOST_PID,
	HOST_TIME,
	HOST_USER,
	HOST_UTS,
	NET_FD,
	NET_THREAD,
	IPC_MOUNT,
	MNT_FD,
	MNT_NESTED,
	USER_NESTED,
	UTS_TABLE,
	PID_CHILDREN,
	UTS_DETACHED,
	NET_DEAD,
	IPC_DEAD,
	NET_SOCKET,
	MNT_LISTED,
	PLACES,
};

static const struct {
	enum nstype type;
	uint64_t inode;
} SPACES[PLACES] = {
        [HOST_CGROUP] = {NS_CGROUP, 4026531835},
        [HOST_IPC] = {NS_IPC, 4026531839},
        [HOST_MNT] = {NS_MNT, 4026531832},
        [HOST_NET] = {NS_NET, 4026531833},
        [HOST_PID] = {NS_PID, 4026531836},
        [HOST_TIME] = {NS_TIME, 4026531834},
        [HOST_USER] = {NS_USER, 4026531837},
        [HOST_UTS] = {NS_UTS, 4026531838},
        [NET_FD] = {NS_NET, PLENTY_NET_FD},
        [NET_THREAD] = {NS_NET, PLENTY_NET_THREAD},
        [IPC_MOUNT] = {NS_IPC, PLENTY_IPC_MOUNT},
        [MNT_FD] = {NS_MNT, PLENTY_MNT_FD},
        [MNT_NESTED] = {NS_MNT, PLENTY_MNT_NESTED},
        [USER_NESTED] = {NS_USER, PLENTY_USER_NESTED},
        [UTS_TABLE] = {NS_UTS, PLENTY_UTS_TABLE},
        [PID_CHILDREN] = {NS_PID, PLENTY_PID_CHILDREN},
        [UTS_DETACHED] = {NS_UTS, PLENTY_UTS_DETACHED},
        [NET_DEAD] = {NS_NET, PLENTY_NET_DEAD},
        [IPC_DEAD] = {NS_IPC, PLENTY_IPC_DEAD},
        [NET_SOCKET] = {NS_NET, PLENTY_NET_SOCKET},
        [MNT_LISTED] = {NS_MNT, PLENTY_MNT_LISTED},
};

static const struct {
	enum place place;
	struct holder holder;
} HELD[] = {
        {NET_FD, {.kind = HOLDER_FD, .pid = PLENTY_HOLDS, .fd = 5}},
        {HOST_NET, {.kind = HOLDER_FD, .pid = PLENTY_HOLDS, .fd = 6}},
        {MNT_FD, {.kind = HOLDER_FD, .pid = PLENTY_HOLDS, .fd = 7}},
        {IPC_MOUNT, {.kind = HOLDER_FD, .pid = PLENTY_HOLDS, .fd = PLENTY_PATH_FD}},
        {UTS_DETACHED, {.kind = HOLDER_FD, .pid = PLENTY_HOLDS, .fd = PLENTY_DETACHED_FD}},
        {IPC_MOUNT, {.kind = HOLDER_MOUNT, .fd = -1, .path = PLENTY_PATH, .mnt = 4026531832}},
        {HOST_UTS, {.kind = HOLDER_MOUNT, .fd = -1, .path = "/run/uts", .mnt = 4026531832}},
        {MNT_NESTED, {.kind = HOLDER_MOUNT, .fd = -1, .path = "/in\n1", .mnt = PLENTY_MNT_FD}},
        {USER_NESTED, {.kind = HOLDER_MOUNT, .fd = -1, .path = "/in 2", .mnt = PLENTY_MNT_NESTED}},
        {NET_THREAD, {.kind = HOLDER_THREAD, .pid = PLENTY_THREADS, .tid = 111, .fd = -1}},
        {UTS_TABLE, {.kind = HOLDER_FD, .pid = PLENTY_THREADS, .tid = 112, .fd = 8}},
        {PID_CHILDREN, {.kind = HOLDER_FOR_CHILDREN, .pid = PLENTY_THREADS, .tid = 113, .fd = -1}},
        {IPC_DEAD, {.kind = HOLDER_THREAD, .pid = PLENTY_LEADERLESS, .tid = 122, .fd = -1}},
        {HOST_NET, {.kind = HOLDER_FD, .pid = PLENTY_LEADERLESS, .tid = 121, .fd = 11}},
};

static void add_namespaces(struct builder *builder, struct ns **namespaces, bool has_ids, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		namespaces[i] = builder_ns(builder, SPACES[i].type, DEV, SPACES[i].inode, NULL);
		namespaces[i]->id = has_ids ? 5000 + i : 0;
		namespaces[i]->is_listed_only = i == MNT_LISTED;
	}
	for (size_t i = 0; i < n; i++) {
		struct ns *ns = namespaces[i];

		ns->owner = (struct relation){REL_KNOWN, namespaces[HOST_USER]};
		if (ns->type == NS_USER)
			ns->owner_uid_state = REL_KNOWN;
		if (ns->type == NS_USER || ns->type == NS_PID)
			ns->parent = (struct relation){
			        REL_KNOWN, namespaces[ns->type == NS_USER ? HOST_USER : HOST_PID]};
	}
	namespaces[HOST_PID]->parent = (struct relation){.state = REL_INITIAL};
	namespaces[HOST_USER]->parent = (struct relation){.state = REL_INITIAL};
	namespaces[HOST_USER]->owner = (struct relation){.state = REL_INITIAL};
	namespaces[HOST_USER]->maps_state = REL_KNOWN;
	namespaces[HOST_USER]->setgroups = SETGROUPS_ALLOW;
}

static void add_process(
        struct builder *builder, struct ns *const *namespaces, pid_t pid, char state)
{
	static const pid_t nspids[] = {1, PLENTY_HOLDS, PLENTY_THREADS, PLENTY_LEADERLESS};
	struct process *process = builder_process(builder, pid);

	process->ppid = pid == 1 ? 0 : 1;
	process->started = (uint64_t)pid;
	process->uid_state = REL_KNOWN;
	process->state = state;
	process->comm = "busy";
	process->name = "busy";
	process->cgroup = "/";
	for (size_t i = 0; i < ARRAY_SIZE(nspids); i++) {
		if (nspids[i] == pid)
			process->nspid = &nspids[i];
	}
	process->n_nspid = 1;
	for (enum nstype type = 0; type < NS_TYPES; type++)
		process->ns[type] = namespaces[type];
	if (pid == PLENTY_LEADERLESS)
		process->ns[NS_NET] = namespaces[NET_DEAD];
}

const struct model *plenty_new(bool has_ids, bool with_listed, bool with_socket)
{
	struct builder *builder = builder_new();
	struct host *host = builder_host(builder);
	const struct model *model = NULL;
	struct ns *namespaces[PLACES];
	const struct holder socket = {.kind = HOLDER_SOCKET, .pid = PLENTY_HOLDS, .fd = 12};
	const struct holder other = {.kind = HOLDER_SOCKET, .pid = PLENTY_HOLDS, .fd = 13};

	host->name = host->kernel = host->boot_id = "";
	host->program = "test 1";
	host->sources = 1u << SOURCE_PROCESS | 1u << SOURCE_THREAD | 1u << SOURCE_FD |
	                1u << SOURCE_MOUNT | (with_listed ? 1u << SOURCE_MNTNS : 0) |
	                (with_socket ? 1u << SOURCE_SOCKET : 0);
	add_namespaces(builder, namespaces, has_ids,
	        with_listed   ? PLACES
	        : with_socket ? MNT_LISTED
	                      : NET_SOCKET);
	add_process(builder, namespaces, 1, 'S');
	add_process(builder, namespaces, PLENTY_HOLDS, 'S');
	add_process(builder, namespaces, PLENTY_THREADS, 'S');
	add_process(builder, namespaces, PLENTY_LEADERLESS, 'Z');
	for (size_t i = 0; i < ARRAY_SIZE(HELD); i++)
		builder_hold(builder, namespaces[HELD[i].place], &HELD[i].holder);
	if (with_socket || with_listed) {
		builder_hold(builder, namespaces[NET_SOCKET], &socket);
		builder_hold(builder, namespaces[NET_FD], &other);
	}
	if (builder_freeze(builder, &model, NULL) < 0)
		abort();
	return model;
}
