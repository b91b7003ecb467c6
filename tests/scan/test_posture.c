/* SPDX-License-Identifier: Apache-2.0 */
/* What a scan reads of what confines containers, of which processes, and what it does if it may
 * not. */
#include "base/arena.h"
#include "model/builder.h"
#include "model/posture.h"
#include "tests/scan/checked_scan.h"

#include <errno.h>
#include <string.h>

#define A "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define B "b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1"

enum { HOST_MNT = 4026531832 };

struct scene {
	const struct model *truth;
	struct fake_kernel *fake;
};

static struct process *add(struct builder *b, const struct ns *ns, pid_t pid, uint64_t started,
        char state, const char *cgroup)
{
	struct process *const process = builder_process(b, pid);
	pid_t *const nspid = arena_alloc(builder_arena(b), sizeof(*nspid));
	struct posture *const posture = arena_alloc(builder_arena(b), sizeof(*posture));

	*nspid = pid;
	process->nspid = nspid;
	process->n_nspid = 1;
	process->ppid = pid == 1 ? 0 : 1;
	process->started = started;
	process->uid_state = REL_KNOWN;
	process->state = state;
	process->comm = process->name = "x";
	process->cgroup = cgroup;
	process->ns[NS_USER] = ns;
	posture->bounding = 0xa80425fb00000000 + (uint64_t)pid;
	posture->seccomp = 2;
	posture->no_new_privs = pid % 2;
	posture->label = "docker-default (enforce)";
	process->posture = posture;
	return process;
}

/* PID 1; the container A, of which 13 is the oldest that has not ended, and which has B inside;
 * a process in no container. */
static struct scene make(void)
{
	struct builder *const b = builder_new();
	struct scene scene = {.truth = NULL};
	struct ns *const ns = builder_ns(b, NS_USER, 4, 4026531837, NULL);

	ns->parent.state = ns->owner.state = REL_INITIAL;
	builder_host(b)->name = "h";
	add(b, ns, 1, 1, 'S', "/init.scope");
	add(b, ns, 11, 90, 'S', "/docker/" A);
	add(b, ns, 12, 10, 'Z', "/docker/" A);
	add(b, ns, 13, 20, 'S', "/docker/" A);
	add(b, ns, 14, 30, 'S', "/docker/" A "/docker/" B);
	add(b, ns, 15, 5, 'S', "/user.slice");
	/* What started the container is older, and in the mount namespace of the host. */
	struct ns *const mnt = builder_ns(b, NS_MNT, 4, HOST_MNT, NULL);
	mnt->owner = (struct relation){.state = REL_KNOWN, .ns = ns};
	add(b, ns, 16, 2, 'S', "/docker/" A)->ns[NS_MNT] = mnt;
	assert_int_equal(builder_freeze(b, &scene.truth, NULL), 0);
	scene.fake = fake_kernel_new(scene.truth);
	return scene;
}

static void unmake(struct scene scene)
{
	kernel_free(fake_kernel(scene.fake));
	model_unref(scene.truth);
}

static const struct model *scan(struct scene scene, bool with_posture, const struct model **quick)
{
	const struct scan_options options = {.sources = 1u << SOURCE_PROCESS,
	        .n_threads = 2,
	        .program = "test 1",
	        .with_posture = with_posture};

	return checked_scan(scene.fake, &options, NULL, quick ? keep_model : NULL, quick);
}

static void assert_read(const struct model *model, pid_t pid, bool is_read)
{
	const struct process *const process = model_find_process(model, pid);

	assert_non_null(process);
	assert_int_equal(process->posture != NULL, is_read);
}

static void the_oldest_process_of_each_container(void **state)
{
	struct scene scene = make();
	const struct model *const model = scan(scene, true, NULL);

	(void)state;
	for (pid_t pid = 11; pid <= 16; pid++)
		assert_read(model, pid, pid == 13);
	assert_read(model, 1, true);
	assert_int_equal(fake_kernel_count(scene.fake, FAKE_PROCESS_READ, 0, "attr/current"), 2);
	for (size_t i = 0; i < model->n_containers; i++) {
		if (!container_is_label(model->containers[i]) && !model->containers[i]->outer)
			assert_int_equal(model->containers[i]->leader->pid, 13);
	}
	const struct posture *const posture = model_find_process(model, 13)->posture;
	assert_int_equal(posture->status_error, 0);
	assert_int_equal(posture->bounding, 0xa80425fb0000000d);
	assert_true(posture->is_seccomp_known && posture->is_no_new_privs_known);
	assert_int_equal(posture->seccomp, 2);
	assert_true(posture->no_new_privs);
	assert_string_equal(posture->label, "docker-default (enforce)");
	assert_int_equal(posture->mounts_error, 0);
	assert_int_equal(posture->root, POSTURE_ROOT_WRITABLE);
	model_unref(model);
	unmake(scene);
}

