/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/privileged/container_stores.h"

#include <string.h>

#define MIB (1024 * 1024)

/* What CRI-O and Podman share. */
#define STORAGE_ROOT "/var/lib/containers/storage//overlay-containers/"
#define STORAGE_USER "~//.local/share/containers/storage/overlay-containers/"
#define STORAGE_PID                                                                                \
	.proof = {"/run/containers/storage//overlay-containers/%i/userdata/pidfile",               \
	        "/run/user/%u//containers/overlay-containers/%i/userdata/pidfile"},                \
	.proof_format = CONTAINER_FORMAT_PID

#define TASK "io.containerd.runtime.v2.task//%s/%i/"

static const struct container_store stores[KERNEL_STORES] = {
        [KERNEL_STORE_DOCKER] = {.file = {"/var/lib/docker//containers/%i/config.v2.json",
                                         "~//.local/share/docker/containers/%i/config.v2.json"},
                .format = CONTAINER_FORMAT_DOCKER,
                .id = CONTAINER_ID_HEX,
                .max = MIB},
        [KERNEL_STORE_DOCKER_MAPPED] = {.file = {"/var/lib/docker//%m/containers/%i/config.v2.json",
                                                NULL},
                .format = CONTAINER_FORMAT_DOCKER,
                .id = CONTAINER_ID_HEX,
                .max = MIB},
        [KERNEL_STORE_CONTAINERD] = {.file = {"/run/containerd/" TASK "config.json", NULL},
                .format = CONTAINER_FORMAT_OCI,
                .id = CONTAINER_ID_NAME,
                .max = MIB,
                .proof = {"/run/containerd/" TASK "init.pid", NULL},
                .proof_format = CONTAINER_FORMAT_PID},
        [KERNEL_STORE_K3S] = {.file = {"/run/k3s/containerd/" TASK "config.json", NULL},
                .format = CONTAINER_FORMAT_OCI,
                .id = CONTAINER_ID_NAME,
                .max = MIB,
                .proof = {"/run/k3s/containerd/" TASK "init.pid", NULL},
                .proof_format = CONTAINER_FORMAT_PID},
        [KERNEL_STORE_STORAGE] = {.file = {STORAGE_ROOT "containers.json",
                                          STORAGE_USER "containers.json"},
                .format = CONTAINER_FORMAT_STORAGE,
                .id = CONTAINER_ID_HEX,
                .max = 16 * MIB,
                STORAGE_PID},
        [KERNEL_STORE_VOLATILE] = {.file = {STORAGE_ROOT "volatile-containers.json",
                                           STORAGE_USER "volatile-containers.json"},
                .format = CONTAINER_FORMAT_STORAGE,
                .id = CONTAINER_ID_HEX,
                .max = 16 * MIB,
                STORAGE_PID},
        [KERNEL_STORE_BUNDLE] = {.file = {STORAGE_ROOT "%i/userdata/config.json",
                                         STORAGE_USER "%i/userdata/config.json"},
                .format = CONTAINER_FORMAT_OCI,
                .id = CONTAINER_ID_HEX,
                .max = MIB,
                STORAGE_PID},
        [KERNEL_STORE_POD_LOGS] = {.file = {"/var/log/containers//", NULL},
                .format = CONTAINER_FORMAT_POD_LOGS,
                .id = CONTAINER_ID_HEX,
                .max = MIB},
        [KERNEL_STORE_MACHINE] = {.file = {"/run/systemd/machines//%i", NULL},
                .format = CONTAINER_FORMAT_MACHINE,
                .id = CONTAINER_ID_NAME,
                .max = MIB},
        [KERNEL_STORE_NSRESOURCE] = {.file = {"/run/systemd/nsresource/registry//i%i.userns", NULL},
                .format = CONTAINER_FORMAT_NSRESOURCE,
                .id = CONTAINER_ID_NUMBER,
                .max = MIB},
        [KERNEL_STORE_LXC] = {.file = {"/var/lib/lxc//%i/config", "~//.local/share/lxc/%i/config"},
                .format = CONTAINER_FORMAT_EXISTS,
                .id = CONTAINER_ID_NAME,
                .max = MIB},
        [KERNEL_STORE_INCUS] = {.file = {"/run/incus//%i/lxc.conf", NULL},
                .format = CONTAINER_FORMAT_EXISTS,
                .id = CONTAINER_ID_NAME,
                .max = MIB},
        [KERNEL_STORE_FLATPAK] = {.file = {NULL, "/run/user/%u//.flatpak/%i/info"},
                .format = CONTAINER_FORMAT_FLATPAK,
                .id = CONTAINER_ID_NUMBER,
                .max = MIB,
                .proof = {NULL, "/run/user/%u//.flatpak/%i/bwrapinfo.json"},
                .proof_format = CONTAINER_FORMAT_BWRAP},
        [KERNEL_STORE_APPTAINER] = {.file = {"/root//.apptainer/instances/app/%h/root/%i/%i.json",
                                            "~//.apptainer/instances/app/%h/%n/%i/%i.json"},
                .format = CONTAINER_FORMAT_APPTAINER,
                .id = CONTAINER_ID_NAME,
                .max = MIB},
};

