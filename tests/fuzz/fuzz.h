/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Each fuzzer is one function. Under --enable-fuzzing libFuzzer calls it; else replay.c does, with
 * what is committed in corpus/NAME, so that `make check` runs every input that was ever of
 * interest. A check that does not hold ends the program. */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);            \
			abort();                                                                   \
		}                                                                                  \
	} while (0)
