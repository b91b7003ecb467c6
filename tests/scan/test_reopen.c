/* SPDX-License-Identifier: Apache-2.0 */
/* Namespaces that are opened again, after their process or descriptor has changed. */
#include "base/attributes.h"
#include "scan/reopen.h"
#include "scan/sources/sources.h"
#include "tests/scan/fake_kernel.h"
#include "tests/scan/plenty.h"
#include "tests/unit.h"

struct scene {
	const struct model *truth;
	struct fake_kernel *fake;
	struct scan scan;
	struct reopen reopen;
	struct process_record *record; /* of the process that has descriptors of namespaces */
	struct ns ns;                  /* its network namespace */
};

static void begin(struct scene *scene)
{
	*scene = (struct scene){.truth = plenty_new(true, true, true)};
	scene->fake = fake_kernel_new(scene->truth);
	scene->scan.kernel = fake_kernel(scene->fake);
	scan_state_init(&scene->scan, 1);
	assert_int_equal(source_process_list(&scene->scan), 0);
	assert_int_equal(source_process_read(&scene->scan, false), 0);
	scene->record = scan_state_find(&scene->scan, PLENTY_HOLDS);
	assert_non_null(scene->record);
	scene->ns = (struct ns){.type = NS_NET, .inode = scene->record->inode[NS_NET]};
	reopen_init(&scene->reopen, &scene->scan);
}

/* Closes a handle that was reached, too. */
static void end(struct scene *scene, const struct reached *reached)
{
	struct kernel *k = scene->scan.kernel;

	reopen_release(&scene->reopen);
	if (reached->result == REACHED && reached->handle >= 0)
		k->ops->close(k, reached->handle);
	assert_int_equal(fake_kernel_open_handles(scene->fake), 0);
	scan_state_release(&scene->scan);
	kernel_free(k);
	model_unref(scene->truth);
}

static struct reached reach(struct scene *scene, bool only_key)
{
	const struct ns_record ns = {.ns = &scene->ns, .process = scene->record};

	return reopen_ns(&scene->reopen, &ns, only_key);
}

static void is_reached(void **state)
{
	for (int only_key = 0; only_key < 2; only_key++) {
		struct scene scene;

		begin(&scene);
		const struct reached reached = reach(&scene, only_key);
		assert_int_equal(reached.result, REACHED);
		assert_int_equal(reached.pid, PLENTY_HOLDS);
		assert_true(reached.key.ino == scene.ns.inode);
		assert_int_equal(reached.handle >= 0, !only_key);
		end(&scene, &reached);
	}
	(void)state;
}

/* The process is now in the namespace that its link leads to. */
static void a_process_that_changed_its_namespace_has_the_other(void **state)
{
	for (int only_key = 0; only_key < 2; only_key++) {
		struct scene scene;

		begin(&scene);
		const uint64_t now = scene.ns.inode;
		scene.ns.inode = scene.record->inode[NS_NET] = 1;
		scene.scan.n_processes = (size_t)(scene.record - scene.scan.processes) + 1;
		const struct reached reached = reach(&scene, only_key);
		assert_int_equal(reached.result, REACH_GONE);
		assert_true(scene.record->inode[NS_NET] == now);
		end(&scene, &reached);
	}
	(void)state;
}

static void another_process_with_that_pid_is_not_believed(void **state)
{
	struct scene scene;

	begin(&scene);
	scene.record->started++;
	scene.record->directory_ino++;
	assert_int_equal(reopen_process(&scene.reopen, scene.record, 0), -ESRCH);
	assert_true(scene.record->is_gone);
	end(&scene, &(struct reached){.result = REACH_GONE});
	(void)state;
}

/* The number of its directory tells enough; with another one its start time decides. */
static void a_process_is_known_by_its_directory(void **state)
{
	for (unsigned is_other = 0; is_other < 2; is_other++) {
		struct scene scene;

		begin(&scene);
		scene.record->directory_ino += is_other;
		fake_kernel_reset(scene.fake);
		assert_true(reopen_process(&scene.reopen, scene.record, 0) >= 0);
		assert_int_equal(
		        fake_kernel_count(scene.fake, FAKE_PROCESS_READ, 0, "stat"), is_other);
		end(&scene, &(struct reached){.result = REACH_GONE});
	}
	(void)state;
}

/* EACCES is what the links of a process that has ended give too. */
static void the_reason_why_a_link_is_not_opened(void **state)
{
	static const struct {
		int error;
		bool has_ended;
		enum reach result;
	} rows[] = {
	        {EACCES, false, REACH_REFUSED},
	        {EACCES, true, REACH_GONE},
	        {EIO, false, REACH_REFUSED},
	        {ENOENT, false, REACH_GONE},
	        {EOPNOTSUPP, false, REACH_UNSUPPORTED},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct scene scene;

		begin(&scene);
		scene.scan.n_processes = (size_t)(scene.record - scene.scan.processes) + 1;
		fake_kernel_fail(scene.fake, FAKE_NS_OPEN, 0, NULL, rows[i].error);
		scene.record->started += rows[i].has_ended;
		const struct reached reached = reach(&scene, false);
		assert_int_equal(reached.result, rows[i].result);
		end(&scene, &reached);
	}
	(void)state;
}

/* A descriptor of a namespace in the truth. */
static const struct holder *held_by_fd(const struct model *model, const struct ns **ret_ns)
{
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		for (size_t k = 0; k < ns->n_holders; k++) {
			*ret_ns = ns;
			if (ns->holders[k].kind == HOLDER_FD && ns->holders[k].pid == PLENTY_HOLDS)
				return &ns->holders[k];
		}
	}
	fail();
	return NULL;
}

static void a_descriptor_of_another_namespace_is_gone(void **state)
{
	for (int is_other = 0; is_other < 2; is_other++) {
		struct scene scene;
		const struct ns *ns = NULL;

		begin(&scene);
		const struct holder *holder = held_by_fd(scene.truth, &ns);
		struct holder_record record = {.type = ns->type,
		        .inode = ns->inode + (uint64_t)is_other,
		        .kind = HOLDER_FD,
		        .process = scene.record,
		        .fd = holder->fd,
		        .handle = -1};
		scan_state_add(&scene.scan.holders, &record);
		const struct reached reached = reopen_holders(&scene.reopen, 0, false);
		assert_int_equal(reached.result, is_other ? REACH_GONE : REACHED);
		assert_int_equal(scene.scan.holders.records[0].is_gone, is_other);
		end(&scene, &reached);
	}
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(is_reached),
	        cmocka_unit_test(a_process_that_changed_its_namespace_has_the_other),
	        cmocka_unit_test(another_process_with_that_pid_is_not_believed),
	        cmocka_unit_test(a_process_is_known_by_its_directory),
	        cmocka_unit_test(the_reason_why_a_link_is_not_opened),
	        cmocka_unit_test(a_descriptor_of_another_namespace_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
