/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/options.h"

#include "base/memory.h"
#include "base/message.h"
#include "cmd/sources.h"
#include "scan/scan.h"

#include <getopt.h>
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
	enum form plain_form; /* where there is no screen */
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

static int take_form(struct options *options, enum form form)
{
	options->form = form;
	options->is_form_given = true;
	return 0;
}

/* set_FORM_TEXT, ...: one for each form. */
#define FORM_SETTER(symbol, ...)                                                                   \
	static int set_##symbol(struct options *options, _unused_ const char *argument)            \
	{                                                                                          \
		return take_form(options, symbol);                                                 \
	}
FORMS(FORM_SETTER, )
#undef FORM_SETTER

static int set_output(struct options *options, const char *argument)
{
	options->output = argument;
	return 0;
}

static int set_force(struct options *options, _unused_ const char *argument)
{
	options->is_forced = true;
	return 0;
}

/* What the screen shows, too. */
static int give(struct options *options, enum setting setting, unsigned value)
{
	options->settings.values[setting] = value;
	options->is_given[setting] = true;
	return 0;
}

static int set_view(struct options *options, const char *argument)
{
	if (!view_kind_from_name(argument, &options->view.kind))
		return -EINVAL;
	return give(options, SETTING_VIEW, options->view.kind);
}

static int set_details(struct options *options, _unused_ const char *argument)
{
	options->view.with_details = true;
	return give(options, SETTING_DETAILS, true);
}

static int set_collapse(struct options *options, _unused_ const char *argument)
{
	options->view.is_collapsed = true;
	return 0;
}

static int set_layout(struct options *options, const char *argument)
{
	options->is_by_dot = strcmp(argument, "dot") == 0;
	return options->is_by_dot || strcmp(argument, "tree") == 0 ? 0 : -EINVAL;
}

static int set_long(struct options *options, _unused_ const char *argument)
{
	options->is_long = true;
	return 0;
}

static int set_users(struct options *options, _unused_ const char *argument)
{
	options->view.by_owner = true;
	return 0;
}

static int set_leaked(struct options *options, _unused_ const char *argument)
{
	options->only_leaked = true;
	return 0;
}

static int set_scan(struct options *options, const char *argument)
{
	return sources_parse(argument, &options->sources, &options->problem);
}

static int set_color(struct options *options, const char *argument)
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

static int set_ascii(struct options *options, _unused_ const char *argument)
{
	options->is_ascii = true;
	return give(options, SETTING_ASCII, true);
}

static int set_mouse(struct options *options, _unused_ const char *argument)
{
	return give(options, SETTING_MOUSE, true);
}

static int set_no_mouse(struct options *options, _unused_ const char *argument)
{
	return give(options, SETTING_MOUSE, false);
}

static int give_parsed(struct options *options, enum setting setting, const char *argument)
{
	unsigned value;
	const int r = settings_parse(setting, argument, &value);

	return r < 0 ? r : give(options, setting, value);
}

static int set_theme(struct options *options, const char *argument)
{
	return give_parsed(options, SETTING_THEME, argument);
}

static int set_delay(struct options *options, const char *argument)
{
	return give_parsed(options, SETTING_DELAY, argument);
}

static int set_snapshot(struct options *options, const char *argument)
{
	options->snapshot = argument;
	return 0;
}

static int set_no_sandbox(struct options *options, _unused_ const char *argument)
{
	options->has_sandbox = false;
	return 0;
}

static int set_list_keys(struct options *options, _unused_ const char *argument)
{
	options->request = REQUEST_LIST_KEYS;
	return 0;
}

static int set_help(struct options *options, _unused_ const char *argument)
{
	options->request = REQUEST_HELP;
	return 0;
}

static int set_verbose(struct options *options, _unused_ const char *argument)
{
	options->is_verbose = true;
	return 0;
}

static int set_version(struct options *options, _unused_ const char *argument)
{
	options->request = REQUEST_VERSION;
	return 0;
}

