/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What every cmocka test includes, in the order in which cmocka wants it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h wants those four first. */
#include <cmocka.h>

/* cmocka 2 warns of the only name that cmocka 1 has; both compare as uintmax_t. */
#ifndef assert_uint_in_range
#define assert_uint_in_range assert_in_range
#endif
