/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_write.h"

#include "base/base64.h"
#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

void json_write_init(struct json_writer *w, FILE *out)
{
	w->out = out;
	w->is_first = true;
	w->is_value = false;
	w->used = 0;
}

void json_write_finish(struct json_writer *w)
{
	if (w->used)
		fwrite(w->buffer, 1, w->used, w->out);
	w->used = 0;
}

static void put(struct json_writer *w, const char *bytes, size_t len)
{
	if (len > sizeof(w->buffer) - w->used)
		json_write_finish(w);
	if (len > sizeof(w->buffer)) {
		fwrite(bytes, 1, len, w->out);
		return;
	}
	memcpy(w->buffer + w->used, bytes, len);
	w->used += len;
}

static void put_char(struct json_writer *w, char c)
{
	put(w, &c, 1);
}

/* Writes what separates this value or key from the one before it. */
static void separate(struct json_writer *w)
{
	if (!w->is_first && !w->is_value)
		put(w, ", ", 2);
	w->is_first = false;
	w->is_value = false;
}

void json_write_open(struct json_writer *w, char bracket)
{
	separate(w);
	put_char(w, bracket);
	w->is_first = true;
}

void json_write_close(struct json_writer *w, char bracket)
{
	put_char(w, bracket);
	w->is_first = false;
	w->is_value = false;
}

void json_write_line_end(struct json_writer *w, unsigned columns)
{
	put_char(w, '\n');
	for (unsigned i = 0; i < columns; i++)
		put_char(w, ' ');
}

void json_write_line(struct json_writer *w, unsigned columns)
{
	if (!w->is_first)
		put_char(w, ',');
	json_write_line_end(w, columns);
	w->is_first = true;
}

void json_write_key(struct json_writer *w, const char *key)
{
	separate(w);
	put_char(w, '"');
	put(w, key, strlen(key));
	put(w, "\": ", 3);
	w->is_value = true;
}

void json_write_null(struct json_writer *w)
{
	separate(w);
	put(w, "null", 4);
}

void json_write_bool(struct json_writer *w, bool value)
{
	separate(w);
	if (value)
		put(w, "true", 4);
	else
		put(w, "false", 5);
}

void json_write_number(struct json_writer *w, uint64_t value)
{
	char buffer[TEXT_DIGITS + 1];
	const char *digits = text_digits(value, buffer);

	separate(w);
	put(w, digits, (size_t)(buffer + TEXT_DIGITS - digits));
}

static void put_unit(struct json_writer *w, unsigned unit)
{
	static const char digits[] = "0123456789abcdef";
	const char text[6] = {'\\', 'u', digits[unit >> 12 & 15], digits[unit >> 8 & 15],
	        digits[unit >> 4 & 15], digits[unit & 15]};

	put(w, text, sizeof(text));
}

static bool is_plain(unsigned char byte)
{
	return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

/* Writes the character at `s` (valid UTF-8) and returns its length in bytes. */
static size_t put_character(struct json_writer *w, const char *s, size_t len)
{
	char32_t c = 0;
	const size_t n = utf8_decode(s, len, &c);

	if (c == '"' || c == '\\')
		put_char(w, '\\');
	if (c >= 0x20 && c != 0x7f && !utf8_is_invisible(c) && !utf8_is_noncharacter(c)) {
		put(w, s, n);
	} else if (c > 0xffff) {
		put_unit(w, 0xd800 + ((c - 0x10000) >> 10));
		put_unit(w, 0xdc00 + ((c - 0x10000) & 0x3ff));
	} else {
		put_unit(w, c);
	}
	return n;
}

static void put_text(struct json_writer *w, const char *s, size_t len)
{
	put_char(w, '"');
	for (size_t i = 0; i < len;) {
		size_t plain = 0;

		while (i + plain < len && is_plain((unsigned char)s[i + plain]))
			plain++;
		put(w, s + i, plain);
		i += plain;
		if (i < len)
			i += put_character(w, s + i, len - i);
	}
	put_char(w, '"');
}

static void put_base64(struct json_writer *w, const char *s, size_t len)
{
	put(w, "{\"base64\": \"", 12);
	for (size_t i = 0; i < len; i += 3) {
		char group[4];

		base64_encode((const unsigned char *)s + i, len - i, group);
		put(w, group, sizeof(group));
	}
	put(w, "\"}", 2);
}

void json_write_string(struct json_writer *w, const char *s)
{
	if (!s) {
		json_write_null(w);
		return;
	}
	const size_t len = strlen(s);

	separate(w);
	if (utf8_is_valid(s, len))
		put_text(w, s, len);
	else
		put_base64(w, s, len);
}

void json_write_member_open(struct json_writer *w, const char *key, char bracket)
{
	json_write_key(w, key);
	json_write_open(w, bracket);
}

void json_write_member_bool(struct json_writer *w, const char *key, bool value)
{
	json_write_key(w, key);
	json_write_bool(w, value);
}

void json_write_member_number(struct json_writer *w, const char *key, uint64_t value)
{
	json_write_key(w, key);
	json_write_number(w, value);
}

void json_write_member_string(struct json_writer *w, const char *key, const char *s)
{
	json_write_key(w, key);
	json_write_string(w, s);
}
