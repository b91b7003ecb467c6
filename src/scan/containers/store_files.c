/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/containers/store_files.h"

#include "base/memory.h"

#include <string.h>

#define HOST_NAME   "/etc/hostname"
#define HOSTS       "/etc/hosts"
#define TERMINATION "/dev/termination-log"

bool store_files_is_point(const char *point, size_t len)
{
	static const char *const points[] = {HOST_NAME, HOSTS, TERMINATION};

	for (size_t i = 0; i < ARRAY_SIZE(points); i++) {
		if (len == strlen(points[i]) && memcmp(point, points[i], len) == 0)
			return true;
	}
	return false;
}

/* Of a path, one component a letter: I an ID of 64 digits, U a UID of a user, M the two IDs of a
 * map, P the UID of a pod, N a name, * anything; others are themselves. */
static const struct {
	const char *point; /* NULL: of the host name and hosts, which have the name of the file */
	enum container_kind kind;
	const char *pattern;
} rows[] = {
        {NULL, CONTAINER_DOCKER, "/var/lib/docker/containers/I/*"},
        {NULL, CONTAINER_DOCKER, "/var/lib/docker/M/containers/I/*"},
        {NULL, CONTAINER_PODMAN, "/run/containers/storage/overlay-containers/I/userdata/*"},
        {NULL, CONTAINER_PODMAN, "/var/lib/containers/storage/overlay-containers/I/userdata/*"},
        {NULL, CONTAINER_PODMAN, "/run/user/U/containers/overlay-containers/I/userdata/*"},
        {TERMINATION, CONTAINER_KUBERNETES, "/var/lib/kubelet/pods/P/containers/N/*"},
};

static bool is_of(const char *text, size_t len, const char *accepted)
{
	return len > 0 && strspn(text, accepted) >= len;
}

/* 64 bits are enough for any UID. */
static bool parse_user(const char *text, size_t len, uid_t *ret)
{
	uint64_t uid = 0;

	if (len > 10 || !is_of(text, len, "0123456789"))
		return false;
	for (size_t i = 0; i < len; i++)
		uid = uid * 10 + (uint64_t)(text[i] - '0');
	*ret = (uid_t)uid;
	return uid < UINT32_MAX;
}

static bool match_component(
        struct arena *arena, char letter, const char *text, size_t len, struct store_file *ret)
{
	switch (letter) {
	case 'I':
		ret->id = arena_copy(arena, text, len);
		return len == 64 && is_of(text, len, "0123456789abcdef");
	case 'U':
		ret->has_user = true;
		return parse_user(text, len, &ret->user);
	case 'M':
		return is_of(text, len, "0123456789.");
	case 'P':
		ret->pod_id = arena_copy(arena, text, len);
		return (len == 36 || len == 32) && is_of(text, len, "0123456789abcdef-");
	case 'N':
		ret->name = arena_copy(arena, text, len);
		return len > 0;
	default:
		return letter == '*' && len > 0;
	}
}

static bool match(
        struct arena *arena, const char *pattern, const char *path, struct store_file *ret)
{
	while (*pattern == '/' && *path == '/') {
		const size_t wanted = strcspn(++pattern, "/"), len = strcspn(++path, "/");
		const bool is_same = wanted == len && memcmp(pattern, path, len) == 0;

		if (wanted == 1 ? !match_component(arena, *pattern, path, len, ret) : !is_same)
			return false;
		pattern += wanted;
		path += len;
	}
	return !*pattern && !*path;
}

/* The kubelet knows a container by its pod and its name there. */
static void set_id(struct arena *arena, struct store_file *file)
{
	const size_t len = strlen(file->pod_id);
	char *const id = arena_alloc(arena, len + strlen(file->name) + 2);

	memcpy(id, file->pod_id, len);
	id[len] = '/';
	memcpy(id + len + 1, file->name, strlen(file->name) + 1);
	file->id = id;
}

bool store_files_match(
        struct arena *arena, const char *path, const char *point, struct store_file *ret)
{
	const char *const name = strrchr(path, '/');

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct store_file file = {.kind = rows[i].kind};
		const bool is_here = rows[i].point ? strcmp(point, rows[i].point) == 0
		                                   : name && strncmp(point, "/etc/", 5) == 0 &&
		                                             strcmp(name + 1, point + 5) == 0;

		if (!is_here || !match(arena, rows[i].pattern, path, &file))
			continue;
		if (!file.id)
			set_id(arena, &file);
		*ret = file;
		return true;
	}
	return false;
}
