/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/export/prom.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "tests/unit.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The metric that is being read, and the samples so far. */
struct prom {
	char name[128];
	bool has_type;
	char **names, **samples; /* metrics that have begun; samples with their labels */
	size_t n_names, names_capacity, n_samples, samples_capacity;
	const char *line;
};

static void check(const struct prom *prom, bool is_right, const char *what)
{
	if (!is_right)
		fail_msg("%s: %s", what, prom->line);
}

static bool has(char *const *all, size_t n, const char *wanted)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(all[i], wanted) == 0)
			return true;
	}
	return false;
}

static size_t name_len(const char *text, bool with_colon)
{
	size_t n = 0;

	while (isalpha((unsigned char)text[n]) || text[n] == '_' ||
	        (with_colon && text[n] == ':') || (n > 0 && isdigit((unsigned char)text[n])))
		n++;
	return n;
}

static void check_help(struct prom *prom, const char *rest)
{
	const size_t n = name_len(rest, true);

	check(prom, n > 0 && rest[n] == ' ' && rest[n + 1], "HELP without name and text");
	snprintf(prom->name, sizeof(prom->name), "%.*s", (int)n, rest);
	check(prom, !has(prom->names, prom->n_names, prom->name), "metric begins again");
	MEMORY_APPEND(prom->names, prom->n_names, prom->names_capacity) = memory_strdup(prom->name);
	prom->has_type = false;
}

static void check_type(struct prom *prom, const char *rest)
{
	const size_t n = strlen(prom->name);

	check(prom, n && strncmp(rest, prom->name, n) == 0, "TYPE of another metric");
	check(prom, strcmp(rest + n, " gauge") == 0, "not a gauge");
	check(prom, !prom->has_type, "second TYPE");
	prom->has_type = true;
}

/* Returns what follows the closing quote. */
static const char *check_label_value(const struct prom *prom, const char *at)
{
	char value[1024];
	size_t n = 0;

	for (; *at && *at != '"'; at++) {
		if (*at == '\\') {
			at++;
			check(prom, *at == '\\' || *at == '"' || *at == 'n', "bad escape");
		}
		check(prom, n < sizeof(value), "value too long");
		value[n++] = *at;
	}
	check(prom, *at == '"', "value does not end");
	check(prom, n <= 128, "value of more than 128 bytes");
	check(prom, utf8_is_valid(value, n), "value is not UTF-8");
	return at + 1;
}

static const char *check_labels(const struct prom *prom, const char *at)
{
	while (*at != '}') {
		const size_t n = name_len(at, false);

		check(prom, n > 0 && at[n] == '=' && at[n + 1] == '"', "no label");
		at = check_label_value(prom, at + n + 2);
		check(prom, *at == ',' || *at == '}', "no end of a label");
		at += *at == ',';
	}
	return at + 1;
}

static void check_sample(struct prom *prom, const char *line)
{
	const size_t n = name_len(line, true);
	const char *at = line + n;
	char *end;

	check(prom, prom->has_type && n == strlen(prom->name) && strncmp(line, prom->name, n) == 0,
	        "sample of another metric");
	if (*at == '{')
		at = check_labels(prom, at + 1);
	check(prom, *at == ' ', "no value");
	char *const sample = memory_printf("%.*s", (int)(at - line), line);
	check(prom, !has(prom->samples, prom->n_samples, sample), "second sample");
	MEMORY_APPEND(prom->samples, prom->n_samples, prom->samples_capacity) = sample;
	strtod(at + 1, &end);
	check(prom, end > at + 1 && !*end, "not a number");
}

void prom_check(const char *text)
{
	_cleanup_free_ char *copy = memory_strdup(text);
	struct prom prom = {0};

	assert_true(*text && text[strlen(text) - 1] == '\n');
	for (char *line = copy, *end; *line; line = end + 1) {
		end = strchr(line, '\n');
		*end = '\0';
		prom.line = line;
		if (strncmp(line, "# HELP ", 7) == 0)
			check_help(&prom, line + 7);
		else if (strncmp(line, "# TYPE ", 7) == 0)
			check_type(&prom, line + 7);
		else
			check_sample(&prom, line);
	}
	for (size_t i = 0; i < prom.n_names; i++)
		free(prom.names[i]);
	for (size_t i = 0; i < prom.n_samples; i++)
		free(prom.samples[i]);
	free(prom.names);
	free(prom.samples);
}

double prom_value(const char *text, const char *sample)
{
	const size_t n = strlen(sample);

	for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
		if (strncmp(line, sample, n) == 0 && line[n] == ' ')
			return strtod(line + n + 1, NULL);
	}
	fail_msg("no sample %s", sample);
	return 0;
}
