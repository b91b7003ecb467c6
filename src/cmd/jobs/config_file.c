/* SPDX-License-Identifier: Apache-2.0 */
#include "base/atomic_file.h"
#include "base/descriptors.h"
#include "base/memory.h"
#include "base/message.h"
#include "cmd/jobs/jobs.h"
#include "privsep/request_check.h"
#include "ui/pages/settings.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define CONFIG_NAME "nsbrowse/config"

enum {
	CONFIG_BYTES = 16 * 1024,
	ERRORS_MAX = 10, /* that are printed */
};

/* The reply of config_file_read_job. */
struct config_file {
	char path[4096];
	char error[160]; /* printable text, or "" */
	size_t len;      /* 0 also if there is no file */
	char text[CONFIG_BYTES];
};

/* --- load ------------------------------------------------------------------------------------ */

struct errors {
	const char *path;
	unsigned n;
	char *first;
};

static void add_error(struct errors *errors, const char *what, const char *why)
{
	if (++errors->n > ERRORS_MAX)
		return;
	message_error(what, why);
	if (!errors->first)
		errors->first = memory_printf("%s: %s", what, why);
}

static void add_line_error(void *data, unsigned line, const char *what, const char *why)
{
	struct errors *errors = data;
	_cleanup_free_ char *where = memory_printf("%s:%u: %s", errors->path, line, what);

	add_error(errors, where, why);
}

char *config_file_load(
        struct helper *helper, struct settings *settings, const bool is_given[static SETTINGS])
{
	_cleanup_free_ struct config_file *file = memory_new(sizeof(*file));
	struct errors errors = {.path = file->path};

	const ssize_t r = helper_call(helper, &config_file_read_job, &(struct helper_request){0},
	        file, sizeof(*file), NULL);
	if (r != (ssize_t)sizeof(*file)) {
		*file = (struct config_file){.path = "config file"};
		snprintf(file->error, sizeof(file->error), "%s",
		        r == -ETIMEDOUT ? "it took too long to read" : "it could not be read");
	}
	if (*file->error)
		add_error(&errors, file->path, file->error);
	settings_read(file->text, file->len, settings, is_given, add_line_error, &errors);
	if (errors.n > ERRORS_MAX)
		message_line("%u more errors", errors.n - ERRORS_MAX);
	return errors.first;
}

int config_file_start_write(
        struct helper *helper, const struct settings *settings, struct helper_pending *ret)
{
	return helper_start_job(helper, &config_file_write_job,
	        &(struct helper_request){.bytes = settings, .len = sizeof(*settings)}, ret);
}

/* --- the job that reads ---------------------------------------------------------------------- */

/* Returns 0 and the path; -ENOENT if no home directory is known, -ENAMETOOLONG. */
static int find_path(const struct caller *caller, char *ret_path, size_t size)
{
	const char *xdg = caller->is_sudo ? NULL : getenv("XDG_CONFIG_HOME");

	if (!xdg || *xdg != '/') {
		const int r = caller_expand(caller, "~/.config/" CONFIG_NAME, ret_path, size);

		return r < 0 ? r : *ret_path == '/' ? 0 : -ENOENT;
	}
	const int n = snprintf(ret_path, size, "%s/" CONFIG_NAME, xdg);
	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

/* Why the file is not read, or NULL. The owner of a file can make it writable at any time, so
 * only the caller and root are trusted. */
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

/* Checks that the file is a regular one before it opens it: opening a FIFO would wait, and opening
 * a device may have an effect. */
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
	const ssize_t n = descriptors_read(fd, file->text, sizeof(file->text), 1);
	file->len = n > 0 ? (size_t)n : 0;
	return n < 0 ? strerror((int)-n) : NULL;
}

/* Changes permanently to the user of the caller. Returns printable text for an error; "": no home
 * directory is known, and so there is no file; or NULL. */
static const char *become_and_read(const struct caller *caller, struct config_file *file)
{
	int r = find_path(caller, file->path, sizeof(file->path));

	if (r == -ENOENT)
		return "";
	if (r >= 0)
		r = caller_become_in_job(caller);
	return r < 0 ? strerror(-r) : read_file(caller, file);
}

