/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/pictures/hosts.h"

#include "base/arena.h"
#include "base/attributes.h"
#include "base/memory.h"
#include "tests/snapshot/text.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The namespaces that a process is in, by type, and its container. */
struct set {
	struct ns *ns[NS_TYPES];
	struct container *container; /* NULL: none */
};

/* A host while it is made. */
struct making {
	struct builder *builder;
	struct set initial;
	uint64_t inode; /* of the latest namespace */
	pid_t pid;      /* of the latest process */
};

static const enum nstype owned_types[] = {NS_MNT, NS_UTS, NS_IPC, NS_NET, NS_CGROUP, NS_TIME};

static struct ns *new_user(struct making *host, struct ns *parent, uid_t uid, const char *name)
{
	struct ns *ns = fixture_user(host->builder, ++host->inode, parent, uid, name);
	struct id_range *range = arena_array(builder_arena(host->builder), 1, sizeof(*range));

	*range = (struct id_range){
	        .outside = parent ? (uint32_t)host->inode % 1000 * 65536 : 0,
	        .count = parent ? 65536 : UINT32_MAX,
	};
	ns->maps_state = REL_KNOWN;
	ns->uid_map = ns->gid_map = (struct id_map){.ranges = range, .n = 1};
	ns->setgroups = SETGROUPS_ALLOW;
	return ns;
}

/* A new namespace of that type in place of that in the set, owned by the user namespace there. */
static void unshare(struct making *host, struct set *set, enum nstype type)
{
	if (type == NS_PID)
		set->ns[NS_PID] = fixture_pid(
		        host->builder, ++host->inode, set->ns[NS_PID], set->ns[NS_USER]);
	else
		set->ns[type] = fixture_owned(host->builder, type, ++host->inode, set->ns[NS_USER]);
}

static void unshare_user(struct making *host, struct set *set, uid_t uid, const char *name)
{
	set->ns[NS_USER] = new_user(host, set->ns[NS_USER], uid, name);
}

/* The next process, which has PID 1 in its PID namespace if `is_init`. */
static struct process *start(
        struct making *host, const char *name, const struct set *set, bool is_init)
{
	struct process *process =
	        fixture_process(host->builder, ++host->pid, name, set->ns[NS_USER]);
	size_t depth = 1;

	for (const struct ns *ns = set->ns[NS_PID]; ns->parent.ns; ns = ns->parent.ns)
		depth++;
	pid_t *inside = arena_array(builder_arena(host->builder), depth, sizeof(*inside));
	for (size_t i = 0; i < depth; i++)
		inside[i] = i == 0                      ? host->pid
		            : i == depth - 1 && is_init ? 1
		                                        : host->pid % 100 + 2;
	process->nspid = inside;
	process->n_nspid = depth;
	process->started = 100 * (uint64_t)host->pid;
	process->state = 'S';
	process->uid_state = REL_KNOWN;
	process->ppid = 1;
	for (enum nstype type = 0; type < NS_TYPES; type++)
		process->ns[type] = set->ns[type];
	process->container = set->container;
	return process;
}

/* A new container with that name, `web-3`: with the number of the next process. */
static struct container *new_container(
        struct making *host, enum container_kind kind, const char *name)
{
	struct container identity = {.kind = kind, .trust = TRUST_ROOT};
	char id[65], full[64];

	/* Any digits do that are not alike at the start, which is what is shown. */
	for (size_t i = 0; i < 4; i++)
		snprintf(id + 16 * i, sizeof(id) - 16 * i, "%016" PRIx64,
		        ((uint64_t)host->pid + i) * UINT64_C(0x9e3779b97f4a7c15));
	identity.id = id;
	struct container *container = builder_container(host->builder, &identity, NULL);
	snprintf(full, sizeof(full), "%s-%jd", name, (intmax_t)host->pid + 1);
	container->name = arena_strdup(builder_arena(host->builder), full);
	snprintf(full, sizeof(full), "registry.example/%s:1", name);
	container->image = arena_strdup(builder_arena(host->builder), full);
	container->source = "cgroup";
	return container;
}

