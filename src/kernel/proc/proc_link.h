/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The text of a link to a namespace: `user:[4026531837]` (namespaces(7)). */

#include "base/attributes.h"

#include <stddef.h>
#include <stdint.h>

struct proc_link {
	const char *type; /* inside the text, not NUL-terminated */
	size_t type_len;
	uint64_t inode; /* never 0 */
};

/* Strictly: small letters or `_`, `:[`, a number without sign or leading zeros, `]`, and nothing
 * else. Returns 0 or -EINVAL. */
_must_check_ int proc_link_parse(const char *text, size_t len, struct proc_link *ret);
