/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

#include <stdbool.h>
#include <stdio.h>

/* Writes a command line of nsenter(1) that enters a namespace, for a shell: printable ASCII on one
 * line (other bytes of a path become $'\xNN', which bash, zsh, ksh and busybox understand). `self`
 * is the PID of nsbrowse in the model: paths are opened in its mount namespace; 0: in that of
 * PID 1.
 *
 * The namespace is entered by its leader (`nsenter -t 1374 --net`), else by a holder: a mount (in
 * another mount namespace by /proc/PID/root), a descriptor, a thread. A user other than root
 * enters the user namespace that owns it first if the user owns that, else needs sudo(8). Returns
 * false, and writes nothing, if nothing leads into it. */
bool nsenter_write(FILE *out, const struct model *model, const struct ns *ns, pid_t self);

/* The same for all namespaces of a process. False if it has exited. */
bool nsenter_write_process(FILE *out, const struct model *model, const struct process *process);

/* True for the user namespace of nsbrowse, which cannot be entered again (setns(2)). `self` as
 * above. */
bool nsenter_is_here(const struct model *model, const struct ns *ns, pid_t self);