static void only_on_request(void **state)
{
	struct scene scene = make();
	const struct model *quick = NULL, *model = scan(scene, false, NULL);

	(void)state;
	for (size_t i = 0; i < model->n_processes; i++)
		assert_null(model->processes[i]->posture);
	assert_int_equal(fake_kernel_count(scene.fake, FAKE_PROCESS_READ, 0, "attr/current"), 0);
	model_unref(model);
	model = scan(scene, true, &quick);
	assert_read(quick, 13, false);
	assert_read(model, 13, true);
	model_unref(quick);
	model_unref(model);
	unmake(scene);
}

/* Each has its own error, and the view is as complete as before. */
static void errors_are_kept(void **state)
{
	struct scene scene = make();

	const struct model *model = scan(scene, true, NULL);
	const uint32_t partial = model->host.partial;

	(void)state;
	model_unref(model);
	fake_kernel_fail(scene.fake, FAKE_PROCESS_READ, 13, "attr/current", EACCES);
	fake_kernel_fail(scene.fake, FAKE_FILE_OPEN, 13, "mountinfo", EPERM);
	model = scan(scene, true, NULL);
	const struct posture *posture = model_find_process(model, 13)->posture;
	assert_int_equal(posture->status_error, 0);
	assert_int_equal(posture->label_error, EACCES);
	assert_int_equal(posture->mounts_error, EPERM);
	assert_int_equal(model->host.partial, partial);
	model_unref(model);
	/* Without security modules there is no such file. */
	fake_kernel_reset(scene.fake);
	fake_kernel_fail(scene.fake, FAKE_PROCESS_READ, 0, "attr/current", ENOENT);
	model = scan(scene, true, NULL);
	assert_int_equal(model_find_process(model, 13)->posture->label_error, EINVAL);
	model_unref(model);
	/* What PID 1 has mounted is not known. */
	fake_kernel_reset(scene.fake);
	fake_kernel_fail(scene.fake, FAKE_FILE_OPEN, 1, "mountinfo", EACCES);
	model = scan(scene, true, NULL);
	assert_int_equal(model_find_process(model, 13)->posture->mounts_error, ENODATA);
	model_unref(model);
	unmake(scene);
}

/* Whichever call fails: a fact is right, or has its error. */
static void every_failure(void **state)
{
	struct scene scene = make();
	const struct model *model = scan(scene, true, NULL);
	const size_t n = fake_kernel_count(scene.fake, FAKE_ANY, 0, NULL);

	(void)state;
	model_unref(model);
	for (size_t i = 0; i < n; i++) {
		const struct process *process;

		fake_kernel_reset(scene.fake);
		fake_kernel_fail_call(scene.fake, i, EIO);
		const struct scan_options options = {.sources = 1u << SOURCE_PROCESS,
		        .n_threads = 1,
		        .program = "test 1",
		        .with_posture = true};

		if (scan_run(fake_kernel(scene.fake), &options, NULL, NULL, NULL, &model) < 0)
			continue;
		process = model_find_process(model, 13);
		if (process && process->posture) {
			const struct posture *const posture = process->posture;

			assert_true(
			        posture->status_error || posture->bounding == 0xa80425fb0000000d);
			assert_true(posture->label_error || posture->label);
			assert_true(
			        posture->mounts_error || posture->root == POSTURE_ROOT_WRITABLE);
		}
		model_unref(model);
		assert_int_equal(fake_kernel_open_handles(scene.fake), 0);
	}
	unmake(scene);
}

static void ends_meanwhile(void **state)
{
	struct scene scene = make();

	(void)state;
	for (size_t calls = 1; calls < 40; calls++) {
		fake_kernel_reset(scene.fake);
		fake_kernel_vanish(scene.fake, 13, calls);
		model_unref(scan(scene, true, NULL));
	}
	unmake(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_oldest_process_of_each_container),
	        cmocka_unit_test(only_on_request),
	        cmocka_unit_test(errors_are_kept),
	        cmocka_unit_test(every_failure),
	        cmocka_unit_test(ends_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
