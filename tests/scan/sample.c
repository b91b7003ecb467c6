/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scan/sample.h"

#include "base/arena.h"
#include "base/attributes.h"
#include "base/memory.h"
#include "model/builder.h"

#include <string.h>

#define DEV 4

/* Names for the namespaces, for the tables below. */
enum place {
	NOWHERE,
	HOST_CGROUP,
	HOST_IPC,
	HOST_MNT,
	HOST_NET,
	HOST_PID,
	HOST_TIME,
	HOST_USER,
	HOST_UTS,
	DEV_MNT,
	BOX_USER,
	BOX_MIDDLE,
	BOX_INNER,
	BOX_PID,
	BOX_NET,
	BOX_MNT,
	DEEP_PID,
	NEXT_PID,
	NEXT_TIME,
	OTHER_UTS,
	OTHER_USER,
	PLACES,
};

struct space {
	enum nstype type;
	uint64_t inode;
	enum place parent, owner;
	enum rel_state top; /* of the parent where there is none */
	uid_t owner_uid;
	bool has_maps;
};

static const struct space SPACES[PLACES] = {
        [HOST_CGROUP] = {NS_CGROUP, 4026531835, NOWHERE, HOST_USER, REL_NONE, 0, false},
        [HOST_IPC] = {NS_IPC, 4026531839, NOWHERE, HOST_USER, REL_NONE, 0, false},
        [HOST_MNT] = {NS_MNT, 4026531832, NOWHERE, HOST_USER, REL_NONE, 0, false},
        [HOST_NET] = {NS_NET, 4026531833, NOWHERE, HOST_USER, REL_NONE, 0, false},
        [HOST_PID] = {NS_PID, 4026531836, NOWHERE, HOST_USER, REL_INITIAL, 0, false},
        [HOST_TIME] = {NS_TIME, 4026531834, NOWHERE, HOST_USER, REL_NONE, 0, false},
        [HOST_USER] = {NS_USER, SAMPLE_USER, NOWHERE, NOWHERE, REL_INITIAL, 0, true},
        [HOST_UTS] = {NS_UTS, 4026531838, NOWHERE, HOST_USER, REL_NONE, 0, false},
        [DEV_MNT] = {NS_MNT, 4026531860, NOWHERE, HOST_USER, REL_NONE, 0, false},
        [BOX_USER] = {NS_USER, 4026532100, HOST_USER, HOST_USER, REL_NONE, 1000, true},
        [BOX_MIDDLE] = {NS_USER, SAMPLE_MIDDLE, BOX_USER, BOX_USER, REL_NONE, 1001, false},
        [BOX_INNER] = {NS_USER, SAMPLE_INNERMOST, BOX_MIDDLE, BOX_MIDDLE, REL_NONE, 1002, true},
        [BOX_PID] = {NS_PID, 4026532110, HOST_PID, BOX_USER, REL_NONE, 0, false},
        [BOX_NET] = {NS_NET, 4026532111, NOWHERE, BOX_MIDDLE, REL_NONE, 0, false},
        [BOX_MNT] = {NS_MNT, 4026532112, NOWHERE, BOX_USER, REL_NONE, 0, false},
        [DEEP_PID] = {NS_PID, 4026532120, BOX_PID, BOX_INNER, REL_NONE, 0, false},
        [NEXT_PID] = {NS_PID, 4026532130, HOST_PID, HOST_USER, REL_NONE, 0, false},
        [NEXT_TIME] = {NS_TIME, 4026532131, NOWHERE, HOST_USER, REL_NONE, 0, false},
        [OTHER_UTS] = {NS_UTS, 4026532140, NOWHERE, OTHER_USER, REL_NONE, 0, false},
        [OTHER_USER] = {NS_USER, 4026532141, HOST_USER, HOST_USER, REL_NONE, 4711, true},
};

struct being {
	pid_t pid, ppid;
	uint64_t started;
	uid_t uid;
	char state;
	bool is_kernel;
	const char *comm, *name;
	enum place user, pid_ns, mnt, net, uts; /* NOWHERE: as the host's first ones */
	pid_t nspid[3];
};

