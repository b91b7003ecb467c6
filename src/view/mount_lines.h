/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/node.h"

#include <stdio.h>

/* The lines of VIEW_MOUNTS: a mount namespace, and below it its mounts as a tree. A mount stands
 * below the one that it is mounted on; siblings are sorted by mount point, stacked ones as they
 * were mounted. A last line says if mounts are not known (enum node_lack). */

/* The mount namespace that is shown: that with the inode options->mnt; for 0 that of the program
 * that scanned, else that of PID 1, else the first one. NULL: it is not in the model. */
const struct ns *mount_lines_ns(const struct model *model, const struct view_options *options);

/* The mount namespaces that a name stands for, each once: `mnt:[4026532301]` or that number, a
 * container or pod (pid_query.h), or the PID of a process. The first of these that is there counts.
 * `ret` has room for model->n_containers + 1. Returns their number; 0: there is none. */
size_t mount_lines_named(const struct model *model, const char *name, const struct ns **ret);

/* Sets `parent` and `depth` of each node, in preorder; the caller frees the array. Of the options
 * only is_inverted sorts. Linear in all mounts, since peers are counted (mount_peers.h). */
struct node *mount_lines_build(
        const struct model *model, const struct view_options *options, size_t *ret_n);

/* The text of a line of enum node_lack, with the error: `(mounts could not be read: permission
 * denied)`; of another line node_heading. */
void mount_lines_write_heading(FILE *out, const struct host *host, const struct node *node);
