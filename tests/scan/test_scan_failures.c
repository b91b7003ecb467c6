/* SPDX-License-Identifier: Apache-2.0 */
/* Scans of processes in which calls fail, and processes end. */
#include "tests/scan/checked_scan.h"

#include <string.h>

static const struct scan_options OPTIONS = {
        .sources = 1u << SOURCE_PROCESS, .n_threads = 2, .program = "test 1"};

static const struct model *scan(struct fake_kernel *fake, const struct model *previous)
{
	return checked_scan(fake, &OPTIONS, previous, NULL, NULL);
}

/* What may go missing by one failure: a process, or what one call tells. */
static void assert_plausible(const struct model *sample, const struct model *model, int error)
{
	const size_t refused = model->host.unreadable;

	assert_true(model->n_processes + 1 >= sample->n_processes);
	assert_true(model->n_processes <= sample->n_processes);
	assert_true(refused <= 2);
	if (error == ENOENT || error == ESRCH)
		assert_true(refused <= 1);
	assert_true(model_count(model, NS_USER) > 0);
	assert_true(model_count(model, NS_PID) > 0);
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		assert_non_null(model_find(sample, ns->type, ns->inode));
	}
	assert_true(!model->host.unreadable || model_is_partial_by(model, PARTIAL_UNREADABLE));
}

static void fail_each_call(
        struct fake_kernel *fake, const struct model *sample, int error, scan_quick_fn *quick)
{
	size_t n;

	fake_kernel_reset(fake);
	model_unref(scan(fake, NULL));
	n = fake_kernel_count(fake, FAKE_ANY, 0, NULL);
	assert_true(n > 150);
	/* Call 0 is the list of PIDs; later ones may be fewer than n. */
	for (size_t i = 1; i < n + 50; i++) {
		const struct model *model, *first = NULL;

		fake_kernel_reset(fake);
		fake_kernel_fail_call(fake, i, error);
		model = checked_scan(fake, &OPTIONS, NULL, quick, &first);
		assert_plausible(sample, model, error);
		if (first)
			assert_plausible(sample, first, error);
		model_unref(first);
		model_unref(model);
	}
}

/* A namespace with one member, which leads to no other. */
static const struct ns *flat_ns(const struct model *model)
{
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		if (ns->n_processes == 1 && !nstype_is_hierarchical(ns->type))
			return ns;
	}
	fail();
	return NULL;
}

/* The namespace stays the same one. */
static void an_id_that_was_not_read_is_read_later(void **state)
{
	const struct model *sample = sample_new(true);
	const struct ns *ns = flat_ns(sample);
	struct fake_kernel *fake = fake_kernel_new(sample);

	(void)state;
	fake_kernel_fail(fake, FAKE_NS_OPEN, ns->processes[0]->pid, NULL, EIO);
	const struct model *before = scan(fake, NULL);
	assert_int_equal(model_find(before, ns->type, ns->inode)->id, 0);
	fake_kernel_reset(fake);
	const struct model *model = scan(fake, before);
	assert_true(model_find(model, ns->type, ns->inode)->id == ns->id);
	assert_true(model_find(model, ns->type, ns->inode)->tag ==
	            model_find(before, ns->type, ns->inode)->tag);
	model_unref(model);
	model_unref(before);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
}

static void no_failure_ends_a_scan(void **state)
{
	static const int errors[] = {ENOENT, ESRCH, EACCES, EPERM, EIO};

	for (int has_ids = 0; has_ids < 2; has_ids++) {
		const struct model *sample = sample_new(has_ids);
		struct fake_kernel *fake = fake_kernel_new(sample);

		for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
			fail_each_call(fake, sample, errors[i], NULL);
			fail_each_call(fake, sample, errors[i], keep_model);
		}
		kernel_free(fake_kernel(fake));
		model_unref(sample);
	}
	(void)state;
}

static void no_failure_ends_a_refresh(void **state)
{
	static const int errors[] = {ENOENT, EACCES, EIO};
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);
	const struct model *before = scan(fake, NULL);

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		for (size_t call = 1; call < 250; call++) {
			const struct model *model;

			fake_kernel_reset(fake);
			fake_kernel_fail_call(fake, call, errors[i]);
			model = scan(fake, before);
			assert_plausible(sample, model, errors[i]);
			model_unref(model);
		}
	}
	model_unref(before);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

