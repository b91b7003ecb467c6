/* SPDX-License-Identifier: Apache-2.0 */
#include "view/id_map.h"

#include <stdbool.h>

/* The kernel writes maps with the IDs of the user namespace of the process that reads them, not
 * with those of the parent: the second number of a line is an ID of the scan, in all namespaces but
 * that of the scan itself, which is the top of the view. There it is an ID of the parent, which is
 * outside of the view. So an ID is translated in two steps, by way of the ID of the scan.
 * UINT32_MAX is the "ID" of a line that has none there, and never an ID. */

static const struct id_map *map_of(const struct ns *ns, enum id_kind kind)
{
	return kind == ID_USER ? &ns->uid_map : &ns->gid_map;
}

/* The ID outside of an ID inside, or (`is_inward`) the reverse. */
static enum rel_state use_map(
        const struct ns *ns, enum id_kind kind, bool is_inward, uint32_t id, uint32_t *ret)
{
	const struct id_map *map = map_of(ns, kind);

	if (ns->maps_state != REL_KNOWN)
		return ns->maps_state;
	for (size_t i = 0; i < map->n; i++) {
		const struct id_range *range = &map->ranges[i];
		const uint32_t first = is_inward ? range->outside : range->inside;
		const uint64_t other = is_inward ? range->inside : range->outside;

		if (range->outside == UINT32_MAX || id < first || id - first >= range->count)
			continue;
		if (other + (id - first) >= UINT32_MAX)
			continue;
		*ret = (uint32_t)other + (id - first);
		return REL_KNOWN;
	}
	return REL_UNMAPPED;
}

static const struct ns *top_of(const struct ns *user, size_t *ret_depth)
{
	size_t depth = 0;

	for (; user->parent.ns; depth++)
		user = user->parent.ns;
	*ret_depth = depth;
	return user;
}

/* The top has the IDs of the scan, unless its parent could not be found: then it is not known which
 * namespace is that of the scan. */
static bool is_of_scan(const struct ns *top)
{
	return top->parent.state == REL_INITIAL || top->parent.state == REL_HIDDEN;
}

size_t id_map_count(const struct ns *user)
{
	size_t depth;
	const struct ns *top = top_of(user, &depth);

	return depth + 1 + (top->parent.state != REL_INITIAL);
}

/* Between an ID of a level and that of the scan. */
static enum rel_state step(const struct ns *ns, const struct ns *top, enum id_kind kind,
        bool is_inward, uint32_t id, uint32_t *ret)
{
	*ret = id;
	if (id == UINT32_MAX)
		return REL_UNMAPPED;
	if (ns == (is_of_scan(top) ? top : NULL))
		return REL_KNOWN;
	return use_map(ns ? ns : top, kind, ns ? is_inward : !is_inward, id, ret);
}

void id_map_translate(
        const struct ns *user, enum id_kind kind, size_t from, uint32_t id, struct id_level *ret)
{
	const size_t n = id_map_count(user);
	size_t depth;
	const struct ns *top = top_of(user, &depth);
	const struct ns *ns = user;
	uint32_t scanned = 0;

	for (size_t i = 0; i < n; i++, ns = ns ? ns->parent.ns : NULL)
		ret[i] = (struct id_level){.ns = ns};
	const enum rel_state state = step(ret[from].ns, top, kind, false, id, &scanned);
	for (size_t i = 0; i < n; i++) {
		ret[i].state = state;
		if (state == REL_KNOWN)
			ret[i].state = step(ret[i].ns, top, kind, true, scanned, &ret[i].id);
	}
	if (state == REL_KNOWN)
		ret[from].id = id;
}
