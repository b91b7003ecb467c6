/* SPDX-License-Identifier: Apache-2.0 */
/* SVG and DOT of any snapshot: each is written, and has no bytes that XML forbids. */
#include "base/attributes.h"
#include "base/utf8.h"
#include "export/export.h"
#include "snapshot/snapshot.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static const struct view_options views[] = {
        {.with_details = false},
        {.with_details = true},
        {.with_details = true, .is_collapsed = true},
        {.with_details = true, .with_all_details = true, .is_collapsed = true},
        {.kind = VIEW_NET, .is_single = true, .is_collapsed = true},
        {.kind = VIEW_ALL, .is_single = true},
};

/* Filters that match some, and nothing. */
static const struct filter filters[] = {
        {.types = 1 << NS_PID | 1 << NS_NET},
        {.owner_rule = FILTER_NOT, .owner = 0},
        {.only_leaked = true},
};

static void check_text(const char *text, size_t len)
{
	CHECK(utf8_is_valid(text, len));
	for (size_t i = 0; i < len; i++)
		CHECK(text[i] == '\n' || text[i] == '\t' || (unsigned char)text[i] >= ' ');
}

static void check_picture(int (*write)(FILE *out, const struct export_request *request),
        const struct export_request *request)
{
	_cleanup_free_ char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	CHECK(out);
	CHECK(write(out, request) == 0);
	CHECK(fclose(out) == 0);
	check_text(text, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct model *model;
	struct snapshot_problem problem;

	if (snapshot_parse((const char *)data, size, NULL, &model, &problem) < 0)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		for (size_t k = 0; k <= ARRAY_SIZE(filters); k++) {
			const struct export_request request = {
			        .model = model,
			        .view = views[i],
			        .filter = k ? &filters[k - 1] : NULL,
			        .theme = (enum export_theme)(k % (EXPORT_THEME_MONO + 1)),
			};

			check_picture(export_svg, &request);
			check_picture(export_dot, &request);
		}
	}
	model_unref(model);
	return 0;
}
