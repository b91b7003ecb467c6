/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "model/builder.h"
#include "scan/reach.h"
#include "scan/scan.h"
#include "tests/scan/fake_kernel.h"
#include "tests/unit.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Two network namespaces that only mounts keep, each in another mount namespace, each to be reached
 * through another process; and one that is mounted in both mount namespaces. */

enum { DEV = 4, STAYS = 1, GOES = 200, BESIDE = 300 };

#define NET_TWICE   UINT64_C(4026532399) /* in both; only if there is a third process */
#define MNT_OF_GOES UINT64_C(4026532400)
#define NET_OF_GOES UINT64_C(4026532401) /* the one before the other among all that is found */
#define NET_STAYS   UINT64_C(4026532402)

/* Where NET_TWICE is mounted and tried first: in the mount namespace of the process that stays. */
#define TWICE "/twice"

static const uint64_t FIRST[NS_TYPES] = {
        [NS_CGROUP] = 4026531835,
        [NS_IPC] = 4026531839,
        [NS_MNT] = 4026531832,
        [NS_NET] = 4026531833,
        [NS_PID] = 4026531836,
        [NS_TIME] = 4026531834,
        [NS_USER] = 4026531837,
        [NS_UTS] = 4026531838,
};

static struct ns *add_ns(
        struct builder *builder, enum nstype type, uint64_t inode, const struct ns *user)
{
	struct ns *ns = builder_ns(builder, type, DEV, inode, NULL);

	ns->owner = (struct relation){user ? REL_KNOWN : REL_INITIAL, user};
	if (type == NS_PID || type == NS_USER)
		ns->parent = (struct relation){.state = REL_INITIAL};
	return ns;
}

static void add_process(
        struct builder *builder, const pid_t *pid, struct ns *const *all, const struct ns *mnt)
{
	struct process *process = builder_process(builder, *pid);

	process->started = (uint64_t)*pid;
	process->state = 'S';
	process->comm = process->name = "busy";
	process->nspid = pid;
	process->n_nspid = 1;
	for (enum nstype type = 0; type < NS_TYPES; type++)
		process->ns[type] = type == NS_MNT ? mnt : all[type];
}

/* With another process in the mount namespace of the one that goes, or without. */
static const struct model *make_truth(bool with_other)
{
	static const pid_t stays = STAYS, goes = GOES, beside = BESIDE;
	struct builder *builder = builder_new();
	struct ns *all[NS_TYPES];
	const struct model *model = NULL;

	all[NS_USER] = add_ns(builder, NS_USER, FIRST[NS_USER], NULL);
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (type != NS_USER)
			all[type] = add_ns(builder, type, FIRST[type], all[NS_USER]);
	}
	const struct ns *mnt = add_ns(builder, NS_MNT, MNT_OF_GOES, all[NS_USER]);
	add_process(builder, &stays, all, all[NS_MNT]);
	add_process(builder, &goes, all, mnt);
	if (with_other) {
		const struct ns *twice = add_ns(builder, NS_NET, NET_TWICE, all[NS_USER]);

		add_process(builder, &beside, all, mnt);
		builder_hold(builder, twice,
		        &(struct holder){.kind = HOLDER_MOUNT,
		                .fd = -1,
		                .path = TWICE,
		                .mnt = FIRST[NS_MNT]});
		builder_hold(builder, twice,
		        &(struct holder){
		                .kind = HOLDER_MOUNT, .fd = -1, .path = "/c", .mnt = MNT_OF_GOES});
	}
	builder_hold(builder, add_ns(builder, NS_NET, NET_OF_GOES, all[NS_USER]),
	        &(struct holder){.kind = HOLDER_MOUNT, .fd = -1, .path = "/a", .mnt = MNT_OF_GOES});
	builder_hold(builder, add_ns(builder, NS_NET, NET_STAYS, all[NS_USER]),
	        &(struct holder){
	                .kind = HOLDER_MOUNT, .fd = -1, .path = "/b", .mnt = FIRST[NS_MNT]});
	if (builder_freeze(builder, &model, NULL) < 0)
		abort();
	return model;
}

