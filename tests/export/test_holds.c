/* SPDX-License-Identifier: Apache-2.0 */

/* Which mount namespaces have a mount, as text and JSON. */

#include "base/attributes.h"
#include "base/text.h"
#include "export/export.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "tests/view/mount_fixture.h"
#include "view/mount_query.h"

#include <string.h>

/* What is written for a search in the fixture, or in these mounts. The caller frees. */
static char *written_of(const struct mounts *mounts, const char *what, bool is_ascii, bool is_json)
{
	const struct model *const model = mount_fixture();

	if (mounts)
		builder_set_mounts(model, mounts);
	const struct export_request request = {.model = model, .is_ascii = is_ascii};
	struct mount_query query;
	struct text text;

	text_init(&text);
	mount_query_run(&query, what, model->mounts, MOUNT_FIXTURE_HOST, true);
	assert_int_equal(export_holds(text.out, &request, &query, is_json), 0);
	mount_query_release(&query);
	model_unref(model);
	return text_take(&text);
}

static char *written(const char *what, bool is_ascii, bool is_json)
{
	return written_of(NULL, what, is_ascii, is_json);
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no %s in:\n%s", part, text);
}

static void test_text(void **state)
{
	_cleanup_free_ char *text = written("/srv", false, false);

	(void)state;
	assert_string_equal(text,
	        "mnt:[4026531832] init (1), 1 process, the mount namespace of nsbrowse\n"
	        "  mounted there: /srv type \"xfs\" source \"/dev/sdb1\" device 8:17 shared 3 "
	        "options rw\n"
	        "    first the 1 mount below it, then\n"
	        "    umount -i -c -- /srv\n"
	        "  mounted below it: /srv/with blank type \"xfs\" source \"/dev/sdb1\" device 8:17 "
	        "directory \"/www\" shared 4 options ro\n"
	        "    umount -i -c -- '/srv/with blank'\n"
	        "mnt:[4026532301] bash (300), 1 process\n"
	        "  mounted there: /srv type \"xfs\" source \"/dev/sdb1\" device 8:17 slave of 3, "
	        "receives from 1 options rw\n"
	        "    umount -i -c -N 300 -- /srv\n"
	        "\n"
	        "Open files and working directories on it also keep it busy: see lsof(8), "
	        "fuser(1).\n");
}

static void test_no_line(void **state)
{
	_cleanup_free_ char *covered = written("/mnt", false, false);
	_cleanup_free_ char *newline = written("fuse", false, false);

	(void)state;
	assert_has(covered,
	        "    no umount: covered by /mnt (tmpfs), which is to be unmounted first\n"
	        "  mounted there: ");
	assert_has(newline, "  type: /new\\x0aline type \"fuse.sshfs\" source \"db7:/\\\"x\\\"\"");
	assert_has(
	        newline, "    no umount: its path has characters that a shell line cannot have\n");
}

static void test_json(void **state)
{
	_cleanup_free_ char *text = written("8:17", false, true);
	_cleanup_free_ char *none = written("9:9", false, true);

	(void)state;
	assert_has(text,
	        "{\"format\": \"nsbrowse-holds\", \"version\": 1, \"what\": \"8:17\", "
	        "\"complete\": false, \"unread\": 2, \"mount_namespaces\": [\n"
	        "  {\"mnt\": 4026531832, \"own\": true, \"leader\": 1, \"name\": \"init\", "
	        "\"processes\": 1, \"container\": null, \"held_by\": ");
	assert_has(text,
	        "    {\"by\": \"device\", \"path\": \"/srv\", \"dev\": \"8:17\", \"root\": \"/\", "
	        "\"type\": \"xfs\", \"source\": \"/dev/sdb1\", \"options\": \"rw\", "
	        "\"fs_options\": \"rw,noquota\", \"master\": 3, \"propagate_from\": 1, "
	        "\"covered\": false, \"below\": 0, \"umount\": \"umount -i -c -N 300 -- "
	        "/srv\"}");
	assert_has(none, "\"mount_namespaces\": []}\n");
}

/* Unknown is null, and a line that cannot be shown is none. */
static void test_unknown(void **state)
{
	_cleanup_free_ char *json = written("/data", false, true);
	_cleanup_free_ char *unbindable = written("/mnt", false, true);

	(void)state;
	assert_has(json, "\"source\": null");
	assert_has(unbindable, "\"unbindable\": true, \"covered\": true, \"below\": 1, "
	                       "\"umount\": null, \"umount_reason\": \"covered by ");
}

/* On a terminal that shows only ASCII a line would have an escape instead of the character. */
static void test_ascii(void **state)
{
	for (int is_ascii = 0; is_ascii < 2; is_ascii++) {
		struct mounts_builder *const builder = mounts_builder_new();

		mount_fixture_add(builder, &(const struct mount_entry){.id = 9,
		                                   .root = "/",
		                                   .point = "/caf\xc3\xa9",
		                                   .type = "tmpfs",
		                                   .source = "x",
		                                   .options = "rw"});
		mounts_builder_end(builder, MOUNT_FIXTURE_SLAVE, 0, false);
		_cleanup_free_ char *text =
		        written_of(mounts_builder_finish(builder), "x", is_ascii, false);
		assert_has(text,
		        is_ascii ? "source: /caf\\u{00e9} type" : "source: /caf\xc3\xa9 type");
		assert_has(
		        text, is_ascii ? "    no umount: its path has characters that a shell line"
		                       : "    umount -i -N 300 -- '/caf\xc3\xa9'\n");
	}
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_text),
	        cmocka_unit_test(test_no_line),
	        cmocka_unit_test(test_json),
	        cmocka_unit_test(test_unknown),
	        cmocka_unit_test(test_ascii),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
