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

	if (!second || second + 1 == end || second[1] != '/' ||
	        memchr(text, '\0', (size_t)(end - text)))
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

static bool is_same_path(const struct line *a, const struct line *b)
{
	return a->path_len == b->path_len && memcmp(a->path, b->path, a->path_len) == 0;
}

/* Sets `ret` to the next line before `end`, without ` (deleted)` if that is no part of it. Returns
 * 1, 0 at the end or -EINVAL. */
static int next_line(const char **at, const char *end, bool is_deleted, struct line *ret)
{
	if (*at == end)
		return 0;
	const char *const newline = memchr(*at, '\n', (size_t)(end - *at));

	if (!parse(*at, newline ? newline : end, ret))
		return -EINVAL;
	*at = newline ? newline + 1 : end;
	if (is_deleted && has_deleted(ret))
		ret->path_len -= sizeof(DELETED) - 1;
	return 1;
}

/* Most lines have the same path, which is matched once. Returns how many lines there are. */
static ssize_t find_best(struct arena *arena, const char *text, const char *end, bool is_deleted,
        struct line *ret_best, struct cgroup_path *ret_match)
{
	struct line line, best;
	size_t n = 0;
	int r;

	while ((r = next_line(&text, end, is_deleted, &line)) > 0) {
		const bool is_first = n++ == 0;
		const bool is_higher = is_first || rank_of(&line) > rank_of(&best);
		struct cgroup_path match;

		if (!is_first && is_same_path(&line, &best)) {
			best = is_higher ? line : best;
			continue;
		}
		cgroup_path_match(arena, line.path, line.path_len, &match);
		if (!is_first && (match.n_known < ret_match->n_known ||
		                         (match.n_known == ret_match->n_known && !is_higher)))
			continue;
		best = line;
		*ret_match = match;
	}
	if (n)
		*ret_best = best;
	return r < 0 ? r : (ssize_t)n;
}

int cgroup_lines_match(struct arena *arena, const char *text, size_t len, bool is_deleted,
        struct cgroup_lines *ret)
{
	const char *const end = text + len;
	struct line best, line;
	size_t i = 0;
	const ssize_t n = find_best(arena, text, end, is_deleted, &best, &ret->match);

	if (n <= 0)
		return n < 0 ? (int)n : -ENODATA;
	const char **const hierarchies = arena_array(arena, (size_t)n + 1, sizeof(*hierarchies));
	hierarchies[i++] = arena_copy(arena, best.hierarchy, best.hierarchy_len);
	while (next_line(&text, end, is_deleted, &line) > 0) {
		if (line.hierarchy != best.hierarchy && is_same_path(&line, &best))
			hierarchies[i++] = arena_copy(arena, line.hierarchy, line.hierarchy_len);
	}
	ret->hierarchies = hierarchies;
	ret->path = arena_copy(arena, best.path, best.path_len);
	ret->has_deleted = !is_deleted && has_deleted(&best);
	return 0;
}
