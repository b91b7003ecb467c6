/* SPDX-License-Identifier: Apache-2.0 */
/* Scans of processes. */
#include "base/monotonic.h"
#include "scan/sources/sources.h"
#include "tests/scan/checked_scan.h"

#include <string.h>

static const struct scan_options OPTIONS = {
        .sources = 1u << SOURCE_PROCESS, .n_threads = 2, .program = "test 1"};

static const struct model *scan(struct fake_kernel *fake, const struct model *previous)
{
	return checked_scan(fake, &OPTIONS, previous, NULL, NULL);
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
		model = checked_scan(fake, &options, NULL, NULL, NULL);
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
		/* With ids, the key of a link tells enough; one has no link. */
		if (has_ids)
			assert_int_equal(fake_kernel_count(fake, FAKE_NS_OPEN, 0, NULL),
			        fake_kernel_count(
			                fake, FAKE_NS_OPEN, SAMPLE_INNER, "pid_for_children"));
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

/* A process in our own PID namespace: directory, its user, ns, ten links, cgroup, stat,
 * cmdline. The kernel translates the PID of one that is nested. */
static void few_calls_for_a_plain_process(void **state)
{
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);

	model_unref(scan(fake, NULL));
	assert_int_equal(fake_kernel_count(fake, FAKE_ANY, 62, NULL), 1 + 1 + 1 + 10 + 3);
	assert_int_equal(fake_kernel_count(fake, FAKE_PROCESS_READ, 62, "status"), 0);
	assert_int_equal(fake_kernel_count(fake, FAKE_PROCESS_READ, 41, "status"), 0);
	assert_int_equal(fake_kernel_count(fake, FAKE_PID_IN_NS, 41, NULL), 1);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

static void a_nested_pid_is_translated_at_each_level(void **state)
{
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);
	const struct model *before = scan(fake, NULL), *model;

	assert_same(sample, before);
	assert_int_equal(fake_kernel_count(fake, FAKE_PID_IN_NS, SAMPLE_INNER, NULL), 2);
	fake_kernel_reset(fake);
	model = scan(fake, before);
	assert_same(sample, model);
	assert_int_equal(fake_kernel_count(fake, FAKE_PID_IN_NS, 0, NULL), 0);
	assert_int_equal(fake_kernel_count(fake, FAKE_PROCESS_READ, 41, "status"), 0);
	model_unref(model);
	model_unref(before);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

/* Before Linux 6.11; and if it fails for another reason. */
static void without_translation_the_status_is_read(void **state)
{
	static const int errors[] = {EOPNOTSUPP, EPERM, ESRCH};

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		const struct model *sample = sample_new(true);
		struct fake_kernel *fake = fake_kernel_new(sample);
		const struct model *model;

		fake_kernel_fail(fake, FAKE_PID_IN_NS, 0, NULL, errors[i]);
		model = scan(fake, NULL);
		assert_same(sample, model);
		assert_int_equal(fake_kernel_count(fake, FAKE_PROCESS_READ, 41, "status"), 1);
		assert_int_equal(fake_kernel_count(fake, FAKE_PID_IN_NS, 0, NULL),
		        errors[i] == EOPNOTSUPP ? 1 : 4);
		model_unref(model);
		kernel_free(fake_kernel(fake));
		model_unref(sample);
	}
	(void)state;
}

static void the_pids_of_an_earlier_process_are_not_those_of_this_one(void **state)
{
	static const pid_t pids[] = {41, 77};
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);
	const struct model *before = scan(fake, NULL), *model;
	const struct process *const found = model_find_process(before, 41);
	struct process *was;

	memcpy(&was, &found, sizeof(was));
	was->started--;
	was->nspid = pids;
	model = scan(fake, before);
	assert_same(sample, model);
	model_unref(model);
	model_unref(before);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

static void the_quick_model_comes_before_the_whole(void **state)
{
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);
	const struct model *quick = NULL;
	const struct model *model = checked_scan(fake, &OPTIONS, NULL, keep_model, &quick);

	assert_same(sample, model);
	/* A PID and a time namespace are only those for children, which are read later, and one is
	 * known by relations only. */
	assert_int_equal(quick->n_namespaces, sample->n_namespaces - 3);
	assert_int_equal(quick->n_processes, sample->n_processes);
	assert_string_equal(model_find_process(quick, 40)->name, "box"); /* a leader */
	assert_string_equal(model_find_process(quick, 41)->name, "worker) R 1 (x");
	assert_int_equal(model_find_process(quick, 40)->container_state, REL_KNOWN);
	assert_int_equal(model_find_process(quick, 41)->container_state, REL_UNREAD);
	for (size_t i = 0; i < quick->n_namespaces; i++)
		assert_non_null(model_find_tag(model, quick->namespaces[i]->tag));
	for (size_t i = 0; i < quick->n_namespaces; i++) {
		const struct ns *const ns = quick->namespaces[i];
		const bool is_initial = nstype_is_initial(ns->type, ns->inode);

		assert_null(ns->owner.ns);
		assert_int_equal(ns->owner.state,
		        is_initial && ns->type == NS_USER ? REL_INITIAL : REL_UNREAD);
	}
	assert_false(model_is_partial_by(quick, PARTIAL_OWNER_UNKNOWN));
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
	assert_int_equal(SCAN_SOURCES_ALL, (1u << SOURCES) - 1);
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
	int64_t before, links_read;

	before = monotonic_ms();
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
	assert_false(scan_state_has(record, PART_FOR_CHILDREN));
	assert_false(scan_state_has(record, PART_STATUS));
	assert_false(scan_state_has(record, PART_HOLDERS));
	assert_false(scan_state_has(record, PART_CMDLINE));
	links_read = record->read_at[PART_LINKS];
	assert_true(links_read >= before && links_read <= monotonic_ms());
	assert_int_equal(source_process_read_holders(&state_of_scan), 0);
	assert_true(record->read_at[PART_HOLDERS] >= links_read);
	assert_true(scan_state_has(record, PART_FOR_CHILDREN));
	assert_true(scan_state_has(record, PART_STATUS));
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