/* Returns true if the namespace mounted in the mount namespace of the process that ended is found.
 * Opening the mount point `refused` (NULL: none) fails. */
static bool scan_while_it_goes(struct fake_kernel *fake, size_t calls, const char *refused)
{
	const struct scan_options options = {
	        .sources = 1u << SOURCE_PROCESS | 1u << SOURCE_MOUNT, .n_threads = 1};
	const struct model *model = NULL;

	fake_kernel_reset(fake);
	fake_kernel_vanish(fake, GOES, calls);
	if (refused)
		fake_kernel_fail(fake, FAKE_NS_OPEN_MOUNTED, 0, refused, EACCES);
	assert_int_equal(scan_run(fake_kernel(fake), &options, NULL, NULL, NULL, &model), 0);
	const struct ns *ns = model_find(model, NS_NET, NET_STAYS);
	assert_non_null(ns);
	assert_int_equal(ns->owner.state, REL_KNOWN);
	assert_int_equal(ns->n_holders, 1);
	ns = model_find(model, NS_NET, NET_OF_GOES);
	const bool is_found = ns && ns->owner.state == REL_KNOWN && ns->n_holders == 1;
	model_unref(model);
	return is_found;
}

static void what_others_mount_stays_when_a_process_goes(void **state)
{
	const struct model *truth = make_truth(false);
	struct fake_kernel *fake = fake_kernel_new(truth);
	size_t calls = 0;

	while (!scan_while_it_goes(fake, calls, NULL))
		calls++;
	assert_true(calls > 10); /* it went at each of them */
	kernel_free(fake_kernel(fake));
	model_unref(truth);
	(void)state;
}

/* The process with the lowest PID sees the mounts; it ends at each possible call. */
static void check_each_call(const char *refused)
{
	const struct model *truth = make_truth(true);
	struct fake_kernel *fake = fake_kernel_new(truth);

	assert_true(scan_while_it_goes(fake, SIZE_MAX, refused));
	const size_t all = fake_kernel_count(fake, FAKE_ANY, GOES, NULL);
	assert_true(all > 10);
	for (size_t calls = 0; calls < all; calls++) {
		if (!scan_while_it_goes(fake, calls, refused))
			fail_msg("lost when it goes after %zu calls of %zu", calls, all);
	}
	kernel_free(fake_kernel(fake));
	model_unref(truth);
}

static void a_mount_outlives_the_process_that_saw_it(void **state)
{
	check_each_call(NULL);
	(void)state;
}

/* Two mounts of one mount namespace are then tried in one round, and only for the second one has
 * another process taken the place of the one that ended. */
static void mounts_of_one_mount_namespace_have_different_processes(void **state)
{
	check_each_call(TWICE);
	(void)state;
}

/* From another root directory the path would lead elsewhere. */
static void a_process_in_a_jail_takes_no_place(void **state)
{
	const struct model *truth = make_truth(true);
	struct fake_kernel *fake = fake_kernel_new(truth);
	size_t lost = 0;

	assert_true(scan_while_it_goes(fake, SIZE_MAX, NULL));
	const size_t all = fake_kernel_count(fake, FAKE_ANY, GOES, NULL);
	fake_kernel_set_root(fake, BESIDE, "/jail");
	for (size_t calls = 0; calls < all; calls++)
		lost += !scan_while_it_goes(fake, calls, NULL);
	assert_true(lost > 0);
	kernel_free(fake_kernel(fake));
	model_unref(truth);
	(void)state;
}

