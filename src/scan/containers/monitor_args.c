/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/containers/monitor_args.h"

#include <string.h>

/* The next argument; NULL: there is none. The last one may be cut: it is left out. */
static const char *next_argument(const char **at, const char *end)
{
	const char *const argument = *at;
	const char *const nul = memchr(argument, '\0', (size_t)(end - argument));

	if (!nul)
		return NULL;
	*at = nul + 1;
	return argument;
}

/* The value of `option`: the argument after it, or what follows `OPTION=`. NULL: not given. */
static const char *find_option(const char *cmdline, const char *end, const char *option)
{
	const size_t len = strlen(option);
	const char *argument;

	while ((argument = next_argument(&cmdline, end))) {
		if (strcmp(argument, option) == 0)
			return next_argument(&cmdline, end);
		if (strncmp(argument, option, len) == 0 && argument[len] == '=')
			return argument + len + 1;
	}
	return NULL;
}

static bool is_full_id(const char *id)
{
	return id && strlen(id) == 64 && strspn(id, "0123456789abcdef") == 64;
}

/* `conmon -c ID -n NAME`, of Podman and CRI-O. */
static bool parse_conmon(const char *cmdline, const char *end, struct monitor_args *ret)
{
	ret->id = find_option(cmdline, end, "-c");
	if (!ret->id)
		ret->id = find_option(cmdline, end, "--cid");
	ret->name = find_option(cmdline, end, "-n");
	if (!ret->name)
		ret->name = find_option(cmdline, end, "--name");
	ret->kind = CONTAINER_PODMAN;
	return is_full_id(ret->id);
}

/* `containerd-shim-runc-v2 -namespace NS -id ID`; that of Docker is `moby`. */
static bool parse_shim(const char *cmdline, const char *end, struct monitor_args *ret)
{
	const char *const space = find_option(cmdline, end, "-namespace");

	ret->id = find_option(cmdline, end, "-id");
	if (!space || !ret->id || !*ret->id || strcmp(space, "k8s.io") == 0)
		return false;
	ret->kind = CONTAINER_CONTAINERD;
	if (strcmp(space, "moby") == 0)
		ret->kind = CONTAINER_DOCKER;
	return ret->kind == CONTAINER_CONTAINERD || is_full_id(ret->id);
}

/* `[lxc monitor] PATH NAME`, one text that liblxc has written over the arguments. */
static bool parse_lxc(const char *cmdline, const char *end, struct monitor_args *ret)
{
	static const char prefix[] = "[lxc monitor] ";
	const size_t len = sizeof(prefix) - 1;
	const char *const title = next_argument(&cmdline, end);
	const char *blank;

	if (!title || strncmp(title, prefix, len) != 0)
		return false;
	blank = strrchr(title + len, ' ');
	if (!blank || !blank[1])
		return false;
	ret->id = ret->name = blank + 1;
	ret->kind = strstr(title, "/incus") ? CONTAINER_INCUS : CONTAINER_LXC;
	return true;
}

static const struct {
	const char *comm; /* a prefix, at most 15 bytes */
	bool (*parse)(const char *cmdline, const char *end, struct monitor_args *ret);
} monitors[] = {
        {"conmon", parse_conmon},
        {"containerd-shim", parse_shim},
        {"[lxc monitor]", parse_lxc},
        {"lxc-start", parse_lxc},
};

bool monitor_args_parse(struct arena *arena, const char *comm, const char *cmdline, size_t len,
        struct monitor_args *ret)
{
	for (size_t i = 0; i < sizeof(monitors) / sizeof(*monitors); i++) {
		struct monitor_args args = {.name = NULL};

		if (strncmp(comm, monitors[i].comm, strlen(monitors[i].comm)) != 0 ||
		        !monitors[i].parse(cmdline, cmdline + len, &args))
			continue;
		args.id = arena_strdup(arena, args.id);
		args.name = arena_strdup(arena, args.name);
		*ret = args;
		return true;
	}
	return false;
}
