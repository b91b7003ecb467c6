/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "kernel/kernel.h"

struct helper;

/* The running system. `proc` is where procfs is mounted ("/proc"). Returns 0, or a negative
 * errno (-ENODEV: no procfs is mounted there). The caller frees with kernel_free. */
_must_check_ int kernel_linux_new(const char *proc, struct kernel **ret);

/* Makes `k` (of kernel_linux_new) use the helper for what needs more rights than this process has.
 * `channel` must stay valid, and is used for nothing else. An operation whose job
 * (kernel/privileged/privileged.h) is not in the table of the helper gives -EOPNOTSUPP. */
void kernel_linux_set_helper(struct kernel *k, struct helper *channel);

/* For tests: of the interfaces of newer kernels (KERNEL_USE_*) only these are used from now on.
 * Without this call, the environment variable NSBROWSE_TEST_INTERFACES selects them if it is set:
 * see kernel_linux_parse_interfaces. */
void kernel_linux_set_interfaces(struct kernel *k, unsigned interfaces);

/* For tests: returns the KERNEL_USE_* that `letters` stands for: `m` for KERNEL_USE_MOUNT_NS, `i`
 * for KERNEL_USE_IDS, `l` for KERNEL_USE_LIST, `p` for KERNEL_USE_PIDFDS. Others are ignored. */
unsigned kernel_linux_parse_interfaces(const char *letters);
