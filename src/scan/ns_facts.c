/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/ns_facts.h"

#include "base/arena.h"
#include "base/memory.h"
#include "kernel/proc/proc_ns.h"
#include "model/builder.h"
#include "scan/mounts_read.h"
#include "scan/net_facts_read.h"
#include "scan/ns_open.h"
#include "scan/scan_state.h"

#include <string.h>

enum { PART = 64 * 1024 };

/* One call, for one namespace or for all of a model. */
struct reading {
	struct kernel *kernel;
	const struct model *model;
	unsigned what;
	struct ns_facts_ids *ids; /* NULL until the first user namespace */
};

/* --- what the kernel tells inside ------------------------------------------------------------- */

/* Opens the namespace and reads by a job. The caller frees the text. Returns 0 or a negative
 * errno. */
static int read_inside(
        const struct reading *reading, const struct ns *ns, pid_t pid, char **ret, size_t *ret_len)
{
	struct kernel *const k = reading->kernel;
	const int handle = k->ops->ns_inside ? ns_open(k, reading->model, ns) : -EOPNOTSUPP;
	int r = handle;

	if (handle >= 0)
		r = k->ops->ns_inside(k, handle, nstype_clone(ns->type), pid, ret, ret_len);
	kernel_close(k, handle);
	return r;
}

static int read_uts(struct reading *reading, const struct ns *ns, struct ns_facts *facts)
{
	struct arena *const arena = ns_facts_arena(facts);
	_cleanup_free_ char *text = NULL;
	struct kernel_uts names;
	size_t len;
	const int r = read_inside(reading, ns, 0, &text, &len);

	if (r < 0)
		return r;
	if (len != sizeof(names))
		return -EIO;
	memcpy(&names, text, sizeof(names));
	facts->uts.host = arena_copy(arena, names.host, strnlen(names.host, sizeof(names.host)));
	facts->uts.domain =
	        arena_copy(arena, names.domain, strnlen(names.domain, sizeof(names.domain)));
	return 0;
}

static int read_ipc(struct reading *reading, const struct ns *ns, struct ns_facts *facts)
{
	static const int numbers[NS_FACTS_IPC_KINDS] = {
	        [NS_FACTS_SHM] = KERNEL_SHM,
	        [NS_FACTS_SEM] = KERNEL_SEM,
	        [NS_FACTS_MSG] = KERNEL_MSG,
	        [NS_FACTS_MQUEUE] = KERNEL_MQUEUE,
	};
	struct kernel_objects objects[KERNEL_IPC_KINDS];
	_cleanup_free_ char *text = NULL;
	size_t len;
	const int r = read_inside(reading, ns, 0, &text, &len);

	if (r < 0)
		return r;
	if (len != sizeof(objects))
		return -EIO;
	memcpy(objects, text, sizeof(objects));
	for (size_t i = 0; i < NS_FACTS_IPC_KINDS; i++) {
		const struct kernel_objects *const kind = &objects[numbers[i]];

		facts->ipc.kinds[i].error = -kind->error;
		if (kind->error == 0) {
			facts->ipc.kinds[i].n = kind->n;
			facts->ipc.kinds[i].size = kind->size;
		}
	}
	return 0;
}

/* --- time namespaces -------------------------------------------------------------------------- */

static int parse_offsets(const char *text, size_t len, struct ns_facts_time *ret)
{
	struct proc_ns_offset monotonic, boottime;
	const int r = proc_ns_offsets_parse(text, len, &monotonic, &boottime);

	if (r < 0)
		return r;
	ret->monotonic = (struct ns_facts_offset){monotonic.seconds, monotonic.nanoseconds};
	ret->boottime = (struct ns_facts_offset){boottime.seconds, boottime.nanoseconds};
	return 0;
}

/* A process shows the offsets of the namespace for its children: it must be this one, before and
 * after. Returns 1 if it was, 0 if not, or a negative errno. */
