/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/rights.h"

#include "privsep/capabilities.h"

#include <grp.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* To drop a capability from the bounding set needs CAP_SETPCAP. Without it no capability is
 * permitted that execve(2) could add from that set, and no_new_privs prevents any other gain. */
static int clear_bounding(void)
{
	if (!capabilities_has(CAP_SETPCAP))
		return 0;
	for (cap_value_t i = 0; i < cap_max_bits(); i++) {
		if (cap_drop_bound(i) < 0)
			return -errno;
	}
	return 0;
}

/* With PR_SET_KEEPCAPS the change of user keeps the permitted set, and clears the effective set. */
static int become_with_capabilities(const struct caller *caller)
{
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 || setgroups(0, NULL) < 0 ||
	        setresgid(caller->gid, caller->gid, caller->gid) < 0 ||
	        setresuid(caller->uid, caller->uid, caller->uid) < 0 ||
	        prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0)
		return -errno;
	return 0;
}

static int drop_capabilities(const struct caller *caller, enum rights rights)
{
	static const int wanted[] = {CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH};
	int r = clear_bounding();

	if (r == 0 && caller->is_sudo)
		r = become_with_capabilities(caller);
	if (r < 0)
		return r;
	/* Linux before 4.3 has no ambient set. */
	if (cap_reset_ambient() < 0 && errno != EINVAL)
		return -errno;
	return capabilities_keep(wanted, rights == RIGHTS_TO_SCAN ? ARRAY_SIZE(wanted) : 0);
}

enum { DESCRIPTORS_MAX = 65536 };

/* A scan keeps the namespaces open that only sockets hold: there may be thousands. */
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
	const char *separator = " ";

	fputs("capabilities:", out);
	for (cap_value_t i = 0; i < cap_max_bits(); i++) {
		if (!capabilities_has(i))
			continue;
		char *const name = cap_to_name(i);

		fprintf(out, "%s%s", separator, name ? name : "?");
		cap_free(name);
		separator = ", ";
	}
	fputs(*separator == ' ' ? " none\n" : "\n", out);
}

void rights_print(FILE *out)
{
	fprintf(out, "user: %ju\n", (uintmax_t)geteuid());
	print_capabilities(out);
	fprintf(out, "no_new_privs: %s\n",
	        prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? "yes" : "no");
	fprintf(out, "dumpable: %s\n", prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? "no" : "yes");
}
