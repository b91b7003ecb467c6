/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kernel/kernel.h"

/* Tries on our own namespaces what this kernel can and we may; nothing of it is kept. */
void kernel_features_probe(struct kernel_features *ret);

/* CAP_SYS_ADMIN in the initial user namespace, and in the initial PID namespace: what the kernel
 * asks of one who wants to see every namespace. */
bool kernel_features_may_see_all(void);
