/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

#include <stdio.h>

/* One sentence that says what a thing is and why it exists, made of facts only: what is not known
 * is left out. Written as escaped text (base/escape.h), without a full stop. The parent of the
 * leader started it, unless that is an init process: an orphan becomes the child of one
 * (PR_SET_CHILD_SUBREAPER(2const), pid_namespaces(7)). Times are `utc_offset` seconds east of
 * UTC. */

/* `network namespace of docker web: 4 processes, started 03:12 by containerd-shim (702); also held
 * by fd 9 of dockerd (611)`, `the host's user namespace: 152 processes, among them those of 3
 * containers, started 2026-11-20`, `network namespace: no process; held by mount /run/netns/blue`.
 * It is of its container or unit if all its processes are in that, else of its leader. */
void sentence_ns(FILE *out, const struct model *model, const struct ns *ns, long utc_offset);

/* `docker web, image nginx:1.27: 4 processes, started 03:12 by containerd-shim (702); in the host's
 * user time`. */
void sentence_container(
        FILE *out, const struct model *model, const struct container *container, long utc_offset);

/* `process nginx of docker web, PID 7 inside: started 03:12 by sh (1490)`; a zombie: `has exited,
 * its parent sh (1490) has not waited for it`. */
void sentence_process(
        FILE *out, const struct model *model, const struct process *process, long utc_offset);

/* `host db7: 152 processes in no container, 3 containers`. */
void sentence_host(FILE *out, const struct model *model);

/* `pod web in namespace shop: 3 containers, 12 processes`: that of the container `pod`. */
void sentence_pod(FILE *out, const struct model *model, const struct container *pod);
