/* SPDX-License-Identifier: Apache-2.0 */
/* The root directory of a scene. */
#pragma once

/* Takes the namespaces that are mounted in this mount namespace out of it: they belong to no scene.
 * Mounts must be private. `dir` is an absolute path of a directory, which may be covered meanwhile
 * and is empty then, if mounts are locked (mount_namespaces(7)). Returns 0, else a negative errno,
 * and prints it. */
int root_without_namespaces(const char *dir);