/* A host with its initial namespaces and a process in them. */
static struct making begin(const char *name)
{
	struct making host = {.builder = builder_new(), .inode = FIXTURE_INITIAL_PID - 4, .pid = 0};
	struct host *facts = builder_host(host.builder);

	*facts = (struct host){
	        .name = name,
	        .kernel = "6.18.44",
	        .boot_id = "5d1c8f3e-2b7a-4c60-9e14-7a0b6f2d9c31",
	        .program = "nsbrowse 0.1.0",
	        .taken = 1795446240, /* 2026-11-23 15:04 UTC */
	        .booted = 1795000000,
	        .hertz = 100,
	        .euid_state = REL_KNOWN,
	        .sources = (UINT32_C(1) << SOURCES) - 1,
	};
	host.initial.ns[NS_USER] = new_user(&host, NULL, 0, "root");
	for (size_t i = 0; i < ARRAY_SIZE(owned_types); i++)
		unshare(&host, &host.initial, owned_types[i]);
	unshare(&host, &host.initial, NS_PID);
	start(&host, "systemd", &host.initial, true)->ppid = 0;
	host.inode = UINT64_C(4026532200);
	host.pid = 1000;
	return host;
}

static void unshare_all(
        struct making *host, struct set *set, const enum nstype *types, size_t n_types)
{
	for (size_t i = 0; i < n_types; i++)
		unshare(host, set, types[i]);
}

/* What runtimes of containers give each of them, the last one unless it has the host's network. */
static const enum nstype container_types[] = {NS_MNT, NS_UTS, NS_IPC, NS_PID, NS_CGROUP, NS_NET};

static void add_container(struct making *host, struct set set, enum container_kind kind,
        const char *name, size_t workers, bool has_net)
{
	set.container = new_container(host, kind, name);
	unshare_all(host, &set, container_types, ARRAY_SIZE(container_types) - !has_net);
	start(host, name, &set, true);
	for (size_t i = 0; i < workers; i++)
		start(host, name, &set, false);
}

/* 20 images, some of which many containers have. */
static const struct {
	const char *name;
	size_t n;
} images[] = {{"postgres", 9}, {"java", 6}, {"nginx", 5}, {"redis-server", 5}, {"node", 4},
        {"python3", 4}, {"php-fpm", 3}, {"gunicorn", 3}, {"mariadbd", 3}, {"traefik", 2},
        {"rabbitmq-server", 2}, {"prometheus", 2}, {"grafana-server", 2}, {"celery", 2},
        {"minio", 2}, {"vault", 2}, {"registry", 1}, {"keycloak", 1}, {"memcached", 1},
        {"elasticsearch-exporter", 1}};

static struct making begin_containers(const char *name, bool with_users)
{
	struct making host = begin(name);

	start(&host, "dockerd", &host.initial, false);
	start(&host, "containerd", &host.initial, false);
	for (size_t i = 0, n = 0; i < ARRAY_SIZE(images); i++) {
		for (size_t k = 0; k < images[i].n; k++, n++) {
			struct set set = host.initial;

			if (with_users)
				unshare_user(&host, &set, 0, "root");
			add_container(&host, set, CONTAINER_DOCKER, images[i].name, (i + k) % 5,
			        n % 20 != 7);
		}
	}
	return host;
}

static const struct model *containers(void)
{
	return fixture_freeze(begin_containers("docker1", false).builder, NULL);
}

static const struct model *containers_users(void)
{
	return fixture_freeze(begin_containers("docker2", true).builder, NULL);
}

