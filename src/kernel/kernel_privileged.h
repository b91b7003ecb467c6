/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The operations of kernel.h that the helper serves: how it is asked. */

#include "kernel/kernel_linux.h"

struct privileged *privileged_new(struct helper *channel, unsigned first_job)
        __attribute__((returns_nonnull));
void privileged_free(struct privileged *privileged);

int privileged_ns_open_mounted(struct kernel *k, struct kernel_mounted *items, size_t n);
