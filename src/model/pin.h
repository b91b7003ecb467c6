/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A namespace of which no number can be read, and the mount that keeps it alive. */

#include "model/nstype.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pin_state {
	PIN_NO_PROCESS, /* nothing but the mount is known to keep it */
	/* It is not known whether it has a process: */
	PIN_COVERED, /* other mounts hide the mount */
	PIN_PART,    /* only a part of the file system is mounted */
	PIN_SLOW,    /* the path passes through a file system that depends on a server */
	PIN_STATES,
};

/* A mounted proc keeps the PID namespace that it shows (proc(5)). */
#define PIN_BY_PROC_MOUNT "proc mount"

/* Mounts of one file system are one pin. */
struct ns_pin {
	enum nstype type;
	enum pin_state state;
	const char *by;        /* PIN_BY_PROC_MOUNT, or another of a snapshot by a later program */
	const char *path;      /* of one mount, raw */
	uint64_t mnt;          /* the mount namespace of that */
	unsigned major, minor; /* of the file system */
	size_t n_mounts;       /* how many there are of it; at least 1 */
	uint64_t tag;          /* set by the builder: of path, mnt and device; below 2^40 */
};

/* The name in snapshots: "no process", "covered", ... */
const char *pin_state_name(enum pin_state state);

/* True if nothing that is known but mounts keeps it alive. */
static inline bool pin_is_leaked(const struct ns_pin *pin)
{
	return pin->state == PIN_NO_PROCESS;
}

/* Sets the tags, and sorts by type, mount namespace, path and device. */
void pin_sort(struct ns_pin *pins, size_t n);