static const struct being BEINGS[SAMPLE_PROCESSES] = {
        {1, 0, 1, 0, 'S', false, "systemd", "systemd", 0, 0, 0, 0, 0, {1}},
        {2, 0, 1, 0, 'S', true, "kthreadd", "[kthreadd]", 0, 0, 0, 0, 0, {2}},
        {25, 2, 9, 0, 'S', true, "kdevtmpfs", "[kdevtmpfs]", 0, 0, DEV_MNT, 0, 0, {25}},
        {40, 1, 100, 1000, 'S', false, "box", "box", BOX_USER, BOX_PID, BOX_MNT, BOX_NET, 0,
                {40, 1}},
        {41, 40, 110, 1000, 'R', false, "worker) R 1 (x", "wor\nker", BOX_USER, BOX_PID, BOX_MNT,
                BOX_NET, 0, {41, 2}},
        {SAMPLE_INNER, 41, 120, 1002, 'S', false, "inner", "inner", BOX_INNER, DEEP_PID, BOX_MNT,
                BOX_NET, 0, {SAMPLE_INNER, 3, 1}},
        {50, 1, 200, 4711, 'D', false, "\xff\x1b[31m", "\"q\\N<&\xff", OTHER_USER, 0, 0, 0,
                OTHER_UTS, {50}},
        {SAMPLE_UNSHARED, 1, 210, 0, 'S', false, "unshare", "unshare", 0, 0, 0, 0, 0,
                {SAMPLE_UNSHARED}},
        {61, SAMPLE_UNSHARED, 211, 0, 'S', false, "sh", "sh", 0, 0, 0, 0, 0, {61}},
        {62, 61, 212, 65534, 'T', false, "stopped", "stopped", 0, 0, 0, 0, 0, {62}},
        {SAMPLE_REFUSED, 1, 300, 0, 'S', false, "secret", "secret", 0, 0, 0, 0, 0,
                {SAMPLE_REFUSED}},
        {SAMPLE_ZOMBIE, 61, 310, 0, 'Z', false, "dead", "dead", 0, 0, 0, 0, 0, {SAMPLE_ZOMBIE}},
        {100, 40, 320, 1000, 'S', false, "a b", "a b", BOX_USER, BOX_PID, BOX_MNT, BOX_NET, 0,
                {100, 9}},
        {4194304, 1, 18446744073709551615u, 1, 'I', false, "", "last", 0, 0, 0, 0, 0, {4194304}},
};

static void add_maps(struct arena *arena, struct ns *ns)
{
	struct id_range *uids = arena_array(arena, 2, sizeof(*uids));
	struct id_range *gids = arena_array(arena, 1, sizeof(*gids));

	uids[0] = (struct id_range){0, ns->owner_uid, 1};
	uids[1] = (struct id_range){1, 100000, 4294867295u};
	gids[0] = (struct id_range){0, 4294967294u, 1};
	ns->uid_map = (struct id_map){uids, 2};
	ns->gid_map = (struct id_map){gids, 1};
	ns->setgroups = ns->owner_uid ? SETGROUPS_DENY : SETGROUPS_ALLOW;
	ns->maps_state = REL_KNOWN;
}

static struct relation lead(struct ns *const *namespaces, enum place place, enum rel_state top)
{
	if (place == NOWHERE)
		return (struct relation){.state = top};
	return (struct relation){.state = REL_KNOWN, .ns = namespaces[place]};
}

static void add_namespaces(struct builder *builder, struct ns **namespaces, bool has_ids)
{
	for (enum place i = 1; i < PLACES; i++) {
		namespaces[i] = builder_ns(builder, SPACES[i].type, DEV, SPACES[i].inode, NULL);
		namespaces[i]->id = has_ids ? 4000u + (unsigned)i : 0;
	}
	for (enum place i = 1; i < PLACES; i++) {
		const struct space *space = &SPACES[i];
		struct ns *ns = namespaces[i];

		ns->parent = lead(namespaces, space->parent, space->top);
		ns->owner = space->type == NS_USER ? ns->parent
		                                   : lead(namespaces, space->owner, REL_NONE);
		if (space->type == NS_USER) {
			ns->owner_uid_state = REL_KNOWN;
			ns->owner_uid = space->owner_uid;
		}
		if (space->has_maps)
			add_maps(builder_arena(builder), ns);
	}
}