static const struct option_row {
	unsigned programs;
	unsigned letter_for; /* programs that have the letter too */
	char letter;
	int has_argument;
	const char *name;
	const char *argument; /* its name in --help */
	int (*set)(struct options *options, const char *argument);
	const char *help;
} rows[] = {
#define FORM_OPTION(symbol, programs, name, suffixes, write, help)                                 \
	{programs, 0, 0, no_argument, name, NULL, set_##symbol, help},
        FORMS(FORM_OPTION, )
#undef FORM_OPTION
                {FOR_NSBROWSE | FOR_GRAPHNS, FOR_ALL, 'o', required_argument, "output", "FILE",
                        set_output,
                        "write to FILE in the format of its suffix (" FORM_SUFFIXES ")"},
        {FOR_NSBROWSE | FOR_GRAPHNS, 0, 0, no_argument, "force", NULL, set_force,
                "replace FILE if it exists and is a regular file"},
        {FOR_NSBROWSE, FOR_ALL, 't', required_argument, "view", "VIEW", set_view,
                "view to open or print: user (default), pid, mnt, net, uts, ipc, cgroup,\n"
                "                           time, all, processes"},
        {FOR_NSBROWSE | FOR_LSUSERNS | FOR_GRAPHNS, FOR_ALL, 'd', no_argument, "details", NULL,
                set_details, "show owned namespaces under their user namespace"},
        {FOR_LSPIDNS, FOR_LSPIDNS, 'u', no_argument, "users", NULL, set_users,
                "show each one under the user namespace that owns it"},
        {FOR_NSBROWSE | FOR_LISTS, FOR_LISTS, 'l', no_argument, "long", NULL, set_long,
                "in the tree, add PIDs and the counts of processes and holders"},
        {FOR_NSBROWSE, 0, 0, no_argument, "leaked", NULL, set_leaked,
                "print only namespaces held by descriptors, mounts or sockets alone"},
        {FOR_ALL, 0, 0, required_argument, "scan", "LIST", set_scan,
                "sources: all, quick, process,thread,fd,mount,socket,mntns, or changes\n"
                "                           like +socket,-fd; default: all but socket"},
        {FOR_NSBROWSE | FOR_GRAPHNS, 0, 0, no_argument, "collapse", NULL, set_collapse,
                "in DOT and SVG, draw more than 8 similar leaves as one node"},
        {FOR_NSBROWSE | FOR_GRAPHNS, 0, 0, required_argument, "layout", "ENGINE", set_layout,
                "layout of SVG: tree (built in, default) or dot (Graphviz)"},
        {FOR_LISTS | FOR_GRAPHNS, FOR_ALL, 'f', required_argument, "file", "SNAPSHOT", set_snapshot,
                "show a snapshot (- is standard input) instead of this host"},
        {FOR_ALL, FOR_LISTS, 'c', optional_argument, "color", "WHEN", set_color,
                "colours: auto (default), always (without WHEN), never"},
        {FOR_ALL, 0, 0, no_argument, "ascii", NULL, set_ascii, "use only ASCII characters"},
        {FOR_NSBROWSE | FOR_GRAPHNS, 0, 0, required_argument, "theme", "NAME", set_theme,
                "colours of the screen: auto, dark, light, contrast, mono"},
        {FOR_NSBROWSE | FOR_GRAPHNS, 0, 0, no_argument, "mouse", NULL, set_mouse,
                "handle the mouse here instead of in the terminal"},
        {FOR_NSBROWSE | FOR_GRAPHNS, 0, 0, no_argument, "no-mouse", NULL, set_no_mouse,
                "leave the mouse to the terminal (default)"},
        {FOR_NSBROWSE | FOR_GRAPHNS, 0, 0, required_argument, "delay", "SECONDS", set_delay,
                "seconds between refreshes (default 2; 0: only with r)"},
        {FOR_NSBROWSE, 0, 0, no_argument, "list-keys", NULL, set_list_keys, "print the key table"},
        {FOR_NSBROWSE | FOR_GRAPHNS, 0, 0, no_argument, "no-sandbox", NULL, set_no_sandbox,
                "keep all privileges, for debugging"},
        {FOR_ALL, FOR_ALL, 'h', no_argument, "help", NULL, set_help, "print this help"},
        {FOR_ALL, FOR_ALL, 'V', no_argument, "version", NULL, set_version, "print the version"},
        {FOR_NSBROWSE, 0, 0, no_argument, "verbose", NULL, set_verbose,
                "with --version: also features, kernel interfaces, sandbox"},
};

enum { FIRST_LONG = 256 }; /* getopt values of rows: FIRST_LONG + index */

const char *program_name(enum program program)
{
	return programs[program].name;
}

/* True if `path` ends in one of the suffixes, with something before it. */
static bool has_suffix(const char *path, const char *suffixes)
{
	const size_t len = strlen(path);

	for (size_t n; *suffixes; suffixes += n + strspn(suffixes + n, " ")) {
		n = strcspn(suffixes, " ");
		if (len > n && strncmp(path + len - n, suffixes, n) == 0)
			return true;
	}
	return false;
}

bool form_from_suffix(const char *path, enum form *ret)
{
	static const struct {
		enum form form;
		const char *suffixes;
	} forms[] = {
#define FORM_ROW(symbol, programs, name, suffixes, ...) {symbol, suffixes},
	        FORMS(FORM_ROW, )
#undef FORM_ROW
	};

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		if (!has_suffix(path, forms[i].suffixes))
			continue;
		*ret = forms[i].form;
		return true;
	}
	return false;
}

