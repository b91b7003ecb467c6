/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/memory.h"
#include "cmd/jobs/jobs.h"
#include "privsep/request_check.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { PATH_LENGTH_MAX = 4095 };

/* The largest file, also for a model of 64 MiB of text. */
#define CONTENT_MAX (UINT64_C(1) << 30)

/* The request of save_job; behind it the path. That of save_new_job is a name, that of
 * save_output_job is empty. The content comes as a descriptor. */
struct save_head {
	uint32_t is_replacing;
};

bool save_has_suffix(const char *path, const char *suffixes)
{
	const char *const slash = strrchr(path, '/');
	const char *const name = slash ? slash + 1 : path;
	const size_t len = strlen(name);

	for (size_t n; *suffixes; suffixes += n + strspn(suffixes + n, " ")) {
		n = strcspn(suffixes, " ");
		if (len > n && strncmp(name + len - n, suffixes, n) == 0)
			return true;
	}
	return false;
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

int save_start(struct helper *helper, const char *path, int content, bool is_replacing,
        struct helper_pending *ret)
{
	const struct save_head head = {.is_replacing = is_replacing};
	const bool is_new = !helper_has_job(helper, &save_job);
	const size_t before = is_new ? 0 : sizeof(head), len = strlen(path) + 1;
	char bytes[sizeof(head) + PATH_LENGTH_MAX + 1];

	if (len > sizeof(bytes) - sizeof(head))
		return -ENAMETOOLONG;
	memcpy(bytes, &head, before);
	memcpy(bytes + before, path, len);
	return helper_start_job(helper, is_new ? &save_new_job : &save_job,
	        &(struct helper_request){
	                .bytes = bytes, .len = before + len, .fds = &content, .n_fds = 1},
	        ret);
}

void save_finish(
        const struct helper_exit *notice, struct helper_pending *pending, struct saved *ret)
{
	check_reply(helper_finish_job(notice, pending, ret, sizeof(*ret), NULL), ret);
}

/* --- the jobs -------------------------------------------------------------------------------- */

static void refuse(struct saved *saved, const char *why)
{
	snprintf(saved->error, sizeof(saved->error), "%s", why);
}

/* For the question whether to replace the file, unless it has gone meanwhile. */
static void describe_existing(const struct atomic_file_place *place, struct saved *saved)
{
	struct stat st;

	saved->is_existing = true;
	if (fstatat(place->directory, place->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	saved->size = st.st_size > 0 ? (uint64_t)st.st_size : 0;
	saved->age = (int64_t)(time(NULL) - st.st_mtime);
}

/* From now on this process writes only in that directory. Root has no capability here: it may write
 * only where its user may. */
static void write_in(
        const struct atomic_file_place *place, int content, unsigned flags, struct saved *saved)
{
	int r = caller_confine(place->directory);

	if (r == 0)
		r = atomic_file_write_in(place, content, flags);
	saved->is_done = r == 0;
	if (r == ATOMIC_FILE_EXISTS)
		describe_existing(place, saved);
	if (r == -EACCES && geteuid() == 0)
		refuse(saved, "Permission denied (root writes files without capabilities)");
	else if (r < 0)
		atomic_file_explain(r, place, saved->error, sizeof(saved->error));
}

static void write_path(const struct jobs_fixed *fixed, const char *path, unsigned flags,
        int content, struct saved *saved)
{
	struct atomic_file_place place;
	int r = caller_expand(&fixed->caller, path, saved->path, sizeof(saved->path));

	if (r < 0) {
		refuse(saved, r == -ENOENT ? "no home directory is known" : strerror(-r));
		return;
	}
	r = atomic_file_open_place(saved->path, fixed->caller.uid, &place);
	if (r < 0)
		atomic_file_explain(r, &place, saved->error, sizeof(saved->error));
	else
		write_in(&place, content, flags, saved);
	atomic_file_close_place(&place);
}

/* Returns false if nothing may be written: for a request that save_start and save_output do not
 * send, or since this process cannot become the caller. */
static bool begin(const struct helper_request *request, struct saved *saved)
{
	const struct jobs_fixed *const fixed = request->fixed;
	int r;

	if (!fixed || request->n_fds != 1 || !request_check_memory(request->fds[0], CONTENT_MAX)) {
		refuse(saved, "malformed request");
		return false;
	}
	r = caller_become_in_job(&fixed->caller);
	if (r < 0)
		refuse(saved, strerror(-r));
	return r == 0;
}

static int end(const struct saved *saved, int replies)
{
	const struct helper_reply reply = {.bytes = saved, .len = sizeof(*saved)};

	return helper_send_reply(replies, &reply) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int run(const struct helper_request *request, int replies)
{
	const struct jobs_fixed *const fixed = request->fixed;
	struct save_head head = {0};
	const char *const path = request_check_text(request, sizeof(head), PATH_LENGTH_MAX);
	struct saved saved = {0};

	if (path)
		memcpy(&head, request->bytes, sizeof(head));
	if (!path || head.is_replacing > 1)
		refuse(&saved, "malformed request");
	else if (begin(request, &saved) && !save_has_suffix(path, fixed->suffixes))
		refuse(&saved, "no such suffix");
	else if (!*saved.error)
		write_path(fixed, path, head.is_replacing ? ATOMIC_FILE_REPLACE : 0,
		        request->fds[0], &saved);
	return end(&saved, replies);
}

/* The request has no path, and nothing else that could change where the file goes. */
static int run_output(const struct helper_request *request, int replies)
{
	const struct jobs_fixed *const fixed = request->fixed;
	struct saved saved = {0};

	if (request->len != 0 || !fixed || fixed->output.directory < 0)
		refuse(&saved, "malformed request");
	else if (begin(request, &saved))
		write_in(&fixed->output, request->fds[0], fixed->output_flags, &saved);
	return end(&saved, replies);
}

/* Never replaces a file, so that a request can do no harm to one. */
static int run_new(const struct helper_request *request, int replies)
{
	const struct jobs_fixed *const fixed = request->fixed;
	struct atomic_file_place place;
	const char *const name = request_check_text(request, 0, sizeof(place.name) - 1);
	struct saved saved = {0};

	if (!name || strchr(name, '/') || !fixed || fixed->output.directory < 0) {
		refuse(&saved, "malformed request");
	} else if (begin(request, &saved) && !save_has_suffix(name, fixed->suffixes)) {
		refuse(&saved, "no such suffix");
	} else if (!*saved.error) {
		place = fixed->output;
		snprintf(place.name, sizeof(place.name), "%s", name);
		snprintf(saved.path, sizeof(saved.path), "%s", name);
		write_in(&place, request->fds[0], 0, &saved);
		if (saved.is_existing)
			refuse(&saved,
			        "file exists (a snapshot is not trusted: root replaces none)");
		saved.is_existing = false;
	}
	return end(&saved, replies);
}

const struct helper_job save_job = {
        .name = "write a file",
        .deadline_ms = 20000,
        .run = run,
        .capabilities = CAPABILITIES_BIT(CAP_SETUID) | CAPABILITIES_BIT(CAP_SETGID),
        .calls = SANDBOX_READ | SANDBOX_WRITE | SANDBOX_USER | SANDBOX_NSS,
};
const struct helper_job save_output_job = {
        .name = "write output",
        .deadline_ms = 20000,
        .run = run_output,
        .capabilities = CAPABILITIES_BIT(CAP_SETUID) | CAPABILITIES_BIT(CAP_SETGID),
        .calls = SANDBOX_READ | SANDBOX_WRITE | SANDBOX_USER | SANDBOX_NSS,
};
const struct helper_job save_root_output_job = {
        .name = "write as root",
        .deadline_ms = 20000,
        .run = run_output,
        .calls = SANDBOX_READ | SANDBOX_WRITE,
};
const struct helper_job save_new_job = {
        .name = "write new file",
        .deadline_ms = 20000,
        .run = run_new,
        .calls = SANDBOX_READ | SANDBOX_WRITE,
};

/* --- the file of -o -------------------------------------------------------------------------- */

/* There is no other process: this one writes nothing but the file, and ends. */
static ssize_t write_in_this_process(
        const struct jobs_fixed *fixed, int content, struct saved *saved)
{
	const int r = caller_become(&fixed->caller);

	*saved = (struct saved){0};
	if (r < 0)
		return r;
	write_in(&fixed->output, content, fixed->output_flags, saved);
	return sizeof(*saved);
}

/* The job of this helper that writes the file of -o; NULL: it has none. */
static const struct helper_job *output_job(const struct helper *helper)
{
	if (helper_has_job(helper, &save_output_job))
		return &save_output_job;
	return helper_has_job(helper, &save_root_output_job) ? &save_root_output_job : NULL;
}

bool save_can_start(struct helper *helper)
{
	const struct helper_job *const job = output_job(helper);
	char none;

	if (helper_pid(helper) == 0 || !job)
		return helper_pid(helper) != 0;
	return helper_call(helper, job, &(const struct helper_request){0}, &none, sizeof(none),
	               NULL) != -EAGAIN;
}

void save_output(
        struct helper *helper, const struct jobs_fixed *fixed, int content, struct saved *ret)
{
	const struct helper_request request = {.fds = &content, .n_fds = 1};
	const struct helper_job *const job = output_job(helper);
	ssize_t n = job ? helper_call(helper, job, &request, ret, sizeof(*ret), NULL) : -EPIPE;

	/* No process could be started. If there was a helper that has ended since, this process has
	 * a filter by which it may not write itself. */
	if (n == -EAGAIN || (n == -EPIPE && helper_pid(helper) == 0))
		n = write_in_this_process(fixed, content, ret);
	check_reply(n, ret);
}
