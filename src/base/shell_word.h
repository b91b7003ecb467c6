/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

/* Paths in command lines that a user may paste into a shell. */

/* True if `raw` is printable UTF-8: base/escape.h changes nothing of it but backslashes. */
bool shell_word_is_possible(const char *raw);

/* Writes `raw` as one word that sh(1), dash, bash, ksh, zsh, ash of busybox and fish read as
 * exactly these bytes, whether they read a script or a terminal: [A-Za-z0-9/._-] as they are, a
 * quote as "'", a backslash as "\\", all else in single quotes. (Inside single quotes a backslash
 * is an escape in fish only, outside of them `$'...'` is no quote in dash.) Returns false, and
 * writes nothing, if that is not possible. */
bool shell_word_write(FILE *out, const char *raw);
