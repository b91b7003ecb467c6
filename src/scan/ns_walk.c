/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/ns_walk.h"

#include "base/memory.h"
#include "scan/open_mount.h"

void ns_walk_near(struct ns_walk *walk)
{
	struct scan *const scan = walk->scan;
	struct reopen reopen;

	reopen_init(&reopen, scan);
	for (size_t i = 0; i < scan->n_namespaces && !walk->has_ended; i++) {
		const struct ns_record *const record = &scan->namespaces[i];
		struct reached reached;

		if (scan_state_is_cancelled(scan))
			break;
		if (!walk->wants(walk->data, record->ns))
			continue;
		reached = reopen_ns(&reopen, record, walk->only_keys);
		if (reached.result != REACH_BY_HELPER) {
			walk->has_ended = !walk->take(walk->data, record->ns, &reached);
			continue;
		}
		walk->far = memory_grow(
		        walk->far, &walk->far_capacity, walk->n_far + 1, sizeof(*walk->far));
		walk->far[walk->n_far++] = i;
	}
	reopen_release(&reopen);
}

/* Each handle must be taken, also after the end of the walk. */
static void open_batch(struct ns_walk *walk, struct reopen *reopen, struct ns *const *namespaces,
        const size_t *firsts, size_t n)
{
	struct reached reached[OPEN_MOUNT_AT_ONCE];

	open_mount_all(reopen, firsts, n, reached);
	for (size_t i = 0; i < n; i++)
		walk->has_ended |= !walk->take(walk->data, namespaces[i], &reached[i]);
}

void ns_walk_far(struct ns_walk *walk)
{
	struct scan *const scan = walk->scan;
	struct ns *namespaces[OPEN_MOUNT_AT_ONCE];
	size_t firsts[OPEN_MOUNT_AT_ONCE], n = 0;
	struct reopen reopen;

	reopen_init(&reopen, scan);
	for (size_t i = 0; i < walk->n_far && !walk->has_ended; i++) {
		const struct ns_record *const record = &scan->namespaces[walk->far[i]];

		if (scan_state_is_cancelled(scan))
			break;
		if (walk->wants(walk->data, record->ns)) {
			namespaces[n] = record->ns;
			firsts[n++] = record->holder;
		}
		if (n == OPEN_MOUNT_AT_ONCE) {
			open_batch(walk, &reopen, namespaces, firsts, n);
			n = 0;
		}
	}
	if (n > 0 && !walk->has_ended && !scan_state_is_cancelled(scan))
		open_batch(walk, &reopen, namespaces, firsts, n);
	reopen_release(&reopen);
}

void ns_walk_release(struct ns_walk *walk)
{
	free(walk->far);
}
