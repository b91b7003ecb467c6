/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Parsers of what container engines write about a container. Of these files, which hold secrets,
 * they give the few facts below and no more. Pure, and without memory of their own: they run in a
 * process that may only read and write (container_files.c). Strings are decoded in place, so the
 * text is changed. */

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum container_format {
	CONTAINER_FORMAT_DOCKER,     /* config.v2.json */
	CONTAINER_FORMAT_OCI,        /* config.json of a bundle: annotations */
	CONTAINER_FORMAT_MACHINE,    /* of systemd-machined: KEY=VALUE */
	CONTAINER_FORMAT_NSRESOURCE, /* of systemd-nsresourced */
	CONTAINER_FORMAT_FLATPAK,    /* info: sections with KEY=VALUE */
	CONTAINER_FORMAT_APPTAINER,
	CONTAINER_FORMAT_PID,    /* a number */
	CONTAINER_FORMAT_BWRAP,  /* bwrapinfo.json */
	CONTAINER_FORMAT_EXISTS, /* the text is not read */
	/* Of many containers: */
	CONTAINER_FORMAT_STORAGE,  /* containers.json: metadata is JSON in a string */
	CONTAINER_FORMAT_POD_LOGS, /* names of links POD_NAMESPACE_CONTAINER-ID.log, one a line */
};

/* A name or image that is longer is left out. */
enum { CONTAINER_TEXT_MAX = 1024 };

/* Raw bytes without NUL, in the text that was parsed; of length 0: not known. */
struct container_slice {
	const char *bytes;
	size_t len;
};

struct container_text {
	struct container_slice id; /* only of formats of many containers */
	struct container_slice name, image, pod, pod_namespace;
	bool is_sandbox;
	pid_t pid;      /* of its first process; 0: not known */
	uint64_t inode; /* of its PID namespace, or, from nsresourced, user namespace; 0: not known
	                 */
	uint64_t ns_id; /* NS_GET_ID of that; 0: not known */
};

/* True for the formats of many containers. */
bool container_text_is_list(enum container_format format);

/* Parses the text of one container. *ret is cleared. Returns 0 or -EBADMSG: it is malformed. */
_must_check_ int container_text_parse(
        enum container_format format, char *text, size_t len, struct container_text *ret);

/* For the formats of many containers. */
struct container_text_list {
	/* True if a container with that ID is to be taken: the rest of others is not decoded. */
	bool (*is_wanted)(void *data, struct container_slice id);
	void (*take)(void *data, const struct container_text *found);
	void *data;
};

/* Parses the text of many containers. Returns 0, or -EBADMSG: it is malformed, and nothing was
 * taken.
 */
_must_check_ int container_text_parse_list(enum container_format format, char *text, size_t len,
        const struct container_text_list *list);
