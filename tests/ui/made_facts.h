/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/ns_facts.h"

/* Made-up facts of the namespace with that tag; the caller owns the reference. `how`, for all
 * types:
 * "" as root reads them; "error" not at all; "poor" with parts that are not known. Of a network
 * namespace also "links" with kinds, bridges and peers: the peer of eth0 is interface 5 of the
 * network namespace with tag `other`; "many" interfaces and sockets; "bridge" the other end. Of a
 * user namespace also "limits", "none" or "denied": its limits. */
const struct ns_facts *made_facts(enum nstype type, uint64_t tag, const char *how, uint64_t other);
