/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scan/checked_scan.h"
#include "tests/scan/fake_internal.h"
#include "tests/scan/plenty.h"

#include <string.h>

/* The sources beyond processes, with a kernel that says what a model says. */

/* Without the list of test_listed.c. */
#define DEFAULT (SCAN_SOURCES_DEFAULT & ~(1u << SOURCE_LISTNS))
#define ALL     (DEFAULT | 1u << SOURCE_SOCKET)

static const struct scan_options OPTIONS = {.sources = ALL, .n_threads = 2, .program = "test 1"};

/* A host, and a kernel that shows it. */
struct world {
	const struct model *truth;
	struct fake_kernel *fake;
};

static struct fake_kernel *new_fake(const struct model *truth)
{
	struct fake_kernel *fake = fake_kernel_new(truth);

	fake_kernel_set_fd_text(fake, PLENTY_HOLDS, PLENTY_PATH_FD, PLENTY_PATH);
	fake_kernel_set_fd_text(fake, PLENTY_HOLDS, PLENTY_DETACHED_FD, "/");
	fake_kernel_set_fd_text(fake, PLENTY_HOLDS, 20, "/run/uts"); /* a file where a mount is */
	fake_kernel_set_fd_text(fake, PLENTY_HOLDS, 21, "/net:[1]");
	fake_kernel_set_fd_text(fake, PLENTY_HOLDS, 22, "/run/ns/net:[1] (deleted)");
	fake_kernel_set_fd_text(fake, PLENTY_HOLDS, 23, "/");
	fake_kernel_set_fd_text(fake, PLENTY_HOLDS, 24, "pidfd:[4026532301]");
	return fake;
}

static struct world make(bool has_ids)
{
	const struct model *truth = plenty_new(has_ids, true, true);

	return (struct world){truth, new_fake(truth)};
}

static void unmake(struct world world)
{
	kernel_free(fake_kernel(world.fake));
	model_unref(world.truth);
}

static const struct model *scan_from(
        struct fake_kernel *fake, uint32_t sources, const struct model *previous)
{
	struct scan_options options = OPTIONS;

	options.sources = sources;
	return checked_scan(fake, &options, previous, NULL, NULL);
}

static void assert_only_of(const struct model *truth, const struct model *model)
{
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		if (!model_find(truth, ns->type, ns->inode))
			fail_msg("invented %s:[%llu]", nstype_name(ns->type),
			        (unsigned long long)ns->inode);
	}
}

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

static int cut_mountinfo(struct kernel *k, int mount_ns, char **ret, size_t *ret_len)
{
	const int r = fake_mount_ns_mountinfo(k, mount_ns, ret, ret_len);

	return r < 0 ? r : 1;
}

/* That of a mount namespace without a process: no process counts as unreadable then. */
static void a_mountinfo_that_is_cut_off_is_noted(void **state)
{
	struct world world = make(true);
	struct kernel_ops ops = *fake_kernel(world.fake)->ops;
	const struct model *model;

	ops.mount_ns_mountinfo = cut_mountinfo;
	fake_kernel(world.fake)->ops = &ops;
	model = scan_from(world.fake, OPTIONS.sources & ~(1u << SOURCE_MNTNS), NULL);
	assert_int_equal(model->host.unreadable, 0);
	assert_string_equal(model->notes[0].what, "mountinfo");
	assert_int_equal(model->notes[0].error, EFBIG);
	assert_int_equal(model->host.partial, 1 << PARTIAL_FAILED);
	model_unref(model);
	unmake(world);
	(void)state;
}