/* Without rights the first process of a mount namespace may belong to another user. */
static void a_root_that_may_not_be_read_is_that_of_another_process(void **state)
{
	const struct scan_options options = {
	        .sources = 1u << SOURCE_PROCESS | 1u << SOURCE_MOUNT, .n_threads = 1};
	const struct model *truth = make_truth(true), *model = NULL;
	struct fake_kernel *fake = fake_kernel_new(truth);

	fake_kernel_fail(fake, FAKE_ROOT_LINK, GOES, NULL, EACCES);
	assert_int_equal(scan_run(fake_kernel(fake), &options, NULL, NULL, NULL, &model), 0);
	const struct ns *ns = model_find(model, NS_NET, NET_OF_GOES);
	assert_non_null(ns);
	assert_int_equal(ns->owner.state, REL_KNOWN);
	model_unref(model);
	kernel_free(fake_kernel(fake));
	model_unref(truth);
	(void)state;
}

/* The others of that namespace may hang too. */
static void after_a_mount_that_hangs_no_other_is_tried(void **state)
{
	static const struct {
		int error;
		enum rel_state owner;
	} rows[] = {{EACCES, REL_KNOWN}, {ETIMEDOUT, REL_FAILED}};
	const struct scan_options options = {
	        .sources = 1u << SOURCE_PROCESS | 1u << SOURCE_MOUNT, .n_threads = 1};
	const struct model *truth = make_truth(true);
	struct fake_kernel *fake = fake_kernel_new(truth);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct model *model = NULL;

		fake_kernel_reset(fake);
		fake_kernel_fail(fake, FAKE_NS_OPEN_MOUNTED, 0, TWICE, rows[i].error);
		assert_int_equal(
		        scan_run(fake_kernel(fake), &options, NULL, NULL, NULL, &model), 0);
		assert_int_equal(model_find(model, NS_NET, NET_TWICE)->owner.state, rows[i].owner);
		model_unref(model);
	}
	kernel_free(fake_kernel(fake));
	model_unref(truth);
	(void)state;
}

/* --- a mount namespace whose only process is in a chroot ---------------------------------------
 */

static size_t count_notes(const struct model *model, const char *what)
{
	size_t n = 0;

	for (size_t i = 0; i < model->n_notes; i++)
		n += strncmp(model->notes[i].what, what, strlen(what)) == 0;
	return n;
}

/* Its mounts are read by their mount namespace if the kernel lists it, and opened there; else as
 * the process sees them, with a note. */
static void mounts_outside_of_a_chroot(void **state)
{
	static const struct {
		uint32_t sources;
		enum fake_op failing; /* FAKE_ANY: none */
		int error;
		const char *id; /* of the mount namespace that fails; NULL: all */
		const char *path;
	} rows[] = {
	        {1u << SOURCE_MNTNS, FAKE_ANY, 0, NULL, "/a"},
	        {0, FAKE_ANY, 0, NULL, "/jail/a"},
	        {1u << SOURCE_MNTNS, FAKE_MOUNT_NS_LIST, EPERM, NULL, "/jail/a"},
	        {1u << SOURCE_MNTNS, FAKE_MOUNT_NS_TEXTS, EOPNOTSUPP, NULL, "/jail/a"},
	        /* Not permitted: before Linux 7.0, and from that on. */
	        {1u << SOURCE_MNTNS, FAKE_MOUNT_NS_TEXTS, ENOENT, "4026532400", "/jail/a"},
	        {1u << SOURCE_MNTNS, FAKE_MOUNT_NS_TEXTS, EPERM, "4026532400", "/jail/a"},
	};
	const struct model *truth = make_truth(false);
	struct fake_kernel *fake = fake_kernel_new(truth);

	fake_kernel_set_root(fake, GOES, "/jail");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const bool is_whole = strcmp(rows[i].path, "/a") == 0;
		const struct scan_options options = {.n_threads = 1,
		        .sources = 1u << SOURCE_PROCESS | 1u << SOURCE_MOUNT | rows[i].sources};
		const struct model *model = NULL;

		fake_kernel_reset(fake);
		if (rows[i].error)
			fake_kernel_fail(fake, rows[i].failing, 0, rows[i].id, rows[i].error);
		assert_int_equal(
		        scan_run(fake_kernel(fake), &options, NULL, NULL, NULL, &model), 0);
		const struct ns *ns = model_find(model, NS_NET, NET_OF_GOES);
		assert_non_null(ns);
		assert_int_equal(ns->n_holders, 1);
		assert_string_equal(ns->holders[0].path, rows[i].path);
		assert_int_equal(ns->holders[0].mnt, MNT_OF_GOES);
		assert_int_equal(ns->owner.state, REL_KNOWN);
		assert_int_equal(count_notes(model, "mounts outside of "), is_whole ? 0 : 1);
		model_unref(model);
	}
	kernel_free(fake_kernel(fake));
	model_unref(truth);
	(void)state;
}

