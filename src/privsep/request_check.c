/* SPDX-License-Identifier: Apache-2.0 */
#include "privsep/request_check.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

bool request_check_size(const struct helper_request *request, size_t len, size_t n_fds)
{
	return request->len == len && request->n_fds == n_fds;
}

const char *request_check_text(const struct helper_request *request, size_t at, size_t max)
{
	const char *const text = (const char *)request->bytes + at;

	if (request->len <= at || request->len - at > max + 1)
		return NULL;
	return strnlen(text, request->len - at) == request->len - at - 1 ? text : NULL;
}

/* Only files in memory have seals (fcntl(2)): those of tmpfs, too, but they have a name. */
bool request_check_memory(int fd, uint64_t max)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 0 &&
	       (uint64_t)st.st_size <= max && fcntl(fd, F_GET_SEALS) >= 0;
}
