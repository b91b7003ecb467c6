/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/scan.h"
#include "scan/sources/sources.h"
#include "tests/model/check_model.h"
#include "tests/scan/fake_kernel.h"
#include "tests/scan/sample.h"
#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

static const struct scan_options OPTIONS = {
        .sources = 1u << SOURCE_PROCESS, .n_threads = 2, .program = "test 1"};

static const struct model *scan_with(struct fake_kernel *fake, const struct scan_options *options,
        const struct model *previous, scan_quick_fn *quick, void *data)
{
	const struct model *model = NULL;

	assert_int_equal(scan_run(fake_kernel(fake), options, previous, quick, data, &model), 0);
	assert_non_null(model);
	assert_int_equal(check_model(model), 0);
	assert_int_equal(fake_kernel_open_handles(fake), 0);
	return model;
}

static const struct model *scan(struct fake_kernel *fake, const struct model *previous)
{
	return scan_with(fake, &OPTIONS, previous, NULL, NULL);
}

static void assert_same(const struct model *expected, const struct model *got)
{
	char *difference = sample_difference(expected, got);

	if (difference)
		fail_msg("differs: %s", difference);
	free(difference);
}

static void keep_model(void *data, const struct model *model)
{
	const struct model **kept = data;

	assert_null(*kept);
	*kept = model;
}

static void gives_back_what_the_kernel_has(void **state)
{
	for (int has_ids = 0; has_ids < 2; has_ids++) {
		const struct model *sample = sample_new(has_ids);
		struct fake_kernel *fake = fake_kernel_new(sample);
		const struct model *model = scan(fake, NULL);

		assert_same(sample, model);
		model_unref(model);
		kernel_free(fake_kernel(fake));
		model_unref(sample);
	}
	(void)state;
}

static void any_number_of_threads_gives_the_same(void **state)
{
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);

	for (unsigned readers = 0; readers < 40; readers += 13) {
		struct scan_options options = OPTIONS;
		const struct model *model;

		options.n_threads = readers;
		model = scan_with(fake, &options, NULL, NULL, NULL);
		assert_same(sample, model);
		model_unref(model);
	}
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

static void each_namespace_is_read_once(void **state)
{
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);

	model_unref(scan(fake, NULL));
	for (size_t i = 0; i < sample->n_namespaces; i++) {
		const struct ns *ns = sample->namespaces[i];
		const bool is_user = ns->type == NS_USER;
		char name[48];

		snprintf(name, sizeof(name), "%s:[%llu]", nstype_name(ns->type),
		        (unsigned long long)ns->inode);
		assert_int_equal(fake_kernel_count(fake, FAKE_NS_OWNER, 0, name), !is_user);
		assert_int_equal(fake_kernel_count(fake, FAKE_NS_OWNER_UID, 0, name), is_user);
		assert_int_equal(fake_kernel_count(fake, FAKE_NS_PARENT, 0, name),
		        nstype_is_hierarchical(ns->type));
	}
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

static void known_namespaces_are_not_read_again(void **state)
{
	for (int has_ids = 0; has_ids < 2; has_ids++) {
		const struct model *sample = sample_new(has_ids);
		struct fake_kernel *fake = fake_kernel_new(sample);
		const struct model *before = scan(fake, NULL), *model;

		fake_kernel_reset(fake);
		model = scan(fake, before);
		assert_same(sample, model);
		assert_int_equal(fake_kernel_count(fake, FAKE_NS_OWNER, 0, NULL), 0);
		assert_int_equal(fake_kernel_count(fake, FAKE_NS_PARENT, 0, NULL), 0);
		assert_int_equal(fake_kernel_count(fake, FAKE_NS_OWNER_UID, 0, NULL), 0);
		assert_int_equal(fake_kernel_count(fake, FAKE_PROCESS_READ, 0, "uid_map"), 0);
		/* a process may be moved to another one */
		assert_true(fake_kernel_count(fake, FAKE_PROCESS_READ, 0, "cgroup") > 0);
		for (size_t i = 0; i < model->n_namespaces; i++)
			assert_true(model->namespaces[i]->tag == before->namespaces[i]->tag);
		model_unref(model);
		model_unref(before);
		kernel_free(fake_kernel(fake));
		model_unref(sample);
	}
	(void)state;
}

