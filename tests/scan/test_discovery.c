/* SPDX-License-Identifier: Apache-2.0 */
/* The sources beyond processes, with a kernel that says what a model says: what each of them finds,
 * and what that costs. */
#include "tests/scan/plenty_world.h"

#include <string.h>

/* The age of a namespace without processes, whether namespaces have ids or not. */
static void mounted_ones_have_the_time_of_their_inode(void **state)
{
	for (int has_ids = 0; has_ids < 2; has_ids++) {
		struct world world = make(has_ids);
		const struct model *model = scan_from(world.fake, ALL, NULL);
		const struct ns *ns = model_find(model, NS_IPC, PLENTY_IPC_MOUNT);

		assert_non_null(ns);
		assert_int_equal(ns->n_processes, 0);
		assert_int_equal(ns->since, FAKE_TIME + ns->inode);
		model_unref(model);
		unmake(world);
	}
	(void)state;
}

static void gives_back_what_the_kernel_has(void **state)
{
	for (int has_ids = 0; has_ids < 2; has_ids++) {
		struct world world = make(has_ids);

		for (unsigned readers = 1; readers <= 4; readers++) {
			struct scan_options options = OPTIONS;
			const struct model *model;

			options.n_threads = readers;
			model = checked_scan(world.fake, &options, NULL, NULL, NULL);
			assert_same(world.truth, model);
			assert_true(model_find(model, NS_MNT, PLENTY_MNT_LISTED)->is_listed_only);
			model_unref(model);
		}
		unmake(world);
	}
	(void)state;
}

static void holders_come_after_the_quick_model(void **state)
{
	struct world world = make(true);
	const struct model *model = NULL, *quick = NULL;

	assert_int_equal(
	        scan_run(fake_kernel(world.fake), &OPTIONS, NULL, keep_model, &quick, &model), 0);
	assert_same(world.truth, model);
	assert_int_equal(quick->n_namespaces, 8);
	assert_int_equal(quick->host.sources, 1u << SOURCE_PROCESS);
	for (size_t i = 0; i < quick->n_namespaces; i++) {
		const struct ns *ns = quick->namespaces[i];

		assert_true(model_find(model, ns->type, ns->inode)->tag == ns->tag);
	}
	model_unref(quick);
	model_unref(model);
	unmake(world);
	(void)state;
}

/* Without the list of mount namespaces, as before Linux 6.12 or without rights. */
static void older_kernels_give_the_same(void **state)
{
	for (int error = 0; error < 2; error++) {
		const struct model *truth = plenty_new(false, false, true);
		struct fake_kernel *fake = new_fake(truth);
		const struct model *model;

		fake_kernel_fail(fake, FAKE_MOUNT_NS_LIST, 0, NULL, error ? EPERM : EOPNOTSUPP);
		model = checked_scan(fake, &OPTIONS, NULL, NULL, NULL);
		assert_same(truth, model);
		model_unref(model);
		kernel_free(fake_kernel(fake));
		model_unref(truth);
	}
	(void)state;
}

static void sockets_are_read_only_if_wanted(void **state)
{
	struct world world = make(true);
	const struct model *model = scan_from(world.fake, DEFAULT, NULL);

	assert_null(model_find(model, NS_NET, PLENTY_NET_SOCKET));
	assert_int_equal(model->host.sources, DEFAULT);
	assert_int_equal(fake_kernel_count(world.fake, FAKE_SOCKET_NS, 0, NULL), 0);
	model_unref(model);
	unmake(world);
	(void)state;
}

