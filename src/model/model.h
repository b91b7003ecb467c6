/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* One moment of one host: its namespaces, its processes, and how they relate. A model is made by
 * a builder (builder.h), frozen, and from then on read only; it is freed all at once. All
 * pointers in it lead into itself. Foreign text (names, paths) is raw; see base/escape.h. */

#include "model/nstype.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* How a relation, or a fact, is known. */
enum rel_state {
	REL_KNOWN,
	REL_INITIAL,     /* the first namespace: it has none */
	REL_HIDDEN,      /* EPERM: outside this view */
	REL_NONE,        /* this type has none */
	REL_UNSUPPORTED, /* the kernel cannot say */
	REL_FAILED,      /* see the notes; also: not asked, or nobody at hand to ask */
};

struct process;
struct ns;

/* A namespace that another one points to. `ns` is NULL unless the state is known. */
struct relation {
	enum rel_state state;
	const struct ns *ns;
};

/* What keeps a namespace alive beside its processes. */
enum holder_kind {
	HOLDER_FD,           /* a descriptor: `pid`, `fd` */
	HOLDER_MOUNT,        /* an nsfs mount: `path` in mount namespace number `mnt` */
	HOLDER_THREAD,       /* a thread whose process is elsewhere: `pid`, `tid` */
	HOLDER_SOCKET,       /* a socket: `pid`, `fd` */
	HOLDER_FOR_CHILDREN, /* children of `pid` (thread `tid`) will be born into it */
	HOLDER_CHILD,        /* a child of it (user, pid): `ns` */
	HOLDER_OWNS,         /* a namespace that it owns (user): `ns` */
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
	uint64_t dev;
	uint64_t inode;
	uint64_t id;   /* the kernel's (6.18), 0 where it does not tell */
	uint64_t made; /* when its inode came to be, which a descriptor or a mount keeps, in ns
	                * since 1970; for identity.h, where there are no ids; 0: not known */
	bool is_made_before; /* so long before it was read that another one cannot have it, too */
	uint64_t tag; /* the same in every model in which this namespace is; see identity.h */

	struct relation parent; /* user and pid: else REL_NONE */
	struct relation owner;  /* for a user namespace the same as parent */

	enum rel_state owner_uid_state; /* user namespaces: else REL_NONE */
	uid_t owner_uid;                /* valid when known */
	const char *owner_name;         /* from a snapshot; NULL when not known */

	enum rel_state maps_state; /* user namespaces: else REL_NONE */
	struct id_map uid_map;
	struct id_map gid_map;
	enum setgroups setgroups;

	/* Derived when frozen. */
	unsigned depth;                         /* how many known ancestors it has */
	const struct process *leader;           /* NULL: no process is in it */
	const struct process *const *processes; /* by PID */
	size_t n_processes;
	const struct ns *const *children; /* user and pid: by inode */
	size_t n_children;
	const struct ns *const *owned; /* user: what it owns but user namespaces, by type, inode */
	size_t n_owned;
	const struct holder
	        *holders; /* all but processes; by kind, PID, TID, fd, path, namespace */
	size_t n_holders;
};

/* A process is (pid, started). */
struct process {
	pid_t pid;
	pid_t ppid;
	uint64_t started; /* in ticks of host.hertz since host.booted */
	uid_t uid;
	bool is_uid_known;
	bool is_kernel; /* a kernel thread */
	bool is_unborn; /* its next child begins a PID namespace, which nobody can see before */
	char state;     /* as in /proc/PID/stat: R S D Z T ...; 0 unknown */

	const char *comm;           /* the kernel's name, raw */
	const char *name;           /* last path component of argv[0], else "[comm]"; raw */
	const char *const *cmdline; /* NULL unless asked for; ends with NULL */
	const char *cgroup;         /* NULL when not asked */

	const pid_t *nspid; /* from the PID namespace of the scan inwards; at least one */
	size_t n_nspid;

	const struct ns *ns[NS_TYPES]; /* NULL: not known (refused, or none left: a zombie) */
};

/* What could not be read. Also, with pid 0, what limits the view as a whole. */
struct note {
	pid_t pid;        /* 0: not of one process */
	const char *what; /* "ns/net", "stat", or one of NOTE_* */
	int error;        /* errno, positive; 0: none */
};

#define NOTE_HIDEPID  "hidepid"       /* /proc hides other users' processes */
#define NOTE_INSIDE   "userns"        /* scanned from inside a user namespace */
#define NOTE_FOREIGN  "procfs"        /* /proc belongs to another PID namespace */
#define NOTE_REPLACED "replaced-proc" /* something is mounted over parts of /proc */
#define NOTE_WAITING  "waiting"       /* reading the command line of a process waits for ever */
#define NOTE_NAMES    "names"         /* command lines were not read: names are the kernel's */

/* Of one process: its command line was not read; ETIMEDOUT: the read waited. */
#define NOTE_CMDLINE "cmdline"

/* The sources of a scan, as bits; the names are those of --scan and of the snapshot. */
enum source {
#define SOURCE(id, name)          SOURCE_##id,
#define SNAPSHOT_SOURCE(id, name) SOURCE_##id,
#include "model/sources.def"
#undef SOURCE
#undef SNAPSHOT_SOURCE
	SOURCES,
};

const char *source_name(enum source source);

struct host {
	const char *name;
	const char *kernel;
	const char *boot_id;
	const char *program; /* that took it: "nsbrowse 0.1.0" */
	int64_t taken;       /* seconds since 1970 */
	int64_t booted;
	unsigned hertz;
	uid_t euid;
	uint32_t sources;  /* 1 << SOURCE_* */
	size_t unreadable; /* processes whose namespaces were refused */
	bool is_complete;  /* everything could be seen */
};

struct model {
	struct host host;
	const struct ns *const *namespaces; /* by (type, inode, dev) */
	size_t n_namespaces;
	const struct ns *const *by_tag;         /* the same, by tag */
	const struct process *const *processes; /* by PID */
	size_t n_processes;
	const struct note *notes;
	size_t n_notes;
	uint64_t next_tag;   /* for identity.h */
	struct arena *arena; /* owns all of it, the model too */
	atomic_uint *references;
};

/* A model is shared by those who look at it (the ui, and the worker, which compares the next scan
 * with it): each takes a reference and gives it back; the last one frees it all. The builder
 * hands out the first. Thread-safe. NULL is fine for both. */
const struct model *model_ref(const struct model *model);
void model_unref(const struct model *model);

/* NULL when there is none. O(log n). */
const struct ns *model_find(const struct model *model, enum nstype type, uint64_t inode);
const struct ns *model_find_tag(const struct model *model, uint64_t tag);
const struct process *model_find_process(const struct model *model, pid_t pid);

/* True if there is a note of that name (NOTE_*) that limits the whole view. */
bool model_has_note(const struct model *model, const char *what);

/* How many namespaces of a type there are. */
size_t model_count(const struct model *model, enum nstype type);

/* True if nothing of its own keeps it alive, no process or thread, no children to be, no child and
 * nothing that it owns, but a descriptor, a mount or a socket somewhere does. */
bool ns_is_leaked(const struct ns *ns);

/* The words for a state in a snapshot: "known", "initial", ... */
const char *rel_state_name(enum rel_state state);
const char *holder_kind_name(enum holder_kind kind);

/* The PID as `process` has it inside the PID namespace `ns`, 0 if it is not in there (nor in a
 * descendant of it). */
pid_t process_pid_inside(const struct process *process, const struct ns *ns);
