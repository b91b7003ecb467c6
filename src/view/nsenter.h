/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

#include <stdbool.h>
#include <stdio.h>

/* A command line of nsenter(1) that leads into a namespace, ready for a shell: printable ASCII on
 * one line, whatever a path holds (what is not goes into $'\xNN', which bash, zsh, ksh and busybox
 * read). `self` is our own PID in the model, so that it is known which mounts are ours; 0: those
 * of PID 1 are taken for ours.
 *
 * By the leader (`nsenter -t 1374 --net`), else by what holds it: a mount (in another mount
 * namespace by /proc/PID/root), a descriptor, a thread. As one who is not root, through the user
 * namespace that owns it if that is his own, else by sudo. Returns false, and writes nothing, if
 * nothing leads into it. */
bool nsenter_write(FILE *out, const struct model *model, const struct ns *ns, pid_t self);

/* True for the user namespace that we are in: nobody can enter that again (setns(2)). */
bool nsenter_is_here(const struct model *model, const struct ns *ns, pid_t self);

/* The same into all namespaces of a process. False for one that has ended. */
bool nsenter_write_process(FILE *out, const struct model *model, const struct process *process);