static int check_for_children(struct kernel *k, int process, const struct ns *ns)
{
	const int links = k->ops->ns_dir_open(k, process);
	uint64_t inode = 0;
	const int r = links < 0 ? links
	                        : scan_state_read_link(k, links,
	                                  &scan_state_links[NS_TIME_FOR_CHILDREN], &inode);

	kernel_close(k, links);
	return r < 0 ? r : inode == ns->inode;
}

static int read_offsets_of(
        struct kernel *k, int process, const struct ns *ns, struct ns_facts_time *ret)
{
	char text[256];
	ssize_t n;
	int r = check_for_children(k, process, ns);

	if (r <= 0)
		return r < 0 ? r : -ESRCH;
	n = k->ops->process_read(k, process, "timens_offsets", text, sizeof(text));
	r = n < 0 ? (int)n : parse_offsets(text, (size_t)n, ret);
	if (r == 0 && check_for_children(k, process, ns) != 1)
		r = -ESRCH;
	return r;
}

/* By a process in it, which needs no permission beyond that for its links; else inside. */
static int read_time(struct reading *reading, const struct ns *ns, struct ns_facts *facts)
{
	struct kernel *const k = reading->kernel;
	_cleanup_free_ char *text = NULL;
	size_t len, at = 0;
	int r;

	while (at < ns->n_processes) {
		const int process = ns_open_member(k, ns, &at);

		if (process < 0)
			break;
		r = read_offsets_of(k, process, ns, &facts->time);
		kernel_close(k, process);
		if (r == 0)
			return 0;
	}
	r = read_inside(reading, ns, 0, &text, &len);
	return r < 0 ? r : parse_offsets(text, len, &facts->time);
}

/* --- cgroup namespaces ------------------------------------------------------------------------ */

/* The line of the same hierarchy. */
static bool find_hierarchy(
        const char *text, size_t len, struct proc_slice controllers, struct proc_ns_cgroup *ret)
{
	const char *const end = text + len;

	while (proc_ns_cgroup_next(&text, end, ret)) {
		if (ret->controllers.len == controllers.len &&
		        memcmp(ret->controllers.bytes, controllers.bytes, controllers.len) == 0)
			return true;
	}
	return false;
}

/* Compares the file of one process outside and inside. */
static void add_roots(const char *outside, size_t outside_len, const char *inside,
        size_t inside_len, struct ns_facts *facts)
{
	struct arena *const arena = ns_facts_arena(facts);
	const char *const end = outside + outside_len;
	struct proc_ns_cgroup there, here;
	struct ns_facts_root *roots;
	struct proc_slice root;
	size_t n = 0;

	for (const char *p = outside; proc_ns_cgroup_next(&p, end, &there);)
		n++;
	roots = arena_array(arena, n, sizeof(*roots));
	n = 0;
	for (const char *p = outside; proc_ns_cgroup_next(&p, end, &there);) {
		if (!find_hierarchy(inside, inside_len, there.controllers, &here) ||
		        proc_ns_cgroup_root(there.path, here.path, &root) < 0)
			continue;
		roots[n++] = (struct ns_facts_root){
		        .hierarchy =
		                arena_copy(arena, there.controllers.bytes, there.controllers.len),
		        .path = arena_copy(arena, root.bytes, root.len)};
	}
	facts->cgroup.roots = roots;
	facts->cgroup.n_roots = n;
}

static int read_roots(struct reading *reading, const struct ns *ns, const struct process *process,
        int handle, struct ns_facts *facts)
{
	struct kernel *const k = reading->kernel;
	_cleanup_free_ char *outside = memory_new(PART);
	_cleanup_free_ char *inside = NULL;
	ssize_t len = k->ops->process_read(k, handle, "cgroup", outside, PART);
	size_t inside_len;
	int r;

	if (len < 0)
		return (int)len;
	r = read_inside(reading, ns, process->pid, &inside, &inside_len);
	if (r < 0)
		return r;
	add_roots(outside, (size_t)len, inside, inside_len, facts);
	return facts->cgroup.n_roots > 0 ? 0 : -ENODATA;
}

/* Any process has its path outside and inside: one that is in the namespace is most often below its
 * root. */
