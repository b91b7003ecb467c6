/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/pages/settings.h"

#include "base/memory.h"
#include "base/text.h"
#include "view/column.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SECONDS = 86400 };

static const struct setting_row rows[SETTINGS] = {
#define SETTING(id, name, values, initial, text) {name, values, initial, text},
#include "ui/pages/settings.def"
#undef SETTING
#define BASE_SOURCE(id, name)
#define SOURCE(id, name, text)        {name, "no yes", "yes", text},
#define COSTLY_SOURCE(id, name, text) {name, "no yes", "no", text},
#include "model/sources.def"
};

const struct setting_row *settings_row(enum setting setting)
{
	return &rows[setting];
}

bool settings_from_name(const char *name, size_t len, enum setting *ret)
{
	for (enum setting i = 0; i < SETTINGS; i++) {
		if (strlen(rows[i].name) != len || strncmp(rows[i].name, name, len) != 0)
			continue;
		*ret = i;
		return true;
	}
	return false;
}

/* --- words, seconds, columns -------------------------------------------------------------- */

static bool is_seconds(enum setting setting)
{
	return strcmp(rows[setting].values, "SECONDS") == 0;
}

static bool is_columns(enum setting setting)
{
	return strcmp(rows[setting].values, "COLUMNS") == 0;
}

/* Word number `index` of `words`, counted from 0; NULL after the last. */
static const char *word_at(const char *words, uint64_t index, size_t *ret_len)
{
	while (index-- > 0) {
		words += strcspn(words, " ");
		if (!*words)
			return NULL;
		words++;
	}
	*ret_len = strcspn(words, " ");
	return words;
}

static int parse_word(const char *words, const char *text, uint64_t *ret)
{
	const char *word;
	size_t len;

	for (unsigned i = 0; (word = word_at(words, i, &len)); i++) {
		if (strlen(text) != len || strncmp(word, text, len) != 0)
			continue;
		*ret = i;
		return 0;
	}
	return -EINVAL;
}

static int parse_seconds(const char *text, uint64_t *ret)
{
	char *end;
	const double seconds = strtod(text, &end);

	if (end == text || *end || !isfinite(seconds) || seconds < 0 || seconds > MOST_SECONDS)
		return -EINVAL;
	*ret = (uint64_t)(seconds * 1000 + 0.5);
	return 0;
}

/* The delays that the options screen offers, around the ends. */
static unsigned next_delay(uint64_t value, bool is_back)
{
	static const unsigned stops[] = {0, 500, 1000, 2000, 5000, 10000, 30000, 60000};
	const size_t n = ARRAY_SIZE(stops);
	size_t above = 0; /* the first stop beyond the value */

	while (above < n && stops[above] <= value)
		above++;
	if (!is_back)
		return stops[above < n ? above : 0];
	/* `above` is at least 1: the first stop is 0. */
	const size_t at = above - 1;
	if (stops[at] < value)
		return stops[at];
	return stops[at > 0 ? at - 1 : n - 1];
}

/* --- values ------------------------------------------------------------------------------- */

int settings_parse(enum setting setting, const char *text, uint64_t *ret)
{
	if (is_columns(setting))
		return column_choice_parse(text, ret);
	return is_seconds(setting) ? parse_seconds(text, ret)
	                           : parse_word(rows[setting].values, text, ret);
}

void settings_write_value(enum setting setting, uint64_t value, FILE *out)
{
	size_t len = 0;

	if (is_seconds(setting)) {
		fprintf(out, "%.10g", (double)value / 1000);
		return;
	}
	if (is_columns(setting)) {
		column_choice_write(out, value);
		return;
	}
	const char *word = word_at(rows[setting].values, value, &len);
	fprintf(out, "%.*s", (int)len, word ? word : "");
}

static bool is_choice(uint64_t value)
{
	uint64_t all = 0;

	for (enum column_id id = 0; id < COLUMN_IDS; id++)
		all |= column_choice_bit(id);
	return !(value & ~all);
}

bool settings_are_valid(const struct settings *settings)
{
	size_t len;

	for (enum setting i = 0; i < SETTINGS; i++) {
		const uint64_t value = settings->values[i];

		if (is_seconds(i)       ? value > MOST_SECONDS * UINT64_C(1000)
		        : is_columns(i) ? !is_choice(value)
		                        : !word_at(rows[i].values, value, &len))
			return false;
	}
	return true;
}

char *settings_line(enum setting setting, uint64_t value)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	/* The list of columns is too long for a line. */
	if (is_columns(setting) && value)
		fputs("chosen", text.out);
	else
		settings_write_value(setting, value, text.out);
	return memory_printf(
	        "%-8s %-9s  %s", rows[setting].name, text_get(&text), rows[setting].text);
}

uint64_t settings_next(enum setting setting, uint64_t value, bool is_back)
{
	unsigned n = 0;
	size_t len;

	if (is_seconds(setting))
		return next_delay(value, is_back);
	if (is_columns(setting))
		return value;
	while (word_at(rows[setting].values, n, &len))
		n++;
	return (value + (is_back ? n - 1 : 1)) % n;
}

void settings_init(struct settings *ret)
{
	for (enum setting i = 0; i < SETTINGS; i++) {
		/* A test parses all initial values of the table, so that this does not fail. */
		if (settings_parse(i, rows[i].initial, &ret->values[i]) < 0)
			ret->values[i] = 0;
	}
}

