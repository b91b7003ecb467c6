/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/app/state.h"

/* The first and the last line of the screen: header, footer and messages. */

/* How many namespaces (or processes) a view shows. */
size_t status_count(const struct model *model, enum view_kind view);

/* ` USER namespaces 9  pid 6  procs 171   db7  root  +1 -1   1/9` */
void status_header(const struct app *app, struct frame *frame, const struct rect *rect);

/* The message into row `row`. */
void status_message(const struct app *app, struct frame *frame, int row);

/* The last line: the message if there is one, else the footer, ` 1Help  2      3      ...` with
 * the keys of `mode`. */
void status_last_line(const struct app *app, struct frame *frame, enum key_mode mode);

/* The number of the F-key at `column` of the footer; 0: none that has an action. */
unsigned status_footer_key(const struct app *app, enum key_mode mode, int column);
