/* SPDX-License-Identifier: Apache-2.0 */
/* What is taken from the files of container engines, and that nothing else is; and their paths. */
#include "base/attributes.h"
#include "kernel/privileged/container_stores.h"
#include "kernel/privileged/container_text.h"
#include "tests/unit.h"

#include <string.h>

#define A16     "0123456789abcdef"
#define ID      A16 A16 A16 A16
#define ID_TAIL "123456789abcdef" A16 A16 A16
#define ID2     "f" ID_TAIL

/* A copy of exactly the size, so that a sanitizer finds a byte too much. */
static char *copy_of(const char *text)
{
	char *const copy = malloc(strlen(text) + (*text == '\0'));

	assert_non_null(copy);
	memcpy(copy, text, strlen(text));
	return copy;
}

static void check_slice(struct container_slice slice, const char *wanted)
{
	if (!wanted)
		wanted = "";
	if (slice.len != strlen(wanted) ||
	        (slice.len > 0 && memcmp(slice.bytes, wanted, slice.len) != 0))
		fail_msg("%.*s instead of %s", (int)slice.len, slice.bytes, wanted);
}

struct expected {
	enum container_format format;
	const char *text;
	const char *name, *image, *pod, *pod_namespace;
	pid_t pid;
	uint64_t inode, ns_id;
	bool is_sandbox;
};

#define CRI  "io.kubernetes.cri."
#define CRIO "io.kubernetes.cri-o."

