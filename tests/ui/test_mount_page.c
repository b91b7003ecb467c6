/* SPDX-License-Identifier: Apache-2.0 */

/* What the page of a mount says of other mount namespaces, if some may not be known. */

#include "base/attributes.h"
#include "base/text.h"
#include "tests/ui/model_text.h"
#include "tests/unit.h"
#include "ui/detail/detail.h"

#include <locale.h>
#include <string.h>

enum { OWN = 10, OTHER = 11 };

/* Each of the first `n` mount namespaces has one mount, of the same file system. */
static const struct mounts *make_mounts(uint64_t n)
{
	struct mounts_builder *const builder = mounts_builder_new();

	for (uint64_t mnt = OWN; mnt < OWN + n; mnt++) {
		mounts_builder_add(
		        builder, &(const struct mount_entry){.id = (unsigned)mnt,
		                         .minor = 7,
		                         .root = mounts_builder_intern(builder, "/", 1),
		                         .point = mounts_builder_intern(builder, "/", 1),
		                         .type = mounts_builder_intern(builder, "tmpfs", 5)});
		mounts_builder_end(builder, mnt, 0, false);
	}
	return mounts_builder_finish(builder);
}

/* The first line of the page of the mount in the first one. */
static void check(const char *host, uint64_t n_mounts, const char *wanted)
{
	char description[200];

	snprintf(description, sizeof(description),
	        "host %s\nuser 1\nmnt %d owner=1\nmnt %d owner=1\n", host, OWN, OTHER);
	const struct model *const model = model_from_text(description);
	const struct mounts *const mounts = make_mounts(n_mounts);
	const struct detail_source source = {.model = model,
	        .mount = &mounts_find(mounts, OWN)->entries[0],
	        .mnt = model_find(model, NS_MNT, OWN),
	        .mounts = mounts,
	        .columns = 120};
	struct detail detail = {0};
	_cleanup_text_ struct text text;

	detail_build(&detail, &source);
	text_init(&text);
	detail_write(text.out, &detail);
	if (!strstr(text_get(&text), wanted))
		fail_msg("no `%s` in:\n%s", wanted, text_get(&text));
	detail_release(&detail);
	mounts_unref(mounts);
	model_unref(model);
}

static void test_others(void **state)
{
	(void)state;
	check("", 1, "no other mount namespace has its file system mounted");
	check("", 2, "1 other mount namespace has its file system mounted, too");
	check("partial=hidepid", 1, "no other mount namespace that could be read has its");
	check("partial=hidepid", 2, "1+ other mount namespaces have its file system mounted");
}

int main(void)
{
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 77;
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
