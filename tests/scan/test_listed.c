/* SPDX-License-Identifier: Apache-2.0 */
/* Namespaces that no link leads to, with a fake kernel: those that only the list of the kernel has,
 * also while it changes, with notes; and PID namespaces before their first process. */
#include "base/memory.h"
#include "model/builder.h"
#include "scan/refresh.h"
#include "tests/scan/checked_scan.h"

#include <string.h>

#define DEV        4
#define USER       UINT64_C(4026531837)
#define PID        UINT64_C(4026531836)
#define MNT        UINT64_C(4026531832)
#define NET        UINT64_C(4026531833)
#define INNER_USER UINT64_C(4026532100)
#define INNER_PID  UINT64_C(4026532101)
#define LOST_UTS   UINT64_C(4026532110)
#define LOST_PID   UINT64_C(4026532111)
#define SOCKET_NET UINT64_C(4026532113)

enum { INIT = 1, SHELL = 50, BOX = 60, CHILD = 70 };

static const struct scan_options OPTIONS = {
        .sources = SCAN_SOURCES_DEFAULT | 1u << SOURCE_SOCKET, .n_threads = 2};

/* What a host has besides INIT, SHELL and BOX, which is in the inner namespaces. */
struct host_parts {
	bool has_uts;    /* LOST_UTS, without a holder */
	bool has_pid;    /* LOST_PID, the same */
	bool has_socket; /* SOCKET_NET, which a socket holds */
	bool is_future;  /* LOST_PID is that of the children of SHELL */
	bool is_born;    /* and CHILD is in it */
};

static struct ns *add_ns(
        struct builder *builder, enum nstype type, uint64_t inode, struct ns *owner)
{
	struct ns *const ns = builder_ns(builder, type, DEV, inode, NULL);

	ns->id = inode - 4026530000u;
	ns->owner = (struct relation){owner ? REL_KNOWN : REL_INITIAL, owner};
	if (type == NS_USER) {
		ns->parent = ns->owner;
		ns->owner_uid_state = REL_KNOWN;
	}
	return ns;
}

static struct ns *add_pid_ns(
        struct builder *builder, uint64_t inode, struct ns *parent, struct ns *owner)
{
	struct ns *const ns = add_ns(builder, NS_PID, inode, owner);

	ns->parent = (struct relation){parent ? REL_KNOWN : REL_INITIAL, parent};
	return ns;
}

static void add_process(struct builder *builder, pid_t pid, struct ns *user, struct ns *pid_ns)
{
	static const pid_t nspid[][2] = {{INIT}, {SHELL}, {BOX, 1}, {CHILD, 1}};
	struct process *const process = builder_process(builder, pid);

	process->ppid = pid == INIT ? 0 : pid == CHILD ? SHELL : INIT;
	process->started = (uint64_t)pid;
	process->uid_state = REL_KNOWN;
	process->state = 'S';
	process->comm = process->name = "x";
	process->nspid = nspid[pid == INIT ? 0 : pid == SHELL ? 1 : pid == BOX ? 2 : 3];
	process->n_nspid = pid == BOX || pid == CHILD ? 2 : 1;
	process->ns[NS_USER] = user;
	process->ns[NS_PID] = pid_ns;
	process->ns[NS_MNT] = builder_ns(builder, NS_MNT, DEV, MNT, NULL);
	process->ns[NS_NET] = builder_ns(builder, NS_NET, DEV, NET, NULL);
}

/* LOST_PID is there. */
static void add_future(struct builder *builder, bool is_born)
{
	struct ns *const ns = builder_find_ns(builder, NS_PID, DEV, LOST_PID);
	size_t n;
	struct process *const *const processes = builder_processes(builder, &n);

	builder_hold(builder, ns,
	        &(struct holder){
	                .kind = HOLDER_FOR_CHILDREN, .fd = -1, .pid = SHELL, .tid = SHELL});
	for (size_t i = 0; i < n; i++)
		processes[i]->is_unborn = processes[i]->pid == SHELL && !is_born;
	if (is_born)
		add_process(builder, CHILD, builder_find_ns(builder, NS_USER, DEV, USER), ns);
}

