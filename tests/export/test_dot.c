/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "export/export.h"
#include "export/label.h"
#include "tests/export/gv.h"
#include "tests/snapshot/text.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* True if there is an edge to its owner: the initial user namespace gets none. */
static bool has_owner_edge(const struct ns *ns)
{
	return ns->type == NS_PID && ns->owner.ns && ns->owner.ns->parent.state != REL_INITIAL;
}

static void assert_facts(Agnode_t *node, const struct ns *ns)
{
	char text[64];

	snprintf(text, sizeof(text), "ns-%" PRIu64, ns->inode);
	gv_assert(node, "id", text);
	gv_assert(node, "type", nstype_name(ns->type));
	gv_assert_number(node, "inode", ns->inode);
	if (ns->id)
		gv_assert_number(node, "ns_id", ns->id);
	else
		assert_string_equal(gv_value(node, "ns_id"), "");
	if (ns->owner_uid_state == REL_KNOWN)
		gv_assert_number(node, "owner_uid", ns->owner_uid);
	else
		assert_string_equal(gv_value(node, "owner_uid"), "");
	snprintf(text, sizeof(text), "user-%" PRIu64, ns->owner.ns ? ns->owner.ns->inode : 0);
	assert_string_equal(
	        gv_value(node, "owner"), ns->type != NS_USER && ns->owner.ns ? text : "");
}

static void assert_ns(Agraph_t *graph, const struct ns *ns)
{
	Agraph_t *cluster =
	        agsubg(graph, gv_string(ns->type == NS_PID ? "cluster_pid" : "cluster_user"), 0);
	Agnode_t *node = gv_find(graph, ns);

	assert_non_null(node);
	assert_non_null(agsubnode(cluster, node, 0));
	assert_facts(node, ns);
	if (ns->parent.ns)
		gv_assert(gv_find_edge(graph, node, gv_find(graph, ns->parent.ns)), "class",
		        "parent");
	if (!has_owner_edge(ns))
		return;
	Agedge_t *owner = gv_find_edge(graph, node, gv_find(graph, ns->owner.ns));
	gv_assert(owner, "class", "owner");
	gv_assert(owner, "style", "dashed");
	gv_assert(owner, "constraint", "false");
}

/* What libcgraph reads is what the model has: nodes, edges, and no more. */
static void assert_same(Agraph_t *graph, const struct model *model)
{
	int nodes = 0, edges = 0;

	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		if (!nstype_is_hierarchical(ns->type))
			continue;
		assert_ns(graph, ns);
		nodes++;
		edges += ns->parent.ns != NULL;
		edges += has_owner_edge(ns);
	}
	assert_int_equal(gv_count_nodes(graph), nodes);
	assert_int_equal(gv_count_edges(graph), edges);
}

static void test_nodes_and_edges(void **state)
{
	(void)state;
	const struct model *(*const fixtures[])(void) = {fixture_users, fixture_pids, fixture_rich};

	for (size_t i = 0; i < ARRAY_SIZE(fixtures); i++) {
		const struct model *model = fixtures[i]();
		Agraph_t *graph = gv_parse(model, GV_NO_DETAILS);

		assert_same(graph, model);
		agclose(graph);
		model_unref(model);
	}
}

static void test_demo(void **state)
{
	(void)state;
	_cleanup_bytes_ struct bytes text = read_source("data/demo.json");
	const struct model *model = load(text.bytes, text.len);
	Agraph_t *graph = gv_parse(model, GV_NO_DETAILS);

	assert_same(graph, model);
	agclose(graph);
	model_unref(model);
}

