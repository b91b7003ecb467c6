/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/rights.h"

#include <cap-ng.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* A number from the environment that is one, whole. */
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

/* Leaves in libcap-ng's state what of the two we have now, or nothing. */
static void select_capabilities(enum rights rights)
{
	static const int wanted[] = {CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH};
	bool has[ARRAY_SIZE(wanted)];

	capng_get_caps_process();
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		has[i] = capng_have_capability(CAPNG_PERMITTED, (unsigned)wanted[i]);
	capng_clear(CAPNG_SELECT_BOTH);
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		if (has[i] && rights == RIGHTS_TO_SCAN)
			capng_update(
			        CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, (unsigned)wanted[i]);
	}
}

/* The bounding set can only be cut by who has CAP_SETPCAP; without it there is nothing in the
 * permitted set that exec could win from it, and no_new_privs closes the rest. */
static int drop_capabilities(const struct caller *caller, enum rights rights)
{
	capng_get_caps_process();
	const bool can_cut = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);

	select_capabilities(rights);
	if (caller->is_sudo)
		return capng_change_id((int)caller->uid, (int)caller->gid,
		               CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING) < 0
		               ? -EPERM
		               : 0;
	return capng_apply(can_cut ? CAPNG_SELECT_BOTH : CAPNG_SELECT_CAPS) < 0 ? -EPERM : 0;
}

enum { DESCRIPTORS_MAX = 65536 };

/* Namespaces that only sockets keep are open through a whole scan, and there may be thousands. */
static void raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= DESCRIPTORS_MAX)
		return;
	limit.rlim_cur = limit.rlim_max < DESCRIPTORS_MAX ? limit.rlim_max : DESCRIPTORS_MAX;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int rights_drop(const struct caller *caller, enum rights rights)
{
	int r = drop_capabilities(caller, rights);

	if (r < 0)
		return r;
	umask(077);
	raise_descriptors();
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return -errno;
	return 0;
}

void rights_print(FILE *out)
{
	const char *separator = " ";

	fprintf(out, "user: %ju\n", (uintmax_t)geteuid());
	fputs("capabilities:", out);
	capng_get_caps_process();
	for (unsigned i = 0; i <= CAP_LAST_CAP; i++) {
		if (!capng_have_capability(CAPNG_EFFECTIVE, i))
			continue;
		const char *name = capng_capability_to_name(i);

		fprintf(out, "%scap_%s", separator, name ? name : "?");
		separator = ", ";
	}
	fputs(*separator == ' ' ? " none\n" : "\n", out);
	fprintf(out, "no_new_privs: %s\n",
	        prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? "yes" : "no");
	fprintf(out, "dumpable: %s\n", prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? "no" : "yes");
}
