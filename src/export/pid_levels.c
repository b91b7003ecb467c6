/* SPDX-License-Identifier: Apache-2.0 */
#include "export/export.h"
#include "export/grid.h"
#include "export/json_container.h"
#include "view/pid_query.h"
#include "view/words.h"
#include "view/words_container.h"

#include <inttypes.h>

/* The innermost container that it is in; a nested one is a claim of the outer one. */
static const struct container *innermost(const struct process *process)
{
	return process->claim ? process->claim : process->container;
}

/* A process that is only in the PID namespace of the scan may have no list of levels. */
static size_t count_levels(const struct process *process)
{
	return process->n_nspid ? process->n_nspid : 1;
}

static pid_t pid_at(const struct process *process, size_t level)
{
	return process->n_nspid ? process->nspid[level] : process->pid;
}

/* --- text ------------------------------------------------------------------------------------- */

static void write_container(struct grid *grid, const char *what, const struct container *container,
        const struct names *names)
{
	fputs(what, grid_cell(grid));
	FILE *const out = grid_cell(grid);

	if (!container) {
		fputs("none known", out);
		return;
	}
	words_container(out, container);
	/* A name may be that of several. */
	if (container->name) {
		const struct container unnamed = {.kind = container->kind,
		        .kind_name = container->kind_name,
		        .id = container->id};

		fputs(" (", out);
		words_container(out, &unnamed);
		fputc(')', out);
	}
	fputs(": ", out);
	words_container_trust(out, container, names);
}

static void write_process(
        FILE *out, const struct export_request *request, const struct process *process)
{
	struct grid grid;

	grid_init(&grid, 2, 0, request->is_ascii);
	fputs("process", grid_cell(&grid));
	words_process(grid_cell(&grid), process);
	write_container(&grid, "container", process->container, request->names);
	for (const struct container *c = process->claim; c && c != process->container; c = c->outer)
		write_container(&grid, "nested", c, request->names);
	grid_write(&grid, out);
	grid_release(&grid);
}

static void write_level(struct grid *grid, const struct export_request *request,
        const struct process *process, size_t level)
{
	const struct ns *const ns = pid_query_level(process, level);
	FILE *out = grid_cell(grid);

	if (ns)
		words_ns(out, ns);
	else
		fputs("unknown", out);
	fprintf(grid_cell(grid), "%jd", (intmax_t)pid_at(process, level));
	out = grid_cell(grid);
	if (ns)
		words_leader(out, request->model, ns);
	else
		fputs("unknown", out);
	out = grid_cell(grid);
	if (ns && ns->leader && innermost(ns->leader))
		words_container(out, innermost(ns->leader));
}

static void write_text(
        FILE *out, const struct export_request *request, const struct process *process)
{
	struct grid grid;

	write_process(out, request, process);
	fputc('\n', out);
	grid_init(&grid, 4, 1u << 1, request->is_ascii);
	fputs("NAMESPACE", grid_cell(&grid));
	fputs("PID", grid_cell(&grid));
	fputs("LEADER", grid_cell(&grid));
	fputs("CONTAINER", grid_cell(&grid));
	for (size_t i = 0; i < count_levels(process); i++)
		write_level(&grid, request, process, i);
	grid_write(&grid, out);
	grid_release(&grid);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void write_json_level(struct json_writer *w, const struct process *process, size_t level)
{
	const struct ns *const ns = pid_query_level(process, level);

	json_write_open(w, '{');
	json_write_key(w, "namespace");
	if (ns)
		json_write_number(w, ns->inode);
	else
		json_write_null(w);
	json_container_number(w, "pid", (uint64_t)pid_at(process, level));
	json_write_key(w, "leader");
	if (ns && ns->leader)
		json_write_number(w, (uint64_t)ns->leader->pid);
	else
		json_write_null(w);
	json_write_key(w, "container");
	json_container_write(w, ns && ns->leader ? innermost(ns->leader) : NULL);
	json_write_close(w, '}');
}

static void write_json(FILE *out, const struct process *process)
{
	struct json_writer w;

	json_write_init(&w, out);
	json_write_open(&w, '{');
	json_container_string(&w, "format", "nsbrowse-pid");
	json_container_number(&w, "version", 1);
	json_container_number(&w, "pid", (uint64_t)process->pid);
	json_container_string(&w, "name", process->name ? process->name : "");
	json_write_key(&w, "container");
	json_container_write(&w, process->container);
	json_write_key(&w, "nested");
	json_container_write(&w, process->claim);
	json_write_key(&w, "levels");
	json_write_open(&w, '[');
	for (size_t i = 0; i < count_levels(process); i++) {
		json_write_line(&w, 2);
		write_json_level(&w, process, i);
	}
	json_write_line_end(&w, 0);
	json_write_close(&w, ']');
	json_write_close(&w, '}');
	json_write_finish(&w);
	fputc('\n', out);
}

int export_pid_levels(
        FILE *out, const struct export_request *request, const void *process, bool is_json)
{
	if (is_json)
		write_json(out, process);
	else
		write_text(out, request, process);
	return 0;
}
