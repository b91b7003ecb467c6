/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/memory.h"
#include "model/posture.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "view/audit.h"

#include <errno.h>
#include <string.h>

#define FULL   UINT64_C(0x1ffffffffff)
#define DOCKER UINT64_C(0xa80425fb)

/* The numbers of the initial namespaces, and of a container's own. */
enum { HOST_IPC = 4026531839, HOST_UTS = 4026531838, HOST_NET = 4026531840, OWN = 4026532100 };

/* A host with PID 1 and one container, as Docker makes it. Tests change it, then judge it. */
struct scene {
	struct builder *builder;
	struct ns *user, *pid, *own_user;
	struct process *init, *leader;
	struct posture *host, *posture;
	struct container *container;
	const struct model *model;
	struct audit audit;
};

static struct posture *add_posture(struct builder *b, struct process *process, uint64_t caps)
{
	struct posture *const posture = arena_alloc(builder_arena(b), sizeof(*posture));

	posture->bounding = caps;
	posture->is_no_new_privs_known = posture->is_seccomp_known = true;
	posture->label_error = EINVAL;
	process->posture = posture;
	return posture;
}

static struct process *add_process(struct scene *s, pid_t pid, const struct ns *user)
{
	struct process *const process = fixture_process(s->builder, pid, "sh", user);

	process->state = 'S';
	process->started = (uint64_t)pid;
	return process;
}

static void begin(struct scene *s)
{
	*s = (struct scene){.builder = builder_new()};
	struct builder *const b = s->builder;
	struct ns *const user = s->user = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");

	s->pid = fixture_pid(b, FIXTURE_INITIAL_PID, NULL, user);
	s->own_user = fixture_user(b, OWN, user, 1000, "harald");
	s->init = add_process(s, 1, user);
	s->init->ns[NS_PID] = s->pid;
	s->init->ns[NS_NET] = fixture_owned(b, NS_NET, HOST_NET, user);
	s->init->ns[NS_IPC] = fixture_owned(b, NS_IPC, HOST_IPC, user);
	s->init->ns[NS_UTS] = fixture_owned(b, NS_UTS, HOST_UTS, user);
	s->init->ns[NS_MNT] = fixture_owned(b, NS_MNT, 4026531841, user);
	s->host = add_posture(b, s->init, FULL);
	s->leader = add_process(s, 100, user);
	s->leader->ns[NS_PID] = fixture_pid(b, OWN + 1, s->pid, user);
	s->leader->ns[NS_NET] = fixture_owned(b, NS_NET, OWN + 2, user);
	s->leader->ns[NS_IPC] = fixture_owned(b, NS_IPC, OWN + 3, user);
	s->leader->ns[NS_UTS] = fixture_owned(b, NS_UTS, OWN + 4, user);
	s->leader->ns[NS_MNT] = fixture_owned(b, NS_MNT, OWN + 5, user);
	s->posture = add_posture(b, s->leader, DOCKER);
	s->posture->seccomp = 2;
	s->posture->is_kcore_covered = true;
	s->container = builder_container(
	        b, &(struct container){.kind = CONTAINER_DOCKER, .id = "web"}, NULL);
	s->leader->container = s->container;
}

static void judge_by(struct scene *s, uint32_t rules, bool is_named)
{
	s->model = fixture_freeze(s->builder, NULL);
	audit_run(&s->audit, s->model, rules, is_named, NULL);
}

static void judge(struct scene *s)
{
	judge_by(s, AUDIT_ALL, false);
	assert_int_equal(s->audit.n, 1);
}

static void end(struct scene *s)
{
	audit_release(&s->audit);
	model_unref(s->model);
}

static const struct audit_finding *finding(const struct scene *s, enum audit_rule rule)
{
	return &s->audit.rows[0].findings[rule];
}

static void assert_found(
        const struct scene *s, enum audit_rule rule, enum audit_level level, const char *text)
{
	assert_int_equal(finding(s, rule)->state, AUDIT_YES);
	assert_int_equal(finding(s, rule)->level, level);
	assert_string_equal(finding(s, rule)->text, text);
}

