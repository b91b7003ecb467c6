/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A fake kernel with processes in control groups, and with stores of container engines, for tests
 * of which stores a scan asks and what of their answers it takes. */

#include "tests/scan/checked_scan.h"

/* The namespaces of the host, and others. */
enum {
	STORE_SCENE_PID_NS = 4026531836,
	STORE_SCENE_OTHER_PID_NS = 4026532000,
	STORE_SCENE_USER_NS = 4026531837,
	STORE_SCENE_OWN_USER_NS = 4026532001
};

/* A process: its PID is its place in the list, from 1 on. */
struct store_row {
	const char *cgroup;
	uint64_t pid_ns, user_ns; /* 0: those of the host */
};

/* What a store has of a container. */
struct store_entry {
	enum kernel_store store;
	uid_t uid;
	const char *id, *space;
	int error;
	struct kernel_container_text text;
};

/* What the stores were asked since store_scene_set. */
extern struct store_log {
	size_t n_calls, n_asked;
	struct kernel_container asked[32];
} store_log;

struct store_scene {
	const struct model *truth;
	struct fake_kernel *fake;
	struct kernel_ops ops;
};

/* The processes are as old as `started` plus their PID. The caller releases the scene. */
void store_scene_make(
        struct store_scene *ret, const struct store_row *rows, size_t n, uint64_t started);
void store_scene_release(struct store_scene *scene);

/* The stores of all scenes have these entries, which must stay valid. */
void store_scene_set(const struct store_entry *entries, size_t n);

bool store_scene_was_asked(enum kernel_store store, uid_t uid);

/* The caller releases the model, and the quick one if it wants that. */
const struct model *store_scene_scan(
        struct store_scene *scene, const struct model *previous, const struct model **quick);

/* The container of a process, which must have one. */
const struct container *store_scene_container(const struct model *model, pid_t pid);

/* Fails if the texts differ; both may be NULL. */
void store_scene_check_text(const char *text, const char *wanted);
