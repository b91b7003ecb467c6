/* SPDX-License-Identifier: Apache-2.0 */
#include "view/audit_rules.h"

#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/posture.h"
#include "view/sharing.h"
#include "view/words.h"
#include "view/words_sharing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- facts, each of which may be not known ---------------------------------------------------- */

enum fact { FACT_NO, FACT_YES, FACT_UNKNOWN };

static enum fact from_bool(bool is)
{
	return is ? FACT_YES : FACT_NO;
}

/* Two facts that must both hold: one that does not is enough to know. */
static enum fact both(enum fact a, enum fact b)
{
	if (a == FACT_NO || b == FACT_NO)
		return FACT_NO;
	return a == FACT_UNKNOWN || b == FACT_UNKNOWN ? FACT_UNKNOWN : FACT_YES;
}

static bool has_status(const struct posture *posture)
{
	return posture && posture->status_error == 0;
}

static enum fact has_host_users(const struct audit_judge *judge)
{
	const enum sharing sharing = sharing_of(judge->model, judge->container, NS_USER);

	/* Without user namespaces all users are those of the host. */
	if (sharing == SHARING_NONE)
		return FACT_YES;
	return sharing == SHARING_UNKNOWN ? FACT_UNKNOWN : from_bool(sharing == SHARING_HOST);
}

/* Whether user 0 of the host is a user of its user namespace. */
static enum fact has_root_of_host(const struct audit_judge *judge)
{
	const enum fact host_users = has_host_users(judge);
	const struct ns *const ns = sharing_ns(judge->container, NS_USER);

	if (host_users != FACT_NO)
		return host_users;
	if (ns->maps_state != REL_KNOWN)
		return FACT_UNKNOWN;
	for (size_t i = 0; i < ns->uid_map.n; i++) {
		if (ns->uid_map.ranges[i].outside == 0 && ns->uid_map.ranges[i].count)
			return FACT_YES;
	}
	return FACT_NO;
}

/* All capabilities that PID 1 could give. */
static enum fact has_all_caps(const struct audit_judge *judge)
{
	if (!has_status(judge->posture) || !has_status(judge->host))
		return FACT_UNKNOWN;
	return from_bool(
	        (judge->posture->bounding & judge->host->bounding) == judge->host->bounding);
}

static enum fact has_no_seccomp(const struct audit_judge *judge)
{
	if (!has_status(judge->posture) || !judge->posture->is_seccomp_known)
		return FACT_UNKNOWN;
	return from_bool(judge->posture->seccomp == 0);
}

static enum fact may_gain_privileges(const struct audit_judge *judge)
{
	if (!has_status(judge->posture) || !judge->posture->is_no_new_privs_known)
		return FACT_UNKNOWN;
	return from_bool(!judge->posture->no_new_privs);
}

/* AppArmor calls it `unconfined`; the type of SELinux is the third part of `USER:ROLE:TYPE:LEVEL`.
 */
static bool is_unconfined_label(const char *label)
{
	static const char *const types[] = {
	        ":unconfined_t:", ":unconfined_service_t:", ":spc_t:", ":kernel_t:", ":init_t:"};

	if (!*label || strcmp(label, "unconfined") == 0 || strcmp(label, "kernel") == 0)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (strstr(label, types[i]))
			return true;
	}
	return false;
}

static enum fact is_unconfined(const struct audit_judge *judge)
{
	const struct posture *const posture = judge->posture;

	if (!posture)
		return FACT_UNKNOWN;
	if (posture->label_error == EINVAL)
		return FACT_YES; /* no security module */
	return posture->label_error ? FACT_UNKNOWN : from_bool(is_unconfined_label(posture->label));
}

static enum fact shows_kcore(const struct audit_judge *judge)
{
	if (!judge->posture || judge->posture->mounts_error)
		return FACT_UNKNOWN;
	return from_bool(!judge->posture->is_kcore_covered);
}

/* --- words ------------------------------------------------------------------------------------ */

static void write_error(FILE *out, const char *what, int error)
{
	fprintf(out, "%s: %s", what, strerror(error));
}

/* Why a fact of the leader's posture is not known. */
static void write_why(const struct audit_judge *judge, const char *file, int error)
{
	if (!judge->container->leader)
		fputs("no process of it is known", judge->out);
	else if (!judge->posture)
		fputs("not read", judge->out);
	else if (error)
		write_error(judge->out, file, error);
	else
		fputs("the host is not visible", judge->out);
}

