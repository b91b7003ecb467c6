/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cmd/options.h"

/* The way through a program, the same for all four: options, snapshot, helper, rights, then the
 * screen or a file. Returns the exit status (interface.md: 0 done, 1 could not, 2 usage). */
int run(enum program program, int argc, char **argv);
