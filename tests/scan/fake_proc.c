/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scan/fake_proc.h"

#include "base/memory.h"
#include "model/posture.h"

#include <string.h>

/* The PID namespace whose PIDs are those of the model: a process in it has one PID. */
static uint64_t find_pid_ns(const struct model *model)
{
	for (size_t i = 0; i < model->n_processes; i++) {
		const struct process *process = model->processes[i];

		if (process->n_nspid == 1 && process->ns[NS_PID])
			return process->ns[NS_PID]->inode;
	}
	return 0;
}

void fake_proc_host(const struct model *model, struct kernel_host *ret)
{
	const struct host *host = &model->host;

	*ret = (struct kernel_host){
	        .taken = host->taken,
	        .booted = host->booted,
	        .booted_nsec = host->booted_nsec,
	        .hertz = host->hertz,
	        .euid = host->euid,
	        .is_hidepid = model_is_partial_by(model, PARTIAL_HIDEPID),
	        .is_inside_user = model_is_partial_by(model, PARTIAL_USER_NAMESPACE),
	        .is_inside_pid = model_is_partial_by(model, PARTIAL_PID_NAMESPACE),
	        .lacks_user_ns = model_is_partial_by(model, PARTIAL_NO_USER_NS),
	        .is_foreign_proc = model_is_partial_by(model, PARTIAL_FOREIGN_PROC),
	        .ns_dev = model->n_namespaces ? model->namespaces[0]->dev : 0,
	        .pid_ns = find_pid_ns(model),
	};
	snprintf(ret->name, sizeof(ret->name), "%s", host->name);
	snprintf(ret->release, sizeof(ret->release), "%s", host->kernel);
	snprintf(ret->boot_id, sizeof(ret->boot_id), "%s", host->boot_id);
}

pid_t fake_proc_pid_in_ns(
        const struct model *model, const struct process *process, const struct ns *ns)
{
	const struct ns *at = process->ns[NS_PID];

	if (model_is_partial_by(model, PARTIAL_FOREIGN_PROC))
		return -EXDEV;
	for (size_t i = process->n_nspid; at && i > 0; i--) {
		if (at == ns)
			return process->nspid[i - 1];
		at = at->parent.state == REL_KNOWN ? at->parent.ns : NULL;
	}
	return ns->type == NS_PID ? -ESRCH : -EINVAL;
}

static bool is_thread_of(const struct holder *holder, pid_t pid)
{
	return holder->pid == pid && holder->tid != 0 && holder->tid != pid;
}

static int by_number(const void *a, const void *b)
{
	return *(const pid_t *)a - *(const pid_t *)b;
}

size_t fake_proc_tids(const struct model *model, const struct process *process, pid_t **ret_tids)
{
	pid_t *tids = memory_new(sizeof(*tids));
	size_t n = 1, capacity = 1, n_distinct = 1;

	tids[0] = process->pid;
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		for (size_t j = 0; j < ns->n_holders; j++) {
			if (!is_thread_of(&ns->holders[j], process->pid))
				continue;
			tids = memory_grow(tids, &capacity, n + 1, sizeof(*tids));
			tids[n++] = ns->holders[j].tid;
		}
	}
	qsort(tids, n, sizeof(*tids), by_number);
	for (size_t i = 1; i < n; i++) {
		if (tids[i] != tids[i - 1])
			tids[n_distinct++] = tids[i];
	}
	*ret_tids = tids;
	return n_distinct;
}

bool fake_proc_is_leaderless(const struct model *model, const struct process *process)
{
	const struct holder wanted = {.kind = HOLDER_THREAD, .pid = process->pid, .fd = -1};
	const struct ns *ns;

	return process->state == 'Z' && fake_proc_holder(model, &wanted, NS_TYPES, &ns);
}

static void write_stat(FILE *out, const struct model *model, const struct process *p)
{
	_cleanup_free_ pid_t *tids = NULL;

	fprintf(out, "%d (%s) %c %d %d %d 0 -1 %u 0 0 0 0 1 2 0 0 20 0 %zu 0 %llu 0 0\n", p->pid,
	        p->comm, p->state ? p->state : 'S', p->ppid, p->pid, p->pid,
	        p->is_kernel                                 ? 0x00208040u
	        : p->state == 'Z' || p->state == FAKE_ENDING ? 0x00400004u
	                                                     : 0x00400000u,
	        fake_proc_tids(model, p, &tids), (unsigned long long)p->started);
}