static void add_memberships(
        struct process *process, const struct being *being, struct ns *const *namespaces)
{
	const bool is_dead = being->state == 'Z';

	process->ns[NS_USER] = namespaces[being->user ? being->user : HOST_USER];
	process->ns[NS_PID] = namespaces[being->pid_ns ? being->pid_ns : HOST_PID];
	if (is_dead)
		return;
	process->ns[NS_MNT] = namespaces[being->mnt ? being->mnt : HOST_MNT];
	process->ns[NS_NET] = namespaces[being->net ? being->net : HOST_NET];
	process->ns[NS_UTS] = namespaces[being->uts ? being->uts : HOST_UTS];
	process->ns[NS_CGROUP] = namespaces[HOST_CGROUP];
	process->ns[NS_IPC] = namespaces[HOST_IPC];
	process->ns[NS_TIME] = namespaces[HOST_TIME];
}

static void add_process(
        struct builder *builder, const struct being *being, struct ns *const *namespaces)
{
	struct process *process = builder_process(builder, being->pid);
	size_t n = 1;

	process->ppid = being->ppid;
	process->started = being->started;
	process->uid = being->uid;
	process->uid_state = REL_KNOWN;
	process->is_kernel = being->is_kernel;
	process->is_unborn = being->pid == SAMPLE_INNER;
	process->state = being->state;
	process->comm = being->comm;
	process->name = being->name;
	process->cgroup = being->is_kernel ? "/" : "/system.slice/x:y.service";
	process->nspid = being->nspid;
	while (n < ARRAY_SIZE(being->nspid) && being->nspid[n])
		n++;
	process->n_nspid = n;
	if (being->pid != SAMPLE_REFUSED)
		add_memberships(process, being, namespaces);
}

static void add_host(struct builder *builder)
{
	struct host *host = builder_host(builder);

	host->name = "small\nworld";
	host->kernel = "6.18.44";
	host->boot_id = "01234567-89ab-cdef-0123-456789abcdef";
	host->program = "test 1";
	host->taken = 1800000000;
	host->booted = 1799990000;
	host->booted_nsec = 250 * 1000 * 1000;
	host->hertz = 100;
	host->sources = 1u << SOURCE_PROCESS;
	host->unreadable = 1;
	host->partial = 1u << PARTIAL_UNREADABLE;
	builder_note(builder, SAMPLE_REFUSED, "ns/user", EACCES);
}

