/* SPDX-License-Identifier: Apache-2.0 */

/* A valid snapshot that lacks a key, is cut, or has another byte is refused, or read as a model
 * that is consistent. */

#include "tests/snapshot/text.h"

/* All but derived keys (leader, processes) and optional ones. */
static void every_key_is_needed(void **state _unused_)
{
	static const char *const keys[] = {"format", "version", "program", "host", "name", "kernel",
	        "boot_id", "taken", "hertz", "booted", "euid", "sources", "unreadable", "complete",
	        "type", "inode", "dev", "id", "parent", "parent_state", "owner", "owner_state",
	        "owner_uid", "owner_name", "owner_uid_state", "held_by", "uid_map", "gid_map",
	        "setgroups", "maps_state", "by", "pid", "fd", "path", "mnt", "ppid", "started",
	        "uid", "state", "comm", "nspid", "what", "errno", "notes"};
	_cleanup_bytes_ struct bytes text = read_source("tests/snapshot/fixtures/partial.json");

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		_cleanup_free_ char *key = memory_printf("\"%s\": ", keys[i]);
		_cleanup_free_ char *what = memory_printf(": \"%s\" is missing", keys[i]);
		struct snapshot_problem problem = {0};
		char *at = strstr(text.bytes, key);

		assert_non_null(at);
		at[1] ^= 1;
		assert_int_equal(refuse(text.bytes, text.len, &problem), -EBADMSG);
		assert_non_null(strstr(problem.what, what));
		at[1] ^= 1;
	}
}

static void cut_at_every_byte(void **state _unused_)
{
	_cleanup_bytes_ struct bytes text = read_source("tests/snapshot/fixtures/partial.json");
	const size_t last = (size_t)(strrchr(text.bytes, '}') - text.bytes);

	for (size_t len = 0; len <= last; len++) {
		struct snapshot_problem problem;
		/* Exactly as large as the text, so that a sanitizer detects a read beyond it. */
		_cleanup_free_ char *cut = memory_new(len);

		memcpy(cut, text.bytes, len);
		assert_int_equal(refuse(cut, len, &problem), -EBADMSG);
		assert_true(problem.offset <= len);
		assert_true(strcmp(problem.what + strlen(problem.what) -
		                            strlen("unexpected end of the snapshot"),
		                    "unexpected end of the snapshot") == 0 ||
		            strcmp(problem.what, "line 1: not a snapshot: empty") == 0);
	}
	print_message("# R19: cut at each of %zu bytes: refused with the position\n", last + 1);
}

/* After a change of any byte, the result is a problem or a consistent model. */
static void change_every_byte(const char *name)
{
	static const char bytes[] = {'"', '0', '}', ',', '\0', '\xff'};
	_cleanup_bytes_ struct bytes text = read_source(name);

	for (size_t i = 0; i < text.len; i++) {
		const char saved = text.bytes[i];
		const struct model *model = NULL;
		struct snapshot_problem problem = {0};

		text.bytes[i] = bytes[i % sizeof(bytes)];
		if (snapshot_parse(text.bytes, text.len, NULL, &model, &problem) == 0) {
			assert_int_equal(check_model(model), 0);
			assert_round_trip(model);
			model_unref(model);
		} else {
			assert_int_equal(strncmp(problem.what, "line ", 5), 0);
			assert_non_null(strchr(problem.what, ':'));
		}
		text.bytes[i] = saved;
	}
}

static void every_byte_changed(void **state _unused_)
{
	change_every_byte("tests/snapshot/fixtures/small.json");
	change_every_byte("tests/snapshot/fixtures/facts.json");
	change_every_byte("tests/snapshot/fixtures/mounts.json");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_key_is_needed),
	        cmocka_unit_test(cut_at_every_byte),
	        cmocka_unit_test(every_byte_changed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
