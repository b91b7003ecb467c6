/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/privileged/job.h"

#include "nsrel/nsrel.h"
#include "privsep/capabilities.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>

int job_keep_capabilities(const int *keep, size_t n)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return capabilities_keep(keep, n);
}

static bool is_in_initial(const char *path, int type)
{
	_cleanup_close_ int ns = nsrel_open(AT_FDCWD, path);
	struct nsrel_key key;

	return ns >= 0 && nsrel_key(ns, &key) == 0 && nsrel_is_initial(&key, type);
}

bool job_may_see_all(void)
{
	return capabilities_has(CAP_SYS_ADMIN) &&
	       is_in_initial("/proc/self/ns/user", CLONE_NEWUSER) &&
	       is_in_initial("/proc/self/ns/pid", CLONE_NEWPID);
}

int job_own_fds(void)
{
	const int fd = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -EOPNOTSUPP : fd;
}

int job_reply(int replies, size_t index, int fd_or_error)
{
	_cleanup_close_ int fd = fd_or_error;
	const struct job_item item = {
	        .index = (uint32_t)index,
	        .error = fd < 0 ? fd : 0,
	};

	return helper_send_reply(replies, &(const struct helper_reply){
	                                          .bytes = &item,
	                                          .len = sizeof(item),
	                                          .fds = &fd,
	                                          .n_fds = fd >= 0,
	                                  });
}

static int send_records(struct job_records *records)
{
	const struct helper_reply reply = {.bytes = records->bytes, .len = records->len};
	const int r = records->len ? helper_send_reply(records->replies, &reply) : 0;

	records->len = 0;
	return r;
}

int job_records_add(
        struct job_records *records, const void *record, size_t size, const char *text, size_t len)
{
	int r = 0;

	if (len > sizeof(records->bytes) - size)
		return 0;
	if (records->len > sizeof(records->bytes) - size - len)
		r = send_records(records);
	if (r < 0)
		return r;
	memcpy(records->bytes + records->len, record, size);
	if (len)
		memcpy(records->bytes + records->len + size, text, len);
	records->len += size + len;
	return 0;
}

int job_records_finish(struct job_records *records, int error)
{
	const struct job_item end = {.error = error};
	const struct helper_reply reply = {.bytes = &end, .len = sizeof(end)};
	int r = send_records(records);

	if (r == 0)
		r = helper_send_reply(records->replies, &reply);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
