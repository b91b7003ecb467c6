/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Makes interfaces in the network namespace of the caller, by rtnetlink(7), as ip(8) does. All
 * return 0 or a negative errno. */

#include <stdint.h>
#include <sys/types.h>

/* A pair of veth interfaces; the other end in the namespace of that process, if it is not 0. */
int net_maker_veth(const char *name, const char *peer, pid_t peer_process);

int net_maker_bridge(const char *name);
int net_maker_master(const char *name, const char *bridge);
int net_maker_up(const char *name);

/* `text` is an address of either family. */
int net_maker_address(const char *name, const char *text, int prefix);
int net_maker_default_route(const char *name, const char *gateway, uint32_t metric);

/* A socket of that type that listens at the address, or is bound to it, as descriptor `number`. */
int net_maker_listen(int type, const char *text, uint16_t port, int number);
