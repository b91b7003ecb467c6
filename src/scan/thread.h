/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <pthread.h>

/* Starts a thread that blocks all signals but those of its own crash (SIGSEGV, SIGBUS, ...): others
 * are handled by the thread that has the terminal. If a crash signal is blocked, the kernel ends
 * the process without calling its handler, which restores the terminal. Returns 0 or a negative
 * errno of pthread_create(3). */
_must_check_ int thread_start(pthread_t *ret, void *(*run)(void *data), void *data);
