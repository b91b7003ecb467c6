/* SPDX-License-Identifier: Apache-2.0 */
#include "export/svg_text.h"

#include "base/utf8.h"

#include <string.h>

struct svg_line svg_text_line(const char *text)
{
	return (struct svg_line){.text = text, .len = strlen(text)};
}

int svg_text_width(const char *text, size_t len, int size)
{
	/* Of the fonts that the picture names, none has wider characters; most have 0.60. */
	return (utf8_columns(text, len) * size * 61 + 99) / 100;
}

int svg_text_title_width(const char *text, size_t len, int size)
{
	/* Most lowercase letters of DejaVu Sans Bold have 0.70, a few up to 1.10. */
	return (utf8_columns(text, len) * size * 80 + 99) / 100;
}

/* Escaped text (base/escape.h) has no characters that XML forbids; only its markup is quoted. */
void svg_text_quote(FILE *out, const char *text, size_t len)
{
	size_t from = 0;

	for (size_t i = 0; i < len; i++) {
		const char *entity = text[i] == '<'   ? "&lt;"
		                     : text[i] == '>' ? "&gt;"
		                     : text[i] == '&' ? "&amp;"
		                     : text[i] == '"' ? "&quot;"
		                                      : NULL;

		if (!entity)
			continue;
		fwrite(text + from, 1, i - from, out);
		fputs(entity, out);
		from = i + 1;
	}
	fwrite(text + from, 1, len - from, out);
}

void svg_text_write(FILE *out, int x, int y, const char *attributes, const struct svg_line *line)
{
	fprintf(out, "<text x=\"%d\" y=\"%d\"%s>", x, y, attributes);
	svg_text_quote(out, line->text, line->len);
	fputs("</text>", out);
}
