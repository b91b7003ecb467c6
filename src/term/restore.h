/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <termios.h>

/* What is needed to give the terminal back at any moment, put aside while there is time. */

/* From now on term_emergency_restore works, through the descriptor `fd` (which must stay): the
 * bytes `also`, the strings of the terminal that curses has just taken, and `modes`, which it had
 * before. */
void restore_arm(int fd, const struct termios *modes, const char *also);
void restore_disarm(void);
