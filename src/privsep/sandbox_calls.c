/* SPDX-License-Identifier: Apache-2.0 */
/* The system calls of each group, and how a filter is made of them. */
#include "base/descriptors.h"
#include "base/memory.h"
#include "privsep/pidfd_uapi.h"
#include "privsep/sandbox.h"

#include <string.h>

/* Leaks are searched by a thread that traces this process, which no filter permits. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifdef IS_SANITIZED
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
	return sandbox_is_on();
}
#endif

#ifndef HAVE_SECCOMP

int sandbox_make(_unused_ uint32_t calls, struct sandbox_filter *ret)
{
	*ret = (struct sandbox_filter){.n = 0};
	return -EOPNOTSUPP;
}

#else

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <net/if.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>

/* --- the table ------------------------------------------------------------------------------- */

#define ALWAYS ((uint32_t)-1)

/* Those that take any arguments. Names that this architecture or libseccomp does not know are
 * skipped. */
static const struct {
	uint32_t calls; /* permitted with any of these groups */
	const char *names;
} PLAIN[] = {
        {ALWAYS, "read write exit exit_group rt_sigreturn sigreturn restart_syscall"},
        /* memory */
        {SANDBOX_WORK, "brk mmap mmap2 munmap mremap mprotect madvise membarrier memfd_create "
                       "ftruncate ftruncate64"},
        /* open descriptors */
        {SANDBOX_WORK,
                "readv writev pread64 pwrite64 lseek _llseek close close_range dup dup2 "
                "dup3 fstat fstat64 fsync fdatasync poll ppoll ppoll_time64 select _newselect "
                "pselect6 pselect6_time64 pipe pipe2 eventfd2 epoll_create1 epoll_ctl "
                "epoll_wait epoll_pwait signalfd4"},
        /* connected sockets */
        {SANDBOX_WORK, "sendmsg recvmsg send recv sendto recvfrom shutdown"},
        /* time, locks, signals */
        {SANDBOX_WORK,
                "clock_gettime clock_gettime64 clock_getres clock_getres_time64 "
                "clock_nanosleep clock_nanosleep_time64 nanosleep gettimeofday time "
                "setitimer futex futex_time64 set_robust_list rseq sched_yield getcpu "
                "rt_sigaction sigaction rt_sigprocmask sigprocmask rt_sigpending sigaltstack"},
        /* what is known of this process and the system */
        {SANDBOX_WORK, "getpid gettid getppid getpgrp getpgid getsid getuid getuid32 geteuid "
                       "geteuid32 getgid getgid32 getegid getegid32 getresuid getresuid32 "
                       "getresgid getresgid32 getgroups getgroups32 capget getrlimit ugetrlimit "
                       "getrusage times wait4 waitid waitpid uname sysinfo sched_getaffinity "
                       "getrandom umask"},
        {SANDBOX_READ, "stat stat64 lstat lstat64 newfstatat fstatat64 statx fstatfs fstatfs64 "
                       "access faccessat faccessat2 readlink readlinkat getdents getdents64 "
                       "getcwd fadvise64 fadvise64_64"},
        {SANDBOX_WRITE, "open openat creat mkdir mkdirat link linkat unlink unlinkat rename "
                        "renameat renameat2 fchmod fchmodat fchown fchown32 fchownat flock "
                        "fallocate utimensat utimensat_time64"},
        {SANDBOX_NAMESPACES, "name_to_handle_at statfs statfs64 fstatfs fstatfs64 statx"},
        {SANDBOX_NARROW, "capset seccomp landlock_create_ruleset landlock_add_rule setrlimit"},
        {SANDBOX_WORK, "landlock_restrict_self"},
        {SANDBOX_CHILDREN, "fork vfork kill tgkill setpgid setsid"},
        {SANDBOX_EXECUTE, "execve arch_prctl set_tid_address set_thread_area statfs statfs64 "
                          "chdir cacheflush riscv_flush_icache"},
        {SANDBOX_USER, "setuid setuid32 setgid setgid32 setresuid setresuid32 setresgid "
                       "setresgid32 setgroups setgroups32"},
        {SANDBOX_NSS, "socket connect bind getsockname getpeername getsockopt setsockopt "
                      "sendmmsg recvmmsg statfs statfs64 timerfd_create timerfd_settime "
                      "inotify_init1 inotify_add_watch mlock munlock"},
        {SANDBOX_ENTER, "setns fchdir chroot"},
        {SANDBOX_HANDLES, "open_by_handle_at name_to_handle_at"},
        {SANDBOX_QUEUES, "fsopen fsconfig fsmount"},
        {SANDBOX_NAMESPACES, "pidfd_open"},
        {SANDBOX_SOCKETS, "pidfd_open pidfd_getfd getsockopt"},
        {SANDBOX_NETWORK, "bind getsockname getsockopt setsockopt"},
        {SANDBOX_EVENTS, "perf_event_open"},
#ifdef IS_SANITIZED
        {SANDBOX_WORK, "readlink readlinkat stat lstat newfstatat access setrlimit prctl"},
#endif
};

