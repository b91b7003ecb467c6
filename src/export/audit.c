/* SPDX-License-Identifier: Apache-2.0 */
#include "view/audit.h"

#include "export/export.h"
#include "export/grid.h"
#include "export/json_container.h"
#include "view/words.h"
#include "view/words_container.h"

/* --- text ------------------------------------------------------------------------------------- */

static bool is_wanted(const struct audit *audit, enum audit_rule rule)
{
	return audit->rules >> rule & 1;
}

static unsigned count_rules(const struct audit *audit)
{
	unsigned n = 0;

	for (enum audit_rule rule = 0; rule < AUDIT_RULES; rule++)
		n += is_wanted(audit, rule);
	return n;
}

static void write_row(struct grid *grid, const struct audit *audit, const struct audit_row *row)
{
	static const char *const states[AUDIT_STATES] = {
	        [AUDIT_NO] = "no", [AUDIT_YES] = "yes", [AUDIT_UNKNOWN] = "?"};

	words_container(grid_cell(grid), row->container);
	audit_write_verdict(grid_cell(grid), row);
	for (enum audit_rule rule = 0; rule < AUDIT_RULES; rule++) {
		if (is_wanted(audit, rule))
			fputs(states[row->findings[rule].state], grid_cell(grid));
	}
}

/* A row a container, a column a rule. */
static void write_table(FILE *out, const struct audit *audit, bool is_ascii)
{
	struct grid grid;

	grid_init(&grid, 2 + count_rules(audit), 0, is_ascii);
	fputs("CONTAINER", grid_cell(&grid));
	fputs("VERDICT", grid_cell(&grid));
	for (enum audit_rule rule = 0; rule < AUDIT_RULES; rule++) {
		if (!is_wanted(audit, rule))
			continue;
		FILE *const cell = grid_cell(&grid);

		for (const char *c = audit_rules[rule].name; *c; c++)
			fputc(*c - 'a' + 'A', cell);
	}
	for (size_t i = 0; i < audit->n; i++)
		write_row(&grid, audit, &audit->rows[i]);
	grid_write(&grid, out);
	grid_release(&grid);
}

static void write_finding(struct grid *grid, const struct audit_row *row, enum audit_rule rule)
{
	const struct audit_finding *const finding = &row->findings[rule];

	if (finding->state == AUDIT_NO)
		return;
	words_container(grid_cell(grid), row->container);
	fputs(audit_rules[rule].name, grid_cell(grid));
	fprintf(grid_cell(grid), "%s%s",
	        finding->state == AUDIT_UNKNOWN ? "unknown" : audit_level_name(finding->level),
	        finding->is_open ? "+" : "");
	fputs(finding->text, grid_cell(grid));
}

/* A row for each thing that was found, or that is not known. */
static void write_findings(FILE *out, const struct audit *audit, bool is_ascii)
{
	struct grid grid;

	grid_init(&grid, 4, 0, is_ascii);
	for (size_t i = 0; i < audit->n; i++) {
		for (enum audit_rule rule = 0; rule < AUDIT_RULES; rule++)
			write_finding(&grid, &audit->rows[i], rule);
	}
	if (grid.has_cell) {
		fputc('\n', out);
		grid_write(&grid, out);
	}
	grid_release(&grid);
}

static void write_text(FILE *out, const struct export_request *request, const struct audit *audit)
{
	if (!audit->n) {
		fputs(audit->may_lack ? "no container known\n" : "no container\n", out);
		return;
	}
	write_table(out, audit, request->is_ascii);
	write_findings(out, audit, request->is_ascii);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void write_json_finding(
        struct json_writer *w, enum audit_rule rule, const struct audit_finding *finding)
{
	static const char *const states[AUDIT_STATES] = {
	        [AUDIT_NO] = "no", [AUDIT_YES] = "yes", [AUDIT_UNKNOWN] = "unknown"};

	json_write_open(w, '{');
	json_container_string(w, "rule", audit_rules[rule].name);
	json_container_string(w, "state", states[finding->state]);
	if (finding->state != AUDIT_UNKNOWN)
		json_container_string(w, "verdict", audit_level_name(finding->level));
	if (finding->state == AUDIT_UNKNOWN || finding->is_open)
		json_container_string(w, "at_most", audit_level_name(audit_at_most(finding)));
	json_container_string(w, "text", finding->text);
	json_write_close(w, '}');
}

static void write_json_row(
        struct json_writer *w, const struct audit *audit, const struct audit_row *row)
{
	json_write_open(w, '{');
	json_write_key(w, "container");
	json_container_write(w, row->container);
	json_write_key(w, "leader");
	if (row->container->leader)
		json_write_number(w, (uint64_t)row->container->leader->pid);
	else
		json_write_null(w);
	json_container_string(w, "verdict", audit_level_name(row->verdict));
	json_write_key(w, "may_be_worse");
	json_write_bool(w, row->is_open);
	json_write_key(w, "rules");
	json_write_open(w, '[');
	for (enum audit_rule rule = 0; rule < AUDIT_RULES; rule++) {
		if (!is_wanted(audit, rule))
			continue;
		json_write_line(w, 4);
		write_json_finding(w, rule, &row->findings[rule]);
	}
	json_write_close(w, ']');
	json_write_close(w, '}');
}

/* What the rules test, and what a finding is at most. */
static void write_json_rules(struct json_writer *w, const struct audit *audit)
{
	json_write_key(w, "rules");
	json_write_open(w, '[');
	for (enum audit_rule rule = 0; rule < AUDIT_RULES; rule++) {
		if (!is_wanted(audit, rule))
			continue;
		json_write_line(w, 2);
		json_write_open(w, '{');
		json_container_string(w, "rule", audit_rules[rule].name);
		json_container_string(w, "at_most", audit_level_name(audit_rules[rule].level));
		json_container_string(w, "help", audit_rules[rule].help);
		json_write_close(w, '}');
	}
	json_write_close(w, ']');
}

static void write_json(FILE *out, const struct audit *audit)
{
	struct json_writer w;

	json_write_init(&w, out);
	json_write_open(&w, '{');
	json_container_string(&w, "format", "nsbrowse-audit");
	json_container_number(&w, "version", 1);
	json_write_key(&w, "complete");
	json_write_bool(&w, !audit->may_lack);
	write_json_rules(&w, audit);
	json_write_key(&w, "containers");
	json_write_open(&w, '[');
	for (size_t i = 0; i < audit->n; i++) {
		json_write_line(&w, 2);
		write_json_row(&w, audit, &audit->rows[i]);
	}
	if (audit->n)
		json_write_line_end(&w, 0);
	json_write_close(&w, ']');
	json_write_close(&w, '}');
	json_write_finish(&w);
	fputc('\n', out);
}

int export_audit(FILE *out, const struct export_request *request, const void *audit, bool is_json)
{
	if (is_json)
		write_json(out, audit);
	else
		write_text(out, request, audit);
	return 0;
}
