/* SPDX-License-Identifier: Apache-2.0 */
#include "view/nsenter.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "base/shell_word.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* The options of nsenter(1). */
static const char *const options[NS_TYPES] = {
        [NS_USER] = "--user",
        [NS_PID] = "--pid",
        [NS_MNT] = "--mount",
        [NS_NET] = "--net",
        [NS_UTS] = "--uts",
        [NS_IPC] = "--ipc",
        [NS_CGROUP] = "--cgroup",
        [NS_TIME] = "--time",
};

/* --- ways into a namespace ------------------------------------------------------------------- */

/* A process that has exited has no links in /proc/PID/ns. */
static bool is_alive(const struct process *process)
{
	return process && process->state != 'Z' && process->state != 'X';
}

const struct process *nsenter_member(const struct ns *ns)
{
	if (is_alive(ns->leader))
		return ns->leader;
	for (size_t i = 0; i < ns->n_processes; i++) {
		if (is_alive(ns->processes[i]))
			return ns->processes[i];
	}
	return NULL;
}

/* The namespace of nsbrowse itself; NULL if it is not known. */
static const struct ns *ns_of_self(const struct model *model, enum nstype type, pid_t self)
{
	const struct process *own = model_find_process(model, self ? self : 1);

	return own ? own->ns[type] : NULL;
}

bool nsenter_is_here(const struct model *model, const struct ns *ns, pid_t self)
{
	return ns->type == NS_USER && ns_of_self(model, NS_USER, self) == ns;
}

/* The path of a mount as nsenter can open it; NULL if no process leads to its mount namespace, or
 * the path is not absolute (of a snapshot). The caller frees. */
static char *mount_path(
        const struct model *model, const struct holder *holder, pid_t self, enum nsenter_files with)
{
	const struct ns *own = ns_of_self(model, NS_MNT, self);

	if (*holder->path != '/')
		return NULL;
	if (!holder->mnt || (own && holder->mnt == own->inode))
		return memory_strdup(holder->path);
	if (with == NSENTER_OWN_FILES)
		return NULL;
	const struct ns *mnt = model_find(model, NS_MNT, holder->mnt);
	const struct process *process = mnt ? nsenter_member(mnt) : NULL;
	if (!process)
		return NULL;
	return memory_printf("/proc/%jd/root%s", (intmax_t)process->pid, holder->path);
}

/* The path of a holder; NULL if it has none that can be opened. The caller frees. */
static char *holder_path(const struct model *model, const struct ns *ns,
        const struct holder *holder, pid_t self, enum nsenter_files with)
{
	switch (holder->kind) {
	case HOLDER_MOUNT:
		return mount_path(model, holder, self, with);
	case HOLDER_FD:
		if (holder->tid)
			return memory_printf("/proc/%jd/task/%jd/fd/%d", (intmax_t)holder->pid,
			        (intmax_t)holder->tid, holder->fd);
		return memory_printf("/proc/%jd/fd/%d", (intmax_t)holder->pid, holder->fd);
	case HOLDER_THREAD:
		return memory_printf("/proc/%jd/task/%jd/ns/%s", (intmax_t)holder->pid,
		        (intmax_t)holder->tid, nstype_name(ns->type));
	case HOLDER_FOR_CHILDREN:
		/* Up to Linux 7.0 there is no link until it has a process. With one nsenter would
		 * become its PID 1, in place of the first child. */
		if (ns->type == NS_PID && ns->n_processes == 0)
			return NULL;
		return memory_printf("/proc/%jd/task/%jd/ns/%s_for_children", (intmax_t)holder->pid,
		        (intmax_t)holder->tid, nstype_name(ns->type));
	default:
		return NULL;
	}
}

/* The link of a thread whose process has no links, since its first thread has ended; NULL if `ns`
 * has no such member. The caller frees. */
static char *thread_path(const struct ns *ns)
{
	for (size_t i = 0; i < ns->n_processes; i++) {
		const struct process *process = ns->processes[i];

		if (process->live_thread)
			return memory_printf("/proc/%jd/task/%jd/ns/%s", (intmax_t)process->pid,
			        (intmax_t)process->live_thread, nstype_name(ns->type));
	}
	return NULL;
}

/* The best kind first. */
int nsenter_path(const struct model *model, const struct ns *ns, pid_t self,
        enum nsenter_files with, char **ret_path)
{
	static const enum holder_kind kinds[] = {
	        HOLDER_MOUNT, HOLDER_FD, HOLDER_THREAD, HOLDER_FOR_CHILDREN};
	int r = -ENOENT;

