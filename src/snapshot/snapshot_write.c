/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_scan.h"
#include "base/json_write.h"
#include "base/memory.h"
#include "model/posture.h"
#include "snapshot/errno_name.h"
#include "snapshot/snapshot.h"
#include "snapshot/writer.h"

#include <time.h>

/* The end of the year 9999, the last that RFC 3339 can express. */
#define TIME_MAX INT64_C(253402300799)

static void open_member(struct json_writer *w, const char *key, char bracket)
{
	json_write_key(w, key);
	json_write_open(w, bracket);
}

/* A number for which 0 means unknown in the model: null. */
static void write_positive(struct json_writer *w, const char *key, uint64_t value)
{
	json_write_key(w, key);
	if (value)
		json_write_number(w, value);
	else
		json_write_null(w);
}

static void write_number(struct json_writer *w, const char *key, uint64_t value)
{
	json_write_key(w, key);
	json_write_number(w, value);
}

static void write_bool(struct json_writer *w, const char *key, bool value)
{
	json_write_key(w, key);
	json_write_bool(w, value);
}

static void write_string(struct json_writer *w, const char *key, const char *s)
{
	json_write_key(w, key);
	json_write_string(w, s);
}

/* A string for which "" means unknown in the model: null. */
static void write_name(struct json_writer *w, const char *key, const char *s)
{
	write_string(w, key, s && *s ? s : NULL);
}

static void write_time(struct json_writer *w, const char *key, int64_t seconds)
{
	const time_t time = (time_t)seconds;
	struct tm tm;
	char text[32];

	if (seconds <= 0 || seconds > TIME_MAX || !gmtime_r(&time, &tm) ||
	        !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		write_string(w, key, NULL);
	else
		write_string(w, key, text);
}

static void write_state(struct json_writer *w, const char *key, enum rel_state state)
{
	write_string(w, key, model_rel_state_name(state));
}

static void write_uid(struct json_writer *w, const char *key, enum rel_state state, uid_t uid)
{
	json_write_key(w, key);
	if (model_has_id(state))
		json_write_number(w, uid);
	else
		json_write_null(w);
}

/* Of the types that have one; without any, as in a snapshot of an older program, nothing. */
static void write_ns_limits(struct json_writer *w, const struct host *host)
{
	bool is_open = false;

	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (!host->ns_limits[type].is_known)
			continue;
		if (!is_open)
			open_member(w, "max_namespaces", '{');
		is_open = true;
		write_number(w, nstype_name(type), host->ns_limits[type].max);
	}
	if (is_open)
		json_write_close(w, '}');
}

static void write_host(
        struct json_writer *w, const struct model *model, const struct snapshot_names *names)
{
	const struct host *host = &model->host;
	const uint32_t no_names = UINT32_C(1) << PARTIAL_NAMES;
	const uint32_t partial = host->partial | (names && names->is_partial ? no_names : 0);

	open_member(w, "host", '{');
	write_name(w, "name", host->name);
	write_name(w, "kernel", host->kernel);
	write_name(w, "boot_id", host->boot_id);
	write_time(w, "taken", host->taken);
	write_positive(w, "hertz", host->hertz);
	write_time(w, "booted", host->booted);
	write_uid(w, "euid", host->euid_state, host->euid);
	if (host->euid_state != REL_KNOWN)
		write_state(w, "euid_state", host->euid_state);
	open_member(w, "sources", '[');
	for (enum source source = 0; source < SOURCES; source++) {
		if (host->sources & UINT32_C(1) << source)
			json_write_string(w, model_source_name(source));
	}
	json_write_close(w, ']');
	write_number(w, "processes", model->n_processes);
	write_number(w, "unreadable", host->unreadable);
	open_member(w, "partial", '[');
	for (enum partial reason = 0; reason < PARTIALS; reason++) {
		if (partial & UINT32_C(1) << reason)
			json_write_string(w, model_partial_name(reason));
	}
	json_write_close(w, ']');
	write_bool(w, "complete", partial == 0);
	write_ns_limits(w, host);
	json_write_close(w, '}');
}

static void write_owner_uid(
        struct json_writer *w, const struct ns *ns, const struct snapshot_names *names)
{
	const char *name = ns->owner_name;

	if (!name && ns->owner_uid_state == REL_KNOWN && names)
		name = names->name_of(names->data, ns->owner_uid);
	write_uid(w, "owner_uid", ns->owner_uid_state, ns->owner_uid);
	write_string(w, "owner_name", name);
	write_state(w, "owner_uid_state", ns->owner_uid_state);
}

