/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/run.h"

int main(int argc, char **argv)
{
	return run(PROGRAM_NSBROWSE, argc, argv);
}
