/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "export/export.h"
#include "export/label.h"
#include "tests/snapshot/text.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"

#include <cgraph.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static char *gv(const char *s)
{
	union {
		const char *given;
		char *wanted;
	} string = {.given = s};

	return string.wanted;
}

static char *export_view(const struct model *model, const struct view_options *view)
{
	const struct export_request request = {.model = model, .view = *view};
	struct fixture_text text;

	fixture_text_begin(&text);
	assert_int_equal(export_dot(text.file, &request), 0);
	return fixture_text_end(&text);
}

/* All details: a node for each owned namespace. */
static char *export(const struct model *model, bool with_details)
{
	return export_view(model, &(struct view_options){.with_details = with_details,
	                                  .with_all_details = with_details});
}

static Agraph_t *parse_view(const struct model *model, const struct view_options *view)
{
	char *dot = export_view(model, view);
	Agraph_t *graph = agmemread(dot);

	free(dot);
	assert_non_null(graph);
	assert_false(agisstrict(graph));
	assert_true(agisdirected(graph));
	return graph;
}

static Agraph_t *parse(const struct model *model, bool with_details)
{
	return parse_view(model, &(struct view_options){.with_details = with_details,
	                                 .with_all_details = with_details});
}

static Agnode_t *find(Agraph_t *graph, const struct ns *ns)
{
	char name[64];

	snprintf(name, sizeof(name), "%s-%" PRIu64, nstype_name(ns->type), ns->inode);
	return agnode(graph, name, 0);
}

/* The one of what has one rank. */
static Agraph_t *find_rank(Agraph_t *graph)
{
	for (Agraph_t *sub = agfstsubg(graph); sub; sub = agnxtsubg(sub))
		if (strcmp(agget(sub, gv("rank")), "same") == 0)
			return sub;
	fail_msg("no rank=same");
	return NULL;
}

static void assert_attribute(void *object, const char *name, const char *expected)
{
	const char *value = agget(object, gv(name));

	assert_non_null(value);
	assert_string_equal(value, expected);
}

/* The edge from one to the other, which must be there once. */
static Agedge_t *find_edge(Agraph_t *graph, Agnode_t *tail, Agnode_t *head)
{
	Agedge_t *found = NULL;

	for (Agedge_t *e = agfstout(graph, tail); e; e = agnxtout(graph, e)) {
		if (aghead(e) != head)
			continue;
		assert_null(found);
		found = e;
	}
	assert_non_null(found);
	return found;
}

static void assert_ns(Agraph_t *graph, const struct ns *ns)
{
	Agraph_t *cluster =
	        agsubg(graph, gv(ns->type == NS_PID ? "cluster_pid" : "cluster_user"), 0);
	Agnode_t *node = find(graph, ns);
	char id[64];

	assert_non_null(node);
	assert_non_null(agsubnode(cluster, node, 0));
	snprintf(id, sizeof(id), "ns-%" PRIu64, ns->inode);
	assert_attribute(node, "id", id);
	if (ns->parent.ns)
		assert_attribute(find_edge(graph, find(graph, ns->parent.ns), node), "dir", "back");
	if (ns->type != NS_PID || !ns->owner.ns)
		return;
	Agedge_t *owner = find_edge(graph, node, find(graph, ns->owner.ns));
	assert_attribute(owner, "style", "dashed");
	assert_attribute(owner, "constraint", "false");
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
		edges += ns->parent.ns ? 1 : 0;
		edges += ns->type == NS_PID && ns->owner.ns ? 1 : 0;
	}
	assert_int_equal(agnnodes(graph), nodes);
	assert_int_equal(agnedges(graph), edges);
}

