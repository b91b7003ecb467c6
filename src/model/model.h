/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The namespaces and processes of one host at one time, and their relations. A builder (builder.h)
 * makes a model and freezes it; from then on it is read-only. It is freed as a whole, and all its
 * pointers lead into itself. Names and paths are raw bytes (see base/escape.h). */

#include "model/container.h"
#include "model/mounts.h"
#include "model/nstype.h"
#include "model/pin.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What is known of a relation or of another fact. */
enum rel_state {
	REL_KNOWN,
	REL_INITIAL,     /* none: it is the initial namespace */
	REL_HIDDEN,      /* EPERM: outside the namespace of the scan (ioctl_nsfs(2)) */
	REL_NONE,        /* the type has no such relation */
	REL_UNSUPPORTED, /* the kernel has no call for it */
	REL_FAILED,      /* not read: an error (see the notes), or no handle to the namespace */
	REL_UNMAPPED,    /* a user ID that the user namespace of the scan does not map */
	REL_AMBIGUOUS,   /* the overflow UID: the user with that ID, or one that is not mapped */
	REL_UNREAD,      /* not read yet: of the quick model of a scan (scan.h) */
	REL_STATES,
};

struct posture;
struct process;
struct ns;
struct ns_facts;

/* The parent or owner of a namespace. `ns` is NULL unless the state is REL_KNOWN. */
struct relation {
	enum rel_state state;
	const struct ns *ns;
};

/* What keeps a namespace alive beside its member processes ("Namespace lifetime" in
 * namespaces(7)), and the fields of struct holder that identify it. */
enum holder_kind {
	HOLDER_FD,    /* an open descriptor of it: `pid`, `fd`; `tid`, if only that thread has it */
	HOLDER_MOUNT, /* a bind mount of it: `path`, in the mount namespace with inode `mnt` */
	HOLDER_THREAD,       /* a thread that is in it while its process is not: `pid`, `tid` */
	HOLDER_SOCKET,       /* a socket that was created in it (network): as HOLDER_FD */
	HOLDER_FOR_CHILDREN, /* it is pid_ or time_for_children of `pid`, thread `tid` */
	HOLDER_OTHER,        /* of a snapshot by a later program: the kind is `path`, `pid` or 0 */
	HOLDER_CHILD,        /* a child namespace (user, PID): `ns` */
	HOLDER_OWNS,         /* a namespace, not a user namespace, that it owns (user): `ns` */
	HOLDER_KINDS,
};

struct holder {
	enum holder_kind kind;
	int fd;
	pid_t pid;
	pid_t tid;
	uint64_t mnt;
	const char *path;
	const struct ns *ns;
};

/* One line of uid_map or gid_map (user_namespaces(7)). */
struct id_range {
	uint32_t inside;
	uint32_t outside;
	uint32_t count;
};

struct id_map {
	const struct id_range *ranges;
	size_t n;
};

enum setgroups {
	SETGROUPS_UNKNOWN,
	SETGROUPS_ALLOW,
	SETGROUPS_DENY,
};

struct ns {
	enum nstype type;
	uint64_t dev; /* device and inode in nsfs: as in stat(2) of /proc/PID/ns/TYPE */
	uint64_t inode;
	uint64_t id; /* NS_GET_ID of ioctl_nsfs(2), since Linux 6.18; 0: not known */
	/* Time of creation of its nsfs inode, in nanoseconds since 1970; 0: not known. Only if a
	 * descriptor or a mount keeps that inode. For `since`, and without ids for identity.h. */
	uint64_t made;
	bool is_made_before; /* so long before the scan that no other namespace has the same time */
	/* Found in a list of the kernel, of listns(2) or of mount namespaces (ioctl_nsfs(2)), and
	 * nothing is known that keeps it. Freezing clears it if there is a process or a holder. */
	bool is_listed_only;
	uint64_t tag; /* the same in every model that has this namespace; see identity.h */

	struct relation parent; /* of user and PID namespaces; others: REL_NONE */
	struct relation owner;  /* of a user namespace: the same as parent */

	enum rel_state owner_uid_state; /* of user namespaces; others: REL_NONE */
	uid_t owner_uid;                /* valid if known or ambiguous */
	const char *owner_name;         /* from a snapshot; NULL: not known */

	enum rel_state maps_state; /* of user namespaces; others: REL_NONE */
	struct id_map uid_map;
	struct id_map gid_map;
	enum setgroups setgroups;

	/* What is in it (model/ns_facts.h): of scans with --facts=all, and of their snapshots;
	 * NULL: not read. A reference. */
	const struct ns_facts *facts;

