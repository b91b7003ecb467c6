/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include "base/memory.h"

void text_init(struct text *text)
{
	*text = (struct text){0};
	text->out = open_memstream(&text->bytes, &text->len);
	if (!text->out)
		memory_exhausted();
}

void text_release(struct text *text)
{
	if (text->out)
		fclose(text->out);
	free(text->bytes);
	*text = (struct text){0};
}

FILE *text_restart(struct text *text)
{
	rewind(text->out);
	return text->out;
}

const char *text_get(struct text *text)
{
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
