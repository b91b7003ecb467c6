/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A kernel that says what the model of plenty.h says, for the tests of discovery. */

#include "tests/scan/checked_scan.h"
#include "tests/scan/fake_internal.h"
#include "tests/scan/plenty.h"

/* Without the list of test_listed.c. */
#define DEFAULT (SCAN_SOURCES_DEFAULT & ~(1u << SOURCE_LISTNS))
#define ALL     (DEFAULT | 1u << SOURCE_SOCKET)

static const struct scan_options OPTIONS = {.sources = ALL, .n_threads = 2, .program = "test 1"};

/* A host, and a kernel that shows it. */
struct world {
	const struct model *truth;
	struct fake_kernel *fake;
};

static inline struct fake_kernel *new_fake(const struct model *truth)
{
	struct fake_kernel *fake = fake_kernel_new(truth);

	fake_kernel_set_fd_text(fake, PLENTY_HOLDS, PLENTY_PATH_FD, PLENTY_PATH);
	fake_kernel_set_fd_text(fake, PLENTY_HOLDS, PLENTY_DETACHED_FD, "/");
	fake_kernel_set_fd_text(fake, PLENTY_HOLDS, 20, "/run/uts"); /* a file where a mount is */
	fake_kernel_set_fd_text(fake, PLENTY_HOLDS, 21, "/net:[1]");
	fake_kernel_set_fd_text(fake, PLENTY_HOLDS, 22, "/run/ns/net:[1] (deleted)");
	fake_kernel_set_fd_text(fake, PLENTY_HOLDS, 23, "/");
	fake_kernel_set_fd_text(fake, PLENTY_HOLDS, 24, "pidfd:[4026532301]");
	return fake;
}

static inline struct world make(bool has_ids)
{
	const struct model *truth = plenty_new(has_ids, true, true);

	return (struct world){truth, new_fake(truth)};
}

static inline void unmake(struct world world)
{
	kernel_free(fake_kernel(world.fake));
	model_unref(world.truth);
}

static inline const struct model *scan_from(
        struct fake_kernel *fake, uint32_t sources, const struct model *previous)
{
	struct scan_options options = OPTIONS;

	options.sources = sources;
	return checked_scan(fake, &options, previous, NULL, NULL);
}

static inline void assert_only_of(const struct model *truth, const struct model *model)
{
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		if (!model_find(truth, ns->type, ns->inode))
			fail_msg("invented %s:[%llu]", nstype_name(ns->type),
			        (unsigned long long)ns->inode);
	}
}
