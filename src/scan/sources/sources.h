/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The sources of a scan, one file each. The kernel keeps a namespace alive while a process or
 * thread is in it, a descriptor or a mount refers to it, a socket belongs to it, or another
 * namespace descends from it or is owned by it (namespaces(7), "Namespace lifetime"). Each source
 * reads one of these places; owners and ancestors are reached later, by namespaces.h.
 *
 * To add a source: a row in model/sources.def (with it come SOURCE_*, its name, --scan, and whether
 * it is read by default), a file here and in local.mk, its contract below, and a row in a table of
 * sources.c. */

#include "scan/reopen.h"
#include "scan/scan_state.h"

/* --- process: /proc/PID ---
 *
 * The namespaces that a process is in and those its children will be created in, by the links in
 * /proc/PID/ns (readlink(2) needs PTRACE_MODE_READ, ptrace(2)); user, state and PIDs from stat and
 * status (proc_pid_stat(5), proc_pid_status(5)). All is read relative to one descriptor of the
 * directory: if the PID is used again meanwhile, it gives ESRCH, never a mixture of two
 * processes. A zombie has only its user and PID namespaces. Not seen: processes that /proc does
 * not list (hidepid=, proc(5); those outside the PID namespace of /proc). */

/* Lists the processes into scan->processes. Returns 0 or the error of listing them. */
_must_check_ int source_process_list(struct scan *scan);

/* Reads each of them. is_whole: all of it, which saves opening the process again for
 * source_process_read_holders; else only what the quick model shows. Returns 0 or -ECANCELED. */
_must_check_ int source_process_read(struct scan *scan, bool is_whole);

/* Reads the rest of the processes: threads, descriptors, namespaces for children, and visits their
 * namespaces (visit.h). A process that ended since, or whose PID is now another process, keeps what
 * it has. Returns 0 or -ECANCELED. */
_must_check_ int source_process_read_holders(struct scan *scan);

/* Notes the jobs of other runs that are stuck, if something was not accessed since others hang. */
void sources_note_stuck(struct scan *scan);

/* --- sources that are read while the directory of a process is open --------------------------- */

struct open_process {
	struct scan_thread *thread;
	struct process_record *record;
	int process; /* handles; ns_dir is negative if it is not open */
	int ns_dir;
	pid_t *tids; /* all its threads, ascending; empty if there is only one */
	size_t n_tids;
	bool is_leaderless;  /* the first thread has ended, others have not */
	bool is_stat_failed; /* by another error than a lack of rights */
};

/* Reads what the wanted sources (scan->wanted) find in the process into the thread's list. */
void sources_read_process(struct open_process *open);

/* True if an error, of a read by handle `at` (of the process or a thread), means that the read was
 * refused and not that the process has ended or ends, which gives EACCES too. Keeps it in the
 * record. */
bool sources_is_refused(struct open_process *open, int at, const char *what, long error);

/* thread: /proc/PID/task/TID/ns
 *
 * Threads in other namespaces than the first thread of their process; setns(2) and unshare(2) act
 * on one thread, and all types but user and PID allow it. The namespaces for children of a
 * thread. If the first thread has ended (pthread_exit(3) in main), /proc/PID/ns has only user and
 * pid: record->live_thread and the namespaces are then those of the first other thread. Threads
 * that end meanwhile are left out. */
void source_thread_read(struct open_process *open);

/* fd: /proc/PID/fd
 *
 * Descriptors that refer to a namespace, by the text of their links alone: TYPE:[INODE] is always
 * a namespace, since the text of a file begins with a slash (deleted, unreachable, in an
 * unmounted file system, memfd: measured on Linux 6.18). A descriptor that was opened by a
 * mount point has the path as text, or "/" once that is unmounted: source_fd_resolve decides
 * those. The table of a thread is read if it differs from that of its process, by kcmp(2) or, where
 * that is not permitted, by the descriptor numbers (the descriptors of the process may then be
 * there twice). Left out: our own descriptors and the helper's. Not seen: descriptors in flight
 * (SCM_RIGHTS, unix(7)). Also lists the descriptors that are sockets, for source_socket_read. */
void source_fd_read(struct open_process *open);

/* detached: /proc/PID/fdinfo
 *
 * A descriptor of a namespace that was opened below a mount that is in no mount namespace any more,
 * or never was (open_tree(2), or umount2(2) with MNT_DETACH), has a path as text that no mountinfo
 * has. So of each descriptor with the text of a path source_fd_read also reads the inode number of
 * its file (proc_pid_fdinfo(5), Linux 5.14; the file itself is not accessed), and
 * source_fd_resolve_detached opens those with the number of a namespace. Reading the numbers takes
 * 3 us for each path, a seventh to a fifth of a scan, so it is not wanted by default. Not seen:
 * what is mounted below a detached mount of which only a directory is open. Returns 0 or
 * -ECANCELED. */
_must_check_ int source_fd_resolve_detached(struct scan *scan);

/* --- sources that are read after all processes ------------------------------------------------ */

/* The sources that can be read (1 << SOURCE_*): process, and those in the tables of sources.c. */
uint32_t sources_all(void);

/* Runs those that are wanted. Fills in scan->holders, sorted, and scan->sources. Returns 0 or
 * -ECANCELED. */
_must_check_ int sources_read(struct scan *scan);

/* Opens the descriptors whose text is the path of a known mount of a namespace, to see what they
 * refer to; each once. Returns 0 or -ECANCELED. */
