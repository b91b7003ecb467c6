/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/rights.h"

#include "privsep/capabilities.h"
#include "privsep/landlock.h"
#include "privsep/sandbox.h"

#include <grp.h>
#include <stdarg.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <wchar.h>

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

int rights_become(const struct caller *caller)
{
	const int r = capabilities_clear_bounding();

	return r < 0 ? r : caller_become(caller);
}

static int drop_capabilities(const struct caller *caller, enum rights rights)
{
	static const int wanted[] = {CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH};
	int r = capabilities_clear_bounding();

	if (r == 0 && caller->is_sudo && geteuid() == 0)
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

/* --- what a run cannot do from then on ------------------------------------------------------- */

/* What the screen of a snapshot may read: locales, time zones and descriptions of terminals. */
static const char *const READABLE[] = {"/etc/localtime", "/usr/share/zoneinfo", "/usr/lib/locale",
        "/usr/share/locale", "/usr/share/terminfo", "/usr/lib/terminfo", "/lib/terminfo",
        "/etc/terminfo"};

/* Loads what the C library would load when it is first used: the time zone, and the conversion of
 * the character set, which is a library. */
static void load_locale(void)
{
	tzset();
	(void)btowc('a');
}

static uint32_t calls_of(enum rights rights, bool has_helper)
{
	uint32_t calls =
	        SANDBOX_WORK | SANDBOX_THREADS | SANDBOX_READ | SANDBOX_TERMINAL | SANDBOX_RAISE;

	if (rights == RIGHTS_TO_SCAN)
		calls |= SANDBOX_NAMESPACES;
	/* Then this process writes files itself. */
	if (!has_helper)
		calls |= SANDBOX_WRITE | SANDBOX_NSS | SANDBOX_NARROW;
	return calls;
}

int rights_prepare(enum rights rights, bool has_helper, struct rights_plan *ret)
{
	int r = sandbox_make(calls_of(rights, has_helper), &ret->filter);

	ret->ruleset = -EBADF;
	if (r < 0 && r != -EOPNOTSUPP)
		return r;
	if (rights == RIGHTS_TO_SCAN || !has_helper)
		return 0;
	load_locale();
	ret->ruleset = landlock_make_reading(READABLE, ARRAY_SIZE(READABLE));
	return ret->ruleset == -EOPNOTSUPP || ret->ruleset >= 0 ? 0 : ret->ruleset;
}

int rights_confine_thread(const struct rights_plan *plan)
{
	return plan->ruleset < 0 ? 0 : landlock_restrict(plan->ruleset);
}

int rights_confine(const struct rights_plan *plan)
{
	int r = rights_confine_thread(plan);

	if (r == 0 && plan->filter.instructions)
		r = sandbox_install(&plan->filter);
	return r == -EOPNOTSUPP ? 0 : r;
}

void rights_release(struct rights_plan *plan)
{
	sandbox_release(&plan->filter);
	close_fd(&plan->ruleset);
}

/* --- what is on ------------------------------------------------------------------------------ */

static void describe_set(cap_t set, char *ret, size_t size)
{
	size_t len = 0;

	snprintf(ret, size, "none");
	for (cap_value_t i = 0; set && i < cap_max_bits(); i++) {
		cap_flag_value_t value;

		if (cap_get_flag(set, i, CAP_PERMITTED, &value) < 0 || value != CAP_SET)
			continue;
		char *const name = cap_to_name(i);
		const int n = snprintf(
		        ret + len, size - len, "%s%s", len > 0 ? ", " : "", name ? name : "?");

		cap_free(name);
		len = MIN(len + (size_t)MAX(n, 0), size - 1);
	}
}

/* The permitted capabilities of a process, as the kernel shows them; 0: of this one. */
static void describe_capabilities(pid_t pid, char *ret, size_t size)
{
	const cap_t set = cap_get_pid(pid);

	if (set)
		describe_set(set, ret, size);
	else
		snprintf(ret, size, "unknown");
	cap_free(set);
}

/* A filter of a program that has started this one looks the same. */
static const char *describe_filter(bool has_sandbox)
{
	if (!has_sandbox)
		return "all are permitted (--no-sandbox)";
#ifdef HAVE_SECCOMP
	return sandbox_is_on() ? "only those that are needed (seccomp)"
	                       : "all are permitted: this kernel has no filters (seccomp)";
#else
	return "all are permitted: built without libseccomp";
#endif
}

static void describe_landlock(bool has_sandbox, char *ret, size_t size)
{
	const int version = landlock_version();

	if (!has_sandbox)
		snprintf(ret, size, "no (--no-sandbox)");
	else if (version > 0)
		snprintf(ret, size, "version %d, while files are written and snapshots are read",
		        version);
	else
		snprintf(ret, size, "no: this kernel does not have it");
}

_printf_(3, 4) static void add_right(
        struct rights_list *list, const char *name, const char *format, ...)
{
	struct help_row *const right = &list->rights[list->n];
	va_list values;

	va_start(values, format);
	vsnprintf(list->texts[list->n], sizeof(*list->texts), format, values);
	va_end(values);
	*right = (struct help_row){.name = name, .text = list->texts[list->n]};
	list->n++;
}

void rights_describe(const struct helper *helper, bool has_sandbox, struct rights_list *ret)
{
	char text[sizeof(*ret->texts)];

	ret->n = 0;
	add_right(ret, "user", "%ju", (uintmax_t)geteuid());
	describe_capabilities(0, text, sizeof(text));
	add_right(ret, "capabilities", "%s", text);
	add_right(ret, "no_new_privs", "%s",
	        prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? "yes" : "no");
	add_right(ret, "dumpable", "%s", prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? "no" : "yes");
	add_right(ret, "system calls", "%s", describe_filter(has_sandbox));
	describe_landlock(has_sandbox, text, sizeof(text));
	add_right(ret, "Landlock", "%s", text);
	add_right(ret, "helper process", "%s",
	        helper_pid(helper) == 0     ? "no"
	        : helper_is_stopped(helper) ? "stopped, or gone"
	                                    : "yes");
	if (helper_pid(helper) == 0)
		return;
	describe_capabilities(helper_pid(helper), text, sizeof(text));
	add_right(ret, "helper capabilities", "%s", text);
}

void rights_print_job(FILE *out, const struct helper_job *job)
{
	const cap_t set = cap_init();
	char text[RIGHTS_TEXT_MAX];

	for (cap_value_t i = 0; set && i < cap_max_bits() && i < 64; i++) {
		if (job->capabilities & CAPABILITIES_BIT(i))
			cap_set_flag(set, CAP_PERMITTED, 1, &i, CAP_SET);
	}
	describe_set(set, text, sizeof(text));
	fprintf(out, "job %s: %s\n", job->name, text);
	cap_free(set);
}
