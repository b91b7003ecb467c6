/* SPDX-License-Identifier: Apache-2.0 */
#include "view/words.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "view/partial.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

static void write_text(FILE *out, const char *raw)
{
	if (raw)
		escape_write_name(out, raw, 0);
}

void words_ns(FILE *out, const struct ns *ns)
{
	fprintf(out, "%s:[%" PRIu64 "]", nstype_name(ns->type), ns->inode);
}

/* The name of the owner of `ns`, not escaped; NULL if there is none. A name that was looked up
 * overrides that of a snapshot. */
static const char *owner_name(const struct ns *ns, const struct names *names)
{
	if (names && names_is_settled(names, ns->owner_uid))
		return names_get(names, ns->owner_uid);
	return ns->owner_name;
}

/* The name of the owner, or the number if there is none. */
static void write_owner(FILE *out, const struct ns *ns, const struct names *names)
{
	const char *name = owner_name(ns, names);

	if (name && *name)
		write_text(out, name);
	else
		fprintf(out, "%" PRIu32, (uint32_t)ns->owner_uid);
}

bool words_unmapped(FILE *out, enum rel_state state, uint32_t id)
{
	if (state == REL_UNMAPPED)
		fputs(WORDS_UNMAPPED, out);
	else if (state == REL_AMBIGUOUS)
		fprintf(out, "%" PRIu32 " or " WORDS_UNMAPPED, id);
	return state == REL_UNMAPPED || state == REL_AMBIGUOUS;
}

void words_owner_user(FILE *out, const struct ns *ns, const struct names *names)
{
	if (ns && words_unmapped(out, ns->owner_uid_state, ns->owner_uid))
		return;
	if (!ns || ns->owner_uid_state != REL_KNOWN) {
		fputs(ns && ns->owner_uid_state == REL_UNREAD ? words_state(REL_UNREAD) : "unknown",
		        out);
		return;
	}
	write_owner(out, ns, names);
	fprintf(out, " (%" PRIu32 ")", (uint32_t)ns->owner_uid);
}

void words_owner(FILE *out, const struct ns *ns, const struct names *names)
{
	if (ns->type == NS_USER)
		words_owner_user(out, ns, names);
	else if (ns->owner.ns)
		words_ns(out, ns->owner.ns);
	else
		fputs(ns->owner.state == REL_UNREAD ? words_state(REL_UNREAD) : "unknown", out);
}

void words_owner_short(FILE *out, const struct ns *ns, const struct names *names)
{
	const struct ns *user = ns->type == NS_USER ? ns : ns->owner.ns;

	if (user && words_unmapped(out, user->owner_uid_state, user->owner_uid))
		return;
	if (user && user->owner_uid_state == REL_KNOWN)
		write_owner(out, user, names);
	else
		fputs("?", out);
}

void words_process_name(FILE *out, const struct process *process)
{
	write_text(out, process->name && *process->name ? process->name : "?");
}

void words_process(FILE *out, const struct process *process)
{
	words_process_name(out, process);
	fprintf(out, " (%jd)", (intmax_t)process->pid);
}

/* The first holder, or group of holders. Returns how many that are. */
static size_t write_first_holders(FILE *out, const struct model *model, const struct ns *ns)
{
	const size_t end = words_holder_group_end(ns, 0);

	fputs("held by ", out);
	words_holder_group(out, model, ns, 0, end);
	return end;
}

const char *words_no_process(const struct model *model, const struct ns *ns)
{
	return *partial_plus(model, ns) ? "no process known" : "no process";
}

const char *words_no_holder(const struct model *model, const struct ns *ns)
{
	if (!ns->is_listed_only)
		return words_no_process(model, ns);
	return *partial_plus(model, ns) ? "no process known; " WORDS_LISTED
	                                : "no process; " WORDS_LISTED;
}

const char *words_nothing_known(const struct ns *ns)
{
	return ns->is_listed_only ? "nothing known; " WORDS_LISTED : "nothing known";
}

/* ip-netns(8), container engines and CNI plugins mount them so. */
const char *words_net_name(const struct ns *ns)
{
	static const char directory[] = "/netns/";

	/* A longer path than ESCAPE_NAME_MAX is none of the kernel. */
	for (size_t i = 0; ns->type == NS_NET && i < ns->n_holders; i++) {
		const char *path = ns->holders[i].path;
		const size_t len = path ? strnlen(path, ESCAPE_NAME_MAX) : 0;
		const char *slash =
		        len < ESCAPE_NAME_MAX ? memrchr(path ? path : "", '/', len) : NULL;

		if (ns->holders[i].kind == HOLDER_MOUNT && slash && slash[1] &&
		        slash + 1 - path >= (ptrdiff_t)strlen(directory) &&
		        memcmp(slash + 1 - strlen(directory), directory, strlen(directory)) == 0)
			return slash + 1;
	}
	return NULL;
}

