/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/draw/text.h"

#include "base/memory.h"

#include <stdlib.h>

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

const char *text_get(struct text *text)
{
	if (fflush(text->out) != 0 || !text->bytes)
		memory_exhausted();
	return text->bytes;
}