static void write_status(FILE *out, _unused_ const struct model *model, const struct process *p)
{
	fprintf(out, "Name:\t%s\nUmask:\t0022\nState:\t%c\nTgid:\t%d\n", "x",
	        p->state ? p->state : 'S', p->pid);
	fprintf(out, "Uid:\t%u\t%u\t%u\t%u\nGid:\t%u\t%u\t%u\t%u\nGroups:\t", p->uid, p->uid,
	        p->uid, p->uid, p->uid, p->uid, p->uid, p->uid);
	for (unsigned i = 0; i < 900 && p->n_nspid > 1 && p->pid % 2 == 0; i++)
		fprintf(out, "%u ", 4000000000u + i); /* some are in many */
	fprintf(out, "\nNStgid:\t%d\nNSpid:", p->pid);
	for (size_t i = 0; i < p->n_nspid; i++)
		fprintf(out, "\t%d", p->nspid[i]);
	fprintf(out, "\nNSpgid:\t%d\nThreads:\t1\n", p->pid);
	if (p->posture)
		fprintf(out, "CapBnd:\t%016llx\nNoNewPrivs:\t%d\nSeccomp:\t%u\n",
		        (unsigned long long)p->posture->bounding, p->posture->no_new_privs,
		        p->posture->seccomp);
}

static void write_label(FILE *out, _unused_ const struct model *model, const struct process *p)
{
	if (p->posture && p->posture->label)
		fprintf(out, "%s\n", p->posture->label);
}

static void write_cmdline(FILE *out, _unused_ const struct model *model, const struct process *p)
{
	if (p->cmdline) {
		for (size_t i = 0; p->cmdline[i]; i++)
			fwrite(p->cmdline[i], 1, strlen(p->cmdline[i]) + 1, out);
	} else if (p->name[0] != '[') {
		fprintf(out, "/usr/bin/%s", p->name);
		fputc('\0', out);
	}
}

static void write_map(FILE *out, const struct id_map *map)
{
	for (size_t i = 0; i < map->n; i++)
		fprintf(out, "%10u %10u %10u\n", map->ranges[i].inside, map->ranges[i].outside,
		        map->ranges[i].count);
}

static void write_uid_map(FILE *out, _unused_ const struct model *model, const struct process *p)
{
	if (p->ns[NS_USER])
		write_map(out, &p->ns[NS_USER]->uid_map);
}

static void write_gid_map(FILE *out, _unused_ const struct model *model, const struct process *p)
{
	if (p->ns[NS_USER])
		write_map(out, &p->ns[NS_USER]->gid_map);
}

static void write_setgroups(FILE *out, _unused_ const struct model *model, const struct process *p)
{
	const bool is_denied = p->ns[NS_USER] && p->ns[NS_USER]->setgroups == SETGROUPS_DENY;

	fputs(is_denied ? "deny\n" : "allow\n", out);
}

static void write_cgroup(FILE *out, _unused_ const struct model *model, const struct process *p)
{
	if (p->cgroup)
		fprintf(out, "0::%s\n", p->cgroup);
}

ssize_t fake_proc_read(const struct model *model, const struct process *process, const char *file,
        char *buffer, size_t size)
{
	static const struct {
		const char *name;
		void (*write)(FILE *out, const struct model *model, const struct process *process);
	} files[] = {
	        {"stat", write_stat},
	        {"status", write_status},
	        {"attr/current", write_label},
	        {"cmdline", write_cmdline},
	        {"uid_map", write_uid_map},
	        {"gid_map", write_gid_map},
	        {"setgroups", write_setgroups},
	        {"cgroup", write_cgroup},
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		_cleanup_free_ char *text = NULL;
		size_t len = 0;
		FILE *out;

		if (strcmp(files[i].name, file) != 0)
			continue;
		out = open_memstream(&text, &len);
		if (!out)
			memory_exhausted();
		files[i].write(out, model, process);
		if (fclose(out) != 0)
			memory_exhausted();
		if (len > size)
			len = size;
		memcpy(buffer, text, len);
		return (ssize_t)len;
	}
	return -ENOENT;
}