static const struct expected rows[] = {
        {.format = CONTAINER_FORMAT_DOCKER,
                .text = "{\"State\":{\"Running\":true,\"Pid\":4711},\"ID\":\"" ID "\","
                        "\"Config\":{\"Image\":\"nginx:1.27\",\"Env\":[\"PASSWORD=secret\"]},"
                        "\"Name\":\"/web\"}",
                .name = "web",
                .image = "nginx:1.27",
                .pid = 4711},
        {.format = CONTAINER_FORMAT_DOCKER,
                .text = " \n{\"Name\":\"/a\\u001b[31m\\n\\\"\\\\\\u00e9\",\"State\":{\"Pid\":0}}",
                .name = "a\033[31m\n\"\\\303\251"},
        {.format = CONTAINER_FORMAT_DOCKER, .text = "{}"},
        /* other types than are expected; numbers that are no PIDs */
        {.format = CONTAINER_FORMAT_DOCKER,
                .text = "{\"Name\":[1],\"Config\":\"x\",\"State\":{\"Pid\":\"1\"}}"},
        {.format = CONTAINER_FORMAT_DOCKER,
                .text = "{\"Name\":null,\"Config\":null,\"State\":{\"Pid\":4294967297}}"},
        {.format = CONTAINER_FORMAT_DOCKER,
                .text = "{\"Name\":\"a\\u0000b\",\"State\":{\"Pid\":-1}}"},
        {.format = CONTAINER_FORMAT_DOCKER, .text = "{\"Name\":\"\xff\"}"},
        {.format = CONTAINER_FORMAT_DOCKER, .text = "{\"Name\":\"\\ud800\"}"},
        /* the last of two */
        {.format = CONTAINER_FORMAT_DOCKER,
                .text = "{\"Name\":\"/a\",\"Name\":\"/b\"}",
                .name = "b"},
        {.format = CONTAINER_FORMAT_OCI,
                .text = "{\"process\":{\"env\":[\"KEY=secret\"]},\"annotations\":{\"" CRI
                        "container-type\":\"container\",\"" CRI "container-name\":\"web\",\"" CRI
                        "image-name\":\"docker.io/library/nginx:1.27\",\"" CRI
                        "sandbox-name\":\"shop-0\",\"" CRI "sandbox-namespace\":\"prod\"}}",
                .name = "web",
                .image = "docker.io/library/nginx:1.27",
                .pod = "shop-0",
                .pod_namespace = "prod"},
        {.format = CONTAINER_FORMAT_OCI,
                .text = "{\"annotations\":{\"" CRI "container-type\":\"sandbox\",\"" CRI
                        "sandbox-name\":\"shop-0\",\"" CRI "sandbox-namespace\":\"prod\"}}",
                .pod = "shop-0",
                .pod_namespace = "prod",
                .is_sandbox = true},
        {.format = CONTAINER_FORMAT_OCI,
                .text = "{\"annotations\":{\"nerdctl/name\":\"web\"}}",
                .name = "web"},
        {.format = CONTAINER_FORMAT_OCI,
                .text = "{\"annotations\":{\"" CRIO "Name\":\"k8s_web_shop-0_prod_uid_0\",\"" CRIO
                        "ImageName\":\"nginx\",\"" CRIO "KubeName\":\"shop-0\",\"" CRIO
                        "Namespace\":\"prod\",\"" CRIO "ContainerType\":\"container\"}}",
                .name = "k8s_web_shop-0_prod_uid_0",
                .image = "nginx",
                .pod = "shop-0",
                .pod_namespace = "prod"},
        {.format = CONTAINER_FORMAT_OCI, .text = "{\"annotations\":[\"nerdctl/name\"]}"},
        {.format = CONTAINER_FORMAT_MACHINE,
                .text = "# "
                        "private\nNAME=web-01\nSCOPE=machine-web.scope\nLEADER=4711\nCLASS="
                        "container\n",
                .name = "web-01",
                .pid = 4711},
        {.format = CONTAINER_FORMAT_MACHINE, .text = "NAME=a\\x2db\nXLEADER=1\nLEADER=x\nLEADER"},
        {.format = CONTAINER_FORMAT_NSRESOURCE,
                .text = "{\"name\":\"web\",\"owner\":1000,\"userns\":4026532000,\"usernsId\":77}",
                .name = "web",
                .inode = 4026532000,
                .ns_id = 77},
        {.format = CONTAINER_FORMAT_FLATPAK,
                .text = "[Instance]\nname=wrong\n[Application]\nname=org.gimp.GIMP\n"
                        "runtime=runtime/org.gnome.Platform/x86_64/45\n\n[Instance]\nname=no\n",
                .name = "org.gimp.GIMP"},
        {.format = CONTAINER_FORMAT_APPTAINER,
                .text = "{\"pid\":4711,\"ppid\":4710,\"name\":\"x\",\"image\":\"/home/a/x.sif\"}",
                .image = "/home/a/x.sif",
                .pid = 4711},
        {.format = CONTAINER_FORMAT_BWRAP,
                .text = "{\n \"child-pid\": 4711,\n \"pid-namespace\": 4026532001\n}\n",
                .pid = 4711,
                .inode = 4026532001},
        {.format = CONTAINER_FORMAT_PID, .text = "4711\n", .pid = 4711},
        {.format = CONTAINER_FORMAT_PID, .text = "4711", .pid = 4711},
        {.format = CONTAINER_FORMAT_PID, .text = ""},
        {.format = CONTAINER_FORMAT_PID, .text = "\n"},
        {.format = CONTAINER_FORMAT_PID, .text = "47x"},
        {.format = CONTAINER_FORMAT_PID, .text = "99999999999999999999"},
        {.format = CONTAINER_FORMAT_EXISTS, .text = "lxc.uts.name = other\n"},
};

static void takes_what_it_knows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct expected *const row = &rows[i];
		_cleanup_free_ char *text = copy_of(row->text);
		struct container_text found;

		assert_int_equal(
		        container_text_parse(row->format, text, strlen(row->text), &found), 0);
		check_slice(found.name, row->name);
		check_slice(found.image, row->image);
		check_slice(found.pod, row->pod);
		check_slice(found.pod_namespace, row->pod_namespace);
		assert_int_equal(found.pid, row->pid);
		assert_int_equal(found.inode, row->inode);
		assert_int_equal(found.ns_id, row->ns_id);
		assert_int_equal(found.is_sandbox, row->is_sandbox);
	}
}

