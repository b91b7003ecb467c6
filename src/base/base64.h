/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stddef.h>

/* Base64 by RFC 4648 section 4, with padding and without line breaks: for bytes that are not valid
 * UTF-8, in snapshots and terminal sequences. */

/* Encodes the first 3 of `len` bytes (at least 1; fewer than 3 are padded) into 4 characters. */
void base64_encode(const unsigned char *bytes, size_t len, char out[static 4]);

/* Decodes `len` characters into `out`, which has room for `len` / 4 * 3 bytes. Returns 0 and the
 * number of bytes; -EINVAL for text that base64_encode does not write. */
_must_check_ int base64_decode(const char *text, size_t len, char *out, size_t *ret_len);