static void assert_state(const struct scene *s, enum audit_rule rule, enum audit_state state)
{
	if (finding(s, rule)->state != state)
		fail_msg(
		        "%s is %d, not %d", audit_rules[rule].name, finding(s, rule)->state, state);
}

static void assert_verdict(const struct scene *s, const char *verdict)
{
	struct fixture_text text;

	fixture_text_begin(&text);
	audit_write_verdict(text.file, &s->audit.rows[0]);
	char *const written = fixture_text_end(&text);
	assert_string_equal(written, verdict);
	free(written);
}

/* --- the rules -------------------------------------------------------------------------------- */

static void usual_docker(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	judge(&s);
	assert_found(&s, AUDIT_USERS, AUDIT_NORMAL, "in the host's user:[4026531837]");
	for (enum audit_rule rule = AUDIT_USERS + 1; rule < AUDIT_RULES; rule++)
		assert_state(&s, rule, AUDIT_NO);
	assert_verdict(&s, "normal");
	assert_false(s.audit.has_finding);
	end(&s);
}

static void host_namespaces(void **state)
{
	static const struct {
		enum nstype type;
		enum audit_rule rule;
		enum audit_level level;
		const char *text, *verdict;
	} cases[] = {
	        {NS_PID, AUDIT_PID, AUDIT_HIGH, "in the host's pid:[4026531836]", "high"},
	        {NS_NET, AUDIT_NET, AUDIT_MEDIUM, "in the host's net:[4026531840]", "medium"},
	        {NS_IPC, AUDIT_IPC, AUDIT_LOW, "in the host's ipc:[4026531839]", "low"},
	        {NS_UTS, AUDIT_UTS, AUDIT_LOW, "in the host's uts:[4026531838]", "low"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scene s;

		begin(&s);
		s.leader->ns[cases[i].type] = s.init->ns[cases[i].type];
		judge(&s);
		assert_found(&s, cases[i].rule, cases[i].level, cases[i].text);
		assert_verdict(&s, cases[i].verdict);
		assert_true(s.audit.has_finding);
		end(&s);
	}
}

static void privileged(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	s.posture->bounding = FULL;
	s.posture->seccomp = 0;
	s.posture->is_kcore_covered = false;
	judge(&s);
	assert_int_equal(finding(&s, AUDIT_PRIVILEGED)->state, AUDIT_YES);
	assert_found(&s, AUDIT_CAPS, AUDIT_HIGH,
	        "dac_read_search net_admin sys_module sys_rawio sys_ptrace sys_admin bpf");
	assert_found(&s, AUDIT_FILTER, AUDIT_MEDIUM, "no seccomp, no_new_privs or security label");
	assert_verdict(&s, "host root");
	end(&s);
}

/* Each of these is enough to be no privileged container. */
static void not_privileged(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++) {
		struct scene s;

		begin(&s);
		s.posture->bounding = i == 0 ? FULL & ~(UINT64_C(1) << 21) : FULL;
		s.posture->seccomp = i == 1 ? 2 : 0;
		s.posture->is_kcore_covered = i == 2;
		if (i == 3) {
			s.posture->label_error = 0;
			s.posture->label = "docker-default (enforce)";
		}
		if (i == 4)
			s.leader->ns[NS_USER] = s.own_user;
		judge(&s);
		assert_state(&s, AUDIT_PRIVILEGED, AUDIT_NO);
		end(&s);
	}
}

static void labels(void **state)
{
	static const struct {
		const char *label;
		enum audit_state state;
	} cases[] = {
	        {"unconfined", AUDIT_YES},
	        {"docker-default (enforce)", AUDIT_NO},
	        {"unconfined-not (enforce)", AUDIT_NO},
	        {"system_u:system_r:container_t:s0:c1,c2", AUDIT_NO},
	        {"system_u:system_r:spc_t:s0", AUDIT_YES},
	        {"unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023", AUDIT_YES},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scene s;

		begin(&s);
		s.posture->seccomp = 0;
		s.posture->label_error = 0;
		s.posture->label = cases[i].label;
		judge(&s);
		print_message("%s\n", cases[i].label);
		assert_state(&s, AUDIT_FILTER, cases[i].state);
		end(&s);
	}
}

