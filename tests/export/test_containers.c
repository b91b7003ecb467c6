/* SPDX-License-Identifier: Apache-2.0 */
/* Containers in text, DOT and SVG. */
#include "base/attributes.h"
#include "base/text.h"
#include "export/export.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"

#include <string.h>

#define ID "9e1987cf07ac0123456789abcdef0123456789abcdef0123456789abcdef0123"

static struct process *add(struct builder *builder, pid_t pid, const char *name,
        const struct ns *user, const struct ns *pid_ns, const struct ns *net)
{
	struct process *process = fixture_process(builder, pid, name, user);

	process->state = 'S';
	process->ns[NS_PID] = pid_ns;
	process->ns[NS_NET] = net;
	return process;
}

/* Docker's `w"b`, in namespaces of its own; and a network namespace that is mounted as `blue`. */
static const struct model *make(void)
{
	struct builder *builder = builder_new();
	const struct ns *user = fixture_user(builder, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *pid = fixture_pid(builder, FIXTURE_INITIAL_PID, NULL, user);
	const struct ns *net = fixture_owned(builder, NS_NET, 4026531840, user);
	const struct ns *own = fixture_owned(builder, NS_NET, 300, user);
	const struct ns *blue = fixture_owned(builder, NS_NET, 310, user);
	const struct ns *inner = fixture_pid(builder, 320, pid, user);
	struct container *web = builder_container(
	        builder, &(const struct container){.kind = CONTAINER_DOCKER, .id = ID}, NULL);

	web->name = "w\"b";
	web->image = "nginx:1.27";
	add(builder, 1, "init", user, pid, net);
	add(builder, 20, "ip", user, pid, blue);
	add(builder, 30, "nginx", user, inner, own)->container = web;
	fixture_hold_mount(builder, blue, "/run/netns/blue");
	fixture_hold_mount(builder, own, "/run/docker/netns/9e1987cf07ac");
	return fixture_freeze(builder, NULL);
}

/* The caller frees. */
static char *written(
        int (*export)(FILE *, const struct export_request *), struct export_request request)
{
	struct text text;

	text_init(&text);
	request.model = make();
	assert_int_equal(export(text.out, &request), 0);
	model_unref(request.model);
	return text_take(&text);
}

static void assert_has(const char *text, const char *part)
{
	if (strstr(text, part))
		return;
	print_error("no \"%s\" in:\n%s\n", part, text);
	fail();
}

static void test_text(void **state)
{
	(void)state;
	_cleanup_free_ char *lines =
	        written(export_text, (struct export_request){.view.kind = VIEW_CONTAINERS});
	assert_string_equal(lines,
	        "host types ??"
	        "?--"
	        "?-? users host processes 2 leader init (1)\n"
	        "container \"w\\\"b\" kind docker types ???NP?-? users host processes 1 leader "
	        "nginx (30)\n");
	_cleanup_free_ char *details = written(export_text,
	        (struct export_request){
	                .view = {.kind = VIEW_CONTAINERS, .with_details = true}, .is_long = true});
	assert_has(details, " id " ID " image \"nginx:1.27\" trust root\n");
	assert_has(details, " └── pid:[320] process \"nginx\" owner user:[4026531837] root (0)"
	                    " pid 30/30 processes 1 container w\"b\n");
	assert_has(details,
	        " ├── net:[310] name \"blue\" process \"ip\" pid 20/20 processes 1 held "
	        "by 1 mount\n");
	assert_null(strstr(details, "30 \"nginx\""));
	_cleanup_free_ char *all =
	        written(export_text, (struct export_request){.view = {.kind = VIEW_CONTAINERS,
	                                                             .with_details = true,
	                                                             .with_all_details = true}});
	assert_has(all, "     └── 30 \"nginx\" user ");
}

static void test_table(void **state)
{
	static const char expected[] = "CONTAINER  TYPES     PROCS  USERS  LEADER\n"
	                               "host       ??"
	                               "?--" /* no trigraph */
	                               "?-?      2  host   init (1)\n"
	                               "w\"b        ???NP?-?      1  host   nginx (30)\n";
	const struct column_list columns = column_choice_list(0, VIEW_CONTAINERS);
	static const struct column_list flat = {
	        .ids = {COLUMN_CONTAINER, COLUMN_KIND, COLUMN_IMAGE, COLUMN_TRUST}, .n = 4};

	(void)state;
	_cleanup_free_ char *table = written(export_text,
	        (struct export_request){.view.kind = VIEW_CONTAINERS, .columns = &columns});
	assert_string_equal(table, expected);
	_cleanup_free_ char *facts = written(export_text,
	        (struct export_request){.view.kind = VIEW_CONTAINERS, .columns = &flat});
	assert_string_equal(facts, "CONTAINER  KIND    IMAGE       TRUST\n"
	                           "host       -       -           -\n"
	                           "w\"b        docker  nginx:1.27  root\n");
}

static void test_columns_of_other_views(void **state)
{
	static const struct column_list columns = {
	        .ids = {COLUMN_NS, COLUMN_CONTAINER, COLUMN_LEADER}, .n = 3};

	(void)state;
	_cleanup_free_ char *table = written(
	        export_text, (struct export_request){.view.kind = VIEW_NET, .columns = &columns});
	assert_has(table, " net:[300]         w\"b        9e1987cf07ac: nginx (30)\n");
	assert_has(table, " net:[310]         -          blue: ip (20)\n");
}

static void test_pictures(void **state)
{
	const struct export_request pids = {.view = {.kind = VIEW_PID, .is_single = true}};

	(void)state;
	_cleanup_free_ char *dot = written(export_dot, pids);
	assert_has(dot, "container=\"w\\\"b\"");
	assert_has(dot, "w\\\"b: nginx (30)");
	_cleanup_free_ char *svg = written(export_svg, pids);
	assert_has(svg, ">w&quot;b: nginx (30)<");
	assert_has(svg, "; container w&quot;b; held by");
	_cleanup_free_ char *nets = written(
	        export_svg, (struct export_request){.view = {.kind = VIEW_NET, .is_single = true}});
	assert_has(nets, ">blue: ip (20)<");
	assert_has(nets, ">w&quot;b: nginx (30)<");
	_cleanup_free_ char *details = written(export_svg,
	        (struct export_request){
	                .view = {.kind = VIEW_USER, .is_single = true, .with_details = true}});
	assert_has(details, "net 3: ");
	assert_has(details, "blue");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_text),
	        cmocka_unit_test(test_table),
	        cmocka_unit_test(test_columns_of_other_views),
	        cmocka_unit_test(test_pictures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