static int read_cgroup(struct reading *reading, const struct ns *ns, struct ns_facts *facts)
{
	enum { TRIES = 4 };
	struct kernel *const k = reading->kernel;
	int result = -ESRCH;
	size_t at = 0;

	for (unsigned i = 0; i < TRIES && at < ns->n_processes; i++) {
		const int process = ns_open_member(k, ns, &at);
		int r = process;

		if (process >= 0)
			r = read_roots(reading, ns, ns->processes[at - 1], process, facts);
		kernel_close(k, process);
		if (r != -ESRCH)
			result = r;
		if (r == 0 || process < 0)
			break;
	}
	return result;
}

/* --- mount namespaces ------------------------------------------------------------------------- */

static const char *copy_unescaped(struct arena *arena, struct proc_slice slice)
{
	char *const copy = arena_alloc(arena, slice.len + 1);

	proc_mountinfo_unescape(slice, copy);
	return copy;
}

/* Of mounts on each other at the root directory the last one is seen. */
static void parse_mounts(const char *text, size_t len, struct ns_facts *facts)
{
	struct arena *const arena = ns_facts_arena(facts);
	struct ns_facts_mnt *const ret = &facts->mnt;
	const char *const end = text + len;
	struct proc_slice value;
	struct proc_mount mount, root;
	bool has_root = false;

	while (proc_mountinfo_next(&text, end, &mount)) {
		ret->n_mounts++;
		if (proc_mountinfo_equals(mount.point, "/")) {
			root = mount;
			has_root = true;
		}
	}
	if (!has_root)
		return;
	ret->root = copy_unescaped(arena, root.root);
	ret->type = copy_unescaped(arena, root.type);
	ret->source = copy_unescaped(arena, root.source);
	ret->is_read_only = proc_mountinfo_option(root.mount_options, "ro", &value);
}

/* A process shows the mounts below its root directory. */
static int read_mounts_of(struct kernel *k, int handle, const struct process *process,
        const struct ns *ns, struct ns_facts *facts)
{
	_cleanup_free_ char *text = NULL;
	bool is_cut = false;
	char root[2];
	size_t len = 0, capacity = 0;
	int r = mounts_read_text(k, handle, &text, &capacity, &len, &is_cut);

	if (r == 0)
		r = ns_open_check(k, handle, process, ns);
	if (r < 0)
		return r;
	facts->mnt = (struct ns_facts_mnt){
	        .is_at_least = is_cut || k->ops->root_link(k, handle, root, sizeof(root)) != 1};
	parse_mounts(text, len, facts);
	return 0;
}

static int read_mounts_inside(struct reading *reading, const struct ns *ns, struct ns_facts *facts)
{
	struct kernel *const k = reading->kernel;
	const int handle =
	        k->ops->mount_ns_mountinfo ? ns_open(k, reading->model, ns) : -EOPNOTSUPP;
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	int r = handle;

	if (handle >= 0)
		r = k->ops->mount_ns_mountinfo(k, handle, &text, &len);
	kernel_close(k, handle);
	if (r < 0)
		return r;
	facts->mnt.is_at_least = r > 0;
	parse_mounts(text, len, facts);
	return 0;
}

/* By a process whose root directory is that of the namespace, if there is one. */
static int read_mnt(struct reading *reading, const struct ns *ns, struct ns_facts *facts)
{
	enum { TRIES = 8 };
	struct kernel *const k = reading->kernel;
	int result = -ESRCH;
	size_t at = 0;

	for (unsigned i = 0; i < TRIES && at < ns->n_processes; i++) {
		const int process = ns_open_member(k, ns, &at);
		int r = process;

		if (process >= 0)
			r = read_mounts_of(k, process, ns->processes[at - 1], ns, facts);
		kernel_close(k, process);
		if (r == 0 || result != 0)
			result = r;
		if (process < 0 || (r == 0 && !facts->mnt.is_at_least))
			break;
	}
	return ns->n_processes > 0 ? result : read_mounts_inside(reading, ns, facts);
}

/* --- network namespaces ----------------------------------------------------------------------- */

static int open_other(void *data, const struct ns *ns)
{
	const struct reading *const reading = data;

	return ns_open(reading->kernel, reading->model, ns);
}

