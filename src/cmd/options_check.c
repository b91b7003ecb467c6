/* SPDX-License-Identifier: Apache-2.0 */

/* What options need and exclude, and what they are together. */

#include "base/escape.h"
#include "base/memory.h"
#include "base/message.h"
#include "cmd/options.h"
#include "scan/scan.h"

#include <errno.h>
#include <string.h>

static int column_error(const char *why, const char *name, size_t len)
{
	_cleanup_free_ char *raw = memory_printf("%.*s", (int)len, name);
	_cleanup_free_ char *text = escape_text(raw);
	_cleanup_free_ char *all = memory_printf("%s: %s (see nsbrowse --list-columns)", why, text);

	message_error("--columns", all);
	return -EINVAL;
}

/* Without an option for the format the suffix of the file selects it. */
static int choose_form(struct options *options)
{
	if (options->is_form_given || !options->output || strcmp(options->output, "-") == 0) {
		if (options->output)
			options_use_plain_form(options);
		return 0;
	}
	if (!output_form_from_suffix(options->output, &options->form))
		return options_usage_error(options->program, options->output, FORM_BAD_SUFFIX);
	return 0;
}

static int choose_columns(struct options *options)
{
	const enum view_kind view = options->only_leaked ? VIEW_ALL : options->view.kind;
	const char *bad;
	size_t len;
	uint64_t choice;
	int r;

	if (!options->columns_list)
		return 0;
	if (options->form != FORM_TEXT && options->form != FORM_SCREEN)
		return options_usage_error(options->program, "--columns", "writes only text");
	if (options->is_long)
		return options_usage_error(options->program, "--long", "not with --columns");
	r = column_list_parse(&options->columns, options->columns_list, view, &bad, &len);
	if (r == -ENOENT)
		return column_error("not a column of this view", bad, len);
	if (r < 0)
		return column_error("unknown column", bad, len);
	if (!options->columns.n)
		return options_usage_error(options->program, "--columns", "no column is left");
	if (options->is_given[SETTING_CMDLINE] && !options->with_cmdlines &&
	        column_list_has(&options->columns, COLUMN_CMDLINE))
		return options_usage_error(
		        options->program, "--no-cmdline", "not with the column cmdline");
	if (column_choice_parse(options->columns_list, &choice) == 0)
		options_set(options, SETTING_COLUMNS, choice);
	return 0;
}

/* The option of the question. */
static const char *question_option(const struct options *options)
{
	static const char *const names[] = {[QUESTION_PID] = "--pid",
	        [QUESTION_AUDIT] = "--audit",
	        [QUESTION_HOLDS] = "--holds"};

	return names[options->question];
}

static bool is_scan_given(const struct options *options)
{
	for (enum setting setting = 0; setting < SETTINGS; setting++) {
		if (settings_is_source(setting, NULL) && options->is_given[setting])
			return true;
	}
	return false;
}

static int check_question(struct options *options)
{
	/* A PID is that of a process. */
	if (options->question == QUESTION_PID && !is_scan_given(options))
		options->sources = 1u << SOURCE_PROCESS;
	options_use_plain_form(options);
	if (options->in && options->question != QUESTION_PID)
		return options_usage_error(
		        options->program, "--in", "needs --pid or --view=mounts");
	if (options->form != FORM_TEXT && options->form != FORM_JSON)
		return options_usage_error(
		        options->program, question_option(options), "writes only text and JSON");
	if (options->only_leaked)
		return options_usage_error(
		        options->program, "--leaked", "not with --pid, --audit or --holds");
	if (options->holds && (options->pid || options->audit_rules))
		return options_usage_error(
		        options->program, "--holds", "not with --pid or --audit");
	if (options->pid && options->audit_rules)
		return options_usage_error(options->program, "--audit", "not with --pid");
	return 0;
}

/* --in without a question: it is about the mounts that are written. */
static int check_in(struct options *options)
{
	options_use_plain_form(options);
	if (options->view.kind != VIEW_MOUNTS)
		return options_usage_error(
		        options->program, "--in", "needs --pid or --view=mounts");
	if (options->form == FORM_JSON || options->form == FORM_METRICS)
		return options_usage_error(
		        options->program, "--in", "with --view=mounts only text and DOT");
	return 0;
}

/* Checks options that need or exclude others. */
static int check_combinations(struct options *options)
{
	if (options->is_verbose)
		return options_usage_error(options->program, "--verbose", "needs --version");
	if (options->is_by_dot && options->form != FORM_SVG && options->form != FORM_SCREEN)
		return options_usage_error(options->program, "--layout", "needs SVG");
	if (options->question)
		return check_question(options);
	if (options->in)
		return check_in(options);
	if (!options->only_leaked)
		return 0;
	options_use_plain_form(options);
	if (options->form != FORM_TEXT)
		return options_usage_error(options->program, "--leaked", "writes only text");
	return 0;
}

int options_check(struct options *options)
{
	int r = choose_form(options);

	if (r >= 0)
		r = check_combinations(options);
	return r >= 0 ? choose_columns(options) : r;
}

unsigned options_facts(const struct options *options)
{
	const bool with_mounts = options->form != FORM_SCREEN && options->view.kind == VIEW_MOUNTS;

	return options->facts | (with_mounts ? SCAN_FACTS_MOUNTS : 0);
}

bool options_reads_cmdlines(const struct options *options)
{
	return options->form == FORM_SCREEN || options->with_cmdlines ||
	       column_list_has(&options->columns, COLUMN_CMDLINE);
}

/* Which namespaces a picture of processes or of containers would show is not defined. */
static bool is_picture_of_none(const struct options *options)
{
	return options->view.is_single &&
	       (options->view.kind == VIEW_PROCESSES || options->view.kind == VIEW_CONTAINERS) &&
	       (options->form == FORM_DOT || options->form == FORM_SVG);
}

/* Only Graphviz lays them out. */
static bool is_svg_of_mounts(const struct options *options)
{
	return options->view.is_single && options->view.kind == VIEW_MOUNTS &&
	       options->form == FORM_SVG && !options->is_by_dot;
}

/* A network picture shows network namespaces only. */
static bool is_network_of_others(const struct options *options)
{
	const bool is_net = options->view.is_single && options->view.kind == VIEW_NET;

	return options->view.with_links &&
	       (!is_net || (options->form != FORM_DOT && options->form != FORM_SVG));
}

int options_check_form(const struct options *options)
{
	const bool is_process_tree = options->view.kind == VIEW_PROCESSES &&
	                             !options->only_leaked && !options->columns_list;
	const bool has_cmdlines =
	        options->form == FORM_SCREEN || options->form == FORM_JSON ||
	        (options->form == FORM_TEXT &&
	                (is_process_tree || column_list_has(&options->columns, COLUMN_CMDLINE)));

	if (options->request != REQUEST_WORK)
		return 0;
	if (is_picture_of_none(options))
		return options_usage_error(options->program, "--view",
		        options->view.kind == VIEW_PROCESSES
		                ? "DOT and SVG cannot show processes"
		                : "DOT and SVG show containers beside namespaces");
	if (is_svg_of_mounts(options))
		return options_usage_error(options->program, "--view",
		        "SVG shows mounts only with --layout=dot (or write DOT)");
	if (is_network_of_others(options))
		return options_usage_error(options->program, "--network",
		        "needs --view=net and DOT or SVG (on the screen: w on the graph)");
	if (!options->with_cmdlines || has_cmdlines)
		return 0;
	return options_usage_error(options->program, "--cmdline",
	        options->program == PROGRAM_NSBROWSE ? "needs JSON or the tree of --view=processes"
	                                             : "needs JSON");
}