struct view_options settings_view(const struct settings *settings)
{
	const uint64_t kind = settings->values[SETTING_VIEW];

	return (struct view_options){
	        .kind = kind == SETTINGS_VIEW_AUTO ? VIEW_USER : (enum view_kind)kind,
	        .with_details = settings->values[SETTING_DETAILS],
	        .sort = (enum view_sort)settings->values[SETTING_SORT],
	        .is_inverted = settings->values[SETTING_INVERT],
	};
}

/* --- sources ------------------------------------------------------------------------------ */

bool settings_is_source(enum setting setting, enum source *ret)
{
	static const struct {
		bool is_source;
		enum source source;
	} sources[SETTINGS] = {
#define BASE_SOURCE(id, name)
#define SOURCE(id, name, text) [SETTING_SCAN_##id] = {true, SOURCE_##id},
#include "model/sources.def"
	};

	if (ret)
		*ret = sources[setting].source;
	return sources[setting].is_source;
}

uint32_t settings_sources(const struct settings *settings)
{
	uint32_t sources = 0
#define BASE_SOURCE(id, name) | 1u << SOURCE_##id
#define SOURCE(id, name, text)
#include "model/sources.def"
	        ;
	enum source source;

	for (enum setting i = 0; i < SETTINGS; i++) {
		if (settings_is_source(i, &source) && settings->values[i])
			sources |= 1u << source;
	}
	return sources;
}

void settings_set_sources(struct settings *settings, uint32_t sources)
{
	enum source source;

	for (enum setting i = 0; i < SETTINGS; i++) {
		if (settings_is_source(i, &source))
			settings->values[i] = sources >> source & 1;
	}
}

static const char blanks[] = " \t\r\f\v";

/* --- the config file ---------------------------------------------------------------------- */

/* Removes the next line from the text and returns it without its end; the caller frees. */
static char *next_line(const char **text, size_t *len)
{
	const char *end = memchr(*text, '\n', *len);
	const size_t n = end ? (size_t)(end - *text) : *len;
	char *line = memory_new(n + 1);

	if (n)
		memcpy(line, *text, n);
	/* A NUL would cut the line; no value has one. */
	for (char *nul; (nul = memchr(line, '\0', n));)
		*nul = '?';
	*text += n + (end ? 1 : 0);
	*len -= n + (end ? 1 : 0);
	return line;
}

static char *trim(char *text)
{
	text += strspn(text, blanks);
	size_t len = strlen(text);
	while (len && strchr(blanks, text[len - 1]))
		len--;
	text[len] = '\0';
	return text;
}

struct entry {
	char *key; /* NULL: only blanks and a comment */
	char *value;
	const char *problem; /* printable text; NULL: setting and parsed are set */
	enum setting setting;
	uint64_t parsed;
};

/* Parses `line`, which is changed and must stay. */
static void parse_line(char *line, struct entry *ret)
{
	*ret = (struct entry){0};
	line[strcspn(line, "#")] = '\0';
	char *key = trim(line);
	if (!*key)
		return;
	ret->key = key;
	char *equals = strchr(key, '=');
	if (!equals) {
		ret->problem = "not `key = value`";
		return;
	}
	*equals = '\0';
	ret->key = trim(key);
	ret->value = trim(equals + 1);
	if (!settings_from_name(ret->key, strlen(ret->key), &ret->setting))
		ret->problem = "no such option";
	else if (settings_parse(ret->setting, ret->value, &ret->parsed) < 0)
		ret->problem = "no such value";
}

void settings_read(const char *text, size_t len, struct settings *settings,
        const bool is_given[static SETTINGS], settings_complain_fn *complain, void *data)
{
	for (unsigned number = 1; len; number++) {
		_cleanup_free_ char *line = next_line(&text, &len);
		struct entry entry;

		parse_line(line, &entry);
		if (!entry.key)
			continue;
		if (entry.problem) {
			const char *value = entry.value ? entry.value : "";
			_cleanup_free_ char *what =
			        memory_printf("%s%s%s", entry.key, *value ? " = " : "", value);

			complain(data, number, what, entry.problem);
		} else if (!is_given[entry.setting]) {
			settings->values[entry.setting] = entry.parsed;
		}
	}
}

static void write_entry(FILE *out, enum setting setting, uint64_t value)
{
	fprintf(out, "%s = ", settings_row(setting)->name);
	settings_write_value(setting, value, out);
	fputc('\n', out);
}

void settings_write(FILE *out, const char *text, size_t len, const struct settings *settings)
{
	bool is_written[SETTINGS] = {false};

	if (!len)
		fputs("# Options of nsbrowse(1), as w on its options screen writes them.\n", out);
	while (len) {
		_cleanup_free_ char *line = next_line(&text, &len);
		_cleanup_free_ char *cut = memory_strdup(line);
		struct entry entry;

		parse_line(cut, &entry);
		const bool is_known = entry.value && settings_from_name(entry.key,
		                                             strlen(entry.key), &entry.setting);
		if (is_known)
			is_written[entry.setting] = true;
		if (is_known && (entry.problem || entry.parsed != settings->values[entry.setting]))
			write_entry(out, entry.setting, settings->values[entry.setting]);
		else
			fprintf(out, "%s\n", line);
	}
	for (enum setting i = 0; i < SETTINGS; i++) {
		if (is_written[i])
			continue;
		fprintf(out, "\n# %s\n# %s\n", rows[i].text, rows[i].values);
		write_entry(out, i, settings->values[i]);
	}
}
