/* SPDX-License-Identifier: Apache-2.0 */
/* Hostile files of container engines, the rights of the job that reads them, and hostile requests
 * to it. Exits 77 if no mount namespace may be made. */
#include "base/attributes.h"
#include "base/monotonic.h"
#include "kernel/privileged/privileged.h"
#include "tests/kernel/engine_files.h"
#include "tests/unit.h"

#include <string.h>
#include <sys/stat.h>

/* --- files ------------------------------------------------------------------------------------ */

#define WHOLE ENGINE_ROOT ENGINE_DOCKER

static const struct kernel_container docker = {.store = KERNEL_STORE_DOCKER, .id = ENGINE_ID};

static void make_writable_by_all(void)
{
	engine_files_put(0, ENGINE_DOCKER, ENGINE_CONFIG);
	CHECK(chmod(WHOLE, 0666) == 0);
}

static void make_directory_writable(void)
{
	engine_files_put(0, ENGINE_DOCKER, ENGINE_CONFIG);
	CHECK(chmod(ENGINE_ROOT "/var/lib/docker/containers", 0775) == 0);
}

static void make_root_writable(void)
{
	engine_files_put(0, ENGINE_DOCKER, ENGINE_CONFIG);
	CHECK(chmod(ENGINE_ROOT, 01777) == 0);
}

static void make_link_to_shadow(void)
{
	engine_files_put(0, "/etc/shadow", ENGINE_CONFIG);
	engine_files_link(0, ENGINE_DOCKER, "/etc/shadow");
}

static void make_link_of_container(void)
{
	engine_files_put(0, "/elsewhere/config.v2.json", ENGINE_CONFIG);
	engine_files_link(0, "/var/lib/docker/containers/" ENGINE_ID, "/elsewhere");
}

static void make_fifo(void)
{
	engine_files_make_above(0, ENGINE_DOCKER);
	CHECK(mkfifo(WHOLE, 0600) == 0);
}

static void make_directory(void)
{
	engine_files_make_above(0, ENGINE_DOCKER "/");
}

static void make_file_for_directory(void)
{
	engine_files_put(0, "/var/lib/docker/containers", ENGINE_CONFIG);
}

static void make_long(void)
{
	enum { TEN_MIB = 10 << 20 };
	_cleanup_free_ char *text = malloc(TEN_MIB);

	CHECK(text);
	memset(text, ' ', TEN_MIB);
	memcpy(text, ENGINE_CONFIG, sizeof(ENGINE_CONFIG) - 1);
	engine_files_put_bytes(0, ENGINE_DOCKER, text, TEN_MIB);
}

static void make_deep(void)
{
	enum { DEEP = 1000 * 1000 };
	_cleanup_free_ char *text = malloc(DEEP);

	CHECK(text);
	memset(text, '[', DEEP);
	memcpy(text, "{\"Name\":", 8);
	engine_files_put_bytes(0, ENGINE_DOCKER, text, DEEP);
}

static void make_truncated(void)
{
	engine_files_put_bytes(0, ENGINE_DOCKER, ENGINE_CONFIG, sizeof(ENGINE_CONFIG) - 2);
}

static void make_empty(void)
{
	engine_files_put(0, ENGINE_DOCKER, "");
}

static const struct {
	const char *what;
	void (*make)(void);
	int error;
} hostile[] = {
        {"file writable by all", make_writable_by_all, -EPERM},
        {"directory writable by a group", make_directory_writable, -EPERM},
        {"root writable by all", make_root_writable, -EPERM},
        {"link to /etc/shadow", make_link_to_shadow, -ELOOP},
        {"link below the directory of the engine", make_link_of_container, -ELOOP},
        {"FIFO", make_fifo, -EINVAL},
        {"directory", make_directory, -EINVAL},
        {"file for a directory", make_file_for_directory, -ENOTDIR},
        {"10 MiB", make_long, -EFBIG},
        {"deep", make_deep, -EBADMSG},
        {"truncated", make_truncated, -EBADMSG},
        {"empty", make_empty, -EBADMSG},
};

static size_t number;

static void read_hostile(void)
{
	struct privileged_test test;
	struct kernel_container_text found;

	engine_files_make_root();
	engine_files_begin(&test);
	hostile[number].make();
	const int r = engine_files_read(&test, &docker, &found);
	if (r != hostile[number].error)
		fprintf(stderr, "%s: %d\n", hostile[number].what, r);
	CHECK(r == hostile[number].error);
	privileged_end(&test);
}

static void hostile_files(void **state)
{
	(void)state;
	for (number = 0; number < ARRAY_SIZE(hostile); number++)
		assert_int_equal(world_run(read_hostile), 0);
}

/* --- the job ---------------------------------------------------------------------------------- */

/* A list with so many long names that the job waits until its replies are received. */
static void put_long_list(char (*ids)[65], size_t n)
{
	_cleanup_free_ char *text = NULL;
	size_t len;
	FILE *const out = open_memstream(&text, &len);

	CHECK(out);
	for (size_t i = 0; i < n; i++) {
		snprintf(ids[i], sizeof(ids[i]), "%064zx", i);
		fprintf(out, "%c{\"id\":\"%s\",\"names\":[\"%01000d\"],", i ? ',' : '[', ids[i], 0);
		fprintf(out,
		        "\"metadata\":\"{\\\"image-name\\\":\\\"%01000d\\\","
		        "\\\"pod-name\\\":\\\"%01000d\\\",\\\"namespace\\\":\\\"%01000d\\\"}\"}",
		        0, 0, 0);
	}
	fputs("]", out);
	CHECK(fclose(out) == 0);
	engine_files_put_bytes(0, ENGINE_STORAGE "/containers.json", text, len);
}

