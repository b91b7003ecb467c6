/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/text.h"
#include "tests/unit.h"
#include "tests/view/mount_fixture.h"
#include "view/mount_words.h"

#include <string.h>

typedef void words_fn(FILE *out, const struct mount_entry *entry);

static void assert_words(words_fn *words, const struct mount_entry *entry, const char *wanted)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	words(text.out, entry);
	assert_string_equal(text_get(&text), wanted);
}

static void test_propagation(void **state)
{
	static const struct {
		struct mount_entry entry;
		const char *words;
	} wanted[] = {
	        {{.shared = 5}, "shared 5"},
	        {{.master = 3}, "slave of 3"},
	        {{.shared = 5, .master = 3}, "shared 5, slave of 3"},
	        {{.master = 3, .propagate_from = 2}, "slave of 3, receives from 2"},
	        {{.is_unbindable = true}, "unbindable"},
	        {{.id = 1}, "private"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		assert_words(mount_words_propagation, &wanted[i].entry, wanted[i].words);
}

static void test_options(void **state)
{
	static const struct {
		const char *options, *fs_options;
		const char *words;
	} wanted[] = {
	        {"rw,nosuid", "rw", "rw,nosuid"},
	        {"rw,nosuid", "ro,size=4k", "ro,nosuid"},
	        {"rw", "ro", "ro"},
	        {"ro", "rw", "ro"},
	        {"rwx", "ro", "rwx"}, /* no option of that name is known */
	        {"rw", NULL, "rw"},
	        {NULL, "ro", "unknown"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		assert_words(mount_words_options,
		        &(const struct mount_entry){
		                .options = wanted[i].options, .fs_options = wanted[i].fs_options},
		        wanted[i].words);
}

static void test_lines(void **state)
{
	static const struct {
		uint64_t mnt;
		unsigned id;
		const char *words;
	} wanted[] = {
	        {MOUNT_FIXTURE_HOST, 22,
	                "/ type \"ext4\" source \"/dev/sda1\" device 8:1 shared 1 options "
	                "rw,relatime"},
	        {MOUNT_FIXTURE_HOST, 25,
	                "/srv/with blank type \"xfs\" source \"/dev/sdb1\" device 8:17 directory "
	                "\"/www\" shared 4 options ro"},
	        {MOUNT_FIXTURE_HOST, 26,
	                "/mnt type \"tmpfs\" source \"tmpfs\" device 0:40 unbindable covered "
	                "options rw"},
	        {MOUNT_FIXTURE_SLAVE, 44,
	                "/new\\x0aline type \"fuse.sshfs\" source \"db7:/\\\"x\\\"\" device 0:60 "
	                "private options ro"},
	        {MOUNT_FIXTURE_PRIVATE, 62,
	                "/data type \"tmpfs\" source unknown device 0:71 private options rw"},
	        {MOUNT_FIXTURE_PRIVATE, 63,
	                "/proc/sys type \"proc\" source \"\" device 0:22 directory \"/sys\" "
	                "private options ro"},
	};
	const struct model *const model = mount_fixture();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		const struct mount_entry *const entry =
		        mounts_find_entry(mounts_find(model->mounts, wanted[i].mnt), wanted[i].id);

		assert_non_null(entry);
		assert_words(mount_words_line, entry, wanted[i].words);
	}
	model_unref(model);
}

/* A path cannot look like the rest of a line. */
static void test_path_as_line(void **state)
{
	static const struct mount_entry entry = {
	        .point = "/a type \"ext4\"", .type = "tmpfs", .root = "/", .options = "rw"};

	(void)state;
	assert_words(mount_words_line, &entry,
	        "/a type \\\"ext4\\\" type \"tmpfs\" source unknown device 0:0 private options rw");
	assert_words(mount_words_name, &entry, "/a type \"ext4\" (tmpfs)");
	assert_words(mount_words_long, &entry, " id 0 parent 0 file system options unknown");
	assert_words(mount_words_source, &(const struct mount_entry){.source = ""}, "-");
	assert_words(mount_words_source, &(const struct mount_entry){.id = 1}, "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_propagation),
	        cmocka_unit_test(test_options),
	        cmocka_unit_test(test_lines),
	        cmocka_unit_test(test_path_as_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
