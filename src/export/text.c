/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include "base/escape.h"
#include "base/memory.h"
#include "export/export.h"
#include "view/words.h"

#include <inttypes.h>

/* The pieces of the tree before a line. */
struct guides {
	const char *child;
	const char *last_child;
	const char *owned;
	const char *through; /* below an ancestor that has more siblings */
	const char *blank;   /* below one that has none */
};

static const struct guides box_drawing = {" ├── ", " └── ", " ⟜ ", " │  ", "    "};
static const struct guides ascii_drawing = {" |-- ", " `-- ", " o ", " |  ", "    "};

/* SGR parameters (console_codes(4)): basic colours, legible on light and dark backgrounds. */
static const char *const colors[NS_TYPES] = {
        [NS_CGROUP] = "33",
        [NS_IPC] = "33",
        [NS_MNT] = "35",
        [NS_NET] = "34",
        [NS_PID] = "32",
        [NS_TIME] = "33",
        [NS_USER] = "36",
        [NS_UTS] = "33",
};

/* For each depth: whether the ancestor of the current line there is a last child. */
struct trail {
	bool *is_last;
	size_t capacity;
};

static void write_indent(
        FILE *out, const struct guides *guides, struct trail *trail, const struct node *node)
{
	trail->is_last = memory_grow(
	        trail->is_last, &trail->capacity, node->depth + 1, sizeof(*trail->is_last));
	trail->is_last[node->depth] = node->is_last;
	if (node->depth == 0)
		return;
	for (unsigned depth = 1; depth < node->depth; depth++)
		fputs(trail->is_last[depth] ? guides->blank : guides->through, out);
	if (node->is_owned)
		fputs(guides->owned, out);
	else
		fputs(node->is_last ? guides->last_child : guides->child, out);
}

static void write_ns(FILE *out, const struct export_request *request, const struct ns *ns)
{
	if (request->is_color)
		fprintf(out, "\033[%sm", colors[ns->type]);
	words_ns(out, ns);
	if (request->is_color)
		fputs("\033[0m", out);
	fputc(' ', out);
}

static void write_node(FILE *out, const struct export_request *request, const struct node *node)
{
	const struct ns *ns = node->ns;

	if (node->process) {
		fprintf(out, "%jd ", (intmax_t)node->process->pid);
		words_process_line_rest(out, node->process, node->differs, request->names);
		if (request->is_long)
			words_process_long(out, node->process);
		return;
	}
	if (!ns) {
		fputs(node_heading(node), out);
		return;
	}
	write_ns(out, request, ns);
	words_line_rest(out, request->model, ns, node->is_owned, request->names);
	if (request->is_long)
		words_long(out, request->model, ns);
}

static void write_tree(FILE *out, const struct export_request *request)
{
	const struct guides *guides = request->is_ascii ? &ascii_drawing : &box_drawing;
	struct hierarchy hierarchy;
	struct trail trail = {0};

	hierarchy_build(&hierarchy, request->model, NULL, &request->view);
	for (size_t i = 0; i < hierarchy.n; i++) {
		write_indent(out, guides, &trail, &hierarchy.nodes[i]);
		write_node(out, request, &hierarchy.nodes[i]);
		fputc('\n', out);
	}
	free(trail.is_last);
	hierarchy_release(&hierarchy);
}

static void write_leaked(FILE *out, const struct export_request *request)
{
	const struct model *model = request->model;

	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		if (!model_is_leaked(ns))
			continue;
		write_ns(out, request, ns);
		words_leaked_rest(out, model, ns, request->names);
		fputc('\n', out);
	}
}

int export_text(FILE *out, const struct export_request *request)
{
	void (*const write)(FILE * out, const struct export_request *request) =
	        request->only_leaked ? write_leaked : write_tree;
	struct text scratch;

	if (!request->is_ascii) {
		write(out, request);
		return 0;
	}
	text_init(&scratch);
	write(text_restart(&scratch), request);
	text_get(&scratch);
	escape_write_ascii(out, scratch.bytes, scratch.len);
	text_release(&scratch);
	return 0;
}
