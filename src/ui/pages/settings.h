/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "view/hierarchy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The user's settings. Two tables (settings.def, and model/sources.def for the sources of a scan)
 * make the options screen, the config file and its section of the man page; the command line sets
 * the same values. */

enum setting {
#define SETTING(id, name, values, initial, text) SETTING_##id,
#include "ui/pages/settings.def"
#undef SETTING
#define BASE_SOURCE(id, name)
#define SOURCE(id, name, text) SETTING_SCAN_##id,
#include "model/sources.def"
	SETTINGS,
};

struct setting_row {
	const char *name;
	const char *values;  /* words separated by blanks, "SECONDS" or "COLUMNS" */
	const char *initial; /* one of them */
	const char *text;    /* for the user */
};

/* A value is the number of its word (so that "no yes" is a boolean, and the others are the enums
 * theme, view_kind, view_sort and split), milliseconds, or a choice of columns
 * (column_choice_list). */
struct settings {
	uint64_t values[SETTINGS];
};

enum theme {
	THEME_AUTO,
	THEME_DARK,
	THEME_LIGHT,
	THEME_CONTRAST,
	THEME_MONO,
	THEME_NAMES,
};

const struct setting_row *settings_row(enum setting setting);

/* The setting of that name; false if there is none. */
bool settings_from_name(const char *name, size_t len, enum setting *ret);

/* All settings with their initial values. */
void settings_init(struct settings *ret);

/* The value of SETTING_VIEW for a view that the browser chooses with its first model. */
#define SETTINGS_VIEW_AUTO VIEW_KINDS

/* The view that they select; for SETTINGS_VIEW_AUTO the hierarchy of user namespaces. */
struct view_options settings_view(const struct settings *settings);

/* True for a setting that is a source of a scan; *ret (unless NULL) is set to that. */
bool settings_is_source(enum setting setting, enum source *ret);

/* The sources that they select, with those that are always read (1 << SOURCE_*). */
uint32_t settings_sources(const struct settings *settings);
void settings_set_sources(struct settings *settings, uint32_t sources);

/* --- one value --------------------------------------------------------------------------- */

/* Parses a value: 0 or -EINVAL. */
_must_check_ int settings_parse(enum setting setting, const char *text, uint64_t *ret);

/* True if each value is one that settings_parse may give. */
bool settings_are_valid(const struct settings *settings);

/* Writes a value as settings_parse reads it. */
void settings_write_value(enum setting setting, uint64_t value, FILE *out);

/* The line of the options screen: name, value and explanation; the caller frees. */
char *settings_line(enum setting setting, uint64_t value);

/* The column of the explanation in that line, unless the value is very long. */
enum { SETTINGS_LINE_TEXT = 20 };

/* The next value of the list, or the previous one; around the ends. Columns are chosen elsewhere:
 * their value stays. */
uint64_t settings_next(enum setting setting, uint64_t value, bool is_back);

/* --- the config file --------------------------------------------------------------------- */

/* The text of a config file has a line `key = value` for each setting; blanks around them do not
 * matter, and `#` begins a comment. */

/* Called for a line that is not understood: `line` is its number, from 1; `what` the key, or key
 * and value, raw; `why` printable text. */
typedef void settings_complain_fn(void *data, unsigned line, const char *what, const char *why);

/* Sets what the text sets, except the settings in `is_given`; of several lines for a setting the
 * last one counts. A line that is not understood changes nothing. */
void settings_read(const char *text, size_t len, struct settings *settings,
        const bool is_given[static SETTINGS], settings_complain_fn *complain, void *data);

/* Writes the text again with these settings: lines with the right value already, comments and what
 * is not understood stay as they are; settings without a line follow, each with its explanation. */
void settings_write(FILE *out, const char *text, size_t len, const struct settings *settings);
