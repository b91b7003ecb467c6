/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/rights.h"

#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/capability.h>
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

static bool has_capability(cap_t caps, cap_value_t capability, cap_flag_t set)
{
	cap_flag_value_t value;

	return cap_get_flag(caps, capability, set, &value) == 0 && value == CAP_SET;
}

/* What both sets shall be. */
static cap_t select_capabilities(cap_t now, enum rights rights)
{
	static const cap_value_t wanted[] = {CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH};
	cap_t selected = cap_init();

	for (size_t i = 0; selected && i < ARRAY_SIZE(wanted); i++) {
		if (rights != RIGHTS_TO_SCAN || !has_capability(now, wanted[i], CAP_PERMITTED))
			continue;
		if (cap_set_flag(selected, CAP_PERMITTED, 1, &wanted[i], CAP_SET) < 0 ||
		        cap_set_flag(selected, CAP_EFFECTIVE, 1, &wanted[i], CAP_SET) < 0) {
			cap_free(selected);
			return NULL;
		}
	}
	return selected;
}

/* Only CAP_SETPCAP allows to cut the bounding set. Without it there is nothing in the permitted set
 * that exec could gain from it, and no_new_privs closes the rest. */
static int clear_bounding(cap_t now)
{
	if (!has_capability(now, CAP_SETPCAP, CAP_EFFECTIVE))
		return 0;
	for (cap_value_t i = 0; i < cap_max_bits(); i++) {
		if (cap_drop_bound(i) < 0)
			return -errno;
	}
	return 0;
}

/* The permitted set survives the change of user, the effective one is set again after it. */
static int become_with_capabilities(const struct caller *caller)
{
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 || setgroups(0, NULL) < 0 ||
	        setresgid(caller->gid, caller->gid, caller->gid) < 0 ||
	        setresuid(caller->uid, caller->uid, caller->uid) < 0 ||
	        prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0)
		return -errno;
	return 0;
}

static int apply_capabilities(cap_t now, cap_t selected, const struct caller *caller)
{
	int r = clear_bounding(now);

	if (r == 0 && caller->is_sudo)
		r = become_with_capabilities(caller);
	if (r < 0)
		return r;
	/* Linux before 4.3 has no ambient set. */
	if (cap_reset_ambient() < 0 && errno != EINVAL)
		return -errno;
	return cap_set_proc(selected) < 0 ? -errno : 0;
}

static int drop_capabilities(const struct caller *caller, enum rights rights)
{
	const cap_t now = cap_get_proc();
	const cap_t selected = now ? select_capabilities(now, rights) : NULL;
	const int r = selected ? apply_capabilities(now, selected, caller) : -EPERM;

	cap_free(selected);
	cap_free(now);
	return r;
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

static void print_capabilities(FILE *out)
{
	const cap_t now = cap_get_proc();
	const char *separator = " ";

	fputs("capabilities:", out);
	for (cap_value_t i = 0; now && i < cap_max_bits(); i++) {
		if (!has_capability(now, i, CAP_EFFECTIVE))
			continue;
		char *const name = cap_to_name(i);

		fprintf(out, "%s%s", separator, name ? name : "?");
		cap_free(name);
		separator = ", ";
	}
	fputs(*separator == ' ' ? " none\n" : "\n", out);
	cap_free(now);
}

void rights_print(FILE *out)
{
	fprintf(out, "user: %ju\n", (uintmax_t)geteuid());
	print_capabilities(out);
	fprintf(out, "no_new_privs: %s\n",
	        prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? "yes" : "no");
	fprintf(out, "dumpable: %s\n", prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? "no" : "yes");
}
