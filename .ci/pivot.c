/* SPDX-License-Identifier: Apache-2.0 */

/* Makes a folder the root of this mount namespace, detaches the old root, and runs a command there.
 * A shell cannot do this: after pivot_root it needs an umount of the new root, and a minimal root
 * has none.
 *
 * usage: pivot FOLDER COMMAND [ARGUMENT]...     FOLDER is a mount point */
#define _GNU_SOURCE
#include <err.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc < 3)
		errx(2, "usage: pivot FOLDER COMMAND [ARGUMENT]...");
	if (chdir(argv[1]) < 0)
		err(1, "%s", argv[1]);
	/* The old root is stacked on the new one, as pivot_root(2) describes. */
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		err(1, "pivot_root %s", argv[1]);
	if (umount2(".", MNT_DETACH) < 0)
		err(1, "umount of the old root");
	if (chdir("/") < 0)
		err(1, "/");
	execvp(argv[2], argv + 2);
	err(127, "%s", argv[2]);
}
