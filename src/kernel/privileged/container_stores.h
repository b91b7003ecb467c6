/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Where container engines keep what they know of a container: a table of stores (enum kernel_store
 * of kernel.h), and the paths of their files. A path is made of this table and of names that can
 * be one component only, so that a request can name no other file. */

#include "base/attributes.h"
#include "kernel/kernel.h"
#include "kernel/privileged/container_text.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What identifies a container in the paths of a store. */
enum container_id {
	CONTAINER_ID_HEX,    /* 64 hexadecimal digits, in lower case */
	CONTAINER_ID_NUMBER, /* decimal */
	CONTAINER_ID_NAME,   /* any file name */
};

/* The pattern of a path. `//` separates the directory of the engine, above which root may have
 * symbolic links, or that of the user, from what is below. In it are replaced:
 *   ~   at the start: the home directory of the user
 *   %i  the ID of the container
 *   %s  the namespace of containerd
 *   %m  the mapped user and group: UID.GID
 *   %u  the number of the user
 *   %n  the name of the user
 *   %h  the host name */
struct container_file {
	const char *of_root; /* NULL: root has none */
	const char *of_user; /* NULL: users have none */
};

struct container_store {
	struct container_file file;
	enum container_format format;
	enum container_id id;
	size_t max; /* bytes of a file */
	/* A file with the PID of the container, if `file` lacks it. */
	struct container_file proof;
	enum container_format proof_format;
};

/* NULL: there is no such store. */
const struct container_store *container_stores_find(unsigned store);

/* What is replaced in patterns. NULL: not known. */
struct container_words {
	const char *home, *user_name, *host_name;
	uid_t uid;
	bool is_mapped; /* with map_uid and map_gid */
	uid_t map_uid;
	gid_t map_gid;
	const char *id, *space;
};

/* Writes the path. Returns 0; -EINVAL: a word may not be part of a path; -ENOENT: the pattern is
 * NULL, or has a word that is not known; -ENAMETOOLONG. */
_must_check_ int container_stores_path(const struct container_store *store, const char *pattern,
        const struct container_words *words, char *ret_path, size_t size);
