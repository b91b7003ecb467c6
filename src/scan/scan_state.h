/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The state of one scan. The sources (sources/sources.h) fill it with records, in several threads:
 * of each process, and of all else that keeps namespaces alive. merge.h makes of them the
 * namespaces and processes of a model. Strings are in arenas, valid until the scan is released. */

#include "base/u64.h"
#include "kernel/kernel.h"
#include "kernel/proc/proc.h"
#include "model/model.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* --- process records -------------------------------------------------------------------------- */

/* What a scan has read of one process, as plain values: namespaces are still inode numbers. */

/* The links below /proc/PID/ns (namespaces(7)): one for each type, at the number of the type, then
 * the two namespaces that future children are created in. */
enum {
	NS_PID_FOR_CHILDREN = NS_TYPES,
	NS_TIME_FOR_CHILDREN,
	NS_LINKS,
};

struct ns_link {
	const char *name; /* "user", "pid_for_children" */
	const char *note; /* its name in notes: "ns/user" */
	enum nstype type;
	bool is_for_children;
};

extern const struct ns_link scan_state_links[NS_LINKS];

/* The longest /proc/PID/status: 65,536 supplementary groups (setgroups(2)) take 720 KB. */
enum { PROCESS_STATUS_MAX = 1024 * 1024 };

/* The parts of a record. Each has the time at which it was read, so that parts may be read by
 * different readers, or be carried over from an earlier scan. */
enum process_part {
	PART_DIRECTORY,    /* uid, directory_ino: the owner and inode of /proc/PID */
	PART_LINKS,        /* inode of NS_TYPES: /proc/PID/ns */
	PART_FOR_CHILDREN, /* inode of the two after them */
	PART_STAT,         /* from `ppid` to `n_threads`: /proc/PID/stat */
	PART_STATUS,       /* nspid (nspid.h); only below the PID namespace of /proc */
	PART_CGROUP,       /* cgroup: /proc/PID/cgroup */
	PART_HOLDERS,      /* threads and descriptors: holder records */
	PART_CMDLINE,      /* name, cmdline: /proc/PID/cmdline */
	PROCESS_PARTS,
};

/* What was refused of a process while it was read by itself. What is read later, of several
 * processes together (mounts, command lines), is read again if it was refused. */
struct process_refusal {
	const char *what;
	int error;
	bool is_unreadable, is_replaced, lacks_descriptors;
};

struct process_record {
	pid_t pid;
	int64_t read_at[PROCESS_PARTS]; /* when each part was read (monotonic_ms); 0: it was not */

	uid_t uid;
	uint64_t directory_ino;

	uint64_t inode[NS_LINKS]; /* 0: not known, or the process has none */
	bool lacks_link;          /* of NS_PID_FOR_CHILDREN: no child was created in it yet */

	pid_t ppid;
	uint64_t started; /* ticks since boot; with `pid` it identifies the process */
	char state;
	bool is_kernel;
	const char *comm; /* never NULL once read, unless the process is gone */
	unsigned n_threads;

	const pid_t *nspid; /* its PIDs, from the PID namespace of /proc inwards */
	size_t n_nspid;
	bool has_old_nspid; /* they are those of that PID in the model before (nspid.h) */

	struct cgroup_record *cgroup; /* containers.h; NULL: none, or not read */
	bool is_cgroup_unread;        /* it is read after the quick model */

	pid_t live_thread; /* the first thread has ended and this one is used instead; 0: no */

	struct monitor_args *monitor; /* container_monitors.h; NULL: it is none, or not read */

	const char *name;           /* NULL: the command line was not read */
	const char *const *cmdline; /* and the two below: as in struct process */
	bool is_cmdline_cut;
	int cmdline_error;
	bool is_waiting; /* reading its command line never returns */

	uint16_t claimed; /* 1 << link: the namespaces that are visited by it (visit.h) */

	bool is_leader; /* of at least one namespace (builder_choose_leaders) */

	bool is_gone;           /* it has ended: left out of the model */
	bool is_unreadable;     /* reading its namespaces, or all of it, was refused */
	bool is_closed;         /* all that needs PTRACE_MODE_READ (ptrace(2)) is refused */
	bool is_replaced;       /* another mount covers its directory, or files in it */
	const char *refused;    /* the first thing that was refused, static; NULL: nothing */
	int refused_error;      /* positive errno */
	bool lacks_descriptors; /* one of the things was refused with EMFILE or ENFILE */

	/* Of a state that is kept (refresh.h). */
	bool is_kept;         /* read for an earlier model, and not since */
	bool is_moved;        /* since it was read, a link leads to another namespace */
	int64_t ending_since; /* when it was first seen to end (monotonic_ms); 0: it does not */
	struct process_refusal own;
};

