/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/jobs/jobs.h"

#include "base/atomic_file.h"
#include "base/memory.h"
#include "cmd/jobs/home.h"
#include "cmd/jobs/job_complete.h"
#include "cmd/jobs/job_config.h"
#include "kernel/privileged/privileged.h"

#include <poll.h>
#include <pwd.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>

enum {
	JOB_WRITE_FILE,
	JOB_DRAW,
	JOB_COMPLETE,
	JOB_NAMES,
	JOB_READ_CONFIG,
	JOB_WRITE_CONFIG,
};

static const struct helper_job job_table[6];

/* --- write a file -------------------------------------------------------------------------- */

struct write_request {
	bool replace;
	char path[4096];
};

/* Fills in `path`, or says why not. */
static int expand(const char *typed, const struct caller *caller, struct saved *saved)
{
	const int r = home_expand(typed, caller, saved->path, sizeof(saved->path));

	if (r < 0)
		snprintf(saved->error, sizeof(saved->error), "%s",
		        r == -ENOENT ? "no home directory is known" : strerror(-r));
	return r;
}

/* What the question is about; what went meanwhile is as good as new. */
static void look_at_existing(struct saved *saved)
{
	struct stat st;

	if (lstat(saved->path, &st) < 0)
		return;
	saved->size = st.st_size > 0 ? (uint64_t)st.st_size : 0;
	saved->age = (int64_t)(time(NULL) - st.st_mtime);
}

static void write_as_caller(const struct write_request *request, int content, struct saved *saved)
{
	struct caller caller;
	int r;

	caller_get(&caller);
	snprintf(saved->path, sizeof(saved->path), "%s", request->path);
	if (expand(request->path, &caller, saved) < 0)
		return;
	r = caller_become(&caller);
	if (r >= 0)
		r = atomic_file_write(saved->path, content, request->replace);
	saved->is_done = r == 0;
	saved->is_existing = r == ATOMIC_FILE_EXISTS;
	if (saved->is_existing)
		look_at_existing(saved);
	if (r < 0)
		snprintf(saved->error, sizeof(saved->error), "%s", atomic_file_strerror(r));
}

static int run_write_file(const struct helper_request *request, int answer)
{
	struct saved saved = {0};
	const struct write_request *wanted = request->bytes;

	if (request->len != sizeof(*wanted) || request->n_fds != 1)
		return EXIT_FAILURE;
	write_as_caller(wanted, request->fds[0], &saved);
	return send(answer, &saved, sizeof(saved), MSG_NOSIGNAL) == (ssize_t)sizeof(saved)
	               ? EXIT_SUCCESS
	               : EXIT_FAILURE;
}

int job_write_file(struct helper *helper, const char *path, int content, bool replace,
        struct helper_pending *ret)
{
	struct write_request wanted = {.replace = replace};

	if (strlen(path) >= sizeof(wanted.path))
		return -ENAMETOOLONG;
	memcpy(wanted.path, path, strlen(path) + 1);
	return helper_start_job(helper, &job_table[JOB_WRITE_FILE],
	        &(struct helper_request){
	                .bytes = &wanted, .len = sizeof(wanted), .fds = &content, .n_fds = 1},
	        ret);
}

void job_written(int answer, enum helper_end end, struct saved *ret)
{
	static const char *const words[] = {
	        [HELPER_EXITED] = "no reply from the process that writes",
	        [HELPER_KILLED] = "it took too long, and was abandoned",
	        [HELPER_STUCK] = "it took too long, and was abandoned",
	        [HELPER_LOST] = "the helper process is gone",
	};

	if (recv(answer, ret, sizeof(*ret), MSG_DONTWAIT) == (ssize_t)sizeof(*ret))
		return;
	*ret = (struct saved){0};
	snprintf(ret->error, sizeof(ret->error), "%s", words[end]);
}

/* Waits for the exit notice of one job. */
static enum helper_end wait_for(struct helper *helper, const struct helper_pending *pending)
{
	struct pollfd poll_fd = {.fd = helper_fd(helper), .events = POLLIN};
	struct helper_exit notice;

	for (;;) {
		while (helper_poll(helper, &notice) > 0) {
			if (helper_is_exit_of(&notice, pending))
				return notice.end;
		}
		if (poll(&poll_fd, 1, -1) < 0 && errno != EINTR)
			return HELPER_LOST;
	}
}

void job_write_file_now(
        struct helper *helper, const char *path, int content, bool replace, struct saved *ret)
{
	struct helper_pending pending;
	int r;

	*ret = (struct saved){0};
	r = job_write_file(helper, path, content, replace, &pending);
	if (r < 0) {
		snprintf(ret->error, sizeof(ret->error), "%s", strerror(-r));
		return;
	}
	job_written(pending.replies, wait_for(helper, &pending), ret);
	close(pending.replies);
}

/* --- draw by dot ---------------------------------------------------------------------------- */

int job_draw(struct helper *helper, int content, struct helper_pending *ret)
{
	return helper_start_job(helper, &job_table[JOB_DRAW],
	        &(struct helper_request){.fds = &content, .n_fds = 1}, ret);
}

