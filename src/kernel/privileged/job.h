/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the jobs of this folder share. Each job first gives up all capabilities that it does not
 * need. Requests and replies have the layout of structs, since both ends are the same program; a
 * job checks the length of its request. */

#include "base/attributes.h"
#include "privsep/helper.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Deadlines. The short one is for jobs that access files of others, which may wait for ever. */
enum { JOB_DEADLINE_MS = 300, JOB_LONG_DEADLINE_MS = 2000 };

/* Gives up all other capabilities, and sets no_new_privs. Of those in `keep` the permitted ones are
 * effective then. Returns 0 or a negative errno. */
_must_check_ int job_keep_capabilities(const int *keep, size_t n);

/* True if the process has CAP_SYS_ADMIN in the initial user and PID namespaces: what the kernel
 * requires to open any namespace by its file handle. */
bool job_may_see_all(void);

/* Opens our own directory of descriptors, while /proc is still the one of the helper. Returns a
 * descriptor; -EOPNOTSUPP: there is none. */
_must_check_ int job_own_fds(void);

/* --- a reply for each item ------------------------------------------------------------------- */

struct job_item {
	uint32_t index;
	int32_t error; /* 0: a descriptor comes with the reply; else a negative errno */
};

/* Replies for item `index` with `fd_or_error`: a descriptor, which is closed, or a negative errno.
 * Returns 0, or a negative errno if the client has gone. */
_must_check_ int job_reply(int replies, size_t index, int fd_or_error);

/* --- many records in a reply ----------------------------------------------------------------- */

struct job_records {
	int replies;
	size_t len;
	char bytes[HELPER_REQUEST_MAX];
};

/* Adds a record, and `len` bytes of text behind it; sends what is there if it is full. A record
 * that is too long for a reply is left out. Returns 0 or a negative errno. */
_must_check_ int job_records_add(
        struct job_records *records, const void *record, size_t size, const char *text, size_t len);

/* Sends the rest, and then a struct job_item with `error` (0: these were all records). Returns the
 * exit status of the job. */
_must_check_ int job_records_finish(struct job_records *records, int error);

/* --- the request of ns_mounted_job ----------------------------------------------------------- */

/* One item; behind it the `length` bytes of the mount point. The descriptor of the request is where
 * to begin: the directory of a process, or a mount namespace. */
struct job_mounted {
	int32_t type; /* CLONE_NEW* */
	uint16_t length;
	uint16_t is_mount_ns; /* the same in all items of a request */
	uint64_t ino;
};
