/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

enum { STARTED_SIZE = 32 };

/* When a process started, as a time that does not tick: `HH:MM` if that was on the day on which
 * the model was taken, else `YYYY-MM-DD`, both `utc_offset` seconds east of UTC; `unknown` where
 * the model cannot tell. */
void start_time_write(char text[static STARTED_SIZE], const struct host *host,
        const struct process *process, long utc_offset);
