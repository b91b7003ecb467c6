/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* scene [--host] NAME [COMMAND ARG...]: makes a world with namespaces whose number, kind and
 * holders are known, runs COMMAND (a shell if there is none) in it, and ends the world with it,
 * whatever happens: a PID namespace whose init is the scene itself, killed when the program is.
 *
 * The world is a PID and a mount namespace with a /proc of its own (without rights: in a new user
 * namespace too). PID 1 builds the scene, COMMAND starts when it stands.
 *
 * With --host it is a mount namespace only, for what the kernel permits in the initial PID
 * namespace alone: all processes of the host are there too, and the truth says nothing of their
 * namespaces. A process of the scene then ends with its parent; so this is for scenes in which each
 * has one.
 *
 * In COMMAND's environment:
 *
 *   SCENE_DIR      a directory of the world's own, for what the scene needs
 *   SCENE_TRUTH    the file that says what was planted
 *   SCENE_NUMBERS  what scene_numbers returns; scene --numbers prints it
 *
 * Exit status: COMMAND's (128 + N if signal N ended it); 77 if the kernel refuses what the scene
 * needs, 99 if the scene itself broke (both with a line on standard error), 2 wrong usage.
 *
 * The truth, one line for each holder of each namespace, separated by tabs:
 *
 *   TYPE INODE HOLDER DETAIL PARENT OWNER [MNT]
 *
 * TYPE is user pid mnt net uts ipc cgroup time. PARENT (user, pid) and OWNER are inode numbers, `-`
 * where there is none or it is outside the world. PIDs and TIDs are those of the world's /proc.
 *
 *   HOLDER        DETAIL
 *   process       PID: a process in it (also a zombie, for user and pid)
 *   thread        PID/TID: a thread in it whose process is not, or has lost its leader
 *   fd            PID/FD; PID/TID/FD where the thread has a descriptor table of its own
 *   mount         the mount point, by the rule of base/escape.h; MNT is the inode number of the
 *                 mount namespace that has the mount, of no process if that has none
 *   socket        PID/FD: a socket of it
 *   flight        PID/FD: a message with its descriptor waits at that socket (no /proc shows it)
 *   unborn        PID/TID: its children will be in it, and there was none yet (no link says its
 *                 number, a pidfd does from Linux 6.11)
 *   pin           the mount point of a proc that shows it, as of `mount`; MNT (nothing says its
 *                 number)
 *   for_children  PID/TID: where the next child or, for time, the next program will be
 *   child         user:[INODE] or pid:[INODE]: its child
 *   owns          TYPE:[INODE]: a namespace of another type than user that it owns
 *
 * All that is alive in the world is in it, also what it consists of: PID 1's own namespaces (with
 * PID 1 as their only process, though COMMAND and most helpers of a scene are in them too) and
 * those above them that can be seen. For namespaces other than these all holders are listed. Also:
 *
 *   absent TYPE INODE               not there, whatever the looks
 *   maybe TYPE INODE HOLDER DETAIL  comes and goes: one more holder of a namespace above
 *   unborn TYPE PID/TID             made, but no link says its number yet
 *   born CALL TYPE INODE            made by that call, without a process
 *   lacks CALL                      not planted: the kernel does not have it
 *   world PID                       (--host) the process that built the scene
 *   same LABEL TYPE INODE           (identity) the same label is the same namespace, later too
 *   again TYPE INODE                (identity) had another label before this step
 *
 * A scene with steps reads them from the FIFO $SCENE_DIR/step, a line each, and when the truth is
 * written anew it answers with a line on the FIFO $SCENE_DIR/done: `ok ...`, or `failed`. */

#include "tests/scenes/stage.h"

#include <stdbool.h>
#include <stddef.h>

struct scene {
	const char *name;
	const char *what;
	int (*build)(struct stage *stage);                  /* 0 or a negative errno, in PID 1 */
	int (*step)(struct stage *stage, const char *line); /* the same; NULL: it has no steps */
	void (*end)(struct stage *stage);                   /* after COMMAND; may be NULL */
};

/* The scenes of one family each; the file is named like the family. */
extern const struct scene scenes_sets[];
extern const struct scene scenes_descriptors[];
extern const struct scene scenes_mounts[];
extern const struct scene scenes_threads[];
extern const struct scene scenes_dead[];
extern const struct scene scenes_hostile[];
extern const struct scene scenes_churn[];
extern const struct scene scenes_fuse[];
extern const struct scene scenes_locked[];
extern const struct scene scenes_nets[];
extern const struct scene scenes_ladder[];

/* NAME=NUMBER, separated by blanks, for programs in other languages: the system calls and requests
 * of ioctl(2) that they use. Requests differ between machines. */
const char *scene_numbers(void);

/* The scene with that name; NULL: there is none. */
const struct scene *scene_find(const char *name);

/* Makes the world, builds the scene, runs the command. Returns the exit status. */
int world_show(const struct scene *scene, bool is_host, char *const command[]);
