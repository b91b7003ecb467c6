/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

#include <stdint.h>

/* What the clocks say. */

/* `~/HOST-YYYYMMDD-HHMMSS`, of that model's host (NULL: of this one) and now, with nothing in it
 * that a shell or file system would mind; the caller frees. */
char *clock_save_stem(const struct model *model) __attribute__((returns_nonnull));

/* Seconds east of UTC, here and now. */
long clock_utc_offset(void);

/* monotonic_ms as events have it. */
uint64_t clock_monotonic_ms(void);