static const struct model *host_new(const struct host_parts *parts)
{
	struct builder *const builder = builder_new();
	struct ns *const user = add_ns(builder, NS_USER, USER, NULL);
	struct ns *const pid = add_pid_ns(builder, PID, NULL, user);
	struct ns *const inner_user = add_ns(builder, NS_USER, INNER_USER, user);
	struct ns *const inner_pid = add_pid_ns(builder, INNER_PID, pid, inner_user);
	const struct model *model = NULL;

	builder_host(builder)->name = builder_host(builder)->kernel = "x";
	builder_host(builder)->boot_id = builder_host(builder)->program = "x";
	add_ns(builder, NS_MNT, MNT, user);
	add_ns(builder, NS_NET, NET, user);
	add_process(builder, INIT, user, pid);
	add_process(builder, SHELL, user, pid);
	add_process(builder, BOX, inner_user, inner_pid);
	builder_own(builder_find_process(builder, INIT)->ns[NS_PID])->id = pid->id;
	if (parts->has_uts)
		add_ns(builder, NS_UTS, LOST_UTS, inner_user);
	if (parts->has_pid)
		add_pid_ns(builder, LOST_PID, pid, user);
	if (parts->is_future)
		add_future(builder, parts->is_born);
	if (parts->has_socket)
		builder_hold(builder, add_ns(builder, NS_NET, SOCKET_NET, user),
		        &(struct holder){.kind = HOLDER_SOCKET, .fd = 7, .pid = SHELL});
	assert_int_equal(builder_freeze(builder, &model, NULL), 0);
	return model;
}

struct scene {
	const struct model *host;
	struct fake_kernel *fake;
	const struct model *model; /* of the last scan; NULL: none */
};

static struct scene scene_new(const struct host_parts *parts)
{
	struct scene scene = {.host = host_new(parts)};

	scene.fake = fake_kernel_new(scene.host);
	fake_kernel_set_list(scene.fake, true);
	return scene;
}

static void scene_scan(struct scene *scene)
{
	const struct model *const before = scene->model;

	scene->model = checked_scan(scene->fake, &OPTIONS, before, NULL, NULL);
	model_unref(before);
}

static void scene_release(struct scene *scene)
{
	model_unref(scene->model);
	kernel_free(fake_kernel(scene->fake));
	model_unref(scene->host);
}

static bool has_source(const struct model *model)
{
	return model->host.sources >> SOURCE_LISTNS & 1;
}

static bool has_note(const struct model *model, const char *what, int error)
{
	for (size_t i = 0; i < model->n_notes; i++) {
		if (strcmp(model->notes[i].what, what) == 0 && model->notes[i].error == error &&
		        model->notes[i].pid == 0)
			return true;
	}
	return false;
}

/* --- what only the list has ------------------------------------------------------------------- */

static void in_flight(void **state)
{
	struct scene scene = scene_new(&(struct host_parts){.has_uts = true, .has_pid = true});
	const struct ns *uts, *pid;

	(void)state;
	scene_scan(&scene);
	assert_true(has_source(scene.model));
	uts = model_find(scene.model, NS_UTS, LOST_UTS);
	pid = model_find(scene.model, NS_PID, LOST_PID);
	assert_true(uts && pid);
	assert_true(uts->is_listed_only && pid->is_listed_only);
	assert_true(model_is_leaked(uts) && model_is_leaked(pid));
	assert_int_equal(uts->owner.ns->inode, INNER_USER);
	assert_int_equal(pid->parent.ns->inode, PID);
	assert_int_equal(uts->tag, uts->id);
	assert_false(model_find(scene.model, NS_PID, INNER_PID)->is_listed_only);
	assert_int_equal(scene.model->n_notes, 1);
	assert_true(has_note(scene.model,
	        "listns: found nowhere else: 1 pid, 1 uts, first pid:[4026532111]", 0));
	assert_int_equal(scene.model->host.partial, 0);

	/* Ids are known then: nothing is opened again. */
	fake_kernel_reset(scene.fake);
	scene_scan(&scene);
	assert_true(model_find(scene.model, NS_UTS, LOST_UTS)->is_listed_only);
	assert_int_equal(model_find(scene.model, NS_UTS, LOST_UTS)->owner.ns->inode, INNER_USER);
	assert_int_equal(fake_kernel_count(scene.fake, FAKE_NS_OPEN_KEYS, 0, NULL), 0);
	scene_release(&scene);
}