void words_leader(FILE *out, const struct model *model, const struct ns *ns)
{
	const char *name = words_net_name(ns);

	if (ns->leader && name) {
		write_text(out, name);
		fputs(": ", out);
	}
	if (ns->leader) {
		words_process(out, ns->leader);
	} else if (ns->n_holders > 0) {
		write_first_holders(out, model, ns);
	} else {
		fputs(words_no_holder(model, ns), out);
	}
}

/* The index behind the last holder of the kind of number `first`: holders are sorted by kind. */
static size_t end_of_kind(const struct ns *ns, size_t first)
{
	size_t end = first;

	while (end < ns->n_holders && ns->holders[end].kind == ns->holders[first].kind)
		end++;
	return end;
}

/* There may be thousands, which are listed elsewhere. */
static bool is_counted(enum holder_kind kind)
{
	return kind == HOLDER_CHILD || kind == HOLDER_OWNS;
}

/* Children or owned namespaces: the only one, or their number. */
static void write_counted(FILE *out, const struct model *model, const struct ns *ns, size_t first)
{
	const size_t end = end_of_kind(ns, first);

	if (end - first == 1) {
		words_holder(out, model, &ns->holders[first]);
		return;
	}
	words_holder_count(out, model, ns, first, end);
	if (ns->holders[first].kind == HOLDER_OWNS)
		fputs(" namespaces", out);
}

void words_depth(FILE *out, const struct ns *ns)
{
	const struct ns *top = ns;

	while (top->parent.ns)
		top = top->parent.ns;
	if (!ns->depth && top->parent.state == REL_UNSUPPORTED)
		fputs("unknown", out);
	else
		fprintf(out, "%u%s", ns->depth, top->parent.state == REL_INITIAL ? "" : "+");
}

void words_n_processes(FILE *out, const struct model *model, const struct ns *ns)
{
	const char *const plus = partial_plus(model, ns);

	fprintf(out, "%zu%s %s", ns->n_processes, plus,
	        ns->n_processes == 1 && !*plus ? "process" : "processes");
}

void words_held_by(FILE *out, const struct model *model, const struct ns *ns, size_t most)
{
	const char *separator = "";
	size_t i = 0, n_left = 0;

	if (ns->n_processes == 0 && ns->n_holders == 0) {
		fputs(words_nothing_known(ns), out);
		return;
	}
	if (ns->n_processes > 0) {
		words_n_processes(out, model, ns);
		separator = "; ";
	}
	for (size_t n = 0, end; i < ns->n_holders && !is_counted(ns->holders[i].kind); i = end) {
		end = words_holder_group_end(ns, i);
		if (n++ >= most) {
			n_left += end - i;
			continue;
		}
		fputs(separator, out);
		words_holder_group(out, model, ns, i, end);
		separator = "; ";
	}
	if (n_left) {
		fprintf(out, "%s%zu%s more", *separator ? " and " : "", n_left,
		        partial_plus(model, NULL));
		separator = "; ";
	}
	for (; i < ns->n_holders; i = end_of_kind(ns, i)) {
		fputs(separator, out);
		write_counted(out, model, ns, i);
		separator = "; ";
	}
}

/* Such a line ends after the process, or names what holds the namespace. */
static bool is_short(const struct ns *ns, bool is_owned)
{
	return is_owned || !nstype_is_hierarchical(ns->type);
}

void words_long(FILE *out, const struct model *model, const struct ns *ns, bool is_owned)
{
	const struct process *leader = ns->leader;
	const char *separator = " held by ";

	if (leader)
		fprintf(out, " pid %jd/%jd", (intmax_t)leader->pid,
		        (intmax_t)leader->nspid[leader->n_nspid - 1]);
	if (ns->n_processes > 0)
		fprintf(out, " processes %zu%s", ns->n_processes, partial_plus(model, ns));
	for (size_t i = 0, end; i < ns->n_holders; i = end) {
		end = end_of_kind(ns, i);
		fputs(separator, out);
		words_holder_count(out, model, ns, i, end);
		separator = ", ";
	}
	if (ns->is_listed_only && !is_short(ns, is_owned))
		fputs(" " WORDS_LISTED, out);
}

/* Without quotes `?` if the name could not be read: no other name looks so. */
static void write_quoted_name(FILE *out, const struct process *process)
{
	if (!process->name || !*process->name) {
		fputc('?', out);
		return;
	}
	fputc('"', out);
	escape_write_name(out, process->name, '"');
	fputc('"', out);
}

