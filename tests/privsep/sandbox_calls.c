/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/privsep/sandbox_calls.h"

#include "base/attributes.h"
#include "kernel/privileged/mount_uapi.h"
#include "nsrel/nsfs_uapi.h"
#include "privsep/pidfd_uapi.h"
#include "privsep/sandbox.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* A sanitizer reads files and calls prctl(2) by itself. */
#if HAS_ADDRESS_SANITIZER
#define ANYWAY SANDBOX_WORK
#else
#define ANYWAY NONE
#endif

/* The arguments are such that a call which is permitted has no effect, and does not fail with
 * EPERM, also without rights. */
#define NONE  0
#define SELF  (-10L) /* the PID of the process that tries */
#define OTHER (-11L) /* that of its parent */
#define PATH  (-12L) /* a path that does not exist */

#ifndef SYS_openat2
#define SYS_openat2 437
#endif

static const struct tried_call {
	const char *name;
	uint32_t calls; /* permitted with any of these groups */
	long number;
	long arguments[5];
} CALLS[] = {
        {"write", ~0u, SYS_write, {-1, 0, 0}},
        {"getpid", SANDBOX_WORK, SYS_getpid, {0}},
        {"dup", SANDBOX_WORK, SYS_dup, {0}},
        {"fcntl F_GETFL", SANDBOX_WORK, SYS_fcntl, {0, F_GETFL}},
        {"fcntl F_SETOWN", NONE, SYS_fcntl, {0, F_SETOWN, 0}},
        {"fcntl F_SETSIG", NONE, SYS_fcntl, {0, F_SETSIG, 0}},
        {"socketpair SOCK_SEQPACKET", SANDBOX_WORK, SYS_socketpair, {AF_UNIX, SOCK_SEQPACKET}},
        {"prlimit, own", SANDBOX_WORK, SYS_prlimit64, {0, RLIMIT_CORE, 0, 0}},
        {"prlimit of another", NONE, SYS_prlimit64, {OTHER, RLIMIT_CORE, 0, 0}},
        {"prctl PR_GET_DUMPABLE", SANDBOX_WORK, SYS_prctl, {PR_GET_DUMPABLE}},
        {"prctl PR_SET_KEEPCAPS", ANYWAY, SYS_prctl, {PR_SET_KEEPCAPS, 0}},
        {"ioctl TIOCGWINSZ", SANDBOX_WORK, SYS_ioctl, {-1, TIOCGWINSZ, 0}},
        {"ioctl TCSETS", SANDBOX_TERMINAL, SYS_ioctl, {-1, TCSETS, 0}},
        {"ioctl TIOCSTI", NONE, SYS_ioctl, {-1, TIOCSTI, 0}},
        {"ioctl TIOCSTI with upper bits", NONE, SYS_ioctl, {-1, (long)(TIOCSTI | 1ULL << 32), 0}},
        {"ioctl TIOCSCTTY", NONE, SYS_ioctl, {-1, TIOCSCTTY, 0}},
        {"ioctl FIOSETOWN", NONE, SYS_ioctl, {-1, FIOSETOWN, 0}},
        {"ioctl NS_GET_USERNS", SANDBOX_NAMESPACES, SYS_ioctl, {-1, NS_GET_USERNS, 0}},
        {"kcmp KCMP_FILES", SANDBOX_NAMESPACES, SYS_kcmp, {SELF, SELF, 2, 0, 0}},
        {"kcmp KCMP_VM", NONE, SYS_kcmp, {SELF, SELF, 1, 0, 0}},
        {"openat O_RDONLY", ANYWAY | SANDBOX_READ | SANDBOX_WRITE, SYS_openat,
                {AT_FDCWD, PATH, O_RDONLY | O_CLOEXEC}},
        {"openat O_PATH", ANYWAY | SANDBOX_READ | SANDBOX_WRITE, SYS_openat,
                {AT_FDCWD, PATH, O_PATH | O_DIRECTORY}},
        {"openat O_WRONLY", SANDBOX_WRITE, SYS_openat, {AT_FDCWD, PATH, O_WRONLY}},
        {"openat O_RDWR", SANDBOX_WRITE, SYS_openat, {AT_FDCWD, PATH, O_RDWR}},
        {"openat O_ACCMODE", SANDBOX_WRITE, SYS_openat, {AT_FDCWD, PATH, 3}},
        {"openat O_CREAT", SANDBOX_WRITE, SYS_openat, {AT_FDCWD, PATH, O_CREAT, 0}},
        {"openat O_TRUNC", SANDBOX_WRITE, SYS_openat, {AT_FDCWD, PATH, O_TRUNC}},
        {"openat O_TMPFILE", SANDBOX_WRITE, SYS_openat, {AT_FDCWD, PATH, O_TMPFILE | O_WRONLY}},
        {"openat2", NONE, SYS_openat2, {AT_FDCWD, PATH, 0, 0}},
        {"readlinkat", ANYWAY | SANDBOX_READ, SYS_readlinkat, {AT_FDCWD, PATH, 0, 1}},
        {"getdents64", SANDBOX_READ, SYS_getdents64, {-1, 0, 0}},
        {"mkdirat", SANDBOX_WRITE, SYS_mkdirat, {-1, PATH, 0}},
        {"linkat", SANDBOX_WRITE, SYS_linkat, {-1, PATH, -1, PATH, 0}},
        {"unlinkat", SANDBOX_WRITE, SYS_unlinkat, {-1, PATH, 0}},
        {"renameat2", SANDBOX_WRITE, SYS_renameat2, {-1, PATH, -1, PATH, 0}},
        {"fchmod", SANDBOX_WRITE, SYS_fchmod, {-1, 0}},
        {"symlinkat", NONE, SYS_symlinkat, {PATH, -1, PATH}},
        {"mknodat", NONE, SYS_mknodat, {-1, PATH, 0, 0}},
        {"truncate", NONE, SYS_truncate, {PATH, 0}},
        {"setxattr", NONE, SYS_setxattr, {PATH, PATH, 0, 0, 0}},
        {"kill, own", SANDBOX_RAISE | SANDBOX_CHILDREN, SYS_kill, {SELF, 0}},
        {"tgkill, own", SANDBOX_RAISE | SANDBOX_CHILDREN, SYS_tgkill, {SELF, SELF, 0}},
        {"kill of another", SANDBOX_CHILDREN, SYS_kill, {OTHER, 0}},
        {"kill of all", SANDBOX_CHILDREN, SYS_kill, {-2147483647, 0}},
        {"rt_sigqueueinfo", NONE, SYS_rt_sigqueueinfo, {OTHER, 0, 0}},
        {"pidfd_send_signal", NONE, 424, {-1, 0, 0, 0}},
        {"setpgid", SANDBOX_CHILDREN, SYS_setpgid, {0, 0}},
        {"execve", SANDBOX_EXECUTE, SYS_execve, {PATH, 0, 0}},
        {"execveat", NONE, SYS_execveat, {AT_FDCWD, PATH, 0, 0, 0}},
        {"capset", SANDBOX_NARROW, SYS_capset, {0, 0}},
        {"seccomp", SANDBOX_NARROW, SYS_seccomp, {9, 0, 0}},
        {"setresuid", SANDBOX_USER, SYS_setresuid, {-1, -1, -1}},
        {"setresgid", SANDBOX_USER, SYS_setresgid, {-1, -1, -1}},
        {"socket AF_UNIX", SANDBOX_NSS, SYS_socket, {AF_UNIX, SOCK_STREAM, 0}},
        {"socket AF_NETLINK", SANDBOX_NSS | SANDBOX_NETWORK, SYS_socket, {AF_NETLINK, SOCK_RAW, 0}},
        {"socket AF_PACKET", SANDBOX_NSS, SYS_socket, {AF_PACKET, -1, 0}},
        {"socketpair SOCK_DGRAM", NONE, SYS_socketpair, {AF_UNIX, SOCK_DGRAM, 0, 0}},
        {"socketpair AF_VSOCK", NONE, SYS_socketpair, {AF_VSOCK, SOCK_SEQPACKET, 0, 0}},
        {"connect", SANDBOX_NSS, SYS_connect, {-1, 0, 0}},
        {"bind", SANDBOX_NSS | SANDBOX_NETWORK, SYS_bind, {-1, 0, 0}},
        {"listen", NONE, SYS_listen, {-1, 0}},
        {"accept4", NONE, SYS_accept4, {-1, 0, 0, 0}},
        {"setns", SANDBOX_ENTER, SYS_setns, {-1, 0}},
        {"unshare CLONE_FS", SANDBOX_ENTER, SYS_unshare, {CLONE_FS}},
        {"unshare CLONE_NEWUSER", NONE, SYS_unshare, {CLONE_NEWUSER}},
        {"chroot", SANDBOX_ENTER, SYS_chroot, {PATH}},
        {"fchdir", SANDBOX_ENTER, SYS_fchdir, {-1}},
        {"chdir", SANDBOX_EXECUTE, SYS_chdir, {PATH}},
        {"clone CLONE_NEWUSER", NONE, SYS_clone, {CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0}},
        {"clone of a thread in a namespace", NONE, SYS_clone,
                {CLONE_THREAD | CLONE_NEWUSER, 0, 0, 0, 0}},
        {"clone of a thread", SANDBOX_THREADS | SANDBOX_NSS, SYS_clone, {CLONE_THREAD, 0, 0, 0, 0}},
        {"open_by_handle_at", SANDBOX_HANDLES, SYS_open_by_handle_at, {-1, 0, 0}},
        {"name_to_handle_at", SANDBOX_HANDLES | SANDBOX_NAMESPACES, SYS_name_to_handle_at,
                {-1, PATH, 0, 0, 0}},
        {"statmount", SANDBOX_MOUNTS, MOUNT_UAPI_STATMOUNT, {0, 0, 0, 1, 0}},
        {"listmount", SANDBOX_MOUNTS, MOUNT_UAPI_LISTMOUNT, {0, 0, 0, 1, 0}},
        {"listns", SANDBOX_NAMESPACES, NSFS_UAPI_LISTNS, {0, 0, 0, 1}},
        {"fsconfig", SANDBOX_QUEUES, 431, {-1, 0, 0, 0, 0}},
        {"pidfd_open", SANDBOX_SOCKETS | SANDBOX_NAMESPACES, SYS_pidfd_open, {-1, 0}},
        {"getsockopt", SANDBOX_SOCKETS | SANDBOX_NETWORK | SANDBOX_NSS, SYS_getsockopt,
                {-1, 0, 0, 0, 0}},
        {"perf_event_open", SANDBOX_EVENTS, SYS_perf_event_open, {0, 0, 0, 0, 0}},
        /* What none of the processes ever does. */
        {"ptrace", NONE, SYS_ptrace, {0, 0, 0, 0}},
        {"process_vm_readv", NONE, SYS_process_vm_readv, {0, 0, 0, 0, 0}},
        {"process_vm_writev", NONE, SYS_process_vm_writev, {0, 0, 0, 0, 0}},
        {"mount", NONE, SYS_mount, {0, 0, 0, 0, 0}},
        {"umount2", NONE, SYS_umount2, {PATH, 0}},
        {"pivot_root", NONE, SYS_pivot_root, {PATH, PATH}},
        {"open_tree", NONE, 428, {-1, PATH, 0}},
        {"move_mount", NONE, 429, {-1, PATH, -1, PATH, 0}},
        {"fspick", NONE, 433, {-1, PATH, 0}},
        {"mount_setattr", NONE, 442, {-1, PATH, 0, 0, 0}},
        {"bpf", NONE, SYS_bpf, {-1, 0, 0}},
        {"init_module", NONE, SYS_init_module, {0, 0, 0}},
        {"finit_module", NONE, SYS_finit_module, {-1, 0, 0}},
        {"delete_module", NONE, SYS_delete_module, {0, 0}},
        {"reboot", NONE, SYS_reboot, {0, 0, 0, 0}},
        {"swapon", NONE, SYS_swapon, {PATH, 0}},
        {"sethostname", NONE, SYS_sethostname, {0, -1}},
        {"settimeofday", NONE, SYS_settimeofday, {0, 0}},
        {"clock_settime", NONE, SYS_clock_settime, {-1, 0}},
        {"add_key", NONE, SYS_add_key, {0, 0, 0, 0, 0}},
        {"keyctl", NONE, SYS_keyctl, {-1, 0, 0, 0, 0}},
        {"io_uring_setup", NONE, 425, {0, 0}},
        {"userfaultfd", NONE, SYS_userfaultfd, {-1}},
        {"memfd_secret", NONE, 447, {-1}},
        {"personality", NONE, SYS_personality, {0xffffffff}},
        {"fanotify_init", NONE, SYS_fanotify_init, {-1, 0}},
        {"quotactl", NONE, SYS_quotactl, {-1, 0, 0, 0}},
        {"acct", NONE, SYS_acct, {PATH}},
        {"setpriority", NONE, SYS_setpriority, {PRIO_PROCESS, OTHER, 19}},
        {"sched_setaffinity", NONE, SYS_sched_setaffinity, {OTHER, 0, 0}},
#ifdef SYS_kexec_load
        {"kexec_load", NONE, SYS_kexec_load, {0, 0, 0, 0}},
#endif
#ifdef SYS_iopl
        {"iopl", NONE, SYS_iopl, {0}},
#endif
#ifdef SYS_open
        {"open O_WRONLY", SANDBOX_WRITE, SYS_open, {PATH, O_WRONLY, 0}},
        {"creat", SANDBOX_WRITE, SYS_creat, {PATH, 0}},
        {"fork", SANDBOX_CHILDREN, SYS_fork, {0}},
#endif
};