/* The mode of seccomp(2) of a job: a filter, else strict mode. */
#ifdef HAVE_SECCOMP
#define CONFINED "2"
#else
#define CONFINED "1"
#endif

/* The layout of a request is that of container_files.c. */
static bool look_at_job_once(const struct privileged_test *test, char (*ids)[65], size_t n)
{
	static const char *const lines[] = {
	        "\nCapInh:\t0000000000000000\nCapPrm:\t0000000000000000\n",
	        "\nCapEff:\t0000000000000000\n",
	        "\nNoNewPrivs:\t1\nSeccomp:\t" CONFINED "\n",
	        "Name:\tfixture\n",
	};
	const int64_t end = monotonic_ms() + 20000;
	const uint32_t head[] = {KERNEL_STORE_STORAGE, 0, 0, 0};
	char bytes[HELPER_REQUEST_MAX] = "";
	size_t len = sizeof(head);
	struct helper_pending pending;
	struct helper_exit notice;
	bool is_seen = false;

	memcpy(bytes, head, sizeof(head));
	for (size_t i = 0; i < n; i++) {
		memcpy(bytes + len, ids[i], sizeof(ids[i]));
		len += sizeof(ids[i]) + 1;
	}
	CHECK(helper_start_job(test->helper, &engine_files_job,
	              &(const struct helper_request){.bytes = bytes, .len = len}, &pending) == 0);
	while (helper_poll(test->helper, &notice) == 0) {
		const pid_t pid = child_of(helper_pid(test->helper));

		is_seen |= pid != 0 && status_has(pid, lines, ARRAY_SIZE(lines));
		CHECK(monotonic_ms() < end);
	}
	close(pending.replies);
	return is_seen;
}

static void look_at_job(void)
{
	enum { N = 64 };
	static char ids[N][65];
	struct privileged_test test;
	bool is_seen = false;

	engine_files_make_root();
	put_long_list(ids, N);
	engine_files_begin(&test);
	for (int i = 0; i < 20 && !is_seen; i++)
		is_seen = look_at_job_once(&test, ids, N);
	CHECK(is_seen);
	privileged_end(&test);
}

static void what_parses_may_do_nothing(void **state)
{
	static const char *const filtered[] = {"\nSeccomp:\t2\n"};

	(void)state;
	/* Below a filter strict mode is refused, and a second filter is not seen. */
	if (status_has(getpid(), filtered, 1))
		skip();
	assert_int_equal(world_run(look_at_job), 0);
}

/* --- requests --------------------------------------------------------------------------------- */

static void make_requests(void)
{
	static const char shadow[] = "{\"Name\":\"/secret\"}";
	static const struct {
		uint32_t head[4];
		size_t len; /* of the head */
		const char *items;
		size_t items_len;
	} table[] = {
	        {{KERNEL_STORES}, 16, ENGINE_ID "\0", sizeof(ENGINE_ID "\0")},
	        {{0xffffffff}, 16, ENGINE_ID "\0", sizeof(ENGINE_ID "\0")},
	        {{KERNEL_STORE_DOCKER}, 15, NULL, 0},
	        {{KERNEL_STORE_DOCKER}, 16, NULL, 0},
	        {{KERNEL_STORE_DOCKER}, 16, ENGINE_ID, sizeof(ENGINE_ID) - 1},
	        {{KERNEL_STORE_DOCKER}, 16, ENGINE_ID, sizeof(ENGINE_ID)},
	        {{KERNEL_STORE_MACHINE}, 16, "../../../etc/shadow\0", 21},
	        {{KERNEL_STORE_CONTAINERD}, 16, "shadow\0../../../../etc", 23},
	        {{KERNEL_STORE_DOCKER_MAPPED}, 16, ENGINE_ID "\0", sizeof(ENGINE_ID "\0")},
	        {{KERNEL_STORE_MACHINE, 0xffffffff}, 16, "web\0", 5},
	};
	struct privileged_test test;

	engine_files_make_root();
	engine_files_put(0, "/etc/shadow", shadow);
	engine_files_put(0, ENGINE_DOCKER, ENGINE_CONFIG);
	engine_files_put(0, "/run/systemd/machines/web", "NAME=web\n");
	engine_files_begin(&test);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		char bytes[256], reply[HELPER_REPLY_MAX];

		memcpy(bytes, table[i].head, sizeof(table[i].head));
		if (table[i].items_len)
			memcpy(bytes + table[i].len, table[i].items, table[i].items_len);
		const ssize_t n = helper_call(test.helper, &engine_files_job,
		        &(const struct helper_request){
		                .bytes = bytes, .len = table[i].len + table[i].items_len},
		        reply, sizeof(reply), NULL);
		CHECK(n < 0 || !memmem(reply, (size_t)n, "secret", 6));
		CHECK(n < 0 || !memmem(reply, (size_t)n, "web", 3));
	}
	privileged_end(&test);
}

static void hostile_requests(void **state)
{
	(void)state;
	assert_int_equal(world_run(make_requests), 0);
}

static void scene(void)
{
	engine_files_make_root();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(hostile_files),
	        cmocka_unit_test(what_parses_may_do_nothing),
	        cmocka_unit_test(hostile_requests),
	};

	if (!privileged_can("a mount namespace", scene))
		return privileged_skip();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
