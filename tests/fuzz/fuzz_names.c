/* SPDX-License-Identifier: Apache-2.0 */
/* What names a container beside its control group: arguments of a monitor, a path in a store, and
 * the words of which paths of stores are made. The first byte chooses, the first lines are words.
 */
#include "base/attributes.h"
#include "base/memory.h"
#include "kernel/privileged/container_stores.h"
#include "scan/containers/monitor_args.h"
#include "scan/containers/store_files.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static bool is_hex(const char *id)
{
	return strlen(id) == 64 && strspn(id, "0123456789abcdef") == 64;
}

/* A string of the next line. */
static char *next_line(const char **text, size_t *len)
{
	const char *const newline = memchr(*text, '\n', *len);
	const size_t n = newline ? (size_t)(newline - *text) : *len;
	char *const line = memory_new(n + 1);

	memcpy(line, *text, n);
	*text += n + (newline != NULL);
	*len -= n + (newline != NULL);
	return line;
}

static void check_monitor(const char *text, size_t len)
{
	struct arena *const arena = arena_new();
	_cleanup_free_ char *comm = next_line(&text, &len);
	struct monitor_args args;

	if (monitor_args_parse(arena, comm, text, len, &args)) {
		CHECK(args.kind < CONTAINER_OTHER && *args.id);
		if (args.kind == CONTAINER_DOCKER || args.kind == CONTAINER_PODMAN)
			CHECK(is_hex(args.id));
	}
	arena_free(arena);
}

static void check_store_file(const char *text, size_t len)
{
	struct arena *const arena = arena_new();
	_cleanup_free_ char *path = next_line(&text, &len);
	_cleanup_free_ char *point = next_line(&text, &len);
	struct store_file file;

	if (store_files_match(arena, path, point, &file)) {
		CHECK(store_files_is_point(point, strlen(point)));
		CHECK(file.id && *file.id && file.kind < CONTAINER_OTHER);
		CHECK((file.kind == CONTAINER_KUBERNETES) == (file.pod_id != NULL));
		CHECK(file.pod_id || is_hex(file.id));
	}
	arena_free(arena);
}

/* No word adds a component, so the path has as many as its pattern, but for the home directory. */
static void check_path(const struct container_store *store, const char *pattern,
        const struct container_words *words)
{
	char path[512];

	memset(path, 'x', sizeof(path));
	if (container_stores_path(store, pattern, words, path, sizeof(path)) < 0)
		return;
	CHECK(memchr(path, '\0', sizeof(path)) && path[0] == '/');
	const char *rest = path + (*pattern == '~' ? strlen(words->home) : 0);
	const char *at = pattern + (*pattern == '~');
	for (; *at; at++) {
		if (*at != '/')
			continue;
		rest = strchr(rest, '/');
		CHECK(rest++);
		CHECK(strncmp(rest, "../", 3) != 0 && strcmp(rest, "..") != 0);
	}
	CHECK(!strchr(rest, '/'));
}

static void check_stores(const char *text, size_t len)
{
	_cleanup_free_ char *id = next_line(&text, &len);
	_cleanup_free_ char *space = next_line(&text, &len);
	_cleanup_free_ char *home = next_line(&text, &len);
	_cleanup_free_ char *name = next_line(&text, &len);
	struct container_words words = {.home = home,
	        .user_name = name,
	        .host_name = space,
	        .uid = (uid_t)len,
	        .is_mapped = len % 2,
	        .map_uid = 100000,
	        .id = id,
	        .space = space};

	for (unsigned i = 0; i < KERNEL_STORES; i++) {
		const struct container_store *const store = container_stores_find(i);

		check_path(store, store->file.of_root, &words);
		check_path(store, store->file.of_user, &words);
		check_path(store, store->proof.of_root, &words);
		check_path(store, store->proof.of_user, &words);
	}
	CHECK(!container_stores_find(KERNEL_STORES));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	const char *const text = (const char *)data + 1;
	if (data[0] == 'm')
		check_monitor(text, size - 1);
	if (data[0] == 'f')
		check_store_file(text, size - 1);
	if (data[0] == 's')
		check_stores(text, size - 1);
	return 0;
}
