/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/output.h"

#include "base/memory.h"
#include "base/message.h"
#include "cmd/jobs/jobs.h"
#include "export/export.h"
#include "snapshot/snapshot.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

char *output_save_stem(const char *name)
{
	char host[65] = "host", when[32] = "";
	const time_t now = time(NULL);
	struct tm tm;

	if (name)
		snprintf(host, sizeof(host), "%s", *name ? name : "host");
	else if (gethostname(host, sizeof(host) - 1) < 0)
		snprintf(host, sizeof(host), "host");
	for (char *c = host; *c; c++) {
		const bool is_plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
		                      (*c >= '0' && *c <= '9') || *c == '_' ||
		                      (c > host && (*c == '-' || *c == '.'));

		*c = is_plain ? *c : '_';
	}
	if (localtime_r(&now, &tm))
		strftime(when, sizeof(when), "-%Y%m%d-%H%M%S", &tm);
	return memory_printf("~/%s%s", host, when);
}

bool output_form_from_suffix(const char *path, enum form *ret)
{
	static const struct {
		enum form form;
		const char *suffixes;
	} forms[] = {
#define FORM_ROW(symbol, programs, name, suffixes, ...) {symbol, suffixes},
	        FORMS(FORM_ROW, )
#undef FORM_ROW
	};

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		if (!save_has_suffix(path, forms[i].suffixes))
			continue;
		*ret = forms[i].form;
		return true;
	}
	return false;
}

static const char *name_of(const void *data, uid_t uid)
{
	return names_get(data, uid);
}

static int write_json(FILE *out, const struct export_request *request)
{
	const struct snapshot_names names = {
	        .name_of = name_of,
	        .data = request->names,
	        .is_partial = names_is_missing(request->names),
	};
	const struct mounts *mounts = request->view.mounts;

	snapshot_write_with_mounts(out, request->model, mounts ? mounts : request->model->mounts,
	        &names, request->cmdlines != EXPORT_NO_CMDLINES);
	return 0;
}

long output_utc_offset(void)
{
	const time_t now = time(NULL);
	struct tm tm;

	return localtime_r(&now, &tm) ? tm.tm_gmtoff : 0;
}

static int write_form(FILE *out, const struct output_request *request)
{
	static int (*const writers[])(FILE * out, const struct export_request *request) = {
	        [FORM_SCREEN] = export_text,
#define FORM_WRITER(symbol, programs, name, suffixes, write, ...) [symbol] = write,
	        FORMS(FORM_WRITER, )
#undef FORM_WRITER
	};

	const struct export_request export = {
	        .model = request->model,
	        .names = request->names,
	        .view = request->view,
	        .cmdlines = request->cmdlines,
	        .theme = request->theme,
	        .filter = request->filter,
	        .store = request->store,
	        .is_long = request->is_long,
	        .only_leaked = request->only_leaked,
	        .is_ascii = request->is_ascii,
	        .is_color = request->is_color,
	        .with_reasons = request->with_reasons,
	        .columns = request->columns,
	        .utc_offset = output_utc_offset(),
	        .now = (int64_t)time(NULL),
	};

	if (request->text) {
		fputs(request->text, out);
		return 0;
	}
	if (request->answer)
		return request->answer(
		        out, &export, request->answer_data, request->form == FORM_JSON);
	return writers[request->form](out, &export);
}

/* Write errors of a stream may show only when it is flushed. */
static int finish(FILE *out, int r)
{
	if (fflush(out) != 0 && r >= 0)
		r = -errno;
	if (ferror(out) && r >= 0)
		r = -EIO;
	return r;
}

int output_to_memory(const struct output_request *request)
{
	_cleanup_close_ int fd = memfd_create("nsbrowse", MFD_CLOEXEC);
	_cleanup_fclose_ FILE *out = NULL;
	int duplicate, r;

	if (fd < 0)
		return -errno;
	duplicate = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (duplicate < 0)
		return -errno;
	out = fdopen(duplicate, "w");
	if (!out) {
		close(duplicate);
		return -errno;
	}
	r = finish(out, write_form(out, request));
	return r < 0 ? r : take_fd(&fd);
}

int output_for_dot(const struct output_request *request, struct drawn *ret)
{
	struct output_request graph = *request;
	const struct export_request counted = {
	        .model = request->model,
	        .names = request->names,
	        .view = request->view,
	        .filter = request->filter,
	        .store = request->store,
	};
	const size_t n = export_dot_count(&counted);
	int content;

	*ret = (struct drawn){0};
	if (n > DRAW_NODES_MAX) {
		snprintf(ret->error, sizeof(ret->error),
		        "%zu nodes are too many for dot (at most %d): use --collapse or the "
		        "built-in layout",
		        n, DRAW_NODES_MAX);
		return -E2BIG;
	}
	graph.form = FORM_DOT;
	content = output_to_memory(&graph);
	if (content < 0)
		snprintf(ret->error, sizeof(ret->error), "%s", strerror(-content));
	return content;
}

/* Returns a descriptor of the SVG that dot has drawn, or a negative errno after a message. */
static int draw_by_dot(
        const struct output_request *request, struct helper *helper, const char *what)
{
	struct drawn drawn;
	_cleanup_close_ int graph = output_for_dot(request, &drawn);
	const int svg = graph < 0 ? graph : draw_now(helper, graph, &drawn);

	if (svg < 0)
		message_error(what, drawn.error);
	return svg;
}

static int copy(FILE *out, int content)
{
	char bytes[16 * 1024];
	ssize_t n;

	for (off_t at = 0; (n = pread(content, bytes, sizeof(bytes), at)) > 0; at += n) {
		if (fwrite(bytes, 1, (size_t)n, out) != (size_t)n)
			return -errno;
	}
	return n < 0 ? -errno : 0;
}

static const char standard_output[] = "standard output";

int output_finish_stdout(int r)
{
	r = finish(stdout, r);
	/* NFS and quotas report errors only then (close(2)). */
	if (r >= 0 && close(STDOUT_FILENO) < 0)
		r = -errno;
	if (r < 0 && r != -EPIPE)
		message_errno(standard_output, r);
	return r;
}

int output_to_stdout(const struct output_request *request, struct helper *helper)
{
	_cleanup_close_ int svg = -EBADF;

	if (request->is_by_dot) {
		svg = draw_by_dot(request, helper, standard_output);
		if (svg < 0)
			return svg;
	}
	return output_finish_stdout(svg < 0 ? write_form(stdout, request) : copy(stdout, svg));
}

int output_to_file(const struct output_request *request, const struct output_target *target)
{
	_cleanup_close_ int content = request->is_by_dot
	                                      ? draw_by_dot(request, target->helper, target->path)
	                                      : output_to_memory(request);
	struct saved saved;

	if (content < 0 && !request->is_by_dot)
		message_errno(target->path, content);
	if (content < 0)
		return content;
	save_output(target->writer, target->fixed, content, &saved);
	if (saved.is_done)
		return 0;
	message_error(target->path,
	        saved.is_existing ? "file exists (--force replaces it)" : saved.error);
	return -EIO;
}
