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

/* AddressSanitizer handles fatal signals itself, and keeps memory that was freed for a while. */
#if defined(__SANITIZE_ADDRESS__)
#define HAS_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#define HAS_ADDRESS_SANITIZER __has_feature(address_sanitizer)
#else
#define HAS_ADDRESS_SANITIZER 0
#endif
