/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Some engines run a process beside each container, whose arguments name it. They are memory of
 * that process, which its user may change. */

#include "base/arena.h"
#include "model/container.h"

#include <stdbool.h>

struct monitor_args {
	enum container_kind kind;
	const char *id;
	const char *name; /* NULL: not given */
};

/* Finds the container that a process runs, by its name in /proc/PID/comm and its command line: of
 * conmon(8), containerd-shim and the monitor of lxc(7). Returns false if it is none of these. The
 * strings are in `arena`. A shim of Kubernetes runs all containers of a pod, so it names none. */
bool monitor_args_parse(struct arena *arena, const char *comm, const char *cmdline, size_t len,
        struct monitor_args *ret);
