/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever /proc/PID/cgroup says, what is made of it is consistent, and an id is one. */
#include "base/memory.h"
#include "scan/containers/cgroup_lines.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static size_t count_components(const char *path)
{
	size_t n = 0;

	for (const char *at = path; *at; at++)
		n += *at == '/' && at[1] && at[1] != '/';
	return n;
}

static void check_name(const struct cgroup_name *name, const char *path)
{
	CHECK(name->kind < CONTAINER_OTHER);
	CHECK(name->id);
	CHECK(name->owner_first <= name->owner_depth);
	CHECK(name->owner_depth <= count_components(path));
	if (name->kind == CONTAINER_DOCKER || name->kind == CONTAINER_PODMAN)
		CHECK(strlen(name->id) == 64 && strspn(name->id, "0123456789abcdef") == 64);
	if (name->pod_id)
		CHECK(strlen(name->pod_id) >= 32 && strlen(name->pod_id) <= 64);
}

/* Any answer, but the same for one path. */
static bool is_proven(void *data, const struct cgroup_lines *lines)
{
	(void)data;
	CHECK(lines->path[0] == '/' && lines->hierarchies[0]);
	CHECK(lines->match.n_nested || lines->match.label.id);
	CHECK(lines->match.n_outer <= lines->match.n_known);
	return strlen(lines->path) % 2;
}

static void check(const char *text, size_t len, bool is_deleted)
{
	struct arena *const arena = arena_new();
	struct cgroup_lines lines;

	if (cgroup_lines_match(arena, text, len, is_deleted, is_proven, NULL, &lines) == 0) {
		const struct cgroup_path *const match = &lines.match;

		CHECK(lines.path[0] == '/' && lines.hierarchies[0]);
		CHECK(match->n_nested <= CGROUP_NESTED_MAX);
		for (size_t i = 0; i < match->n_nested; i++)
			check_name(&match->nested[i], lines.path);
		if (match->label.id)
			check_name(&match->label, lines.path);
		CHECK(match->n_nested == 0 || match->n_known > 0);
	}
	arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = memory_new(size ? size : 1);

	memcpy(text, data, size);
	check(text, size, false);
	check(text, size, true);
	return 0;
}
