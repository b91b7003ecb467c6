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

enum details {
	NO_DETAILS,
	DETAILS,     /* a note for each owner */
	ALL_DETAILS, /* a node for each owned namespace */
};

static char *export_view(const struct model *model, const struct view_options *view)
{
	const struct export_request request = {.model = model, .view = *view};
	struct fixture_text text;

	fixture_text_begin(&text);
	assert_int_equal(export_dot(text.file, &request), 0);
	return fixture_text_end(&text);
}

static struct view_options view_of(enum details details)
{
	return (struct view_options){
	        .with_details = details != NO_DETAILS, .with_all_details = details == ALL_DETAILS};
}

static char *export(const struct model *model, enum details details)
{
	const struct view_options view = view_of(details);

	return export_view(model, &view);
}

/* The limit of --layout=dot counts the same nodes. */
static Agraph_t *parse_view(const struct model *model, const struct view_options *view)
{
	const struct export_request request = {.model = model, .view = *view};
	char *dot = export_view(model, view);
	Agraph_t *graph = agmemread(dot);

	free(dot);
	assert_non_null(graph);
	assert_int_equal(export_dot_count(&request), agnnodes(graph));
	assert_false(agisstrict(graph));
	assert_true(agisdirected(graph));
	return graph;
}

static Agraph_t *parse(const struct model *model, enum details details)
{
	const struct view_options view = view_of(details);

	return parse_view(model, &view);
}

static Agnode_t *find(Agraph_t *graph, const struct ns *ns)
{
	char name[64];

	snprintf(name, sizeof(name), "%s-%" PRIu64, nstype_name(ns->type), ns->inode);
	return agnode(graph, name, 0);
}

/* The part of the graph that stands on the left. */
static Agraph_t *find_rank(Agraph_t *graph)
{
	for (Agraph_t *sub = agfstsubg(graph); sub; sub = agnxtsubg(sub))
		if (strcmp(agget(sub, gv("rank")), "max") == 0)
			return sub;
	fail_msg("no rank=max");
	return NULL;
}

static void assert_attribute(void *object, const char *name, const char *expected)
{
	const char *value = agget(object, gv(name));

	assert_non_null(value);
	assert_string_equal(value, expected);
}

/* The value, or "" if there is no such attribute. */
static const char *value_of(void *object, const char *name)
{
	const char *value = agget(object, gv(name));

	return value ? value : "";
}

static void assert_number(void *object, const char *name, uintmax_t expected)
{
	char digits[32];

	snprintf(digits, sizeof(digits), "%ju", expected);
	assert_attribute(object, name, digits);
}

static bool is_legend(Agnode_t *node)
{
	return strcmp(value_of(node, "class"), "legend") == 0;
}

/* The nodes and edges outside the legend. */
static int count_nodes(Agraph_t *graph)
{
	int n = 0;

	for (Agnode_t *node = agfstnode(graph); node; node = agnxtnode(graph, node))
		n += !is_legend(node);
	return n;
}

static int count_edges(Agraph_t *graph)
{
	int n = 0;

	for (Agnode_t *node = agfstnode(graph); node; node = agnxtnode(graph, node))
		n += is_legend(node) ? 0 : agdegree(graph, node, 0, 1);
	return n;
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

/* True if there is an edge to its owner: the initial user namespace gets none. */
static bool has_owner_edge(const struct ns *ns)
{
	return ns->type == NS_PID && ns->owner.ns && ns->owner.ns->parent.state != REL_INITIAL;
}

static void assert_facts(Agnode_t *node, const struct ns *ns)
{
	char text[64];

	snprintf(text, sizeof(text), "ns-%" PRIu64, ns->inode);
	assert_attribute(node, "id", text);
	assert_attribute(node, "type", nstype_name(ns->type));
	assert_number(node, "inode", ns->inode);
	if (ns->id)
		assert_number(node, "ns_id", ns->id);
	else
		assert_string_equal(value_of(node, "ns_id"), "");
	if (ns->owner_uid_state == REL_KNOWN)
		assert_number(node, "owner_uid", ns->owner_uid);
	else
		assert_string_equal(value_of(node, "owner_uid"), "");
	snprintf(text, sizeof(text), "user-%" PRIu64, ns->owner.ns ? ns->owner.ns->inode : 0);
	assert_string_equal(
	        value_of(node, "owner"), ns->type != NS_USER && ns->owner.ns ? text : "");
}

static void assert_ns(Agraph_t *graph, const struct ns *ns)
{
	Agraph_t *cluster =
	        agsubg(graph, gv(ns->type == NS_PID ? "cluster_pid" : "cluster_user"), 0);
	Agnode_t *node = find(graph, ns);

	assert_non_null(node);
	assert_non_null(agsubnode(cluster, node, 0));
	assert_facts(node, ns);
	if (ns->parent.ns)
		assert_attribute(
		        find_edge(graph, node, find(graph, ns->parent.ns)), "class", "parent");
	if (!has_owner_edge(ns))
		return;
	Agedge_t *owner = find_edge(graph, node, find(graph, ns->owner.ns));
	assert_attribute(owner, "class", "owner");
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
		edges += ns->parent.ns != NULL;
		edges += has_owner_edge(ns);
	}
	assert_int_equal(count_nodes(graph), nodes);
	assert_int_equal(count_edges(graph), edges);
}

