/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/run.h"

/* The Makefile defines THIS_PROGRAM for each of the four programs. */
int main(int argc, char **argv)
{
	return run(THIS_PROGRAM, argc, argv);
}
