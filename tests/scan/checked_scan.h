/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Scans of a fake kernel: each gives a consistent model and leaves no handle open. */

#include "scan/scan.h"
#include "tests/model/check_model.h"
#include "tests/scan/fake_kernel.h"
#include "tests/scan/sample.h"
#include "tests/unit.h"

#include <stdatomic.h>
#include <stdlib.h>

/* The caller owns the model. */
static inline const struct model *checked_scan(struct fake_kernel *fake,
        const struct scan_options *options, const struct model *previous, scan_quick_fn *quick,
        void *data)
{
	const struct model *model = NULL;

	assert_int_equal(scan_run(fake_kernel(fake), options, previous, quick, data, &model), 0);
	assert_non_null(model);
	assert_int_equal(check_model(model), 0);
	assert_int_equal(fake_kernel_open_handles(fake), 0);
	return model;
}

/* For scan_run: keeps the quick model in *data, which the caller owns; there is one of a scan. */
static inline void keep_model(void *data, const struct model *model)
{
	const struct model **kept = data;

	assert_null(*kept);
	*kept = model;
}

static inline void assert_same(const struct model *expected, const struct model *got)
{
	char *difference = sample_difference(expected, got);

	if (difference)
		fail_msg("differs: %s", difference);
	free(difference);
}

/* For fake_kernel_set_hook: cancels at call number `at`. */
struct canceling {
	atomic_bool flag;
	atomic_size_t n, at;
};

static inline void cancel_at(void *data, const struct fake_call *call)
{
	struct canceling *c = data;

	if (atomic_fetch_add(&c->n, 1) == c->at)
		c->flag = true;
	(void)call;
}
