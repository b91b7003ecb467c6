/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/jobs/job_config.h"

#include "base/atomic_file.h"
#include "base/descriptors.h"
#include "base/memory.h"
#include "cmd/jobs/home.h"
#include "cmd/jobs/jobs.h"
#include "cmd/rights.h"
#include "ui/pages/settings.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define CONFIG_NAME "nsbrowse/config"

/* -ENOENT when nobody knows where. */
static int find_path(const struct caller *caller, char *ret_path, size_t size)
{
	const char *xdg = caller->is_sudo ? NULL : getenv("XDG_CONFIG_HOME");

	if (!xdg || *xdg != '/') {
		const int r = home_expand("~/.config/" CONFIG_NAME, caller, ret_path, size);

		return r < 0 ? r : *ret_path == '/' ? 0 : -ENOENT;
	}
	const int n = snprintf(ret_path, size, "%s/" CONFIG_NAME, xdg);
	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

/* --- reading -------------------------------------------------------------------------------- */

/* Why a file is not believed; NULL if it is. A file by a stranger would be one that he may write,
 * and may make so again. */
static const char *distrust(const struct stat *st, const struct caller *caller)
{
	if (!S_ISREG(st->st_mode))
		return "not a regular file: not read";
	if (st->st_uid != 0 && st->st_uid != caller->uid)
		return "belongs to another user: not read";
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return "writable by other users: not read (chmod go-w)";
	if (st->st_size > CONFIG_BYTES)
		return "larger than 16 KiB: not read";
	return NULL;
}

/* Whatever stands there is only looked at until it is known to be a plain file: opening a FIFO
 * would block, and a device may do something. */
static const char *read_file(const struct caller *caller, struct config_file *file)
{
	_cleanup_close_ int place = open(file->path, O_PATH | O_CLOEXEC);
	char pinned[32];
	struct stat st;

	if (place < 0 && (errno == ENOENT || errno == ENOTDIR))
		return NULL;
	if (place < 0 || fstat(place, &st) < 0)
		return strerror(errno);
	const char *why = distrust(&st, caller);
	if (why)
		return why;
	snprintf(pinned, sizeof(pinned), "/proc/self/fd/%d", place);
	_cleanup_close_ int fd = open(pinned, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return strerror(errno);
	const ssize_t n = descriptors_read(fd, file->text, sizeof(file->text));
	file->len = n > 0 ? (size_t)n : 0;
	return n < 0 ? strerror((int)-n) : NULL;
}

/* As the caller from here on. Returns our own words for what is wrong, or NULL. */
static const char *become_and_read(struct config_file *file)
{
	struct caller caller;
	int r;

	caller_get(&caller);
	r = find_path(&caller, file->path, sizeof(file->path));
	if (r == -ENOENT)
		return ""; /* who has no home has no file either */
	if (r >= 0)
		r = caller_become(&caller);
	return r < 0 ? strerror(-r) : read_file(&caller, file);
}

int job_config_read_run(const struct helper_request *request, int answer)
{
	struct config_file *file = memory_new(sizeof(*file));

	(void)request;
	const char *error = become_and_read(file);
	snprintf(file->error, sizeof(file->error), "%s", error ? error : "");
	return send(answer, file, sizeof(*file), MSG_NOSIGNAL) == (ssize_t)sizeof(*file)
	               ? EXIT_SUCCESS
	               : EXIT_FAILURE;
	/* The job ends here, and its memory with it. */
}

/* --- writing -------------------------------------------------------------------------------- */

/* The folders above the file, each of which may be there already. */
static int make_folders(const char *path)
{
	_cleanup_free_ char *part = memory_strdup(path);

	for (char *slash = part + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		if (mkdir(part, 0700) < 0 && errno != EEXIST && errno != EROFS && errno != EACCES)
			return -errno;
		*slash = '/';
	}
	return 0;
}

/* The new text, in a memfd. */
static int make_text(const struct config_file *before, const struct settings *settings)
{
	_cleanup_close_ int fd = memfd_create("config", MFD_CLOEXEC);
	_cleanup_fclose_ FILE *out = fd < 0 ? NULL : fdopen(fcntl(fd, F_DUPFD_CLOEXEC, 3), "w");

	if (!out)
		return -errno;
	settings_write(out, before->text, before->len, settings);
	if (fflush(out) != 0)
		return -errno;
	return take_fd(&fd);
}

static int write_file(const struct config_file *before, const struct settings *settings)
{
	_cleanup_close_ int text = make_text(before, settings);
	const int r = text < 0 ? text : make_folders(before->path);

	return r < 0 ? r : atomic_file_write(before->path, text, true);
}

static void write_saved(const struct settings *settings, struct saved *saved)
{
	_cleanup_free_ struct config_file *before = memory_new(sizeof(*before));
	const char *why = become_and_read(before);

	snprintf(saved->path, sizeof(saved->path), "%s", before->path);
	if (why) {
		snprintf(saved->error, sizeof(saved->error), "%s",
		        *why ? why : "no home directory is known");
		return;
	}
	const int r = write_file(before, settings);
	saved->is_done = r == 0;
	if (r < 0)
		snprintf(saved->error, sizeof(saved->error), "%s", atomic_file_strerror(r));
}

int job_config_write_run(const struct helper_request *request, int answer)
{
	struct saved saved = {0};
	struct settings settings;

	if (request->len != sizeof(settings))
		return EXIT_FAILURE;
	memcpy(&settings, request->bytes, sizeof(settings));
	write_saved(&settings, &saved);
	return send(answer, &saved, sizeof(saved), MSG_NOSIGNAL) == (ssize_t)sizeof(saved)
	               ? EXIT_SUCCESS
	               : EXIT_FAILURE;
}
