/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/term/pty_looks.h"

/* The real ./nsbrowse on a terminal, live, on the host of nested.sh and changing.sh: five user
 * namespaces one below the other, one more beside them, and another one that comes. */

enum { CHANGING_LEVELS = 5, CHANGING_NAME = 32 };

/* The host, and the FIFOs of changing.sh. */
struct changing {
	char *folder;
	struct pty *pty;
	int go[3];
	int said;
	char nested[CHANGING_LEVELS][CHANGING_NAME]; /* `user:[N]`, the outermost first */
	char old[CHANGING_NAME]; /* one more beside them, that was there before */
};

/* Returns when the program, which has `option`, shows the host. */
void changing_start(struct changing *host, int rows, int columns, const char *option);
void changing_end(struct changing *host);

/* Tells the host to do the next thing. */
enum { CHANGING_START, CHANGING_END_OLD, CHANGING_MAKE_NEW };
void changing_go_on(const struct changing *host, int what);

/* The next line that the host says: the number of the new namespace, when its process is in it;
 * `gone`, when one has ended. */
void changing_hear(const struct changing *host, char line[static CHANGING_NAME]);
