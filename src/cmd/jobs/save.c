/* SPDX-License-Identifier: Apache-2.0 */
#include "base/atomic_file.h"
#include "cmd/jobs/jobs.h"
#include "privsep/capabilities.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* The request; the content comes as a descriptor. */
struct save_request {
	unsigned flags; /* ATOMIC_FILE_* */
	char path[4096];
};

static int fill_request(const char *path, unsigned flags, struct save_request *ret)
{
	*ret = (struct save_request){.flags = flags};
	if (strlen(path) >= sizeof(ret->path))
		return -ENAMETOOLONG;
	memcpy(ret->path, path, strlen(path) + 1);
	return 0;
}

/* Sets the error if there was no reply. `r` is the result of helper_call or helper_finish_job. */
static void check_reply(ssize_t r, struct saved *saved)
{
	if (r == (ssize_t)sizeof(*saved))
		return;
	*saved = (struct saved){0};
	snprintf(saved->error, sizeof(saved->error), "%s",
	        r == -ETIMEDOUT       ? "it took too long, and was abandoned"
	        : r == -EPIPE         ? "the helper process is gone"
	        : r == -EIO || r >= 0 ? "no reply from the process that writes"
	                              : strerror((int)-r));
}

int save_start(struct helper *helper, const char *path, int content, unsigned flags,
        struct helper_pending *ret)
{
	struct save_request request;
	const int r = fill_request(path, flags, &request);

	if (r < 0)
		return r;
	return helper_start_job(helper, &save_job,
	        &(struct helper_request){
	                .bytes = &request, .len = sizeof(request), .fds = &content, .n_fds = 1},
	        ret);
}

void save_finish(
        const struct helper_exit *notice, struct helper_pending *pending, struct saved *ret)
{
	check_reply(helper_finish_job(notice, pending, ret, sizeof(*ret), NULL), ret);
}

/* --- the job --------------------------------------------------------------------------------- */

/* Fills saved->error if it fails. Returns as atomic_file_write. */
static int write_file(const struct caller *caller, int content, unsigned flags, struct saved *saved)
{
	struct atomic_file_place place;
	int r = atomic_file_open_place(saved->path, caller->uid, &place);

	if (r == 0)
		r = caller_confine(place.directory);
	if (r == 0)
		r = atomic_file_write_in(&place, content, flags);
	if (r < 0)
		atomic_file_explain(r, &place, saved->error, sizeof(saved->error));
	atomic_file_close_place(&place);
	return r;
}

static void write_as_caller(const struct save_request *request, int content,
        const struct caller *caller, struct saved *saved)
{
	struct stat st;
	int r;

	snprintf(saved->path, sizeof(saved->path), "%s", request->path);
	r = caller_expand(caller, request->path, saved->path, sizeof(saved->path));
	if (r < 0) {
		snprintf(saved->error, sizeof(saved->error), "%s",
		        r == -ENOENT ? "no home directory is known" : strerror(-r));
		return;
	}
	r = write_file(caller, content, request->flags, saved);
	saved->is_done = r == 0;
	saved->is_existing = r == ATOMIC_FILE_EXISTS;
	/* For the question whether to replace the file, unless it has gone meanwhile. */
	if (saved->is_existing && lstat(saved->path, &st) == 0) {
		saved->size = st.st_size > 0 ? (uint64_t)st.st_size : 0;
		saved->age = (int64_t)(time(NULL) - st.st_mtime);
	}
}

/* Under sudo(8) this process has become the caller, but the capabilities of a scan would still let
 * it search any directory. Without a sandbox it is root: then it does not write. */
static int write_in_this_process(
        const struct save_request *request, int content, struct saved *saved)
{
	struct caller caller;
	int r;

	caller_get(&caller);
	r = caller.is_sudo ? -EPIPE : capabilities_keep(NULL, 0);
	if (r < 0)
		return r;
	*saved = (struct saved){0};
	write_as_caller(request, content, &caller, saved);
	return (int)sizeof(*saved);
}

void save_now(
        struct helper *helper, const char *path, int content, unsigned flags, struct saved *ret)
{
	struct save_request request;
	const int r = fill_request(path, flags, &request);

	if (r < 0) {
		*ret = (struct saved){0};
		snprintf(ret->error, sizeof(ret->error), "%s", strerror(-r));
		return;
	}
	ssize_t n = helper_call(helper, &save_job,
	        &(struct helper_request){
	                .bytes = &request, .len = sizeof(request), .fds = &content, .n_fds = 1},
	        ret, sizeof(*ret), NULL);
	/* No process could be started. */
	if (n == -EPIPE || n == -EAGAIN)
		n = write_in_this_process(&request, content, ret);
	check_reply(n, ret);
}

static int run(const struct helper_request *request, int replies)
{
	struct saved saved = {0};
	struct caller caller;

	if (request->len != sizeof(struct save_request) || request->n_fds != 1)
		return EXIT_FAILURE;
	caller_get(&caller);
	const int r = caller_become(&caller);
	if (r < 0)
		snprintf(saved.error, sizeof(saved.error), "%s", strerror(-r));
	else
		write_as_caller(request->bytes, request->fds[0], &caller, &saved);
	const struct helper_reply reply = {.bytes = &saved, .len = sizeof(saved)};
	return helper_send_reply(replies, &reply) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct helper_job save_job = {
        .name = "write a file",
        .deadline_ms = 20000,
        .run = run,
        .capabilities = CAPABILITIES_BIT(CAP_SETUID) | CAPABILITIES_BIT(CAP_SETGID),
        .calls = SANDBOX_READ | SANDBOX_WRITE | SANDBOX_USER | SANDBOX_NSS,
};