/* A pod: its containers share the network, IPC and UTS namespaces that `pause` keeps. */
static void add_pod(struct making *host, size_t i)
{
	static const enum nstype shared[] = {NS_NET, NS_IPC, NS_UTS};
	static const enum nstype own[] = {NS_MNT, NS_PID, NS_CGROUP};
	static const char *const sidecars[] = {"istio-proxy", "fluent-bit", "vault-agent"};
	struct set pod = host->initial;
	char pod_name[64];

	snprintf(pod_name, sizeof(pod_name), "%s-%zu", images[i % ARRAY_SIZE(images)].name, i);
	/* Those of the host's network share all of these with the host. */
	if (i % 11 != 0)
		unshare_all(host, &pod, shared, ARRAY_SIZE(shared));
	for (size_t k = 0; k < 2 + i % 3; k++) {
		struct set set = pod;
		const char *name = k == 0   ? "pause"
		                   : k == 1 ? images[i % ARRAY_SIZE(images)].name
		                            : sidecars[(i + k) % ARRAY_SIZE(sidecars)];

		unshare_all(host, &set, own, ARRAY_SIZE(own));
		set.container = new_container(host, CONTAINER_KUBERNETES, name);
		set.container->name = name;
		set.container->pod = set.container->pod_id =
		        arena_strdup(builder_arena(host->builder), pod_name);
		set.container->pod_namespace = i % 3 ? "shop" : "kube-system";
		set.container->is_sandbox = k == 0;
		start(host, name, &set, true);
	}
}

static const struct model *pods(void)
{
	struct making host = begin("node-17");

	start(&host, "containerd", &host.initial, false);
	start(&host, "kubelet", &host.initial, false);
	for (size_t i = 0; i < 110; i++)
		add_pod(&host, i);
	return fixture_freeze(host.builder, NULL);
}

/* Containers of a user, and builds: a runner in a container that has containers of its own. */
static void add_rootless(struct making *host, uid_t uid, const char *user, size_t n)
{
	struct set podman = host->initial;

	unshare_user(host, &podman, uid, user);
	unshare(host, &podman, NS_MNT);
	start(host, "podman", &podman, false);
	start(host, "catatonit", &podman, false);
	for (size_t i = 0; i < n; i++)
		add_container(host, podman, CONTAINER_PODMAN,
		        images[(i * 3) % ARRAY_SIZE(images)].name, i % 3, true);
	for (size_t i = 0; i < 3; i++) {
		struct set runner = podman, build, step;

		unshare_all(host, &runner, container_types, ARRAY_SIZE(container_types));
		start(host, "gitlab-runner", &runner, true);
		build = runner;
		unshare_user(host, &build, 100000 + (uid_t)i, NULL);
		unshare(host, &build, NS_MNT);
		start(host, "buildah", &build, false);
		for (size_t k = 0; k <= i; k++) {
			step = build;
			unshare_user(host, &step, 100000, NULL);
			unshare_all(host, &step, container_types, ARRAY_SIZE(container_types));
			start(host, k % 2 ? "cargo" : "make", &step, true);
			start(host, "cc1", &step, false);
		}
	}
}

static const struct model *rootless(void)
{
	struct making host = begin("build3");

	add_rootless(&host, 1000, "harald", 6);
	add_rootless(&host, 1001, "inge", 3);
	/* Its process has ended; a descriptor and a child keep it. */
	struct ns *left = new_user(&host, host.initial.ns[NS_USER], 1001, "inge");
	new_user(&host, left, 1001, "inge");
	fixture_hold_fd(host.builder, left, 1001, 7);
	return fixture_freeze(host.builder, NULL);
}

/* A browser: a sandbox of user, PID and network namespace, and a PID namespace in it for each
 * process that shows pages. */
static void add_chromium(struct making *host, const char *name, size_t renderers)
{
	struct set zygote = host->initial;

	start(host, name, &host->initial, false);
	unshare_user(host, &zygote, 1000, "harald");
	unshare(host, &zygote, NS_PID);
	unshare(host, &zygote, NS_NET);
	start(host, name, &zygote, true);
	for (size_t i = 0; i < renderers; i++) {
		struct set renderer = zygote;

		unshare_user(host, &renderer, 1000, "harald");
		unshare(host, &renderer, NS_PID);
		start(host, name, &renderer, true);
	}
}

