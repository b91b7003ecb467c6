/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>

/* Milliseconds by CLOCK_MONOTONIC, never negative: for distances in time, whatever is done to the
 * host's clock. Async-signal-safe (signal-safety(7)). */
int64_t monotonic_ms(void);
