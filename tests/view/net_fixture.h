/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/builder.h"
#include "model/net_facts.h"

/* Models of network namespaces whose interfaces are known, connected pair by pair. */

enum { NET_FIXTURE_SPACES = 40, NET_FIXTURE_PORTS = 60 };

struct net_fixture {
	struct builder *builder;
	const struct model *model; /* from net_fixture_finish on; the caller releases it */
	size_t n;
	struct ns *spaces[NET_FIXTURE_SPACES];
	struct net_facts facts[NET_FIXTURE_SPACES];
	struct net_interface ports[NET_FIXTURE_SPACES][NET_FIXTURE_PORTS];
	struct net_address address; /* 10.0.0.1/24 */
};

/* So many namespaces without interfaces; PID 1 of the host is in the first one. */
void net_fixture_begin(struct net_fixture *net, size_t n);

/* A new interface; kind and name must stay valid. */
struct net_interface *net_fixture_add(
        struct net_fixture *net, size_t space, const char *name, const char *kind);

/* Connects interfaces of two namespaces, or of one. */
void net_fixture_pair(struct net_fixture *net, size_t a, struct net_interface *of_a, size_t b,
        struct net_interface *of_b);

/* Of that namespace nothing is known: permission denied. */
void net_fixture_refuse(struct net_fixture *net, size_t space);

void net_fixture_finish(struct net_fixture *net);
