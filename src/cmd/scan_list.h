/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdint.h>

/* The argument of --scan: which sources a scan has. */

/* The text of the option in --help, in lines of at most 53 characters. */
extern const char scan_list_help[];

/* Parses the list of --scan: `quick`, `all`, `process,fd`, `+socket,-mount`. From left to right a
 * name, or one with `+`, adds a source, and one with `-` removes it. A list that begins with a sign
 * changes the default (SCAN_SOURCES_DEFAULT); another one begins with processes alone, since all
 * other sources need them. Returns 0, or -EINVAL and in *ret_why an error text. */
_must_check_ int scan_list_parse(const char *list, uint32_t *ret, const char **ret_why);
