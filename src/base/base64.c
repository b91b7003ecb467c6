/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base64.h"

#include <stdint.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(const unsigned char *bytes, size_t len, char out[static 4])
{
	const uint32_t all = (uint32_t)bytes[0] << 16 | (len > 1 ? (uint32_t)bytes[1] << 8 : 0) |
	                     (len > 2 ? (uint32_t)bytes[2] : 0);

	out[0] = alphabet[all >> 18];
	out[1] = alphabet[all >> 12 & 63];
	out[2] = len > 1 ? alphabet[all >> 6 & 63] : '=';
	out[3] = len > 2 ? alphabet[all & 63] : '=';
}

/* Four characters, of which the last `padding` are '='. */
static int decode_group(const char *text, int padding, char *out)
{
	uint32_t all = 0;

	for (int i = 0; i < 4; i++) {
		const char c = i >= 4 - padding ? alphabet[0] : text[i];
		const char *at = memchr(alphabet, c, sizeof(alphabet) - 1);

		if (!at)
			return -EINVAL;
		all = all << 6 | (uint32_t)(at - alphabet);
	}
	const uint32_t unused = padding == 2 ? 0xffff : padding == 1 ? 0xff : 0;
	if (all & unused)
		return -EINVAL;
	for (int i = 0; i < 3 - padding; i++)
		out[i] = (char)(all >> (16 - 8 * i) & 0xff);
	return 0;
}

int base64_decode(const char *text, size_t len, char *out, size_t *ret_len)
{
	size_t n = 0;

	if (len % 4 != 0)
		return -EINVAL;
	for (size_t i = 0; i < len; i += 4) {
		int padding = 0;

		if (i + 4 == len && text[i + 3] == '=')
			padding = text[i + 2] == '=' ? 2 : 1;
		if (decode_group(text + i, padding, out + n) < 0)
			return -EINVAL;
		n += (size_t)(3 - padding);
	}
	*ret_len = n;
	return 0;
}
