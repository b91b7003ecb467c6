/* SPDX-License-Identifier: Apache-2.0 */
#include "export/scratch.h"

#include "base/memory.h"

#include <stdlib.h>

void scratch_init(struct scratch *scratch)
{
	*scratch = (struct scratch){0};
	scratch->file = open_memstream(&scratch->text, &scratch->len);
	if (!scratch->file)
		memory_exhausted();
}

void scratch_release(struct scratch *scratch)
{
	fclose(scratch->file);
	free(scratch->text);
	*scratch = (struct scratch){0};
}

FILE *scratch_begin(struct scratch *scratch)
{
	rewind(scratch->file);
	return scratch->file;
}

void scratch_end(struct scratch *scratch)
{
	/* A stream in memory fails only when memory is at its end. The byte behind a shorter text
	 * than the one before is not set by all C libraries: hence the NUL of our own, which is
	 * not counted. */
	fputc('\0', scratch->file);
	if (fflush(scratch->file) != 0 || ferror(scratch->file))
		memory_exhausted();
	scratch->len--;
}
