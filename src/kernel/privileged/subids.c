/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the files of subordinate IDs (subuid(5), subgid(5)). /etc may be on a file server, so that
 * the read may wait for ever. */
#include "base/descriptors.h"
#include "kernel/kernel_internal.h"
#include "kernel/privileged/privileged.h"
#include "kernel/proc/proc_ns.h"
#include "privsep/request_check.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { SUBIDS_TEXT_MAX = 1024 * 1024 };

int subids_read(struct kernel *k, bool of_groups, char **ret, size_t *ret_len)
{
	const uint32_t wanted = of_groups;
	_cleanup_close_ int file = privileged_call_fd(linux_of(k)->privileged, &subids_job,
	        &(const struct helper_request){.bytes = &wanted, .len = sizeof(wanted)});

	return file < 0 ? file : descriptors_read_all(file, SUBIDS_TEXT_MAX, NULL, ret, ret_len);
}

/* --- the job ---------------------------------------------------------------------------------- */

/* The caller frees the text. */
static int read_regular(const char *path, char **ret, size_t *ret_len)
{
	_cleanup_close_ int file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;
	int r;

	if (file < 0 || fstat(file, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -ENOTSUP;
	r = descriptors_read_all(file, SUBIDS_TEXT_MAX, NULL, ret, ret_len);
	if (r == -EFBIG)
		free(*ret);
	return r;
}

/* Returns -EOPNOTSUPP if the IDs come from another source than the files. */
static int check_source(void)
{
	_cleanup_free_ char *text = NULL;
	size_t len;
	const int r = read_regular("/etc/nsswitch.conf", &text, &len);

	return r == 0 && proc_ns_subids_are_elsewhere(text, len) ? -EOPNOTSUPP : 0;
}

static int copy(const char *path, int to)
{
	_cleanup_free_ char *text = NULL;
	size_t len;
	int r = check_source();

	if (r == 0)
		r = read_regular(path, &text, &len);
	if (r < 0)
		return r;
	return write(to, text, len) == (ssize_t)len && lseek(to, 0, SEEK_SET) == 0 ? 0 : -EIO;
}

/* The files are readable by everyone. */
static int run(const struct helper_request *request, int replies)
{
	_cleanup_close_ int file = memfd_create("subids", MFD_CLOEXEC);
	uint32_t wanted;
	int r;

	if (!request_check_size(request, sizeof(wanted), 0))
		return EXIT_FAILURE;
	memcpy(&wanted, request->bytes, sizeof(wanted));
	if (wanted > 1)
		return EXIT_FAILURE;
	r = file < 0 ? -errno : privileged_keep_capabilities(NULL, 0);
	if (r == 0)
		r = copy(wanted ? "/etc/subgid" : "/etc/subuid", file);
	return privileged_reply(replies, 0, r < 0 ? r : take_fd(&file)) < 0 ? EXIT_FAILURE
	                                                                    : EXIT_SUCCESS;
}

const struct helper_job subids_job = {
        .name = "subids",
        .deadline_ms = JOB_INSIDE_DEADLINE_MS,
        .run = run,
        .calls = SANDBOX_READ,
};
