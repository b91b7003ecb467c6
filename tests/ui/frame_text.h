/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"

#include <stdbool.h>

/* Checks what holds for each frame: rows of valid UTF-8 without control characters, no wider than
 * the screen, spans in order, the cursor inside; with `is_ascii` only ASCII. Returns NULL, or what
 * is wrong. */
const char *frame_fault(const struct frame *frame, bool is_ascii);

/* The rows as text, each with `|` before it and a newline; the caller frees. */
char *frame_text(const struct frame *frame);
