/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <signal.h>
#include <stdbool.h>

/* From now on a write to a closed pipe, or beyond RLIMIT_FSIZE, fails with EPIPE or EFBIG instead
 * of a signal. Programs that this one starts inherit that (the helper resets all signals). */
void signals_ignore_failed_writes(void);

/* Signals of a program with a terminal. The loop reads them from a descriptor. Before a signal ends
 * the process, the terminal is restored; the exit status shows the signal. */

/* Blocks the signals that the loop handles, in this thread and all that it starts. Returns a
 * descriptor to read them from (signalfd(2)) and the mask before, or a negative errno. */
_must_check_ int signals_block(sigset_t *ret_before);

/* From now on the terminal is restored (term_emergency_restore) by each signal that ends the
 * process and is not read from the descriptor: crashes, timers, limits, real-time signals. */
void signals_catch(void);

/* True if that signal, or any that ends the process, is pending: not read from the descriptor yet.
 */
bool signals_has(int number);
bool signals_has_end(void);

/* Raises a signal with its default action: the process ends or stops. Returns if it does not: init
 * of a PID namespace is not ended by signals. */
void signals_raise(int number);
