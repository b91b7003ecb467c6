/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "view/hierarchy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* How things are shown. One table (settings.def) makes the options screen, the config file and its
 * section of the man page; the command line sets the same values. */

enum setting {
#define SETTING(id, name, values, initial, text) SETTING_##id,
#include "ui/pages/settings.def"
#undef SETTING
	SETTINGS,
};

struct setting_row {
	const char *name;
	const char *values;  /* words with blanks between, or "SECONDS" */
	const char *initial; /* one of them */
	const char *text;    /* what it is */
};

const struct setting_row *setting_row(enum setting setting);

/* The setting of that name; false if there is none. */
bool setting_from_name(const char *name, size_t len, enum setting *ret);

/* A value is the number of its word (so that "no yes" is a boolean, and the others are the enums
 * theme, view_kind, view_sort and split), or milliseconds. */
struct settings {
	unsigned values[SETTINGS];
};

enum theme {
	THEME_AUTO,
	THEME_DARK,
	THEME_LIGHT,
	THEME_CONTRAST,
	THEME_MONO,
	THEME_NAMES,
};

/* All as in the table. */
void settings_init(struct settings *ret);

/* The view that they ask for. */
struct view_options settings_view(const struct settings *settings);

/* Reads one value: 0, or -EINVAL. */
_must_check_ int setting_parse(enum setting setting, const char *text, unsigned *ret);

/* Writes it as setting_parse reads it. */
void setting_write(enum setting setting, unsigned value, FILE *out);

/* The line of the options screen: name, value and explanation; the caller frees. */
char *setting_line(enum setting setting, unsigned value);

/* The value after this one, or before it; behind the last comes the first. */
unsigned setting_next(enum setting setting, unsigned value, bool is_back);
