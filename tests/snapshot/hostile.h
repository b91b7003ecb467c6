/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Snapshots as text, for the tests of hostile ones. */

#include "tests/snapshot/text.h"

#define HOST                                                                                       \
	"\"host\": {\"name\": \"h\", \"kernel\": \"k\", \"boot_id\": \"b\", "                      \
	"\"taken\": \"2026-11-23T15:04:00Z\", \"hertz\": 100, "                                    \
	"\"booted\": \"2026-11-20T05:09:00Z\", \"euid\": 0, \"sources\": [\"process\"], "          \
	"\"processes\": 1, \"unreadable\": 0, \"complete\": true}"

#define TOP "\"format\": \"nsbrowse-snapshot\", \"version\": 1, \"program\": \"p\""

/* Line 1 and 2; namespaces are in line 3, processes in line 4, notes in line 5. */
#define HEAD "{" TOP ",\n" HOST ",\n"

#define NO_UID                                                                                     \
	"\"owner_uid\": null, \"owner_name\": null, \"owner_uid_state\": \"none\", \"held_by\": "  \
	"[]"

#define NET(inode, dev, owner)                                                                     \
	"{\"type\": \"net\", \"inode\": " inode ", \"dev\": " dev ", \"id\": null, "               \
	"\"parent\": null, \"parent_state\": \"none\", "                                           \
	"\"owner\": " owner ", \"owner_state\": \"known\", " NO_UID "}"

#define USER_MAPS(inode, relations, maps)                                                          \
	"{\"type\": \"user\", \"inode\": " inode ", \"dev\": 4, \"id\": null, " relations          \
	", " NO_UID ", " maps "}"

#define NO_MAPS                                                                                    \
	"\"uid_map\": null, \"gid_map\": null, \"setgroups\": null, \"maps_state\": \"failed\""

#define USER(inode, relations) USER_MAPS(inode, relations, NO_MAPS)

#define BELOW(inode)                                                                               \
	"\"parent\": " inode ", \"parent_state\": \"known\", "                                     \
	"\"owner\": " inode ", \"owner_state\": \"known\""

#define FIRST                                                                                      \
	"\"parent\": null, \"parent_state\": \"initial\", "                                        \
	"\"owner\": null, \"owner_state\": \"initial\""

#define HELD(holder)                                                                               \
	"{\"type\": \"net\", \"inode\": 9, \"dev\": 4, \"id\": null, \"parent\": null, "           \
	"\"parent_state\": \"none\", \"owner\": null, \"owner_state\": \"hidden\", "               \
	"\"owner_uid\": null, \"owner_name\": null, \"owner_uid_state\": \"none\", "               \
	"\"held_by\": " holder "}"

#define PROCESS_WITH(pid, comm, rest)                                                              \
	"{\"pid\": " pid ", \"ppid\": 0, \"started\": 3, \"uid\": 0, \"state\": \"S\", "           \
	"\"kernel\": false, \"comm\": " comm ", \"name\": \"n\", \"nspid\": [1], " rest "}"

#define PROCESS(pid) PROCESS_WITH(pid, "\"c\"", "\"namespaces\": {}")

#define BODY(namespaces, processes, notes)                                                         \
	"\"namespaces\": [" namespaces "],\n\"processes\": [" processes "],\n\"notes\": [" notes   \
	"]}\n"

#define WHOLE(namespaces, processes, notes) HEAD BODY(namespaces, processes, notes)
#define NAMESPACES(namespaces)              WHOLE(namespaces, "", "")
#define PROCESSES(processes)                WHOLE(USER("1", FIRST), processes, "")
#define NOTES(notes)                        WHOLE("", "", notes)
#define COMM(comm)                          PROCESSES(PROCESS_WITH("1", comm, "\"namespaces\": {}"))