_must_check_ int source_fd_resolve(struct scan *scan);

/* mount: /proc/PID/mountinfo
 *
 * Bind mounts of /proc/PID/ns files (file system nsfs, proc_pid_mountinfo(5)), read once for each
 * mount namespace that has a process or thread, if possible by one whose root directory is that of
 * the mount namespace: after chroot(2) a process sees only the mounts below its root. If
 * /proc/PID/ns/mnt is refused, mountinfo is not; the mounts then have no mount namespace number,
 * and the id of the first mount shows which were read already. Mounts outside the root of every
 * process of the mount namespace are seen only with the source mntns. Not seen: mount namespaces
 * without a process (mntns, below).
 * Those in scan->mounts, which were carried over, are not read again, nor are the processes whose
 * namespaces are refused that were; the others that could be read are added there. Returns 0 or
 * -ECANCELED. */
_must_check_ int source_mount_read(struct scan *scan);

/* The same by a visit (visit.h): reads the mounts in the mount namespace of the open process if
 * they are wanted and its root directory is that of the mount namespace. What fails is left to
 * source_mount_read. */
void source_mount_visit(struct scan_thread *thread, struct reopen *reopen);

/* True if the mount namespace of the process is not known since its link was refused. */
bool source_mount_is_refused(const struct process_record *record);

/* True unless the mountinfo of the process can be read and has no mount of a namespace. */
bool source_mount_sees_any(struct scan *scan, struct process_record *record);

/* Adds a holder to the list of the thread for each mount of a namespace in the text of a mountinfo,
 * with its path and whether that can be reached. `seen_by` has what they have in common: process,
 * tid, mnt. `root` is the path that the mount points are relative to, "" for "/". Malformed lines
 * are left out. */
void source_mount_add_holders(struct scan_thread *thread, const char *text, size_t len,
        const char *root, const struct holder_record *seen_by);

/* Records the mounts of a whole mountinfo: these holders, ids of mounts, and what tells
 * containers. `seen_by` has a process. is_cut: the text is not whole, which is noted. */
void source_mount_record(struct scan_thread *thread, const char *text, size_t len, const char *root,
        bool is_cut, const struct holder_record *seen_by);

/* mntns: mount namespaces without a process
 *
 * source_mntns_read: all of the system as the kernel lists them (NS_MNT_GET_NEXT, Linux 6.12), and
 * the mounts in them (statmount(2), listmount(2)); needs CAP_SYS_ADMIN in the initial user
 * namespace, so the helper does it. Without the right or on an older kernel it finds nothing, and
 * the source does not count as read.
 * source_mntns_read_held, part of the source mount: those that a record holds and the kernel did
 * not list; a job of the helper enters each (setns(2)) and reads its mountinfo. Goes on until no
 * more are found. Both return 0 or -ECANCELED. */
_must_check_ int source_mntns_read(struct scan *scan);
_must_check_ int source_mntns_read_held(struct scan *scan);

/* Reads all mounts of mount namespaces whose processes have another root directory than theirs
 * (chroot(2)), in the same way, if the source is wanted. Each group has a process; one that was
 * read gets has_root. */
void source_mntns_read_chrooted(struct scan *scan, struct mount_group **groups, size_t n);

/* To be called before both: if the mount namespaces that have processes, and those that what was
 * found holds, are those of scan->kept, then what both functions found is carried over from there,
 * and they do nothing. Returns 0. */
_must_check_ int source_mntns_begin(struct scan *scan);

/* listns: all namespaces
 *
 * What the kernel lists (listns(2), Linux 6.19) and no other source has found: namespaces that only
 * a descriptor in flight keeps (SCM_RIGHTS, unix(7)), or one of a table that could not be read.
 * Each is opened by its id (open_by_handle_at(2)). Needs CAP_SYS_ADMIN in the initial user and PID
 * namespaces, so the helper does it. Without the right or on an older kernel it finds nothing, and
 * does not count as read. Not seen: network namespaces that only a socket keeps
 * (source_socket_read, which comes later), PID namespaces that only a mount of procfs keeps
 * (pins.h). The list is read before the processes and after them: only what is in both was there
 * all the time. listed.h merges it. source_listns_begin is the first one, which the
 * program may have made when it started; for a refresh that is the last one for the model before:
 * source_listns_carry. source_listns_read returns 0 or -ECANCELED. */
void source_listns_begin(struct scan *scan);
void source_listns_carry(struct scan *scan, const struct scan *from);
_must_check_ int source_listns_read(struct scan *scan);

/* Adds the note that something of it failed, with a negative errno: once a scan. */
void source_listns_note(struct scan *scan, int error);

/* For the source mntns: kernel_ops->mount_ns_list by the job which also makes the last list of all
 * namespaces, and that is kept for source_listns_read. Arguments and errors are those of
 * mount_ns_list; -ENOENT: this source is not wanted, or cannot be read. */
_must_check_ int source_listns_read_mount_ns(
        struct scan *scan, struct kernel_mount_ns **ret, size_t *ret_n);

/* socket: SIOCGSKNS
 *
 * Sockets of other network namespaces than that of the process that has them (pidfd_getfd(2),
 * Linux 5.6, done by the helper). Each socket is queried once, in one of the processes that have
 * it. That takes some system calls for each, so it is not wanted by default. A socket that only the
 * descriptor table of a thread has is seen since Linux 6.9 (PIDFD_THREAD). Returns 0 or -ECANCELED.
 */
_must_check_ int source_socket_read(struct scan *scan);
