/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/options.h"

#include "base/memory.h"
#include "base/message.h"
#include "cmd/scan_list.h"
#include "scan/scan.h"
#include "view/audit.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum {
	FOR_NSBROWSE = 1 << PROGRAM_NSBROWSE,
	FOR_LSUSERNS = 1 << PROGRAM_LSUSERNS,
	FOR_LSPIDNS = 1 << PROGRAM_LSPIDNS,
	FOR_GRAPHNS = 1 << PROGRAM_GRAPHNS,
	FOR_LISTS = FOR_LSUSERNS | FOR_LSPIDNS,
	FOR_ALL = FOR_NSBROWSE | FOR_LISTS | FOR_GRAPHNS,
};

static const struct {
	const char *name;
	const char *usage;
	const char *about;
	enum form form;
	enum form plain_form; /* without a screen */
	enum view_kind view;
} programs[PROGRAMS] = {
        [PROGRAM_NSBROWSE] = {"nsbrowse", "[OPTION]... [SNAPSHOT]",
                "Browse the Linux namespaces of this host, or of a SNAPSHOT written by --json\n"
                "(- reads standard input), in a terminal.",
                FORM_SCREEN, FORM_TEXT, VIEW_USER},
        [PROGRAM_LSUSERNS] = {"lsuserns", "[OPTION]...", "Print the hierarchy of user namespaces.",
                FORM_TEXT, FORM_TEXT, VIEW_USER},
        [PROGRAM_LSPIDNS] = {"lspidns", "[OPTION]...",
                "Print the hierarchy of PID namespaces and their owners.", FORM_TEXT, FORM_TEXT,
                VIEW_PID},
        [PROGRAM_GRAPHNS] = {"graphns", "[OPTION]...",
                "Show the graph of user and PID namespaces. Without a terminal, write it as DOT;\n"
                "with -o, in the format of the suffix of FILE.",
                FORM_SCREEN, FORM_DOT, VIEW_USER},
};

/* --- the table of options -------------------------------------------------------------------- */

void options_set(struct options *options, enum setting setting, uint64_t value)
{
	options->settings.values[setting] = value;
	options->is_given[setting] = true;
}

static int parse_view(struct options *options, const char *argument)
{
	if (!view_kind_from_name(argument, &options->view.kind))
		return -EINVAL;
	options->view.is_single = true;
	options_set(options, SETTING_VIEW, options->view.kind);
	return 0;
}

/* Given twice it asks for all of them. */
static int parse_details(struct options *options, _unused_ const char *argument)
{
	options->view.with_all_details = options->view.with_details;
	options->view.with_details = true;
	options_set(options, SETTING_DETAILS, true);
	return 0;
}

static int parse_pid(struct options *options, const char *argument)
{
	char *end;
	const long pid = strtol(argument, &end, 10);

	options->question = QUESTION_PID;
	options->pid = (pid_t)pid;
	/* The largest pid_max: proc_sys_kernel(5). */
	return *argument >= '0' && *argument <= '9' && !*end && pid > 0 && pid <= 1 << 22 ? 0
	                                                                                  : -EINVAL;
}

static int parse_holds(struct options *options, const char *argument)
{
	options->question = QUESTION_HOLDS;
	options->holds = argument;
	return *argument ? 0 : -EINVAL;
}

static int parse_audit(struct options *options, const char *argument)
{
	options->question = QUESTION_AUDIT;
	options->audit_rules = AUDIT_ALL;
	options->has_audit_rules = argument != NULL;
	return argument ? audit_parse(argument, &options->audit_rules) : 0;
}

static int parse_layout(struct options *options, const char *argument)
{
	options->is_by_dot = strcmp(argument, "dot") == 0;
	return options->is_by_dot || strcmp(argument, "tree") == 0 ? 0 : -EINVAL;
}

