/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The source `thread`: threads in other namespaces than their process, which all but user and PID
 * namespaces allow (setns(2), unshare(2)); where their children will be born; and of a process
 * whose first thread has ended (pthread_exit(3) in main) what that one had: /proc/PID/ns then has
 * only user and pid. Only processes of more than one thread are looked at. */

#include "scan/visit.h"

/* Finds what holds namespaces, and sets reading->thread and namespaces where the first thread has
 * ended. Threads that go meanwhile are passed over. */
void source_thread_read(struct visit *visit);