/* A process in our own PID namespace: directory, its user, ns, ten links, stat, cmdline. */
static void few_calls_for_a_plain_process(void **state)
{
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);

	model_unref(scan(fake, NULL));
	assert_int_equal(fake_kernel_count(fake, FAKE_ANY, 62, NULL), 1 + 1 + 1 + 10 + 2);
	assert_int_equal(fake_kernel_count(fake, FAKE_PROCESS_READ, 62, "status"), 0);
	assert_int_equal(fake_kernel_count(fake, FAKE_PROCESS_READ, 41, "status"), 1);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

static void the_quick_model_comes_before_the_whole(void **state)
{
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);
	const struct model *quick = NULL;
	const struct model *model = scan_with(fake, &OPTIONS, NULL, keep_model, &quick);

	assert_same(sample, model);
	assert_int_equal(quick->n_namespaces, sample->n_namespaces);
	assert_int_equal(quick->n_processes, sample->n_processes);
	assert_string_equal(model_find_process(quick, 40)->name, "box"); /* a leader */
	assert_string_equal(model_find_process(quick, 41)->name, "worker) R 1 (x");
	for (size_t i = 0; i < model->n_namespaces; i++)
		assert_true(model->namespaces[i]->tag == quick->namespaces[i]->tag);
	/* The relations were not read twice for it. */
	assert_int_equal(
	        fake_kernel_count(fake, FAKE_NS_OWNER_UID, 0, NULL), model_count(sample, NS_USER));
	model_unref(quick);
	model_unref(model);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

/* A source without a row in sources.c would be accepted by --scan and never be read. */
static void each_source_has_a_row(void **state)
{
	for (enum source source = 0; source < SOURCES; source++) {
		if ((SCAN_SOURCES_ALL & ~sources_all()) >> source & 1)
			fail_msg("%s is in model/sources.def, but in no table of sources.c",
			        model_source_name(source));
	}
	assert_int_equal(sources_all(), SCAN_SOURCES_ALL);
	assert_int_equal(SCAN_SOURCES_ALL, ((1u << SOURCES) - 1) & ~(1u << SOURCE_LISTNS));
	(void)state;
}

/* Parts of a record can be read at different times: each keeps its own. */
static void each_part_keeps_its_time(void **state)
{
	static const pid_t self = 1;
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);
	struct scan state_of_scan = {.kernel = fake_kernel(fake), .wanted = 1u << SOURCE_THREAD};
	const struct process_record *record;
	int64_t links_read;

	scan_state_init(&state_of_scan, 1);
	assert_int_equal(source_process_list(&state_of_scan), 0);
	record = scan_state_find(&state_of_scan, self);
	assert_non_null(record);
	for (enum process_part part = 0; part < PROCESS_PARTS; part++)
		assert_false(scan_state_has(record, part));
	assert_int_equal(source_process_read(&state_of_scan, false), 0);
	assert_true(scan_state_has(record, PART_DIRECTORY));
	assert_true(scan_state_has(record, PART_LINKS));
	assert_true(scan_state_has(record, PART_STAT));
	assert_false(scan_state_has(record, PART_HOLDERS));
	assert_false(scan_state_has(record, PART_CMDLINE));
	links_read = record->read_at[PART_LINKS];
	assert_int_equal(source_process_read_holders(&state_of_scan), 0);
	assert_true(record->read_at[PART_HOLDERS] >= links_read);
	assert_true(record->read_at[PART_LINKS] == links_read);
	scan_state_release(&state_of_scan);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

