/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>
#include <stdio.h>

/* The words for a set of capabilities (capabilities(7)), one bit each: `none`, `all`, `net_admin
 * sys_admin`, `all but sys_module sys_rawio`; a bit without a name is its number. */
void capability_write(FILE *out, uint64_t set);
