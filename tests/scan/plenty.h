/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

/* A host with namespaces that no process is in, each kept alive in another way. */

enum {
	PLENTY_PROCESSES = 4,
	PLENTY_HOLDS = 100,      /* has descriptors, one thread */
	PLENTY_PATH_FD = 9,      /* of those: opened by the mount point PLENTY_PATH */
	PLENTY_DETACHED_FD = 10, /* opened by a mount point that is gone */
	PLENTY_THREADS = 110,    /* has threads 111 to 113; 112 has a descriptor table of its own */
	PLENTY_LEADERLESS = 120, /* its first thread has ended; 121 and 122 have not */
};

#define PLENTY_PATH "/run/ns/a b\\c"

/* Each has only the holder in its comment (and a socket, see below). */
#define PLENTY_NET_FD       UINT64_C(4026532301)
#define PLENTY_NET_THREAD   UINT64_C(4026532302)
#define PLENTY_IPC_MOUNT    UINT64_C(4026532303) /* mounted on PLENTY_PATH, opened there too */
#define PLENTY_MNT_FD       UINT64_C(4026532304) /* no process is in it */
#define PLENTY_MNT_NESTED   UINT64_C(4026532305) /* mounted in that one */
#define PLENTY_USER_NESTED  UINT64_C(4026532306) /* mounted in the nested one */
#define PLENTY_NET_SOCKET   UINT64_C(4026532307)
#define PLENTY_UTS_TABLE    UINT64_C(4026532308) /* a descriptor in the table of thread 112 */
#define PLENTY_PID_CHILDREN UINT64_C(4026532309) /* of thread 113 */
#define PLENTY_MNT_LISTED   UINT64_C(4026532310) /* only listed by the kernel */
#define PLENTY_UTS_DETACHED UINT64_C(4026532311)
#define PLENTY_NET_DEAD     UINT64_C(4026532312) /* of thread 121 */
#define PLENTY_IPC_DEAD     UINT64_C(4026532313) /* of thread 122 */

/* One reference, the caller's. with_listed: PLENTY_MNT_LISTED too; with_socket: PLENTY_NET_SOCKET,
 * and PLENTY_NET_FD has a socket as well. */
const struct model *plenty_new(bool has_ids, bool with_listed, bool with_socket);
