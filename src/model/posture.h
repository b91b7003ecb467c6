/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* What confines a process, read of the oldest process of each container and of PID 1, if a scan
 * reads it. Each group of facts has the error for which it is not known, a positive errno; 0: it is
 * known. */

/* How the root file system of PID 1, or all of the file system that it is in, is mounted in the
 * mount namespace of the process. */
enum posture_root {
	POSTURE_ROOT_NONE,
	POSTURE_ROOT_READ_ONLY,
	POSTURE_ROOT_WRITABLE, /* at least one mount of it */
	POSTURE_ROOTS,
};

struct posture {
	/* /proc/PID/status (proc_pid_status(5)). */
	int status_error;
	uint64_t bounding; /* CapBnd: a bit for each capability */
	bool is_no_new_privs_known;
	bool no_new_privs;
	bool is_seccomp_known;
	uint32_t seccomp; /* 0 off, 1 strict, 2 filter */

	/* /proc/PID/attr/current (proc_pid_attr(5)): the label of AppArmor or SELinux, raw.
	 * EINVAL: no security module of the kernel has labels. */
	int label_error;
	const char *label; /* not NULL if it is known */

	/* /proc/PID/mountinfo, compared with that of PID 1. */
	int mounts_error;
	const char *socket; /* mount point of the socket of a container engine; NULL: none */
	const char *run;    /* of a directory of the host that may have such sockets; NULL: none */
	enum posture_root root;
	const char *root_point; /* its mount point; NULL: none */
	bool is_kcore_covered;  /* something is mounted over /proc/kcore, or /proc is not shown */
};
