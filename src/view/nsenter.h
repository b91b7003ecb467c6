/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "model/model.h"

#include <stdbool.h>
#include <stdio.h>

/* Writes a command line of nsenter(1) that enters a namespace, for a shell: printable text on one
 * line, with paths as base/shell_word.h writes them. `self` is the PID of nsbrowse in the model:
 * paths are opened in its mount namespace; 0: in that of PID 1.
 *
 * The namespace is entered by its leader (`nsenter -t 1374 --net`), else by a holder: a mount (in
 * another mount namespace by /proc/PID/root), a descriptor, a thread. A user other than root
 * enters the user namespace that owns it first if the user owns that, else needs sudo(8). Returns
 * -ENOENT if nothing leads into it, -EILSEQ if only paths do that shell_word_write refuses; then
 * nothing is written. */
int nsenter_write(FILE *out, const struct model *model, const struct ns *ns, pid_t self);

/* The same for all namespaces of a process. -ENOENT if it has exited. */
int nsenter_write_process(FILE *out, const struct model *model, const struct process *process);

/* The process by which it is entered, which is no zombie; NULL: there is none. */
const struct process *nsenter_member(const struct ns *ns);

/* Files below the root directory of another process may be replaced by it: a link there leads a
 * program that opens the path to any other file, also to another namespace. */
enum nsenter_files {
	NSENTER_ANY_FILES,
	NSENTER_OWN_FILES, /* only in our own mount namespace */
};

/* Sets *ret_path to a path of the namespace that a shell can be given, of a holder or thread:
 * `/proc/1402/fd/5`; the caller frees. Returns 0, or an error of nsenter_write and NULL. */
_must_check_ int nsenter_path(const struct model *model, const struct ns *ns, pid_t self,
        enum nsenter_files with, char **ret_path);

/* True if programs that are found in the entered mount namespace then run with all rights of root:
 * it is another one than that of nsbrowse, and the line neither enters a user namespace nor keeps
 * the user. */
bool nsenter_runs_as_root(const struct model *model, const struct ns *ns, pid_t self);
bool nsenter_runs_process_as_root(
        const struct model *model, const struct process *process, pid_t self);

/* True for the user namespace of nsbrowse, which cannot be entered again (setns(2)). `self` as
 * above. */
bool nsenter_is_here(const struct model *model, const struct ns *ns, pid_t self);
