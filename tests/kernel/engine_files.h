/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Files of container engines below a directory of a test, and a kernel that reads those. Inside a
 * scene of tests/nsrel/world.h. */

#include "tests/kernel/privileged.h"

/* The root directory of the files. */
#define ENGINE_ROOT PLACE "/root"

/* The id of a container, its file of Docker, and what is in that. */
#define ENGINE_ID_PART "0123456789abcdef"
#define ENGINE_ID      ENGINE_ID_PART ENGINE_ID_PART ENGINE_ID_PART ENGINE_ID_PART
#define ENGINE_DOCKER  "/var/lib/docker/containers/" ENGINE_ID "/config.v2.json"
#define ENGINE_CONFIG                                                                              \
	"{\"Name\":\"/web\",\"Config\":{\"Image\":\"nginx:1.27\"},\"State\":{\"Pid\":4711}}"

/* The lists of containers/storage. */
#define ENGINE_STORAGE "/var/lib/containers/storage/overlay-containers"

/* Makes an empty ENGINE_ROOT in a mount namespace of its own. */
void engine_files_make_root(void);

/* Writes a file with mode 0600, `path` from the root, and makes its directories with mode 0755.
 * What is new belongs to the user. */
void engine_files_put_bytes(uid_t uid, const char *path, const char *bytes, size_t len);
void engine_files_put(uid_t uid, const char *path, const char *text);

/* Only the directories above `path`; the new ones belong to the user. */
void engine_files_make_above(uid_t uid, const char *path);

/* Symbolic link. */
void engine_files_link(uid_t uid, const char *path, const char *text);

/* The job of engine_files_begin. */
extern const struct helper_job engine_files_job;

/* As privileged_begin, but with the files below ENGINE_ROOT. Ends with privileged_end. */
void engine_files_begin(struct privileged_test *ret);

/* Looks up one container. *ret (what was found, in static memory) is cleared if there is an error,
 * which is returned. */
int engine_files_read(const struct privileged_test *test, const struct kernel_container *item,
        struct kernel_container_text *ret);
