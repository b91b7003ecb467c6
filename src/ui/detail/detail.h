/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/detail/page.h"

/* The detail pane: everything known about one namespace or one process, as numbered lines with
 * references that can be followed. The lines of the page come first; for a namespace there is a
 * line for each of its processes after them, which is only written when it is drawn. */

/* Builds the page. `source` is copied; what it points to must outlive the page, which the caller
 * releases. */
void detail_build(struct detail *ret, const struct detail_source *source);
void detail_release(struct detail *detail);

/* The number of lines. */
size_t detail_count(const struct detail *detail);

/* The process of line `index` in the table of processes; NULL for other lines. */
const struct process *detail_process(const struct detail *detail, size_t index);

/* The number of references on line `index`; one of them, counted from 0: false if there is none. */
size_t detail_count_refs(const struct detail *detail, size_t index);
bool detail_ref(const struct detail *detail, size_t index, size_t number, struct detail_ref *ret);

/* The first line with a reference to `target`: false if there is none. */
bool detail_find(const struct detail *detail, const struct target *target, size_t *ret_index);

/* Draws line `index`. `selected` (may be NULL) is the reference on it that is selected; with
 * `is_current` it is the selected line. */
void detail_draw(const struct detail *detail, size_t index, bool is_current,
        const struct detail_ref *selected, struct frame_row *ret);
