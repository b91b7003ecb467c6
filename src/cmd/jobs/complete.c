/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "cmd/jobs/jobs.h"
#include "privsep/request_check.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

int complete_start(struct helper *helper, const char *prefix, struct helper_pending *ret)
{
	const size_t size = strlen(prefix) + 1;

	if (size > sizeof(((struct completed *)NULL)->prefix))
		return -ENAMETOOLONG;
	return helper_start_job(
	        helper, &complete_job, &(struct helper_request){.bytes = prefix, .len = size}, ret);
}

void complete_finish(
        const struct helper_exit *notice, struct helper_pending *pending, struct completed *ret)
{
	const ssize_t r = helper_finish_job(notice, pending, ret, sizeof(*ret), NULL);

	if (r == (ssize_t)sizeof(*ret))
		return;
	*ret = (struct completed){0};
	snprintf(ret->error, sizeof(ret->error), "%s",
	        r == -ETIMEDOUT ? "reading the directory took too long"
	        : r == -EPIPE   ? "the helper process is gone"
	                        : "no reply from the process that reads the directory");
}

/* --- the job --------------------------------------------------------------------------------- */

struct matches {
	char **all;
	size_t n;
	size_t capacity;
};

static bool is_directory(int fd, const struct dirent *entry)
{
	struct stat st;

	if (entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_DIR;
	return fstatat(fd, entry->d_name, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

/* Names that begin with a dot match only if the dot was typed. */
static bool is_match(const char *name, const char *begin)
{
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return false;
	if (name[0] == '.' && begin[0] != '.')
		return false;
	return strncmp(name, begin, strlen(begin)) == 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list(const char *directory, const char *begin, struct matches *ret)
{
	const int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		if (!is_match(entry->d_name, begin))
			continue;
		MEMORY_APPEND(ret->all, ret->n, ret->capacity) =
		        memory_printf("%s%s", entry->d_name, is_directory(fd, entry) ? "/" : "");
	}
	closedir(dir);
	if (ret->n)
		qsort(ret->all, ret->n, sizeof(*ret->all), compare);
	return 0;
}

/* The length of the prefix that all matches share. It does not end inside a UTF-8 character. */
static size_t common_length(const struct matches *matches)
{
	const char *first = matches->all[0];
	const char *last = matches->all[matches->n - 1];
	size_t n = 0;

	while (first[n] && first[n] == last[n])
		n++;
	while (n && ((unsigned char)first[n] & 0xc0) == 0x80)
		n--;
	return n;
}

static void add_names(const struct matches *matches, struct completed *ret)
{
	size_t used = 0;

	for (; ret->n < matches->n; ret->n++) {
		const size_t size = strlen(matches->all[ret->n]) + 1;

		if (size > sizeof(ret->names) - used)
			break;
		memcpy(ret->names + used, matches->all[ret->n], size);
		used += size;
	}
	ret->n_all = matches->n;
}

/* `begin` is the part of ret->prefix behind the last `/`. */
static void complete(const char *directory, const char *begin, struct completed *ret)
{
	struct matches matches = {0};
	const size_t kept = strlen(ret->prefix) - strlen(begin);
	const int r = list(directory, begin, &matches);

	if (r < 0) {
		snprintf(ret->error, sizeof(ret->error), "%s", strerror(-r));
		return;
	}
	add_names(&matches, ret);
	if (!matches.n)
		return;
	const size_t len = common_length(&matches);
	if (len >= strlen(begin) && kept + len < sizeof(ret->text))
		snprintf(ret->text + kept, sizeof(ret->text) - kept, "%.*s", (int)len,
		        matches.all[0]);
}

static void complete_as_caller(const struct caller *caller, struct completed *ret)
{
	char directory[sizeof(ret->prefix)];
	int r;

	if (strcmp(ret->prefix, "~") == 0) {
		snprintf(ret->text, sizeof(ret->text), "~/");
		ret->n_all = 1;
		return;
	}
	r = caller_expand(caller, ret->prefix, directory, sizeof(directory));
	if (r >= 0)
		r = caller_become_in_job(caller);
	if (r < 0) {
		snprintf(ret->error, sizeof(ret->error), "%s", strerror(-r));
		return;
	}
	char *slash = strrchr(directory, '/');
	const char *begin = strrchr(ret->prefix, '/');
	if (slash)
		slash[1] = '\0';
	complete(slash ? directory : ".", begin ? begin + 1 : ret->prefix, ret);
}

static int run(const struct helper_request *request, int replies)
{
	struct completed *ret = memory_new(sizeof(*ret)); /* freed by the exit */
	const struct helper_reply reply = {.bytes = ret, .len = sizeof(*ret)};
	const struct jobs_fixed *const fixed = request->fixed;
	const char *const prefix = request_check_text(request, 0, sizeof(ret->prefix) - 1);

	if (!prefix || request->n_fds != 0 || !fixed)
		return EXIT_FAILURE;
	memcpy(ret->prefix, prefix, request->len);
	memcpy(ret->text, prefix, request->len);
	complete_as_caller(&fixed->caller, ret);
	return helper_send_reply(replies, &reply) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct helper_job complete_job = {
        .name = "complete a name",
        .deadline_ms = 3000,
        .run = run,
        .capabilities = CAPABILITIES_BIT(CAP_SETUID) | CAPABILITIES_BIT(CAP_SETGID),
        .calls = SANDBOX_READ | SANDBOX_USER | SANDBOX_NSS,
};
