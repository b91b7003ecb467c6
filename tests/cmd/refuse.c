/* SPDX-License-Identifier: Apache-2.0 */
/* refuse WHAT ERROR COMMAND [ARGUMENT]...: runs a command with system calls that fail with ERROR:
 * EPERM, EACCES, EINVAL, ENOSYS, EAGAIN, ENOPROTOOPT. WHAT: `relations`, the ioctls for the owners
 * and parents of namespaces (ioctl_nsfs(2)); `processes`, the start of processes and threads, also
 * for root; `options`, getsockopt(2). Exits 77 if filters of system calls (seccomp(2)) are not
 * permitted. */

#include "nsrel/nsfs_uapi.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LOW_HALF 4
#else
#define LOW_HALF 0
#endif

static const struct {
	const char *name;
	int error;
} errors[] = {{"EPERM", EPERM}, {"EACCES", EACCES}, {"EINVAL", EINVAL}, {"ENOSYS", ENOSYS},
        {"EAGAIN", EAGAIN}, {"ENOPROTOOPT", ENOPROTOOPT}};

static int error_of(const char *name)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		if (strcmp(errors[i].name, name) == 0)
			return errors[i].error;
	}
	return 0;
}

static int install(const struct sock_filter *filter, size_t n)
{
	union {
		const struct sock_filter *in;
		struct sock_filter *out;
	} pointer = {.in = filter}; /* which the kernel only reads */
	const struct sock_fprog program = {.len = (unsigned short)n, .filter = pointer.out};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0 ? -errno : 0;
}

static int refuse_relations(int error)
{
	const struct sock_filter filter[] = {
	        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 4),
	        BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	                offsetof(struct seccomp_data, args[1]) + LOW_HALF),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NS_GET_USERNS, 3, 0),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NS_GET_PARENT, 2, 0),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NS_GET_OWNER_UID, 1, 0),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
	};

	return install(filter, sizeof(filter) / sizeof(*filter));
}

/* Not every architecture has fork and vfork. */
#ifdef SYS_fork
#define FORK SYS_fork
#else
#define FORK SYS_clone
#endif
#ifdef SYS_vfork
#define VFORK SYS_vfork
#else
#define VFORK SYS_clone
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif

static int refuse_processes(int error)
{
	const struct sock_filter filter[] = {
	        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 4, 0),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 3, 0),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FORK, 2, 0),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, VFORK, 1, 0),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
	};

	return install(filter, sizeof(filter) / sizeof(*filter));
}

/* On i386 the C library may call socketcall(2) with the number of getsockopt(2), see net.h of the
 * kernel. */
#ifdef SYS_socketcall
#define SOCKETCALL SYS_socketcall
#else
#define SOCKETCALL SYS_getsockopt
#endif
enum { SOCKETCALL_GETSOCKOPT = 15 };

static int refuse_options(int error)
{
	const struct sock_filter filter[] = {
	        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getsockopt, 4, 0),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SOCKETCALL, 0, 2),
	        BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	                offsetof(struct seccomp_data, args[0]) + LOW_HALF),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SOCKETCALL_GETSOCKOPT, 1, 0),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
	};

	return install(filter, sizeof(filter) / sizeof(*filter));
}

static const struct {
	const char *name;
	int (*refuse)(int error);
} kinds[] = {{"relations", refuse_relations}, {"processes", refuse_processes},
        {"options", refuse_options}};

/* Returns 0 or a negative errno; -EDOM: there is no such kind. */
static int refuse(const char *what, int error)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(kinds[i].name, what) == 0)
			return kinds[i].refuse(error);
	}
	return -EDOM;
}

int main(int argc, char **argv)
{
	const int error = argc > 3 ? error_of(argv[2]) : 0;
	const int r = error ? refuse(argv[1], error) : -EDOM;

	if (r == -EDOM) {
		fputs("usage: refuse WHAT ERROR COMMAND [ARGUMENT]...\n", stderr);
		return EXIT_FAILURE;
	}
	if (r < 0)
		return 77;
	execvp(argv[3], argv + 3);
	perror(argv[3]);
	return EXIT_FAILURE;
}