/* Newer than some versions of libseccomp: the numbers are those of all architectures but alpha. */
static const struct {
	uint32_t calls;
	int number;
} NEWER[] = {
        {SANDBOX_MOUNTS, 457},     /* statmount(2) */
        {SANDBOX_MOUNTS, 458},     /* listmount(2) */
        {SANDBOX_NAMESPACES, 470}, /* listns(2) */
};

/* Makes files, writes to them or opens a directory for a file without a name. */
#define WRITES (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY))

#define NEW_NAMESPACES                                                                             \
	(CLONE_NEWCGROUP | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID |              \
	        CLONE_NEWUSER | CLONE_NEWUTS)

#ifdef __s390__
enum { CLONE_FLAGS = 1 };
#else
enum { CLONE_FLAGS = 0 };
#endif

#define ALL_BITS UINT32_MAX

/* Those that are permitted if argument `argument`, with `mask`, has that value. The kernel ignores
 * the upper half of these arguments, and so do the masks. */
static const struct condition {
	uint32_t calls;
	const char *name;
	unsigned argument;
	uint32_t mask;
	uint32_t value;
} CONDITIONS[] = {
        {SANDBOX_WORK, "fcntl", 1, ALL_BITS, F_DUPFD},
        {SANDBOX_WORK, "fcntl", 1, ALL_BITS, F_DUPFD_CLOEXEC},
        {SANDBOX_WORK, "fcntl", 1, ALL_BITS, F_GETFD},
        {SANDBOX_WORK, "fcntl", 1, ALL_BITS, F_SETFD},
        {SANDBOX_WORK, "fcntl", 1, ALL_BITS, F_GETFL},
        {SANDBOX_WORK, "fcntl", 1, ALL_BITS, F_SETFL},
        {SANDBOX_WORK, "fcntl", 1, ALL_BITS, F_GET_SEALS},
        {SANDBOX_WORK, "fcntl64", 1, ALL_BITS, F_DUPFD},
        {SANDBOX_WORK, "fcntl64", 1, ALL_BITS, F_DUPFD_CLOEXEC},
        {SANDBOX_WORK, "fcntl64", 1, ALL_BITS, F_GETFD},
        {SANDBOX_WORK, "fcntl64", 1, ALL_BITS, F_SETFD},
        {SANDBOX_WORK, "fcntl64", 1, ALL_BITS, F_GETFL},
        {SANDBOX_WORK, "fcntl64", 1, ALL_BITS, F_SETFL},
        {SANDBOX_WORK, "fcntl64", 1, ALL_BITS, F_GET_SEALS},
        /* Locks of files, which NSS modules may use. */
        {SANDBOX_NSS, "fcntl", 1, ALL_BITS, F_SETLK},
        {SANDBOX_NSS, "fcntl", 1, ALL_BITS, F_SETLKW},
        /* fstat(2) of the C library. */
        {SANDBOX_WORK, "newfstatat", 3, AT_EMPTY_PATH, AT_EMPTY_PATH},
        {SANDBOX_WORK, "fstatat64", 3, AT_EMPTY_PATH, AT_EMPTY_PATH},
        {SANDBOX_WORK, "prlimit64", 0, ALL_BITS, 0},
        {SANDBOX_WORK, "prctl", 0, ALL_BITS, PR_GET_SECCOMP},
        {SANDBOX_WORK, "prctl", 0, ALL_BITS, PR_GET_NO_NEW_PRIVS},
        {SANDBOX_WORK, "prctl", 0, ALL_BITS, PR_SET_NO_NEW_PRIVS},
        {SANDBOX_WORK, "prctl", 0, ALL_BITS, PR_GET_DUMPABLE},
        {SANDBOX_WORK, "prctl", 0, ALL_BITS, PR_SET_NAME},
        {SANDBOX_WORK, "prctl", 0, ALL_BITS, PR_GET_NAME},
        {SANDBOX_WORK, "prctl", 0, ALL_BITS, PR_SET_PDEATHSIG},
        {SANDBOX_WORK, "prctl", 0, ALL_BITS, PR_CAPBSET_READ},
        {SANDBOX_WORK, "prctl", 0, ALL_BITS, 0x53564d41}, /* PR_SET_VMA: names memory */
        {SANDBOX_NARROW, "prctl", 0, ALL_BITS, PR_SET_DUMPABLE},
        {SANDBOX_WORK, "landlock_create_ruleset", 2, ALL_BITS, 1}, /* returns its version */
        /* isatty(3) of the C libraries. */
        {SANDBOX_WORK, "ioctl", 1, ALL_BITS, TCGETS},
        {SANDBOX_WORK, "ioctl", 1, ALL_BITS, TIOCGWINSZ},
#ifdef TCGETS2
        {SANDBOX_WORK, "ioctl", 1, ALL_BITS, TCGETS2},
        {SANDBOX_TERMINAL, "ioctl", 1, ALL_BITS, TCSETS2},
        {SANDBOX_TERMINAL, "ioctl", 1, ALL_BITS, TCSETSW2},
        {SANDBOX_TERMINAL, "ioctl", 1, ALL_BITS, TCSETSF2},
#endif
        {SANDBOX_WORK, "ioctl", 1, ALL_BITS, FIONREAD},
        {SANDBOX_TERMINAL, "ioctl", 1, ALL_BITS, TCSETS},
        {SANDBOX_TERMINAL, "ioctl", 1, ALL_BITS, TCSETSW},
        {SANDBOX_TERMINAL, "ioctl", 1, ALL_BITS, TCSETSF},
        {SANDBOX_TERMINAL, "ioctl", 1, ALL_BITS, TCFLSH},
        {SANDBOX_TERMINAL, "ioctl", 1, ALL_BITS, TIOCOUTQ},
        {SANDBOX_TERMINAL, "ioctl", 1, ALL_BITS, TIOCGPGRP},
        {SANDBOX_NAMESPACES, "ioctl", 1, 0xff00, 0xb7 << 8},
        {SANDBOX_NAMESPACES, "ioctl", 1, ALL_BITS, PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE},
        {SANDBOX_NAMESPACES, "kcmp", 2, ALL_BITS, 2 /* KCMP_FILES */},
        {SANDBOX_SOCKETS, "ioctl", 1, ALL_BITS, SIOCGSKNS},
        {SANDBOX_NETWORK, "ioctl", 1, ALL_BITS, SIOCGIFINDEX},
        {SANDBOX_NETWORK, "ioctl", 1, ALL_BITS, SIOCGIFFLAGS},
        {SANDBOX_NETWORK, "ioctl", 1, ALL_BITS, SIOCGIFHWADDR},
        {SANDBOX_NETWORK, "socket", 0, ALL_BITS, AF_INET},
        {SANDBOX_NETWORK, "socket", 0, ALL_BITS, AF_NETLINK},
        {SANDBOX_READ, "openat", 2, WRITES, O_RDONLY},
        {SANDBOX_READ, "open", 1, WRITES, O_RDONLY},
        {SANDBOX_ENTER, "unshare", 0, ALL_BITS, CLONE_FS},
        {SANDBOX_THREADS | SANDBOX_NSS, "clone", CLONE_FLAGS, CLONE_THREAD | NEW_NAMESPACES,
                CLONE_THREAD},
        {SANDBOX_CHILDREN, "clone", CLONE_FLAGS, CLONE_THREAD | NEW_NAMESPACES, 0},
#ifdef IS_SANITIZED
        {SANDBOX_WORK, "openat", 2, WRITES, O_RDONLY},
#endif
};