static bool has_letter(const struct option_row *row, enum program program)
{
	return row->letter && (row->letter_for & (1u << program));
}

static void help_row(const struct option_row *row, enum program program, FILE *out)
{
	char letter[] = {'-', row->letter, ',', '\0'};
	const bool is_optional = row->has_argument == optional_argument;
	_cleanup_free_ char *name =
	        !row->argument ? memory_strdup(row->name)
	                       : memory_printf("%s%s%s%s", row->name, is_optional ? "[=" : "=",
	                                 row->argument, is_optional ? "]" : "");

	fprintf(out, "  %-3s --%-18s %s\n", has_letter(row, program) ? letter : "", name,
	        row->help);
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

/* getopt_long's two tables, from ours. */
struct getopt_tables {
	char letters[2 + 3 * ARRAY_SIZE(rows) + 1];
	struct option longs[ARRAY_SIZE(rows) + 1];
};

static void make_tables(enum program program, struct getopt_tables *tables)
{
	size_t n_letters = 0, n_longs = 0;

	tables->letters[n_letters++] = ':'; /* a missing argument is told apart, silently */
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

static int usage_error(enum program program, const char *what, const char *why)
{
	_cleanup_free_ char *all = memory_printf("%s (see %s --help)", why, program_name(program));

	message_error(what, all);
	return -EINVAL;
}

/* The argument that getopt stumbled over. */
static int report(enum program program, char **argv, int value)
{
	const char letter[] = {'-', (char)optopt, '\0'};
	const bool is_letter = optopt > 0 && optopt < FIRST_LONG;
	const char *what = is_letter ? letter : argv[optind - 1];

	if (value == ':')
		return usage_error(program, what, "needs an argument");
	if (optopt >= FIRST_LONG)
		return usage_error(program, what, "takes no argument");
	return usage_error(program, what, "unknown or ambiguous option");
}

static int bad_argument(
        const struct options *options, const struct option_row *row, const char *argument)
{
	_cleanup_free_ char *why = memory_printf("no such %s for --%s", row->argument, row->name);

	return usage_error(options->program, argument, options->problem ? options->problem : why);
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
		if (row->set(options, optarg) < 0)
			return bad_argument(options, row, optarg);
	}
	return 0;
}

static int parse_rest(struct options *options, int argc, char **argv)
{
	if (optind == argc)
		return 0;
	if (options->program != PROGRAM_NSBROWSE)
		return usage_error(options->program, argv[optind], "unexpected argument");
	if (argc - optind > 1)
		return usage_error(options->program, argv[optind + 1], "more than one snapshot");
	options->snapshot = argv[optind];
	return 0;
}

void options_settle_plain(struct options *options)
{
	if (options->form == FORM_SCREEN)
		options->form = programs[options->program].plain_form;
}

/* The suffix says what a file shall be, unless an option does. */
static int settle_form(struct options *options)
{
	if (options->is_form_given || !options->output || strcmp(options->output, "-") == 0) {
		if (options->output)
			options_settle_plain(options);
		return 0;
	}
	if (!form_from_suffix(options->output, &options->form))
		return usage_error(options->program, options->output, FORM_BAD_SUFFIX);
	return 0;
}

/* Options that only make sense with others. */
static int settle_rest(struct options *options)
{
	if (options->is_verbose)
		return usage_error(options->program, "--verbose", "needs --version");
	if (options->is_by_dot && options->form != FORM_SVG && options->form != FORM_SCREEN)
		return usage_error(options->program, "--layout", "needs SVG");
	if (!options->only_leaked)
		return 0;
	options_settle_plain(options);
	if (options->form != FORM_TEXT)
		return usage_error(options->program, "--leaked", "writes only text");
	return 0;
}

int options_parse(enum program program, int argc, char **argv, struct options *ret)
{
	struct options options = {
	        .program = program,
	        .form = programs[program].form,
	        .view = {.kind = programs[program].view},
	        .sources = SCAN_SOURCES_DEFAULT,
	        .has_sandbox = true,
	};
	int r;

	settings_init(&options.settings);
	options.settings.values[SETTING_VIEW] = options.view.kind;
	r = parse_rows(&options, argc, argv);

	if (r >= 0 && options.request == REQUEST_WORK)
		r = parse_rest(&options, argc, argv);
	if (r >= 0 && options.request == REQUEST_WORK)
		r = settle_form(&options);
	if (r >= 0 && options.request == REQUEST_WORK)
		r = settle_rest(&options);
	if (r < 0)
		return r;
	*ret = options;
	return 0;
}
