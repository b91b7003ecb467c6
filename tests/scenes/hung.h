/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A file server (FUSE) that answers while a scene is built, and then reads every question and never
 * answers one: the calling process hangs, and cannot be killed before the server is. It has the
 * files `file`, `ns1`, `ns2` and the folder `dir`. The end of the world ends it too. */

#include "tests/scenes/stage.h"

enum { HUNG_FILE_SIZE = 8192 };

struct hung;

/* Mounts it at the new folder `name` of the world's directory. Returns 0 or a negative errno
 * (said). */
_must_check_ int hung_start(struct stage *stage, const char *name, struct hung **ret);

/* From now on nothing may access the files below its folder. */
void hung_be_silent(struct hung *hung);

/* Stops its process (SIGSTOP): not even a question is read any more. */
void hung_stop(struct hung *hung);