static int parse_scan(struct options *options, const char *argument)
{
	const int r = scan_list_parse(argument, &options->sources, &options->problem);

	if (r < 0)
		return r;
	settings_set_sources(&options->settings, options->sources);
	for (enum setting setting = 0; setting < SETTINGS; setting++)
		options->is_given[setting] |= settings_is_source(setting, NULL);
	return 0;
}

/* `none` alone, or any of the others. */
static int parse_facts(struct options *options, const char *argument)
{
	static const struct {
		const char *name;
		unsigned bits;
	} words[] = {
	        {"auto", SCAN_FACTS_SHOWN},
	        {"all", SCAN_FACTS_SHOWN | SCAN_FACTS_ALL},
	        {"links", SCAN_FACTS_SHOWN | SCAN_FACTS_LINKS},
	        {"mounts", SCAN_FACTS_SHOWN | SCAN_FACTS_MOUNTS},
	};
	unsigned facts = 0;

	for (const char *word = argument; strcmp(argument, "none") != 0; word++) {
		const size_t len = strcspn(word, ",");
		size_t i = 0;

		while (i < ARRAY_SIZE(words) &&
		        (strlen(words[i].name) != len || memcmp(word, words[i].name, len) != 0))
			i++;
		if (i == ARRAY_SIZE(words))
			return -EINVAL;
		facts |= words[i].bits;
		word += len;
		if (!*word)
			break;
	}
	options->facts = facts;
	return 0;
}

static int parse_color(struct options *options, const char *argument)
{
	static const char *const names[] = {
	        [WHEN_AUTO] = "auto", [WHEN_ALWAYS] = "always", [WHEN_NEVER] = "never"};

	if (!argument)
		argument = "always";
	for (enum when when = 0; when < ARRAY_SIZE(names); when++) {
		if (strcmp(argument, names[when]) != 0)
			continue;
		options->color = when;
		return 0;
	}
	return -EINVAL;
}

/* What an option does. */
struct action {
	enum { SET_BOOL, SET_STRING, SET_REQUEST, SET_FORM, SET_NOTHING, PARSE } kind;
	size_t offset;        /* of the member of struct options: SET_BOOL, SET_STRING */
	unsigned value;       /* of the member, and of the setting */
	enum setting setting; /* set to `value`, or to the argument; SETTINGS: none */
	int (*parse)(struct options *options, const char *argument);
};

/* clang-format off */
#define BOOL(member, value)   {SET_BOOL, offsetof(struct options, member), value, SETTINGS, NULL}
#define BOTH(member, value, setting) {SET_BOOL, offsetof(struct options, member), value, setting, NULL}
#define STRING(member)        {SET_STRING, offsetof(struct options, member), 0, SETTINGS, NULL}
#define REQUEST(request)      {SET_REQUEST, 0, request, SETTINGS, NULL}
#define FORMAT(form)          {SET_FORM, 0, form, SETTINGS, NULL}
#define SETTING_TO(id, value) {SET_NOTHING, 0, value, id, NULL}
#define PARSED(parse)         {PARSE, 0, 0, SETTINGS, parse}
/* clang-format on */

