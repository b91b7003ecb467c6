/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/escape.h"
#include "base/text.h"
#include "base/utf8.h"
#include "tests/base/random.h"
#include "tests/unit.h"

#include <locale.h>
#include <string.h>
#include <wchar.h>

enum { N_RANDOM = 1000 * 1000 };

#define MARK  "\xcc\x81" /* U+0301 */
#define MARKS MARK MARK MARK MARK MARK MARK MARK MARK

static const struct {
	const char *raw, *text, *ascii;
} table[] = {
        {"", "", ""}, {"plain (1) [x] \"'", "plain (1) [x] \"'", "plain (1) [x] \"'"},
        {"\\", "\\\\", "\\\\"}, {"\\x1b", "\\\\x1b", "\\\\x1b"},
        {"\x1b[31m\a\t\r\n", "\\x1b[31m\\x07\\x09\\x0d\\x0a", "\\x1b[31m\\x07\\x09\\x0d\\x0a"},
        {"\x01\x1f\x7f", "\\x01\\x1f\\x7f", "\\x01\\x1f\\x7f"},
        {"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f", "gr\\u{00fc}\\u{00df}"},
        {"\xe6\xbc\xa2\xf0\x9f\x98\x80", "\xe6\xbc\xa2\xf0\x9f\x98\x80", "\\u{6f22}\\u{1f600}"},
        /* C1, as a byte and as a character */
        {"\x9b"
         "31m",
                "\\x9b31m", "\\x9b31m"},
        {"\xc2\x9b"
         "31m\xc2\x80\xc2\x85\xc2\x9f",
                "\\u{009b}31m\\u{0080}\\u{0085}\\u{009f}",
                "\\u{009b}31m\\u{0080}\\u{0085}\\u{009f}"},
        /* not UTF-8: overlong, surrogate, too large, cut off */
        {"\xc0\xaf", "\\xc0\\xaf", "\\xc0\\xaf"},
        {"\xed\xa0\x80", "\\xed\\xa0\\x80", "\\xed\\xa0\\x80"},
        {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", "\\xf4\\x90\\x80\\x80"},
        {"a\xe2\x82", "a\\xe2\\x82", "a\\xe2\\x82"},
        /* combining marks: none to begin with, none behind an escape, eight in a row */
        {MARK "a" MARK, "\\u{0301}a" MARK, "\\u{0301}a\\u{0301}"},
        {"\x1b" MARK, "\\x1b\\u{0301}", "\\x1b\\u{0301}"},
        {"a" MARKS "b" MARKS MARK MARK "c" MARK, "a" MARKS "b" MARKS "\\u{0301}\\u{0301}c" MARK,
                NULL},
        {"a" MARKS "\xe1\x85\xa1"
         "b",
                "a" MARKS "\\u{1161}b", NULL}, /* a Hangul vowel */
};

static void by_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_free_ char *text = escape_text(table[i].raw);
		_cleanup_free_ char *ascii = escape_ascii(table[i].raw);

		assert_string_equal(text, table[i].text);
		if (table[i].ascii)
			assert_string_equal(ascii, table[i].ascii);
		_cleanup_text_ struct text later;
		text_init(&later);
		escape_write_ascii(later.out, text, strlen(text));
		assert_string_equal(text_get(&later), ascii);
	}
	_cleanup_free_ char *nothing = escape_text(NULL);
	assert_string_equal(nothing, "");
}

/* Alone and between letters, each becomes its number. */
static void what_cannot_be_seen_is_numbered(void **state)
{
	static const char32_t hidden[] = {0x80, 0x9f, 0xad, 0x34f, 0x600, 0x61c, 0x115f, 0x1160,
	        0x17b4, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a,
	        0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0x3164,
	        0xfe00, 0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xfffb, 0xfdd0, 0xfdef, 0xfffe, 0xffff,
	        0x1fffe, 0x8ffff, 0x1d173, 0xe0001, 0xe0020, 0xe007f, 0xe0100, 0xe01ef, 0x10fffe,
	        0x10ffff};
	static const char32_t seen[] = {0xa0, 0xa1, 0xe9, 0x3000, 0xe000, 0xfdcf, 0xfdf0, 0xfffd,
	        0x1f1e6, 0x1f600, 0x10fffd};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(hidden); i++) {
		char raw[7] = "a", wanted[16];

		raw[1 + utf8_encode(hidden[i], raw + 1)] = 'b';
		snprintf(wanted, sizeof(wanted), "a\\u{%04x}b", (unsigned)hidden[i]);
		_cleanup_free_ char *text = escape_text(raw);
		assert_string_equal(text, wanted);
	}
	for (size_t i = 0; i < ARRAY_SIZE(seen); i++) {
		char raw[5] = "";

		utf8_encode(seen[i], raw);
		_cleanup_free_ char *text = escape_text(raw);
		assert_string_equal(text, raw);
	}
}

static void quotes_and_nul(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	escape_write(out, "a\"b\0c\\n'", 8, '"');
	escape_write(out, "\"", 1, 0);
	fclose(out);
	assert_string_equal(text, "a\\\"b\\x00c\\\\n'\"");
	free(text);
}

/* Decodes one piece of escaped text; returns its length. That every text can be decoded shows that
 * different names have different escapes. */
static size_t unescape_next(const char *text, char *raw, size_t *ret_len)
{
	unsigned number;
	int end = 0;

	*ret_len = 1;
	if (text[0] != '\\') {
		raw[0] = text[0];
		return 1;
	}
	if (sscanf(text, "\\x%2x%n", &number, &end) == 1 && end == 4) {
		raw[0] = (char)number;
		return 4;
	}
	if (sscanf(text, "\\u{%x}%n", &number, &end) == 1 && end >= 8) {
		*ret_len = utf8_encode(number, raw);
		return (size_t)end;
	}
	raw[0] = text[1];
	return 2;
}

