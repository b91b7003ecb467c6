/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Which mount namespaces have the mounts that are searched for (mount_query.h), for haystack.h. */

#include "view/mount_query.h"
#include "view/needle.h"
#include "view/node.h"

/* Zeroed at first. */
struct haystack_mounts {
	const struct mounts *mounts; /* a reference; NULL: they were not read */
	uint64_t own;                /* see mount_query_run */
	char *text;                  /* of the newest query; NULL: none yet */
	struct mount_query query;
};

void haystack_mounts_release(struct haystack_mounts *all);

/* Sets the mounts (NULL: none were read). The model is for the own mount namespace. */
void haystack_mounts_set(
        struct haystack_mounts *all, const struct mounts *mounts, const struct model *model);

/* The mounts of `mnt` (NULL, or of another type: none) that `text` finds, *ret_n of them; NULL:
 * none. The first call with a text is linear in all mounts. */
const struct mount_hit *haystack_mounts_find(
        struct haystack_mounts *all, const char *text, const struct ns *mnt, size_t *ret_n);

/* In how many mount namespaces of the model `text` finds any. */
size_t haystack_mounts_count(
        struct haystack_mounts *all, const char *text, const struct model *model);

/* What was found in one mount namespace, for the user: `/srv (tmpfs): mounted there`, and how many
 * more; NULL: nothing. The caller frees. */
char *haystack_mounts_explain(struct haystack_mounts *all, const char *text, const struct ns *mnt);

/* The mount namespace of a line: itself, or that of its process, or of its container, but not of a
 * line over containers; NULL: it has none. It may be a namespace of another type. */
const struct ns *haystack_mounts_of(const struct node *node);

/* The first field of a mount (mount_words_fields) that has the needle; NULL: none has it. The
 * mounts of one namespace are few: no texts are kept. The caller frees. */
char *haystack_mounts_field(const struct needle *needle, const struct mount_entry *mount);

/* True if any has the text. */
bool haystack_mounts_has(const struct mount_entry *mount, const char *query);
