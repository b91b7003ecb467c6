/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/source.h"

#include "base/escape.h"
#include "base/memory.h"
#include "base/message.h"
#include "view/partial.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOT_REGULAR = -10000 };

static bool is_readable_type(const char *path, const struct stat *st)
{
	const bool is_descriptor =
	        strncmp(path, "/dev/fd/", 8) == 0 || strncmp(path, "/proc/self/fd/", 14) == 0;

	return S_ISREG(st->st_mode) || (S_ISFIFO(st->st_mode) && is_descriptor);
}

static int open_file(void *data)
{
	const char *const path = data;
	_cleanup_close_ int fd = -EBADF;
	struct stat st;

	/* Checked before it is opened, since opening a FIFO or a device may have an effect; and
	 * after, since it may have been replaced meanwhile. */
	if (stat(path, &st) < 0)
		return -errno;
	if (!is_readable_type(path, &st))
		return NOT_REGULAR;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!is_readable_type(path, &st))
		return NOT_REGULAR;
	if (fcntl(fd, F_SETFL, O_RDONLY) < 0)
		return -errno;
	return take_fd(&fd);
}

/* Root may read it, and may not know that nsbrowse opens it as the caller. */
static void explain_sudo(const struct caller *caller, const char *path, int error)
{
	const char *const user = getenv("SUDO_USER");
	_cleanup_free_ char *name =
	        user && *user ? escape_text(user) : memory_printf("UID %u", (unsigned)caller->uid);
	_cleanup_free_ char *why = memory_printf(
	        "open as %s: %s; try sudo cat FILE | nsbrowse -", name, strerror(-error));

	message_error(path, why);
}

int source_open(const struct caller *caller, const char *path)
{
	const bool is_stdin = strcmp(path, "-") == 0;
	const char *const name = is_stdin ? "standard input" : path;
	int r;

	if (is_stdin) {
		r = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
		r = r < 0 ? -errno : r;
	} else {
		r = caller_run(caller, open_file, (void *)(uintptr_t)path);
	}
	if (r == -EACCES && caller->is_sudo)
		explain_sudo(caller, name, r);
	else if (r == NOT_REGULAR)
		message_error(name, "not a regular file");
	else if (r < 0)
		message_errno(name, r);
	return r;
}

/* Only a user who may replace the program may also replace a file below its directory. */
char *source_demo_path(void)
{
	const char *const name = (const char *)getauxval(AT_EXECFN);
	_cleanup_free_ char *program = name ? realpath(name, NULL) : NULL;
	char *end = program ? strrchr(program, '/') : NULL;

	if (end) {
		_cleanup_free_ char *path =
		        memory_printf("%.*s/data/demo.json", (int)(end - program), program);

		if (access(path, F_OK) == 0)
			return memory_strdup(path);
	}
	return memory_strdup(PKGDATADIR "/demo.json");
}

void source_warn_unread(const char *path, int error, const struct snapshot_problem *problem)
{
	const char *const name = strcmp(path, "-") == 0 ? "standard input" : path;

	if (error == -EBADMSG)
		message_error(name, problem->what);
	else
		message_errno(name, error);
}

int source_load(const char *path, int fd, const struct model **ret)
{
	struct snapshot_problem problem;
	const int r = snapshot_read(fd, NULL, ret, &problem);

	if (r < 0)
		source_warn_unread(path, r, &problem);
	return r;
}

enum { READERS_MAX = 8, N_FOR_READER = 1024 };

static unsigned count_readers(void)
{
	const long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	return (unsigned)MIN(MAX(cpus, 1L), (long)READERS_MAX);
}

void source_scan_options(const struct options *options, pid_t helper, struct scan_options *ret)
{
	*ret = (struct scan_options){
	        .sources = options->sources,
	        .with_cmdlines = options_reads_cmdlines(options),
	        .with_cgroups = options->form != FORM_JSON || options->facts & SCAN_FACTS_ALL,
	        .with_container_files = (options->facts & SCAN_FACTS_SHOWN) != 0,
	        .with_posture =
	                options->question == QUESTION_AUDIT || options->facts & SCAN_FACTS_ALL,
	        .facts = options_facts(options),
	        .helper = helper,
	        .n_threads = count_readers(),
	        .n_for_thread = N_FOR_READER,
	        .program = PACKAGE_STRING,
	};
}

int source_scan(struct kernel *kernel, const struct options *options, pid_t helper,
        const struct model **ret)
{
	struct scan_options scan_options;
	int r;

	source_scan_options(options, helper, &scan_options);
	r = scan_run(kernel, &scan_options, NULL, NULL, NULL, ret);
	if (r < 0)
		message_errno("/proc", r);
	return r;
}

static void warn(_unused_ void *data, const char *line)
{
	message_line("%s", line);
}

void source_warn_partial(const struct model *model, const struct names *names)
{
	partial_lines(model, partial_reasons_of_file(model, names), warn, NULL);
}

void source_warn_unsearched(const struct model *model)
{
	const char *const text = partial_unsearched(model, false);

	if (text)
		message_line("%s", text);
}