static void write_holder(struct json_writer *w, const struct holder *holder)
{
	json_write_open(w, '{');
	write_string(w, "by",
	        holder->kind == HOLDER_OTHER ? holder->path : model_holder_kind_name(holder->kind));
	switch (holder->kind) {
	case HOLDER_FD:
	case HOLDER_SOCKET:
		write_number(w, "pid", (uint64_t)holder->pid);
		write_number(w, "fd", (uint64_t)holder->fd);
		if (holder->tid)
			write_number(w, "tid", (uint64_t)holder->tid);
		break;
	case HOLDER_MOUNT:
		write_string(w, "path", holder->path);
		write_positive(w, "mnt", holder->mnt);
		break;
	case HOLDER_THREAD:
	case HOLDER_FOR_CHILDREN:
		write_number(w, "pid", (uint64_t)holder->pid);
		write_number(w, "tid", (uint64_t)holder->tid);
		break;
	case HOLDER_OWNS:
		write_string(w, "type", nstype_name(holder->ns->type));
		write_number(w, "inode", holder->ns->inode);
		break;
	case HOLDER_CHILD:
		write_number(w, "inode", holder->ns->inode);
		break;
	case HOLDER_OTHER:
		if (holder->pid)
			write_number(w, "pid", (uint64_t)holder->pid);
		break;
	case HOLDER_KINDS:
		break;
	}
	json_write_close(w, '}');
}

static void write_map(
        struct json_writer *w, const char *key, const struct id_map *map, enum rel_state state)
{
	json_write_key(w, key);
	if (state != REL_KNOWN) {
		json_write_null(w);
		return;
	}
	json_write_open(w, '[');
	for (size_t i = 0; i < map->n; i++) {
		json_write_open(w, '[');
		json_write_number(w, map->ranges[i].inside);
		json_write_number(w, map->ranges[i].outside);
		json_write_number(w, map->ranges[i].count);
		json_write_close(w, ']');
	}
	json_write_close(w, ']');
}

static void write_maps(struct json_writer *w, const struct ns *ns)
{
	static const char *const setgroups[] = {
	        [SETGROUPS_UNKNOWN] = NULL, [SETGROUPS_ALLOW] = "allow", [SETGROUPS_DENY] = "deny"};

	write_map(w, "uid_map", &ns->uid_map, ns->maps_state);
	write_map(w, "gid_map", &ns->gid_map, ns->maps_state);
	write_string(w, "setgroups", setgroups[ns->setgroups]);
	write_state(w, "maps_state", ns->maps_state);
}

static void write_ns(struct json_writer *w, const struct ns *ns, const struct limits *limits,
        const struct snapshot_names *names)
{
	json_write_open(w, '{');
	write_string(w, "type", nstype_name(ns->type));
	write_number(w, "inode", ns->inode);
	write_positive(w, "dev", ns->dev);
	write_positive(w, "id", ns->id);
	write_positive(w, "parent", ns->parent.ns ? ns->parent.ns->inode : 0);
	write_state(w, "parent_state", ns->parent.state);
	write_positive(w, "owner", ns->owner.ns ? ns->owner.ns->inode : 0);
	write_state(w, "owner_state", ns->owner.state);
	write_owner_uid(w, ns, names);
	write_positive(w, "leader", ns->leader ? (uint64_t)ns->leader->pid : 0);
	write_number(w, "processes", ns->n_processes);
	if (ns->is_listed_only)
		write_bool(w, "listed", true);
	open_member(w, "held_by", '[');
	for (size_t i = 0; i < ns->n_holders; i++)
		write_holder(w, &ns->holders[i]);
	json_write_close(w, ']');
	if (ns->type == NS_USER)
		write_maps(w, ns);
	if (ns->facts)
		write_facts(w, ns, limits);
	json_write_close(w, '}');
}

void snapshot_write_errno(struct json_writer *w, const char *key, int error)
{
	const char *name = errno_name(error);

	if (name)
		write_string(w, key, name);
	else
		write_positive(w, key, error > 0 ? (uint64_t)error : 0);
}

/* A number that was read with the state of the process, or not at all. */
static void write_from_stat(
        struct json_writer *w, const char *key, const struct process *process, uint64_t number)
{
	json_write_key(w, key);
	if (process->state)
		json_write_number(w, number);
	else
		json_write_null(w);
}

/* Of kernel threads and zombies, which have none, nothing is written. */
static void write_cmdline(struct json_writer *w, const struct process *process)
{
	if (process->cmdline) {
		open_member(w, "cmdline", '[');
		for (const char *const *argument = process->cmdline; *argument; argument++)
			json_write_string(w, *argument);
		json_write_close(w, ']');
		if (process->is_cmdline_cut)
			write_bool(w, "cmdline_cut", true);
	} else if (process->cmdline_error) {
		write_string(w, "cmdline", NULL);
		snapshot_write_errno(w, "cmdline_errno", process->cmdline_error);
	}
}

