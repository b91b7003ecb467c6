/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/refresh_internal.h"

/* What must be looked at again: what was found to be gone or in other namespaces while a model was
 * made of it, and processes that are about to end, since there is no event when they are gone. */

/* Sets record->ending_since, by that of the same process before (may be NULL). */
void refresh_settle_ending(struct process_record *record, const struct process_record *was);

/* Reads a process again by the next refresh_read_set, which makes a model in any case. The set
 * refresh->pending must be sorted after that. */
void refresh_settle_want(struct refresh *refresh, pid_t pid);

/* True if something must be looked at again: refresh_has_ending. */
bool refresh_settle_has(const struct refresh *refresh);

/* Adds what is read each time. */
void refresh_settle_add(const struct refresh *refresh, struct u64_set *pids);

/* Puts the state, of which `model` was made, in the place of the last one (takes the state; not the
 * model, which may be the last one). */
void refresh_settle_commit(struct refresh *refresh, struct scan *state, const struct model *model);