static void add_flatpak(struct making *host, const char *name, bool is_nested)
{
	static const enum nstype types[] = {NS_MNT, NS_PID, NS_IPC};
	struct set app = host->initial;

	unshare_user(host, &app, 1000, "harald");
	unshare_all(host, &app, types, ARRAY_SIZE(types));
	start(host, "bwrap", &app, true);
	if (is_nested) {
		unshare_user(host, &app, 1000, "harald");
		unshare(host, &app, NS_PID);
	}
	start(host, name, &app, is_nested);
}

static const struct model *desktop(void)
{
	static const char *const apps[] = {"org.gnome.Calendar", "org.mozilla.Thunderbird",
	        "com.spotify.Client", "org.signal.Signal", "com.valvesoftware.Steam",
	        "org.libreoffice.LibreOffice", "org.telegram.desktop-with-a-name-beyond-forty"};
	static const char *const services[] = {"systemd-udevd", "systemd-logind", "polkitd",
	        "ModemManager", "upowerd", "rtkit-daemon"};
	struct making host = begin("laptop");

	for (size_t i = 0; i < ARRAY_SIZE(services); i++) {
		struct set service = host.initial;

		unshare(&host, &service, NS_MNT);
		unshare(&host, &service, i % 2 ? NS_UTS : NS_NET);
		start(&host, services[i], &service, false);
	}
	for (size_t i = 0; i < 14; i++) {
		struct set page = host.initial;

		unshare_user(&host, &page, 1000, "harald");
		if (i < 4)
			unshare(&host, &page, NS_NET);
		start(&host, i % 3 ? "Isolated Web Co" : "Web Content", &page, false);
	}
	add_chromium(&host, "chromium", 9);
	add_chromium(&host, "slack", 3);
	for (size_t i = 0; i < ARRAY_SIZE(apps); i++)
		add_flatpak(&host, apps[i], i % 3 == 1);
	fixture_hold_mount(host.builder,
	        fixture_owned(host.builder, NS_NET, ++host.inode, host.initial.ns[NS_USER]),
	        "/run/netns/vpn");
	return fixture_freeze(host.builder, NULL);
}

/* 500 user namespaces and as many PID namespaces, each fifth in the one before. */
static const struct model *thousand(void)
{
	struct making host = begin("build-farm-with-a-long-name.example.org");
	struct set set = host.initial;

	for (size_t i = 0; i < 499; i++) {
		if (i % 5 != 4)
			set = host.initial;
		unshare_user(&host, &set, 2000 + (uid_t)(i % 7), NULL);
		unshare(&host, &set, NS_PID);
		if (i % 2 == 0)
			unshare(&host, &set, owned_types[i % ARRAY_SIZE(owned_types)]);
		start(&host, images[i * 7 % ARRAY_SIZE(images)].name, &set, true);
	}
	return fixture_freeze(host.builder, NULL);
}

static const struct model *demo(void)
{
	_cleanup_bytes_ struct bytes text = read_source("data/demo.json");

	return load(text.bytes, text.len);
}

const struct picture_host picture_hosts[PICTURE_HOSTS] = {
        {"demo", "data/demo.json", demo},
        {"containers", "60 containers of 20 images in the user namespace of the host", containers},
        {"containers-users", "the same, each with a user namespace of its own", containers_users},
        {"pods", "110 pods: pause and one to three containers", pods},
        {"rootless", "rootless podman with nested builds", rootless},
        {"desktop", "browsers, flatpaks, services", desktop},
        {"thousand", "500 user and 500 PID namespaces", thousand},
};

const struct model *picture_host_make(const char *name)
{
	for (size_t i = 0; i < PICTURE_HOSTS; i++) {
		if (strcmp(picture_hosts[i].name, name) == 0)
			return picture_hosts[i].make();
	}
	fail_msg("no host %s", name);
	return NULL;
}