static void test_nodes_and_edges(void **state)
{
	(void)state;
	const struct model *(*const fixtures[])(void) = {fixture_users, fixture_pids, fixture_rich};

	for (size_t i = 0; i < ARRAY_SIZE(fixtures); i++) {
		const struct model *model = fixtures[i]();
		Agraph_t *graph = parse(model, false);

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
	Agraph_t *graph = parse(model, false);

	assert_same(graph, model);
	agclose(graph);
	model_unref(model);
}

static void test_looks(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	Agraph_t *graph = parse(model, false);
	Agnode_t *user = find(graph, model_find(model, NS_USER, FIXTURE_INITIAL_USER));
	Agnode_t *pid = find(graph, model_find(model, NS_PID, FIXTURE_INITIAL_PID));
	Agraph_t *roots = find_rank(graph);

	assert_attribute(graph, "charset", "UTF-8");
	assert_attribute(graph, "rankdir", "LR");
	assert_attribute(graph, "newrank", "true");
	assert_int_equal(agnnodes(roots), 2);
	assert_non_null(agsubnode(roots, user, 0));
	assert_non_null(agsubnode(roots, pid, 0));
	assert_attribute(user, "class", "ns user");
	assert_attribute(user, "label", "systemd (1)\\nuser:[4026531837]\\nowner root (0)");
	assert_attribute(user, "penwidth", "2");
	assert_attribute(pid, "class", "ns pid");
	assert_attribute(pid, "label", "systemd (3)\\npid:[4026531836]");
	assert_attribute(pid, "style", "rounded,filled");
	assert_attribute(find(graph, model_find(model, NS_USER, 4026532582)), "label",
	        "held by fd 7 of bash (1468)\\nuser:[4026532582]\\nowner harald (1000)");
	agclose(graph);
	model_unref(model);
}

static void test_details(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	Agraph_t *graph = parse(model, true);
	Agnode_t *user = find(graph, model_find(model, NS_USER, FIXTURE_INITIAL_USER));
	Agnode_t *folder = agnode(graph, gv("user-4026531837-net"), 0);

	/* 11 user and PID namespaces, two net in a folder, uts, mnt. */
	assert_int_equal(agnnodes(graph), 11 + 3 + 1 + 1);
	assert_non_null(folder);
	assert_attribute(folder, "label", "2 net namespaces");
	find_edge(graph, user, folder);
	find_edge(graph, folder, find(graph, model_find(model, NS_NET, 4026531833)));
	find_edge(graph, folder, find(graph, model_find(model, NS_NET, 4026532002)));
	find_edge(graph, user, find(graph, model_find(model, NS_UTS, 4026531838)));
	assert_attribute(find(graph, model_find(model, NS_NET, 4026532002)), "label",
	        "held by mount /run/netns/blue\\nnet:[4026532002]");
	agclose(graph);
	model_unref(model);
}

/* What one owns is in one note. */
static void test_a_note_of_what_it_owns(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	Agraph_t *graph = parse_view(model, &(struct view_options){.with_details = true});
	Agnode_t *note = agnode(graph, gv("user-4026531837-owned"), 0);

	assert_non_null(note);
	assert_attribute(note, "label", "net 2: sh, /run/netns/blue\\luts 1: 4026531838\\l");
	assert_attribute(note, "class", "owned");
	find_edge(graph, agnode(graph, gv("user-4026531837"), 0), note);
	assert_int_equal(agnnodes(graph), 11 + 2);
	agclose(graph);
	model_unref(model);
}

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
		Agraph_t *graph = parse_view(
		        model, &(struct view_options){.kind = views[i].kind, .is_single = true});
		Agraph_t *cluster = agsubg(graph, gv(views[i].cluster), 0);

		assert_non_null(cluster);
		assert_attribute(cluster, "label", views[i].heading);
		assert_int_equal(agnnodes(graph), views[i].n);
		assert_int_equal(agnedges(graph), views[i].n - 1);
		assert_true(!agsubg(graph, gv("cluster_user"), 0) ||
		            !agsubg(graph, gv("cluster_pid"), 0));
		agclose(graph);
	}
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
	assert_int_equal(agnnodes(graph), 4);
	assert_int_equal(export_dot_count(&request), 4);
	assert_non_null(strstr(agget(graph, gv("label")),
	        "filter \"sleep\": 2 of 11 match, those above them are pale"));
	assert_attribute(agnode(graph, gv("user-4026531837"), 0), "fontcolor", "#8c959f");
	assert_attribute(agnode(graph, gv("user-4026532217"), 0), "fontcolor", "");
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
	Agraph_t *graph = parse(model, false);
	Agnode_t *outside = agnode(graph, gv("outside-user"), 0);

	assert_non_null(outside);
	assert_attribute(outside, "label", "(outside this view)");
	find_edge(graph, outside, find(graph, model_find(model, NS_USER, 100)));
	find_edge(graph, outside, find(graph, model_find(model, NS_USER, 200)));
	assert_null(agnode(graph, gv("outside-pid"), 0));
	assert_int_equal(agnnodes(graph), 4);
	assert_int_equal(agnedges(graph), 2);
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
	Agraph_t *graph = parse(model, true);
	Agnode_t *users = agnode(graph, gv("unknown-user"), 0);
	Agnode_t *pids = agnode(graph, gv("unknown-pid"), 0);
	Agnode_t *folder = agnode(graph, gv("unknown-net"), 0);

	assert_non_null(users);
	assert_non_null(pids);
	assert_non_null(folder);
	assert_attribute(users, "label", "(owner unknown)");
	assert_attribute(folder, "label", "2 net namespaces");
	find_edge(graph, pids, find(graph, model_find(model, NS_PID, 400)));
	find_edge(graph, users, folder);
	find_edge(graph, folder, find(graph, model_find(model, NS_NET, 501)));
	find_edge(graph, users, find(graph, model_find(model, NS_UTS, 600)));
	assert_null(agnode(graph, gv("outside-user"), 0));
	assert_non_null(strstr(agget(graph, gv("label")), "\\lpartial view: the owners of some "));
	agclose(graph);
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
	char *text = strdup(agget(node, gv(name)));

	assert_non_null(text);
	undo(text, times);
	assert_string_equal(text, expected);
	free(text);
}

static void assert_hostile(Agraph_t *graph, const struct model *model, const struct ns *ns)
{
	Agnode_t *node = find(graph, ns);
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
	(void)state;
	for (const char *const *raw = fixture_hostile_names; *raw; raw++) {
		const struct model *model = fixture_hostile(*raw);
		Agraph_t *graph = parse(model, true);

		assert_same(graph, model);
		for (size_t i = 0; i < model->n_namespaces; i++)
			assert_hostile(graph, model, model->namespaces[i]);
		agclose(graph);
		model_unref(model);
	}
}

/* Whatever the heap looks like: each round leaves other holes in it. */
static void test_same_bytes_again(void **state)
{
	(void)state;
	enum { ROUNDS = 16 };
	const struct model *model = fixture_rich();
	char *first = export(model, true);
	void *kept[ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++) {
		char *again = export(model, true);
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
	Agraph_t *graph = parse(model, true);

	assert_int_equal(agnnodes(graph), 0);
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
	char *dot = export(model, false);

	print_message("DOT of 10,000 namespaces: %.0f ms\n", fixture_cpu_ms() - start);
	Agraph_t *graph = agmemread(dot);
	free(dot);
	assert_non_null(graph);
	assert_int_equal(agnnodes(graph), 10000);
	assert_int_equal(agnedges(graph), 2 * 4999 + 5000);
	assert_same(graph, model);
	agclose(graph);
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_nodes_and_edges),
	        cmocka_unit_test(test_demo),
	        cmocka_unit_test(test_looks),
	        cmocka_unit_test(test_details),
	        cmocka_unit_test(test_a_note_of_what_it_owns),
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
