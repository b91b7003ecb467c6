/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "model/watching.h"
#include "scan/scan.h"

#include <poll.h>

/* Keeps a picture of this host up to date, as scan/watch.h says when: by events of the kernel or by
 * lists of PIDs, and in rounds. For one thread, which waits for what is planned (watcher_wait), and
 * then does it (watcher_act). */

struct watcher;

/* `options` is copied; what it points to must stay valid. `quick` receives a quick model as long as
 * there is no whole one (scan_run). It does not watch yet. */
struct watcher *watcher_new(struct kernel *kernel, const struct scan_options *options,
        scan_quick_fn *quick, void *data);

/* NULL is allowed. */
void watcher_free(struct watcher *watcher);

/* Begins or ends to watch. WATCHING_EVENTS: by events if they can be opened, else by lists; `delay`
 * is in ms. The first action is to read all. */
void watcher_set_mode(struct watcher *watcher, enum watching_mode mode, uint64_t delay);

/* Sets the sources (1 << SOURCE_*) of what is read from now on. */
void watcher_set_sources(struct watcher *watcher, uint32_t sources);

/* How long to wait, in ms, for watcher_act; -1: there is nothing to do. ret_fd->fd is to be polled
 * meanwhile; negative: not now. */
int watcher_wait(const struct watcher *watcher, struct pollfd *ret_fd);

/* That descriptor was readable. */
void watcher_see_records(struct watcher *watcher);

/* Does what is planned for now. Returns 1 and a model (one reference), 0 if nothing has changed, or
 * a negative errno: -ECANCELED; others end nothing. */
_must_check_ int watcher_act(struct watcher *watcher, const struct model **ret_model);

/* Reads all, whatever is planned, as scan_run does. */
_must_check_ int watcher_read_all(struct watcher *watcher, const struct model **ret_model);

/* How it watches; *ret_oldest is when the oldest part was read (monotonic ms; 0: there is no model
 * yet), of which `age` is not set. */
void watcher_get(const struct watcher *watcher, struct watching *ret, int64_t *ret_oldest);