static void refuses_what_is_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct expected *const row = &rows[i];
		const size_t len = strlen(row->text);

		if (len == 0 || row->text[len - 1] != '}')
			continue;
		for (size_t cut = 0; cut < len; cut++) {
			_cleanup_free_ char *text = malloc(cut + 1);
			struct container_text found;

			assert_non_null(text);
			memcpy(text, row->text, cut);
			assert_int_equal(
			        container_text_parse(row->format, text, cut, &found), -EBADMSG);
			assert_int_equal(found.name.len + found.image.len + found.pod.len, 0);
		}
	}
}

static void refuses_what_is_deep_or_no_json(void **state)
{
	static const char start[] = "{\"State\":";
	enum { DEPTH = 1000000 };
	_cleanup_free_ char *deep = malloc(sizeof(start) + 2 * DEPTH);
	struct container_text found;

	(void)state;
	assert_non_null(deep);
	memcpy(deep, start, sizeof(start) - 1);
	memset(deep + sizeof(start) - 1, '[', DEPTH);
	memset(deep + sizeof(start) - 1 + DEPTH, ']', DEPTH);
	deep[sizeof(start) - 1 + 2 * DEPTH] = '}';
	assert_int_equal(container_text_parse(
	                         CONTAINER_FORMAT_DOCKER, deep, sizeof(start) + 2 * DEPTH, &found),
	        -EBADMSG);
	static const char *const texts[] = {"", " ", "[]", "null", "\"x\"", "{\"a\" 1}", "{]"};
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_free_ char *text = copy_of(texts[i]);

		assert_int_equal(container_text_parse(
		                         CONTAINER_FORMAT_DOCKER, text, strlen(texts[i]), &found),
		        -EBADMSG);
	}
}

static void leaves_out_what_is_long(void **state)
{
	for (size_t len = CONTAINER_TEXT_MAX; len <= CONTAINER_TEXT_MAX + 1; len++) {
		static const char head[] = "{\"Name\":\"", tail[] = "\"}";
		const size_t n = sizeof(head) - 1 + len + sizeof(tail) - 1;
		_cleanup_free_ char *text = malloc(n);
		struct container_text found;

		assert_non_null(text);
		memcpy(text, head, sizeof(head) - 1);
		memset(text + sizeof(head) - 1, 'x', len);
		memcpy(text + n - (sizeof(tail) - 1), tail, sizeof(tail) - 1);

		assert_int_equal(container_text_parse(CONTAINER_FORMAT_DOCKER, text, n, &found), 0);
		assert_int_equal(found.name.len, len > CONTAINER_TEXT_MAX ? 0 : len);
	}
	(void)state;
}

/* --- lists ------------------------------------------------------------------------------------ */

struct list {
	size_t n;
	struct container_text found[8];
};

static void take(void *data, const struct container_text *found)
{
	struct list *const list = data;

	assert_true(list->n < ARRAY_SIZE(list->found));
	list->found[list->n++] = *found;
}

static bool is_any(void *data, struct container_slice id)
{
	(void)data;
	assert_true(id.len > 0);
	return true;
}

static bool is_none(void *data, struct container_slice id)
{
	(void)data;
	(void)id;
	return false;
}

static int parse_list(enum container_format format, char *text, size_t len, struct list *ret)
{
	ret->n = 0;
	return container_text_parse_list(
	        format, text, len, &(const struct container_text_list){is_any, take, ret});
}

#define STORAGE                                                                                    \
	"[{\"id\":\"" ID "\",\"names\":[\"web\",\"other\"],\"image\":\"sha\","                     \
	"\"metadata\":\"{\\\"image-name\\\":\\\"docker.io/library/nginx:latest\\\","               \
	"\\\"name\\\":\\\"no\\\"}\"},"                                                             \
	"{\"names\":[\"without an id\"]},"                                                         \
	"{\"id\":\"" ID2 "\",\"metadata\":\"{\\\"pod-name\\\":\\\"k8s_shop-0_prod_uid_0\\\","      \
	"\\\"name\\\":\\\"n\\u001b\\\",\\\"namespace\\\":\\\"prod\\\"}\"},"                        \
	"{\"id\":\"x\",\"names\":[],\"metadata\":\"no JSON\"}]\n"

