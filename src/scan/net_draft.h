/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The facts of a network namespace while they are read: for net_facts_read.c and what it calls. */

#include "kernel/kernel.h"
#include "model/model.h"
#include "model/net_facts.h"

/* An address whose interface is known by its index, by its name, or not at all. */
struct net_draft_address {
	struct net_address address;
	int ifindex;      /* 0: not known */
	const char *name; /* NULL: not known */
};

struct net_draft {
	struct kernel *k;
	const struct ns *ns;
	int process, handle; /* in and of the namespace, or a negative errno */
	unsigned parts;      /* that are wanted, 1 << NET_PART_* */
	int unseen; /* why there may be more processes in the namespace; 0: there are not */
	struct arena *arena;
	int handle_error;            /* 0: the handle can be used */
	struct net_facts *facts;     /* parts, routes and sockets; the rest at the end */
	int files[KERNEL_NET_FILES]; /* handles, or a negative errno */
	/* Growing arrays. Names are in `arena`. */
	struct net_interface *interfaces;
	size_t n_interfaces, interfaces_capacity;
	size_t last_interface; /* that net_proc_interface has found */
	struct net_draft_address *addresses;
	size_t n_addresses, addresses_capacity;
};

static inline bool net_draft_wants(const struct net_draft *draft, enum net_part part)
{
	return (draft->parts & 1u << part) != 0;
}

/* Adds the result of one step to that of the part: 0, 1 (there is more than was read), or a
 * negative errno. The first error is kept. */
static inline void net_draft_note(struct net_draft *draft, enum net_part part, int result)
{
	struct net_part_result *const known = &draft->facts->parts[part];

	if (known->state == NET_NOT_ASKED)
		known->state = NET_KNOWN;
	if (result > 0)
		known->is_cut = true;
	if (result < 0 && known->state == NET_KNOWN) {
		known->state = NET_FAILED;
		known->error = -result;
	}
}

/* --- net_proc.c: what the files of /proc/PID/net show ------------------------------------------
 */

/* Opens the files for the parts that are wanted, in draft->files. They show that namespace: the
 * process is in it before and after that. */
void net_proc_open(struct net_draft *draft);
void net_proc_close(struct net_draft *draft);

/* Called with a line without its newline. Returns 0; 1: no more lines are needed; 2: there are too
 * many; -ENODATA: nothing of interest; -EINVAL: malformed. */
typedef int net_proc_line_fn(struct net_draft *draft, const char *line, size_t len, void *data);

/* Calls `take` with each line of a file, some MiB at most. Returns 0; 1 if there is more than was
 * read; or a negative errno (-EBADMSG: a line was malformed, and left out). A file of IPv6 that
 * this kernel does not have is empty. */
_must_check_ int net_proc_lines(
        struct net_draft *draft, enum kernel_net_file file, net_proc_line_fn *take, void *data);

/* Names and indexes of interfaces, and IPv6 addresses. */
void net_proc_interfaces(struct net_draft *draft);

/* Default routes, if they are wanted, and with_local the IPv4 addresses: one file has facts for
 * both. */
void net_proc_routes(struct net_draft *draft, bool with_local);

/* The interface with that name in the draft, which is added if it is missing; NULL if there are too
 * many. `len` is below 16. */
struct net_interface *net_proc_interface(struct net_draft *draft, const char *name, size_t len);

/* --- net_sockets.c -----------------------------------------------------------------------------
 */

/* Listening sockets, and the processes of the namespace that have them open. */
void net_sockets_read(struct net_draft *draft);