static size_t unescape(const char *text, char *raw)
{
	size_t len = 0, n;

	while (*text) {
		text += unescape_next(text, raw + len, &n);
		len += n;
	}
	return len;
}

/* Printable by the C library and by the rule. */
static void assert_clean(const char *text)
{
	const size_t len = strlen(text);
	int marks = 8;
	char32_t c;

	for (size_t i = 0, n; i < len; i += n) {
		n = utf8_decode(text + i, len - i, &c);
		assert_true(n > 0 && c >= 0x20 && (c < 0x7f || c > 0x9f));
		assert_false(utf8_is_noncharacter(c) || utf8_is_invisible(c));
		marks = utf8_is_combining(c) ? marks + 1 : 0;
		assert_true(marks <= 8);
		if (n > 1 && wcwidth((wchar_t)c) == 0)
			assert_true(utf8_is_combining(c));
	}
}

static void random_names_come_back(void **state)
{
	uint64_t seed = 20161123;
	char raw[128], again[256];

	(void)state;
	for (int i = 0; i < N_RANDOM; i++) {
		const size_t len = random_nasty(&seed, raw);
		_cleanup_free_ char *text = escape_text(raw);

		assert_clean(text);
		assert_int_equal(unescape(text, again), len);
		assert_memory_equal(again, raw, len);
		if (i % 8)
			continue;
		_cleanup_free_ char *ascii = escape_ascii(raw);
		for (const char *p = ascii; *p; p++)
			assert_true(*p >= 0x20 && *p < 0x7f);
		assert_int_equal(unescape(ascii, again), len);
		assert_memory_equal(again, raw, len);
	}
	print_message("# R1: %d random names: 0 raw control, bidi or invisible characters, invalid "
	              "bytes, or marks after the 8th\n",
	        N_RANDOM);
	print_message(
	        "# R4: %d random names: each comes back from its escaped text, so no two have "
	        "the same\n",
	        N_RANDOM);
}

static void writer_and_string_agree(void **state)
{
	uint64_t seed = 42;
	char raw[128];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		const size_t len = random_nasty(&seed, raw);
		_cleanup_free_ char *text = escape_text(raw);
		char *written = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&written, &size);

		escape_write(out, raw, len, 0);
		fclose(out);
		assert_string_equal(written, text);
		free(written);
	}
}

static void assert_cut(const char *text, size_t most, const char *expected)
{
	_cleanup_text_ struct text out;

	text_init(&out);
	escape_write_cut(out.out, text, strlen(text), most, "…");
	assert_string_equal(text_get(&out), expected);
}

/* Up to ESCAPE_NAME_MAX bytes, never inside a character. */
static void long_names_are_cut(void **state _unused_)
{
	enum { MAX_BYTES = ESCAPE_NAME_MAX };
	static const struct {
		size_t plain; /* so many bytes, and then these */
		const char *end, *expected;
	} rows[] = {{MAX_BYTES, "", ""}, {MAX_BYTES, "b", "…"}, {MAX_BYTES - 1, "é", "…"},
	        {MAX_BYTES - 2, "é", "é"}, {MAX_BYTES - 1, "\x1b", "\\x1b"},
	        {MAX_BYTES - 1, "\x1b\x1b", "\\x1b…"}, {MAX_BYTES - 3, "\xf0\x9f\x98\x80", "…"},
	        {MAX_BYTES - 1, "\x80\x80", "\\x80…"}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char raw[MAX_BYTES + 8];
		_cleanup_text_ struct text out;

		memset(raw, 'a', rows[i].plain);
		memcpy(raw + rows[i].plain, rows[i].end, strlen(rows[i].end) + 1);
		_cleanup_free_ char *text = escape_name(raw);
		text_init(&out);
		escape_write_name(out.out, raw, 0);
		assert_string_equal(text_get(&out), text);
		assert_int_equal(strspn(text, "a"), rows[i].plain);
		assert_string_equal(text + rows[i].plain, rows[i].expected);
	}
	_cleanup_free_ char *nothing = escape_name(NULL);
	assert_string_equal(nothing, "");
}

static void test_cut_at_a_character(void **state)
{
	(void)state;
	assert_cut("", 4, "");
	assert_cut("abcd", 4, "abcd");
	assert_cut("abcde", 4, "abcd…");
	assert_cut("日本語日本", 4, "日本語日…");
	assert_cut("日本語日", 4, "日本語日");
	assert_cut("abcde", 0, "…");
}

static void test_cut_never_inside_an_escape(void **state)
{
	(void)state;
	assert_cut("ab\\x1b", 6, "ab\\x1b");
	assert_cut("ab\\x1bc", 6, "ab\\x1b…");
	assert_cut("ab\\x1bc", 5, "ab…");
	assert_cut("ab\\x1bc", 3, "ab…");
	assert_cut("a\\\\b", 3, "a\\\\…");
	assert_cut("a\\\\b", 2, "a…");
	assert_cut("a\\u{202e}b", 8, "a…");
	assert_cut("a\\u{202e}b", 9, "a\\u{202e}…");
	assert_cut("a\\\"b", 2, "a…");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(by_the_table),
	        cmocka_unit_test(what_cannot_be_seen_is_numbered),
	        cmocka_unit_test(quotes_and_nul),
	        cmocka_unit_test(random_names_come_back),
	        cmocka_unit_test(writer_and_string_agree),
	        cmocka_unit_test(long_names_are_cut),
	        cmocka_unit_test(test_cut_at_a_character),
	        cmocka_unit_test(test_cut_never_inside_an_escape),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
