/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The operations of kernel.h that the helper serves: how it is asked. */

#include "kernel/kernel_linux.h"

struct privileged *privileged_new(struct helper *channel) __attribute__((returns_nonnull));
void privileged_free(struct privileged *privileged);

int privileged_ns_open_mounted(struct kernel *k, struct kernel_mounted *items, size_t n);
int privileged_mount_ns_mountinfo(struct kernel *k, int mount_ns, char **ret, size_t *ret_len);
int privileged_mount_ns_list(struct kernel *k, struct kernel_mount_ns **ret, size_t *ret_n);
int privileged_mount_ns_open(struct kernel *k, uint64_t id);
int privileged_mount_ns_mounts(
        struct kernel *k, uint64_t id, struct kernel_ns_mount **ret, size_t *ret_n);
int privileged_ns_open_keys(
        struct kernel *k, const struct nsrel_key *keys, const int *types, size_t n, int *ret_ns);
int privileged_socket_ns(struct kernel *k, struct kernel_socket *items, size_t n);
int privileged_cmdlines(struct kernel *k, struct kernel_cmdline *items, size_t n,
        kernel_cmdline_fn *take, void *data);
void privileged_kernel_features(struct kernel *k, struct kernel_features *ret);
