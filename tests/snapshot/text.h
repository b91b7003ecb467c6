/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Shared by the tests of snapshots: files, and models from and to text. */

#include "base/attributes.h"
#include "base/memory.h"
#include "snapshot/snapshot.h"
#include "tests/model/check_model.h"
#include "tests/unit.h"

#include <string.h>

struct bytes {
	char *bytes;
	size_t len;
};

static inline void bytes_release(struct bytes *text)
{
	free(text->bytes);
	*text = (struct bytes){0};
}

static inline void model_release(const struct model **model)
{
	model_unref(*model);
	*model = NULL;
}

#define _cleanup_bytes_ _cleanup_(bytes_release)
#define _cleanup_model_ _cleanup_(model_release)

/* Opens a file, for reading; if that fails, so does the test. */
static inline FILE *open_path(const char *path)
{
	FILE *file = fopen(path, "re");

	if (!file)
		fail_msg("%s: %s", path, strerror(errno));
	return file;
}

/* Reads a file to its end. A NUL follows, which `len` does not count. The caller releases it. */
static inline struct bytes read_path(const char *path)
{
	_cleanup_fclose_ FILE *file = open_path(path);
	struct bytes text = {0};
	size_t capacity = 0, n;

	do {
		text.bytes = memory_grow(text.bytes, &capacity, text.len + 4097, 1);
		n = fread(text.bytes + text.len, 1, 4096, file);
		text.len += n;
		text.bytes[text.len] = 0;
	} while (n > 0);
	return text;
}

/* The path of a file of the source tree; the caller frees it. */
static inline char *source_path(const char *name)
{
	const char *top = getenv("top_srcdir");

	return memory_printf("%s/%s", top ? top : ".", name);
}

/* Opens a file of the source tree. */
static inline FILE *open_source(const char *name)
{
	_cleanup_free_ char *path = source_path(name);

	return open_path(path);
}

/* Reads a file of the source tree. */
static inline struct bytes read_source(const char *name)
{
	_cleanup_free_ char *path = source_path(name);

	return read_path(path);
}

static inline struct bytes save(const struct model *model, const struct snapshot_names *names)
{
	struct bytes text = {0};
	FILE *out = open_memstream(&text.bytes, &text.len);

	assert_non_null(out);
	snapshot_write(out, model, names, true);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* Reads a valid snapshot. */
static inline const struct model *load(const char *bytes, size_t len)
{
	const struct model *model = NULL;
	struct snapshot_problem problem;

	if (snapshot_parse(bytes, len, NULL, &model, &problem) < 0)
		fail_msg("at %zu: %s", problem.offset, problem.what);
	assert_int_equal(check_model(model), 0);
	return model;
}

/* Saves, loads and saves again: the same bytes. */
static inline void assert_round_trip(const struct model *model)
{
	_cleanup_bytes_ struct bytes once = save(model, NULL);
	_cleanup_model_ const struct model *again = load(once.bytes, once.len);
	_cleanup_bytes_ struct bytes twice = save(again, NULL);

	assert_string_equal(once.bytes, twice.bytes);
	assert_int_equal(once.len, twice.len);
}

/* The result of parsing the text; `problem` is set if that is not 0. */
static inline int refuse(const char *text, size_t len, struct snapshot_problem *problem)
{
	const struct model *model = NULL;
	const int r = snapshot_parse(text, len, NULL, &model, problem);

	model_unref(model);
	return r;
}
