/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What is in the namespaces that a test makes, read with the real kernel and a helper, in a PID
 * namespace of its own. What fails ends the process of the test, see world.h. */

#include "kernel/kernel.h"
#include "privsep/helper.h"
#include "scan/ns_facts.h"

struct facts_scene {
	void (*play)(struct facts_scene *scene);
	struct helper *helper;
	struct kernel *kernel;
	const struct model *model;
};

/* Runs that function in a process of its own. Returns its exit status: 0, or 77 if the namespaces
 * of the scene may not be made. */
int facts_scene_run(void (*play)(struct facts_scene *scene));

/* Starts the helper. Without rights: as a user that owns nothing, with the model of before. */
void facts_scene_start(struct facts_scene *scene, bool has_rights);
void facts_scene_stop(struct facts_scene *scene);

/* Replaces the model. */
void facts_scene_scan(struct facts_scene *scene);

/* A namespace that must be in the model. */
const struct ns *facts_scene_find(
        const struct facts_scene *scene, enum nstype type, uint64_t inode);

/* What is in it; the caller releases that. */
const struct ns_facts *facts_scene_read(
        struct facts_scene *scene, enum nstype type, uint64_t inode);

/* The inode number of a link in /proc/PID/ns. */
uint64_t facts_scene_inode(pid_t pid, const char *link);

/* Returns 0 or a negative errno. */
int facts_scene_write(const char *path, const char *text);

/* Ends the test program with the status 77 (1 if NSBROWSE_REQUIRE_ALL is 1) if namespaces of these
 * types may not be made. */
void facts_scene_need(int flags);
