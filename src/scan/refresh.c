/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/refresh.h"

#include "base/memory.h"
#include "base/monotonic.h"
#include "model/same.h"

struct refresh {
	struct kernel *kernel;
	struct scan_options options;
	const struct model *last; /* NULL: all must be read */
	int64_t read_at;
};

struct refresh *refresh_new(struct kernel *kernel, const struct scan_options *options)
{
	struct refresh *const refresh = memory_new(sizeof(*refresh));

	refresh->kernel = kernel;
	refresh->options = *options;
	return refresh;
}

void refresh_free(struct refresh *refresh)
{
	if (!refresh)
		return;
	model_unref(refresh->last);
	free(refresh);
}

void refresh_set_sources(struct refresh *refresh, uint32_t sources)
{
	refresh->options.sources = sources;
}

int refresh_all(
        struct refresh *refresh, scan_quick_fn *quick, void *data, const struct model **ret_model)
{
	const int64_t begin = monotonic_ms();
	const int r =
	        scan_run(refresh->kernel, &refresh->options, refresh->last, quick, data, ret_model);

	if (r < 0)
		return r;
	model_unref(refresh->last);
	refresh->last = model_ref(*ret_model);
	refresh->read_at = begin;
	return 0;
}

static int read_changes(struct refresh *refresh, const struct model **ret_model)
{
	const struct model *const before = model_ref(refresh->last);
	const struct model *model;
	int r = before ? refresh_all(refresh, NULL, NULL, &model) : -ESTALE;

	if (r == 0 && same_models(before, model)) {
		model_unref(model);
	} else if (r == 0) {
		*ret_model = model;
		r = 1;
	}
	model_unref(before);
	return r;
}

int refresh_pids(
        struct refresh *refresh, const pid_t *pids, size_t n, const struct model **ret_model)
{
	(void)pids;
	(void)n;
	return read_changes(refresh, ret_model);
}

int refresh_list(struct refresh *refresh, const struct model **ret_model)
{
	return read_changes(refresh, ret_model);
}

int refresh_step(
        struct refresh *refresh, size_t n, const struct model **ret_model, bool *ret_is_end)
{
	(void)n;
	*ret_is_end = true;
	return read_changes(refresh, ret_model);
}

size_t refresh_n_processes(const struct refresh *refresh)
{
	return refresh->last ? refresh->last->n_processes : 0;
}

int64_t refresh_oldest(const struct refresh *refresh)
{
	return refresh->read_at;
}

bool refresh_has_ending(const struct refresh *refresh)
{
	(void)refresh;
	return false;
}
