/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "scan/scan.h"

/* A model that is kept up to date. It keeps what it has read, and reads again only what may have
 * changed: the processes that are named (by events of the kernel, or since their PID is new), and,
 * bit by bit, all of it (a round). No model is ever other than that of a full scan but for what is
 * changed without an event: namespaces that end, descriptors, mounts (but see refresh_want_mounts),
 * sockets, time namespaces, moves between control groups, titles that were rewritten, changed IDs.
 * Those are right again after a round. For one thread.
 *
 * The functions that give a model return 1 and the model (one reference), 0 if nothing has changed
 * since the last model (none is made), or a negative errno: -ESTALE, all must be read
 * (refresh_all); -ECANCELED; or that of listing /proc. */

struct refresh;

/* `options` is copied; what it points to must stay valid. */
struct refresh *refresh_new(struct kernel *kernel, const struct scan_options *options);

/* NULL is allowed. */
void refresh_free(struct refresh *refresh);

/* Sets the sources (1 << SOURCE_*) of what is read from now on; if they are others, all must be
 * read next. */
void refresh_set_sources(struct refresh *refresh, uint32_t sources);

/* Reads all, as scan_run does, and ends the round. Returns 0 and a model, even if it is the same as
 * the last one, or a negative errno. */
_must_check_ int refresh_all(
        struct refresh *refresh, scan_quick_fn *quick, void *data, const struct model **ret_model);

/* Reads the processes of these events (in any order, also several times; new, changed, or ended)
 * and what they touch: children of those that have ended, mounts and relations of namespaces that
 * are new; and processes that are about to end (refresh_has_ending). The command line of a process
 * that was read before is read again only if it was renamed or has executed a program
 * (kernel_event.kinds), since that takes a job of the helper. `n` may be 0. */
_must_check_ int refresh_events(struct refresh *refresh, const struct kernel_event *events,
        size_t n, const struct model **ret_model);

/* The next of these reads the mounts of all mount namespaces again, and makes a model: they have
 * changed in one, and the others may have got the same. */
void refresh_want_mounts(struct refresh *refresh);

/* Reads the processes whose PID is new in /proc or gone from it. */
_must_check_ int refresh_list(struct refresh *refresh, const struct model **ret_model);

/* Goes on with the round: reads all of the next `n` processes, by PID, or in its last step what is
 * not of a process: mounts, what the kernel lists, sockets, owners of control groups, maps, the
 * host. Sets *ret_is_end: that was the last step, and the next call begins a new round. */
_must_check_ int refresh_step(
        struct refresh *refresh, size_t n, const struct model **ret_model, bool *ret_is_end);

/* How many processes the last model has; 0: there is none. */
size_t refresh_n_processes(const struct refresh *refresh);

/* When the part that was not read for the longest time was read (monotonic_ms); 0: there is no
 * model yet. */
int64_t refresh_oldest(const struct refresh *refresh);

/* True if a process has ended a short while ago that its parent has not waited for, or is about to
 * end: no event comes when it is gone. Call refresh_events again after a while, without events. */
bool refresh_has_ending(const struct refresh *refresh);