/* Notes that a part was read, now. */
void scan_state_mark(struct process_record *record, enum process_part part);

static inline bool scan_state_has(const struct process_record *record, enum process_part part)
{
	return record->read_at[part] != 0;
}

/* A zombie, or a process whose first thread has ended while others have not. */
static inline bool scan_state_is_dead(const struct process_record *record)
{
	return record->state == 'Z' || record->state == 'X';
}

/* True for the errors that files of /proc/PID give when the process has ended. */
static inline bool scan_state_is_gone_error(long error)
{
	return error == -ENOENT || error == -ESRCH;
}

/* True if the process, or that thread, of the handle has ended, or is about to: then it has no
 * address space any more, whose owner decides who may read it, and an ordinary user gets EACCES for
 * its own processes, too (measured on Linux 6.18). Not if only the first thread of a process ends:
 * the others keep what it had. */
bool scan_state_is_ending(struct kernel *kernel, int at, bool is_thread);

/* True for the errors of operations of the helper that this kernel does not have, or that are not
 * permitted: the source then does not count as read. */
static inline bool scan_state_is_unavailable(int error)
{
	return error == -EOPNOTSUPP || error == -EPERM || error == -EACCES;
}

/* Keeps `what` (static) and the error, a negative errno, if it is the first of this process; unless
 * the error means that the process has ended. */
void scan_state_refuse(struct process_record *record, const char *what, long error);

/* What was refused of the process so far. */
struct process_refusal scan_state_refusal(const struct process_record *record);

bool scan_state_is_same_refusal(const struct process_refusal *a, const struct process_refusal *b);

/* Keeps in record->own what was refused so far. */
void scan_state_keep_refusal(struct process_record *record);

/* The inode number in the text of a link below a ns directory ("net:[4026531840]"). Returns 0 or a
 * negative errno: -ENOENT if the process has no such namespace, -EINVAL if the text is malformed.
 */
_must_check_ int scan_state_read_link(
        struct kernel *kernel, int ns_dir, const struct ns_link *link, uint64_t *ret_inode);

/* The PID namespace that has no link pid_for_children (-ENOENT), since it has no process yet.
 * Returns 0 or a negative errno: -ENOENT, there is none, or the kernel does not tell. */
_must_check_ int scan_state_read_unborn(struct kernel *kernel, int ns_dir, uint64_t *ret_inode);

/* --- holder records --------------------------------------------------------------------------- */

/* What keeps a namespace alive, or shows that it exists, besides the ns directory of a process.
 * Each thread of a scan fills a list of its own; the lists are gathered into scan->holders, and
 * sorted, between two sources. */

struct holder_record {
	enum nstype type;
	uint64_t inode; /* never 0 */
	enum holder_kind kind;
	bool is_listed; /* the kernel has listed it: no holder is known, `kind` is not set */
	uint64_t id;    /* if listns(2) has listed it: its id, to open it by; else 0 */
	bool is_gone;   /* closed, unmounted or ended since: left out */
	bool is_kept;   /* as that of the process */
	bool by_path;   /* a descriptor whose link has the text of a path (source_fd_resolve) */

	/* The process that has it. Mounts: one that sees the mount. NULL: no process. */
	struct process_record *process;
	pid_t tid;     /* a thread of it; 0: the process as a whole */
	int fd;        /* descriptors and sockets; else -1 */
	unsigned link; /* threads: which link below their ns directory */
	int handle;    /* sockets: the namespace, open until the scan ends; else negative */

	/* Mounts: the mount point, from the root of the mount namespace, and the length of its
	 * prefix above the root directory of the process (chroot(2)). */
	const char *path;
	size_t root_len;
	uint64_t mnt; /* mounts: inode of the mount namespace; 0: not known */
	/* For kernel->mount_ns_open: the id of that mount namespace, or, if it is listed, of this
	 * namespace itself; 0: none. Such a mount is opened there, not through the process. */
	uint64_t mnt_id;
	enum mount_access access; /* mounts */
};

/* A descriptor whose link has the text of a path. It may be a namespace: one that was opened by its
 * mount point has the text of that. */
struct fd_candidate {
	uint64_t hash; /* of the text (u64_set_hash) */
	struct process_record *process;
	pid_t tid;
	int fd;
	bool is_tried;    /* in this scan, or an earlier one: it is not opened again */
	bool has_refused; /* that was refused: the next model tries it again */
	/* With the source detached: its file has the inode number of a namespace, or of another
	 * file that happens to have such a one; or the kernel does not show inode numbers. */
	bool may_be_namespace, lacks_inode;
};

