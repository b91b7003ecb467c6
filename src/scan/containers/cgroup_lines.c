/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/containers/cgroup_lines.h"

#include <errno.h>
#include <string.h>

struct line {
	const char *hierarchy, *path; /* not NUL-terminated */
	size_t hierarchy_len, path_len;
};

static bool is_hierarchy(const struct line *line, const char *name)
{
	return line->hierarchy_len == strlen(name) &&
	       memcmp(line->hierarchy, name, line->hierarchy_len) == 0;
}

/* `ID:CONTROLLERS:PATH`. Only the path may have colons (cgroups(7): names of hierarchies have
 * letters, digits and `._-`). */
static bool parse(const char *text, const char *end, struct line *ret)
{
	const char *const first = memchr(text, ':', (size_t)(end - text));
	const char *const second = first ? memchr(first + 1, ':', (size_t)(end - first - 1)) : NULL;

	if (!second || second + 1 == end || second[1] != '/')
		return false;
	*ret = (struct line){.hierarchy = first + 1,
	        .hierarchy_len = (size_t)(second - first - 1),
	        .path = second + 1,
	        .path_len = (size_t)(end - second - 1)};
	return true;
}

/* Of lines with as many known components, the highest is used. */
static unsigned rank_of(const struct line *line)
{
	static const char *const order[] = {"memory", "name=systemd", ""};
	unsigned rank = 0;

	for (unsigned i = 0; i < sizeof(order) / sizeof(*order); i++) {
		if (is_hierarchy(line, order[i]))
			rank = i + 1;
	}
	return line->path_len > 1 ? rank + 4 : rank;
}

static const char DELETED[] = " (deleted)";

static bool has_deleted(const struct line *line)
{
	const size_t len = sizeof(DELETED) - 1;

	return line->path_len > len + 1 &&
	       memcmp(line->path + line->path_len - len, DELETED, len) == 0;
}

int cgroup_lines_match(struct arena *arena, const char *text, size_t len, bool is_deleted,
        struct cgroup_lines *ret)
{
	const char *const end = text + len;
	struct line best = {.path = NULL};

	for (const char *at = text; at < end;) {
		const char *const newline = memchr(at, '\n', (size_t)(end - at));
		struct cgroup_path match;
		struct line line;

		if (!parse(at, newline ? newline : end, &line))
			return -EINVAL;
		at = newline ? newline + 1 : end;
		if (is_deleted && has_deleted(&line))
			line.path_len -= sizeof(DELETED) - 1;
		/* Most lines have the same path. */
		if (best.path && best.path_len == line.path_len &&
		        memcmp(best.path, line.path, line.path_len) == 0) {
			if (rank_of(&line) > rank_of(&best))
				best = line;
			continue;
		}
		cgroup_path_match(arena, line.path, line.path_len, &match);
		if (best.path && (match.n_known < ret->match.n_known ||
		                         (match.n_known == ret->match.n_known &&
		                                 rank_of(&line) <= rank_of(&best))))
			continue;
		best = line;
		ret->match = match;
	}
	if (!best.path)
		return -ENODATA;
	ret->hierarchy = arena_copy(arena, best.hierarchy, best.hierarchy_len);
	ret->path = arena_copy(arena, best.path, best.path_len);
	ret->has_deleted = !is_deleted && has_deleted(&best);
	return 0;
}
