/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include "base/memory.h"
#include "base/utf8.h"

#include <stdio_ext.h>
#include <string.h>
#include <sys/types.h>

/* Of a text that is cut. */
struct text_limit {
	int columns;
	int left; /* negative: full */
	size_t capacity;
	char staged[256]; /* of the stream: how much is written too many before the error is seen */
};

void text_init(struct text *text)
{
	*text = (struct text){0};
	text->out = open_memstream(&text->bytes, &text->len);
	if (!text->out)
		memory_exhausted();
}

/* How many of `n` bytes are kept. A character whose bytes are not all here counts as none. */
static size_t fit(struct text_limit *limit, const char *bytes, size_t n)
{
	size_t i = 0;
	char32_t c;

	while (i < n && limit->left >= 0) {
		const size_t len = utf8_decode(bytes + i, n - i, &c);

		limit->left -= len == 1 || (len > 1 && !utf8_is_combining(c));
		i += len ? len : 1;
	}
	return i;
}

/* What ends the output to a stream of fopencookie(3). */
#ifdef __GLIBC__
#define WRITE_ERROR 0
#else
#define WRITE_ERROR (-1) /* 0 is no error for musl */
#endif

static ssize_t write_within(void *cookie, const char *bytes, size_t n)
{
	struct text *text = cookie;
	const size_t fits = fit(text->limit, bytes, n);

	text->bytes = memory_grow(text->bytes, &text->limit->capacity, text->len + fits + 1, 1);
	memcpy(text->bytes + text->len, bytes, fits);
	text->len += fits;
	return fits == n ? (ssize_t)n : WRITE_ERROR;
}

void text_init_within(struct text *text, int columns)
{
	*text = (struct text){0};
	text->limit = memory_new(sizeof(*text->limit));
	text->limit->columns = text->limit->left = MAX(columns, 0);
	text->out = fopencookie(text, "w", (cookie_io_functions_t){.write = write_within});
	if (!text->out)
		memory_exhausted();
	setvbuf(text->out, text->limit->staged, _IOFBF, sizeof(text->limit->staged));
}

void text_release(struct text *text)
{
	if (text->out)
		fclose(text->out);
	free(text->bytes);
	free(text->limit);
	*text = (struct text){0};
}

FILE *text_restart(struct text *text)
{
	if (text->limit) {
		__fpurge(text->out);
		clearerr(text->out);
		text->limit->left = text->limit->columns;
		text->len = 0;
	} else {
		rewind(text->out);
	}
	return text->out;
}

static const char *get_within(struct text *text)
{
	static const char ellipsis[] = "…";
	struct text_limit *limit = text->limit;

	/* If it fails, the text is full. */
	fflush(text->out);
	if (limit->left < 0)
		text->len = utf8_clip(text->bytes, text->len, limit->columns, NULL);
	text->bytes = memory_grow(text->bytes, &limit->capacity, text->len + sizeof(ellipsis), 1);
	text->bytes[text->len] = '\0';
	if (limit->left < 0) {
		memcpy(text->bytes + text->len, ellipsis, sizeof(ellipsis));
		text->len += strlen(ellipsis);
	}
	return text->bytes;
}

const char *text_get(struct text *text)
{
	if (text->limit)
		return get_within(text);
	const long len = ftell(text->out);

	/* After text_restart, some C libraries write no NUL after a shorter text: it is written
	 * here, and the next write overwrites it. The stream fails only if memory runs out. */
	fputc('\0', text->out);
	if (len < 0 || fflush(text->out) != 0 || ferror(text->out) ||
	        fseek(text->out, len, SEEK_SET) < 0)
		memory_exhausted();
	text->len = (size_t)len;
	return text->bytes;
}

char *text_take(struct text *text)
{
	text_get(text);
	/* Closing the stream may move the string and sets both members again: glibc frees the
	 * memory behind it. */
	fclose(text->out);
	char *const bytes = text->bytes;
	free(text->limit);
	*text = (struct text){0};
	return bytes;
}

const char *text_digits(uint64_t number, char buffer[static TEXT_DIGITS + 1])
{
	char *at = buffer + TEXT_DIGITS;

	*at = '\0';
	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	return at;
}
