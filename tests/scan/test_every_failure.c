/* SPDX-License-Identifier: Apache-2.0 */
/* Each operation of the kernel fails, with each error: a model that differs from the truth is
 * partial. Errors that mean that a process or namespace has ended are left out: then the difference
 * is the truth. */
#include "tests/scan/checked_scan.h"
#include "tests/scan/plenty.h"

#include <errno.h>
#include <string.h>

enum {
	ALL = SCAN_SOURCES_ALL,
	LISTED = 1u << SOURCE_MNTNS, /* without it mount namespaces are entered */
	SHORT = 1u << PARTIAL_NO_DESCRIPTORS,
};

static const uint32_t sources[] = {ALL, ALL & ~LISTED};

/* A host, a kernel that shows it, and what is found if nothing fails. */
struct world {
	const struct model *truth, *whole;
	struct fake_kernel *fake;
	uint32_t sources;
};

enum mode { ONCE, QUICK, REFRESH, MODES };

static const struct model *scan(const struct world *world, enum mode mode)
{
	const struct scan_options options = {
	        .sources = world->sources, .n_threads = 1, .program = "test 1"};
	const struct model *first = NULL, *model;

	model = checked_scan(world->fake, &options, mode == REFRESH ? world->whole : NULL,
	        mode == QUICK ? keep_model : NULL, &first);
	model_unref(first);
	return model;
}

static struct world make(uint32_t wanted, bool has_ids)
{
	struct world world = {.truth = plenty_new(has_ids, true, true), .sources = wanted};

	world.fake = fake_kernel_new(world.truth);
	fake_kernel_set_list(world.fake, true);
	fake_kernel_set_fd_text(world.fake, PLENTY_HOLDS, PLENTY_PATH_FD, PLENTY_PATH);
	fake_kernel_set_fd_text(world.fake, PLENTY_HOLDS, PLENTY_DETACHED_FD, "/");
	world.whole = scan(&world, ONCE);
	assert_int_equal(world.whole->host.partial, 0);
	return world;
}

static void unmake(struct world world)
{
	model_unref(world.whole);
	model_unref(world.truth);
	kernel_free(fake_kernel(world.fake));
}

/* True if a difference from the truth is said. A source that was refused as a whole does not count
 * as read, which says it, too. */
static bool is_said(const struct world *world, const struct model *model, int error)
{
	const bool is_short = error == EMFILE || error == ENFILE;

	if (model->host.sources != world->whole->host.sources)
		return true;
	return is_short ? (model->host.partial & SHORT) != 0 : model->host.partial != 0;
}

/* Returns how many are not said. */
static unsigned check(
        const struct world *world, enum mode mode, const char *what, unsigned number, int error)
{
	const struct model *model = scan(world, mode);
	char *difference = sample_difference(world->whole, model);
	const bool is_wrong = difference && !is_said(world, model, error);

	if (is_wrong)
		fprintf(stderr, "%s %u fails with %s (sources %x, mode %u): not said: %s\n", what,
		        number, strerror(error), world->sources, mode, difference);
	free(difference);
	model_unref(model);
	return is_wrong;
}

static unsigned each_operation(const struct world *world, enum mode mode, int error)
{
	unsigned n_wrong = 0;

	for (unsigned op = FAKE_LIST_PIDS + 1; op < FAKE_ANY; op++) {
		fake_kernel_reset(world->fake);
		fake_kernel_fail(world->fake, (enum fake_op)op, 0, NULL, error);
		n_wrong += check(world, mode, "operation", op, error);
	}
	return n_wrong;
}

/* Call 1 is the list of processes, after that of namespaces. */
static unsigned each_call(const struct world *world, enum mode mode, int error)
{
	unsigned n_wrong = 0;
	size_t n;

	fake_kernel_reset(world->fake);
	model_unref(scan(world, mode));
	n = fake_kernel_count(world->fake, FAKE_ANY, 0, NULL);
	assert_true(n > 100);
	for (unsigned i = 0; i < n; i++) {
		if (i == 1)
			continue;
		fake_kernel_reset(world->fake);
		fake_kernel_fail_call(world->fake, i, error);
		n_wrong += check(world, mode, "call", i, error);
	}
	return n_wrong;
}

static void run(unsigned (*each)(const struct world *world, enum mode mode, int error),
        const int *errors, size_t n_errors)
{
	for (size_t i = 0; i < ARRAY_SIZE(sources) * 2; i++) {
		struct world world = make(sources[i / 2], i % 2);
		unsigned n_wrong = 0;

		for (enum mode mode = 0; mode < MODES; mode++) {
			for (size_t k = 0; k < n_errors; k++)
				n_wrong += each(&world, mode, errors[k]);
		}
		assert_int_equal(n_wrong, 0);
		unmake(world);
	}
}

static void no_operation_fails_silently(void **state)
{
	static const int errors[] = {EACCES, EAGAIN, EBADMSG, EFAULT, EINVAL, EIO, ELOOP, EMFILE,
	        ENFILE, ENOMEM, ENOSYS, EOPNOTSUPP, EPERM, ESTALE, ETIMEDOUT, EXDEV};

	(void)state;
	run(each_operation, errors, ARRAY_SIZE(errors));
}

static void no_call_fails_silently(void **state)
{
	static const int errors[] = {EACCES, EIO, EMFILE};

	(void)state;
	run(each_call, errors, ARRAY_SIZE(errors));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(no_operation_fails_silently),
	        cmocka_unit_test(no_call_fails_silently),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