static void test_details(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	Agraph_t *graph = gv_parse(model, GV_ALL_DETAILS);
	Agnode_t *user = gv_find(graph, model_find(model, NS_USER, FIXTURE_INITIAL_USER));
	Agnode_t *folder = agnode(graph, gv_string("user-4026531837-net"), 0);

	/* 11 user and PID namespaces, two net in a folder, uts, mnt. */
	assert_int_equal(gv_count_nodes(graph), 11 + 3 + 1 + 1);
	assert_non_null(folder);
	gv_assert(folder, "label", "2 net namespaces");
	gv_find_edge(graph, folder, user);
	gv_find_edge(graph, gv_find(graph, model_find(model, NS_NET, 4026531833)), folder);
	gv_find_edge(graph, gv_find(graph, model_find(model, NS_NET, 4026532002)), folder);
	Agnode_t *uts = gv_find(graph, model_find(model, NS_UTS, 4026531838));
	gv_assert(gv_find_edge(graph, uts, user), "class", "owner");
	assert_facts(uts, model_find(model, NS_UTS, 4026531838));
	gv_assert(gv_find(graph, model_find(model, NS_NET, 4026532002)), "label",
	        "held by mount /run/netns/blue\\nnet:[4026532002]");
	agclose(graph);
	model_unref(model);
}

/* Both hierarchies are filtered; the title says so. */
static void test_filter(void **state)
{
	char sleep[] = "sleep";
	const struct filter filter = {.text = sleep};
	const struct model *model = fixture_rich();
	const struct export_request request = {.model = model, .filter = &filter};
	struct fixture_text text;

	(void)state;
	fixture_text_begin(&text);
	assert_int_equal(export_dot(text.file, &request), 0);
	char *dot = fixture_text_end(&text);
	Agraph_t *graph = agmemread(dot);
	assert_non_null(graph);
	assert_int_equal(gv_count_nodes(graph), 4);
	assert_int_equal(export_dot_count(&request), agnnodes(graph));
	assert_non_null(strstr(agget(graph, gv_string("label")),
	        "filter \"sleep\": 2 of 11 match, those above them are pale"));
	gv_assert(agnode(graph, gv_string("user-4026531837"), 0), "fontcolor", "#6e7781");
	gv_assert(agnode(graph, gv_string("user-4026532217"), 0), "fontcolor", "#1b1f24");
	agclose(graph);
	free(dot);
	model_unref(model);
}

static void test_several_tops(void **state)
{
	(void)state;
	struct builder *b = builder_new();

	fixture_user(b, 100, NULL, 0, NULL);
	fixture_user(b, 200, NULL, 0, NULL);
	fixture_pid(b, 300, NULL, NULL);
	const struct model *model = fixture_freeze(b, NULL);
	Agraph_t *graph = gv_parse(model, GV_NO_DETAILS);
	Agnode_t *outside = agnode(graph, gv_string("outside-user"), 0);

	assert_non_null(outside);
	gv_assert(outside, "label", "(outside this view)");
	gv_find_edge(graph, gv_find(graph, model_find(model, NS_USER, 100)), outside);
	gv_find_edge(graph, gv_find(graph, model_find(model, NS_USER, 200)), outside);
	assert_null(agnode(graph, gv_string("outside-pid"), 0));
	assert_int_equal(gv_count_nodes(graph), 4);
	assert_int_equal(gv_count_edges(graph), 2);
	agclose(graph);
	model_unref(model);
}

static void test_unknown_owners(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	const struct relation failed = {.state = REL_FAILED};
	const struct ns *user = fixture_user(b, 100, NULL, 0, NULL);

	fixture_pid(b, 400, NULL, user)->parent = failed;
	fixture_owned(b, NS_NET, 500, user)->owner = failed;
	fixture_owned(b, NS_NET, 501, user)->owner = failed;
	fixture_owned(b, NS_UTS, 600, user)->owner = failed;
	builder_host(b)->partial = UINT32_C(1) << PARTIAL_OWNER_UNKNOWN;
	const struct model *model = fixture_freeze(b, NULL);
	Agraph_t *graph = gv_parse(model, GV_ALL_DETAILS);
	Agnode_t *users = agnode(graph, gv_string("unknown-user"), 0);
	Agnode_t *pids = agnode(graph, gv_string("unknown-pid"), 0);
	Agnode_t *folder = agnode(graph, gv_string("unknown-user-net"), 0);

	assert_non_null(users);
	assert_non_null(pids);
	assert_non_null(folder);
	gv_assert(users, "label", "(owner unknown)");
	gv_assert(folder, "label", "2 net namespaces");
	gv_find_edge(graph, gv_find(graph, model_find(model, NS_PID, 400)), pids);
	gv_find_edge(graph, folder, users);
	gv_find_edge(graph, gv_find(graph, model_find(model, NS_NET, 501)), folder);
	Agnode_t *uts = gv_find(graph, model_find(model, NS_UTS, 600));
	gv_assert(gv_find_edge(graph, uts, users), "class", "outside");
	assert_null(agnode(graph, gv_string("outside-user"), 0));
	assert_non_null(
	        strstr(agget(graph, gv_string("label")), "\\lpartial view: the owners of some "));
	agclose(graph);
	model_unref(model);
}