/* --- mounts that are not tried --------------------------------------------------------------- */

static enum reach_want wants_open(void *data, const struct ns *ns)
{
	(void)data;
	(void)ns;
	return REACH_OPEN;
}

static void keep_result(void *data, struct ns *ns, const struct reached *reached)
{
	*(struct reached *)data = *reached;
	(void)ns;
}

static void the_reason_why_no_mount_is_tried(void **state)
{
	static const struct {
		enum mount_access access[2];
		bool is_gone;
		enum reach result;
		int error;
	} rows[] = {
	        {{MOUNT_COVERED, MOUNT_COVERED}, false, REACH_REFUSED, -ESTALE},
	        {{MOUNT_MAY_HANG, MOUNT_MAY_HANG}, false, REACH_REFUSED, -EREMOTE},
	        {{MOUNT_MAY_HANG, MOUNT_COVERED}, false, REACH_REFUSED, -EREMOTE},
	        {{MOUNT_MAY_HANG, MOUNT_COVERED}, true, REACH_GONE, -ESRCH},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct holder_record mounts[2];
		struct ns ns = {.type = NS_NET, .inode = NET_STAYS};
		struct ns_record record = {.ns = &ns};
		struct scan scan = {.namespaces = &record,
		        .n_namespaces = 1,
		        .holders = {.records = mounts, .n = ARRAY_SIZE(mounts), .is_sorted = true}};
		struct reached reached = {.result = REACHED};
		struct reach_walk walk = {.scan = &scan,
		        .data = &reached,
		        .wants = wants_open,
		        .receive = keep_result};

		for (size_t k = 0; k < ARRAY_SIZE(mounts); k++)
			mounts[k] = (struct holder_record){.type = NS_NET,
			        .inode = NET_STAYS,
			        .kind = HOLDER_MOUNT,
			        .access = rows[i].access[k],
			        .is_gone = rows[i].is_gone,
			        .handle = -1};
		reach_near(&walk);
		if (rows[i].is_gone) {
			assert_int_equal(walk.n_far, 0);
		} else {
			assert_int_equal(reached.result, REACHED); /* not received yet */
			assert_int_equal(walk.n_far, 1);
			reach_far(&walk);
		}
		assert_int_equal(reached.result, rows[i].result);
		assert_int_equal(reached.error, rows[i].error);
		reach_release(&walk);
	}
	(void)state;
}

/* The kernel refuses a circle of mount namespaces (mount(2)); a long chain is given up. */
static void a_circle_of_mount_namespaces_ends(void **state)
{
	struct holder_record mount = {.type = NS_MNT,
	        .inode = MNT_OF_GOES,
	        .kind = HOLDER_MOUNT,
	        .mnt = MNT_OF_GOES,
	        .path = "/a",
	        .handle = -1};
	struct scan scan = {.holders = {.records = &mount, .n = 1, .is_sorted = true}};
	struct reopen reopen;

	reopen_init(&reopen, &scan);
	const struct reached reached = reach_mount_ns(&reopen, MNT_OF_GOES);
	reopen_release(&reopen);
	assert_int_equal(reached.result, REACH_REFUSED);
	assert_int_equal(reached.error, -ELOOP);
	(void)state;
}

