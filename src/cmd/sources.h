/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "model/model.h"

#include <stdint.h>

/* Where a scan looks, as bits (1 << SOURCE_*), and the lists of --scan. */

/* The sources that --scan accepts. SOURCE_LISTNS is only a name in snapshots. */
#define SOURCES_ALL                                                                                \
	(1u << SOURCE_PROCESS | 1u << SOURCE_THREAD | 1u << SOURCE_FD | 1u << SOURCE_MOUNT |       \
	        1u << SOURCE_SOCKET | 1u << SOURCE_MNTNS)

/* Reads `quick`, `all`, `process,fd`, `+socket,-mount`: from left to right a name adds, and so does
 * one with `+`; one with `-` takes away. A list that begins with a sign changes the default
 * (SCAN_SOURCES_DEFAULT), another one begins with processes alone, since everything else hangs on
 * them. Returns 0, or -EINVAL and in *ret_why our own words for what is wrong with it. */
_must_check_ int sources_parse(const char *list, uint32_t *ret, const char **ret_why);