/* The own user namespace maps its user 0 to `outside`. */
static void map(struct scene *s, uint32_t outside)
{
	struct id_range *const range = arena_alloc(builder_arena(s->builder), sizeof(*range));

	*range = (struct id_range){.outside = outside, .count = 65536};
	s->own_user->maps_state = REL_KNOWN;
	s->own_user->uid_map = (struct id_map){range, 1};
}

static void own_users_contain(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	s.leader->ns[NS_USER] = s.own_user;
	map(&s, 100000);
	s.posture->bounding = FULL;
	s.posture->seccomp = 2;
	judge(&s);
	assert_found(&s, AUDIT_CONTAINED, AUDIT_NORMAL,
	        "all capabilities, but only in user:[4026532100], owner harald (1000), uid map 0 "
	        "-> "
	        "100000 x65536");
	assert_state(&s, AUDIT_CAPS, AUDIT_NO);
	assert_state(&s, AUDIT_USERS, AUDIT_NO);
	assert_verdict(&s, "normal");
	end(&s);
}

/* PID 1 may have less than this kernel knows: that is full, then. */
static void full_is_what_init_has(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	s.host->bounding = FULL & ~(UINT64_C(1) << 24);
	s.posture->bounding = s.host->bounding;
	s.posture->seccomp = 0;
	s.posture->is_kcore_covered = false;
	judge(&s);
	assert_state(&s, AUDIT_PRIVILEGED, AUDIT_YES);
	end(&s);
}

static void mounts(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	s.posture->socket = "/var/run/docker\033.sock";
	s.posture->root = POSTURE_ROOT_WRITABLE;
	s.posture->root_point = "/host";
	judge(&s);
	assert_found(&s, AUDIT_SOCKET, AUDIT_HOST_ROOT, "/var/run/docker\\x1b.sock");
	assert_found(&s, AUDIT_ROOT, AUDIT_HOST_ROOT, "writable at /host");
	assert_verdict(&s, "host root");
	end(&s);
	begin(&s);
	s.posture->root = POSTURE_ROOT_READ_ONLY;
	s.posture->root_point = "/host";
	judge(&s);
	assert_found(&s, AUDIT_ROOT, AUDIT_HIGH, "read-only at /host");
	end(&s);
	begin(&s);
	s.leader->ns[NS_USER] = s.own_user;
	map(&s, 100000);
	s.posture->root = POSTURE_ROOT_WRITABLE;
	s.posture->root_point = "/host";
	judge(&s);
	assert_found(&s, AUDIT_ROOT, AUDIT_HIGH, "writable at /host, without root of the host");
	end(&s);
	begin(&s);
	s.leader->ns[NS_USER] = s.own_user;
	map(&s, 0);
	s.posture->root = POSTURE_ROOT_WRITABLE;
	s.posture->root_point = "/host";
	judge(&s);
	assert_found(&s, AUDIT_ROOT, AUDIT_HOST_ROOT, "writable at /host");
	end(&s);
	/* Without its user namespace it is not known if it can be root of the host. */
	begin(&s);
	s.leader->ns[NS_USER] = NULL;
	s.posture->socket = "/docker.sock";
	s.posture->root = POSTURE_ROOT_WRITABLE;
	s.posture->root_point = "/host";
	judge_by(&s, 1 << AUDIT_SOCKET | 1 << AUDIT_ROOT, true);
	assert_found(&s, AUDIT_SOCKET, AUDIT_HIGH,
	        "/docker.sock, it is not known if root of the host is mapped");
	assert_found(&s, AUDIT_ROOT, AUDIT_HIGH,
	        "writable at /host, it is not known if root of the host is mapped");
	assert_true(finding(&s, AUDIT_ROOT)->is_open);
	assert_verdict(&s, "high+");
	end(&s);
	begin(&s);
	s.posture->run = "/host/run";
	judge(&s);
	assert_state(&s, AUDIT_SOCKET, AUDIT_UNKNOWN);
	assert_string_equal(finding(&s, AUDIT_SOCKET)->text,
	        "the host's /run, or a part of it, is at /host/run");
	assert_verdict(&s, "unknown");
	end(&s);
}

