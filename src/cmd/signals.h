/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <signal.h>
#include <stdbool.h>

/* What a program with a terminal does about signals: they are read from a descriptor, in the loop,
 * and however they end us, the terminal is given back first and the status tells which it was. */

/* Blocks those that the loop wants to hear of, in this thread and all that it starts. Returns a
 * descriptor to read them from (signalfd(2)), and what was blocked before, or a negative errno. */
_must_check_ int signals_take(sigset_t *ret_before);

/* From now on crashes, and signals that end us and are none of ours, give the terminal back
 * (term_emergency_restore). */
void signals_catch(void);

/* True if that signal has come and was not read yet; if one that ends us has. */
bool signals_has(int number);
bool signals_has_end(void);

/* Ends, or stops, as if the signal had never been caught. Returns when it has not ended us: for
 * init of a PID namespace no signal is deadly. */
void signals_raise(int number);