static void write_status_why(const struct audit_judge *judge)
{
	write_why(judge, "status", judge->posture ? judge->posture->status_error : 0);
}

static void write_raw(FILE *out, const char *raw)
{
	escape_write_name(out, raw, 0);
}

static const struct {
	unsigned bit;
	const char *name;
} dangerous[] = {
        {2, "dac_read_search"},
        {12, "net_admin"},
        {16, "sys_module"},
        {17, "sys_rawio"},
        {19, "sys_ptrace"},
        {21, "sys_admin"},
        {39, "bpf"},
};

static bool write_dangerous(FILE *out, uint64_t caps)
{
	bool is_any = false;

	for (size_t i = 0; i < ARRAY_SIZE(dangerous); i++) {
		if (!(caps >> dangerous[i].bit & 1))
			continue;
		fprintf(out, "%s%s", is_any ? " " : "", dangerous[i].name);
		is_any = true;
	}
	return is_any;
}

/* --- the rules -------------------------------------------------------------------------------- */

static struct audit_finding found(enum fact fact, enum audit_level level)
{
	static const enum audit_state states[] = {
	        [FACT_NO] = AUDIT_NO, [FACT_YES] = AUDIT_YES, [FACT_UNKNOWN] = AUDIT_UNKNOWN};

	return (struct audit_finding){
	        .state = states[fact], .level = fact == FACT_NO ? AUDIT_NOTHING : level};
}

/* Whether it is in the host's namespace of a type. */
static struct audit_finding judge_host_ns(
        const struct audit_judge *judge, enum nstype type, enum audit_level level)
{
	const enum sharing sharing = sharing_of(judge->model, judge->container, type);
	const struct ns *const ns = sharing_ns(judge->container, type);

	if (sharing == SHARING_HOST) {
		fputs("in the host's ", judge->out);
		words_ns(judge->out, ns);
	} else if (sharing == SHARING_NONE) {
		fprintf(judge->out, "this kernel has no %s namespaces", nstype_name(type));
	} else if (sharing == SHARING_UNKNOWN && ns) {
		fputs("the host's is not known", judge->out);
	} else if (sharing == SHARING_UNKNOWN) {
		fprintf(judge->out, "its %s namespace is not known", nstype_name(type));
	}
	return found(sharing == SHARING_UNKNOWN
	                     ? FACT_UNKNOWN
	                     : from_bool(sharing == SHARING_HOST || sharing == SHARING_NONE),
	        level);
}

static struct audit_finding judge_users(const struct audit_judge *judge)
{
	return judge_host_ns(judge, NS_USER, AUDIT_NORMAL);
}

static struct audit_finding judge_pid(const struct audit_judge *judge)
{
	return judge_host_ns(judge, NS_PID, AUDIT_HIGH);
}

static struct audit_finding judge_net(const struct audit_judge *judge)
{
	return judge_host_ns(judge, NS_NET, AUDIT_MEDIUM);
}

static struct audit_finding judge_ipc(const struct audit_judge *judge)
{
	return judge_host_ns(judge, NS_IPC, AUDIT_LOW);
}

static struct audit_finding judge_uts(const struct audit_judge *judge)
{
	return judge_host_ns(judge, NS_UTS, AUDIT_LOW);
}

static struct audit_finding judge_privileged(const struct audit_judge *judge)
{
	const struct {
		enum fact fact;
		const char *name;
	} facts[] = {
	        {has_host_users(judge), "user namespace"},
	        {has_all_caps(judge), "capabilities"},
	        {has_no_seccomp(judge), "seccomp"},
	        {is_unconfined(judge), "security label"},
	        {shows_kcore(judge), "mounts"},
	};
	const char *separator = "not known: ";
	enum fact fact = FACT_YES;

	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		fact = both(fact, facts[i].fact);
	if (fact == FACT_YES)
		fputs("all capabilities, no filter, /proc/kcore, in the host's user namespace",
		        judge->out);
	for (size_t i = 0; fact == FACT_UNKNOWN && i < ARRAY_SIZE(facts); i++) {
		if (facts[i].fact != FACT_UNKNOWN)
			continue;
		fprintf(judge->out, "%s%s", separator, facts[i].name);
		separator = ", ";
	}
	return found(fact, AUDIT_HOST_ROOT);
}

static void write_map(FILE *out, const struct ns *ns)
{
	if (ns->maps_state != REL_KNOWN)
		fputs(", uid map not known", out);
	for (size_t i = 0; ns->maps_state == REL_KNOWN && i < ns->uid_map.n; i++) {
		const struct id_range *const range = &ns->uid_map.ranges[i];

		fprintf(out, "%s %u -> %u x%u", i ? "," : ", uid map", range->inside,
		        range->outside, range->count);
	}
}