	/* Derived when the model is frozen. */
	size_t index;                 /* in model.namespaces */
	unsigned depth;               /* the number of known ancestors */
	const struct process *leader; /* builder_choose_leaders; NULL: it has no process */
	uint64_t since; /* in nanoseconds since 1970: the start of its oldest member, without one
	                 * `made`; 0: not known */
	const struct process *const *processes; /* the members, by PID */
	size_t n_processes;
	const struct ns *const *children; /* of user and PID namespaces, by inode */
	size_t n_children;
	const struct ns *const *owned; /* all that it owns but user namespaces, by type and inode */
	size_t n_owned;
	const struct holder *holders; /* by kind, PID, TID, fd, path, namespace */
	size_t n_holders;
};

/* A process is identified by its PID and start time. */
struct process {
	pid_t pid;
	pid_t ppid;
	uint64_t started; /* in ticks of host.hertz since host.booted; not known: see state */
	enum rel_state uid_state; /* REL_KNOWN, _UNMAPPED, _AMBIGUOUS or _FAILED */
	uid_t uid;                /* valid if known or ambiguous */
	bool is_kernel;           /* a kernel thread */
	/* If its first thread has ended, the TID of another one, which has its namespaces:
	 * /proc/PID has no links to most of them then. 0: not so. */
	pid_t live_thread;
	bool is_self;   /* of the program that scanned: itself, its helper, a job of that */
	bool is_unborn; /* its PID namespace for children is new, and no child is in it yet */
	char state;     /* proc_pid_stat(5): R S D Z T ...; 0: not known, as its start then */

	const char *comm; /* /proc/PID/comm, raw */
	const char *name; /* from argv[0] (proc_cmdline_name), else comm, of a kernel
	                   * thread in brackets; raw */
	/* The arguments, as far as they are kept, ending with NULL; none: the process has cleared
	 * them. NULL: not read (cmdline_error), not wanted, or a kernel thread or zombie, which has
	 * none. */
	const char *const *cmdline;
	bool is_cmdline_cut; /* it is longer */
	int cmdline_error;   /* errno, positive: why it could not be read; 0: no error */
	const char *cgroup;  /* NULL: not read */
	/* The container that it is in, of nested ones the outermost; NULL: none is recognised. */
	const struct container *container;
	/* The innermost of the containers nested in that one, by the word of a process in it; NULL:
	 * none. Its `outer`, and that of those, lead to `container`. */
	const struct container *claim;
	const struct container *label; /* the systemd unit or session; NULL: none */
	/* Not REL_KNOWN: without a container it is not known whether it is in one. REL_HIDDEN: its
	 * control group is outside of the cgroup namespace of the scan (cgroup_namespaces(7));
	 * REL_FAILED: it was not read, or is that of a zombie, which may have left it. */
	enum rel_state container_state;

	const pid_t *nspid; /* NSpid of proc_pid_status(5): its PID in each PID namespace, from that
	                     * of the scan to its own; at least one */
	size_t n_nspid;

	const struct ns *ns[NS_TYPES]; /* NULL: not known (no permission, or a zombie) */

	const struct posture *posture; /* what confines it (model/posture.h); NULL: not read */

	size_t index; /* in model.processes; derived when the model is frozen */
};

/* Facts about one process, read when its details are shown: reading them for all processes would
 * take too long. */

enum { PROCESS_GROUPS_MAX = 64 };

/* In the order of /proc/PID/status (proc_pid_status(5)). */
enum process_id {
	PROCESS_ID_REAL,
	PROCESS_ID_EFFECTIVE,
	PROCESS_ID_SAVED,
	PROCESS_ID_FS,
	PROCESS_IDS,
};

/* The sets of capabilities(7). */
enum process_caps {
	PROCESS_CAPS_INHERITABLE,
	PROCESS_CAPS_PERMITTED,
	PROCESS_CAPS_EFFECTIVE,
	PROCESS_CAPS_BOUNDING,
	PROCESS_CAPS_AMBIENT,
	PROCESS_CAPS_SETS,
};

struct process_facts {
	pid_t pid;
	uint64_t started;
	int error; /* positive errno: the process could not be read, no fact below is known */
	uid_t uids[PROCESS_IDS];
	gid_t gids[PROCESS_IDS];
	gid_t groups[PROCESS_GROUPS_MAX]; /* the first ones */
	size_t n_groups;                  /* how many the process has */
	uint64_t caps[PROCESS_CAPS_SETS]; /* a bit for each capability */
	bool is_no_new_privs_known;
	bool no_new_privs;
	bool is_seccomp_known;
	uint32_t seccomp; /* 0 off, 1 strict, 2 filter */
	uint32_t threads;
};

/* Something that could not be read. */
struct note {
	pid_t pid;        /* 0: of no single process */
	const char *what; /* "ns/net", "stat", NOTE_CMDLINE */
	int error;        /* errno, positive; 0: none */
};

/* Of one process: its command line was not read (ETIMEDOUT: the read blocked). */
#define NOTE_CMDLINE "cmdline"

/* Begins a sentence on how the list of listns(2) and the other sources differ: of no process, and
 * without an error. Nothing is missing. */