/* Those that send a signal to the process which is their first argument. */
static const char *const SIGNALS[] = {"kill", "tgkill", "tkill"};

/* --- a filter -------------------------------------------------------------------------------- */

/* The number of the system call with that name, or __NR_SCMP_ERROR. libseccomp has numbers of its
 * own, below that, for calls that this architecture lacks, and for those of sockets on i386. */
static int number_of(const char *name, size_t len)
{
	char text[32];

	snprintf(text, sizeof(text), "%.*s", (int)len, name);
	return seccomp_syscall_resolve_name(text);
}

/* EEXIST: there is the same rule. EDOM: this architecture has no such call. */
static int check(int r)
{
	return r == -EEXIST || r == -EDOM ? 0 : r;
}

static int add_plain(scmp_filter_ctx filter, const char *names)
{
	int r = 0;

	for (size_t n; r == 0 && *names; names += n + strspn(names + n, " ")) {
		n = strcspn(names, " ");
		const int number = number_of(names, n);
		if (number != __NR_SCMP_ERROR)
			r = check(seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0));
	}
	return r;
}

static int add_condition(scmp_filter_ctx filter, const struct condition *condition)
{
	const int number = number_of(condition->name, strlen(condition->name));
	const struct scmp_arg_cmp compare = {
	        .arg = condition->argument,
	        .op = SCMP_CMP_MASKED_EQ,
	        .datum_a = condition->mask,
	        .datum_b = condition->value,
	};

	return number == __NR_SCMP_ERROR
	               ? 0
	               : check(seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, 1, &compare));
}