/* Both containers are in a pod of that name, which has its own namespace unless `pod_id` is one. */
static void shared(const char *pod, const char *pod_id, enum nstype type, enum audit_level level,
        const char *text)
{
	struct scene s;

	begin(&s);
	struct process *const other = add_process(&s, 200, s.user);
	struct container *const container = builder_container(
	        s.builder, &(struct container){.kind = CONTAINER_DOCKER, .id = "db"}, NULL);

	other->container = container;
	other->ns[type] = s.leader->ns[type];
	s.container->pod = container->pod = pod;
	s.container->pod_id = container->pod_id = pod_id;
	s.container->pod_namespace = "prod";
	container->pod_namespace = pod_id ? "prod" : "test";
	judge_by(&s, AUDIT_ALL, false);
	assert_int_equal(s.audit.n, 2);
	const size_t web = s.audit.rows[0].container == s.container ? 0 : 1;
	const struct audit_finding *const found = &s.audit.rows[web].findings[AUDIT_SHARED];
	assert_int_equal(found->state, AUDIT_YES);
	assert_int_equal(found->level, level);
	assert_string_equal(found->text, text);
	end(&s);
}

static void namespaces_of_others(void **state)
{
	(void)state;
	shared(NULL, NULL, NS_NET, AUDIT_LOW, "net with docker db");
	shared("shop", "1", NS_NET, AUDIT_NORMAL, "net with docker db in shop (pod)");
	shared("shop", "1", NS_MNT, AUDIT_LOW, "mnt with docker db in shop (pod)");
	shared("shop", NULL, NS_NET, AUDIT_LOW, "net with docker db in shop (pod)");
}

/* --- what is not known ------------------------------------------------------------------------ */

/* A snapshot without these facts. */
static void no_posture(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	s.leader->posture = s.init->posture = NULL;
	judge(&s);
	for (enum audit_rule rule = 0; rule < AUDIT_RULES; rule++) {
		const bool needs = rule == AUDIT_PRIVILEGED || rule == AUDIT_CAPS ||
		                   rule == AUDIT_SOCKET || rule == AUDIT_ROOT ||
		                   rule == AUDIT_FILTER;

		assert_int_equal(finding(&s, rule)->state == AUDIT_UNKNOWN, needs);
	}
	assert_string_equal(finding(&s, AUDIT_CAPS)->text, "not read");
	assert_verdict(&s, "unknown");
	assert_true(s.audit.has_finding);
	end(&s);
}

static void errors(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	s.posture->status_error = EACCES;
	s.posture->mounts_error = EFBIG;
	s.leader->ns[NS_PID] = s.init->ns[NS_PID];
	judge(&s);
	assert_string_equal(finding(&s, AUDIT_CAPS)->text, "status: Permission denied");
	assert_string_equal(finding(&s, AUDIT_ROOT)->text, "mountinfo: File too large");
	assert_string_equal(
	        finding(&s, AUDIT_PRIVILEGED)->text, "not known: capabilities, seccomp, mounts");
	assert_verdict(&s, "high+");
	end(&s);
}

/* In a PID namespace PID 1 is not that of the host. */
static void host_is_not_visible(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	builder_host(s.builder)->partial = 1u << PARTIAL_PID_NAMESPACE;
	s.posture->bounding = FULL;
	s.posture->seccomp = 0;
	s.posture->is_kcore_covered = false;
	judge(&s);
	assert_state(&s, AUDIT_PRIVILEGED, AUDIT_UNKNOWN);
	assert_state(&s, AUDIT_ROOT, AUDIT_UNKNOWN);
	assert_string_equal(finding(&s, AUDIT_ROOT)->text, "the host is not visible");
	end(&s);
}

