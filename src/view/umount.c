/* SPDX-License-Identifier: Apache-2.0 */
#include "view/umount.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "base/shell_word.h"
#include "view/mount_query.h"
#include "view/mount_words.h"
#include "view/nsenter.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* --- the way into the mount namespace --------------------------------------------------------- */

/* The proc that programs find; NULL: none. */
static const struct mount_entry *find_proc(const struct mount_table *table)
{
	const struct mount_entry *const entry = table ? mounts_at(table, "/proc") : NULL;

	const bool is_proc = entry && strcmp(entry->point, "/proc") == 0 && entry->type &&
	                     strcmp(entry->type, "proc") == 0 && !mount_words_is_part(entry);

	return is_proc ? entry : NULL;
}

/* True if it is the one of our own mount namespace, and has all that is in that: a mount namespace
 * begins as a copy of another one. */
static bool is_own_proc(const struct mount_entry *proc, const struct mount_entry *own)
{
	return own && proc->major == own->major && proc->minor == own->minor;
}

/* True if /proc/self can be there: not in the proc of a PID namespace without processes. */
static bool has_self(const struct model *model, const struct mount_entry *proc)
{
	for (size_t i = 0; i < model->n_pins; i++) {
		if (umount_is_of_pin(proc, &model->pins[i]))
			return false;
	}
	return true;
}

/* How many PID namespaces it is in, as far as is known: where the kernel does not tell the parents
 * of namespaces, each of them has the depth 0. */
static size_t count_levels(const struct process *process)
{
	return MAX((size_t)process->ns[NS_PID]->depth + 1, process->n_nspid);
}

/* The member in the deepest PID namespace, in which /proc/self is there for any /proc that a member
 * can have mounted: a process has a PID in all PID namespaces above its own. */
static const struct process *find_deepest(const struct ns *mnt)
{
	const struct process *deepest = nsenter_member(mnt);

	for (size_t i = 0; i < mnt->n_processes; i++) {
		const struct process *const process = mnt->processes[i];

		if (process->state != 'Z' && process->ns[NS_PID] &&
		        (!deepest->ns[NS_PID] || count_levels(process) > count_levels(deepest)))
			deepest = process;
	}
	return deepest;
}

/* The namespace is entered by `member`, or if that is NULL by `path`. */
struct way {
	const struct process *member;
	char *path;
	bool has_proc;                /* /proc/self/mountinfo can be read in there ... */
	const struct process *deeper; /* ... in the PID namespace of this one; NULL: in ours */
};

/* What the lines of all mounts of one mount namespace have in common. */
struct umount_kept {
	const struct mount_table *table; /* NULL: none yet */
	struct way way;
	int error; /* of find_way */
};

static int find_way(const struct umount *umount, const struct mount_table *table,
        const struct ns *mnt, struct way *ret)
{
	const struct process *const self = umount->self;
	const struct mount_entry *const proc = find_proc(table);
	const struct mount_table *const own =
	        umount->own ? mounts_find(umount->mounts, umount->own->inode) : NULL;
	const bool is_same = proc && is_own_proc(proc, find_proc(own));

	*ret = (struct way){.member = nsenter_member(mnt)};
	ret->has_proc = proc && (is_same || ret->member) && has_self(umount->model, proc);
	if (ret->has_proc && !is_same && self && self->ns[NS_PID]) {
		ret->deeper = find_deepest(mnt);
		if (ret->deeper->ns[NS_PID] == self->ns[NS_PID])
			ret->deeper = NULL;
	}
	return ret->member ? 0
	                   : nsenter_path(umount->model, mnt, self ? self->pid : 0,
	                             NSENTER_OWN_FILES, &ret->path);
}

/* The same, kept for the next mount of the table. *ret is released with `umount`. */
static int get_way(const struct umount *umount, const struct mount_table *table,
        const struct ns *mnt, const struct way **ret)
{
	struct umount_kept *const kept = umount->kept;

	*ret = &kept->way;
	if (kept->table == table)
		return kept->error;
	free(kept->way.path);
	kept->table = table;
	kept->error = find_way(umount, table, mnt, &kept->way);
	return kept->error;
}

static void write_way(FILE *out, const struct way *way)
{
	if (way->deeper)
		fprintf(out, "nsenter -t %jd -p ", (intmax_t)way->deeper->pid);
	fprintf(out, "umount -i %s-N ", way->has_proc ? "-c " : "");
	if (way->member)
		fprintf(out, "%jd", (intmax_t)way->member->pid);
	else
		shell_word_write(out, way->path);
}

/* --- the line --------------------------------------------------------------------------------- */

struct umount umount_of(const struct model *model, const struct mounts *mounts)
{
	return (struct umount){.model = model,
	        .mounts = mounts,
	        .self = mount_query_self(model),
	        .own = mount_query_own(model),
	        .kept = memory_new(sizeof(struct umount_kept))};
}

void umount_release(struct umount *umount)
{
	free(umount->kept->way.path);
	free(umount->kept);
	*umount = (struct umount){0};
}

enum umount_state umount_write(FILE *out, const struct umount *umount,
        const struct mount_table *table, const struct mount_entry *entry)
{
	const struct ns *const mnt = model_find(umount->model, NS_MNT, table->mnt);
	const bool is_own = mnt && mnt == umount->own;
	const struct way *way = NULL;

	if (entry->is_covered)
		return UMOUNT_COVERED;
	if (strcmp(entry->point, "/") == 0)
		return UMOUNT_ROOT;
	if (*entry->point != '/' || !shell_word_is_possible(entry->point))
		return UMOUNT_NO_PATH;
	if (!mnt)
		return UMOUNT_NO_WAY;
	const int r = is_own ? 0 : get_way(umount, table, mnt, &way);
	if (r < 0)
		return r == -EILSEQ ? UMOUNT_NO_PATH : UMOUNT_NO_WAY;
	if (umount->model->host.euid != 0)
		fputs("sudo ", out);
	if (way)
		write_way(out, way);
	else
		fputs("umount -i -c", out);
	fputs(" -- ", out);
	shell_word_write(out, entry->point);
	return UMOUNT_READY;
}

void umount_write_reason(FILE *out, enum umount_state state, const struct mount_table *table,
        const struct mount_entry *entry)
{
	static const char *const reasons[] = {
	        [UMOUNT_READY] = "",
	        [UMOUNT_ROOT] = "the root of a mount namespace cannot be unmounted",
	        [UMOUNT_COVERED] = "covered by another mount",
	        [UMOUNT_NO_WAY] = "no process and no descriptor leads to its mount namespace",
	        [UMOUNT_NO_PATH] = "its path has characters that a shell line cannot have",
	};
	const struct mount_entry *const above =
	        state == UMOUNT_COVERED ? mounts_at(table, entry->point) : NULL;

	if (!above) {
		fputs(reasons[state], out);
		return;
	}
	fputs("covered by ", out);
	mount_words_name(out, above);
	fputs(", which is to be unmounted first", out);
}

size_t umount_count_below(const struct mount_table *table, const struct mount_entry *entry)
{
	return entry->end - (size_t)(entry - table->entries) - 1;
}

bool umount_is_of_pin(const struct mount_entry *entry, const struct ns_pin *pin)
{
	return entry->major == pin->major && entry->minor == pin->minor;
}