static void notes_have_a_reason(void **state)
{
	struct scan state_of_scan = {0};

	scan_state_init(&state_of_scan, 1);
	scan_state_note(&state_of_scan, 7, "stat", EIO, PARTIAL_FAILED);
	scan_state_note(&state_of_scan, 7, "ns/net", EMFILE, PARTIAL_FAILED);
	scan_state_limit(&state_of_scan, PARTIAL_WAITING);
	scan_state_limit(&state_of_scan, PARTIAL_WAITING);
	assert_int_equal(state_of_scan.partial,
	        1 << PARTIAL_FAILED | 1 << PARTIAL_NO_DESCRIPTORS | 1 << PARTIAL_WAITING);
	assert_int_equal(state_of_scan.notes.n, 2);
	scan_state_release(&state_of_scan);
	(void)state;
}

static void command_lines_are_kept_if_wanted(void **state)
{
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);
	struct scan_options options = OPTIONS;
	const struct model *model;

	options.with_cmdlines = true;
	model = checked_scan(fake, &options, NULL, NULL, NULL);
	assert_string_equal(model_find_process(model, 40)->cmdline[0], "/usr/bin/box");
	assert_null(model_find_process(model, 40)->cmdline[1]);
	assert_false(model_find_process(model, 40)->is_cmdline_cut);
	assert_null(model_find_process(model, 2)->cmdline); /* a kernel thread */
	assert_int_equal(model_find_process(model, 2)->cmdline_error, 0);
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
	model = checked_scan(fake, &options, NULL, NULL, NULL);
	assert_int_equal(model->host.unreadable, 0);
	assert_int_equal(model->n_notes, 0);
	assert_int_equal(model->host.partial, 0);
	model_unref(model);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

/* Its start is not known then: it is not the oldest process of its namespaces. */
static void our_helper_without_stat_leads_nothing(void **state)
{
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);
	struct scan_options options = OPTIONS;
	const struct model *model;

	options.helper = 40;
	fake_kernel_fail(fake, FAKE_PROCESS_READ, 40, "stat", ENOMEM);
	model = checked_scan(fake, &options, NULL, NULL, NULL);
	assert_true(model->host.partial != 0);
	assert_int_equal(model_find_process(model, 40)->state, 0);
	for (size_t i = 0; i < sample->n_namespaces; i++) {
		const struct ns *const ns = sample->namespaces[i];
		const struct ns *const found = model_find(model, ns->type, ns->inode);

		if (ns->leader && ns->leader->pid != 40)
			assert_int_equal(found->leader->pid, ns->leader->pid);
	}
	model_unref(model);
	kernel_free(fake_kernel(fake));
	model_unref(sample);
	(void)state;
}

/* Each process of the sample is the helper, and each call fails once. Returns how often its state
 * was not read. */
static unsigned fail_each_call(struct fake_kernel *fake, pid_t pid)
{
	struct scan_options options = OPTIONS;
	unsigned n_unread = 0;

	options.helper = pid;
	options.n_threads = 1;
	fake_kernel_reset(fake);
	model_unref(checked_scan(fake, &options, NULL, NULL, NULL));
	const size_t n = fake_kernel_count(fake, FAKE_ANY, 0, NULL);
	for (unsigned i = 1; i < n; i++) {
		fake_kernel_reset(fake);
		fake_kernel_fail_call(fake, i, ENOMEM);
		const struct model *const model = checked_scan(fake, &options, NULL, NULL, NULL);
		const struct process *const helper = model_find_process(model, pid);

		if (helper && helper->state == 0) {
			assert_true(model->host.partial != 0);
			n_unread++;
		}
		model_unref(model);
	}
	return n_unread;
}

static void our_helper_read_in_part_is_partial(void **state)
{
	const struct model *sample = sample_new(true);
	struct fake_kernel *fake = fake_kernel_new(sample);
	unsigned n_unread = 0;

	for (size_t i = 0; i < sample->n_processes; i++)
		n_unread += fail_each_call(fake, sample->processes[i]->pid);
	assert_true(n_unread > 0);
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
	        cmocka_unit_test(a_nested_pid_is_translated_at_each_level),
	        cmocka_unit_test(without_translation_the_status_is_read),
	        cmocka_unit_test(the_pids_of_an_earlier_process_are_not_those_of_this_one),
	        cmocka_unit_test(the_quick_model_comes_before_the_whole),
	        cmocka_unit_test(each_source_has_a_row),
	        cmocka_unit_test(each_part_keeps_its_time),
	        cmocka_unit_test(a_part_that_was_not_read_has_no_time),
	        cmocka_unit_test(notes_have_a_reason),
	        cmocka_unit_test(command_lines_are_kept_if_wanted),
	        cmocka_unit_test(our_helper_is_not_counted),
	        cmocka_unit_test(our_helper_without_stat_leads_nothing),
	        cmocka_unit_test(our_helper_read_in_part_is_partial),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
