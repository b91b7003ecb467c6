/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/watching.h"

#include <stdio.h>

/* The sentences about how the picture is kept up to date. They are ASCII, and change at most once a
 * second. */

/* `events, descriptors read within the last 48 s`; `no events, descriptors ...`. Nothing if nothing
 * is kept up to date. */
void words_watching_short(FILE *out, const struct watching *watching);

/* Why there are no events: `no right to open them (...)`. `error` is that of struct watching, or of
 * kernel_ops.events_open without its sign. */
const char *words_watching_reason(int error);

/* The same in whole lines, one call of `write` for each: which way is used and why (also that the
 * user has to ask), how old the oldest part is, how many events came, of others too, and whether
 * events are being lost. Nothing without an age if nothing is kept up to date: of a snapshot. */
void words_watching_lines(
        const struct watching *watching, void (*write)(void *data, const char *line), void *data);
