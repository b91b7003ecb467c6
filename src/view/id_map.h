/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

/* Translates user and group IDs between user namespaces (user_namespaces(7)): an ID of a namespace,
 * or of one around it, into the IDs that the same user has in all of them. */

enum id_kind { ID_USER, ID_GROUP };

/* An ID as seen in one of the namespaces. */
struct id_level {
	const struct ns *ns;  /* NULL: what is around the view, see id_map_count */
	enum rel_state state; /* REL_KNOWN; REL_UNMAPPED: no ID there; else why it is not known */
	uint32_t id;          /* if known */
};

/* The number of levels: the user namespace `user` itself is level 0, its ancestors follow. If the
 * last ancestor in the model is not the initial namespace, there is one more level: of a view from
 * inside a user namespace the IDs of its parent, else the IDs that the scan has read. */
size_t id_map_count(const struct ns *user);

/* Translates `id`, as seen in level `from`, to all levels: `ret` has room for id_map_count of them.
 * If `id` itself does not exist in that level, its state is REL_UNMAPPED, and so are the others. */
void id_map_translate(
        const struct ns *user, enum id_kind kind, size_t from, uint32_t id, struct id_level *ret);
