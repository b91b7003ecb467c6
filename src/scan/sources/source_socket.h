/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The source `socket`: sockets of other network namespaces than that of the process which has them.
 * Each socket is asked once for its namespace, whoever has it (pidfd_getfd(2), SIOCGSKNS: the
 * helper's rights), which costs a few system calls a socket, so it is not among the default ones.
 * A socket that is in no other descriptor table than one of a thread's own is not seen. */

#include "scan/scan_state.h"

/* Asks those that source_fd.h has seen. The finds must be sorted, and are after it. Returns 0 or
 * -ECANCELED. */
_must_check_ int source_socket_read(struct scan *scan);