/* With details there is a note at each owner, of the types that it owns. */
static void test_notes(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	Agraph_t *graph = gv_parse(model, GV_DETAILS);
	Agnode_t *note = agnode(graph, gv_string("user-4026531837-owned"), 0);

	assert_non_null(note);
	gv_assert(note, "class", "owned");
	assert_int_equal(gv_count_nodes(graph), 11 + 2);
	gv_assert(note, "shape", "note");
	assert_string_equal(gv_value(note, "type"), "");
	gv_assert_number(note, "members", 3);
	gv_assert(note, "label", "net 2: sh, /run/netns/blue\\luts 1: 4026531838\\l");
	Agnode_t *user = gv_find(graph, model_find(model, NS_USER, FIXTURE_INITIAL_USER));
	gv_assert(gv_find_edge(graph, note, user), "class", "details");
	assert_non_null(agnode(graph, gv_string("user-4026532936-owned"), 0));
	agclose(graph);
	model_unref(model);
}

/* Namespaces of which the owner is outside, and of which it is not known, have a folder each. */
static void test_folders_without_owner(void **state)
{
	(void)state;
	struct builder *b = builder_new();
	const struct ns *user = fixture_user(b, 100, NULL, 0, NULL);

	for (unsigned i = 0; i < 5; i++)
		fixture_owned(b, NS_NET, 500 + i, user)->owner =
		        (struct relation){.state = i < 2 ? REL_FAILED : REL_HIDDEN};
	const struct model *model = fixture_freeze(b, NULL);
	Agraph_t *graph = gv_parse(model, GV_ALL_DETAILS);
	Agnode_t *unknown = agnode(graph, gv_string("unknown-user-net"), 0);
	Agnode_t *outside = agnode(graph, gv_string("outside-user-net"), 0);

	assert_non_null(unknown);
	assert_non_null(outside);
	gv_assert(unknown, "label", "2 net namespaces");
	gv_assert(outside, "label", "3 net namespaces");
	gv_find_edge(graph, unknown, agnode(graph, gv_string("unknown-user"), 0));
	gv_find_edge(graph, outside, agnode(graph, gv_string("outside-user"), 0));
	agclose(graph);
	model_unref(model);
}

/* Ten user namespaces that own a PID namespace each. */
static const struct model *make_containers(uint32_t partial)
{
	struct builder *b = builder_new();
	struct ns *user = fixture_user(b, 100, NULL, 0, NULL);
	struct ns *pid = fixture_pid(b, 200, NULL, user);

	fixture_process(b, 1, "systemd", user);
	fixture_process(b, 2, "systemd", pid);
	for (unsigned i = 0; i < 10; i++) {
		struct ns *own = fixture_user(b, 101 + i, user, 0, NULL);
		struct ns *owned = fixture_pid(b, 201 + i, pid, own);

		fixture_process(b, (pid_t)(10 + i), i % 2 ? "nginx" : "redis", own);
		fixture_process(b, (pid_t)(30 + i), i % 2 ? "nginx" : "redis", owned);
		fixture_process(b, (pid_t)(50 + i), "sh", owned);
	}
	builder_host(b)->partial = partial;
	return fixture_freeze(b, NULL);
}

