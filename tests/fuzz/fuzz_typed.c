/* SPDX-License-Identifier: Apache-2.0 */
/* What a user types to find something in the demo host: text, a number, an address, a container.
 * The first byte chooses what it is. */
#include "base/attributes.h"
#include "base/descriptors.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "snapshot/snapshot.h"
#include "tests/fuzz/fuzz.h"
#include "view/filter.h"
#include "view/go_to.h"
#include "view/needle.h"
#include "view/net_query.h"
#include "view/pid_query.h"

#include <fcntl.h>
#include <string.h>

/* Made once. */
struct world {
	const struct model *model;
	struct hierarchy hierarchy;
	struct haystack *haystack;
	bool *hits;
};

static const struct world *world(void)
{
	static struct world world;
	struct snapshot_problem problem;
	const char *const top = getenv("top_srcdir");

	if (world.model)
		return &world;
	_cleanup_free_ char *path = memory_printf("%s/data/demo.json", top ? top : ".");
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	CHECK(fd >= 0);
	CHECK(snapshot_read(fd, NULL, &world.model, &problem) == 0);
	hierarchy_build(
	        &world.hierarchy, world.model, NULL, &(struct view_options){.kind = VIEW_ALL});
	world.haystack = haystack_new(world.model, NULL, NULL, true);
	haystack_set_facts(world.haystack, NULL);
	world.hits = memory_new(world.hierarchy.n + 1);
	return &world;
}

/* What is found at the first place is explained there. */
static void search(const char *text)
{
	const struct world *const w = world();
	const struct filter filter = {.text = memory_strdup(text)};
	struct haystack_place place;
	size_t n = 0;

	haystack_find(w->haystack, &w->hierarchy, text, w->hits);
	for (size_t i = 0; i < w->hierarchy.n; i++) {
		if (!w->hits[i] || n++ > 0 || !*text)
			continue;
		if (haystack_explain(w->haystack, &w->hierarchy, i, text, &place)) {
			CHECK(place.found < strlen(place.text));
			free(place.text);
		}
	}
	CHECK(haystack_count(w->haystack, text) <= w->model->n_namespaces);
	_cleanup_free_ unsigned char *in = memory_new(w->hierarchy.n + 1);
	const struct filter_count count =
	        filter_apply(&filter, &w->hierarchy, w->haystack, NULL, in);
	CHECK(count.n <= count.all && (*text || count.n == count.all));
	free(filter.text);
}

/* The text that is searched is behind the first newline. */
static void find_needle(const char *text)
{
	_cleanup_free_ char *what = memory_strdup(text);
	char *const newline = strchr(what, '\n');
	struct needle needle = {.len = 0};
	size_t at = 0, start, n;

	if (newline)
		*newline = '\0';
	_cleanup_free_ char *query = escape_text(what);
	_cleanup_free_ char *hay = escape_text(newline ? newline + 1 : what);
	const size_t len = strlen(hay);
	for (enum needle_kind kind = NEEDLE_TEXT; kind <= NEEDLE_END; kind++) {
		needle_set(&needle, kind, query);
		for (at = 0; needle_find(&needle, hay, len, at, &start, &n); at = start + n) {
			CHECK(start >= at && n > 0 && start + n <= len);
			CHECK(utf8_is_valid(hay + start, n));
		}
	}
	needle_release(&needle);
}

static void go_to(const char *text)
{
	const struct world *const w = world();
	struct go_to_list list;

	if (!*text || text[strspn(text, "0123456789")])
		return;
	go_to_find(&list, &w->hierarchy, w->model, &w->hierarchy.nodes[w->hierarchy.n / 2], text,
	        NULL);
	for (size_t i = 0; i < list.n; i++)
		CHECK(list.all[i].node < w->hierarchy.n);
	go_to_release(&list);
}

static void query_net(const char *text)
{
	const struct world *const w = world();
	const struct net_query query = net_query_of(text);
	_cleanup_free_ char *bytes = NULL;
	size_t len;
	FILE *out = open_memstream(&bytes, &len);

	CHECK(out && query.kind <= NET_QUERY_SOCKET);
	for (size_t i = 0; i < w->model->n_namespaces; i++) {
		const struct net_facts *const facts =
		        facts_store_net(NULL, w->model->namespaces[i]);
		struct net_hit hit;

		if (!facts)
			continue;
		(void)net_query_is_known(&query, facts);
		if (net_query_match(&query, facts, 0, &hit)) {
			CHECK(hit.interface || hit.address || hit.socket);
			net_query_write_hit(out, &hit);
		}
	}
	CHECK(fclose(out) == 0);
}

static void query_pid(const char *text)
{
	const struct world *const w = world();
	struct pid_query query;

	pid_query_run(&query, w->model, 1, text);
	CHECK(query.n_found <= w->model->n_processes);
	CHECK((query.process != NULL) == (query.n_found == 1));
	pid_query_release(&query);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const meanings[])(const char *text) = {['g'] = go_to,
	        ['i'] = find_needle,
	        ['n'] = query_net,
	        ['p'] = query_pid,
	        ['s'] = search};

	if (size == 0)
		return 0;
	_cleanup_free_ char *text = memory_new(size);
	memcpy(text, data + 1, size - 1);
	if (data[0] < ARRAY_SIZE(meanings) && meanings[data[0]])
		meanings[data[0]](text);
	return 0;
}
