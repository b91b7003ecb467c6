/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdbool.h>
#include <termios.h>

/* What is needed to give the terminal back at any moment, put aside while there is time. This
 * file and term.h know terminfo; it stands alone because <term.h> makes macros of common words. */

/* True if TERM on `output` is known and can address the cursor. Writes nothing. */
bool restore_is_usable(int output);

/* From now on term_emergency_restore works: the strings of the terminal that curses has just
 * taken, and `modes`, which it had before. */
void restore_arm(int output, const struct termios *modes);
void restore_disarm(void);