static void without_a_list(void **state)
{
	static const struct {
		int error; /* 0: an older kernel */
		bool is_noted;
	} cases[] = {{0, false}, {EPERM, false}, {EACCES, false}, {EIO, true}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scene scene = scene_new(&(struct host_parts){.has_uts = true});

		fake_kernel_set_list(scene.fake, cases[i].error != 0);
		if (cases[i].error)
			fake_kernel_fail(scene.fake, FAKE_NS_LIST, 0, NULL, cases[i].error);
		scene_scan(&scene);
		assert_false(has_source(scene.model));
		assert_null(model_find(scene.model, NS_UTS, LOST_UTS));
		assert_int_equal(scene.model->n_notes, cases[i].is_noted);
		assert_int_equal(has_note(scene.model, "listns", EIO), cases[i].is_noted);
		assert_int_equal(
		        scene.model->host.partial, cases[i].is_noted ? 1u << PARTIAL_FAILED : 0);
		scene_release(&scene);
	}
}

/* Then it is not known what was there all the time. */
static void without_the_first_list(void **state)
{
	struct scene scene = scene_new(&(struct host_parts){.has_uts = true});

	(void)state;
	fake_kernel_fail_call(scene.fake, 0, EIO);
	scene_scan(&scene);
	assert_int_equal(fake_kernel_count(scene.fake, FAKE_NS_LIST, 0, NULL), 2);
	assert_false(has_source(scene.model));
	assert_null(model_find(scene.model, NS_UTS, LOST_UTS));
	assert_int_equal(scene.model->n_notes, 1);
	assert_true(has_note(scene.model, "listns", EIO));
	assert_int_equal(scene.model->host.partial, 1u << PARTIAL_FAILED);
	scene_release(&scene);
}

/* They cannot be opened: the list was read, but not what is in it. */
static void not_opened(void **state)
{
	struct scene scene = scene_new(&(struct host_parts){.has_uts = true});

	(void)state;
	fake_kernel_fail(scene.fake, FAKE_NS_OPEN_KEYS, 0, NULL, EMFILE);
	scene_scan(&scene);
	assert_true(has_source(scene.model));
	assert_null(model_find(scene.model, NS_UTS, LOST_UTS));
	assert_true(has_note(scene.model, "listns", EMFILE));
	assert_int_equal(scene.model->host.partial, 1u << PARTIAL_NO_DESCRIPTORS);
	scene_release(&scene);
}

/* What began or ended while the processes were read may have been in one of them. */
static void in_one_list_only(void **state)
{
	static const size_t lists[][2] = {{0, 1}, {1, 2}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		struct scene scene = scene_new(&(struct host_parts){.has_uts = true});

		fake_kernel_list_only(scene.fake, model_find(scene.host, NS_UTS, LOST_UTS),
		        lists[i][0], lists[i][1]);
		scene_scan(&scene);
		assert_null(model_find(scene.model, NS_UTS, LOST_UTS));
		assert_int_equal(scene.model->n_notes, 0);
		scene_release(&scene);
	}
}

/* When the program started it was not there. The next scan has no such list. */
static void first_list_of_the_start(void **state)
{
	struct scene scene = scene_new(&(struct host_parts){.has_uts = true});

	(void)state;
	fake_kernel_list_only(scene.fake, model_find(scene.host, NS_UTS, LOST_UTS), 0, SIZE_MAX);
	fake_kernel_set_first_list(scene.fake, true);
	scene_scan(&scene);
	assert_true(has_source(scene.model));
	assert_null(model_find(scene.model, NS_UTS, LOST_UTS));
	assert_int_equal(fake_kernel_count(scene.fake, FAKE_NS_LIST, 0, NULL), 1);
	assert_int_equal(scene.model->n_notes, 0);
	scene_scan(&scene);
	assert_non_null(model_find(scene.model, NS_UTS, LOST_UTS));
	assert_int_equal(fake_kernel_count(scene.fake, FAKE_NS_LIST, 0, NULL), 3);
	scene_release(&scene);
}

/* It began after the last list, and a process was found in it. */
static void in_a_later_list(void **state)
{
	struct scene scene = scene_new(&(struct host_parts){.has_uts = false});

	(void)state;
	fake_kernel_list_only(scene.fake, model_find(scene.host, NS_PID, INNER_PID), 2, SIZE_MAX);
	scene_scan(&scene);
	assert_non_null(model_find(scene.model, NS_PID, INNER_PID));
	assert_int_equal(scene.model->n_notes, 0);
	assert_int_equal(fake_kernel_count(scene.fake, FAKE_NS_OPEN_KEYS, 0, NULL), 0);
	scene_release(&scene);
}

