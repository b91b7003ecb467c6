/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/export/gv.h"

#include "export/export.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

char *gv_string(const char *s)
{
	union {
		const char *given;
		char *wanted;
	} string = {.given = s};

	return string.wanted;
}

char *gv_export_view(const struct model *model, const struct view_options *view)
{
	const struct export_request request = {.model = model, .view = *view};
	struct fixture_text text;

	fixture_text_begin(&text);
	assert_int_equal(export_dot(text.file, &request), 0);
	return fixture_text_end(&text);
}

static struct view_options view_of(enum gv_details details)
{
	return (struct view_options){.with_details = details != GV_NO_DETAILS,
	        .with_all_details = details == GV_ALL_DETAILS};
}

char *gv_export(const struct model *model, enum gv_details details)
{
	const struct view_options view = view_of(details);

	return gv_export_view(model, &view);
}

/* The limit of --layout=dot counts the same nodes. */
Agraph_t *gv_parse_view(const struct model *model, const struct view_options *view)
{
	const struct export_request request = {.model = model, .view = *view};
	char *dot = gv_export_view(model, view);
	Agraph_t *graph = agmemread(dot);

	free(dot);
	assert_non_null(graph);
	assert_int_equal(export_dot_count(&request), agnnodes(graph));
	assert_false(agisstrict(graph));
	assert_true(agisdirected(graph));
	return graph;
}

Agraph_t *gv_parse(const struct model *model, enum gv_details details)
{
	const struct view_options view = view_of(details);

	return gv_parse_view(model, &view);
}

Agnode_t *gv_find(Agraph_t *graph, const struct ns *ns)
{
	char name[64];

	snprintf(name, sizeof(name), "%s-%" PRIu64, nstype_name(ns->type), ns->inode);
	return agnode(graph, name, 0);
}

void gv_assert(void *object, const char *name, const char *expected)
{
	const char *value = agget(object, gv_string(name));

	assert_non_null(value);
	assert_string_equal(value, expected);
}

const char *gv_value(void *object, const char *name)
{
	const char *value = agget(object, gv_string(name));

	return value ? value : "";
}

void gv_assert_number(void *object, const char *name, uintmax_t expected)
{
	char digits[32];

	snprintf(digits, sizeof(digits), "%ju", expected);
	gv_assert(object, name, digits);
}

bool gv_is_legend(Agnode_t *node)
{
	return strcmp(gv_value(node, "class"), "legend") == 0;
}

int gv_count_nodes(Agraph_t *graph)
{
	int n = 0;

	for (Agnode_t *node = agfstnode(graph); node; node = agnxtnode(graph, node))
		n += !gv_is_legend(node);
	return n;
}

int gv_count_edges(Agraph_t *graph)
{
	int n = 0;

	for (Agnode_t *node = agfstnode(graph); node; node = agnxtnode(graph, node))
		n += gv_is_legend(node) ? 0 : agdegree(graph, node, 0, 1);
	return n;
}

Agedge_t *gv_find_edge(Agraph_t *graph, Agnode_t *tail, Agnode_t *head)
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
