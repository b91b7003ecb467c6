/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scan/store_scene.h"

#include "base/arena.h"
#include "model/builder.h"

#include <errno.h>
#include <string.h>

struct store_log store_log;

/* What the stores have. */
static struct {
	const struct store_entry *entries;
	size_t n;
} stores;

static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static int containers(struct kernel *k, struct kernel_container *items, size_t n,
        kernel_container_fn *take, void *data)
{
	(void)k;
	store_log.n_calls++;
	for (size_t i = 0; i < n; i++) {
		assert_true(store_log.n_asked < ARRAY_SIZE(store_log.asked));
		store_log.asked[store_log.n_asked++] = items[i];
		items[i].error = -ENOENT;
		for (size_t s = 0; s < stores.n; s++) {
			const struct store_entry *const has = &stores.entries[s];

			if (has->store != items[i].store || has->uid != items[i].uid ||
			        strcmp(has->id, items[i].id) != 0 ||
			        !is_same(has->space, items[i].space))
				continue;
			items[i].error = has->error;
			if (has->error == 0)
				take(data, i, &has->text);
		}
	}
	return 0;
}

bool store_scene_was_asked(enum kernel_store store, uid_t uid)
{
	for (size_t i = 0; i < store_log.n_asked; i++) {
		if (store_log.asked[i].store == store && store_log.asked[i].uid == uid)
			return true;
	}
	return false;
}

static struct ns *add_ns(struct builder *builder, enum nstype type, uint64_t ino, uint64_t first)
{
	bool is_new;
	struct ns *const ns = builder_ns(builder, type, 4, ino, &is_new);

	if (!is_new)
		return ns;
	if (ino == first) {
		ns->parent.state = ns->owner.state = REL_INITIAL;
		return ns;
	}
	ns->id = ino + 1;
	ns->parent = ns->owner =
	        (struct relation){REL_KNOWN, builder_ns(builder, type, 4, first, NULL)};
	if (type == NS_PID)
		ns->owner = (struct relation){
		        REL_KNOWN, builder_ns(builder, NS_USER, 4, STORE_SCENE_USER_NS, NULL)};
	return ns;
}

static void add_map(struct builder *builder, struct ns *ns)
{
	struct id_range *const range = arena_alloc(builder_arena(builder), sizeof(*range));

	*range = (struct id_range){0, 100000, 65536};
	ns->uid_map = ns->gid_map = (struct id_map){range, 1};
	ns->maps_state = REL_KNOWN;
}

void store_scene_make(
        struct store_scene *ret, const struct store_row *rows, size_t n, uint64_t started)
{
	struct builder *const builder = builder_new();

	*ret = (struct store_scene){.truth = NULL};
	add_ns(builder, NS_USER, STORE_SCENE_USER_NS, STORE_SCENE_USER_NS);
	add_ns(builder, NS_PID, STORE_SCENE_PID_NS, STORE_SCENE_PID_NS)->owner = (struct relation){
	        REL_KNOWN, builder_ns(builder, NS_USER, 4, STORE_SCENE_USER_NS, NULL)};
	builder_host(builder)->name = "h";
	for (size_t i = 0; i < n; i++) {
		const pid_t pid = (pid_t)i + 1;
		struct process *const process = builder_process(builder, pid);
		pid_t *const nspid = arena_alloc(builder_arena(builder), sizeof(*nspid));
		struct ns *const user = add_ns(builder, NS_USER,
		        rows[i].user_ns ? rows[i].user_ns : STORE_SCENE_USER_NS,
		        STORE_SCENE_USER_NS);

		*nspid = pid;
		process->nspid = nspid;
		process->n_nspid = 1;
		process->ppid = pid == 1 ? 0 : 1;
		process->started = started + (uint64_t)pid;
		process->uid_state = REL_KNOWN;
		process->state = 'S';
		process->comm = process->name = "x";
		process->cgroup = rows[i].cgroup;
		if (rows[i].user_ns)
			add_map(builder, user);
		process->ns[NS_USER] = user;
		process->ns[NS_PID] = add_ns(builder, NS_PID,
		        rows[i].pid_ns ? rows[i].pid_ns : STORE_SCENE_PID_NS, STORE_SCENE_PID_NS);
	}
	assert_int_equal(builder_freeze(builder, &ret->truth, NULL), 0);
	ret->fake = fake_kernel_new(ret->truth);
	ret->ops = *fake_kernel(ret->fake)->ops;
	ret->ops.containers = containers;
	fake_kernel(ret->fake)->ops = &ret->ops;
}

void store_scene_release(struct store_scene *scene)
{
	kernel_free(fake_kernel(scene->fake));
	model_unref(scene->truth);
}

void store_scene_set(const struct store_entry *entries, size_t n)
{
	memset(&store_log, 0, sizeof(store_log));
	stores.entries = entries;
	stores.n = n;
}

const struct model *store_scene_scan(
        struct store_scene *scene, const struct model *previous, const struct model **quick)
{
	const struct scan_options options = {.sources = 1u << SOURCE_PROCESS,
	        .n_threads = 1,
	        .program = "test 1",
	        .with_container_files = true};

	return checked_scan(scene->fake, &options, previous, quick ? keep_model : NULL, quick);
}

const struct container *store_scene_container(const struct model *model, pid_t pid)
{
	const struct process *const process = model_find_process(model, pid);

	assert_non_null(process);
	assert_non_null(process->container);
	return process->container;
}

void store_scene_check_text(const char *text, const char *wanted)
{
	if (!is_same(text, wanted))
		fail_msg("%s instead of %s", text ? text : "NULL", wanted ? wanted : "NULL");
}