static void without_a_list_there_is_no_scan(void **state)
{
	const struct model *sample = sample_new(true), *model = NULL;
	struct fake_kernel *fake = fake_kernel_new(sample);

	fake_kernel_fail(fake, FAKE_LIST_PIDS, 0, NULL, EIO);
	assert_int_equal(scan_run(fake_kernel(fake), &OPTIONS, NULL, NULL, NULL, &model), -EIO);
	assert_null(model);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

static void refused_processes_are_counted_once(void **state)
{
	static const struct {
		enum fake_op op;
		const char *what, *note;
		size_t unreadable;
	} rows[] = {
	        {FAKE_PROCESS_OPEN, NULL, "process", 2},
	        {FAKE_NS_DIR_OPEN, NULL, "ns", 2},
	        {FAKE_NS_LINK, NULL, "ns/user", 2},
	        {FAKE_NS_LINK, "net", "ns/net", 2},
	        {FAKE_PROCESS_READ, "stat", "stat", 2},
	        {FAKE_CMDLINE, NULL, "cmdline", 1},
	        {FAKE_PROCESS_STAT, NULL, "uid", 1},
	};
	static const int errors[] = {EACCES, EPERM, EIO};
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);

	for (size_t i = 0; i < ARRAY_SIZE(rows) * ARRAY_SIZE(errors); i++) {
		const size_t row = i / ARRAY_SIZE(errors);
		const int error = errors[i % ARRAY_SIZE(errors)];
		const struct model *model;

		fake_kernel_reset(fake);
		fake_kernel_fail(fake, rows[row].op, 62, rows[row].what, error);
		model = scan(fake, NULL);
		assert_int_equal(model->n_processes, sample->n_processes);
		assert_int_equal(model->n_notes, 2);
		assert_int_equal(model->notes[0].pid, 62);
		assert_string_equal(model->notes[0].what, rows[row].note);
		assert_int_equal(model->notes[0].error, error);
		assert_int_equal(model->host.unreadable, rows[row].unreadable);
		model_unref(model);
	}
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

static void what_is_not_refused_is_kept(void **state)
{
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);
	const struct model *model;
	const struct process *process;

	fake_kernel_fail(fake, FAKE_NS_LINK, 62, "net", EACCES);
	model = scan(fake, NULL);
	process = model_find_process(model, 62);
	assert_null(process->ns[NS_NET]);
	assert_non_null(process->ns[NS_USER]);
	assert_non_null(process->ns[NS_UTS]);
	assert_string_equal(process->name, "stopped");
	model_unref(model);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

static void an_ended_process_is_left_out(void **state)
{
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);

	/* After 30 calls there is no further call about it, so it stays. */
	for (size_t calls = 0; calls < 30; calls++) {
		const struct model *model;

		fake_kernel_reset(fake);
		fake_kernel_vanish(fake, 62, calls);
		model = scan(fake, NULL);
		assert_int_equal(model->n_processes, SAMPLE_PROCESSES - (calls < 15));
		assert_int_equal(model->host.unreadable, 1);
		assert_int_equal(model->n_notes, 1);
		model_unref(model);
	}
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

/* A user namespace cannot be opened by its only process, but a namespace of that leads to it. */
static void an_owner_that_was_not_visited_has_its_relations(void **state)
{
	static const pid_t pid = 50;
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);
	const struct ns *const owner = model_find_process(sample, pid)->ns[NS_USER], *ns;
	const struct model *model;

	fake_kernel_fail(fake, FAKE_NS_OPEN, pid, "user", ENOENT);
	model = scan(fake, NULL);
	ns = model_find(model, NS_USER, owner->inode);
	assert_non_null(ns);
	assert_int_equal(ns->parent.state, REL_KNOWN);
	assert_int_equal(ns->owner_uid, owner->owner_uid);
	model_unref(model);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

/* Its namespaces go with it, the one that only it kept alive too: never do they stand there
 * without owner and parent. */
static void its_namespaces_vanish_with_it(void **state)
{
	for (int has_ids = 0; has_ids < 2; has_ids++) {
		const struct model *sample = sample_new(has_ids);
		struct fake_kernel *fake = fake_kernel_new(sample);
		const struct model *before = scan(fake, NULL);

		for (size_t calls = 0; calls < 40; calls++) {
			const struct model *model;
			const struct ns *inner;

			fake_kernel_reset(fake);
			fake_kernel_vanish(fake, SAMPLE_INNER, calls);
			model = scan(fake, calls % 2 ? before : NULL);
			inner = model_find(model, NS_USER, SAMPLE_INNERMOST);
			if (inner) {
				assert_int_equal(inner->parent.state, REL_KNOWN);
				assert_int_equal(inner->owner_uid_state, REL_KNOWN);
			}
			/* Owner of the network namespace, without any process. */
			assert_non_null(model_find(model, NS_USER, SAMPLE_MIDDLE));
			model_unref(model);
		}
		model_unref(before);
		kernel_free(fake_kernel(fake));
		model_unref(sample);
	}
	(void)state;
}

static void another_member_is_used_instead(void **state)
{
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);
	const struct model *model;
	const struct ns *user;

	fake_kernel_fail(fake, FAKE_NS_OPEN, 1, NULL, EACCES);
	fake_kernel_fail(fake, FAKE_PROCESS_READ, 1, "uid_map", EIO);
	model = scan(fake, NULL);
	user = model_find(model, NS_USER, SAMPLE_USER);
	assert_int_equal(user->parent.state, REL_INITIAL);
	assert_int_equal(user->maps_state, REL_KNOWN);
	assert_int_equal(model->n_notes, sample->n_notes);
	model_unref(model);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

static void a_relation_that_fails_is_noted(void **state)
{
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);
	const struct model *model;

	fake_kernel_fail(fake, FAKE_NS_OWNER_UID, 0, "user:[4026531837]", EIO);
	fake_kernel_fail(fake, FAKE_NS_PARENT, 0, "pid:[4026532110]", ENOTTY);
	model = scan(fake, NULL);
	assert_int_equal(model_find(model, NS_USER, SAMPLE_USER)->owner_uid_state, REL_FAILED);
	assert_int_equal(model_find(model, NS_PID, 4026532110)->parent.state, REL_UNSUPPORTED);
	assert_int_equal(model->n_notes, sample->n_notes + 1);
	assert_string_equal(model->notes[sample->n_notes].what, "owner_uid of user:[4026531837]");
	assert_int_equal(model->notes[sample->n_notes].error, EIO);
	model_unref(model);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

/* EPERM means that the owner is outside of what may be seen, if anything can be outside. */
static void a_refused_owner_is_hidden_if_there_is_an_outside(void **state)
{
	static const struct {
		enum partial limit;
		enum rel_state owner_state;
	} rows[] = {
	        {PARTIAL_UNREADABLE, REL_FAILED}, /* the sample has that anyway */
	        {PARTIAL_PID_NAMESPACE, REL_FAILED},
	        {PARTIAL_USER_NAMESPACE, REL_HIDDEN},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct model *sample = sample_new(true);
		struct model seen = *sample;
		struct fake_kernel *fake;
		const struct model *model;
		const struct ns *uts;

		seen.host.partial |= UINT32_C(1) << rows[i].limit;
		fake = fake_kernel_new(&seen);
		fake_kernel_fail(fake, FAKE_NS_OWNER, 0, "uts:[4026532140]", EPERM);
		model = scan(fake, NULL);
		uts = model_find(model, NS_UTS, 4026532140);
		assert_int_equal(uts->owner.state, rows[i].owner_state);
		assert_int_equal(model_is_partial_by(model, PARTIAL_OWNER_UNKNOWN),
		        rows[i].owner_state == REL_FAILED);
		model_unref(model);
		kernel_free(fake_kernel(fake));
		model_unref(sample);
	}
	(void)state;
}

static size_t count_lacks(const struct model *model)
{
	static const enum partial LACKS[] = {PARTIAL_NO_USER_NS, PARTIAL_NO_RELATIONS,
	        PARTIAL_NO_OWNER_UIDS, PARTIAL_OWNER_UNKNOWN, PARTIAL_FAILED};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(LACKS); i++)
		n += model_is_partial_by(model, LACKS[i]);
	return n;
}