#define NOTE_LISTNS "listns: "

/* Why a view is partial, as bits. */
enum partial {
#define PARTIAL(id, name) PARTIAL_##id,
#include "model/partial.def"
	PARTIALS,
};

/* The name in snapshots: "unreadable", "hidepid", ... */
const char *model_partial_name(enum partial reason);

/* The sources of a scan, as bits; the names are those of --scan and of the snapshot. */
enum source {
#define SOURCE(id, name, text)    SOURCE_##id,
#define SNAPSHOT_SOURCE(id, name) SOURCE(id, name, "")
#include "model/sources.def"
	SOURCES,
};

const char *model_source_name(enum source source);

/* The ID by which the kernel shows those that the user namespace of the scan does not map. */
struct overflow_id {
	uint32_t id;
	enum rel_state state; /* what that ID means: REL_KNOWN, _UNMAPPED or _AMBIGUOUS */
};

struct host {
	const char *name;
	const char *kernel;
	const char *boot_id;
	const char *program;       /* that scanned: "nsbrowse 0.1.0" */
	int64_t taken;             /* time of the scan, in seconds since 1970 */
	int64_t booted;            /* time of the boot, in seconds since 1970 */
	uint32_t booted_nsec;      /* and nanoseconds; not in snapshots */
	unsigned hertz;            /* ticks per second of process.started */
	enum rel_state euid_state; /* REL_KNOWN, _UNMAPPED or _AMBIGUOUS */
	uid_t euid;                /* of the program; the overflow UID if it is not mapped */
	uint32_t sources;          /* 1 << SOURCE_* */
	size_t unreadable;         /* processes whose namespaces could not be read */
	uint32_t partial; /* 1 << PARTIAL_*: what may be missing; 0: the view is complete */
	struct ns_limit ns_limits[NS_TYPES]; /* of the user namespace of the scan */

	struct overflow_id overflow_uid, overflow_gid; /* not in snapshots */
};

struct model {
	struct host host;
	const struct ns *const *namespaces; /* by (type, inode, dev) */
	size_t n_namespaces;
	const struct ns *const *by_tag;         /* the same, by tag */
	const struct process *const *processes; /* by PID */
	size_t n_processes;
	const struct container *const *containers; /* by tag; also nested ones and labels */
	size_t n_containers;
	const struct note *notes;
	size_t n_notes;
	const struct ns_pin *pins; /* by type, mount namespace, path and device */
	size_t n_pins;
	/* Of scans with --facts=mounts, and of their snapshots; NULL: not read. A reference. */
	const struct mounts *mounts;
	uint64_t next_tag;   /* for identity.h */
	struct arena *arena; /* owns all of it, the model too */
	atomic_uint *references;
};

/* References to a model, which the ui and the worker thread share. Freezing returns the first
 * reference; releasing the last one frees the model. Thread-safe. NULL is allowed in both. */
const struct model *model_ref(const struct model *model);
void model_unref(const struct model *model);

/* NULL if there is none. O(log n). */
const struct ns *model_find(const struct model *model, enum nstype type, uint64_t inode);
const struct ns *model_find_tag(const struct model *model, uint64_t tag);
const struct process *model_find_process(const struct model *model, pid_t pid);
const struct container *model_find_container(const struct model *model, uint64_t tag);

/* True if it is a sentence of its own (NOTE_LISTNS), and not what could not be read. */
bool model_is_remark(const struct note *note);

/* True if the view is partial for this reason. */
bool model_is_partial_by(const struct model *model, enum partial reason);

/* The number of namespaces of a type. O(log n). */
size_t model_count(const struct model *model, enum nstype type);

/* The number of containers, without those nested in others, and without labels. Linear. */
size_t model_count_containers(const struct model *model);

/* True if only descriptors, mounts and sockets keep it alive, or nothing that is known, as a
 * descriptor in a message that was not received: it has no process, thread or child, owns nothing,
 * and is no process's namespace for children. */
bool model_is_leaked(const struct ns *ns);

/* True if a user ID of that state has a number. */
static inline bool model_has_id(enum rel_state state)
{
	return state == REL_KNOWN || state == REL_AMBIGUOUS;
}

/* REL_KNOWN, REL_UNMAPPED or REL_AMBIGUOUS: what the kernel shows as `id`. */
enum rel_state model_id_state(const struct overflow_id *overflow, uint32_t id);

/* Names in a snapshot: "known", "initial", ...; "fd", "mount", ..., NULL for HOLDER_OTHER. */
const char *model_rel_state_name(enum rel_state state);
const char *model_holder_kind_name(enum holder_kind kind);

/* The PID of `process` in the PID namespace `ns`; 0 if it has none there, being neither in `ns` nor
 * in a descendant of it. */
pid_t model_pid_inside(const struct process *process, const struct ns *ns);
