/* SPDX-License-Identifier: Apache-2.0 */
#include "base/message.h"

#include "base/escape.h"
#include "base/memory.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* One write(2) for the line, so that lines of several processes do not mix. */
static void write_line(const char *line)
{
	fputs(line, stderr);
	fflush(stderr);
}

void message_error(const char *what, const char *why)
{
	_cleanup_free_ char *program = escape_text(program_invocation_short_name);
	_cleanup_free_ char *safe = escape_text(what);
	_cleanup_free_ char *line = memory_printf("%s: %s: %s\n", program, safe, why);

	write_line(line);
}

void message_errno(const char *what, int error)
{
	message_error(what, strerror(abs(error)));
}

void message_line(const char *format, ...)
{
	_cleanup_free_ char *program = escape_text(program_invocation_short_name);
	_cleanup_free_ char *words = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&words, format, args) < 0)
		memory_exhausted();
	va_end(args);
	_cleanup_free_ char *line = memory_printf("%s: %s\n", program, words);
	write_line(line);
}