static int read_net(struct reading *reading, const struct ns *ns, struct ns_facts *facts)
{
	struct kernel *const k = reading->kernel;
	struct arena *const arena = ns_facts_arena(facts);
	struct net_facts *const net = arena_alloc(arena, sizeof(*net));
	size_t at = 0;
	struct net_facts_request request = {
	        .model = reading->model,
	        .ns = ns,
	        .process = ns_open_member(k, ns, &at),
	        .handle = ns_open(k, reading->model, ns),
	        .parts = reading->what & NS_FACTS_LINKS ? NET_FACTS_ALL : NET_FACTS_AUTO,
	        .open_ns = open_other,
	        .data = reading,
	};
	const int r = request.process < 0 ? request.handle : 0;

	if (r >= 0)
		net_facts_read(k, &request, arena, net);
	kernel_close(k, request.process);
	kernel_close(k, request.handle);
	facts->net = net;
	return MIN(r, 0);
}

/* --- one namespace ---------------------------------------------------------------------------- */

static int read_pid(struct reading *reading, const struct ns *ns, struct ns_facts *facts)
{
	ns_facts_pid_read(reading->kernel, reading->model, ns, ns_facts_arena(facts), &facts->pid);
	return 0;
}

static int read_user(struct reading *reading, const struct ns *ns, struct ns_facts *facts)
{
	if (!reading->ids)
		reading->ids = ns_facts_ids_new(reading->kernel, reading->model);
	ns_facts_user_read(reading->ids, ns, ns_facts_arena(facts), &facts->user);
	return 0;
}

static void read_one(struct reading *reading, const struct ns *ns, struct ns_facts *facts)
{
	static int (*const readers[NS_TYPES])(
	        struct reading *, const struct ns *, struct ns_facts *) = {
	        [NS_CGROUP] = read_cgroup,
	        [NS_IPC] = read_ipc,
	        [NS_MNT] = read_mnt,
	        [NS_NET] = read_net,
	        [NS_PID] = read_pid,
	        [NS_TIME] = read_time,
	        [NS_USER] = read_user,
	        [NS_UTS] = read_uts,
	};

	facts->what = reading->what & NS_FACTS_LINKS;
	facts->error = -readers[ns->type](reading, ns, facts);
}

int ns_facts_read(struct kernel *kernel, const struct model *model, const struct ns *ns,
        unsigned what, const struct ns_facts **ret)
{
	struct reading reading = {.kernel = kernel, .model = model, .what = what};
	const struct ns_facts_target target = {.ns = ns, .facts = ns_facts_new(ns->type)};
	int r = 0;

	read_one(&reading, ns, target.facts);
	if (ns->type == NS_USER && target.facts->error == 0)
		r = ns_facts_user_read_limits(kernel, model, &target, 1, NULL);
	target.facts->tag = ns->tag;
	*ret = target.facts;
	ns_facts_ids_free(reading.ids);
	return r;
}

int ns_facts_read_all(struct kernel *kernel, const struct model *model, uint32_t types,
        unsigned what, const atomic_bool *is_cancelled)
{
	struct reading reading = {.kernel = kernel, .model = model, .what = what};
	struct ns_facts_target *targets = NULL;
	size_t n = 0, capacity = 0;
	int r = 0;

	for (size_t i = 0; i < model->n_namespaces && r == 0; i++) {
		struct ns *const ns = builder_own(model->namespaces[i]);

		if (!(types & UINT32_C(1) << ns->type))
			continue;
		struct ns_facts *const facts = ns_facts_new_in(model->arena, ns->type);
		read_one(&reading, ns, facts);
		ns->facts = facts;
		if (ns->type == NS_USER)
			MEMORY_APPEND(targets, n, capacity) = (struct ns_facts_target){ns, facts};
		if (is_cancelled && atomic_load(is_cancelled))
			r = -ECANCELED;
	}
	if (r == 0)
		r = ns_facts_user_read_limits(kernel, model, targets, n, is_cancelled);
	free(targets);
	ns_facts_ids_free(reading.ids);
	return r;
}
