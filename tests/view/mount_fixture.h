/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"
#include "model/mounts.h"

/* Four mount namespaces: that of PID 1, which is owned by the initial user namespace, a slave of
 * it, one with private mounts, and one whose mounts could not be read. */

#define MOUNT_FIXTURE_HOST    UINT64_C(4026531832)
#define MOUNT_FIXTURE_SLAVE   UINT64_C(4026532301)
#define MOUNT_FIXTURE_PRIVATE UINT64_C(4026532302)
#define MOUNT_FIXTURE_UNREAD  UINT64_C(4026532303)

/* The model, with its mounts (model->mounts). The caller releases it. */
const struct model *mount_fixture(void);

/* Adds a mount; NULL among the strings is one that is not known. */
void mount_fixture_add(struct mounts_builder *builder, const struct mount_entry *entry);