static const struct option_row {
	unsigned programs;
	unsigned letter_for; /* programs that have the letter */
	char letter;
	int has_argument;
	const char *name;
	const char *argument; /* its name in --help */
	struct action action;
	const char *help; /* each line at most 53 characters */
} rows[] = {
#define FORM_OPTION(symbol, programs, name, suffixes, write, help)                                 \
	{programs, 0, 0, no_argument, name, NULL, FORMAT(symbol), help},
        FORMS(FORM_OPTION, )
#undef FORM_OPTION
                {FOR_NSBROWSE | FOR_GRAPHNS, FOR_ALL, 'o', required_argument, "output", "FILE",
                        STRING(output),
                        "write to FILE in the format of its suffix:\n" FORM_SUFFIXES},
        {FOR_NSBROWSE | FOR_GRAPHNS, 0, 0, no_argument, "force", NULL, BOOL(is_forced, true),
                "replace FILE if it exists and is a regular file"},
        {FOR_NSBROWSE, FOR_ALL, 't', required_argument, "view", "VIEW", PARSED(parse_view),
                "view to open or print: user (default), pid, mnt, net,\n"
                "uts, ipc, cgroup, time, all, containers, mounts,\n"
                "processes; DOT and SVG: only this hierarchy (default:\n"
                "user and pid)"},
        {FOR_GRAPHNS, FOR_ALL, 't', required_argument, "view", "VIEW", PARSED(parse_view),
                "DOT, SVG: only this hierarchy: user, pid, mnt, net,\n"
                "uts, ipc, cgroup, time, all, mounts (DOT); screen:\n"
                "view of the list"},
        {FOR_NSBROWSE | FOR_GRAPHNS, FOR_ALL, 'd', no_argument, "details", NULL,
                PARSED(parse_details),
                "show owned namespaces under their user namespace; in\n"
                "DOT and SVG in its box, -dd: in boxes of their own"},
        {FOR_LSUSERNS, FOR_ALL, 'd', no_argument, "details", NULL, PARSED(parse_details),
                "show owned namespaces under their user namespace"},
        {FOR_LSPIDNS, FOR_LSPIDNS, 'u', no_argument, "users", NULL, BOOL(view.by_owner, true),
                "show each one under the user namespace that owns it"},
        {FOR_NSBROWSE | FOR_LISTS, FOR_LISTS, 'l', no_argument, "long", NULL, BOOL(is_long, true),
                "add PIDs and process and holder counts to the tree"},
        {FOR_NSBROWSE, 0, 0, required_argument, "columns", "LIST", STRING(columns_list),
                "text: a table of these columns, or of the default\n"
                "with changes like +id,-procs; screen: show them"},
        {FOR_NSBROWSE, 0, 0, no_argument, "list-columns", NULL, REQUEST(REQUEST_LIST_COLUMNS),
                "print the table of columns"},
        {FOR_ALL, 0, 0, no_argument, "cmdline", NULL, BOTH(with_cmdlines, true, SETTING_CMDLINE),
                "write command lines, which may have secrets, to JSON\nand the tree of processes"},
        {FOR_ALL, 0, 0, no_argument, "no-cmdline", NULL,
                BOTH(with_cmdlines, false, SETTING_CMDLINE),
                "show no command lines, nor write those of a snapshot"},
        {FOR_NSBROWSE, 0, 0, no_argument, "leaked", NULL, BOOL(only_leaked, true),
                "print only namespaces without a process, thread or\nchild, and what holds them"},
        {FOR_NSBROWSE, 0, 0, required_argument, "pid", "N", PARSED(parse_pid),
                "print the PIDs of process N in all PID namespaces,\n"
                "and its container (also with --json)"},
        {FOR_NSBROWSE, 0, 0, required_argument, "in", "NAME", STRING(in),
                "--pid: N is the PID inside this container, pod or PID\n"
                "namespace: a name, the start of an id, pid:[NUMBER];\n"
                "--view=mounts: those of this container, PID or\n"
                "mnt:[NUMBER]"},
        {FOR_NSBROWSE, 0, 0, optional_argument, "audit", "RULES", PARSED(parse_audit),
                "print what containers share with the host and may do\n"
                "(also with --json); RULES: a list, see nsbrowse(1)"},
        {FOR_NSBROWSE, 0, 0, required_argument, "holds", "WHAT", PARSED(parse_holds),
                "print which mount namespaces have a path, MAJ:MIN,\n"
                "device, source or file-system type, and the umount\n"
                "line for each (also with --json)"},
        {FOR_ALL, 0, 0, required_argument, "scan", "LIST", PARSED(parse_scan), scan_list_help},
        {FOR_NSBROWSE | FOR_GRAPHNS, FOR_ALL, 'w', no_argument, "network", NULL,
                BOOL(view.with_links, true),
                "DOT, SVG of --view=net: network picture, with bridges\n"
                "and connected interfaces"},
        {FOR_NSBROWSE, 0, 0, required_argument, "facts", "LIST", PARSED(parse_facts),
                "what is in namespaces: auto (what is shown), none,\n"
                "all (of each, into JSON), links (veth peers, see the\n"
                "manual), mounts (all of each, into JSON)"},
        {FOR_NSBROWSE | FOR_GRAPHNS, 0, 0, no_argument, "collapse", NULL,
                BOOL(view.is_collapsed, true),
                "DOT and SVG: one node for more than 8 similar leaves"},
        {FOR_NSBROWSE | FOR_GRAPHNS, 0, 0, required_argument, "layout", "ENGINE",
                PARSED(parse_layout), "layout of SVG: tree (default) or dot (by Graphviz)"},
        {FOR_LISTS | FOR_GRAPHNS, FOR_ALL, 'f', required_argument, "file", "SNAPSHOT",
                STRING(snapshot), "show a snapshot (-: standard input), not this host"},
        {FOR_ALL, FOR_LISTS, 'c', optional_argument, "color", "WHEN", PARSED(parse_color),
                "colours: auto (default), always (without WHEN), never"},
        {FOR_ALL, 0, 0, no_argument, "ascii", NULL, BOTH(is_ascii, true, SETTING_ASCII),
                "use only ASCII characters"},
        {FOR_NSBROWSE | FOR_GRAPHNS, 0, 0, required_argument, "theme", "NAME",
                SETTING_TO(SETTING_THEME, 0),
                "colours of the screen, of SVG and DOT:\n"
                "auto, dark, light, contrast, mono"},
        {FOR_NSBROWSE | FOR_GRAPHNS, 0, 0, no_argument, "mouse", NULL,
                SETTING_TO(SETTING_MOUSE, true),
                "handle the mouse here instead of in the terminal"},
        {FOR_NSBROWSE | FOR_GRAPHNS, 0, 0, no_argument, "no-mouse", NULL,
                SETTING_TO(SETTING_MOUSE, false), "leave the mouse to the terminal (default)"},
        {FOR_NSBROWSE | FOR_GRAPHNS, 0, 0, required_argument, "delay", "SECONDS",
                SETTING_TO(SETTING_DELAY, 0),
                "seconds between refreshes (default 2; 0: only with r)"},
        {FOR_NSBROWSE | FOR_GRAPHNS, 0, 0, no_argument, "no-events", NULL,
                BOOL(without_events, true), "refresh without events of the kernel"},
        {FOR_NSBROWSE, 0, 0, no_argument, "demo", NULL, BOOL(is_demo, true),
                "show the demo host, a snapshot that is installed"},
        {FOR_NSBROWSE, 0, 0, no_argument, "list-keys", NULL, REQUEST(REQUEST_LIST_KEYS),
                "print the key table"},
        {FOR_NSBROWSE | FOR_GRAPHNS, 0, 0, no_argument, "no-sandbox", NULL,
                BOOL(has_sandbox, false), "keep all privileges, for debugging"},
        {FOR_ALL, FOR_ALL, 'h', no_argument, "help", NULL, REQUEST(REQUEST_HELP),
                "print this help"},
        {FOR_ALL, FOR_ALL, 'V', no_argument, "version", NULL, REQUEST(REQUEST_VERSION),
                "print the version"},
        {FOR_NSBROWSE, 0, 0, no_argument, "verbose", NULL, BOOL(is_verbose, true),
                "with --version: features, kernel interfaces, sandbox"},
};

