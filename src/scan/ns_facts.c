/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/ns_facts.h"

#include "base/arena.h"
#include "base/memory.h"
#include "kernel/proc/proc.h"
#include "scan/reopen.h"

struct facts {
	struct reopen reopen;
	struct arena *arena; /* of the model */
	char text[16384];    /* PROC_MAPS_MAX lines of 33 bytes, and a cgroup path */
	struct proc_range ranges[PROC_MAPS_MAX];
};

static int read_map(struct facts *facts, struct process_record *record, const char *file,
        struct id_map *ret_map)
{
	struct id_range *ranges;
	size_t n;
	ssize_t r = reopen_read(&facts->reopen, record, file, facts->text, sizeof(facts->text));

	if (r >= 0)
		r = proc_maps_parse(facts->text, (size_t)r, facts->ranges, PROC_MAPS_MAX, &n);
	if (r < 0)
		return (int)r;
	ranges = arena_array(facts->arena, n, sizeof(*ranges));
	for (size_t i = 0; i < n; i++) {
		const struct proc_range *const range = &facts->ranges[i];

		ranges[i] = (struct id_range){range->inside, range->outside, range->count};
	}
	*ret_map = (struct id_map){.ranges = ranges, .n = n};
	return 0;
}

static enum setgroups read_setgroups(struct facts *facts, struct process_record *record)
{
	const ssize_t n =
	        reopen_read(&facts->reopen, record, "setgroups", facts->text, sizeof(facts->text));
	bool is_allowed;

	if (n < 0 || proc_maps_setgroups(facts->text, (size_t)n, &is_allowed) < 0)
		return SETGROUPS_UNKNOWN;
	return is_allowed ? SETGROUPS_ALLOW : SETGROUPS_DENY;
}

/* Those of `reading`, if it is still in there. */
static int read_maps(struct facts *facts, struct process_record *record, struct ns *ns)
{
	struct id_map uid_map, gid_map;
	enum setgroups setgroups;
	int r = read_map(facts, record, "uid_map", &uid_map);

	if (r == 0)
		r = read_map(facts, record, "gid_map", &gid_map);
	if (r < 0)
		return r;
	setgroups = read_setgroups(facts, record);
	if (!reopen_is_still_in(&facts->reopen, record, 0, NS_USER, ns->inode))
		return -ESRCH;
	ns->uid_map = uid_map;
	ns->gid_map = gid_map;
	ns->setgroups = setgroups;
	ns->maps_state = REL_KNOWN;
	return 0;
}

static void read_ns_maps(struct facts *facts, const struct ns_record *ns)
{
	const struct scan *const scan = facts->reopen.scan;
	struct process_record *refuser = NULL;
	int refusal = 0;

	for (struct process_record *record = ns->process;
	        record < scan->processes + scan->n_processes; record++) {
		int r;

		if (record->is_gone || record->inode[NS_USER] != ns->ns->inode)
			continue;
		r = read_maps(facts, record, ns->ns);
		if (r == 0)
			return;
		if (!process_record_is_gone_error(r)) {
			refuser = record;
			refusal = r;
		}
	}
	if (refuser)
		process_record_refuse(refuser, "uid_map", refusal);
}

static void read_cgroup(struct facts *facts, struct process_record *record, struct process *process)
{
	const char *path;
	size_t len;
	ssize_t r = reopen_read(&facts->reopen, record, "cgroup", facts->text, sizeof(facts->text));

	if (r >= 0)
		r = proc_cgroup_parse(facts->text, (size_t)r, &path, &len);
	if (r == 0)
		process->cgroup = arena_copy(facts->arena, path, len);
	else if (!process_record_is_gone_error(r) && r != -ENODATA)
		process_record_refuse(record, "cgroup", r);
}

int ns_facts_read(struct scan *scan, struct builder *builder)
{
	_cleanup_free_ struct facts *facts = memory_new(sizeof(*facts));
	size_t n;
	struct process *const *const processes = builder_processes(builder, &n);

	reopen_init(&facts->reopen, scan);
	facts->arena = builder_arena(builder);
	for (size_t i = 0; i < scan->n_namespaces && !scan_state_is_cancelled(scan); i++) {
		const struct ns_record *const record = &scan->namespaces[i];

		if (record->ns->type == NS_USER && record->ns->maps_state != REL_KNOWN &&
		        record->process)
			read_ns_maps(facts, record);
	}
	for (size_t i = 0; i < n && !scan_state_is_cancelled(scan); i++) {
		struct process_record *const record = scan_state_find(scan, processes[i]->pid);

		if (record->is_leader)
			read_cgroup(facts, record, processes[i]);
	}
	reopen_release(&facts->reopen);
	return scan_state_is_cancelled(scan) ? -ECANCELED : 0;
}