const struct model *sample_new(bool has_ids)
{
	struct builder *builder = builder_new();
	const struct model *model = NULL;
	struct ns *namespaces[PLACES];
	const struct holder holder = {.kind = HOLDER_FOR_CHILDREN,
	        .fd = -1,
	        .pid = SAMPLE_UNSHARED,
	        .tid = SAMPLE_UNSHARED};

	add_host(builder);
	add_namespaces(builder, namespaces, has_ids);
	for (size_t i = 0; i < SAMPLE_PROCESSES; i++)
		add_process(builder, &BEINGS[i], namespaces);
	builder_hold(builder, namespaces[NEXT_PID], &holder);
	builder_hold(builder, namespaces[NEXT_TIME], &holder);
	if (builder_freeze(builder, &model, NULL) < 0)
		abort();
	return model;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_map(const struct id_map *a, const struct id_map *b)
{
	return a->n == b->n &&
	       (a->n == 0 || memcmp(a->ranges, b->ranges, a->n * sizeof(*a->ranges)) == 0);
}

static bool same_ns(const struct ns *a, const struct ns *b)
{
	return a && b ? a->type == b->type && a->dev == b->dev && a->inode == b->inode : a == b;
}

static bool same_relation(struct relation a, struct relation b)
{
	return a.state == b.state && same_ns(a.ns, b.ns);
}

static bool same_holders(const struct ns *a, const struct ns *b)
{
	if (a->n_holders != b->n_holders)
		return false;
	for (size_t i = 0; i < a->n_holders; i++) {
		const struct holder *x = &a->holders[i], *y = &b->holders[i];

		if (x->kind != y->kind || x->pid != y->pid || x->tid != y->tid ||
		        (x->kind == HOLDER_FD && x->fd != y->fd) || x->mnt != y->mnt ||
		        !same_text(x->path, y->path) || !same_ns(x->ns, y->ns))
			return false;
	}
	return true;
}

static const char *ns_difference(const struct ns *a, const struct ns *b)
{
	if (!same_ns(a, b))
		return "number";
	if (a->id != b->id)
		return "id";
	if (!same_relation(a->parent, b->parent))
		return "parent";
	if (!same_relation(a->owner, b->owner))
		return "owner";
	if (a->owner_uid_state != b->owner_uid_state || a->owner_uid != b->owner_uid)
		return "owner_uid";
	if (a->maps_state != b->maps_state || !same_map(&a->uid_map, &b->uid_map) ||
	        !same_map(&a->gid_map, &b->gid_map) || a->setgroups != b->setgroups)
		return "maps";
	if ((a->leader ? a->leader->pid : 0) != (b->leader ? b->leader->pid : 0))
		return "leader";
	if (a->leader && !same_text(a->leader->cgroup, b->leader->cgroup))
		return "cgroup";
	if (a->n_processes != b->n_processes || a->n_children != b->n_children ||
	        a->n_owned != b->n_owned)
		return "counts";
	return same_holders(a, b) ? NULL : "holders";
}

static const char *process_difference(const struct process *a, const struct process *b)
{
	if (a->pid != b->pid || a->ppid != b->ppid || a->started != b->started)
		return "pid, ppid or started";
	if (a->uid != b->uid || a->uid_state != b->uid_state)
		return "uid";
	if (a->is_kernel != b->is_kernel || a->state != b->state)
		return "state";
	if (a->is_unborn != b->is_unborn)
		return "unborn";
	if (!same_text(a->comm, b->comm))
		return "comm";
	if (!same_text(a->name, b->name))
		return "name";
	if (a->n_nspid != b->n_nspid || memcmp(a->nspid, b->nspid, a->n_nspid * sizeof(pid_t)) != 0)
		return "nspid";
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (!same_ns(a->ns[type], b->ns[type]))
			return nstype_name(type);
	}
	return NULL;
}

static const char *host_difference(const struct model *expected, const struct model *got)
{
	const struct host *a = &expected->host, *b = &got->host;

	if (!same_text(a->name, b->name) || !same_text(a->kernel, b->kernel) ||
	        !same_text(a->boot_id, b->boot_id) || !same_text(a->program, b->program))
		return "host";
	if (a->taken != b->taken || a->booted != b->booted || a->booted_nsec != b->booted_nsec ||
	        a->hertz != b->hertz || a->euid != b->euid || a->sources != b->sources)
		return "host numbers";
	if (a->unreadable != b->unreadable || a->partial != b->partial)
		return "unreadable";
	if (expected->n_notes != got->n_notes)
		return "notes";
	for (size_t i = 0; i < got->n_notes; i++) {
		const struct note *x = &expected->notes[i], *y = &got->notes[i];

		if (x->pid != y->pid || x->error != y->error || !same_text(x->what, y->what))
			return "note";
	}
	if (expected->n_namespaces != got->n_namespaces)
		return "number of namespaces";
	return expected->n_processes == got->n_processes ? NULL : "number of processes";
}

char *sample_difference(const struct model *expected, const struct model *got)
{
	const char *what = host_difference(expected, got);

	if (what)
		return memory_strdup(what);
	for (size_t i = 0; i < got->n_namespaces; i++) {
		const struct ns *ns = expected->namespaces[i];

		what = ns_difference(ns, got->namespaces[i]);
		if (what)
			return memory_printf("%s:[%llu] %s", nstype_name(ns->type),
			        (unsigned long long)ns->inode, what);
	}
	for (size_t i = 0; i < got->n_processes; i++) {
		what = process_difference(expected->processes[i], got->processes[i]);
		if (what)
			return memory_printf("process %d %s", expected->processes[i]->pid, what);
	}
	return NULL;
}