static int apply(struct options *options, const struct option_row *row, const char *argument)
{
	const struct action *action = &row->action;
	void *const member = (char *)options + action->offset;
	uint64_t value = action->value;
	int r = 0;

	switch (action->kind) {
	case PARSE:
		return action->parse(options, argument);
	case SET_BOOL:
		*(bool *)member = value;
		break;
	case SET_STRING:
		*(const char **)member = argument;
		break;
	case SET_REQUEST:
		options->request = (enum request)value;
		break;
	case SET_FORM:
		options->form = (enum form)value;
		options->is_form_given = true;
		break;
	case SET_NOTHING:
		break;
	}
	if (action->setting == SETTINGS)
		return 0;
	if (argument)
		r = settings_parse(action->setting, argument, &value);
	if (r == 0)
		options_set(options, action->setting, value);
	return r;
}

/* --- names and help -------------------------------------------------------------------------- */

enum { FIRST_LONG = 256 }; /* getopt values of rows: FIRST_LONG + index */

const char *options_program_name(enum program program)
{
	return programs[program].name;
}

static bool has_letter(const struct option_row *row, enum program program)
{
	return row->letter && (row->letter_for & (1u << program));
}

enum { HELP_COLUMN = 27 }; /* of the text of an option; --help is 80 columns wide */