const struct container_store *container_stores_find(unsigned store)
{
	return store < KERNEL_STORES ? &stores[store] : NULL;
}

/* --- paths ----------------------------------------------------------------------------------- */

enum { FILE_NAME_MAX = 255, HEX_DIGITS = 64 };

static bool is_component(const char *name)
{
	const size_t len = strlen(name);

	return len > 0 && len <= FILE_NAME_MAX && !strchr(name, '/') && strcmp(name, ".") != 0 &&
	       strcmp(name, "..") != 0;
}

static bool is_id(enum container_id form, const char *id)
{
	const size_t len = strlen(id);

	switch (form) {
	case CONTAINER_ID_HEX:
		return len == HEX_DIGITS && strspn(id, "0123456789abcdef") == len;
	case CONTAINER_ID_NUMBER:
		return len > 0 && len <= 20 && strspn(id, "0123456789") == len;
	default:
		return is_component(id);
	}
}

/* The text for the word `letter`; `number` has room for two numbers. NULL: it is not known. */
static const char *find_word(
        const struct container_words *words, char letter, char *number, size_t size)
{
	switch (letter) {
	case '~':
		return words->home && words->home[0] == '/' ? words->home : NULL;
	case 'i':
		return words->id;
	case 's':
		return words->space;
	case 'n':
		return words->user_name;
	case 'h':
		return words->host_name;
	case 'm':
		snprintf(number, size, "%u.%u", (unsigned)words->map_uid, (unsigned)words->map_gid);
		return words->is_mapped ? number : NULL;
	case 'u':
		snprintf(number, size, "%u", (unsigned)words->uid);
		return number;
	default:
		return NULL;
	}
}

int container_stores_path(const struct container_store *store, const char *pattern,
        const struct container_words *words, char *ret_path, size_t size)
{
	size_t n = 0;

	if (!pattern)
		return -ENOENT;
	if (words->id && !is_id(store->id, words->id))
		return -EINVAL;
	for (const char *p = pattern; *p; p++) {
		const bool is_word = *p == '%' || (*p == '~' && p == pattern);
		const char letter = *p == '%' ? *++p : *p;
		char number[32];
		const char plain[] = {letter, '\0'};
		const char *const text =
		        is_word ? find_word(words, letter, number, sizeof(number)) : plain;

		if (!text)
			return -ENOENT;
		if (is_word && letter != '~' && !is_component(text))
			return -EINVAL;
		if (strlen(text) >= size - n)
			return -ENAMETOOLONG;
		memcpy(ret_path + n, text, strlen(text) + 1);
		n += strlen(text);
	}
	return 0;
}