static void write_owner_part(FILE *out, const struct ns *ns, const struct names *names)
{
	fputs("owner ", out);
	if (ns->type == NS_USER) {
		words_owner_user(out, ns, names);
		return;
	}
	if (ns->owner.ns) {
		words_ns(out, ns->owner.ns);
		fputc(' ', out);
	}
	words_owner_user(out, ns->owner.ns, names);
}

void words_line_rest(FILE *out, const struct model *model, const struct ns *ns, bool is_owned,
        const struct names *names)
{
	const char *name = words_net_name(ns);

	if (ns->leader && name) {
		fputs("name \"", out);
		escape_write_name(out, name, '"');
		fputs("\" ", out);
	}
	if (ns->leader) {
		fputs("process ", out);
		write_quoted_name(out, ns->leader);
	} else if (!is_short(ns, is_owned)) {
		fputs("process", out);
	} else if (ns->n_holders > 0) {
		const size_t n = write_first_holders(out, model, ns);

		if (ns->n_holders > n)
			fprintf(out, " and %zu%s more", ns->n_holders - n,
			        partial_plus(model, NULL));
	} else {
		fprintf(out, "held by %s", words_nothing_known(ns));
	}
	if (is_short(ns, is_owned))
		return;
	fputc(' ', out);
	write_owner_part(out, ns, names);
}

/* Groups of holders in a line: more would make lines of several KB. */
enum { LEAKED_MOST = 20 };

void words_leaked_rest(
        FILE *out, const struct model *model, const struct ns *ns, const struct names *names)
{
	write_owner_part(out, ns, names);
	fputs(" held by ", out);
	words_held_by(out, model, ns, LEAKED_MOST);
}

void words_line(FILE *out, const struct model *model, const struct ns *ns, bool is_owned,
        const struct names *names)
{
	words_ns(out, ns);
	fputc(' ', out);
	words_line_rest(out, model, ns, is_owned, names);
}

void words_user(FILE *out, uid_t uid, const struct names *names)
{
	const char *name = names ? names_get(names, uid) : NULL;

	if (name && *name)
		write_text(out, name);
	else
		fprintf(out, "%" PRIu32, (uint32_t)uid);
}

void words_process_user(FILE *out, const struct process *process, const struct names *names)
{
	if (words_unmapped(out, process->uid_state, process->uid))
		return;
	if (process->uid_state == REL_KNOWN)
		words_user(out, process->uid, names);
	else
		fputc('?', out);
}

void words_process_user_long(FILE *out, const struct process *process, const struct names *names)
{
	if (words_unmapped(out, process->uid_state, process->uid))
		return;
	if (process->uid_state != REL_KNOWN) {
		fputs("unknown", out);
		return;
	}
	words_user(out, process->uid, names);
	fprintf(out, " (%" PRIu32 ")", (uint32_t)process->uid);
}

void words_time(FILE *out, const struct host *host, int64_t seconds, long utc_offset, bool is_long)
{
	const time_t now = (time_t)(host->taken + utc_offset);
	struct tm then, taken;
	char text[32] = "";
	time_t local;

	if (seconds <= 0 || __builtin_add_overflow(seconds, utc_offset, &local) ||
	        !gmtime_r(&local, &then) || !gmtime_r(&now, &taken)) {
		fputs("unknown", out);
		return;
	}
	const bool is_today = then.tm_year == taken.tm_year && then.tm_yday == taken.tm_yday;
	size_t len;

	/* strftime(3) fails if the year of a snapshot has too many digits. */
	if (is_long)
		len = strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &then);
	else
		len = strftime(text, sizeof(text), is_today ? "%H:%M" : "%Y-%m-%d", &then);
	fputs(len ? text : "unknown", out);
}

void words_started(FILE *out, const struct host *host, const struct process *process,
        long utc_offset, bool is_long)
{
	const uint64_t since_boot = host->hertz ? process->started / host->hertz : 0;
	int64_t seconds = 0;

	if (!host->hertz || !host->booted || !process->state || since_boot > INT64_MAX / 2 ||
	        __builtin_add_overflow(host->booted, (int64_t)since_boot, &seconds))
		seconds = 0;
	words_time(out, host, seconds, utc_offset, is_long);
}

void words_types(FILE *out, unsigned types)
{
	const char *separator = "";

	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (!(types & (1u << type)))
			continue;
		fprintf(out, "%s%s", separator, nstype_name(type));
		separator = " ";
	}
}

