/* SPDX-License-Identifier: Apache-2.0 */
/* Text and metrics of any snapshot: each is written, in printable lines. */
#include "base/attributes.h"
#include "base/utf8.h"
#include "export/export.h"
#include "snapshot/snapshot.h"
#include "tests/fuzz/fuzz.h"
#include "view/audit.h"

#include <string.h>

/* ESC begins a colour; the names of views are padded by blanks alone. */
static void check_text(const char *text, size_t len, bool is_ascii, bool is_color)
{
	CHECK(utf8_is_valid(text, len));
	for (size_t i = 0; i < len; i++) {
		const unsigned char c = (unsigned char)text[i];

		CHECK(c >= ' ' || c == '\n' || (is_color && c == '\033'));
		CHECK(c != 0x7f && (!is_ascii || c < 0x7f));
	}
	CHECK(len == 0 || text[len - 1] == '\n');
}

static void check(int (*write)(FILE *out, const struct export_request *request),
        const struct export_request *request)
{
	_cleanup_free_ char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	CHECK(out);
	CHECK(write(out, request) == 0);
	CHECK(fclose(out) == 0);
	check_text(text, len, request->is_ascii, request->is_color);
}

static void check_answer(export_answer_fn *write, const struct export_request *request,
        const void *answer, bool is_json)
{
	_cleanup_free_ char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	CHECK(out);
	CHECK(write(out, request, answer, is_json) == 0);
	CHECK(fclose(out) == 0);
	check_text(text, len, request->is_ascii && !is_json, request->is_color);
}

static void check_lines(const struct export_request *of)
{
	struct export_request request = *of;

	for (enum view_kind kind = 0; kind < VIEW_KINDS; kind++) {
		request.view.kind = kind;
		request.view.sort = (enum view_sort)(kind % VIEW_SORTS);
		request.columns = NULL;
		check(export_text, &request);
		struct column_list columns = {.n = 0};
		for (enum column_id id = 0; id < COLUMN_IDS; id++) {
			if (column_row(id)->views & 1u << kind)
				columns.ids[columns.n++] = id;
		}
		request.columns = &columns;
		check(export_text, &request);
	}
}

static void check_answers(const struct export_request *request)
{
	struct audit audit;

	audit_run(&audit, request->model, AUDIT_ALL, false, request->names);
	check_answer(export_audit, request, &audit, false);
	check_answer(export_audit, request, &audit, true);
	audit_release(&audit);
	for (size_t i = 0; i < request->model->n_processes && i < 4; i++) {
		check_answer(export_pid_levels, request, request->model->processes[i], false);
		check_answer(export_pid_levels, request, request->model->processes[i], true);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct model *model;
	struct snapshot_problem problem;

	if (snapshot_parse((const char *)data, size, NULL, &model, &problem) < 0)
		return 0;
	struct names *const names = names_new();
	names_add_model(names, model);
	for (unsigned i = 0; i < 4; i++) {
		const struct export_request request = {
		        .model = model,
		        .names = names,
		        .view = {.with_details = i == 1, .by_owner = i == 2},
		        .cmdlines = i % 2 ? EXPORT_CMDLINES : EXPORT_NO_CMDLINES,
		        .only_leaked = i == 3,
		        .is_ascii = i >= 2,
		        .is_color = i == 1,
		        .is_long = i == 1,
		        .with_reasons = true,
		        .now = 1700000000,
		};

		if (request.only_leaked)
			check(export_text, &request);
		else
			check_lines(&request);
		check_answers(&request);
		if (i == 0)
			check(export_metrics, &request);
	}
	names_free(names);
	model_unref(model);
	return 0;
}
