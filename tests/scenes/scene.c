/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scenes/scene.h"

#include "privsep/pidfd_uapi.h"

#include <linux/sockios.h>
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

const char *scene_numbers(void)
{
	static char text[256];

	snprintf(text, sizeof(text),
	        "NS_GET_USERNS=%u NS_GET_PARENT=%u NS_MNT_GET_NEXT=%u SIOCGSKNS=%u "
	        "PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE=%u PIDFD_THREAD=%u pidfd_open=%u "
	        "pidfd_getfd=%u",
	        (unsigned)NS_GET_USERNS, (unsigned)NS_GET_PARENT, (unsigned)NS_MNT_GET_NEXT,
	        (unsigned)SIOCGSKNS, (unsigned)PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE,
	        (unsigned)PIDFD_THREAD, (unsigned)SYS_pidfd_open, (unsigned)SYS_pidfd_getfd);
	return text;
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
	if (argc == 2 && strcmp(argv[1], "--numbers") == 0)
		return puts(scene_numbers()) < 0;
	const bool is_host = argc > 1 && strcmp(argv[1], "--host") == 0;
	argc -= is_host;
	argv += is_host;
	const struct scene *const scene = argc > 1 ? scene_find(argv[1]) : NULL;
	if (!scene) {
		fprintf(stderr, "usage: scene [--host] NAME [COMMAND ARG...], scene --list, scene "
		                "--numbers\n");
		return 2;
	}
	if (!shell[0] || !*shell[0])
		shell[0] = sh;
	return world_show(scene, is_host, argc > 2 ? argv + 2 : shell);
}
