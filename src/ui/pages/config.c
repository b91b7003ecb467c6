/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/pages/config.h"

#include "base/attributes.h"
#include "base/memory.h"

#include <string.h>

static const char blanks[] = " \t\r\f\v";

/* --- a line --------------------------------------------------------------------------------- */

/* Takes the next line off the text, without its end; the caller frees. */
static char *next_line(const char **text, size_t *len)
{
	const char *end = memchr(*text, '\n', *len);
	const size_t n = end ? (size_t)(end - *text) : *len;
	char *line = memory_new(n + 1);

	if (n)
		memcpy(line, *text, n);
	/* No value has a NUL in it, and neither shall a line seem shorter than it is. */
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
	char *key; /* NULL: nothing but blanks and a comment */
	char *value;
	const char *problem; /* our own words, or NULL: */
	enum setting setting;
	unsigned parsed;
};

/* Cuts `line` up. */
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
	if (!setting_from_name(ret->key, strlen(ret->key), &ret->setting))
		ret->problem = "no such option";
	else if (setting_parse(ret->setting, ret->value, &ret->parsed) < 0)
		ret->problem = "no such value";
}

/* --- reading -------------------------------------------------------------------------------- */

static void complain_of(
        const struct entry *entry, unsigned line, config_complain_fn *complain, void *data)
{
	_cleanup_free_ char *what = entry->value && *entry->value
	                                    ? memory_printf("%s = %s", entry->key, entry->value)
	                                    : memory_strdup(entry->key);

	complain(data, line, what, entry->problem);
}

void config_read(const char *text, size_t len, struct settings *settings,
        const bool is_given[static SETTINGS], config_complain_fn *complain, void *data)
{
	for (unsigned number = 1; len; number++) {
		_cleanup_free_ char *line = next_line(&text, &len);
		struct entry entry;

		parse_line(line, &entry);
		if (!entry.key)
			continue;
		if (entry.problem)
			complain_of(&entry, number, complain, data);
		else if (!is_given[entry.setting])
			settings->values[entry.setting] = entry.parsed;
	}
}

/* --- writing -------------------------------------------------------------------------------- */

static void write_entry(FILE *out, enum setting setting, unsigned value)
{
	fprintf(out, "%s = ", setting_row(setting)->name);
	setting_write(setting, value, out);
	fputc('\n', out);
}

static void write_explained(FILE *out, enum setting setting, unsigned value)
{
	const struct setting_row *row = setting_row(setting);

	fprintf(out, "\n# %s\n# %s\n", row->text, row->values);
	write_entry(out, setting, value);
}

void config_write(FILE *out, const char *text, size_t len, const struct settings *settings)
{
	bool is_written[SETTINGS] = {false};

	if (!len)
		fputs("# Options of nsbrowse(1), as w on its options screen writes them.\n", out);
	while (len) {
		_cleanup_free_ char *line = next_line(&text, &len);
		_cleanup_free_ char *cut = memory_strdup(line);
		struct entry entry;

		parse_line(cut, &entry);
		const bool is_known = entry.value && setting_from_name(entry.key, strlen(entry.key),
		                                             &entry.setting);
		if (is_known)
			is_written[entry.setting] = true;
		if (is_known && (entry.problem || entry.parsed != settings->values[entry.setting]))
			write_entry(out, entry.setting, settings->values[entry.setting]);
		else
			fprintf(out, "%s\n", line);
	}
	for (enum setting i = 0; i < SETTINGS; i++) {
		if (!is_written[i])
			write_explained(out, i, settings->values[i]);
	}
}
