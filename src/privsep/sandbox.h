/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Filters of system calls (seccomp(2)): a process may make those of some groups, and all others
 * fail with EPERM, clone3(2) with ENOSYS. A filter cannot be removed, later ones only restrict
 * further, and threads and children have it, too. */

/* The groups, bits. Without any a process can only read and write what it has open, and exit. */
enum sandbox_calls {
	/* Memory, time, limits, ends of children, and descriptors and sockets that are open. The
	 * other groups are of no use without it. */
	SANDBOX_WORK = 1 << 0,
	SANDBOX_THREADS = 1 << 1,
	SANDBOX_READ = 1 << 2,       /* open files for reading, list directories, read links */
	SANDBOX_WRITE = 1 << 3,      /* open, make, rename and remove files */
	SANDBOX_NAMESPACES = 1 << 4, /* ioctl_nsfs(2), keys, listns(2), kcmp(2) of tables,
	                              * pidfd_open(2), the namespace for children of a pidfd */
	SANDBOX_TERMINAL = 1 << 5,   /* modes and size, but no input (TIOCSTI of TIOCSTI(2const)) */
	SANDBOX_RAISE = 1 << 6,      /* send signals to the process that makes the filter */
	SANDBOX_NARROW = 1 << 7,     /* give up capabilities, add filters, Landlock */
	SANDBOX_CHILDREN = 1 << 8,   /* fork, and send signals to any process */
	SANDBOX_EXECUTE = 1 << 9,    /* run a program that reads files (Graphviz) */
	SANDBOX_USER = 1 << 10,      /* change the user and its groups */
	SANDBOX_NSS = 1 << 11,       /* look up users (nsswitch.conf(5)): connect to daemons */
	SANDBOX_ENTER = 1 << 12,     /* setns(2), and back to the own root directory */
	SANDBOX_HANDLES = 1 << 13,   /* open_by_handle_at(2) */
	SANDBOX_MOUNTS = 1 << 14,    /* listmount(2), statmount(2) */
	SANDBOX_QUEUES = 1 << 15,    /* mount a file system that is visible nowhere (fsmount(2)) */
	SANDBOX_SOCKETS = 1 << 16,   /* duplicate sockets of others (pidfd_getfd(2)), SIOCGSKNS */
	SANDBOX_NETWORK = 1 << 17,   /* rtnetlink(7), and names of interfaces (netdevice(7)) */
	SANDBOX_EVENTS = 1 << 18,    /* perf_event_open(2) */
};

/* A filter that was made. */
struct sandbox_filter {
	void *instructions; /* NULL: none was made */
	size_t n;
};

/* Makes the filter for groups. Returns 0 and the filter, to be released by sandbox_release;
 * -EOPNOTSUPP: this build has no filters; or another negative errno. */
_must_check_ int sandbox_make(uint32_t calls, struct sandbox_filter *ret);
void sandbox_release(struct sandbox_filter *filter);

/* Sets no_new_privs and the filter, for all threads of this process. Opens nothing. Returns 0 or a
 * negative errno; -EOPNOTSUPP: this kernel has no filters. */
_must_check_ int sandbox_install(const struct sandbox_filter *filter);

/* Makes and installs the filter for groups. */
_must_check_ int sandbox_enter(uint32_t calls);

/* True if this process has a filter, be it from here or from the process that started it. */
bool sandbox_is_on(void);
