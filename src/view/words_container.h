/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"
#include "view/names.h"
#include "view/node.h"

#include <stdio.h>

/* The words for containers in every output: escaped text, as those of words.h. */

/* Its name, else its kind and short id: `web`, `docker 9e1987cf07ac`, `lxc web`; of a pod `web in
 * shop (pod)`, `kubernetes 9e1987cf07ac in pod 8f1c2d3e`, `sandbox of shop (pod)`; of a unit or
 * session `nginx.service`. If its file does not fit it, ` (unverified)` follows. */
void words_container(FILE *out, const struct container *container);

/* The name of its pod, else the first digits of its id: `shop (pod)`, `pod 8f1c2d3e`; nothing if it
 * is in none. */
void words_container_pod(FILE *out, const struct container *container);

/* The level of trust in its name: `root`, `user harald says`, `inside web says` (the outer one),
 * `unverified` (its file does not fit it), `unknown` (the owner of the control group could not be
 * read). `names` may be NULL. */
void words_container_trust(FILE *out, const struct container *container, const struct names *names);

/* Why no file that could have its name was read: `a symbolic link`, `no permission`; nothing if
 * there was no error. */
void words_container_unread(FILE *out, const struct container *container);

/* A line of the view of containers that is no namespace and no process: `host`, `shop (pod)`, `23
 * units`; that of a container as words_container, but without the pod, which stands above it:
 * `web`, `sandbox`; a nested one `runner (claimed)`. */
void words_container_line(FILE *out, const struct node *node);

/* Which of its namespaces are its own (sharing.h), a sign for each type in the order of enum
 * nstype: `CIMNP--S`. A letter, which of uts is S, for its own; in lower case if it shares that
 * with other containers; `-` for the host's, `?` if it is not known. Of a pod the same for all its
 * containers together, and `+` if they have different ones. Nothing for other lines than those of
 * containers, pods and the host. */
void words_container_types(FILE *out, const struct model *model, const struct node *node);

/* The user mapping of such a line, or of a user namespace: `host` for that of the host, else `host
 * root mapped`, or the ranges of user IDs outside, `1000 x1, 100000 x65536`; `not mapped` if
 * nothing was written to its map, `?` if it is not known. Nothing for other lines. */
void words_container_users(FILE *out, const struct model *model, const struct node *node);

/* The container of a namespace: that of its leader, `shop (pod)` if it is in one whose containers
 * share the namespace, `web and 2 more` if others do. Nothing if there is none. */
void words_container_of_ns(FILE *out, const struct ns *ns);

/* The same as a line of text: `container "web" kind docker types CIMNP--S users host processes 4
 * leader nginx (4021)`, `pod "shop" namespace "prod" types ...`, `unit "nginx.service" types ...`,
 * `host types ...`, `23 units processes 60`. What --long appends for a container: ` id ... image
 * "nginx:1.27" trust root`. */
void words_container_text(FILE *out, const struct model *model, const struct node *node);
void words_container_text_long(
        FILE *out, const struct container *container, const struct names *names);

/* What a picture shows of a namespace: as words_leader, but after the container that the leader is
 * in, which a network namespace has instead of its own name: `web: nginx (4021)`. */
void words_container_leader(FILE *out, const struct model *model, const struct ns *ns);
