/* SPDX-License-Identifier: Apache-2.0 */

/* Checks the DOT file of a picture, as dot(1) has placed its nodes, against the SVG: each box is a
 * node, with one edge to its parent or owner, as in the SVG, unless it is a root, and the children
 * of a node stand in the order that they have in the SVG. Faults go to standard error. Exit status
 * 1 if there is one.
 *
 * usage: check_dot SVG DOT */

#include "base/memory.h"
#include "tests/pictures/geometry.h"
#include "tests/snapshot/text.h"

#include <cgraph.h>
#include <stdlib.h>
#include <string.h>

static char *attribute(void *object, const char *name)
{
	union {
		const char *given;
		char *own;
	} key = {.given = name};
	char *value = agget(object, key.own);

	return value ? value : key.own + strlen(name);
}

/* The node of a box, which has the same id. */
static Agnode_t *find_node(Agraph_t *graph, const char *id)
{
	for (Agnode_t *node = agfstnode(graph); node; node = agnxtnode(graph, node))
		if (strcmp(attribute(node, "id"), id) == 0)
			return node;
	return NULL;
}

/* Edges lead from children to their parents. */
static Agnode_t *parent_of(Agraph_t *graph, Agnode_t *node)
{
	for (Agedge_t *edge = agfstout(graph, node); edge; edge = agnxtout(graph, edge))
		if (strcmp(attribute(edge, "class"), "parent") == 0)
			return aghead(edge);
	return NULL;
}

/* A root has no edge; the others have one. That of a user or PID namespace leads to the parent,
 * that of another one to the owner, or to a folder; or it leads to the box for what is outside. */
static size_t check_parent(
        Agraph_t *graph, Agnode_t *node, const struct box *box, const struct box *parent)
{
	const bool is_root = drawing_has_class(box->class, "top");
	const bool is_in_tree =
	        drawing_has_class(box->class, "user") || drawing_has_class(box->class, "pid");
	Agnode_t *head = NULL;
	size_t n = 0;

	for (Agedge_t *edge = agfstout(graph, node); edge; edge = agnxtout(graph, edge)) {
		const char *class = attribute(edge, "class");
		const bool is_detail = strcmp(class, "details") == 0;

		if (!is_detail && strcmp(class, is_in_tree ? "parent" : "owner") != 0 &&
		        strcmp(class, "outside") != 0)
			continue;
		head = aghead(edge);
		if (is_detail && agfstout(graph, head))
			head = aghead(agfstout(graph, head));
		n++;
	}
	if (n != !is_root) {
		fprintf(stderr, "%s has %zu edges to its parent\n", box->id, n);
		return 1;
	}
	if (is_root || (parent && !parent->id))
		return 0;
	if (parent && strcmp(attribute(head, "id"), parent->id) == 0)
		return 0;
	fprintf(stderr, "%s is below %s, not %s\n", box->id, attribute(head, "id"),
	        parent ? parent->id : "anything");
	return 1;
}

/* Across the direction of the tree; it falls from the first sibling to the last. */
static double place(Agnode_t *node)
{
	const char *comma = strchr(attribute(node, "pos"), ',');

	return comma ? strtod(comma + 1, NULL) : 0;
}

int main(int argc, char **argv)
{
	struct drawing drawing;
	size_t faults = 0;

	if (argc != 3)
		return 2;
	drawing_read(&drawing, read_path(argv[1]).bytes);
	FILE *file = fopen(argv[2], "re");
	Agraph_t *graph = file ? agread(file, NULL) : NULL;
	if (!graph)
		drawing_fail("%s is no graph", argv[2]);
	_cleanup_free_ Agnode_t **nodes = memory_new((drawing.n_boxes + 1) * sizeof(*nodes));
	_cleanup_free_ int *parents = memory_new((drawing.n_boxes + 1) * sizeof(*parents));
	geometry_parents(&drawing, parents);
	for (size_t i = 0; i < drawing.n_boxes; i++) {
		const char *id = drawing.boxes[i].id;

		nodes[i] = id ? find_node(graph, id) : NULL;
		if (id && !nodes[i]) {
			fprintf(stderr, "%s has no node\n", id);
			faults++;
		}
		if (nodes[i])
			faults += check_parent(graph, nodes[i], &drawing.boxes[i],
			        parents[i] < 0 ? NULL : &drawing.boxes[parents[i]]);
		Agnode_t *parent = nodes[i] ? parent_of(graph, nodes[i]) : NULL;
		for (size_t k = i; parent && k-- > 0;) {
			if (!nodes[k] || parent_of(graph, nodes[k]) != parent)
				continue;
			if (place(nodes[k]) <= place(nodes[i])) {
				fprintf(stderr, "%s stands before %s\n", id, drawing.boxes[k].id);
				faults++;
			}
			break;
		}
	}
	agclose(graph);
	fclose(file);
	drawing_release(&drawing);
	return faults > 0;
}
