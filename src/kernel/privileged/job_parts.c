/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/privileged/job_parts.h"

#include "kernel/privileged/privileged_wire.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

int job_strip(uint64_t keep)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || syscall(SYS_capget, &head, sets) < 0)
		return -errno;
	for (size_t i = 0; i < ARRAY_SIZE(sets); i++) {
		sets[i].permitted &= (uint32_t)(keep >> (32 * i));
		sets[i].effective = sets[i].permitted;
		sets[i].inheritable = 0;
	}
	return syscall(SYS_capset, &head, sets) < 0 ? -errno : 0;
}

int job_answer(int answer, size_t index, int fd_or_error)
{
	_cleanup_close_ int fd = fd_or_error;
	const struct wire_answer text = {
	        .index = (uint32_t)index,
	        .error = fd < 0 ? fd : 0,
	};
	const struct helper_reply message = {
	        .bytes = &text,
	        .len = sizeof(text),
	        .fds = &fd,
	        .n_fds = fd >= 0,
	};

	return helper_send_reply(answer, &message);
}

int job_own_fds(void)
{
	const int fd = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -EOPNOTSUPP : fd;
}

static int send_outbox(struct job_outbox *outbox)
{
	const struct helper_reply message = {.bytes = outbox->bytes, .len = outbox->len};
	const int r = outbox->len ? helper_send_reply(outbox->answer, &message) : 0;

	outbox->len = 0;
	return r;
}

int job_put(
        struct job_outbox *outbox, const void *record, size_t size, const char *text, size_t len)
{
	int r = 0;

	if (len > sizeof(outbox->bytes) - size)
		return 0;
	if (outbox->len > sizeof(outbox->bytes) - size - len)
		r = send_outbox(outbox);
	if (r < 0)
		return r;
	memcpy(outbox->bytes + outbox->len, record, size);
	if (len)
		memcpy(outbox->bytes + outbox->len + size, text, len);
	outbox->len += size + len;
	return 0;
}

int job_finish(struct job_outbox *outbox, int error)
{
	const struct wire_answer text = {.error = error};
	const struct helper_reply message = {.bytes = &text, .len = sizeof(text)};
	int r = send_outbox(outbox);

	if (r == 0)
		r = helper_send_reply(outbox->answer, &message);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