static void test_nodes_and_edges(void **state)
{
	(void)state;
	const struct model *(*const fixtures[])(void) = {fixture_users, fixture_pids, fixture_rich};

	for (size_t i = 0; i < ARRAY_SIZE(fixtures); i++) {
		const struct model *model = fixtures[i]();
		Agraph_t *graph = parse(model, NO_DETAILS);

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
	Agraph_t *graph = parse(model, NO_DETAILS);

	assert_same(graph, model);
	agclose(graph);
	model_unref(model);
}

static void test_looks(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	Agraph_t *graph = parse(model, NO_DETAILS);
	Agnode_t *user = find(graph, model_find(model, NS_USER, FIXTURE_INITIAL_USER));
	Agnode_t *pid = find(graph, model_find(model, NS_PID, FIXTURE_INITIAL_PID));
	Agraph_t *roots = find_rank(graph);

	assert_attribute(graph, "charset", "UTF-8");
	assert_attribute(graph, "rankdir", "RL");
	assert_attribute(graph, "newrank", "true");
	assert_int_equal(count_nodes(roots), 2);
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
	Agraph_t *graph = parse(model, ALL_DETAILS);
	Agnode_t *user = find(graph, model_find(model, NS_USER, FIXTURE_INITIAL_USER));
	Agnode_t *folder = agnode(graph, gv("user-4026531837-net"), 0);

	/* 11 user and PID namespaces, two net in a folder, uts, mnt. */
	assert_int_equal(count_nodes(graph), 11 + 3 + 1 + 1);
	assert_non_null(folder);
	assert_attribute(folder, "label", "2 net namespaces");
	find_edge(graph, folder, user);
	find_edge(graph, find(graph, model_find(model, NS_NET, 4026531833)), folder);
	find_edge(graph, find(graph, model_find(model, NS_NET, 4026532002)), folder);
	Agnode_t *uts = find(graph, model_find(model, NS_UTS, 4026531838));
	assert_attribute(find_edge(graph, uts, user), "class", "owner");
	assert_facts(uts, model_find(model, NS_UTS, 4026531838));
	assert_attribute(find(graph, model_find(model, NS_NET, 4026532002)), "label",
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
	assert_int_equal(count_nodes(graph), 4);
	assert_int_equal(export_dot_count(&request), agnnodes(graph));
	assert_non_null(strstr(agget(graph, gv("label")),
	        "filter \"sleep\": 2 of 11 match, those above them are pale"));
	assert_attribute(agnode(graph, gv("user-4026531837"), 0), "fontcolor", "#6e7781");
	assert_attribute(agnode(graph, gv("user-4026532217"), 0), "fontcolor", "#1b1f24");
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
	Agraph_t *graph = parse(model, NO_DETAILS);
	Agnode_t *outside = agnode(graph, gv("outside-user"), 0);

	assert_non_null(outside);
	assert_attribute(outside, "label", "(outside this view)");
	find_edge(graph, find(graph, model_find(model, NS_USER, 100)), outside);
	find_edge(graph, find(graph, model_find(model, NS_USER, 200)), outside);
	assert_null(agnode(graph, gv("outside-pid"), 0));
	assert_int_equal(count_nodes(graph), 4);
	assert_int_equal(count_edges(graph), 2);
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
	Agraph_t *graph = parse(model, ALL_DETAILS);
	Agnode_t *users = agnode(graph, gv("unknown-user"), 0);
	Agnode_t *pids = agnode(graph, gv("unknown-pid"), 0);
	Agnode_t *folder = agnode(graph, gv("unknown-user-net"), 0);

	assert_non_null(users);
	assert_non_null(pids);
	assert_non_null(folder);
	assert_attribute(users, "label", "(owner unknown)");
	assert_attribute(folder, "label", "2 net namespaces");
	find_edge(graph, find(graph, model_find(model, NS_PID, 400)), pids);
	find_edge(graph, folder, users);
	find_edge(graph, find(graph, model_find(model, NS_NET, 501)), folder);
	Agnode_t *uts = find(graph, model_find(model, NS_UTS, 600));
	assert_attribute(find_edge(graph, uts, users), "class", "outside");
	assert_null(agnode(graph, gv("outside-user"), 0));
	assert_non_null(strstr(agget(graph, gv("label")), "\\lpartial view: the owners of some "));
	agclose(graph);
	model_unref(model);
}

/* With details there is a note at each owner, of the types that it owns. */
static void test_notes(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	Agraph_t *graph = parse(model, DETAILS);
	Agnode_t *note = agnode(graph, gv("user-4026531837-owned"), 0);

	assert_non_null(note);
	assert_attribute(note, "class", "owned");
	assert_int_equal(count_nodes(graph), 11 + 2);
	assert_attribute(note, "shape", "note");
	assert_string_equal(value_of(note, "type"), "");
	assert_number(note, "members", 3);
	assert_attribute(note, "label", "net 2: sh, /run/netns/blue\\luts 1: 4026531838\\l");
	Agnode_t *user = find(graph, model_find(model, NS_USER, FIXTURE_INITIAL_USER));
	assert_attribute(find_edge(graph, note, user), "class", "details");
	assert_non_null(agnode(graph, gv("user-4026532936-owned"), 0));
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
	Agraph_t *graph = parse(model, ALL_DETAILS);
	Agnode_t *unknown = agnode(graph, gv("unknown-user-net"), 0);
	Agnode_t *outside = agnode(graph, gv("outside-user-net"), 0);

	assert_non_null(unknown);
	assert_non_null(outside);
	assert_attribute(unknown, "label", "2 net namespaces");
	assert_attribute(outside, "label", "3 net namespaces");
	find_edge(graph, unknown, agnode(graph, gv("unknown-user"), 0));
	find_edge(graph, outside, agnode(graph, gv("outside-user"), 0));
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
	Agraph_t *graph = parse_view(model, &(struct view_options){.is_collapsed = true});

	assert_int_equal(count_nodes(graph), 4);
	Agnode_t *users = agnode(graph, gv("group-user-101"), 0);
	Agnode_t *pids = agnode(graph, gv("group-pid-201"), 0);
	assert_non_null(users);
	assert_non_null(pids);
	Agedge_t *edge = find_edge(graph, pids, users);
	assert_attribute(edge, "class", "owner");
	assert_attribute(edge, "taillabel", "10");
	assert_attribute(edge, "members", "10");
	assert_attribute(pids, "class", "ns pid group");
	assert_attribute(pids, "type", "pid");
	assert_attribute(pids, "members", "10");
	assert_attribute(pids, "processes", "20");
	assert_attribute(pids, "owner", "group-user-101");
	assert_string_equal(value_of(pids, "inode"), "");
	assert_attribute(users, "owner_uid", "0");
	agclose(graph);
	model_unref(model);
}

/* Where processes could not be read, there may be more. */
static void test_groups_of_a_partial_view(void **state)
{
	(void)state;
	const struct model *model = make_containers(UINT32_C(1) << PARTIAL_UNREADABLE);
	Agraph_t *graph = parse_view(model, &(struct view_options){.is_collapsed = true});
	Agedge_t *edge = find_edge(graph, agnode(graph, gv("group-pid-201"), 0),
	        agnode(graph, gv("group-user-101"), 0));

	assert_attribute(edge, "taillabel", "10+");
	assert_attribute(edge, "members", "10");
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
		Agraph_t *graph = parse_view(
		        model, &(struct view_options){.kind = views[i].kind, .is_single = true});
		Agraph_t *cluster = agsubg(graph, gv(views[i].cluster), 0);

		assert_non_null(cluster);
		assert_attribute(cluster, "label", views[i].heading);
		assert_int_equal(count_nodes(graph), views[i].n);
		assert_int_equal(count_edges(graph), views[i].n - 1);
		assert_true(!agsubg(graph, gv("cluster_user"), 0) ||
		            !agsubg(graph, gv("cluster_pid"), 0));
		if (views[i].kind == VIEW_NET)
			assert_attribute(
			        find_edge(graph, find(graph, model_find(model, NS_NET, 4026532002)),
			                agnode(graph, gv("user-4026531837"), 0)),
			        "class", "owner");
		agclose(graph);
	}
	model_unref(model);
}

static bool has_key(Agraph_t *graph, const char *name)
{
	Agnode_t *key = agnode(graph, gv(name), 0);

	return key && is_legend(key) && agsubnode(agsubg(graph, gv("cluster_legend"), 0), key, 0);
}

/* The legend lists what is drawn, and no more. */
static void test_legend(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	Agraph_t *graph = parse(model, NO_DETAILS);
	Agnode_t *tail = agnode(graph, gv("legend-child"), 0);

	assert_non_null(tail);
	assert_true(has_key(graph, "legend-pid"));
	assert_true(has_key(graph, "legend-user"));
	assert_true(has_key(graph, "legend-root"));
	assert_true(has_key(graph, "legend-owner"));
	assert_true(has_key(graph, "legend-initial"));
	assert_false(has_key(graph, "legend-owned"));
	assert_false(has_key(graph, "legend-details"));
	assert_false(has_key(graph, "legend-group"));
	assert_false(has_key(graph, "legend-above"));
	assert_false(has_key(graph, "legend-plus"));
	assert_attribute(
	        find_edge(graph, tail, agnode(graph, gv("legend-parent"), 0)), "class", "legend");
	agclose(graph);
	model_unref(model);

	model = fixture_rich();
	graph = parse_view(model, &(struct view_options){.kind = VIEW_USER,
	                                  .is_single = true,
	                                  .with_details = true,
	                                  .with_all_details = true});
	assert_true(has_key(graph, "legend-below-owner"));
	assert_true(has_key(graph, "legend-folder"));
	agclose(graph);
	model_unref(model);

	model = fixture_users();
	graph = parse(model, DETAILS);
	assert_false(has_key(graph, "legend-pid"));
	assert_false(has_key(graph, "legend-owner"));
	assert_false(has_key(graph, "legend-initial"));
	assert_true(has_key(graph, "legend-parent"));
	agclose(graph);
	model_unref(model);
}

static void test_themes(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	static const char *const grounds[] = {
	        [EXPORT_THEME_AUTO] = "#ffffff",
	        [EXPORT_THEME_LIGHT] = "#ffffff",
	        [EXPORT_THEME_DARK] = "#0d1117",
	        [EXPORT_THEME_MONO] = "#ffffff",
	};

	for (enum export_theme theme = 0; theme < ARRAY_SIZE(grounds); theme++) {
		const struct export_request request = {.model = model, .theme = theme};
		struct fixture_text text;

		fixture_text_begin(&text);
		assert_int_equal(export_dot(text.file, &request), 0);
		char *dot = fixture_text_end(&text);
		Agraph_t *graph = agmemread(dot);
		assert_non_null(graph);
		assert_attribute(graph, "bgcolor", grounds[theme]);
		for (const char *c = dot; theme == EXPORT_THEME_MONO && (c = strchr(c, '#')); c++) {
			if (strspn(c, "#0123456789abcdef") == 7)
				assert_true(strncmp(c, "#000000", 7) == 0 ||
				            strncmp(c, "#ffffff", 7) == 0);
		}
		agclose(graph);
		free(dot);
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
		Agraph_t *graph = parse(model, ALL_DETAILS);

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
	char *first = export(model, ALL_DETAILS);
	void *kept[ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++) {
		char *again = export(model, ALL_DETAILS);
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
	Agraph_t *graph = parse(model, ALL_DETAILS);

	assert_int_equal(count_nodes(graph), 0);
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
	char *dot = export(model, NO_DETAILS);

	print_message("DOT of 10,000 namespaces: %.0f ms\n", fixture_cpu_ms() - start);
	Agraph_t *graph = agmemread(dot);
	free(dot);
	assert_non_null(graph);
	assert_int_equal(count_nodes(graph), 10000);
	assert_int_equal(count_edges(graph), 3 * 4999);
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
	        cmocka_unit_test(test_notes),
	        cmocka_unit_test(test_folders_without_owner),
	        cmocka_unit_test(test_groups),
	        cmocka_unit_test(test_groups_of_a_partial_view),
	        cmocka_unit_test(test_one_hierarchy),
	        cmocka_unit_test(test_legend),
	        cmocka_unit_test(test_themes),
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