static void help_row(const struct option_row *row, enum program program, FILE *out)
{
	char letter[] = {'-', row->letter, ',', '\0'};
	const bool is_optional = row->has_argument == optional_argument;
	_cleanup_free_ char *name =
	        !row->argument ? memory_strdup(row->name)
	                       : memory_printf("%s%s%s%s", row->name, is_optional ? "[=" : "=",
	                                 row->argument, is_optional ? "]" : "");

	fprintf(out, "  %-3s --%-18s ", has_letter(row, program) ? letter : "", name);
	for (const char *c = row->help; *c; c++) {
		fputc(*c, out);
		if (*c == '\n')
			fprintf(out, "%*s", HELP_COLUMN, "");
	}
	fputc('\n', out);
}

void options_help(enum program program, FILE *out)
{
	fprintf(out, "Usage: %s %s\n%s\n\n", programs[program].name, programs[program].usage,
	        programs[program].about);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].programs & (1u << program))
			help_row(&rows[i], program, out);
	}
	fprintf(out, "\nExit status: 0 success, 1 failure, 2 wrong usage. See %s(1).\n",
	        programs[program].name);
}

/* --- parsing --------------------------------------------------------------------------------- */

/* The two tables of getopt_long(3). */
struct getopt_tables {
	char letters[2 + 3 * ARRAY_SIZE(rows) + 1];
	struct option longs[ARRAY_SIZE(rows) + 1];
};

static void make_tables(enum program program, struct getopt_tables *tables)
{
	size_t n_letters = 0, n_longs = 0;

	tables->letters[n_letters++] = ':'; /* getopt_long returns it if an argument is missing */
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!(rows[i].programs & (1u << program)))
			continue;
		tables->longs[n_longs++] = (struct option){
		        rows[i].name, rows[i].has_argument, NULL, FIRST_LONG + (int)i};
		if (!has_letter(&rows[i], program))
			continue;
		tables->letters[n_letters++] = rows[i].letter;
		for (int colons = 0; colons < rows[i].has_argument; colons++)
			tables->letters[n_letters++] = ':';
	}
	tables->letters[n_letters] = '\0';
	tables->longs[n_longs] = (struct option){0};
}

static const struct option_row *row_of(enum program program, int value)
{
	if (value >= FIRST_LONG)
		return &rows[value - FIRST_LONG];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if ((rows[i].programs & (1u << program)) && has_letter(&rows[i], program) &&
		        rows[i].letter == value)
			return &rows[i];
	}
	return NULL;
}

int options_usage_error(enum program program, const char *what, const char *why)
{
	_cleanup_free_ char *all =
	        memory_printf("%s (see %s --help)", why, options_program_name(program));

	message_error(what, all);
	return -EINVAL;
}

