/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/memory.h"
#include "cmd/jobs/jobs.h"
#include "privsep/capabilities.h"
#include "privsep/landlock.h"

#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>

enum { NOBODY = 65534 };

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

void caller_get_nobody(struct caller *ret)
{
	*ret = (struct caller){.uid = NOBODY, .gid = NOBODY};
}

/* --- to become the caller -------------------------------------------------------------------- */

/* True if this process is root, and the caller is not. */
static bool is_other(const struct caller *caller)
{
	return geteuid() == 0 && caller->uid != 0;
}

/* Those of the caller; the user nobody has none. */
static int set_groups(const struct caller *caller)
{
	const struct passwd *user = caller->is_sudo ? getpwuid(caller->uid) : NULL;

	if (user && initgroups(user->pw_name, caller->gid) == 0)
		return 0;
	return setgroups(caller->is_sudo, &caller->gid) < 0 ? -errno : 0;
}

int caller_become(const struct caller *caller)
{
	const int r = is_other(caller) ? set_groups(caller) : 0;

	if (r < 0)
		return r;
	if (is_other(caller) && (setresgid(caller->gid, caller->gid, caller->gid) < 0 ||
	                                setresuid(caller->uid, caller->uid, caller->uid) < 0))
		return -errno;
	return capabilities_keep(NULL, 0);
}

int caller_become_in_job(const struct caller *caller)
{
	const int r = caller_become(caller);

	/* The change of user has cleared it (prctl(2)). */
	return r == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 ? -errno : r;
}

/* With a sandbox no_new_privs is set, be there filters or not. */
int caller_confine(int directory)
{
	int r = 0;

	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		r = landlock_write_beneath(&directory, 1);
	return r == -EOPNOTSUPP ? 0 : r;
}

/* --- to act as the caller, for one call ------------------------------------------------------ */

struct saved_groups {
	gid_t gid;
	gid_t *all;
	int n;
};

static int get_groups(struct saved_groups *ret)
{
	const int n = getgroups(0, NULL);

	*ret = (struct saved_groups){.gid = getegid()};
	if (n < 0)
		return -errno;
	ret->all = memory_new((size_t)(n + 1) * sizeof(*ret->all));
	ret->n = getgroups(n, ret->all);
	return ret->n < 0 ? -errno : 0;
}

/* Returns to root. If that fails, the process must not go on. */
static void return_to_root(const struct saved_groups *groups)
{
	if (seteuid(0) < 0 || setegid(groups->gid) < 0 ||
	        setgroups((size_t)groups->n, groups->all) < 0)
		_exit(EXIT_FAILURE);
}

static int run_as_other(const struct caller *caller, int (*act)(void *data), void *data)
{
	struct saved_groups groups;
	int r = get_groups(&groups);

	if (r == 0)
		r = set_groups(caller); /* changes nothing if it fails */
	if (r == 0) {
		r = setegid(caller->gid) < 0 || seteuid(caller->uid) < 0
		            ? -errno
		            : capabilities_run_without(act, data);
		return_to_root(&groups);
	}
	free(groups.all);
	return r;
}

int caller_run(const struct caller *caller, int (*act)(void *data), void *data)
{
	if (is_other(caller))
		return run_as_other(caller, act, data);
	return caller->uid == 0 ? act(data) : capabilities_run_without(act, data);
}

/* --- the home directory ---------------------------------------------------------------------- */

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