/* A process whose links are refused, and one whose directory is covered by that of another. */
static void a_part_that_was_not_read_has_no_time(void **state)
{
	static const pid_t refused = 40, covered = 2;
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);
	struct scan state_of_scan = {.kernel = fake_kernel(fake)};
	const struct process_record *record;

	fake_kernel_fail(fake, FAKE_NS_LINK, refused, NULL, EACCES);
	fake_kernel_cover_stat(fake, covered, 1);
	scan_state_init(&state_of_scan, 1);
	assert_int_equal(source_process_list(&state_of_scan), 0);
	assert_int_equal(source_process_read(&state_of_scan, true), 0);
	record = scan_state_find(&state_of_scan, refused);
	assert_true(scan_state_has(record, PART_STAT));
	assert_false(scan_state_has(record, PART_LINKS));
	record = scan_state_find(&state_of_scan, covered);
	for (enum process_part part = 0; part < PROCESS_PARTS; part++)
		assert_false(scan_state_has(record, part));
	scan_state_release(&state_of_scan);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

static void command_lines_are_kept_if_wanted(void **state)
{
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);
	struct scan_options options = OPTIONS;
	const struct model *model;

	options.with_cmdlines = true;
	model = scan_with(fake, &options, NULL, NULL, NULL);
	assert_string_equal(model_find_process(model, 40)->cmdline[0], "/usr/bin/box");
	assert_null(model_find_process(model, 40)->cmdline[1]);
	assert_null(model_find_process(model, 2)->cmdline[0]);
	model_unref(model);
	model = scan(fake, NULL);
	assert_null(model_find_process(model, 40)->cmdline);
	model_unref(model);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

static void our_helper_is_not_counted(void **state)
{
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);
	struct scan_options options = OPTIONS;
	const struct model *model;

	options.helper = SAMPLE_REFUSED;
	model = scan_with(fake, &options, NULL, NULL, NULL);
	assert_int_equal(model->host.unreadable, 0);
	assert_int_equal(model->n_notes, 0);
	assert_true(model->host.is_complete);
	model_unref(model);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
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
	assert_false(model->host.is_complete && model->host.unreadable);
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
		model = scan_with(fake, &OPTIONS, NULL, quick, &first);
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
		assert_int_equal(model->n_processes, SAMPLE_PROCESSES - (calls < 14));
		assert_int_equal(model->host.unreadable, 1);
		assert_int_equal(model->n_notes, 1);
		model_unref(model);
	}
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

struct canceling {
	atomic_bool flag;
	atomic_size_t n, at;
};

static void cancel_at(void *data, const struct fake_call *call)
{
	struct canceling *c = data;

	if (atomic_fetch_add(&c->n, 1) == c->at)
		c->flag = true;
	(void)call;
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
	        cmocka_unit_test(gives_back_what_the_kernel_has),
	        cmocka_unit_test(any_number_of_threads_gives_the_same),
	        cmocka_unit_test(each_namespace_is_read_once),
	        cmocka_unit_test(known_namespaces_are_not_read_again),
	        cmocka_unit_test(few_calls_for_a_plain_process),
	        cmocka_unit_test(the_quick_model_comes_before_the_whole),
	        cmocka_unit_test(each_source_has_a_row),
	        cmocka_unit_test(each_part_keeps_its_time),
	        cmocka_unit_test(a_part_that_was_not_read_has_no_time),
	        cmocka_unit_test(command_lines_are_kept_if_wanted),
	        cmocka_unit_test(our_helper_is_not_counted),
	        cmocka_unit_test(an_id_that_was_not_read_is_read_later),
	        cmocka_unit_test(no_failure_ends_a_scan),
	        cmocka_unit_test(no_failure_ends_a_refresh),
	        cmocka_unit_test(without_a_list_there_is_no_scan),
	        cmocka_unit_test(refused_processes_are_counted_once),
	        cmocka_unit_test(what_is_not_refused_is_kept),
	        cmocka_unit_test(an_ended_process_is_left_out),
	        cmocka_unit_test(its_namespaces_vanish_with_it),
	        cmocka_unit_test(another_member_is_used_instead),
	        cmocka_unit_test(a_relation_that_fails_is_noted),
	        cmocka_unit_test(a_namespace_that_cannot_be_opened_is_noted),
	        cmocka_unit_test(a_circle_is_not_believed),
	        cmocka_unit_test(can_be_cancelled_at_any_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