/* Two groups have one edge between them, with the number of PID namespaces. */
static void test_groups(void **state)
{
	(void)state;
	const struct model *model = make_containers(0);
	Agraph_t *graph = gv_parse_view(model, &(struct view_options){.is_collapsed = true});

	assert_int_equal(gv_count_nodes(graph), 4);
	Agnode_t *users = agnode(graph, gv_string("group-user-101"), 0);
	Agnode_t *pids = agnode(graph, gv_string("group-pid-201"), 0);
	assert_non_null(users);
	assert_non_null(pids);
	Agedge_t *edge = gv_find_edge(graph, pids, users);
	gv_assert(edge, "class", "owner");
	gv_assert(edge, "taillabel", "10");
	gv_assert(edge, "members", "10");
	gv_assert(pids, "class", "ns pid group");
	gv_assert(pids, "type", "pid");
	gv_assert(pids, "members", "10");
	gv_assert(pids, "processes", "20");
	gv_assert(pids, "owner", "group-user-101");
	assert_string_equal(gv_value(pids, "inode"), "");
	gv_assert(users, "owner_uid", "0");
	agclose(graph);
	model_unref(model);
}

/* Where processes could not be read, there may be more. */
static void test_groups_of_a_partial_view(void **state)
{
	(void)state;
	const struct model *model = make_containers(UINT32_C(1) << PARTIAL_UNREADABLE);
	Agraph_t *graph = gv_parse_view(model, &(struct view_options){.is_collapsed = true});
	Agedge_t *edge = gv_find_edge(graph, agnode(graph, gv_string("group-pid-201"), 0),
	        agnode(graph, gv_string("group-user-101"), 0));

	gv_assert(edge, "taillabel", "10+");
	gv_assert(edge, "members", "10");
	agclose(graph);
	model_unref(model);
}

/* The graph of one hierarchy has one cluster, and no edge that leads out of it. */
static void test_one_hierarchy(void **state)
{
	(void)state;
	static const struct {
		enum view_kind kind;
		const char *cluster;
		const char *heading;
		int n;
	} views[] = {
	        {VIEW_USER, "cluster_user", "User namespaces", 5},
	        {VIEW_PID, "cluster_pid", "PID namespaces", 6},
	        {VIEW_NET, "cluster_user", "Network namespaces by owner", 3},
	};
	const struct model *model = fixture_rich();

	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		Agraph_t *graph = gv_parse_view(
		        model, &(struct view_options){.kind = views[i].kind, .is_single = true});
		Agraph_t *cluster = agsubg(graph, gv_string(views[i].cluster), 0);

		assert_non_null(cluster);
		gv_assert(cluster, "label", views[i].heading);
		assert_int_equal(gv_count_nodes(graph), views[i].n);
		assert_int_equal(gv_count_edges(graph), views[i].n - 1);
		assert_true(!agsubg(graph, gv_string("cluster_user"), 0) ||
		            !agsubg(graph, gv_string("cluster_pid"), 0));
		if (views[i].kind == VIEW_NET)
			gv_assert(gv_find_edge(graph,
			                  gv_find(graph, model_find(model, NS_NET, 4026532002)),
			                  agnode(graph, gv_string("user-4026531837"), 0)),
			        "class", "owner");
		agclose(graph);
	}
	model_unref(model);
}

/* Undoes `times` expansions of backslashes, and one of entities: only `&amp;` may be there. Line
 * breaks become real ones in the first. */
static void undo(char *text, int times)
{
	char *to;

	for (; times > 0; times--) {
		to = text;
		for (const char *from = text; *from; from++) {
			if (*from == '\\') {
				from++;
				assert_true(*from == '\\' || *from == 'n' || *from == 'l');
				*to++ = *from == '\\' ? '\\' : '\n';
			} else {
				*to++ = *from;
			}
		}
		*to = '\0';
	}
	to = text;
	for (const char *from = text; *from; from++) {
		*to++ = *from;
		if (*from == '&') {
			assert_int_equal(strncmp(from, "&amp;", 5), 0);
			from += 4;
		}
	}
	*to = '\0';
}

static void assert_undone(Agnode_t *node, const char *name, int times, const char *expected)
{
	char *text = strdup(agget(node, gv_string(name)));

	assert_non_null(text);
	undo(text, times);
	assert_string_equal(text, expected);
	free(text);
}

