/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scenes/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct scene *const families[] = {scenes_sets, scenes_descriptors, scenes_mounts,
        scenes_threads, scenes_dead, scenes_hostile, scenes_churn, scenes_fuse, scenes_locked,
        scenes_nets, scenes_ladder};

const struct scene *scene_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(families); i++)
		for (const struct scene *scene = families[i]; scene->name; scene++)
			if (strcmp(scene->name, name) == 0)
				return scene;
	return NULL;
}

static int list(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(families); i++)
		for (const struct scene *scene = families[i]; scene->name; scene++)
			printf("%-14s %s\n", scene->name, scene->what);
	return fflush(stdout) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	char *shell[] = {getenv("SHELL"), NULL};
	char sh[] = "/bin/sh";

	if (argc == 2 && strcmp(argv[1], "--list") == 0)
		return list();
	const bool is_host = argc > 1 && strcmp(argv[1], "--host") == 0;
	argc -= is_host;
	argv += is_host;
	const struct scene *const scene = argc > 1 ? scene_find(argv[1]) : NULL;
	if (!scene) {
		fprintf(stderr, "usage: scene [--host] NAME [COMMAND ARG...], scene --list\n");
		return 2;
	}
	if (!shell[0] || !*shell[0])
		shell[0] = sh;
	return world_show(scene, is_host, argc > 2 ? argv + 2 : shell);
}
