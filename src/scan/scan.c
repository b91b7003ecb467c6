/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/scan.h"

#include "base/memory.h"
#include "scan/discover.h"
#include "scan/facts.h"
#include "scan/identify.h"
#include "scan/merge.h"
#include "scan/names.h"
#include "scan/relations.h"
#include "scan/scan_threads.h"
#include "scan/sources/source_process.h"

/* How many times a moment may be read anew when what was read contradicts itself. */
#define TRIES 3

static const struct model *known(const struct scan *scan)
{
	return scan->first ? scan->first : scan->previous;
}

/* A builder with everything in it; whole: facts too, which the first picture does without. */
static int build(struct scan *scan, bool is_whole, struct builder *builder, struct places *places)
{
	int r;

	merge_processes(scan, builder, places);
	if (is_whole)
		merge_holders(scan, builder, places);
	identify_and_carry(scan, builder, places);
	r = scan->is_plain ? 0 : relations_ask(scan, builder, places);
	if (r < 0)
		return r;
	merge_mark_leaders(scan, builder);
	r = is_whole ? facts_read(scan, builder, places) : 0;
	if (r == 0)
		r = names_read(scan, !is_whole);
	if (r < 0)
		return r;
	merge_names(scan, builder);
	merge_host(scan, builder);
	return 0;
}

static int build_model(struct scan *scan, bool is_whole, const struct model **ret_model)
{
	struct builder *const builder = builder_new();
	struct places places = {0};
	const int r = build(scan, is_whole, builder, &places);

	free(places.places);
	if (r < 0) {
		builder_free(builder);
		return r;
	}
	return builder_freeze(builder, known(scan), ret_model, NULL);
}

/* What was asked stays known: the next model of this scan carries it over. */
static void keep_first(struct scan *scan, const struct model *model)
{
	model_unref(scan->first);
	scan->first = model;
}

/* A namespace whose members all went before it could be asked must not stand there without owner
 * and parent: then the model is made once more, without those that went. */
static int make_model(struct scan *scan, bool is_whole, const struct model **ret_model)
{
	const struct model *model;
	int r = build_model(scan, is_whole, &model);

	if (r == 0 && scan->n_lost > 0) {
		keep_first(scan, model);
		r = build_model(scan, is_whole, &model);
	}
	if (r == 0)
		*ret_model = model;
	return r;
}

static int make_quick(struct scan *scan, scan_quick_fn *quick, void *data)
{
	const struct model *model;
	const int r = make_model(scan, false, &model);

	if (r < 0)
		return r;
	keep_first(scan, model_ref(model));
	quick(data, model);
	return source_process_read_rest(scan);
}

static int run_once(
        struct scan *scan, scan_quick_fn *quick, void *data, const struct model **ret_model)
{
	int r = source_process_list(scan);

	if (r == 0) {
		progress_begin(scan, scan->n_processes * (quick ? 3 : 1));
		r = source_process_read(scan, quick == NULL);
	}
	if (r == 0 && quick)
		r = make_quick(scan, quick, data);
	if (r == 0)
		r = discover(scan);
	if (r == 0)
		r = make_model(scan, true, ret_model);
	if (r == 0)
		progress_end(scan);
	return r;
}

static void release(struct scan *scan)
{
	holders_release(scan);
	scan_threads_release(scan);
	model_unref(scan->first);
	free(scan->processes);
	free(scan->notes.notes);
}

int scan_run(struct kernel *kernel, const struct scan_options *options,
        const struct model *previous, scan_quick_fn *quick, void *data,
        const struct model **ret_model)
{
	int r = -EINVAL;

	/* Relations that go in a circle cannot be, but numbers that come back while they are read
	 * can look like it. The last try does without them. */
	for (int i = 1; i <= TRIES && r == -EINVAL; i++) {
		const bool is_plain = i == TRIES;
		struct scan scan = {.kernel = kernel,
		        .options = options,
		        .sources = 1u << SOURCE_PROCESS,
		        .previous = is_plain ? NULL : previous,
		        .before = previous,
		        .is_plain = is_plain};

		scan_threads_init(&scan);
		kernel->ops->host(kernel, &scan.host);
		r = run_once(&scan, quick, data, ret_model);
		release(&scan);
	}
	return r;
}
