/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What every cmocka test includes, in the order in which cmocka wants it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h wants those four first. */
#include <cmocka.h>
