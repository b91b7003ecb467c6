/* SPDX-License-Identifier: Apache-2.0 */

/* Writes a host of hosts.h as a snapshot to standard output. Without an argument it lists them. */

#include "snapshot/snapshot.h"
#include "tests/pictures/hosts.h"

#include <string.h>

int main(int argc, char **argv)
{
	for (size_t i = 0; i < PICTURE_HOSTS; i++) {
		const struct picture_host *host = &picture_hosts[i];

		if (argc != 2) {
			printf("%s\n", host->name);
			continue;
		}
		if (strcmp(host->name, argv[1]) != 0)
			continue;
		const struct model *model = host->make();
		snapshot_write(stdout, model, NULL, true);
		model_unref(model);
		return fflush(stdout) == 0 ? 0 : 1;
	}
	return argc == 2;
}