/* A descriptor that is a socket. */
struct socket_ref {
	uint64_t inode;
	struct process_record *process;
	pid_t tid;
	int fd;
};

static inline bool scan_state_is_kind(const struct holder_record *holder, enum holder_kind kind)
{
	return !holder->is_listed && holder->kind == kind;
}

/* Zeroed: empty. */
struct holder_list {
	struct holder_record *records;
	size_t n, capacity;
	bool is_sorted; /* see scan_state_sort; one that is added clears it */
	struct fd_candidate *candidates;
	size_t n_candidates, candidates_capacity;
	struct socket_ref *sockets;
	size_t n_sockets, sockets_capacity;
};

/* Adds a copy. */
void scan_state_add(struct holder_list *list, const struct holder_record *holder);

/* Moves all that is in `from` to the end of `to`, which is not sorted after that. */
void scan_state_move(struct holder_list *to, struct holder_list *from);

/* Sorts the records by type and inode, then by how cheaply the namespace can be opened by them. */
void scan_state_sort(struct holder_list *list);

/* The index of the first record of a namespace in a sorted list; if it has none, that of the next
 * record. */
size_t scan_state_first_holder(const struct holder_list *list, enum nstype type, uint64_t inode);

/* True if record `i` exists and is of that namespace. */
bool scan_state_is_holder_of(
        const struct holder_list *list, size_t i, enum nstype type, uint64_t inode);

/* Closes the handles and frees the list. */
void scan_state_release_holders(struct holder_list *list, struct kernel *kernel);

/* --- visits of namespaces --------------------------------------------------------------------- */

/* What is read of a namespace while the directory of a process in it is open (visit.h). */

/* The parent or owner of a namespace. */
struct ns_end {
	enum rel_state state;
	int error;            /* if it failed: positive errno */
	struct nsrel_key key; /* if it is known */
};

struct ns_visit {
	enum nstype type;
	struct nsrel_key key;
	pid_t pid; /* the process by which it was opened */

	bool has_relations;             /* these were read (relations.h) */
	struct ns_end parent, owner;    /* of a user namespace the same */
	enum rel_state owner_uid_state; /* user namespaces; REL_KNOWN, _UNSUPPORTED or _FAILED */
	int owner_uid_error;
	uid_t owner_uid;

	bool has_maps; /* these were read (facts.h), into the arena of the thread */
	struct id_map uid_map, gid_map;
	enum setgroups setgroups;
};

struct ns_visit_list {
	struct ns_visit *visits;
	size_t n, capacity;
};

/* The visits of all threads, by inode. */
struct ns_visit_index {
	struct u64_map by_inode; /* an index of `visits` */
	const struct ns_visit **visits;
	size_t capacity;
};

/* The inodes of the namespaces that a thread visits, or has visited; shared by the threads. */
struct ns_claims {
	pthread_mutex_t mutex;
	struct u64_map inodes;
};

/* --- the scan --------------------------------------------------------------------------------- */

/* A namespace of the records: its entry in the model that is built, and the first record of it, by
 * which reopen.h can open it. */
struct ns_record {
	struct ns *ns;
	struct process_record *process; /* it and later ones may have it; NULL: a holder has */
	size_t holder;                  /* the first in scan->holders; only if process is NULL */
};

/* A mount namespace whose mounts were read, and by which of its processes or threads. */
struct mount_group {
	uint64_t mnt;
	struct process_record *process;
	pid_t tid;     /* 0: the process */
	bool has_root; /* its root directory is that of the mount namespace, or all were read */
	bool is_stale; /* some of it was refused, or is gone since: read it again (refresh.h) */
};

struct mount_groups {
	struct mount_group *groups;
	size_t n, capacity;
	bool with_ids;
	struct u64_set ids; /* of all mounts that were seen; only if with_ids */
};

/* The mount namespaces that have a process or thread, and those that are held by what was found
 * in processes, in the order of their numbers. */
struct mount_holding {
	struct u64_set read, held;
};

/* The ids of all namespaces, as the kernel lists them (source_listns_read). */
struct ns_listing {
	struct u64_set first; /* before the processes were read */
	struct u64_set last;  /* and after that */
	bool has_first, has_last;
	/* What `last` is made of, if source_mntns_read was given it; NULL: not. */
	struct kernel_ns_id *list;
	size_t n_list;
};

