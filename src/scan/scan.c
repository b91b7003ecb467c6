/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/scan.h"

#include "base/memory.h"
#include "model/identity.h"
#include "scan/container_monitors.h"
#include "scan/container_mounts.h"
#include "scan/container_names.h"
#include "scan/facts.h"
#include "scan/listed.h"
#include "scan/merge.h"
#include "scan/mounts_read.h"
#include "scan/namespaces.h"
#include "scan/ns_facts.h"
#include "scan/posture.h"
#include "scan/sources/sources.h"

/* How many times a scan is tried while the relations that it reads contradict each other. */
#define TRIES 3

/* Fills the builder from the records; is_whole: with holders and facts, which the quick model does
 * without. */
static int build(struct scan *scan, bool is_whole, struct builder *builder)
{
	int r;

	merge_records(scan, builder, is_whole);
	r = is_whole ? namespaces_read(scan, builder) : namespaces_read_known(scan, builder);
	if (r < 0)
		return r;
	if (is_whole)
		listed_merge(scan, builder);
	merge_mark_leaders(scan, builder);
	if (is_whole)
		r = facts_read_namespaces(scan, builder);
	if (r == 0 && is_whole && scan->with_posture)
		r = posture_read(scan, builder);
	if (is_whole)
		sources_note_stuck(scan);
	if (r == 0)
		r = facts_read_names(scan, !is_whole);
	if (r < 0)
		return r;
	merge_names(scan, builder);
	container_monitors_merge(scan, builder);
	container_mounts_merge(scan, builder);
	container_names_read(scan, builder, is_whole);
	merge_host(scan, builder);
	return 0;
}

static int build_model(struct scan *scan, bool is_whole, const struct model **ret_model)
{
	struct builder *const builder = builder_new();
	const int r = build(scan, is_whole, builder);

	if (r < 0) {
		builder_free(builder);
		return r;
	}
	identity_carry(builder, scan_state_earlier_model(scan));
	return builder_freeze(builder, ret_model, NULL);
}

/* What was read for this model is carried over to the next one of this scan. Takes the
 * reference. */
static void keep_first(struct scan *scan, const struct model *model)
{
	model_unref(scan->first);
	scan->first = model;
}

int scan_make_model(struct scan *scan, bool is_whole, const struct model **ret_model)
{
	int r = build_model(scan, is_whole, ret_model);

	if (r == 0 && scan->n_lost > 0) {
		keep_first(scan, *ret_model);
		scan->is_first_whole = true;
		r = build_model(scan, is_whole, ret_model);
	}
	return r;
}

/* With a quick model each process is opened twice: for what that model needs, then for its threads
 * and descriptors. */
static int run_once(struct scan *scan, struct progress *progress, scan_quick_fn *quick, void *data,
        const struct model **ret_model)
{
	const struct model *model;
	size_t steps;
	int r;

	source_listns_begin(scan);
	r = source_process_list(scan);
	if (r < 0)
		return r;
	steps = scan->n_processes * (quick ? 3 : 1);
	steps += steps / 10 + 1; /* making the model takes time too */
	if (progress)
		progress_set(progress, 0, steps);
	r = source_process_read(scan, quick == NULL);
	if (r == 0 && quick)
		r = scan_make_model(scan, false, &model);
	if (r == 0 && quick) {
		keep_first(scan, model_ref(model));
		quick(data, model);
		r = source_process_read_holders(scan);
	}
	for (size_t i = 0; i < scan->n_processes; i++)
		scan_state_keep_refusal(&scan->processes[i]);
	if (r == 0)
		r = sources_read(scan);
	if (r == 0)
		r = scan_make_model(scan, true, ret_model);
	if (r == 0 && progress)
		progress_set(progress, steps, steps);
	return r;
}

int scan_read_facts(
        struct kernel *kernel, const struct scan_options *options, const struct model *model)
{
	const unsigned what = options->facts & SCAN_FACTS_LINKS ? NS_FACTS_LINKS : 0;
	const uint32_t users = UINT32_C(1) << NS_USER;
	const uint32_t types = options->facts & SCAN_FACTS_ALL ? UINT32_MAX : users;
	const struct mounts *mounts;
	int r = 0;

	if (options->facts & (SCAN_FACTS_ALL | SCAN_FACTS_USER))
		r = ns_facts_read_all(kernel, model, types, what, options->is_cancelled);
	if (r == 0 && options->facts & SCAN_FACTS_MOUNTS) {
		r = mounts_read(kernel, model, options->is_cancelled, &mounts);
		if (r == 0)
			builder_set_mounts(model, mounts);
	}
	if (r == 0 && kernel->ops->is_helper_lost && kernel->ops->is_helper_lost(kernel))
		builder_add_partial(model, PARTIAL_NO_HELPER);
	if (r < 0)
		model_unref(model);
	return r;
}

struct scan *scan_new(
        struct kernel *kernel, const struct scan_options *options, const struct scan *kept)
{
	struct scan *const scan = memory_new(sizeof(*scan));

	*scan = (struct scan){.kernel = kernel,
	        .wanted = options->sources,
	        .with_cmdlines = options->with_cmdlines,
	        .with_cgroups = options->with_cgroups,
	        .without_containers = options->without_containers,
	        .with_container_files = options->with_container_files,
	        .with_posture = options->with_posture,
	        .helper = options->helper,
	        .program = options->program,
	        .is_cancelled = options->is_cancelled,
	        .steps_done = options->progress ? &options->progress->done : NULL,
	        .sources = 1u << SOURCE_PROCESS,
	        .kept = kept};
	if (kernel->ops->begin_waits)
		kernel->ops->begin_waits(kernel);
	scan_state_init(scan, options->n_threads);
	scan->n_for_thread = options->n_for_thread;
	if (kept) {
		scan->host = kept->host;
		scan->own_mnt = kept->own_mnt;
	} else {
		kernel->ops->host(kernel, &scan->host);
	}
	return scan;
}

void scan_free(struct scan *scan)
{
	if (!scan)
		return;
	scan_state_release(scan);
	free(scan);
}

int scan_run_kept(struct kernel *kernel, const struct scan_options *options,
        const struct model *previous, scan_quick_fn *quick, void *data,
        const struct model **ret_model, struct scan **ret_scan)
{
	struct scan *scan = NULL;
	const struct model *model;
	int r = -EINVAL;

	/* -EINVAL: the relations contain a cycle. There are none in the kernel, but inode numbers
	 * that are used again while they are read can look like one. The last try is made without
	 * relations. */
	for (int i = 1; i <= TRIES && r == -EINVAL; i++) {
		scan_free(scan);
		scan = scan_new(kernel, options, NULL);
		scan->is_plain = i == TRIES;
		scan->previous = scan->is_plain ? NULL : previous;
		scan->before = previous;
		scan->with_visits = true;
		r = run_once(scan, options->progress, quick, data, &model);
	}
	if (r == 0)
		r = scan_read_facts(kernel, options, model);
	if (r < 0) {
		scan_free(scan);
		return r;
	}
	*ret_model = model;
	*ret_scan = scan;
	return 0;
}

int scan_run(struct kernel *kernel, const struct scan_options *options,
        const struct model *previous, scan_quick_fn *quick, void *data,
        const struct model **ret_model)
{
	struct scan *scan;
	const int r = scan_run_kept(kernel, options, previous, quick, data, ret_model, &scan);

	if (r == 0)
		scan_free(scan);
	return r;
}