static void list_of_storage(void **state)
{
	_cleanup_free_ char *text = copy_of(STORAGE);
	struct list list;

	(void)state;
	assert_int_equal(parse_list(CONTAINER_FORMAT_STORAGE, text, strlen(STORAGE), &list), 0);
	assert_int_equal(list.n, 3);
	check_slice(list.found[0].id, ID);
	check_slice(list.found[0].name, "web");
	check_slice(list.found[0].image, "docker.io/library/nginx:latest");
	check_slice(list.found[1].id, ID2);
	check_slice(list.found[1].name, NULL); /* a control byte is not valid in JSON */
	check_slice(list.found[1].pod, "k8s_shop-0_prod_uid_0");
	check_slice(list.found[1].pod_namespace, "prod");
	check_slice(list.found[2].id, "x");
	check_slice(list.found[2].name, NULL);
	for (size_t cut = 0; cut < strlen(STORAGE) - 1; cut++) {
		_cleanup_free_ char *part = malloc(cut + 1);

		assert_non_null(part);
		memcpy(part, STORAGE, cut);
		assert_int_equal(parse_list(CONTAINER_FORMAT_STORAGE, part, cut, &list), -EBADMSG);
		assert_int_equal(list.n, 0);
	}
}

static void only_what_is_wanted(void **state)
{
	_cleanup_free_ char *text = copy_of(STORAGE);
	struct list list = {.n = 0};

	(void)state;
	assert_int_equal(container_text_parse_list(CONTAINER_FORMAT_STORAGE, text, strlen(STORAGE),
	                         &(const struct container_text_list){is_none, take, &list}),
	        0);
	assert_int_equal(list.n, 0);
	/* The rest is not decoded. */
	assert_non_null(strstr(STORAGE, "\\\"image-name"));
	assert_memory_equal(strstr(STORAGE, "\"metadata"),
	        text + (strstr(STORAGE, "\"metadata") - STORAGE), 40);
}

static void list_of_pod_logs(void **state)
{
	static const char logs[] = "shop-0_prod_web-" ID ".log\n"
	                           ".\n..\n"
	                           "shop.a_prod_web-1-" ID2 ".log\n"
	                           "shop-0_prod-" ID ".log\n"
	                           "_prod_web-" ID ".log\n"
	                           "shop-0_prod_-" ID ".log\n"
	                           "shop-0_prod_web-" ID ".txt\n"
	                           "-" ID ".log";
	_cleanup_free_ char *text = copy_of(logs);
	struct list list;

	(void)state;
	assert_int_equal(parse_list(CONTAINER_FORMAT_POD_LOGS, text, strlen(logs), &list), 0);
	assert_int_equal(list.n, 2);
	check_slice(list.found[0].id, ID);
	check_slice(list.found[0].pod, "shop-0");
	check_slice(list.found[0].pod_namespace, "prod");
	check_slice(list.found[0].name, "web");
	check_slice(list.found[1].pod, "shop.a");
	check_slice(list.found[1].name, "web-1");
}

/* --- paths ------------------------------------------------------------------------------------ */

