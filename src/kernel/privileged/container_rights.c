/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/privileged/container_rights.h"

#include "kernel/privileged/container_open.h"
#include "kernel/privileged/privileged.h"

#include <grp.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

enum {
	PASSWD_MAX = 16 << 20, /* bytes of /etc/passwd */
	NOBODY = 65534,
};

int container_rights_for_root(void)
{
	static const int keep[] = {CAP_DAC_READ_SEARCH, CAP_SETUID, CAP_SETGID};

	return privileged_keep_capabilities(keep, ARRAY_SIZE(keep));
}

const struct passwd *container_rights_find_user(const char *root, uid_t uid)
{
	struct container_opener opener;
	const struct passwd *user = NULL;
	int fd = container_open_init(&opener, root, 0);
	FILE *file;

	if (fd == 0)
		fd = container_open_file(&opener, "/etc//passwd", PASSWD_MAX);
	container_open_release(&opener);
	file = fd < 0 ? NULL : fdopen(fd, "r");
	if (!file)
		close_fd(&fd);
	while (file && (user = fgetpwent(file)) && user->pw_uid != uid)
		continue;
	if (file)
		fclose(file);
	return user || strcmp(root, "/") != 0 ? user : getpwuid(uid);
}

static int become(uid_t uid, gid_t gid)
{
	if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
		return -errno;
	/* The change of user has cleared it (prctl(2)). */
	return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 ? -errno : 0;
}

int container_rights_become_user(uid_t uid, const struct passwd *user)
{
	static const int keep[] = {CAP_SETUID, CAP_SETGID};
	int r = privileged_keep_capabilities(keep, ARRAY_SIZE(keep));

	if (r == 0 && geteuid() != uid && become(uid, user ? user->pw_gid : NOBODY) < 0)
		r = -EACCES;
	return r < 0 ? r : privileged_keep_capabilities(NULL, 0);
}

/* Without a filter by strict mode, which the kernel refuses if there is a filter (EINVAL). */
static int filter_calls(const struct sandbox_filter *filter)
{
	const int r = filter->instructions ? sandbox_install(filter) : -EOPNOTSUPP;

	if (r != -EOPNOTSUPP)
		return r;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0) < 0 && errno != EINVAL ? -errno
	                                                                                  : 0;
}

int container_rights_confine(void)
{
	static const int limits[] = {RLIMIT_NOFILE, RLIMIT_NPROC, RLIMIT_FSIZE, RLIMIT_CORE};
	struct sandbox_filter filter;
	int r;

	/* So that it owns no file of root. In a user namespace there may be no other user. */
	if (geteuid() == 0 && become(NOBODY, NOBODY) < 0)
		errno = 0;
	r = privileged_keep_capabilities(NULL, 0);
	if (r == 0)
		r = sandbox_make(0, &filter);
	if (r < 0 && r != -EOPNOTSUPP)
		return r;
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		if (setrlimit(limits[i], &(const struct rlimit){0, 0}) < 0)
			return -errno;
	}
	return filter_calls(&filter);
}
