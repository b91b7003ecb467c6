/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/proc/proc_link.h"

#include "kernel/proc/proc_number.h"

int proc_link_parse(const char *text, size_t len, struct proc_link *ret)
{
	const char *const end = text + len;
	struct proc_link link = {.type = text};
	const char *p = text;

	while (p < end && ((*p >= 'a' && *p <= 'z') || *p == '_'))
		p++;
	link.type_len = (size_t)(p - text);
	if (link.type_len == 0 || end - p < 4 || p[0] != ':' || p[1] != '[' || p[2] == '0')
		return -EINVAL;
	p += 2;
	if (!proc_number_parse(&p, end, UINT64_MAX, &link.inode))
		return -EINVAL;
	if (end - p != 1 || *p != ']')
		return -EINVAL;
	*ret = link;
	return 0;
}