/* A mount of procfs, but for those of the one that this program has as /proc (pins.h). */
struct procfs_mount {
	uint64_t mnt, mnt_id;           /* the mount namespace, as in struct holder_record */
	struct process_record *process; /* that sees it; NULL: no process is there */
	pid_t tid;                      /* a thread of it; 0: the process */
	unsigned id;                    /* as in mountinfo */
	unsigned major, minor;
	const char *path; /* as in struct holder_record */
	size_t root_len;
	bool is_whole;  /* its root is that of procfs */
	bool is_hiding; /* it has hidepid=ptraceable (proc(5)) */
	enum mount_access access;
};

struct procfs_mounts {
	struct procfs_mount *mounts;
	size_t n, capacity;
};

/* What is known of each procfs for the next model: pins.h. */
struct procfs_known {
	struct u64_set shown; /* hashes of those that showed processes */
	struct u64_set alive; /* hashes of the PID namespaces that had processes */
};

struct pin_list {
	struct ns_pin *pins;
	size_t n, capacity;
};

struct note_list {
	struct note *notes;
	size_t n, capacity;
};

struct scan {
	struct kernel *kernel;
	struct kernel_host host;

	/* What is wanted; the same as in struct scan_options. */
	uint32_t wanted; /* 1 << SOURCE_* */
	bool with_cmdlines, with_cgroups, without_containers, with_posture, with_container_files;
	bool with_visits; /* visit.h */
	pid_t helper;
	const char *program;
	const atomic_bool *is_cancelled; /* may be NULL */
	atomic_size_t *steps_done;       /* may be NULL */

	unsigned n_threads;
	size_t n_for_thread; /* as in struct scan_options */
	struct scan_thread **threads;
	struct arena *arena; /* of the calling thread */

	/* What was read. */
	uint32_t sources;                 /* 1 << SOURCE_*: those that were */
	struct process_record *processes; /* by PID */
	size_t n_processes;
	struct holder_list holders;
	struct u64_set listed; /* inodes of the mount namespaces whose mounts the kernel listed */
	struct mount_groups mounts;
	struct mount_holding mount_holding; /* when source_mntns_read began */
	struct ns_listing listing;
	struct procfs_known procfs;
	struct pin_list pins;
	struct note_list notes; /* in addition to `refused` of the processes */
	uint32_t partial;       /* 1 << PARTIAL_*: what was met (scan_state_limit) */
	bool is_held_back;      /* an access was not begun, since others hang (EBUSY) */
	unsigned n_given_up;    /* command lines whose read did not return, and ... */
	int64_t given_up_ms;    /* ... the time spent on them */

	/* What was noted by the sources alone: the rest is noted again for each model. */
	size_t n_source_notes;
	uint32_t source_partial;

	/* An earlier state (refresh.h), from which records, holders and mounts were carried over to
	 * this one; NULL: none. What the kernel lists is carried over too if is_mntns_carried. */
	const struct scan *kept;
	bool is_mntns_carried;
	bool is_mntns_stale; /* some of that is gone since */

	/* All mounts are read again, and the paths of descriptors, which depend on them. */
	bool are_mounts_stale;
	size_t n_expected; /* processes of the host, if this state has only some; 0: n_processes */

	struct ns_claims claims;
	struct ns_visit_index visits;
	uint64_t own_mnt; /* inode of the mount namespace of this program; 0: not known */

	/* The models that are made of it. */
	struct ns_record *namespaces; /* in the order of the records */
	size_t n_namespaces, namespaces_capacity;
	size_t n_lost;             /* namespaces that ended before they could be opened */
	const struct model *first; /* made earlier in this scan; NULL: none yet */
	bool is_first_whole;       /* it has relations */
	/* The last model; NULL: none. Identities and relations are carried over from `previous`,
	 * which is NULL if there is nothing to carry over. */
	const struct model *before, *previous;
	bool has_container_names; /* the files of containers were read in this scan */
	bool is_plain;            /* relations are left out: they contradicted each other */
};

/* Makes scan->threads, at least 1 and at most SCAN_THREADS_MAX, and scan->arena. The texts of
 * control groups are those of scan->kept, which has as many threads. */
void scan_state_init(struct scan *scan, unsigned n);

/* Releases what a scan needs only until its model is made. */
void scan_state_trim(struct scan *scan);

/* Releases all that the scan has read and made. */
void scan_state_release(struct scan *scan);

/* True if that source is wanted. */
bool scan_state_wants(const struct scan *scan, enum source source);

/* True for this program, its helper and the jobs of the helper: their descriptors are left out. */
bool scan_state_is_ours(const struct scan *scan, const struct process_record *record);

/* True if the scan was cancelled. Thread-safe. */
bool scan_state_is_cancelled(const struct scan *scan);