/* All users are those of the host then, which is known. */
static void no_user_namespaces(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	builder_host(s.builder)->partial = 1u << PARTIAL_NO_USER_NS;
	s.init->ns[NS_USER] = s.leader->ns[NS_USER] = NULL;
	s.posture->bounding = FULL;
	s.posture->seccomp = 0;
	s.posture->is_kcore_covered = false;
	judge(&s);
	assert_found(&s, AUDIT_USERS, AUDIT_NORMAL, "this kernel has no user namespaces");
	assert_int_equal(finding(&s, AUDIT_PRIVILEGED)->state, AUDIT_YES);
	assert_state(&s, AUDIT_CONTAINED, AUDIT_NO);
	assert_state(&s, AUDIT_SHARED, AUDIT_NO);
	assert_verdict(&s, "host root");
	end(&s);
}

static void no_namespaces(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	for (enum nstype type = 0; type < NS_TYPES; type++)
		s.leader->ns[type] = NULL;
	judge(&s);
	for (enum audit_rule rule = AUDIT_PID; rule <= AUDIT_SHARED; rule++)
		assert_state(&s, rule, AUDIT_UNKNOWN);
	assert_string_equal(finding(&s, AUDIT_PID)->text, "its pid namespace is not known");
	end(&s);
}

static void ended(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	s.leader->state = 'Z';
	judge(&s);
	assert_string_equal(finding(&s, AUDIT_FILTER)->text, "no process of it is known");
	end(&s);
}

/* --- which rules and containers --------------------------------------------------------------- */

static void named_rules(void **state)
{
	uint32_t rules;
	struct scene s;

	(void)state;
	assert_int_equal(audit_parse("users,caps", &rules), 0);
	assert_int_equal(rules, 1u << AUDIT_USERS | 1u << AUDIT_CAPS);
	assert_int_equal(audit_parse("", &rules), -EINVAL);
	assert_int_equal(audit_parse("user", &rules), -EINVAL);
	assert_int_equal(audit_parse("users,,caps", &rules), -EINVAL);
	assert_int_equal(audit_parse("userss", &rules), -EINVAL);
	begin(&s);
	judge_by(&s, 1u << AUDIT_USERS, true);
	assert_true(s.audit.has_finding);
	end(&s);
	begin(&s);
	s.leader->posture = NULL;
	judge_by(&s, 1u << AUDIT_PID, true);
	assert_false(s.audit.has_finding);
	assert_verdict(&s, "nothing");
	end(&s);
}

static void only_the_outermost(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	s.leader->claim = builder_container(s.builder,
	        &(struct container){.kind = CONTAINER_DOCKER, .id = "in", .outer = s.container},
	        NULL);
	s.init->label = builder_container(
	        s.builder, &(struct container){.kind = CONTAINER_UNIT, .id = "u"}, NULL);
	judge(&s);
	end(&s);
}

/* Processes may be hidden, and so containers. */
static void hidden_containers(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	builder_host(s.builder)->partial = 1u << PARTIAL_HIDEPID;
	judge_by(&s, 1u << AUDIT_PID, true);
	assert_true(s.audit.may_lack);
	assert_true(s.audit.has_finding);
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(usual_docker),
	        cmocka_unit_test(host_namespaces),
	        cmocka_unit_test(privileged),
	        cmocka_unit_test(not_privileged),
	        cmocka_unit_test(labels),
	        cmocka_unit_test(own_users_contain),
	        cmocka_unit_test(full_is_what_init_has),
	        cmocka_unit_test(mounts),
	        cmocka_unit_test(namespaces_of_others),
	        cmocka_unit_test(no_posture),
	        cmocka_unit_test(errors),
	        cmocka_unit_test(host_is_not_visible),
	        cmocka_unit_test(no_user_namespaces),
	        cmocka_unit_test(no_namespaces),
	        cmocka_unit_test(ended),
	        cmocka_unit_test(named_rules),
	        cmocka_unit_test(only_the_outermost),
	        cmocka_unit_test(hidden_containers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
