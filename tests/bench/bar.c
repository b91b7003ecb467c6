/* SPDX-License-Identifier: Apache-2.0 */

/* Prints one row of the table, for tests/bench/run. */

#include "tests/bench/bars.h"

#include <string.h>

int main(int argc, char **argv)
{
	struct bars bars = {0};

	if (argc != 6) {
		fputs("usage: bar WHAT UNIT most|least BAR FIGURE\n", stderr);
		return 2;
	}
	const double bar = strtod(argv[4], NULL), figure = strtod(argv[5], NULL);
	if (strcmp(argv[3], "least") == 0)
		bars_least(&bars, argv[1], argv[2], bar, figure);
	else
		bars_most(&bars, argv[1], argv[2], bar, figure);
	return bars_status(&bars);
}