static void each_source_finds_its_own(void **state)
{
	static const struct {
		uint32_t sources;
		size_t n; /* namespaces, beside the 8 of the host */
		enum nstype type;
		uint64_t inode; /* one that only it finds */
	} rows[] = {
	        {1u << SOURCE_PROCESS, 0, NS_NET, 4026531833},
	        {1u << SOURCE_THREAD, 4, NS_NET, PLENTY_NET_THREAD},
	        {1u << SOURCE_FD, 5, NS_UTS, PLENTY_UTS_TABLE},
	        {1u << SOURCE_MOUNT, 1, NS_IPC, PLENTY_IPC_MOUNT},
	        {1u << SOURCE_MNTNS, 4, NS_MNT, PLENTY_MNT_LISTED},
	        {1u << SOURCE_SOCKET, 2, NS_NET, PLENTY_NET_SOCKET},
	        {1u << SOURCE_DETACHED, 2, NS_UTS, PLENTY_UTS_DETACHED},
	};
	struct world world = make(true);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const uint32_t sources = 1u << SOURCE_PROCESS | rows[i].sources;
		const struct model *model = scan_from(world.fake, sources, NULL);

		assert_int_equal(model->n_namespaces, 8 + rows[i].n);
		assert_non_null(model_find(model, rows[i].type, rows[i].inode));
		assert_int_equal(model->host.sources, sources);
		assert_only_of(world.truth, model);
		model_unref(model);
	}
	unmake(world);
	(void)state;
}

/* A descriptor whose path is that of no known mount. */
static void a_file_in_a_detached_mount(void **state)
{
	const uint32_t with_detached = DEFAULT | 1u << SOURCE_DETACHED;
	struct world world = make(true);
	const struct model *model;
	const struct ns *ns;

	fake_kernel_set_fd_text(world.fake, PLENTY_HOLDS, 25, "/proc/sys/kernel/ostype");
	world.fake->fd_texts[1].text = "/detached"; /* of PLENTY_DETACHED_FD */
	model = scan_from(world.fake, DEFAULT, NULL);
	assert_null(model_find(model, NS_UTS, PLENTY_UTS_DETACHED));
	model_unref(model);
	/* A file that happens to have such a number is pinned and is none. */
	model = scan_from(world.fake, with_detached, NULL);
	ns = model_find(model, NS_UTS, PLENTY_UTS_DETACHED);
	assert_non_null(ns);
	assert_int_equal(ns->n_holders, 1);
	assert_int_equal(model->host.sources, with_detached);
	assert_only_of(world.truth, model);
	assert_int_equal(fake_kernel_count(world.fake, FAKE_FD_OPEN_NS, PLENTY_HOLDS, "25"), 1);
	/* Those that cannot be one are not opened. */
	assert_int_equal(fake_kernel_count(world.fake, FAKE_FD_OPEN_NS, PLENTY_HOLDS, "21"), 0);
	model_unref(model);
	/* Before Linux 5.14 the source is not read. */
	fake_kernel_set_inodes(world.fake, false);
	model = scan_from(world.fake, with_detached, NULL);
	assert_null(model_find(model, NS_UTS, PLENTY_UTS_DETACHED));
	assert_int_equal(model->host.sources, DEFAULT);
	model_unref(model);
	unmake(world);
	(void)state;
}

static void each_namespace_is_read_once(void **state)
{
	struct world world = make(true);

	model_unref(checked_scan(world.fake, &OPTIONS, NULL, NULL, NULL));
	for (size_t i = 0; i < world.truth->n_namespaces; i++) {
		const struct ns *ns = world.truth->namespaces[i];
		char name[48];

		snprintf(name, sizeof(name), "%s:[%llu]", nstype_name(ns->type),
		        (unsigned long long)ns->inode);
		assert_int_equal(
		        fake_kernel_count(world.fake, FAKE_NS_OWNER, 0, name), ns->type != NS_USER);
		assert_int_equal(fake_kernel_count(world.fake, FAKE_NS_PARENT, 0, name),
		        nstype_is_hierarchical(ns->type));
	}
	/* Two that only a mount keeps: the others have a descriptor. */
	assert_int_equal(fake_kernel_count(world.fake, FAKE_NS_OPEN_MOUNTED, 0, "/in\n1"), 0);
	assert_int_equal(fake_kernel_count(world.fake, FAKE_NS_OPEN_MOUNTED, 0, "/in 2"), 1);
	assert_int_equal(fake_kernel_count(world.fake, FAKE_NS_OPEN_MOUNTED, 0, PLENTY_PATH), 0);
	unmake(world);
	(void)state;
}