/* --- cancellation ----------------------------------------------------------------------------- */

enum { CALLS = 3 }; /* of the helper: so many open all namespaces by their ids */

/* Network namespaces with ids that only mounts keep. */
static const struct model *make_mounted(void)
{
	static char paths[CALLS * KERNEL_KEYS_MAX][16];
	static const pid_t stays = STAYS;
	struct builder *builder = builder_new();
	struct ns *all[NS_TYPES];
	const struct model *model = NULL;

	all[NS_USER] = add_ns(builder, NS_USER, FIRST[NS_USER], NULL);
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (type != NS_USER)
			all[type] = add_ns(builder, type, FIRST[type], all[NS_USER]);
		all[type]->id = type + 1;
	}
	add_process(builder, &stays, all, all[NS_MNT]);
	for (unsigned i = 0; i < CALLS * KERNEL_KEYS_MAX; i++) {
		struct ns *ns = add_ns(builder, NS_NET, NET_STAYS + i, all[NS_USER]);

		ns->id = 100 + i;
		snprintf(paths[i], sizeof(paths[i]), "/net/%u", i);
		builder_hold(builder, ns,
		        &(struct holder){.kind = HOLDER_MOUNT,
		                .fd = -1,
		                .path = paths[i],
		                .mnt = FIRST[NS_MNT]});
	}
	if (builder_freeze(builder, &model, NULL) < 0)
		abort();
	return model;
}

static void cancel(void *data, const struct fake_call *call)
{
	atomic_bool *const is_cancelled = data;

	if (call->op == FAKE_NS_OPEN_KEYS)
		atomic_store(is_cancelled, true);
}

static void a_refresh_is_cancelled_between_two_calls_of_the_helper(void **state)
{
	const struct model *truth = make_mounted(), *first = NULL, *second = NULL;
	struct fake_kernel *fake = fake_kernel_new(truth);
	atomic_bool is_cancelled = false;
	const struct scan_options options = {.sources = 1u << SOURCE_PROCESS | 1u << SOURCE_MOUNT,
	        .n_threads = 1,
	        .is_cancelled = &is_cancelled};

	assert_int_equal(scan_run(fake_kernel(fake), &options, NULL, NULL, NULL, &first), 0);
	assert_int_equal(scan_run(fake_kernel(fake), &options, first, NULL, NULL, &second), 0);
	assert_int_equal(fake_kernel_count(fake, FAKE_NS_OPEN_KEYS, 0, NULL), CALLS);
	model_unref(second);
	fake_kernel_reset(fake);
	fake_kernel_set_hook(fake, cancel, &is_cancelled);
	assert_int_equal(
	        scan_run(fake_kernel(fake), &options, first, NULL, NULL, &second), -ECANCELED);
	assert_int_equal(fake_kernel_count(fake, FAKE_NS_OPEN_KEYS, 0, NULL), 1);
	assert_int_equal(fake_kernel_open_handles(fake), 0);
	model_unref(first);
	kernel_free(fake_kernel(fake));
	model_unref(truth);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(what_others_mount_stays_when_a_process_goes),
	        cmocka_unit_test(a_mount_outlives_the_process_that_saw_it),
	        cmocka_unit_test(mounts_of_one_mount_namespace_have_different_processes),
	        cmocka_unit_test(a_refresh_is_cancelled_between_two_calls_of_the_helper),
	        cmocka_unit_test(a_root_that_may_not_be_read_is_that_of_another_process),
	        cmocka_unit_test(a_process_in_a_jail_takes_no_place),
	        cmocka_unit_test(mounts_outside_of_a_chroot),
	        cmocka_unit_test(after_a_mount_that_hangs_no_other_is_tried),
	        cmocka_unit_test(the_reason_why_no_mount_is_tried),
	        cmocka_unit_test(a_circle_of_mount_namespaces_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
