/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/jobs/jobs.h"

#include <pwd.h>
#include <stdbool.h>
#include <string.h>

/* The reply is an array of these. */
struct user_name {
	uid_t uid;
	bool is_known;
	char name[256];
};

int user_names_start(struct helper *helper, const uid_t *uids, size_t n, struct helper_pending *ret)
{
	return helper_start_job(helper, &user_names_job,
	        &(struct helper_request){.bytes = uids, .len = n * sizeof(*uids)}, ret);
}

/* `r` is the result of helper_call or helper_finish_job. */
static void read_names(ssize_t r, struct user_name *found,
        void (*take)(void *data, uid_t uid, const char *name), void *data)
{
	const size_t n = r > 0 ? (size_t)r / sizeof(*found) : 0;

	for (size_t i = 0; i < n; i++) {
		found[i].name[sizeof(found[i].name) - 1] = '\0';
		take(data, found[i].uid, found[i].is_known ? found[i].name : NULL);
	}
}

void user_names_finish(const struct helper_exit *notice, struct helper_pending *pending,
        void (*take)(void *data, uid_t uid, const char *name), void *data)
{
	struct user_name found[USER_NAMES_MAX];

	read_names(
	        helper_finish_job(notice, pending, found, sizeof(found), NULL), found, take, data);
}

static void add_name(void *names, uid_t uid, const char *name)
{
	names_add(names, uid, name);
}

void user_names_now(struct helper *helper, const uid_t *uids, size_t n, struct names *names)
{
	struct user_name found[USER_NAMES_MAX];

	for (size_t done = 0; done < n; done += USER_NAMES_MAX) {
		const size_t some = n - done < USER_NAMES_MAX ? n - done : USER_NAMES_MAX;
		const struct helper_request request = {
		        .bytes = uids + done, .len = some * sizeof(*uids)};

		read_names(
		        helper_call(helper, &user_names_job, &request, found, sizeof(found), NULL),
		        found, add_name, names);
	}
}

/* --- the job --------------------------------------------------------------------------------- */

static int run(const struct helper_request *request, int replies)
{
	const uid_t *uids = request->bytes;
	const size_t n = request->len / sizeof(*uids);
	static struct user_name found[USER_NAMES_MAX];
	const struct helper_reply reply = {.bytes = found, .len = n * sizeof(*found)};

	if (n == 0 || n > USER_NAMES_MAX)
		return EXIT_FAILURE;
	for (size_t i = 0; i < n; i++) {
		const struct passwd *user = getpwuid(uids[i]);

		found[i].uid = uids[i];
		found[i].is_known =
		        user && *user->pw_name && strlen(user->pw_name) < sizeof(found[i].name);
		if (found[i].is_known)
			snprintf(found[i].name, sizeof(found[i].name), "%s", user->pw_name);
	}
	return helper_send_reply(replies, &reply) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct helper_job user_names_job = {"names of users", 5000, run};
