/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/kernel/engine_files.h"

#include "base/attributes.h"
#include "kernel/privileged/privileged.h"
#include "privsep/helper.h"

#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

void engine_files_make_root(void)
{
	umask(0);
	CHECK(make_place() == 0 || (world_enter(CLONE_NEWNS) == 0 && make_place() == 0));
	CHECK(mkdir(ENGINE_ROOT, 0755) == 0);
	CHECK(mount("tmpfs", ENGINE_ROOT, "tmpfs", 0, "size=64m,mode=755") == 0);
}

static void path_below_root(const char *path, char *ret, size_t size)
{
	CHECK(snprintf(ret, size, "%s%s", ENGINE_ROOT, path) < (int)size);
}

void engine_files_make_above(uid_t uid, const char *path)
{
	char whole[PATH_MAX];

	path_below_root(path, whole, sizeof(whole));
	for (char *p = whole + sizeof(ENGINE_ROOT); (p = strchr(p, '/')); p++) {
		*p = '\0';
		if (mkdir(whole, 0755) == 0)
			CHECK(chown(whole, uid, uid) == 0);
		else
			CHECK(errno == EEXIST);
		*p = '/';
	}
}

void engine_files_put_bytes(uid_t uid, const char *path, const char *bytes, size_t len)
{
	char whole[PATH_MAX];

	engine_files_make_above(uid, path);
	path_below_root(path, whole, sizeof(whole));
	_cleanup_close_ int fd = open(whole, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	CHECK(fd >= 0 && fchown(fd, uid, uid) == 0);
	for (size_t n = 0; n < len;) {
		const ssize_t r = write(fd, bytes + n, len - n);

		CHECK(r > 0);
		n += (size_t)r;
	}
}

void engine_files_put(uid_t uid, const char *path, const char *text)
{
	engine_files_put_bytes(uid, path, text, strlen(text));
}

void engine_files_link(uid_t uid, const char *path, const char *text)
{
	char whole[PATH_MAX];

	engine_files_make_above(uid, path);
	path_below_root(path, whole, sizeof(whole));
	CHECK(symlink(text, whole) == 0 && lchown(whole, uid, uid) == 0);
}

static int run(const struct helper_request *request, int replies)
{
	return container_files_run(ENGINE_ROOT, request, replies);
}

const struct helper_job engine_files_job = {
        .name = "fixture",
        .deadline_ms = JOB_DEADLINE_MS,
        .run = run,
};

void engine_files_begin(struct privileged_test *ret)
{
	static const struct helper_job *const jobs[] = {&engine_files_job};

	CHECK(helper_start(jobs, 1, NULL, &ret->helper) == 0);
	CHECK(kernel_linux_new("/proc", &ret->kernel) == 0);
	kernel_linux_set_helper(ret->kernel, helper_channel(ret->helper));
	container_files_set_job(ret->kernel, &engine_files_job);
	ret->ops = ret->kernel->ops;
}

/* Copies of what was found. */
static void keep(void *data, size_t i, const struct kernel_container_text *text)
{
	static char texts[5][2000];
	struct kernel_container_text *const ret = data;
	const char *const from[] = {
	        text->path, text->name, text->image, text->pod, text->pod_namespace};
	const char **const to[] = {
	        &ret->path, &ret->name, &ret->image, &ret->pod, &ret->pod_namespace};

	CHECK(i == 0 && !ret->path && text->path);
	*ret = *text;
	for (size_t k = 0; k < ARRAY_SIZE(from); k++) {
		snprintf(texts[k], sizeof(texts[k]), "%s", from[k] ? from[k] : "");
		*to[k] = from[k] ? texts[k] : NULL;
	}
}

int engine_files_read(const struct privileged_test *test, const struct kernel_container *item,
        struct kernel_container_text *ret)
{
	struct kernel_container own = *item;

	*ret = (struct kernel_container_text){.path = NULL};
	CHECK(test->ops->containers(test->kernel, &own, 1, keep, ret) == 0);
	CHECK((own.error == 0) == (ret->path != NULL));
	return own.error;
}