int job_draw_now(struct helper *helper, int content, struct drawn *ret)
{
	struct helper_pending pending;
	const int r = job_draw(helper, content, &pending);

	*ret = (struct drawn){0};
	if (r < 0) {
		snprintf(ret->error, sizeof(ret->error), "%s", strerror(-r));
		return r;
	}
	const int picture = job_drawn(pending.replies, wait_for(helper, &pending), ret);
	close(pending.replies);
	return picture;
}

/* --- complete a file name ------------------------------------------------------------------ */

int job_complete(struct helper *helper, const char *prefix, struct helper_pending *ret)
{
	char wanted[sizeof(((struct completed *)NULL)->prefix)] = "";

	if (strlen(prefix) >= sizeof(wanted))
		return -ENAMETOOLONG;
	memcpy(wanted, prefix, strlen(prefix) + 1);
	return helper_start_job(helper, &job_table[JOB_COMPLETE],
	        &(struct helper_request){.bytes = wanted, .len = sizeof(wanted)}, ret);
}

/* --- names of users ------------------------------------------------------------------------ */

struct name {
	uid_t uid;
	bool is_known;
	char name[256];
};

static int run_names(const struct helper_request *request, int answer)
{
	const uid_t *uids = request->bytes;
	const size_t n = request->len / sizeof(*uids);
	static struct name found[NAMES_AT_ONCE];

	if (n == 0 || n > NAMES_AT_ONCE)
		return EXIT_FAILURE;
	for (size_t i = 0; i < n; i++) {
		const struct passwd *user = getpwuid(uids[i]);

		found[i].uid = uids[i];
		found[i].is_known =
		        user && *user->pw_name && strlen(user->pw_name) < sizeof(found[i].name);
		if (found[i].is_known)
			snprintf(found[i].name, sizeof(found[i].name), "%s", user->pw_name);
	}
	const size_t size = n * sizeof(found[0]);
	return send(answer, found, size, MSG_NOSIGNAL) == (ssize_t)size ? EXIT_SUCCESS
	                                                                : EXIT_FAILURE;
}

int job_names(struct helper *helper, const uid_t *uids, size_t n, struct helper_pending *ret)
{
	return helper_start_job(helper, &job_table[JOB_NAMES],
	        &(struct helper_request){.bytes = uids, .len = n * sizeof(*uids)}, ret);
}

void job_named(int answer, void (*tell)(void *data, uid_t uid, const char *name), void *data)
{
	struct name found[NAMES_AT_ONCE];
	const ssize_t size = recv(answer, found, sizeof(found), MSG_DONTWAIT);
	const size_t n = size > 0 ? (size_t)size / sizeof(found[0]) : 0;

	for (size_t i = 0; i < n; i++) {
		found[i].name[sizeof(found[i].name) - 1] = '\0';
		tell(data, found[i].uid, found[i].is_known ? found[i].name : NULL);
	}
}

static void learn(void *names, uid_t uid, const char *name)
{
	names_learn(names, uid, name);
}

void job_names_now(struct helper *helper, const uid_t *uids, size_t n, struct names *names)
{
	for (size_t done = 0; done < n; done += NAMES_AT_ONCE) {
		const size_t some = n - done < NAMES_AT_ONCE ? n - done : NAMES_AT_ONCE;
		struct helper_pending pending;

		if (job_names(helper, uids + done, some, &pending) < 0)
			return;
		if (wait_for(helper, &pending) == HELPER_EXITED)
			job_named(pending.replies, learn, names);
		close(pending.replies);
	}
}

/* --- the config file ----------------------------------------------------------------------- */

void job_read_config_now(struct helper *helper, struct config_file *ret)
{
	const char byte = 0;
	const ssize_t size = helper_call(helper, &job_table[JOB_READ_CONFIG],
	        &(struct helper_request){.bytes = &byte, .len = sizeof(byte)}, ret, sizeof(*ret),
	        NULL);

	if (size == (ssize_t)sizeof(*ret))
		return;
	*ret = (struct config_file){.path = "config file"};
	snprintf(ret->error, sizeof(ret->error), "%s",
	        size == -ETIMEDOUT ? "it took too long to read" : "it could not be read");
}

int job_write_config(
        struct helper *helper, const struct settings *settings, struct helper_pending *ret)
{
	return helper_start_job(helper, &job_table[JOB_WRITE_CONFIG],
	        &(struct helper_request){.bytes = settings, .len = sizeof(*settings)}, ret);
}

static const struct helper_job job_table[6] = {
        [JOB_WRITE_FILE] = {"write a file", 20000, run_write_file},
        [JOB_DRAW] = JOB_DRAW_ROW,
        [JOB_COMPLETE] = JOB_COMPLETE_ROW,
        [JOB_NAMES] = {"names of users", 5000, run_names},
        [JOB_READ_CONFIG] = JOB_CONFIG_READ_ROW,
        [JOB_WRITE_CONFIG] = JOB_CONFIG_WRITE_ROW,
};

size_t job_list(const struct helper_job *ret[static JOB_LIST_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(job_table); i++)
		ret[n++] = &job_table[i];
	for (size_t i = 0; i < PRIVILEGED_JOBS; i++)
		ret[n++] = privileged_jobs[i];
	return n;
}
