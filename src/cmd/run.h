/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cmd/options.h"

/* Runs one of the four programs: options, snapshot, helper, rights, then the screen or a file.
 * Returns the exit status: 0 success, 1 failure, 2 wrong usage. */
int run(enum program program, int argc, char **argv);
