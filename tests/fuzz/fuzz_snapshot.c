/* SPDX-License-Identifier: Apache-2.0 */
/* The reader refuses any input with a printable message, or makes a consistent model that is the
 * same after it was written and read. */
#include "base/attributes.h"
#include "snapshot/snapshot.h"
#include "tests/fuzz/fuzz.h"
#include "tests/model/check_model.h"

#include <string.h>

static char *save(const struct model *model, size_t *ret_len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_len);

	CHECK(out);
	snapshot_write(out, model, NULL, true);
	CHECK(fclose(out) == 0);
	return text;
}

static void check_problem(const struct snapshot_problem *problem, size_t size)
{
	CHECK(problem->offset <= size);
	CHECK(strncmp(problem->what, "line ", 5) == 0);
	for (const char *c = problem->what; *c; c++)
		CHECK(*c >= 0x20 && *c < 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct model *model, *again;
	struct snapshot_problem problem;
	size_t len, again_len;

	if (snapshot_parse((const char *)data, size, NULL, &model, &problem) < 0) {
		check_problem(&problem, size);
		return 0;
	}
	CHECK(check_model(model) == 0);
	_cleanup_free_ char *text = save(model, &len);
	CHECK(snapshot_parse(text, len, NULL, &again, &problem) == 0);
	_cleanup_free_ char *again_text = save(again, &again_len);
	CHECK(len == again_len && memcmp(text, again_text, len) == 0);
	model_unref(model);
	model_unref(again);
	return 0;
}