/* Reports the argument that getopt_long refused. */
static int report(enum program program, char **argv, int value)
{
	const char letter[] = {'-', (char)optopt, '\0'};
	const bool is_letter = optopt > 0 && optopt < FIRST_LONG;
	const char *what = is_letter ? letter : argv[optind - 1];

	if (value == ':')
		return options_usage_error(program, what, "needs an argument");
	if (optopt >= FIRST_LONG)
		return options_usage_error(program, what, "takes no argument");
	return options_usage_error(program, what, "unknown or ambiguous option");
}

static int parse_rows(struct options *options, int argc, char **argv)
{
	struct getopt_tables tables;
	int value;

	make_tables(options->program, &tables);
	opterr = 0;
	while ((value = getopt_long(argc, argv, tables.letters, tables.longs, NULL)) >= 0) {
		const struct option_row *row;

		if (value == '?' || value == ':')
			return report(options->program, argv, value);
		row = row_of(options->program, value);
		if (apply(options, row, optarg) < 0) {
			_cleanup_free_ char *why =
			        memory_printf("no such %s for --%s", row->argument, row->name);

			return options_usage_error(options->program, optarg,
			        options->problem ? options->problem : why);
		}
	}
	return 0;
}

static int parse_rest(struct options *options, int argc, char **argv)
{
	if (optind == argc)
		return 0;
	if (options->program != PROGRAM_NSBROWSE)
		return options_usage_error(options->program, argv[optind], "unexpected argument");
	if (argc - optind > 1)
		return options_usage_error(
		        options->program, argv[optind + 1], "more than one snapshot");
	if (options->is_demo)
		return options_usage_error(options->program, argv[optind], "not with --demo");
	options->snapshot = argv[optind];
	return 0;
}

void options_use_plain_form(struct options *options)
{
	if (options->form == FORM_SCREEN)
		options->form = programs[options->program].plain_form;
}

enum export_cmdlines options_cmdlines(const struct options *options)
{
	if (options->with_cmdlines)
		return EXPORT_CMDLINES;
	return options->snapshot && !options->is_given[SETTING_CMDLINE] ? EXPORT_JSON_CMDLINES
	                                                                : EXPORT_NO_CMDLINES;
}

enum export_theme options_theme(const struct options *options)
{
	static const enum export_theme themes[THEME_NAMES] = {
	        [THEME_AUTO] = EXPORT_THEME_AUTO,
	        [THEME_DARK] = EXPORT_THEME_DARK,
	        [THEME_LIGHT] = EXPORT_THEME_LIGHT,
	        [THEME_CONTRAST] = EXPORT_THEME_MONO,
	        [THEME_MONO] = EXPORT_THEME_MONO,
	};

	return options->is_given[SETTING_THEME] ? themes[options->settings.values[SETTING_THEME]]
	                                        : EXPORT_THEME_AUTO;
}

int options_parse(enum program program, int argc, char **argv, struct options *ret)
{
	struct options options = {
	        .program = program,
	        .form = programs[program].form,
	        .view = {.kind = programs[program].view},
	        .sources = SCAN_SOURCES_DEFAULT,
	        .facts = SCAN_FACTS_SHOWN,
	        .has_sandbox = true,
	};
	int r;

	settings_init(&options.settings);
	r = parse_rows(&options, argc, argv);

	if (r >= 0 && options.request == REQUEST_WORK)
		r = parse_rest(&options, argc, argv);
	if (r >= 0 && options.request == REQUEST_WORK)
		r = options_check(&options);
	if (r < 0)
		return r;
	/* The picture is made of them. */
	if (options.view.with_links && options.facts)
		options.facts |= SCAN_FACTS_ALL | SCAN_FACTS_LINKS;
	if (options.form == FORM_METRICS && options.facts)
		options.facts |= SCAN_FACTS_USER;
	if (options.question == QUESTION_HOLDS)
		options.facts |= SCAN_FACTS_MOUNTS;
	*ret = options;
	return 0;
}