/* All capabilities, but only over its own user namespace. */
static struct audit_finding judge_contained(const struct audit_judge *judge)
{
	const struct ns *const ns = sharing_ns(judge->container, NS_USER);
	const enum fact host_users = has_host_users(judge);
	const enum fact own =
	        host_users == FACT_UNKNOWN ? FACT_UNKNOWN : from_bool(host_users == FACT_NO);
	const enum fact fact = both(own, has_all_caps(judge));

	if (fact == FACT_YES && ns) {
		fputs("all capabilities, but only in ", judge->out);
		words_ns(judge->out, ns);
		fputs(", owner ", judge->out);
		words_owner_user(judge->out, ns, judge->names);
		write_map(judge->out, ns);
		if (has_root_of_host(judge) == FACT_YES)
			fputs(": root of the host", judge->out);
	} else if (fact == FACT_UNKNOWN && own == FACT_UNKNOWN) {
		fputs("its user namespace is not known", judge->out);
	} else if (fact == FACT_UNKNOWN) {
		write_status_why(judge);
	}
	return found(fact, AUDIT_NORMAL);
}

static struct audit_finding judge_caps(const struct audit_judge *judge)
{
	const enum fact host_users = has_host_users(judge);
	enum fact fact = FACT_UNKNOWN;

	if (host_users == FACT_NO)
		return found(FACT_NO, AUDIT_HIGH);
	if (!has_status(judge->posture)) {
		write_status_why(judge);
	} else if (!write_dangerous(judge->out, judge->posture->bounding)) {
		fact = FACT_NO;
	} else {
		fact = host_users;
		if (host_users == FACT_UNKNOWN)
			fputs(", its user namespace is not known", judge->out);
	}
	return found(fact, AUDIT_HIGH);
}

/* --- namespaces of other containers ----------------------------------------------------------- */

/* The containers of a pod share these; the containers of one rootless user share the user
 * namespace. */
static bool is_normal(enum nstype type, bool is_pod)
{
	return type == NS_USER ||
	       (is_pod && (type == NS_NET || type == NS_IPC || type == NS_UTS || type == NS_PID));
}

static struct audit_finding judge_shared(const struct audit_judge *judge)
{
	static const enum nstype types[] = {NS_IPC, NS_MNT, NS_NET, NS_PID, NS_USER, NS_UTS};
	struct audit_finding ret = {.state = AUDIT_NO, .level = AUDIT_NORMAL};
	bool is_unknown = false;

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		const enum sharing sharing = sharing_of(judge->model, judge->container, types[i]);
		const struct ns *const ns = sharing_ns(judge->container, types[i]);
		struct sharing_list list;

		if (sharing == SHARING_UNKNOWN ||
		        (sharing == SHARING_OWN && !sharing_is_certain(judge->model, ns)))
			is_unknown = true;
		if (sharing != SHARING_OTHERS)
			continue;
		sharing_others(&list, ns, judge->container);
		const struct container *const pod = sharing_pod(&list);
		const bool is_pod = pod && sharing_is_same_pod(pod, judge->container);

		fprintf(judge->out, "%s%s with ", ret.state == AUDIT_NO ? "" : "; ",
		        nstype_name(types[i]));
		words_sharing_list(judge->out, &list);
		ret.state = AUDIT_YES;
		if (!is_normal(types[i], is_pod))
			ret.level = AUDIT_LOW;
		sharing_release(&list);
	}
	if (ret.state == AUDIT_YES)
		return ret;
	if (!is_unknown)
		return found(FACT_NO, AUDIT_LOW);
	fputs("not all namespaces or processes are known", judge->out);
	return found(FACT_UNKNOWN, AUDIT_LOW);
}

/* --- mounts and filters ----------------------------------------------------------------------- */

/* False, and the reason is written. */
static bool has_mounts(const struct audit_judge *judge)
{
	if (judge->posture && !judge->posture->mounts_error && judge->host)
		return true;
	write_why(judge, "mountinfo", judge->posture ? judge->posture->mounts_error : 0);
	return false;
}

/* A process that cannot be root of the host may not use all that is mounted. */
static struct audit_finding unless_no_root(const struct audit_judge *judge, enum audit_level level)
{
	const enum fact root = has_root_of_host(judge);