static void not_listed(void **state)
{
	struct scene scene = scene_new(&(struct host_parts){.has_uts = false});

	(void)state;
	fake_kernel_list_only(
	        scene.fake, model_find(scene.host, NS_PID, INNER_PID), SIZE_MAX, SIZE_MAX);
	scene_scan(&scene);
	assert_false(model_find(scene.model, NS_PID, INNER_PID)->is_listed_only);
	assert_int_equal(scene.model->n_notes, 1);
	assert_true(has_note(scene.model, "listns: not listed: 1 pid, first pid:[4026532101]", 0));
	assert_int_equal(scene.model->host.partial, 0);
	scene_release(&scene);
}

/* It is not listed, and cannot be opened by its key. */
static void held_by_a_socket(void **state)
{
	struct scene scene = scene_new(&(struct host_parts){.has_socket = true});

	(void)state;
	scene_scan(&scene);
	assert_false(model_find(scene.model, NS_NET, SOCKET_NET)->is_listed_only);
	assert_int_equal(scene.model->n_notes, 0);
	scene_release(&scene);
}

/* --- before the first process ----------------------------------------------------------------- */

static void before_the_first_child(void **state)
{
	struct scene scene = scene_new(&(struct host_parts){.has_pid = true, .is_future = true});
	const struct ns *ns;

	(void)state;
	/* An older kernel has no such call. */
	fake_kernel_set_list(scene.fake, false);
	scene_scan(&scene);
	assert_true(model_find_process(scene.model, SHELL)->is_unborn);
	assert_null(model_find(scene.model, NS_PID, LOST_PID));

	fake_kernel_set_pidfds(scene.fake, true);
	/* In the second model its key is read again. */
	for (size_t i = 0; i < 3; i++) {
		scene_scan(&scene);
		assert_true(model_find_process(scene.model, SHELL)->is_unborn);
		ns = model_find(scene.model, NS_PID, LOST_PID);
		assert_non_null(ns);
		assert_int_equal(ns->parent.ns->inode, PID);
		assert_int_equal(ns->n_holders, 1);
		assert_int_equal(ns->holders[0].kind, HOLDER_FOR_CHILDREN);
		assert_int_equal(ns->holders[0].pid, SHELL);
		assert_int_equal(scene.model->n_notes, 0);
	}
	scene_release(&scene);
}

/* It is no right that is missing, but a descriptor. */
static void before_the_first_child_refused(void **state)
{
	struct scene scene = scene_new(&(struct host_parts){.has_pid = true, .is_future = true});

	(void)state;
	fake_kernel_set_pidfds(scene.fake, true);
	fake_kernel_fail(scene.fake, FAKE_NS_OPEN, SHELL, "pid_for_children", EMFILE);
	scene_scan(&scene);
	assert_true(model_is_partial_by(scene.model, PARTIAL_NO_DESCRIPTORS));
	scene_release(&scene);
}

/* --- refreshes -------------------------------------------------------------------------------- */

/* Puts a new model in the place of the one before. */
static void take(const struct model **model, const struct model *new)
{
	assert_int_equal(check_model(new), 0);
	model_unref(*model);
	*model = new;
}

/* By an event of SHELL, which makes a new model. */
static void refresh_shell(struct refresh *refresh, const struct model **model)
{
	const struct kernel_event event = {.pid = SHELL, .kinds = KERNEL_EVENT_NAMESPACES};
	const struct model *new = NULL;

	assert_int_equal(refresh_events(refresh, &event, 1, &new), 1);
	take(model, new);
}

/* The same with the list, which is read with the mounts. */
static void refresh_list_too(struct refresh *refresh, const struct model **model)
{
	refresh_want_mounts(refresh);
	refresh_shell(refresh, model);
}

static void assert_listed(const struct model *model)
{
	assert_true(has_source(model));
	assert_true(model_find(model, NS_UTS, LOST_UTS)->is_listed_only);
}

static void end_round(struct refresh *refresh, const struct model **model)
{
	bool is_end = false;

	while (!is_end) {
		const struct model *new = NULL;
		const int r = refresh_step(refresh, 100, &new, &is_end);

		assert_true(r >= 0);
		if (r == 1)
			take(model, new);
	}
}