/* Counts one step of the progress. Thread-safe. */
void scan_state_step(struct scan *scan);

/* The reason for which an error (positive) makes a view partial: that no descriptors are left, that
 * there is no helper (EPIPE) or it could start no process (EAGAIN), that an access hangs
 * (ETIMEDOUT) or was not begun since others do (EBUSY), or `otherwise`. */
enum partial scan_state_reason(int error, enum partial otherwise);

/* Notes that the model will be partial for this reason. */
void scan_state_limit(struct scan *scan, enum partial reason);

/* Adds a note of what could not be read, which makes the model partial (scan_state_reason). `what`
 * is copied; `error` is positive. */
void scan_state_note(
        struct scan *scan, pid_t pid, const char *what, int error, enum partial reason);

/* The same for what could not be read of a namespace: the note is `WHAT of TYPE:[INODE]`. */
void scan_state_note_ns(struct scan *scan, pid_t pid, const char *what, enum nstype type,
        uint64_t inode, int error, enum partial reason);

/* The record of that PID; NULL if there is none. O(log n). */
struct process_record *scan_state_find(const struct scan *scan, pid_t pid);

/* The model from which identities and relations are carried over to the next one; NULL: none. */
static inline const struct model *scan_state_earlier_model(const struct scan *scan)
{
	return scan->first ? scan->first : scan->previous;
}

/* Makes scan->visits of what the threads have read. */
void scan_state_index_visits(struct scan *scan);

/* The visit of a namespace, in that index; NULL: there was none. */
const struct ns_visit *scan_state_visit(const struct scan *scan, enum nstype type, uint64_t inode);

/* --- threads ---------------------------------------------------------------------------------- */

/* The threads of a scan: the calling one and scan->n_threads - 1 more, each with memory of its own,
 * so that they share nothing that is written to. */

enum {
	SCAN_THREADS_MAX = 16,
	SCAN_THREAD_FDS = 1024, /* descriptors listed at a time */
};

/* A PID namespace below that of /proc that is open (nspid.h). */
struct pid_place {
	uint64_t inode;  /* 0: none is open */
	uint64_t parent; /* inode of its parent; 0: not known */
	int handle;
};

/* Texts of a thread: of /proc/PID/cgroup, and names of directories (containers.h). */
struct cgroup_table {
	struct u64_map by_hash;     /* an index of `texts` */
	struct cgroup_text **texts; /* lists of those with the same hash */
	size_t capacity;
};

/* What one thread has read of control groups. States that share it are used by one thread at a
 * time. */
struct cgroup_store {
	unsigned references;
	struct arena *arena;
	struct cgroup_table texts, owners;
};

/* A mount that can tell a container, or where the store of an engine is (container_mounts.h). */
struct mount_record {
	uint64_t mnt;
	unsigned major, minor;
	const char *root, *point; /* raw */
};

struct mount_list {
	struct mount_record *mounts;
	size_t n, capacity;
};

struct scan_thread {
	struct scan *scan;
	unsigned number; /* below scan->n_threads; 0: the calling thread */
	struct arena *arena;
	struct holder_list holders;
	struct cgroup_store *cgroups;
	struct mount_list mounts;
	struct procfs_mounts procfs_mounts;
	struct ns_visit_list visits;
	struct u64_map seen;         /* inodes of namespaces that need not be claimed (visit.h) */
	uint64_t last[NS_LINKS];     /* the same: of the last process */
	struct mount_groups visited; /* whose mounts were read by visits (visit.h) */
	struct u64_set mount_ids;    /* of all mounts that were read, not sorted */
	struct pid_place pid_places[16];
	unsigned next_place;  /* the one that is replaced next */
	bool lacks_pid_in_ns; /* the kernel has no such call */
	int fds[SCAN_THREAD_FDS];
	char text[8192]; /* of one file; stat and status are far shorter */
	char *long_text; /* of a mountinfo */
	size_t long_capacity;
};

typedef void scan_state_fn(struct scan_thread *thread, void *data, size_t i);
typedef void scan_state_end_fn(struct scan_thread *thread, void *data);

/* Calls `run` once with each number below `n`, in any thread; `chunk` numbers that follow each
 * other go to the same thread. `end` is called last in each thread that was started, and must close
 * all handles that `run` has opened there and kept: they are not valid in other threads. Returns 0,
 * or -ECANCELED if some were left out. */
_must_check_ int scan_state_run(struct scan *scan, size_t n, size_t chunk, scan_state_fn *run,
        scan_state_end_fn *end, void *data);

/* Moves what the threads have found into scan->holders. */
void scan_state_gather(struct scan *scan);