void words_process_line_rest(
        FILE *out, const struct process *process, unsigned differs, const struct names *names)
{
	write_quoted_name(out, process);
	fputs(" user ", out);
	words_process_user_long(out, process, names);
	if (differs) {
		fputs(" differs ", out);
		words_types(out, differs);
	}
	if (process->is_self)
		fputs(" " WORDS_SELF, out);
}

void words_process_long(FILE *out, const struct process *process)
{
	for (size_t i = 0; process->n_nspid > 1 && i < process->n_nspid; i++)
		fprintf(out, "%s%jd", i ? "/" : " pid ", (intmax_t)process->nspid[i]);
}

const char *words_state(enum rel_state state)
{
	static const char *const words[] = {
	        [REL_KNOWN] = "known",
	        [REL_INITIAL] = "none (initial)",
	        [REL_HIDDEN] = "outside this view",
	        [REL_NONE] = "none",
	        [REL_UNSUPPORTED] = "not supported by this kernel",
	        [REL_FAILED] = "could not be read",
	        [REL_UNMAPPED] = WORDS_UNMAPPED,
	        [REL_AMBIGUOUS] = "ambiguous",
	        [REL_UNREAD] = "not read yet",
	};

	return words[state];
}

const char *words_error(const struct host *host, int error)
{
	static const struct {
		int error;
		const char *words;
	} known[] = {
	        {0, "not readable"},
	        {ETIMEDOUT, "no answer in time"},
	        {ENODATA, "not seen from here"},
	        {ECANCELED, "not tried, since others gave no answer in time"},
	        {EBUSY, "not tried, since others gave no answer in time"},
	        {EPIPE, "no helper process"},
	        {ESRCH, "the process has exited"},
	        {EXDEV, "it is hidden by a mount"},
	        {ESTALE, "another mount is over it"},
	        {EREMOTE, "it is below a file system that may not respond"},
	};

	if (error == EACCES || error == EPERM)
		return partial_is_less_for_root(host) ? "permission denied (run as root)"
		                                      : "permission denied";
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (known[i].error == error)
			return known[i].words;
	}
	return strerror(error);
}

void words_size(FILE *out, uint64_t size)
{
	static const char *const units[] = {"KB", "MB", "GB", "TB", "PB", "EB"};
	double value = (double)size / 1000;
	size_t unit = 0;

	if (size < 1000) {
		fprintf(out, "%" PRIu64 " B", size);
		return;
	}
	for (; value >= 999.5 && unit + 1 < ARRAY_SIZE(units); unit++)
		value /= 1000;
	/* Not %.1f: the decimal point must not depend on the locale. */
	if (value < 9.95) {
		const unsigned tenths = (unsigned)(value * 10 + 0.5);

		fprintf(out, "%u.%u %s", tenths / 10, tenths % 10, units[unit]);
	} else {
		fprintf(out, "%u %s", (unsigned)(value + 0.5), units[unit]);
	}
}

/* --- capabilities ---------------------------------------------------------------------------- */

/* By their number in linux/capability.h. cap_to_name(3) has those of the running kernel, but the
 * set may be that of a snapshot from another one. */
static const char *const capabilities[] = {"chown", "dac_override", "dac_read_search", "fowner",
        "fsetid", "kill", "setgid", "setuid", "setpcap", "linux_immutable", "net_bind_service",
        "net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner", "sys_module", "sys_rawio",
        "sys_chroot", "sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice",
        "sys_resource", "sys_time", "sys_tty_config", "mknod", "lease", "audit_write",
        "audit_control", "setfcap", "mac_override", "mac_admin", "syslog", "wake_alarm",
        "block_suspend", "audit_read", "perfmon", "bpf", "checkpoint_restore"};

static const uint64_t NAMED = (UINT64_C(1) << ARRAY_SIZE(capabilities)) - 1;

static void write_capabilities(FILE *out, uint64_t set)
{
	const char *separator = "";

	for (unsigned i = 0; i < 64; i++) {
		if (!(set >> i & 1))
			continue;
		if (i < ARRAY_SIZE(capabilities))
			fprintf(out, "%s%s", separator, capabilities[i]);
		else
			fprintf(out, "%s%u", separator, i);
		separator = " ";
	}
}

void words_capabilities(FILE *out, uint64_t set)
{
	const uint64_t missing = NAMED & ~set;

	if (!set) {
		fputs("none", out);
	} else if (!missing) {
		fputs("all", out);
	} else if (__builtin_popcountll(missing) < __builtin_popcountll(set)) {
		fputs("all but ", out);
		write_capabilities(out, missing);
	} else {
		write_capabilities(out, set);
	}
}
