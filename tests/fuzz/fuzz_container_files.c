/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever stands in a file of a container engine (the first byte is its format, from `a` on), the
 * texts that are taken lie in it, are not too long and have no NUL. */
#include "base/attributes.h"
#include "kernel/privileged/container_text.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

enum { FORMATS = CONTAINER_FORMAT_POD_LOGS + 1 };

struct parsed {
	const char *text;
	size_t len;
};

static void check_slice(const struct parsed *parsed, struct container_slice slice)
{
	CHECK(slice.len <= CONTAINER_TEXT_MAX);
	if (slice.len == 0)
		return;
	CHECK(slice.bytes >= parsed->text && slice.bytes + slice.len <= parsed->text + parsed->len);
	CHECK(!memchr(slice.bytes, '\0', slice.len));
}

static void check_found(void *data, const struct container_text *found)
{
	const struct parsed *const parsed = data;

	check_slice(parsed, found->name);
	check_slice(parsed, found->image);
	check_slice(parsed, found->pod);
	check_slice(parsed, found->pod_namespace);
	CHECK(found->pid >= 0);
	CHECK(found->id.len <= CONTAINER_TEXT_MAX);
}

static bool is_any(void *data, struct container_slice id)
{
	const struct parsed *const parsed = data;

	CHECK(id.bytes >= parsed->text && id.bytes + id.len <= parsed->text + parsed->len);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	const enum container_format format = (uint8_t)(data[0] - 'a') % FORMATS;
	_cleanup_free_ char *text = malloc(size);
	struct parsed parsed = {text, size - 1};
	struct container_text found;

	CHECK(text);
	memcpy(text, data + 1, size - 1);
	if (container_text_is_list(format)) {
		const int r = container_text_parse_list(format, text, size - 1,
		        &(const struct container_text_list){is_any, check_found, &parsed});

		CHECK(r == 0 || r == -EBADMSG);
		return 0;
	}
	const int r = container_text_parse(format, text, size - 1, &found);
	CHECK(r == 0 || r == -EBADMSG);
	check_found(&parsed, &found);
	return 0;
}
