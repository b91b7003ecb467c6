/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* How a picture of this host is kept up to date, and how old its oldest part is. */

enum watching_mode {
	WATCHING_NONE,   /* it is not: read only on request of the user */
	WATCHING_EVENTS, /* by events of the kernel (perf_event_open(2)) and a slow round */
	WATCHING_LIST,   /* by lists of PIDs and a round */
};

struct watching {
	enum watching_mode mode;
	/* Why there are no events, a positive errno: EACCES, EPERM: no right to open them; EXDEV:
	 * /proc is that of another PID namespace; ECANCELED: not wanted (--no-events); EPIPE:
	 * there is no helper; ENOSYS, EOPNOTSUPP, EINVAL: not in this kernel; 0: none. */
	int error;
	int64_t age;        /* ms since the oldest part was read; negative: not known */
	uint64_t delay;     /* ms between lists of PIDs */
	uint64_t n_records; /* events since the program began, */
	uint64_t n_foreign; /* of these about processes outside of our PID namespace, */
	uint64_t n_lost;    /* and events that were lost beside them */
	bool is_lossy;      /* events are being lost, or come too fast: all is read instead */
};