static void paths(void **state)
{
	const struct container_words words = {.home = "/home/harald",
	        .user_name = "harald",
	        .host_name = "box",
	        .uid = 1000,
	        .is_mapped = true,
	        .map_uid = 100000,
	        .map_gid = 200000,
	        .id = ID,
	        .space = "k8s.io"};
	static const struct {
		enum kernel_store store;
		bool of_user;
		const char *id; /* NULL: ID */
		const char *path;
	} table[] = {
	        {KERNEL_STORE_DOCKER, false, NULL,
	                "/var/lib/docker//containers/" ID "/config.v2.json"},
	        {KERNEL_STORE_DOCKER, true, NULL,
	                "/home/harald//.local/share/docker/containers/" ID "/config.v2.json"},
	        {KERNEL_STORE_DOCKER_MAPPED, false, NULL,
	                "/var/lib/docker//100000.200000/containers/" ID "/config.v2.json"},
	        {KERNEL_STORE_CONTAINERD, false, NULL,
	                "/run/containerd/io.containerd.runtime.v2.task//k8s.io/" ID "/config.json"},
	        {KERNEL_STORE_STORAGE, false, NULL,
	                "/var/lib/containers/storage//overlay-containers/containers.json"},
	        {KERNEL_STORE_MACHINE, false, "web 01", "/run/systemd/machines//web 01"},
	        {KERNEL_STORE_NSRESOURCE, false, "4026532000",
	                "/run/systemd/nsresource/registry//i4026532000.userns"},
	        {KERNEL_STORE_FLATPAK, true, "123", "/run/user/1000//.flatpak/123/info"},
	        {KERNEL_STORE_APPTAINER, true, "web",
	                "/home/harald//.apptainer/instances/app/box/harald/web/web.json"},
	};
	char path[4096];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct container_store *const store = container_stores_find(table[i].store);
		struct container_words own = words;

		own.id = table[i].id ? table[i].id : ID;
		assert_int_equal(
		        container_stores_path(store,
		                table[i].of_user ? store->file.of_user : store->file.of_root, &own,
		                path, sizeof(path)),
		        0);
		assert_string_equal(path, table[i].path);
	}
}

static void no_other_paths(void **state)
{
	static const struct {
		enum kernel_store store;
		const char *id, *space;
		int error;
	} table[] = {
	        {KERNEL_STORE_DOCKER, "../../../etc/shadow", "", -EINVAL},
	        {KERNEL_STORE_DOCKER, A16 A16 A16, "", -EINVAL},
	        {KERNEL_STORE_DOCKER, ID "0", "", -EINVAL},
	        {KERNEL_STORE_DOCKER, "F" ID_TAIL, "", -EINVAL},
	        {KERNEL_STORE_DOCKER_MAPPED, ID, "", -ENOENT},
	        {KERNEL_STORE_CONTAINERD, "..", "default", -EINVAL},
	        {KERNEL_STORE_CONTAINERD, ".", "default", -EINVAL},
	        {KERNEL_STORE_CONTAINERD, "", "default", -EINVAL},
	        {KERNEL_STORE_CONTAINERD, "a/b", "default", -EINVAL},
	        {KERNEL_STORE_CONTAINERD, "a", "..", -EINVAL},
	        {KERNEL_STORE_CONTAINERD, "a", "x/y", -EINVAL},
	        {KERNEL_STORE_MACHINE, "a/../../b", "", -EINVAL},
	        {KERNEL_STORE_NSRESOURCE, "1x", "", -EINVAL},
	};
	char path[4096];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct container_store *const store = container_stores_find(table[i].store);

		assert_int_equal(container_stores_path(store, store->file.of_root,
		                         &(const struct container_words){
		                                 .id = table[i].id, .space = table[i].space},
		                         path, sizeof(path)),
		        table[i].error);
	}
	assert_null(container_stores_find(KERNEL_STORES));
	const struct container_store *const docker = container_stores_find(KERNEL_STORE_DOCKER);
	assert_int_equal(container_stores_path(docker, docker->file.of_user,
	                         &(const struct container_words){.id = ID}, path, sizeof(path)),
	        -ENOENT);
	assert_int_equal(container_stores_path(docker, docker->file.of_root,
	                         &(const struct container_words){.id = ID}, path, 40),
	        -ENAMETOOLONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(takes_what_it_knows),
	        cmocka_unit_test(refuses_what_is_cut),
	        cmocka_unit_test(refuses_what_is_deep_or_no_json),
	        cmocka_unit_test(leaves_out_what_is_long),
	        cmocka_unit_test(list_of_storage),
	        cmocka_unit_test(only_what_is_wanted),
	        cmocka_unit_test(list_of_pod_logs),
	        cmocka_unit_test(paths),
	        cmocka_unit_test(no_other_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
