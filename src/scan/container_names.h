/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/builder.h"
#include "scan/scan_state.h"

/* Gives the containers of the builder the names, images and pods that the files of their engines
 * have (kernel->containers): those of root if root has chosen the name of the control group, those
 * of a user if that user has, and none if a process in a container has. A name is unverified unless
 * the file has the PID or the namespace of this container.
 *
 * The files of a container are read once, as long as its oldest process lives; the names of the
 * model before are carried over. Without is_whole nothing is read, only carried over. */
void container_names_read(struct scan *scan, struct builder *builder, bool is_whole);