/* What a kernel lacks is one reason, without notes: no ioctl_nsfs(2) (before Linux 4.9), only that
 * for owner UIDs (before 4.11), no user namespaces. */
static void what_a_kernel_does_not_tell_is_said_once(void **state)
{
	static const struct {
		enum fake_op ops[3];
		int error;
		enum partial reason;
		bool is_sampled; /* the sample has the reason, for fake_proc_host */
		enum rel_state owner, owner_uid;
	} rows[] = {
	        {{FAKE_NS_OWNER, FAKE_NS_PARENT, FAKE_NS_OWNER_UID}, ENOTTY, PARTIAL_NO_RELATIONS,
	                false, REL_UNSUPPORTED, REL_UNSUPPORTED},
	        {{FAKE_NS_OWNER_UID, FAKE_NS_OWNER_UID, FAKE_NS_OWNER_UID}, ENOTTY,
	                PARTIAL_NO_OWNER_UIDS, false, REL_KNOWN, REL_UNSUPPORTED},
	        {{FAKE_NS_OWNER, FAKE_NS_OWNER, FAKE_NS_OWNER}, EPERM, PARTIAL_NO_USER_NS, true,
	                REL_UNSUPPORTED, REL_KNOWN},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct model *const sample = sample_new(true);
		struct model seen = *sample;

		seen.host.partial |= rows[i].is_sampled ? UINT32_C(1) << rows[i].reason : 0;
		struct fake_kernel *const fake = fake_kernel_new(&seen);
		const size_t n_lacks = count_lacks(sample);
		for (size_t op = 0; op < ARRAY_SIZE(rows[i].ops); op++)
			fake_kernel_fail(fake, rows[i].ops[op], 0, NULL, rows[i].error);
		const struct model *const model = scan(fake, NULL);
		const struct ns *const user = model_find(model, NS_USER, SAMPLE_USER);
		assert_int_equal(model_find(model, NS_UTS, 4026532140)->owner.state, rows[i].owner);
		assert_int_equal(user->owner_uid_state, rows[i].owner_uid);
		assert_true(model_is_partial_by(model, rows[i].reason));
		assert_int_equal(count_lacks(model), n_lacks + 1);
		assert_int_equal(model->n_notes, sample->n_notes);
		model_unref(model);
		kernel_free(fake_kernel(fake));
		model_unref(sample);
	}
	(void)state;
}