/* What one descriptor is called says nothing of the others. */
static void a_path_without_end_hides_nothing(void **state)
{
	struct world world = make(true);
	char number[16];

	for (size_t i = 0; i < world.truth->n_namespaces; i++) {
		const struct ns *ns = world.truth->namespaces[i];

		for (size_t j = 0; j < ns->n_holders; j++) {
			const struct holder *holder = &ns->holders[j];

			if (holder->kind != HOLDER_FD)
				continue;
			snprintf(number, sizeof(number), "%d", holder->fd);
			fake_kernel_reset(world.fake);
			fake_kernel_fail(
			        world.fake, FAKE_FD_LINK, holder->pid, number, ENAMETOOLONG);
			const struct model *model = scan_from(world.fake, OPTIONS.sources, NULL);
			assert_same(world.truth, model);
			model_unref(model);
		}
	}
	unmake(world);
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

/* The mounts of a mount namespace without a process are refused by either error. The mount
 * namespace is entered then; if that is refused, too, it is said. */
static void refused_mounts_are_read_inside(void **state)
{
	static const int errors[] = {ENOENT, EPERM};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		struct world world = make(true);
		const struct model *model;

		/* Of two, then of all. */
		fake_kernel_fail(world.fake, FAKE_MOUNT_NS_TEXTS, 0, "4026532304", errors[i]);
		fake_kernel_fail(world.fake, FAKE_MOUNT_NS_TEXTS, 0, "4026532310", errors[i]);
		model = scan_from(world.fake, ALL, NULL);
		assert_same(world.truth, model);
		assert_int_equal(model->n_notes, 0);
		model_unref(model);

		fake_kernel_fail(world.fake, FAKE_MOUNT_NS_TEXTS, 0, NULL, errors[i]);
		model = scan_from(world.fake, ALL, NULL);
		assert_same(world.truth, model);
		assert_int_equal(model->n_notes, 0);
		model_unref(model);

		fake_kernel_fail(world.fake, FAKE_MOUNT_NS_MOUNTINFO, 0, NULL, EPERM);
		model = scan_from(world.fake, ALL, NULL);
		assert_non_null(model_find(model, NS_MNT, PLENTY_MNT_LISTED));
		/* What is mounted in PLENTY_MNT_FD is not found then. */
		assert_null(model_find(model, NS_USER, PLENTY_USER_NESTED));
		assert_int_equal(model->n_notes, 3);
		assert_string_equal(model->notes[0].what, "mountinfo of mnt:[4026532304]");
		assert_string_equal(model->notes[2].what, "mountinfo of mnt:[4026532310]");
		assert_int_equal(model->notes[0].error, EPERM);
		assert_int_equal(model->host.partial, 1 << PARTIAL_FAILED);
		model_unref(model);
		unmake(world);
	}
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

/* A source that could not be read is not in the list of those that were. */
static void sockets_that_are_refused_are_not_a_source(void **state)
{
	struct world world = make(true);
	struct kernel_ops ops = *fake_kernel(world.fake)->ops;
	const struct model *model;

	fake_kernel_fail(world.fake, FAKE_SOCKET_NS, 0, NULL, EPERM);
	model = scan_from(world.fake, ALL, NULL);
	assert_int_equal(model->host.sources, DEFAULT);
	model_unref(model);

	ops.socket_ns = NULL;
	fake_kernel(world.fake)->ops = &ops;
	model = scan_from(world.fake, ALL, NULL);
	assert_int_equal(model->host.sources, DEFAULT);
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

static void an_inaccessible_mount_is_reported(void **state)
{
	static const struct {
		int error;
		bool is_all; /* the helper refuses as a whole */
	} rows[] = {{EACCES, false}, {ESTALE, false}, {ETIMEDOUT, false}, {EPERM, true},
	        {EOPNOTSUPP, true}};
	struct world world = make(false);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct model *model;
		const struct ns *ns;

		fake_kernel_reset(world.fake);
		fake_kernel_fail(world.fake, FAKE_NS_OPEN_MOUNTED, 0,
		        rows[i].is_all ? NULL : "/in 2", rows[i].error);
		model = checked_scan(world.fake, &OPTIONS, NULL, NULL, NULL);
		ns = model_find(model, NS_USER, PLENTY_USER_NESTED);
		assert_non_null(ns);
		assert_int_equal(ns->n_holders, 1);
		assert_int_equal(ns->parent.state, REL_FAILED);
		assert_int_equal(model->n_namespaces, world.truth->n_namespaces);
		assert_int_equal(model->n_notes, 1);
		assert_string_equal(model->notes[0].what, "opening of user:[4026532306]");
		assert_int_equal(model->notes[0].error, rows[i].error);
		model_unref(model);
	}
	unmake(world);
	(void)state;
}

static void a_mount_that_is_gone_leaves_nothing(void **state)
{
	struct world world = make(true);
	const struct model *model;

	fake_kernel_fail(world.fake, FAKE_NS_OPEN_MOUNTED, 0, "/in 2", ENOENT);
	model = checked_scan(world.fake, &OPTIONS, NULL, NULL, NULL);
	assert_null(model_find(model, NS_USER, PLENTY_USER_NESTED));
	assert_int_equal(model->n_namespaces, world.truth->n_namespaces - 1);
	assert_int_equal(model->n_notes, 0);
	model_unref(model);
	unmake(world);
	(void)state;
}

/* What one failure may take away: a process and what it holds, or a mount namespace. */
static void assert_plausible(const struct model *truth, const struct model *model)
{
	assert_true(model->n_processes + 1 >= PLENTY_PROCESSES);
	assert_true(model->n_namespaces >= 8);
	assert_true(model->host.unreadable <= 2);
	assert_only_of(truth, model);
}

static void no_failure_ends_a_scan(void **state)
{
	static const int errors[] = {ENOENT, ESRCH, EACCES, EPERM, EIO};

	for (size_t i = 0; i < ARRAY_SIZE(errors) * 2; i++) {
		struct world world = make(i % 2);
		const struct model *before = checked_scan(world.fake, &OPTIONS, NULL, NULL, NULL);
		const size_t n = fake_kernel_count(world.fake, FAKE_ANY, 0, NULL);

		assert_true(n > 150);
		for (size_t call = 1; call < n + 50; call++) {
			const struct model *model;

			fake_kernel_reset(world.fake);
			fake_kernel_fail_call(world.fake, call, errors[i / 2]);
			model = checked_scan(
			        world.fake, &OPTIONS, call % 2 ? before : NULL, NULL, NULL);
			assert_plausible(world.truth, model);
			model_unref(model);
		}
		model_unref(before);
		unmake(world);
	}
	(void)state;
}

static void an_ended_process_takes_its_holders_along(void **state)
{
	static const pid_t pids[] = {PLENTY_HOLDS, PLENTY_THREADS, PLENTY_LEADERLESS};

	for (size_t i = 0; i < ARRAY_SIZE(pids) * 2; i++) {
		struct world world = make(i % 2);

		for (size_t calls = 0; calls < 120; calls++) {
			const struct model *model;

			fake_kernel_reset(world.fake);
			fake_kernel_vanish(world.fake, pids[i / 2], calls);
			model = checked_scan(world.fake, &OPTIONS, NULL, NULL, NULL);
			assert_plausible(world.truth, model);
			assert_int_equal(model->host.unreadable, 0);
			for (size_t n = 0; n < model->n_namespaces; n++)
				assert_true(model->namespaces[n]->owner.state != REL_FAILED);
			model_unref(model);
		}
		unmake(world);
	}
	(void)state;
}

/* An ordinary user may not list the descriptors of its own process then. The others of a process
 * of which only the first thread ends are still there. */
static void a_process_that_ends_is_not_refused(void **state)
{
	static const struct {
		pid_t pid;
		size_t unreadable;
	} rows[] = {{PLENTY_HOLDS, 0}, {PLENTY_THREADS, 1}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct world world = make(true);

		fake_kernel_end(world.fake, rows[i].pid, FAKE_FDS_OPEN, NULL, EACCES);
		const struct model *model = checked_scan(world.fake, &OPTIONS, NULL, NULL, NULL);
		assert_true(fake_kernel_count(world.fake, FAKE_FDS_OPEN, rows[i].pid, NULL) > 0);
		assert_int_equal(model->host.unreadable, rows[i].unreadable);
		assert_true(rows[i].unreadable || model->n_notes == 0);
		model_unref(model);
		unmake(world);
	}
	(void)state;
}

/* Its links go before it is a zombie, and look then like those of one that has made a new PID
 * namespace for its children. */
static void a_process_that_ends_has_made_nothing(void **state)
{
	for (size_t i = 0; i < 2; i++) {
		struct world world = make(true);
		const struct model *quick = NULL;

		fake_kernel_end(world.fake, PLENTY_HOLDS, FAKE_NS_LINK, "pid_for_children", ENOENT);
		const struct model *model = checked_scan(
		        world.fake, &OPTIONS, NULL, i ? keep_model : NULL, i ? &quick : NULL);
		assert_false(model_find_process(model, PLENTY_HOLDS)->is_unborn);
		model_unref(quick);
		model_unref(model);
		unmake(world);
	}
	(void)state;
}

static void can_be_cancelled_at_any_call(void **state)
{
	struct world world = make(true);
	size_t n;

	model_unref(checked_scan(world.fake, &OPTIONS, NULL, NULL, NULL));
	n = fake_kernel_count(world.fake, FAKE_ANY, 0, NULL);
	for (size_t at = 0; at + 20 < n; at += 3) {
		struct canceling canceling = {.at = at};
		struct scan_options options = OPTIONS;
		const struct model *model = NULL;

		options.is_cancelled = &canceling.flag;
		fake_kernel_set_hook(world.fake, cancel_at, &canceling);
		assert_int_equal(
		        scan_run(fake_kernel(world.fake), &options, NULL, NULL, NULL, &model),
		        -ECANCELED);
		assert_int_equal(fake_kernel_open_handles(world.fake), 0);
		/* Each of two threads finishes the process that it reads. */
		assert_true(canceling.n - at < 2 * 30);
	}
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
	        cmocka_unit_test(refused_mounts_are_read_inside),
	        cmocka_unit_test(sockets_are_read_only_if_wanted),
	        cmocka_unit_test(sockets_that_are_refused_are_not_a_source),
	        cmocka_unit_test(each_source_finds_its_own),
	        cmocka_unit_test(a_file_in_a_detached_mount),
	        cmocka_unit_test(each_namespace_is_read_once),
	        cmocka_unit_test(known_namespaces_are_not_read_again),
	        cmocka_unit_test(few_calls_for_a_process_with_descriptors),
	        cmocka_unit_test(look_alikes_are_not_believed),
	        cmocka_unit_test(paths_are_only_looked_at_where_a_mount_is),
	        cmocka_unit_test(our_own_descriptors_are_left_out),
	        cmocka_unit_test(tables_are_distinguished_without_kcmp),
	        cmocka_unit_test(an_inaccessible_mount_is_reported),
	        cmocka_unit_test(a_mount_that_is_gone_leaves_nothing),
	        cmocka_unit_test(no_failure_ends_a_scan),
	        cmocka_unit_test(a_mountinfo_that_is_cut_off_is_noted),
	        cmocka_unit_test(a_path_without_end_hides_nothing),
	        cmocka_unit_test(an_ended_process_takes_its_holders_along),
	        cmocka_unit_test(a_process_that_ends_is_not_refused),
	        cmocka_unit_test(a_process_that_ends_has_made_nothing),
	        cmocka_unit_test(can_be_cancelled_at_any_call),
	        cmocka_unit_test(progress_goes_up_to_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
