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

/* The lines of one process. */
struct all_lines {
	struct arena *arena;
	const char *begin, *end;
	size_t n_lines;
	bool is_deleted;
	cgroup_lines_proven_fn *is_proven;
	void *data;
};

/* A path, by the highest of its lines, and what it says. */
struct candidate {
	struct line line;
	struct cgroup_path match;
	ssize_t n_proven; /* -1: not counted yet */
};

static int count_lines(struct all_lines *text)
{
	const char *at = text->begin;
	struct line line;
	int r;

	while ((r = next_line(&at, text->end, text->is_deleted, &line)) > 0)
		text->n_lines++;
	return r;
}

/* All lines with that path. */
static struct cgroup_lines gather(const struct all_lines *text, const struct candidate *of)
{
	const char **const hierarchies =
	        arena_array(text->arena, text->n_lines + 1, sizeof(*hierarchies));
	const char *at = text->begin;
	struct line line;
	size_t n = 0;

	hierarchies[n++] = arena_copy(text->arena, of->line.hierarchy, of->line.hierarchy_len);
	while (next_line(&at, text->end, text->is_deleted, &line) > 0) {
		if (line.hierarchy != of->line.hierarchy && is_same_path(&line, &of->line))
			hierarchies[n++] =
			        arena_copy(text->arena, line.hierarchy, line.hierarchy_len);
	}
	return (struct cgroup_lines){
	        .path = arena_copy(text->arena, of->line.path, of->line.path_len),
	        .hierarchies = hierarchies,
	        .match = of->match,
	        .has_deleted = !text->is_deleted && has_deleted(&of->line)};
}

/* Names below the outermost container were given inside of it, so the owners of their directories
 * prove nothing. */
static ssize_t count_proven(const struct all_lines *text, struct candidate *of)
{
	const struct cgroup_path *const match = &of->match;

	if (of->n_proven < 0 && (match->n_nested || match->label.id)) {
		const struct cgroup_lines lines = gather(text, of);

		of->n_proven = 0;
		if (text->is_proven(text->data, &lines))
			of->n_proven = match->n_nested ? (ssize_t)match->n_outer : 1;
	}
	return MAX(of->n_proven, 0);
}

static bool is_better(const struct all_lines *text, struct candidate *a, struct candidate *b)
{
	if (!a->match.n_known == !b->match.n_known) {
		const ssize_t of_a = count_proven(text, a), of_b = count_proven(text, b);

		if (of_a != of_b)
			return of_a > of_b;
	}
	if (a->match.n_known != b->match.n_known)
		return a->match.n_known > b->match.n_known;
	return rank_of(&a->line) > rank_of(&b->line);
}

/* Most lines have the same path. Returns true for the first of them, and sets `ret` to the highest;
 * false for another one. */
static bool find_highest(const struct all_lines *text, const struct line *first, struct line *ret)
{
	const char *at = text->begin;
	struct line line;

	*ret = *first;
	while (next_line(&at, text->end, text->is_deleted, &line) > 0) {
		if (!is_same_path(&line, first))
			continue;
		if (line.path < first->path)
			return false;
		if (rank_of(&line) > rank_of(ret))
			*ret = line;
	}
	return true;
}

static void find_best(const struct all_lines *text, struct candidate *ret)
{
	const char *at = text->begin;
	struct line line;
	bool is_first = true;

	while (next_line(&at, text->end, text->is_deleted, &line) > 0) {
		struct candidate candidate = {.n_proven = -1};

		if (!find_highest(text, &line, &candidate.line))
			continue;
		cgroup_path_match(text->arena, line.path, line.path_len, &candidate.match);
		if (is_first || is_better(text, &candidate, ret))
			*ret = candidate;
		is_first = false;
	}
}

int cgroup_lines_match(struct arena *arena, const char *text, size_t len, bool is_deleted,
        cgroup_lines_proven_fn *is_proven, void *data, struct cgroup_lines *ret)
{
	struct all_lines all = {.arena = arena,
	        .begin = text,
	        .end = text + len,
	        .is_deleted = is_deleted,
	        .is_proven = is_proven,
	        .data = data};
	struct candidate best;
	const int r = count_lines(&all);

	if (r < 0 || all.n_lines == 0)
		return r < 0 ? r : -ENODATA;
	find_best(&all, &best);
	*ret = gather(&all, &best);
	return 0;
}