/* EAGAIN is an error like others: it does not mean that the helper can open the namespace. */
static void a_namespace_that_cannot_be_opened_is_noted(void **state)
{
	static const int errors[] = {EAGAIN, EACCES, ENOMEM};

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		const struct model *sample = sample_new(true);
		struct fake_kernel *fake = fake_kernel_new(sample);
		const struct model *model;
		size_t n = 0;

		fake_kernel_fail(fake, FAKE_NS_OPEN, 0, "uts", errors[i]);
		model = scan(fake, NULL);
		for (size_t j = 0; j < model->n_notes; j++)
			n += model->notes[j].error == errors[i] && model->notes[j].pid != 0 &&
			     strncmp(model->notes[j].what, "opening of uts:[", 16) == 0;
		assert_int_equal(n, model_count(model, NS_UTS));
		assert_int_equal(fake_kernel_count(fake, FAKE_NS_OPEN_MOUNTED, 0, NULL), 0);
		model_unref(model);
		kernel_free(fake_kernel(fake));
		model_unref(sample);
	}
	(void)state;
}

/* Inodes that are used again while they are read can look like a cycle: there is a model anyway. */
static void a_circle_is_not_believed(void **state)
{
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);
	const struct model *model;

	fake_kernel_redirect(fake, model_find(sample, NS_USER, 4026532100), FAKE_NS_PARENT,
	        model_find(sample, NS_USER, SAMPLE_INNERMOST));
	model = scan(fake, NULL);
	assert_int_equal(model->n_processes, sample->n_processes);
	assert_non_null(model_find(model, NS_USER, SAMPLE_INNERMOST));
	model_unref(model);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

static void can_be_cancelled_at_any_call(void **state)
{
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);
	size_t n;

	model_unref(scan(fake, NULL));
	n = fake_kernel_count(fake, FAKE_ANY, 0, NULL);
	for (size_t at = 0; at + 20 < n; at += 7) {
		struct canceling canceling = {.at = at};
		struct scan_options options = OPTIONS;
		const struct model *model = NULL, *quick = NULL;

		options.is_cancelled = &canceling.flag;
		fake_kernel_set_hook(fake, cancel_at, &canceling);
		assert_int_equal(
		        scan_run(fake_kernel(fake), &options, NULL, keep_model, &quick, &model),
		        -ECANCELED);
		assert_int_equal(fake_kernel_open_handles(fake), 0);
		model_unref(quick);
	}
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(an_id_that_was_not_read_is_read_later),
	        cmocka_unit_test(no_failure_ends_a_scan),
	        cmocka_unit_test(no_failure_ends_a_refresh),
	        cmocka_unit_test(without_a_list_there_is_no_scan),
	        cmocka_unit_test(refused_processes_are_counted_once),
	        cmocka_unit_test(what_is_not_refused_is_kept),
	        cmocka_unit_test(an_ended_process_is_left_out),
	        cmocka_unit_test(an_owner_that_was_not_visited_has_its_relations),
	        cmocka_unit_test(its_namespaces_vanish_with_it),
	        cmocka_unit_test(another_member_is_used_instead),
	        cmocka_unit_test(a_relation_that_fails_is_noted),
	        cmocka_unit_test(a_refused_owner_is_hidden_if_there_is_an_outside),
	        cmocka_unit_test(what_a_kernel_does_not_tell_is_said_once),
	        cmocka_unit_test(a_namespace_that_cannot_be_opened_is_noted),
	        cmocka_unit_test(a_circle_is_not_believed),
	        cmocka_unit_test(can_be_cancelled_at_any_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
