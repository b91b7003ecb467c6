/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever text it is given, escaping leaves valid, printable UTF-8, and does nothing to text that
 * has no backslash and went through it before. */
#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check_printable(const char *text)
{
	const size_t len = strlen(text);

	CHECK(utf8_is_valid(text, len));
	for (size_t i = 0; i < len;) {
		char32_t c;

		i += utf8_decode(text + i, len - i, &c);
		CHECK(c >= 0x20 && c != 0x7f);
		CHECK(!utf8_is_invisible(c) && !utf8_is_noncharacter(c));
	}
}

static void check_decoder(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len;) {
		char32_t c;
		char again[4];
		const size_t n = utf8_decode(bytes + i, len - i, &c);

		CHECK(n <= len - i && n <= 4);
		if (n) {
			CHECK(utf8_encode(c, again) == n);
			CHECK(memcmp(again, bytes + i, n) == 0);
		}
		i += n ? n : 1;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *raw = memory_new(size + 1);

	memcpy(raw, data, size);
	check_decoder(raw, size);
	_cleanup_free_ char *text = escape_text(raw);
	_cleanup_free_ char *ascii = escape_ascii(raw);
	check_printable(text);
	check_printable(ascii);
	for (const char *c = ascii; *c; c++)
		CHECK((unsigned char)*c < 0x80);
	_cleanup_free_ char *twice = escape_text(text);
	CHECK(strchr(text, '\\') || strcmp(text, twice) == 0);
	return 0;
}
