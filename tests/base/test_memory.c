/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "tests/base/child.h"
#include "tests/unit.h"

#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

/* A sanitizer's allocator needs more memory than the limit, and ends the program itself if an
 * allocation is too large. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN true
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(HAS_ASAN)
enum { IS_SANITIZED = true };
#else
enum { IS_SANITIZED = false };
#endif

/* Set by the children: whether the exit handler was called, and a byte of their memory. */
static char *shared;

static void exit_handler(void)
{
	shared[0] = 'w';
}

static int exhaust(void *data)
{
	const struct rlimit limit = {.rlim_cur = 64 << 20, .rlim_max = 64 << 20};
	const int *said = data;

	memory_set_exit_handler(exit_handler);
	dup2(*said, STDERR_FILENO);
	if (setrlimit(RLIMIT_AS, &limit) < 0)
		return 2;
	for (;;) {
		char *p = memory_new(1 << 20);

		memset(p, 1, 1 << 20); /* so that it is not optimized away */
		shared[1] = p[5];
	}
}

static int grow_too_far(void *data)
{
	const int *said = data;
	size_t capacity = SIZE_MAX / 2 + 1;
	char *array = memory_new(1);

	memory_set_exit_handler(exit_handler);
	dup2(*said, STDERR_FILENO);
	array = memory_grow(array, &capacity, SIZE_MAX, 1);
	free(array);
	return 3;
}

static int multiply_too_far(void *data)
{
	const int *said = data;
	size_t capacity = 0;

	memory_set_exit_handler(exit_handler);
	dup2(*said, STDERR_FILENO);
	free(memory_grow(NULL, &capacity, SIZE_MAX / 4, 64));
	return 3;
}

static void assert_exhausted(int (*body)(void *data))
{
	int said = memfd_create("stderr", MFD_CLOEXEC);
	char text[128] = "";

	shared[0] = '\0';
	const int status = in_child(body, &said);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_int_equal(shared[0], 'w');
	assert_true(pread(said, text, sizeof(text) - 1, 0) > 0);
	assert_string_equal(text, "nsbrowse: out of memory\n");
	close(said);
}

static void ends_when_there_is_none(void **state)
{
	(void)state;
	if (IS_SANITIZED) {
		print_message("not under a sanitizer\n");
		return;
	}
	assert_exhausted(exhaust);
	assert_exhausted(multiply_too_far);
}

static void ends_on_overflow(void **state)
{
	(void)state;
	assert_exhausted(grow_too_far);
}

static void new_is_zeroed(void **state)
{
	static const char zeros[4096];

	(void)state;
	for (size_t size = 0; size <= sizeof(zeros); size += 64) {
		_cleanup_free_ char *p = memory_new(size);

		assert_memory_equal(p, zeros, size);
		memset(p, 'x', size);
	}
}

static void grows_and_keeps(void **state)
{
	size_t capacity = 0;
	int *array = NULL;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		array = memory_grow(array, &capacity, (size_t)i + 1, sizeof(*array));
		assert_true(capacity > (size_t)i);
		array[i] = i;
	}
	for (int i = 0; i < 10000; i++)
		assert_int_equal(array[i], i);
	assert_true(capacity < 2 * 10000);
	free(array);
}

static void strings(void **state)
{
	_cleanup_free_ char *copy = memory_strdup("copy");
	_cleanup_free_ char *printed = memory_printf("%s %d", copy, 7);

	(void)state;
	assert_string_equal(copy, "copy");
	assert_string_equal(printed, "copy 7");
}

static void elements_are_appended(void **state _unused_)
{
	size_t *items = NULL, n = 0, capacity = 0;

	for (size_t i = 0; i < 1000; i++)
		MEMORY_APPEND(items, n, capacity) = 7 * i;
	assert_int_equal(n, 1000);
	assert_true(capacity >= n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(items[i], 7 * i);
	free(items);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(elements_are_appended),
	        cmocka_unit_test(ends_when_there_is_none),
	        cmocka_unit_test(ends_on_overflow),
	        cmocka_unit_test(new_is_zeroed),
	        cmocka_unit_test(grows_and_keeps),
	        cmocka_unit_test(strings),
	};

	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
