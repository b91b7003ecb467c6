/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A kernel for tests: it shows the host of a model (built by hand, or read from a snapshot) as text
 * of /proc, so that the parsers and the scan run as with the real one. Threads, descriptors, mounts
 * and sockets are those of the model's holders. Errors can be set, processes can end at a given
 * call, calls are counted and can be delayed. Thread-safe. */

#include "kernel/kernel.h"
#include "model/model.h"

/* The time of an inode is that of the model, or its number plus this. */
enum { FAKE_TIME = 1000 };

enum fake_op {
	FAKE_LIST_PIDS,
	FAKE_PROCESS_OPEN,
	FAKE_PROCESS_STAT,
	FAKE_PROCESS_READ,
	FAKE_NS_DIR_OPEN,
	FAKE_NS_LINK,
	FAKE_NS_LINK_KEY,
	FAKE_NS_OPEN,
	FAKE_NS_KEY,
	FAKE_NS_TYPE,
	FAKE_NS_OWNER,
	FAKE_NS_PARENT,
	FAKE_NS_OWNER_UID,
	FAKE_NS_MADE,
	FAKE_PID_IN_NS,
	FAKE_LIST_TIDS,
	FAKE_THREAD_OPEN,
	FAKE_COMPARE_FD_TABLES,
	FAKE_FDS_OPEN,
	FAKE_FDS_NEXT,
	FAKE_FD_LINK,
	FAKE_FD_OPEN_NS,
	FAKE_FILE_OPEN,
	FAKE_FILE_READ,
	FAKE_ROOT_LINK,
	FAKE_NS_OPEN_MOUNTED,
	FAKE_NS_OPEN_KEYS,
	FAKE_NS_LIST,
	FAKE_MOUNT_NS_LIST,
	FAKE_MOUNT_NS_OPEN,
	FAKE_MOUNT_NS_TEXTS,
	FAKE_MOUNT_NS_MOUNTINFO,
	FAKE_SOCKET_NS,
	FAKE_CGROUP_OWNER,
	FAKE_EVENTS_OPEN,
	FAKE_EVENTS_READ,
	FAKE_EVENTS_UPDATE,
	FAKE_EVENTS_CLOSE,
	FAKE_CMDLINE, /* one of those that are read in a call */
	FAKE_ANY,     /* as an argument: any operation */
};

/* One call. */
struct fake_call {
	enum fake_op op;
	pid_t pid;     /* 0: about a namespace, or the list */
	char what[48]; /* file, link, or "user:[4026531837]"; empty: nothing */
};

struct fake_kernel;

/* `model` must stay valid; kernel_free(fake_kernel(fake)) frees the fake. */
struct fake_kernel *fake_kernel_new(const struct model *model);

struct kernel *fake_kernel(struct fake_kernel *fake);

/* Shows another model from now on, which must stay valid. No handle may be open. */
void fake_kernel_show(struct fake_kernel *fake, const struct model *model);

/* Sets an error (positive errno) for all calls of `op` about `pid` (0: any) and `what` (NULL:
 * any). */
void fake_kernel_fail(
        struct fake_kernel *fake, enum fake_op op, pid_t pid, const char *what, int error);

/* Sets an error for call number `index` (from 0), of any operation. */
void fake_kernel_fail_call(struct fake_kernel *fake, size_t index, int error);

/* The process ends after so many calls about it. */
void fake_kernel_vanish(struct fake_kernel *fake, pid_t pid, size_t calls);

/* The process ends at the first call of `op` about it and `what` (NULL: any), which gives `error`
 * from then on. Its other files are unchanged, but for stat: it is no zombie yet. */
void fake_kernel_end(
        struct fake_kernel *fake, pid_t pid, enum fake_op op, const char *what, int error);

/* Whether the kernel has namespace ids (Linux 6.18). The default: if the model has some. */
void fake_kernel_set_ids(struct fake_kernel *fake, bool has_ids);

/* Whether the kernel lists all namespaces (Linux 6.19), which needs ids. The default: it does not.
 */
void fake_kernel_set_list(struct fake_kernel *fake, bool has_list);

/* Whether ns_open opens a pid_for_children of which the link is missing (Linux 6.11), of a process
 * that is `unborn` and holds one. The default: it does not. */
void fake_kernel_set_pidfds(struct fake_kernel *fake, bool has_pidfds);

/* From the list number `from` on (from 0) the kernel lists that namespace, until list `to`; the
 * others are in all lists. */
void fake_kernel_list_only(struct fake_kernel *fake, const struct ns *ns, size_t from, size_t to);

/* Whether the program listed all namespaces when it started (ns_list_first): without the namespace
 * of fake_kernel_list_only, and this list does not count. The default: it did not. */
void fake_kernel_set_first_list(struct fake_kernel *fake, bool has_list);

/* Whether the kernel shows the inode numbers of descriptors (Linux 5.14). The default: it does. */
void fake_kernel_set_inodes(struct fake_kernel *fake, bool has_inodes);

/* Makes a relation differ from the model: a hostile host, or inodes that are used again. */
void fake_kernel_redirect(
        struct fake_kernel *fake, const struct ns *from, enum fake_op op, const struct ns *to);

/* Sets the text of the link of that descriptor. What it refers to is unchanged: the namespace of
 * that holder of the model; nothing, if there is none. `text` must stay valid. */
void fake_kernel_set_fd_text(struct fake_kernel *fake, pid_t pid, int fd, const char *text);

/* /proc/PID/stat of `pid` is that of `other`, as if its directory were mounted over this one's, on
 * a kernel that does not report mount IDs (before Linux 5.8). */
void fake_kernel_cover_stat(struct fake_kernel *fake, pid_t pid, pid_t other);

/* The root directory of `pid` is `root`, as after chroot(2); that of all others is "/". */
void fake_kernel_set_root(struct fake_kernel *fake, pid_t pid, const char *root);

/* Sets the owner of a directory of control groups; those of others are root. */
void fake_kernel_set_owner(struct fake_kernel *fake, const char *path, uid_t uid);

/* The status of a process of root has that real user ID and these group IDs. */
void fake_kernel_set_starter(struct fake_kernel *fake, pid_t pid, uid_t real_uid, gid_t gid);

/* Lets events be opened from now on; before, that gives -EOPNOTSUPP. */
void fake_kernel_allow_events(struct fake_kernel *fake);

/* What happens while they are open, from any thread: KERNEL_EVENT_* of a process; records of
 * processes outside of our PID namespace; records that are lost; CPUs that come online. */
void fake_kernel_add_event(struct fake_kernel *fake, pid_t pid, unsigned kinds);
void fake_kernel_add_foreign(struct fake_kernel *fake, uint64_t n);
void fake_kernel_add_lost(struct fake_kernel *fake, uint64_t n);
void fake_kernel_add_cpus(struct fake_kernel *fake, int n);

/* Tells, while they are open, that our own mounts have changed. */
void fake_kernel_change_mounts(struct fake_kernel *fake);

/* Called at each call, in the thread that makes it; may wait. */
typedef void fake_hook_fn(void *data, const struct fake_call *call);
void fake_kernel_set_hook(struct fake_kernel *fake, fake_hook_fn *hook, void *data);

/* How many calls there were of `op` about `pid` (0: any) and `what` (NULL: any). */
size_t fake_kernel_count(struct fake_kernel *fake, enum fake_op op, pid_t pid, const char *what);

/* Clears the recorded calls, the errors, the process that is to end and the redirection. */
void fake_kernel_reset(struct fake_kernel *fake);

/* Handles that were not closed. */
size_t fake_kernel_open_handles(struct fake_kernel *fake);