/* The keys of a container but its claims; the caller closes the object. */
static void open_container(
        struct json_writer *w, const char *key, const struct container *container)
{
	open_member(w, key, '{');
	write_string(w, "kind", container->kind_name);
	write_string(w, "id", container->id);
	if (!container_is_label(container)) {
		write_string(w, "name", container->name);
		write_string(w, "image", container->image);
		write_string(w, "pod", container->pod);
		write_string(w, "pod_namespace", container->pod_namespace);
		if (container->pod_id)
			write_string(w, "pod_id", container->pod_id);
	}
	write_string(w, "unit", container->unit);
	write_string(w, "source", container->source);
	write_string(w, "trust", container_trust_name(container->trust));
	if (container->trust == TRUST_USER)
		write_number(w, "uid", container->trust_uid);
	if (container->name_error)
		snapshot_write_errno(w, "name_errno", container->name_error);
	if (container->is_unverified)
		write_bool(w, "unverified", true);
	if (container->is_sandbox)
		write_bool(w, "sandbox", true);
}

/* Each container has the one that it claims to contain as `claim`. */
static void write_containers(struct json_writer *w, const struct process *process)
{
	const struct container *nested[JSON_SCAN_DEPTH_MAX];
	size_t n = 0, n_open = 0;

	for (const struct container *c = process->claim; c && c != process->container;
	        c = c->outer) {
		if (n < ARRAY_SIZE(nested))
			nested[n++] = c;
	}
	if (process->container) {
		open_container(w, "container", process->container);
		n_open++;
	}
	for (; n > 0; n_open++)
		open_container(w, "claim", nested[--n]);
	for (; n_open > 0; n_open--)
		json_write_close(w, '}');
	if (process->label) {
		open_container(w, "label", process->label);
		json_write_close(w, '}');
	}
	if (process->container_state != REL_KNOWN)
		write_string(w, "container_state", model_rel_state_name(process->container_state));
}

static void write_bool_or_null(struct json_writer *w, const char *key, bool is_known, bool value)
{
	if (is_known)
		write_bool(w, key, value);
	else
		write_string(w, key, NULL);
}

static void write_posture_status(struct json_writer *w, const struct posture *posture)
{
	if (posture->status_error) {
		snapshot_write_errno(w, "status_errno", posture->status_error);
		return;
	}
	write_number(w, "bounding", posture->bounding);
	if (posture->is_seccomp_known)
		write_number(w, "seccomp", posture->seccomp);
	else
		write_string(w, "seccomp", NULL);
	write_bool_or_null(
	        w, "no_new_privs", posture->is_no_new_privs_known, posture->no_new_privs);
}

static void write_posture_mounts(struct json_writer *w, const struct posture *posture)
{
	static const char *const roots[POSTURE_ROOTS] = {
	        [POSTURE_ROOT_NONE] = "none",
	        [POSTURE_ROOT_READ_ONLY] = "read-only",
	        [POSTURE_ROOT_WRITABLE] = "writable",
	};

	if (posture->mounts_error) {
		snapshot_write_errno(w, "mounts_errno", posture->mounts_error);
		return;
	}
	write_string(w, "socket", posture->socket);
	write_string(w, "run", posture->run);
	write_string(w, "root", roots[posture->root]);
	if (posture->root_point)
		write_string(w, "root_point", posture->root_point);
	write_bool(w, "kcore_covered", posture->is_kcore_covered);
}

static void write_posture(struct json_writer *w, const struct posture *posture)
{
	open_member(w, "posture", '{');
	write_posture_status(w, posture);
	if (posture->label_error)
		snapshot_write_errno(w, "label_errno", posture->label_error);
	else
		write_string(w, "label", posture->label);
	write_posture_mounts(w, posture);
	json_write_close(w, '}');
}

