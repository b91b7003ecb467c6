/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/pages/settings.h"

#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

enum { MOST_SECONDS = 86400 };

static const struct setting_row rows[SETTINGS] = {
#define SETTING(id, name, values, initial, text) {name, values, initial, text},
#include "ui/pages/settings.def"
#undef SETTING
};

const struct setting_row *setting_row(enum setting setting)
{
	return &rows[setting];
}

bool setting_from_name(const char *name, size_t len, enum setting *ret)
{
	for (enum setting i = 0; i < SETTINGS; i++) {
		if (strlen(rows[i].name) != len || strncmp(rows[i].name, name, len) != 0)
			continue;
		*ret = i;
		return true;
	}
	return false;
}

/* --- words ---------------------------------------------------------------------------------- */

static bool is_seconds(enum setting setting)
{
	return strcmp(rows[setting].values, "SECONDS") == 0;
}

/* Word number `index` of `words`, NULL behind the last. */
static const char *word_at(const char *words, unsigned index, size_t *ret_len)
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

static unsigned count_words(const char *words)
{
	unsigned n = 0;
	size_t len;

	while (word_at(words, n, &len))
		n++;
	return n;
}

static int parse_word(const char *words, const char *text, unsigned *ret)
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

/* --- seconds -------------------------------------------------------------------------------- */

static int parse_seconds(const char *text, unsigned *ret)
{
	char *end;
	const double seconds = strtod(text, &end);

	if (end == text || *end || !isfinite(seconds) || seconds < 0 || seconds > MOST_SECONDS)
		return -EINVAL;
	*ret = (unsigned)(seconds * 1000 + 0.5);
	return 0;
}

/* The delays that the options screen offers. */
static unsigned next_delay(unsigned value, bool is_back)
{
	static const unsigned stops[] = {0, 500, 1000, 2000, 5000, 10000, 30000, 60000};
	const size_t n = ARRAY_SIZE(stops);
	size_t above = 0; /* the first stop beyond the value */

	while (above < n && stops[above] <= value)
		above++;
	if (!is_back)
		return stops[above < n ? above : 0];
	/* Some stop is not beyond any value: there is 0. */
	const size_t at = above - 1;
	if (stops[at] < value)
		return stops[at];
	return stops[at > 0 ? at - 1 : n - 1];
}

/* --- values --------------------------------------------------------------------------------- */

int setting_parse(enum setting setting, const char *text, unsigned *ret)
{
	return is_seconds(setting) ? parse_seconds(text, ret)
	                           : parse_word(rows[setting].values, text, ret);
}

void setting_write(enum setting setting, unsigned value, FILE *out)
{
	size_t len = 0;

	if (is_seconds(setting)) {
		fprintf(out, "%.10g", value / 1000.0);
		return;
	}
	const char *word = word_at(rows[setting].values, value, &len);
	fprintf(out, "%.*s", (int)len, word ? word : "");
}

char *setting_line(enum setting setting, unsigned value)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	setting_write(setting, value, text.out);
	return memory_printf(
	        "%-8s %-9s  %s", rows[setting].name, text_get(&text), rows[setting].text);
}

unsigned setting_next(enum setting setting, unsigned value, bool is_back)
{
	if (is_seconds(setting))
		return next_delay(value, is_back);
	const unsigned n = count_words(rows[setting].values);

	return (value + (is_back ? n - 1 : 1)) % n;
}

void settings_init(struct settings *ret)
{
	for (enum setting i = 0; i < SETTINGS; i++) {
		/* The table's own words are right: a test reads them all. */
		if (setting_parse(i, rows[i].initial, &ret->values[i]) < 0)
			ret->values[i] = 0;
	}
}

struct view_options settings_view(const struct settings *settings)
{
	return (struct view_options){
	        .kind = settings->values[SETTING_VIEW],
	        .with_details = settings->values[SETTING_DETAILS],
	        .sort = settings->values[SETTING_SORT],
	        .is_inverted = settings->values[SETTING_INVERT],
	};
}
