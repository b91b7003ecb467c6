/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/jobs/home.h"

#include <pwd.h>
#include <string.h>

/* The home of the one whose rights write; NULL if nobody knows. */
static const char *home_of(const struct caller *caller)
{
	const char *home = caller->is_sudo ? NULL : getenv("HOME");

	if (home && *home)
		return home;
	const struct passwd *user = getpwuid(caller->uid);
	return user && *user->pw_dir ? user->pw_dir : NULL;
}

int home_expand(const char *typed, const struct caller *caller, char *ret_path, size_t size)
{
	const bool is_home = strncmp(typed, "~/", 2) == 0;
	const char *home = is_home ? home_of(caller) : "";

	if (!home)
		return -ENOENT;
	const int n = snprintf(ret_path, size, "%s%s", home, is_home ? typed + 1 : typed);
	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}