static void write_process(struct json_writer *w, const struct process *process, bool with_cmdlines)
{
	const char state[] = {process->state, '\0'};

	json_write_open(w, '{');
	write_number(w, "pid", (uint64_t)process->pid);
	write_from_stat(w, "ppid", process, (uint64_t)process->ppid);
	write_from_stat(w, "started", process, process->started);
	write_uid(w, "uid", process->uid_state, process->uid);
	if (process->uid_state != REL_KNOWN)
		write_state(w, "uid_state", process->uid_state);
	write_name(w, "state", state);
	write_bool(w, "kernel", process->is_kernel);
	if (process->is_unborn)
		write_bool(w, "unborn", true);
	if (process->live_thread)
		write_number(w, "live_thread", (uint64_t)process->live_thread);
	if (process->is_self)
		write_bool(w, "self", true);
	write_string(w, "comm", process->comm ? process->comm : "");
	write_string(w, "name", process->name ? process->name : "");
	open_member(w, "nspid", '[');
	for (size_t i = 0; i < process->n_nspid; i++)
		json_write_number(w, (uint64_t)process->nspid[i]);
	json_write_close(w, ']');
	if (process->cgroup)
		write_string(w, "cgroup", process->cgroup);
	write_containers(w, process);
	if (with_cmdlines)
		write_cmdline(w, process);
	if (process->posture)
		write_posture(w, process->posture);
	open_member(w, "namespaces", '{');
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		const struct ns *ns = process->ns[type];

		write_positive(w, nstype_name(type), ns ? ns->inode : 0);
	}
	json_write_close(w, '}');
	json_write_close(w, '}');
}

static void write_note(struct json_writer *w, const struct note *note)
{
	json_write_open(w, '{');
	write_positive(w, "pid", (uint64_t)note->pid);
	write_string(w, "what", note->what);
	snapshot_write_errno(w, "errno", note->error);
	json_write_close(w, '}');
}

static void write_pin(struct json_writer *w, const struct ns_pin *pin)
{
	char dev[32];

	snprintf(dev, sizeof(dev), "%u:%u", pin->major, pin->minor);
	json_write_open(w, '{');
	write_name(w, "type", nstype_name(pin->type));
	write_string(w, "by", pin->by);
	write_string(w, "path", pin->path);
	write_number(w, "mnt", pin->mnt);
	write_name(w, "dev", dev);
	write_name(w, "state", pin_state_name(pin->state));
	write_number(w, "mounts", pin->n_mounts);
	json_write_close(w, '}');
}

/* Each element of a list is one line, so that two snapshots can be compared with diff(1). */
static void open_list(struct json_writer *w, const char *key)
{
	json_write_line(w, 2);
	open_member(w, key, '[');
}

static void close_list(struct json_writer *w, size_t n)
{
	if (n)
		json_write_line_end(w, 2);
	json_write_close(w, ']');
}

/* What counts towards the limits that are written; NULL: none are. */
static struct limits *limits_for(const struct model *model)
{
	for (size_t i = 0; i < model->n_namespaces; i++) {
		if (model->namespaces[i]->type == NS_USER && model->namespaces[i]->facts)
			return limits_new(model);
	}
	return NULL;
}

static void write_namespaces(
        struct json_writer *w, const struct model *model, const struct snapshot_names *names)
{
	struct limits *const limits = limits_for(model);

	open_list(w, "namespaces");
	for (size_t i = 0; i < model->n_namespaces; i++) {
		json_write_line(w, 4);
		write_ns(w, model->namespaces[i], limits, names);
	}
	close_list(w, model->n_namespaces);
	limits_free(limits);
}

/* There are none on most hosts. */
static void write_pins(struct json_writer *w, const struct model *model)
{
	if (model->n_pins == 0)
		return;
	open_list(w, "pins");
	for (size_t i = 0; i < model->n_pins; i++) {
		json_write_line(w, 4);
		write_pin(w, &model->pins[i]);
	}
	close_list(w, model->n_pins);
}

void snapshot_write(FILE *out, const struct model *model, const struct snapshot_names *names,
        bool with_cmdlines)
{
	snapshot_write_with_mounts(out, model, model->mounts, names, with_cmdlines);
}

void snapshot_write_with_mounts(FILE *out, const struct model *model, const struct mounts *mounts,
        const struct snapshot_names *names, bool with_cmdlines)
{
	struct json_writer w;

	json_write_init(&w, out);
	json_write_open(&w, '{');
	write_string(&w, "format", SNAPSHOT_FORMAT);
	write_number(&w, "version", SNAPSHOT_VERSION);
	write_name(&w, "program", model->host.program);
	json_write_line(&w, 2);
	write_host(&w, model, names);
	write_namespaces(&w, model, names);
	open_list(&w, "processes");
	for (size_t i = 0; i < model->n_processes; i++) {
		json_write_line(&w, 4);
		write_process(&w, model->processes[i], with_cmdlines);
	}
	close_list(&w, model->n_processes);
	open_list(&w, "notes");
	for (size_t i = 0; i < model->n_notes; i++) {
		json_write_line(&w, 4);
		write_note(&w, &model->notes[i]);
	}
	close_list(&w, model->n_notes);
	write_pins(&w, model);
	if (mounts)
		write_mounts(&w, model, mounts);
	json_write_close(&w, '}');
	json_write_finish(&w);
	fputc('\n', out);
}
