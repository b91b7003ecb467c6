/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>

/* Makes system call `nr` fail with `error` in this process from now on if all of `bits` are set in
 * the lower half of its argument `which`. Returns 0 or a negative errno. For a child process: it
 * cannot be undone. */
static inline int deny_syscall_with(unsigned nr, unsigned which, unsigned bits, unsigned error)
{
	const unsigned half = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0;
	struct sock_filter filter[] = {
	        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 4),
	        BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	                (unsigned)offsetof(struct seccomp_data, args) + 8 * which + half),
	        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, bits),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, bits, 0, 1),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof(filter) / sizeof(*filter), .filter = filter};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		return -errno;
	return 0;
}

/* The same whatever its arguments are, like an older kernel or another file system. */
static inline int deny_syscall(unsigned nr, unsigned error)
{
	return deny_syscall_with(nr, 0, 0, error);
}