/* The errors in the notes of the model are returned again. */
static int find_refusal(const struct model *model, pid_t pid)
{
	for (size_t i = 0; i < model->n_notes; i++) {
		const struct note *note = &model->notes[i];

		if (note->pid == pid && strncmp(note->what, "ns", 2) == 0)
			return -note->error;
	}
	return 0;
}

static bool is_wanted(const struct holder *holder, const struct holder *wanted)
{
	return holder->kind == wanted->kind && (wanted->pid == 0 || holder->pid == wanted->pid) &&
	       (wanted->tid == 0 || holder->tid == wanted->tid) &&
	       (wanted->fd < 0 || holder->fd == wanted->fd) &&
	       (wanted->mnt == 0 || holder->mnt == wanted->mnt) &&
	       (!wanted->path || strcmp(holder->path, wanted->path) == 0);
}

const struct holder *fake_proc_holder(const struct model *model, const struct holder *wanted,
        enum nstype type, const struct ns **ret_ns)
{
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		for (size_t j = 0; j < ns->n_holders; j++) {
			if ((type != NS_TYPES && ns->type != type) ||
			        !is_wanted(&ns->holders[j], wanted))
				continue;
			*ret_ns = ns;
			return &ns->holders[j];
		}
	}
	return NULL;
}

/* The namespace of a thread: its own, else that of its process. */
static const struct ns *find_thread_ns(
        const struct model *model, const struct process *process, pid_t tid, enum nstype type)
{
	const struct holder wanted = {
	        .kind = HOLDER_THREAD, .pid = process->pid, .tid = tid, .fd = -1};
	const struct ns *ns = process->ns[type];

	if (tid != 0)
		fake_proc_holder(model, &wanted, type, &ns);
	else if (type != NS_USER && type != NS_PID && fake_proc_is_leaderless(model, process))
		return NULL;
	return ns;
}

int fake_proc_follow(const struct model *model, const struct process *process, pid_t tid,
        const char *link, const struct ns **ret_ns)
{
	static const char for_children[] = "_for_children";
	const size_t len = strlen(link), suffix = sizeof(for_children) - 1;
	const bool is_for_children = len > suffix && strcmp(link + len - suffix, for_children) == 0;
	const struct holder wanted = {.kind = HOLDER_FOR_CHILDREN,
	        .pid = process->pid,
	        .tid = tid ? tid : process->pid,
	        .fd = -1};
	const struct ns *ns;
	enum nstype type;
	int r;

	if (!nstype_from_name(link, is_for_children ? len - suffix : len, &type))
		return -ENOENT;
	ns = find_thread_ns(model, process, tid, type);
	if (is_for_children && tid == 0 && fake_proc_is_leaderless(model, process))
		return -ENOENT;
	if (is_for_children && type == NS_PID && tid == 0 && process->is_unborn)
		return -ENOENT;
	if (is_for_children && ns)
		fake_proc_holder(model, &wanted, type, &ns);
	if (!ns) {
		r = find_refusal(model, process->pid);
		return r < 0 ? r : -ENOENT;
	}
	*ret_ns = ns;
	return 0;
}

static void write_escaped(FILE *out, const char *path)
{
	for (; *path; path++) {
		if (strchr(" \t\n\\#", *path))
			fprintf(out, "\\%03o", (unsigned char)*path);
		else
			fputc(*path, out);
	}
}

char *fake_proc_mountinfo(const struct model *model, uint64_t mnt, size_t *ret_len)
{
	const unsigned root = (unsigned)(mnt % 100000) * 1000;
	unsigned id = root;
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_len);

	if (!out)
		memory_exhausted();
	fprintf(out, "%u 1 8:1 / / rw - ext4 /dev/sda1 rw\n", root);
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		for (size_t j = 0; j < ns->n_holders; j++) {
			if (ns->holders[j].kind != HOLDER_MOUNT || ns->holders[j].mnt != mnt)
				continue;
			fprintf(out, "%u %u 0:4 %s:[%llu] ", ++id, root, nstype_name(ns->type),
			        (unsigned long long)ns->inode);
			write_escaped(out, ns->holders[j].path);
			fputs(" rw - nsfs nsfs rw\n", out);
		}
	}
	if (fclose(out) != 0)
		memory_exhausted();
	return text;
}
