/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the files share that write a snapshot. */

#include "base/json_write.h"
#include "model/limits.h"
#include "model/mounts.h"
#include "model/net_facts.h"
#include "model/ns_facts.h"

/* A key and the name of an errno, or the number of one that has no name; null for 0. */
void snapshot_write_errno(struct json_writer *w, const char *key, int error);

/* The object `facts` of a namespace, which has them: nsbrowse-snapshot(5). `limits` are those of
 * its model, NULL if no user namespace has facts. */
void write_facts(struct json_writer *w, const struct ns *ns, const struct limits *limits);

/* The members of that object that a network namespace has. */
void write_net(struct json_writer *w, const struct net_facts *facts);

/* The list `mounts`: each mount namespace and each mount begins a line. Tables of mount namespaces
 * that the model does not have, by their tags, are left out. */
void write_mounts(struct json_writer *w, const struct model *model, const struct mounts *mounts);