static void known_namespaces_are_not_read_again(void **state)
{
	struct world world = make(true);
	const struct model *before = checked_scan(world.fake, &OPTIONS, NULL, NULL, NULL), *model;

	fake_kernel_reset(world.fake);
	model = checked_scan(world.fake, &OPTIONS, before, NULL, NULL);
	assert_same(world.truth, model);
	assert_int_equal(fake_kernel_count(world.fake, FAKE_NS_OWNER, 0, NULL), 0);
	assert_int_equal(fake_kernel_count(world.fake, FAKE_NS_PARENT, 0, NULL), 0);
	/* It is matched by opening its id, not by walking to its mount point. */
	assert_int_equal(fake_kernel_count(world.fake, FAKE_NS_OPEN_KEYS, 0, NULL), 1);
	assert_int_equal(fake_kernel_count(world.fake, FAKE_NS_OPEN_MOUNTED, 0, NULL), 0);
	for (size_t i = 0; i < model->n_namespaces; i++)
		assert_true(model->namespaces[i]->tag == before->namespaces[i]->tag);
	model_unref(model);
	model_unref(before);
	unmake(world);
	(void)state;
}

/* How many system calls an operation takes on Linux; what it opens is closed with one more. */
static const unsigned char CALLS[FAKE_ANY] = {
        [FAKE_PROCESS_OPEN] = 2,
        [FAKE_PROCESS_STAT] = 1,
        [FAKE_PROCESS_READ] = 3,
        [FAKE_NS_DIR_OPEN] = 2,
        [FAKE_NS_LINK] = 1,
        [FAKE_FDS_OPEN] = 2,
        [FAKE_FDS_NEXT] = 1,
        [FAKE_FD_LINK] = 1,
        [FAKE_CMDLINE] = 4,
};

static void few_calls_for_a_process_with_descriptors(void **state)
{
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);
	size_t n = 0;

	model_unref(checked_scan(fake, &OPTIONS, NULL, NULL, NULL));
	for (enum fake_op op = 0; op < FAKE_ANY; op++) {
		const size_t calls = fake_kernel_count(fake, op, 62, NULL);

		if (calls > 0 && CALLS[op] == 0)
			fail_msg("operation %d", op);
		n += calls * CALLS[op];
	}
	print_message("%zu system calls for a process with 3 descriptors\n", n);
	assert_true(n <= 26 + 2 * 3);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

static void look_alikes_are_not_believed(void **state)
{
	static const char *const texts[] = {"net:[1]", "user:[4026539999]", "mnt:[4026532304]"};
	struct world world = make(false);

	/* No kernel gives such a text to a file that is no namespace; it would be opened. */
	for (size_t i = 0; i < 2; i++) {
		const struct model *model;

		fake_kernel_set_fd_text(world.fake, PLENTY_THREADS, 30 + (int)i, texts[i]);
		model = checked_scan(world.fake, &OPTIONS, NULL, NULL, NULL);
		assert_same(world.truth, model);
		assert_true(
		        fake_kernel_count(world.fake, FAKE_FD_OPEN_NS, PLENTY_THREADS, NULL) > 0);
		model_unref(model);
	}
	unmake(world);
	(void)state;
}