/* A pair that is connected to each other only: SOCK_DGRAM could send to others. The kernel would
 * load a module for another family, and then refuse it. */
static int add_socketpair(scmp_filter_ctx filter)
{
	const int number = seccomp_syscall_resolve_name("socketpair");
	const struct scmp_arg_cmp compare[] = {
	        {.arg = 0, .op = SCMP_CMP_MASKED_EQ, .datum_a = ALL_BITS, .datum_b = AF_UNIX},
	        {.arg = 1, .op = SCMP_CMP_MASKED_EQ, .datum_a = 0xf, .datum_b = SOCK_SEQPACKET},
	};

	return check(seccomp_rule_add_array(
	        filter, SCMP_ACT_ALLOW, number, ARRAY_SIZE(compare), compare));
}

static int add_groups(scmp_filter_ctx filter, uint32_t calls)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(PLAIN); i++) {
		if (PLAIN[i].calls == ALWAYS || (PLAIN[i].calls & calls))
			r = add_plain(filter, PLAIN[i].names);
	}
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(NEWER); i++) {
		if (NEWER[i].calls & calls)
			r = check(seccomp_rule_add(filter, SCMP_ACT_ALLOW, NEWER[i].number, 0));
	}
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(CONDITIONS); i++) {
		if (CONDITIONS[i].calls & calls)
			r = add_condition(filter, &CONDITIONS[i]);
	}
	if (r == 0 && (calls & SANDBOX_WORK))
		r = add_socketpair(filter);
	for (size_t i = 0; r == 0 && (calls & SANDBOX_RAISE) && i < ARRAY_SIZE(SIGNALS); i++)
		r = add_condition(filter,
		        &(const struct condition){0, SIGNALS[i], 0, ALL_BITS, (uint32_t)getpid()});
	return r;
}

/* clone3(2) has its flags in memory, where a filter cannot read them. With ENOSYS the C library
 * uses clone(2). Calls of another architecture (32 bits) fail like those that are not in the list.
 * With 2 the list is a tree: most calls pass few instructions. */
static int set_up(scmp_filter_ctx filter, uint32_t calls)
{
	const int clone3 = seccomp_syscall_resolve_name("clone3");
	int r = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM));

#if SCMP_VER_MAJOR > 2 || (SCMP_VER_MAJOR == 2 && SCMP_VER_MINOR >= 5)
	if (r == 0)
		r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
#endif
	if (r == 0)
		r = add_groups(filter, calls);
	if (r == 0 && clone3 >= 0)
		r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), clone3, 0);
	return r;
}

/* libseccomp 2.5 writes the instructions to a descriptor only. A limit of the size of files
 * (RLIMIT_FSIZE) is none for a socket, and a message of that size fits into it. */
static int read_filter(scmp_filter_ctx filter, struct sandbox_filter *ret)
{
	int sockets[2], r = descriptors_pair(sockets);

	if (r < 0)
		return r;
	_cleanup_close_ int from = sockets[0];
	_cleanup_close_ int to = sockets[1];
	r = seccomp_export_bpf(filter, to);
	if (r < 0)
		return r;
	struct sock_filter *const instructions = memory_new(BPF_MAXINSNS * sizeof(*instructions));
	const ssize_t n = recv(
	        from, instructions, BPF_MAXINSNS * sizeof(*instructions), MSG_DONTWAIT | MSG_TRUNC);
	*ret = (struct sandbox_filter){
	        .instructions = instructions,
	        .n = n < 0 ? 0 : (size_t)n / sizeof(*instructions),
	};
	if (ret->n > 0 && ret->n <= BPF_MAXINSNS)
		return 0;
	sandbox_release(ret);
	return -EIO;
}

int sandbox_make(uint32_t calls, struct sandbox_filter *ret)
{
	const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int r = filter ? set_up(filter, calls) : -ENOMEM;

	*ret = (struct sandbox_filter){.n = 0};
	if (r == 0)
		r = read_filter(filter, ret);
	if (filter)
		seccomp_release(filter);
	return r;
}

#endif
