/* SPDX-License-Identifier: Apache-2.0 */
#include "view/command.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "view/words.h"

#include <string.h>

static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@%,=";

bool command_is_plain(const char *argument)
{
	return *argument && !argument[strspn(argument, plain)];
}

/* Characters beyond ASCII are plain for a shell, too. */
static bool needs_no_quotes(const char *text)
{
	const char *c = text;

	while (*c && ((unsigned char)*c >= 0x80 || strchr(plain, *c)))
		c++;
	return c > text && !*c;
}

void command_write_argument(FILE *out, const char *argument)
{
	if (command_is_plain(argument)) {
		fputs(argument, out);
		return;
	}
	_cleanup_free_ char *text = escape_text(argument);

	if (needs_no_quotes(text)) {
		fputs(text, out);
		return;
	}
	fputc('\'', out);
	for (const char *c = text; *c; c++) {
		if (*c == '\'')
			fputs("'\\''", out);
		else
			fputc(*c, out);
	}
	fputc('\'', out);
}

bool command_is_known(const struct process *process)
{
	return process->cmdline && process->cmdline[0];
}

static void write_none(FILE *out, const struct host *host, const struct process *process)
{
	if (process->is_kernel)
		fputs("(kernel thread)", out);
	else if (process->state == 'Z' || process->state == 'X')
		fputs("(zombie)", out);
	else if (process->cmdline && !process->is_cmdline_cut)
		fputs("(empty)", out);
	else if (process->cmdline_error)
		fprintf(out, "(not read: %s)", words_error(host, process->cmdline_error));
	else
		fputs("(not read)", out);
}

void command_write(FILE *out, const struct host *host, const struct process *process)
{
	if (!command_is_known(process)) {
		write_none(out, host, process);
		return;
	}
	for (const char *const *argument = process->cmdline; *argument; argument++) {
		if (argument != process->cmdline)
			fputc(' ', out);
		command_write_argument(out, *argument);
	}
	if (process->is_cmdline_cut)
		fputs(COMMAND_CUT, out);
}
