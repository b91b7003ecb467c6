/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/interfaces.h"

#include <errno.h>
#include <stddef.h>

const struct interface_row *interfaces_row(enum interface_id id)
{
	static const struct interface_row rows[] = {
#define INTERFACE(id, name, since, text)     [INTERFACE_##id] = {name, since, text, false},
#define JOB_INTERFACE(id, name, since, text) [INTERFACE_##id] = {name, since, text, true},
#include "kernel/interfaces.def"
	};

	return &rows[id];
}

struct interface_result interfaces_result(int r)
{
	/* ENOTTY: an ioctl(2); EINVAL, E2BIG: a flag or a struct that the kernel does not know. */
	static const int unsupported[] = {-ENOSYS, -ENOTTY, -EOPNOTSUPP, -EINVAL, -E2BIG};

	if (r >= 0)
		return (struct interface_result){INTERFACE_YES, 0};
	for (size_t i = 0; i < ARRAY_SIZE(unsupported); i++) {
		if (r == unsupported[i])
			return (struct interface_result){INTERFACE_NO, 0};
	}
	return (struct interface_result){
	        r == -EPERM || r == -EACCES ? INTERFACE_DENIED : INTERFACE_UNKNOWN, r};
}
