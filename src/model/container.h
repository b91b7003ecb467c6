/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Containers, as the control groups of processes and the files of container engines show them. All
 * text is raw and was chosen by others; `trust` says by whom. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct process;

enum container_kind {
#define CONTAINER(id, name) CONTAINER_##id,
#include "model/containers.def"
	CONTAINER_OTHER, /* of a snapshot by a later program: see kind_name */
	CONTAINER_KINDS,
};

/* On whose word it is what it says: the user who may create the control group with that name. */
enum trust {
	TRUST_ROOT,
	TRUST_USER,      /* the user `trust_uid` */
	TRUST_CONTAINER, /* a process in the container `outer` */
	TRUST_UNKNOWN,   /* the owner of the control group could not be read */
};

struct container {
	enum container_kind kind;
	const char *kind_name; /* never NULL: that of the kind, or of the later program */
	/* 64 hexadecimal digits, or the name by which the engine identifies it (LXC: "web"). Never
	 * NULL. */
	const char *id;
	enum trust trust;
	uid_t trust_uid;
	/* The container that it is nested in, which could claim anything; NULL: none. */
	const struct container *outer;

	/* NULL: not known. */
	const char *name;  /* as users know it: "web" */
	const char *image; /* as it was typed: "nginx:1.27" */
	const char *pod, *pod_namespace;
	const char *pod_id; /* UID of the pod, with hyphens, or of a Podman pod 64 digits */
	const char *unit;   /* of systemd, which runs it */
	const char *source; /* "cgroup", or the path of the file that gave the name */
	int name_error;     /* errno, positive: why no file was read; 0: no error, or not tried */
	bool is_unverified; /* what that file says does not fit this container */
	bool is_sandbox;    /* it only keeps the namespaces of its pod */

	/* Derived when the model is frozen. */
	uint64_t tag;     /* the same in every model that has it; no namespace or process has it */
	uint64_t pod_tag; /* of its pod: the same for all in it, of nothing else; 0: in none */
	const struct process *const *processes; /* all in it, also in nested ones, by PID */
	size_t n_processes;
	/* The oldest that has not ended, those in the mount namespace of the host last; NULL: none.
	 */
	const struct process *leader;
};

/* "docker", ...; NULL for CONTAINER_OTHER. */
const char *container_kind_name(enum container_kind kind);

/* "root", "user", "container", "unknown". */
const char *container_trust_name(enum trust trust);

/* True for systemd units and sessions, which are no containers. */
bool container_is_label(const struct container *container);

/* A hash of what identifies a container: kind, id, trust, and the tag of `outer`. In the range of
 * the tags of containers. */
uint64_t container_hash(const struct container *container);

/* A hash of what identifies the pod of a container: its UID, or else its name; and as above. In the
 * range of the tags of pods; 0: it is in none. */
uint64_t container_pod_hash(const struct container *container);

/* True if they are the same container: all of that is equal. */
bool container_is_same(const struct container *a, const struct container *b);