static void paths_are_only_looked_at_where_a_mount_is(void **state)
{
	struct world world = make(true);

	model_unref(checked_scan(world.fake, &OPTIONS, NULL, NULL, NULL));
	assert_int_equal(fake_kernel_count(world.fake, FAKE_FD_OPEN_NS, PLENTY_HOLDS, "20"), 1);
	assert_int_equal(fake_kernel_count(world.fake, FAKE_FD_OPEN_NS, PLENTY_HOLDS, "21"), 0);
	assert_int_equal(fake_kernel_count(world.fake, FAKE_FD_OPEN_NS, PLENTY_HOLDS, "22"), 0);
	assert_int_equal(fake_kernel_count(world.fake, FAKE_FD_OPEN_NS, PLENTY_HOLDS, "0"), 0);
	assert_int_equal(fake_kernel_count(world.fake, FAKE_FD_OPEN_NS, PLENTY_HOLDS, "6"), 0);
	unmake(world);
	(void)state;
}

static bool has_fd_holder(const struct model *model, pid_t pid)
{
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		for (size_t j = 0; j < ns->n_holders; j++) {
			if (ns->holders[j].kind == HOLDER_FD && ns->holders[j].pid == pid)
				return true;
		}
	}
	return false;
}

static void our_own_descriptors_are_left_out(void **state)
{
	struct world world = make(true);
	struct scan_options options = OPTIONS;
	const struct model *model;

	options.helper = PLENTY_HOLDS;
	model = checked_scan(world.fake, &options, NULL, NULL, NULL);
	assert_false(has_fd_holder(model, PLENTY_HOLDS));
	assert_true(has_fd_holder(model, PLENTY_THREADS));
	assert_non_null(model_find_process(model, PLENTY_HOLDS));
	model_unref(model);
	options.helper = 1; /* jobs of the helper are its children */
	model = checked_scan(world.fake, &options, NULL, NULL, NULL);
	assert_false(has_fd_holder(model, PLENTY_HOLDS));
	model_unref(model);
	unmake(world);
	(void)state;
}

static void tables_are_distinguished_without_kcmp(void **state)
{
	struct world world = make(true);
	const struct model *model;
	const struct ns *ns;

	fake_kernel_fail(world.fake, FAKE_COMPARE_FD_TABLES, 0, NULL, EOPNOTSUPP);
	model = checked_scan(world.fake, &OPTIONS, NULL, NULL, NULL);
	ns = model_find(model, NS_UTS, PLENTY_UTS_TABLE);
	assert_non_null(ns);
	assert_int_equal(ns->n_holders, 1);
	assert_int_equal(ns->holders[0].tid, 112);
	assert_int_equal(ns->holders[0].fd, 8);
	model_unref(model);
	unmake(world);
	(void)state;
}

static void progress_goes_up_to_the_end(void **state)
{
	struct world world = make(true);
	struct progress progress = {0};
	struct scan_options options = OPTIONS;

	options.progress = &progress;
	assert_int_equal(progress_percent(&progress), 0);
	model_unref(checked_scan(world.fake, &options, NULL, NULL, NULL));
	assert_int_equal(progress_percent(&progress), 100);
	unmake(world);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(gives_back_what_the_kernel_has),
	        cmocka_unit_test(mounted_ones_have_the_time_of_their_inode),
	        cmocka_unit_test(holders_come_after_the_quick_model),
	        cmocka_unit_test(older_kernels_give_the_same),
	        cmocka_unit_test(sockets_are_read_only_if_wanted),
	        cmocka_unit_test(each_source_finds_its_own),
	        cmocka_unit_test(a_file_in_a_detached_mount),
	        cmocka_unit_test(each_namespace_is_read_once),
	        cmocka_unit_test(known_namespaces_are_not_read_again),
	        cmocka_unit_test(few_calls_for_a_process_with_descriptors),
	        cmocka_unit_test(look_alikes_are_not_believed),
	        cmocka_unit_test(paths_are_only_looked_at_where_a_mount_is),
	        cmocka_unit_test(our_own_descriptors_are_left_out),
	        cmocka_unit_test(tables_are_distinguished_without_kcmp),
	        cmocka_unit_test(progress_goes_up_to_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
