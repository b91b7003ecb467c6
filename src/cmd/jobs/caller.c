/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/jobs/jobs.h"
#include "privsep/landlock.h"

#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>

/* Reads an environment variable that is a decimal number and nothing else. */
static bool id_from_environment(const char *name, unsigned *ret)
{
	const char *text = getenv(name);
	char *end;

	if (!text || *text < '0' || *text > '9')
		return false;
	errno = 0;
	const unsigned long id = strtoul(text, &end, 10);
	if (errno || *end || id >= UINT32_MAX)
		return false;
	*ret = (unsigned)id;
	return true;
}

void caller_get(struct caller *ret)
{
	unsigned uid, gid;

	*ret = (struct caller){.uid = geteuid(), .gid = getegid()};
	if (geteuid() != 0 || getuid() != 0 || !id_from_environment("SUDO_UID", &uid) ||
	        !id_from_environment("SUDO_GID", &gid) || uid == 0)
		return;
	*ret = (struct caller){.uid = uid, .gid = gid, .is_sudo = true};
}

static int set_groups(const struct caller *caller)
{
	const struct passwd *user = getpwuid(caller->uid);

	if (user && initgroups(user->pw_name, caller->gid) == 0)
		return 0;
	return setgroups(1, &caller->gid) < 0 ? -errno : 0;
}

int caller_become(const struct caller *caller)
{
	int r;

	if (caller->is_sudo) {
		r = set_groups(caller);
		if (r < 0)
			return r;
	}
	if (setresgid(caller->gid, caller->gid, caller->gid) < 0)
		return -errno;
	if (setresuid(caller->uid, caller->uid, caller->uid) < 0)
		return -errno;
	/* The change of user has cleared it (prctl(2)). */
	return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 ? -errno : 0;
}

/* With a sandbox no_new_privs is set, be there filters or not. */
int caller_confine(int directory)
{
	int r = 0;

	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		r = landlock_write_beneath(&directory, 1);
	return r == -EOPNOTSUPP ? 0 : r;
}

/* Under sudo $HOME may be that of root: then only the password database counts. */
static const char *home_of(const struct caller *caller)
{
	const char *home = caller->is_sudo ? NULL : getenv("HOME");

	if (home && *home)
		return home;
	const struct passwd *user = getpwuid(caller->uid);
	return user && *user->pw_dir ? user->pw_dir : NULL;
}

int caller_expand(const struct caller *caller, const char *typed, char *ret_path, size_t size)
{
	const bool is_home = strncmp(typed, "~/", 2) == 0;
	const char *home = is_home ? home_of(caller) : "";

	if (!home)
		return -ENOENT;
	const int n = snprintf(ret_path, size, "%s%s", home, is_home ? typed + 1 : typed);
	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}
