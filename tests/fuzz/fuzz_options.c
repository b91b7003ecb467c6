/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines: each is refused, or the options that it gives are consistent. The first byte
 * chooses the program; each line is an argument. */
#include "base/attributes.h"
#include "base/memory.h"
#include "cmd/options.h"
#include "scan/scan.h"
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

enum { ARGUMENTS = 32 };

static void check(const struct options *options, char *const *argv)
{
	bool is_of_argv = !options->snapshot;

	CHECK(options->program < PROGRAMS);
	CHECK(options->columns.n <= COLUMN_IDS);
	CHECK((options->sources & ~(uint32_t)SCAN_SOURCES_ALL) == 0);
	CHECK(options->view.kind < VIEW_KINDS);
	CHECK(options->pid >= 0);
	for (size_t i = 0; argv[i]; i++)
		is_of_argv |= options->snapshot == argv[i];
	CHECK(is_of_argv || options->program != PROGRAM_NSBROWSE);
	const int r = options_check_form(options);
	CHECK(r == 0 || r == -EINVAL);
	(void)options_reads_cmdlines(options);
	CHECK(options_cmdlines(options) <= EXPORT_CMDLINES);
	CHECK(options_theme(options) <= EXPORT_THEME_MONO);
}

/* What is written to standard error would fill the log. */
static void run(enum program program, int argc, char **argv, FILE *quiet)
{
	const int before = dup(STDERR_FILENO);
	struct options options;

	optind = 0; /* getopt(3) begins anew */
	CHECK(before >= 0 && dup2(fileno(quiet), STDERR_FILENO) >= 0);
	const int r = options_parse(program, argc, argv, &options);
	if (r == 0)
		check(&options, argv);
	if (r == 0 && options.request == REQUEST_HELP)
		options_help(program, quiet);
	if (r == 0 && options.request == REQUEST_LIST_COLUMNS)
		column_print(quiet);
	fflush(stderr);
	CHECK(dup2(before, STDERR_FILENO) >= 0);
	close(before);
	CHECK(r == 0 || r == -EINVAL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char name[] = "nsbrowse";
	char *argv[ARGUMENTS + 2] = {name};
	_cleanup_fclose_ FILE *quiet = fopen("/dev/null", "we");
	int argc = 1;

	if (size == 0)
		return 0;
	CHECK(quiet);
	_cleanup_free_ char *text = memory_new(size);
	memcpy(text, data + 1, size - 1);
	char *at = text, *argument;
	while (argc <= ARGUMENTS && (argument = strsep(&at, "\n")))
		argv[argc++] = argument;
	run(data[0] % PROGRAMS, argc, argv, quiet);
	return 0;
}