static int run_read(const struct helper_request *request, int replies)
{
	const struct jobs_fixed *const fixed = request->fixed;
	struct config_file *file = memory_new(sizeof(*file)); /* freed by the exit */
	const struct helper_reply reply = {.bytes = file, .len = sizeof(*file)};

	if (!request_check_size(request, 0, 0) || !fixed)
		return EXIT_FAILURE;
	const char *error = become_and_read(&fixed->caller, file);
	snprintf(file->error, sizeof(file->error), "%s", error ? error : "");
	return helper_send_reply(replies, &reply) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct helper_job config_file_read_job = {
        .name = "read options",
        .deadline_ms = 2000,
        .run = run_read,
        .capabilities = CAPABILITIES_BIT(CAP_SETUID) | CAPABILITIES_BIT(CAP_SETGID),
        .calls = SANDBOX_READ | SANDBOX_USER | SANDBOX_NSS,
};

/* --- the job that writes --------------------------------------------------------------------- */

/* Makes the directories above the file that do not exist. */
static int make_directories(const char *path)
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

/* Writes the new text to a memfd. Returns a descriptor or a negative errno. */
static int make_text(const struct config_file *before, const struct settings *settings)
{
	_cleanup_close_ int fd = memfd_create("config", MFD_CLOEXEC);
	const int duplicate = fd < 0 ? fd : fcntl(fd, F_DUPFD_CLOEXEC, 3);
	_cleanup_fclose_ FILE *out = duplicate < 0 ? NULL : fdopen(duplicate, "w");

	if (!out)
		return -errno;
	settings_write(out, before->text, before->len, settings);
	if (fflush(out) != 0)
		return -errno;
	return take_fd(&fd);
}

/* Fills saved->error if it fails. Returns as atomic_file_write_in. */
static int write_text(const char *path, int text, struct saved *saved)
{
	struct atomic_file_place place;
	int r = atomic_file_open_place(path, geteuid(), &place);

	if (r == 0)
		r = caller_confine(place.directory);
	if (r == 0)
		r = atomic_file_write_in(&place, text, ATOMIC_FILE_REPLACE);
	if (r < 0)
		atomic_file_explain(r, &place, saved->error, sizeof(saved->error));
	atomic_file_close_place(&place);
	return r;
}

static void write_saved(
        const struct caller *caller, const struct settings *settings, struct saved *saved)
{
	_cleanup_free_ struct config_file *before = memory_new(sizeof(*before));
	const char *why = become_and_read(caller, before);

	snprintf(saved->path, sizeof(saved->path), "%s", before->path);
	if (why) {
		snprintf(saved->error, sizeof(saved->error), "%s",
		        *why ? why : "no home directory is known");
		return;
	}
	_cleanup_close_ int text = make_text(before, settings);
	int r = text < 0 ? text : make_directories(before->path);
	if (r >= 0)
		r = write_text(before->path, text, saved);
	else
		snprintf(saved->error, sizeof(saved->error), "%s", strerror(-r));
	saved->is_done = r == 0;
}

static int run_write(const struct helper_request *request, int replies)
{
	struct saved saved = {0};
	const struct helper_reply reply = {.bytes = &saved, .len = sizeof(saved)};
	const struct jobs_fixed *const fixed = request->fixed;
	struct settings settings;

	if (!request_check_size(request, sizeof(settings), 0) || !fixed)
		return EXIT_FAILURE;
	memcpy(&settings, request->bytes, sizeof(settings));
	if (!settings_are_valid(&settings))
		return EXIT_FAILURE;
	write_saved(&fixed->caller, &settings, &saved);
	return helper_send_reply(replies, &reply) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct helper_job config_file_write_job = {
        .name = "write options",
        .deadline_ms = 20000,
        .run = run_write,
        .capabilities = CAPABILITIES_BIT(CAP_SETUID) | CAPABILITIES_BIT(CAP_SETGID),
        .calls = SANDBOX_READ | SANDBOX_WRITE | SANDBOX_USER | SANDBOX_NSS,
};