	if (root == FACT_NO)
		fputs(", without root of the host", judge->out);
	else if (root == FACT_UNKNOWN)
		fputs(", it is not known if root of the host is mapped", judge->out);
	return (struct audit_finding){.state = AUDIT_YES,
	        .level = root == FACT_YES ? level : level - 1,
	        .is_open = root == FACT_UNKNOWN};
}

static struct audit_finding judge_socket(const struct audit_judge *judge)
{
	if (!has_mounts(judge))
		return found(FACT_UNKNOWN, AUDIT_HOST_ROOT);
	if (judge->posture->socket) {
		write_raw(judge->out, judge->posture->socket);
		return unless_no_root(judge, AUDIT_HOST_ROOT);
	}
	if (!judge->posture->run)
		return found(FACT_NO, AUDIT_HOST_ROOT);
	fputs("the host's /run, or a part of it, is at ", judge->out);
	write_raw(judge->out, judge->posture->run);
	return found(FACT_UNKNOWN, AUDIT_HOST_ROOT);
}

static struct audit_finding judge_root(const struct audit_judge *judge)
{
	if (!has_mounts(judge))
		return found(FACT_UNKNOWN, AUDIT_HOST_ROOT);
	if (judge->posture->root == POSTURE_ROOT_NONE)
		return found(FACT_NO, AUDIT_HOST_ROOT);
	const bool is_writable = judge->posture->root == POSTURE_ROOT_WRITABLE;

	fprintf(judge->out, "%s at ", is_writable ? "writable" : "read-only");
	write_raw(judge->out, judge->posture->root_point);
	return unless_no_root(judge, is_writable ? AUDIT_HOST_ROOT : AUDIT_HIGH);
}

static struct audit_finding judge_filter(const struct audit_judge *judge)
{
	const enum fact fact =
	        both(has_no_seccomp(judge), both(may_gain_privileges(judge), is_unconfined(judge)));

	if (fact == FACT_YES)
		fprintf(judge->out, "no seccomp, no_new_privs or security label%s",
		        judge->container->kind == CONTAINER_KUBERNETES
		                ? ", the default of Kubernetes"
		                : "");
	else if (fact == FACT_UNKNOWN && has_status(judge->posture) && judge->posture->label_error)
		write_why(judge, "attr/current", judge->posture->label_error);
	else if (fact == FACT_UNKNOWN && has_status(judge->posture))
		fputs("the kernel does not tell", judge->out);
	else if (fact == FACT_UNKNOWN)
		write_status_why(judge);
	return found(fact, AUDIT_MEDIUM);
}

/* --- the table -------------------------------------------------------------------------------- */

const struct audit_rule_row audit_rules[AUDIT_RULES] = {
        [AUDIT_USERS] = {"users",
                "It is in the user namespace of the host: a user ID is that of the host.",
                AUDIT_NORMAL, judge_users},
        [AUDIT_PRIVILEGED] = {"privileged",
                "In the user namespace of the host with all capabilities of PID 1, without a "
                "filter.",
                AUDIT_HOST_ROOT, judge_privileged},
        [AUDIT_CONTAINED] = {"contained",
                "All capabilities of PID 1, but in a user namespace of its own.", AUDIT_NORMAL,
                judge_contained},
        [AUDIT_CAPS] = {"caps",
                "In the user namespace of the host with a capability that is as good as others.",
                AUDIT_HIGH, judge_caps},
        [AUDIT_PID] = {"pid", "It is in the PID namespace of the host.", AUDIT_HIGH, judge_pid},
        [AUDIT_NET] = {"net", "It is in the network namespace of the host.", AUDIT_MEDIUM,
                judge_net},
        [AUDIT_IPC] = {"ipc", "It is in the IPC namespace of the host.", AUDIT_LOW, judge_ipc},
        [AUDIT_UTS] = {"uts", "It is in the UTS namespace of the host.", AUDIT_LOW, judge_uts},
        [AUDIT_SHARED] = {"shared",
                "A namespace is that of another container, too: in a pod that is normal.",
                AUDIT_LOW, judge_shared},
        [AUDIT_SOCKET] = {"socket", "The socket of a container engine is mounted.", AUDIT_HOST_ROOT,
                judge_socket},
        [AUDIT_ROOT] = {"root", "The root file system of the host is mounted.", AUDIT_HOST_ROOT,
                judge_root},
        [AUDIT_FILTER] = {"filter",
                "It has no seccomp filter, no no_new_privs and no security label.", AUDIT_MEDIUM,
                judge_filter},
};
