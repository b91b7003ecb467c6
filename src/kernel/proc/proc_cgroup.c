/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/proc/proc_cgroup.h"

#include <string.h>

/* Which line is believed: the highest. */
enum rank { RANK_NONE, RANK_ANY, RANK_UNIFIED_TOP, RANK_SYSTEMD, RANK_UNIFIED };

static enum rank rank_line(const char *line, const char *controllers, const char *path, size_t len)
{
	static const char SYSTEMD[] = "name=systemd:";

	if (line[0] == '0' && controllers == line + 2 && *controllers == ':')
		return len == 1 ? RANK_UNIFIED_TOP : RANK_UNIFIED;
	if ((size_t)(path - controllers) == sizeof(SYSTEMD) - 1 &&
	        memcmp(controllers, SYSTEMD, sizeof(SYSTEMD) - 1) == 0)
		return RANK_SYSTEMD;
	return RANK_ANY;
}

int proc_cgroup_parse(const char *text, size_t len, const char **ret_path, size_t *ret_len)
{
	const char *const end = text + len;
	enum rank best = RANK_NONE;

	for (const char *line = text; line < end;) {
		const char *line_end = memchr(line, '\n', (size_t)(end - line));
		const char *first, *second;
		enum rank rank;

		if (!line_end)
			line_end = end;
		first = memchr(line, ':', (size_t)(line_end - line));
		second = first ? memchr(first + 1, ':', (size_t)(line_end - first - 1)) : NULL;
		if (!second || second + 1 == line_end)
			return -EINVAL;
		rank = rank_line(line, first + 1, second + 1, (size_t)(line_end - second - 1));
		if (rank > best) {
			best = rank;
			*ret_path = second + 1;
			*ret_len = (size_t)(line_end - second - 1);
		}
		line = line_end + (line_end < end);
	}
	return best == RANK_NONE ? -ENODATA : 0;
}
