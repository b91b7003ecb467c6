/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "snapshot/fields.h"

/* Reads the list of namespaces in `span` into the builder, and connects each with its parent and
 * owner. Returns 0, or -EBADMSG and the problem. */
_must_check_ int read_namespaces(struct reader *reader, const struct json_span *span);

/* The entry of a namespace, NULL if there is none. Valid once read_namespaces has returned. */
const struct ns_entry *read_namespaces_find(
        const struct reader *reader, enum nstype type, uint64_t inode);
