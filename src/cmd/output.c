/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/output.h"

#include "base/message.h"
#include "cmd/jobs.h"
#include "export/export.h"
#include "snapshot/snapshot.h"

#include <fcntl.h>
#include <sys/mman.h>

static const char *name_of(const void *data, uid_t uid)
{
	return names_get(data, uid);
}

static int write_json(FILE *out, const struct output_request *request)
{
	const struct snapshot_names names = {.name_of = name_of, .data = request->names};

	snapshot_write(out, request->model, &names);
	return 0;
}

static int write_form(FILE *out, const struct output_request *request)
{
	const struct export_request wanted = {
	        .model = request->model,
	        .names = request->names,
	        .view = request->view,
	        .is_long = request->is_long,
	        .is_ascii = request->is_ascii,
	        .is_color = request->is_color,
	};

	switch (request->form) {
	case FORM_JSON:
		return write_json(out, request);
	case FORM_DOT:
		return export_dot(out, &wanted);
	case FORM_SVG:
		return export_svg(out, &wanted);
	case FORM_TEXT:
	case FORM_SCREEN:
		break;
	}
	return request->only_leaked ? export_leaked(out, &wanted) : export_text(out, &wanted);
}

/* What the stream could not take shows late, if at all: everything is asked. */
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

int output_to_stdout(const struct output_request *request)
{
	int r = finish(stdout, write_form(stdout, request));

	/* NFS and quotas tell it at the end. */
	if (r >= 0 && close(STDOUT_FILENO) < 0)
		r = -errno;
	if (r < 0 && r != -EPIPE)
		message_errno("standard output", r);
	return r;
}

int output_to_file(
        const struct output_request *request, struct helper *helper, const char *path, bool replace)
{
	_cleanup_close_ int content = output_to_memory(request);
	struct saved saved;

	if (content < 0) {
		message_errno(path, content);
		return content;
	}
	job_write_file_now(helper, path, content, replace, &saved);
	if (saved.is_done)
		return 0;
	message_error(path, saved.is_existing ? "file exists (--force replaces it)" : saved.error);
	return -EIO;
}