static long value_of(long argument)
{
	static const char path[] = "/nonexistent/nsbrowse";

	return argument == SELF    ? (long)getpid()
	       : argument == OTHER ? (long)getppid()
	       : argument == PATH  ? (long)path
	                           : argument;
}

enum { OTHERWISE = 0, REFUSED = 1, NO_FILTER = 2 };

static int try_here(const struct tried_call *call, uint32_t calls)
{
	long v[5];
	const int r = sandbox_enter(calls | SANDBOX_WORK);

	if (r < 0)
		return r == -EOPNOTSUPP ? NO_FILTER : OTHERWISE;
	for (size_t i = 0; i < ARRAY_SIZE(v); i++)
		v[i] = value_of(call->arguments[i]);
	const pid_t self = getpid();
	const long result = syscall(call->number, v[0], v[1], v[2], v[3], v[4]);
	const int error = errno;
	if (getpid() != self) /* a child */
		_exit(0);
	return result < 0 && error == EPERM ? REFUSED : OTHERWISE;
}

static int try_in_child(const struct tried_call *call, uint32_t calls)
{
	int status = 0;
	const pid_t pid = fork();

	if (pid == 0)
		_exit(try_here(call, calls));
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

int sandbox_calls_try(uint32_t calls, int *ret_n)
{
	int failed = 0;

	*ret_n = 0;
	for (size_t i = 0; i < ARRAY_SIZE(CALLS); i++) {
		const bool is_permitted = CALLS[i].calls & (calls | SANDBOX_WORK);
		const int found = try_in_child(&CALLS[i], calls);

		if (found == NO_FILTER)
			return -1;
		++*ret_n;
		if (found == (is_permitted ? OTHERWISE : REFUSED))
			continue;
		printf("%s, groups %#x: %s\n", CALLS[i].name, calls,
		        found == REFUSED ? "refused" : "not refused with EPERM");
		failed++;
	}
	return failed;
}
