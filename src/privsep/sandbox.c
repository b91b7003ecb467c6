/* SPDX-License-Identifier: Apache-2.0 */
#include "privsep/sandbox.h"

#include "base/memory.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

bool sandbox_is_on(void)
{
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == SECCOMP_MODE_FILTER;
}

void sandbox_release(struct sandbox_filter *filter)
{
	free(filter->instructions);
	*filter = (struct sandbox_filter){.n = 0};
}

#ifndef SECCOMP_FILTER_FLAG_SPEC_ALLOW
#define SECCOMP_FILTER_FLAG_SPEC_ALLOW (1UL << 2) /* Linux 4.17 */
#endif

static long set_filter(const struct sandbox_filter *filter, unsigned flags)
{
	const struct sock_fprog program = {
	        .len = (unsigned short)filter->n, .filter = filter->instructions};

	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

/* With SPEC_ALLOW the kernel does not slow this process down against speculation in its own
 * memory: it runs no code of others. A positive result is a thread that has another filter. */
int sandbox_install(const struct sandbox_filter *filter)
{
	const unsigned flags = SECCOMP_FILTER_FLAG_TSYNC;
	long r;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	r = set_filter(filter, flags | SECCOMP_FILTER_FLAG_SPEC_ALLOW);
	if (r < 0 && errno == EINVAL)
		r = set_filter(filter, flags);
	if (r >= 0)
		return r == 0 ? 0 : -EBUSY;
	/* EPERM: a filter that was there before refuses it. */
	return errno == ENOSYS || errno == EINVAL || errno == EPERM ? -EOPNOTSUPP : -errno;
}

int sandbox_enter(uint32_t calls)
{
	struct sandbox_filter filter;
	int r = sandbox_make(calls, &filter);

	if (r < 0)
		return r;
	r = sandbox_install(&filter);
	sandbox_release(&filter);
	return r;
}