static void assert_hostile(Agraph_t *graph, const struct model *model, const struct ns *ns)
{
	Agnode_t *node = gv_find(graph, ns);
	struct label label;
	struct fixture_text text;

	label_init(&label, model, NULL);
	fixture_text_begin(&text);
	for (int i = 0; i < (ns->type == NS_USER ? LABEL_LINES : LABEL_OWNER); i++) {
		if (i > 0)
			fputc('\n', text.file);
		label_write(text.file, &label, &(struct node){.ns = ns}, (enum label_line)i);
	}
	assert_undone(node, "label", 1, fixture_text_end(&text));
	free(text.text);
	fixture_text_begin(&text);
	label_write_tooltip(text.file, &label, &(struct node){.ns = ns});
	assert_undone(node, "tooltip", 2, fixture_text_end(&text));
	free(text.text);
	label_release(&label);
}

static void test_hostile_names(void **state)
{
	unsigned n = 0;

	(void)state;
	for (const char *const *raw = fixture_hostile_names; *raw; raw++, n++) {
		const struct model *model = fixture_hostile(*raw);
		Agraph_t *graph = gv_parse(model, GV_ALL_DETAILS);

		assert_same(graph, model);
		for (size_t i = 0; i < model->n_namespaces; i++)
			assert_hostile(graph, model, model->namespaces[i]);
		agclose(graph);
		model_unref(model);
	}
	print_message("# R5: %u DOT files with hostile names: nodes, edges and labels are those of "
	              "the model\n",
	        n);
}

/* Whatever the heap looks like: each round leaves other holes in it. */
static void test_same_bytes_again(void **state)
{
	(void)state;
	enum { ROUNDS = 16 };
	const struct model *model = fixture_rich();
	char *first = gv_export(model, GV_ALL_DETAILS);
	void *kept[ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++) {
		char *again = gv_export(model, GV_ALL_DETAILS);
		void *hole = malloc(16 + 8 * i);

		kept[i] = malloc(16 + 8 * i);
		free(hole);
		assert_string_equal(first, again);
		free(again);
	}
	for (size_t i = 0; i < ROUNDS; i++)
		free(kept[i]);
	free(first);
	model_unref(model);
}

static void test_nothing(void **state)
{
	(void)state;
	const struct model *model = fixture_freeze(builder_new(), NULL);
	Agraph_t *graph = gv_parse(model, GV_ALL_DETAILS);

	assert_int_equal(gv_count_nodes(graph), 0);
	agclose(graph);
	model_unref(model);
}

static void test_full_disk_is_told(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	FILE *full = fopen("/dev/full", "we");

	assert_non_null(full);
	assert_int_equal(export_dot(full, &(struct export_request){.model = model}), -ENOSPC);
	fclose(full);
	model_unref(model);
}

static void test_many(void **state)
{
	(void)state;
	const struct model *model = fixture_large();
	const double start = fixture_cpu_ms();
	char *dot = gv_export(model, GV_NO_DETAILS);

	print_message("DOT of 10,000 namespaces: %.0f ms\n", fixture_cpu_ms() - start);
	Agraph_t *graph = agmemread(dot);
	free(dot);
	assert_non_null(graph);
	assert_int_equal(gv_count_nodes(graph), 10000);
	assert_int_equal(gv_count_edges(graph), 3 * 4999);
	assert_same(graph, model);
	agclose(graph);
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_nodes_and_edges),
	        cmocka_unit_test(test_demo),
	        cmocka_unit_test(test_details),
	        cmocka_unit_test(test_notes),
	        cmocka_unit_test(test_folders_without_owner),
	        cmocka_unit_test(test_groups),
	        cmocka_unit_test(test_groups_of_a_partial_view),
	        cmocka_unit_test(test_one_hierarchy),
	        cmocka_unit_test(test_filter),
	        cmocka_unit_test(test_several_tops),
	        cmocka_unit_test(test_unknown_owners),
	        cmocka_unit_test(test_hostile_names),
	        cmocka_unit_test(test_same_bytes_again),
	        cmocka_unit_test(test_nothing),
	        cmocka_unit_test(test_full_disk_is_told),
	        cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