	*ret_path = thread_path(ns);
	for (size_t k = 0; !*ret_path && k < ARRAY_SIZE(kinds); k++) {
		for (size_t i = 0; !*ret_path && i < ns->n_holders; i++) {
			if (ns->holders[i].kind != kinds[k])
				continue;
			char *path = holder_path(model, ns, &ns->holders[i], self, with);
			if (path && shell_word_is_possible(path)) {
				*ret_path = path;
			} else if (path) {
				r = -EILSEQ;
				free(path);
			}
		}
	}
	return *ret_path ? 0 : r;
}

/* --- privileges ------------------------------------------------------------------------------ */

static bool has_root(const struct id_map *map)
{
	for (size_t i = 0; i < map->n; i++) {
		if (map->ranges[i].inside == 0)
			return true;
	}
	return false;
}

/* nsenter(1) becomes user 0 in a user namespace, which fails if 0 is not mapped. */
static bool lacks_root(const struct ns *user)
{
	return user->maps_state == REL_KNOWN &&
	       (!has_root(&user->uid_map) || !has_root(&user->gid_map));
}

/* The user namespace to enter first, if the user owns it: that gives the capabilities in the
 * namespaces that it owns (user_namespaces(7)). Root has them anyway, and no process can enter its
 * own user namespace again (setns(2)). */
static const struct ns *own_user_ns(const struct model *model, const struct ns *ns)
{
	const struct ns *user = ns->type == NS_USER ? ns : ns->owner.ns;

	if (model->host.euid == 0 || !user || user->owner_uid_state != REL_KNOWN ||
	        user->owner_uid != model->host.euid || !user->parent.ns)
		return NULL;
	return nsenter_member(user) ? user : NULL;
}

static void write_begin(FILE *out, const struct model *model, const struct ns *own)
{
	fputs(model->host.euid == 0 || own ? "nsenter" : "sudo nsenter", out);
}

/* The options for the user namespace that is entered before `ns`. */
static void write_user(
        FILE *out, const struct ns *ns, const struct ns *own, const struct process *target)
{
	if (own && own != ns) {
		if (target && target->ns[NS_USER] == own)
			fputs(" --user", out);
		else
			fprintf(out, " --user=/proc/%jd/ns/user",
			        (intmax_t)nsenter_member(own)->pid);
	}
	/* An ordinary user must not drop groups (user_namespaces(7)); setuid(2) to an unmapped user
	 * fails. */
	if (own || (ns->type == NS_USER && lacks_root(ns)))
		fputs(" --preserve-credentials", out);
}

int nsenter_write(FILE *out, const struct model *model, const struct ns *ns, pid_t self)
{
	const struct process *target = nsenter_member(ns);
	const struct ns *own = own_user_ns(model, ns);
	_cleanup_free_ char *path = NULL;

	if (target) {
		write_begin(out, model, own);
		fprintf(out, " -t %jd", (intmax_t)target->pid);
		write_user(out, ns, own, target);
		fprintf(out, " %s", options[ns->type]);
		return 0;
	}
	const int r = nsenter_path(model, ns, self, NSENTER_ANY_FILES, &path);
	if (r < 0)
		return r;
	write_begin(out, model, own);
	write_user(out, ns, own, NULL);
	fprintf(out, " %s=", options[ns->type]);
	shell_word_write(out, path);
	return 0;
}

int nsenter_write_process(FILE *out, const struct model *model, const struct process *process)
{
	const struct ns *user = process->ns[NS_USER];
	const struct ns *own = user ? own_user_ns(model, user) : NULL;

	if (!is_alive(process))
		return -ENOENT;
	write_begin(out, model, own);
	fprintf(out, " -t %jd --all", (intmax_t)process->pid);
	if (own || (user && lacks_root(user)))
		fputs(" --preserve-credentials", out);
	return 0;
}

bool nsenter_runs_as_root(const struct model *model, const struct ns *ns, pid_t self)
{
	return ns->type == NS_MNT && ns != ns_of_self(model, NS_MNT, self) &&
	       !own_user_ns(model, ns);
}

bool nsenter_runs_process_as_root(
        const struct model *model, const struct process *process, pid_t self)
{
	const struct ns *mnt = process->ns[NS_MNT];
	const struct ns *user = process->ns[NS_USER];

	return mnt && mnt != ns_of_self(model, NS_MNT, self) &&
	       (!user || user == ns_of_self(model, NS_USER, self));
}
