/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Engines mount files of their store over some of a container's, such as /etc/hostname: the path of
 * such a file names the container. */

#include "base/arena.h"
#include "model/container.h"

struct store_file {
	enum container_kind kind;
	const char *id;
	const char *name, *pod_id; /* NULL: not in the path */
	bool has_user;             /* it is of the store of that user; else of root's */
	uid_t user;
};

/* True for the mount points at which such files are: /etc/hostname, /etc/hosts and
 * /dev/termination-log. */
bool store_files_is_point(const char *point, size_t len);

/* Finds the container of a file, by its path on the host and where it is mounted. Returns false if
 * it is in no store. Strings are in `arena`. */
bool store_files_match(
        struct arena *arena, const char *path, const char *point, struct store_file *ret);