static void refreshed(void **state)
{
	struct scene scene = scene_new(&(struct host_parts){0});
	const struct model *const later =
	        host_new(&(struct host_parts){.has_uts = true, .has_pid = true});
	const struct model *const gone =
	        host_new(&(struct host_parts){.has_pid = true, .is_future = true});
	struct refresh *const refresh = refresh_new(fake_kernel(scene.fake), &OPTIONS);
	const struct kernel_event event = {.pid = SHELL, .kinds = KERNEL_EVENT_NAMESPACES};
	const struct model *model = NULL, *new = NULL;

	(void)state;
	assert_int_equal(refresh_all(refresh, NULL, NULL, &model), 0);
	assert_null(model_find(model, NS_UTS, LOST_UTS));

	/* The list for this model has them, that for the model before has not. */
	fake_kernel_show(scene.fake, later);
	refresh_list_too(refresh, &model);
	assert_null(model_find(model, NS_UTS, LOST_UTS));
	end_round(refresh, &model);
	assert_listed(model);

	/* A refresh of some processes has them, too. */
	assert_int_equal(refresh_events(refresh, &event, 1, &new), 0);
	refresh_list_too(refresh, &model);
	assert_listed(model);
	assert_int_equal(model->n_notes, 1);

	/* What is carried over from the model before is not what it lists. */
	fake_kernel_show(scene.fake, gone);
	refresh_shell(refresh, &model);
	assert_null(model_find(model, NS_UTS, LOST_UTS));

	fake_kernel_show(scene.fake, scene.host);
	end_round(refresh, &model);
	assert_null(model_find(model, NS_PID, LOST_PID));
	model_unref(model);
	assert_int_equal(fake_kernel_open_handles(scene.fake), 0);
	refresh_free(refresh);
	scene_release(&scene);
	model_unref(gone);
	model_unref(later);
}

/* One list fails: what it lacks is said, and the next one is compared with that before. */
static void refreshed_after_a_failure(void **state)
{
	struct scene scene = scene_new(&(struct host_parts){.has_uts = true});
	struct refresh *const refresh = refresh_new(fake_kernel(scene.fake), &OPTIONS);
	const struct model *model = NULL;

	(void)state;
	assert_int_equal(refresh_all(refresh, NULL, NULL, &model), 0);
	assert_non_null(model_find(model, NS_UTS, LOST_UTS));

	fake_kernel_fail(scene.fake, FAKE_NS_LIST, 0, NULL, EIO);
	refresh_list_too(refresh, &model);
	assert_null(model_find(model, NS_UTS, LOST_UTS));
	assert_true(has_note(model, "listns", EIO));

	fake_kernel_reset(scene.fake);
	refresh_list_too(refresh, &model);
	assert_listed(model);
	model_unref(model);
	refresh_free(refresh);
	scene_release(&scene);
}

/* The event of the child makes its parent be read again, too. */
static void first_child(void **state)
{
	struct scene scene = scene_new(&(struct host_parts){.has_pid = true, .is_future = true});
	const struct model *const later =
	        host_new(&(struct host_parts){.has_pid = true, .is_future = true, .is_born = true});
	struct refresh *const refresh = refresh_new(fake_kernel(scene.fake), &OPTIONS);
	const struct kernel_event event = {.pid = CHILD, .kinds = KERNEL_EVENT_FORK};
	const struct model *model = NULL, *new = NULL;

	(void)state;
	fake_kernel_set_pidfds(scene.fake, true);
	assert_int_equal(refresh_all(refresh, NULL, NULL, &model), 0);
	assert_true(model_find_process(model, SHELL)->is_unborn);
	fake_kernel_show(scene.fake, later);
	assert_int_equal(refresh_events(refresh, &event, 1, &new), 1);
	take(&model, new);
	assert_false(model_find_process(model, SHELL)->is_unborn);
	assert_int_equal(model_find(model, NS_PID, LOST_PID)->n_processes, 1);
	model_unref(model);
	assert_int_equal(fake_kernel_open_handles(scene.fake), 0);
	refresh_free(refresh);
	scene_release(&scene);
	model_unref(later);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(in_flight),
	        cmocka_unit_test(without_a_list),
	        cmocka_unit_test(without_the_first_list),
	        cmocka_unit_test(not_opened),
	        cmocka_unit_test(in_one_list_only),
	        cmocka_unit_test(first_list_of_the_start),
	        cmocka_unit_test(in_a_later_list),
	        cmocka_unit_test(not_listed),
	        cmocka_unit_test(held_by_a_socket),
	        cmocka_unit_test(before_the_first_child),
	        cmocka_unit_test(before_the_first_child_refused),
	        cmocka_unit_test(refreshed),
	        cmocka_unit_test(refreshed_after_a_failure),
	        cmocka_unit_test(first_child),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
