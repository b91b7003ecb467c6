/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/scan_list.h"

#include "scan/scan.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* clang-format off */
static const char known_names[] = "--scan takes all, quick"
#define SOURCE(id, name, text) ", " name
#include "model/sources.def"
;

const char scan_list_help[] = "sources: all, quick, a list of\n"
#define SOURCE(id, name, text) name ","
#include "model/sources.def"
        "\nor changes like +socket,-fd;\ndefault: all but"
#define SOURCE(id, name, text)
#define COSTLY_SOURCE(id, name, text) " " name
#include "model/sources.def"
;
/* clang-format on */

/* The sources that a name stands for, as bits; 0: there is no such name. */
static uint32_t sources_of(const char *name, size_t len)
{
	static const struct {
		const char *name;
		uint32_t bits;
	} groups[] = {{"all", SCAN_SOURCES_ALL}, {"quick", 1u << SOURCE_PROCESS}};

	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		if (strlen(groups[i].name) == len && memcmp(name, groups[i].name, len) == 0)
			return groups[i].bits;
	}
	for (enum source source = 0; source < SOURCES; source++) {
		const char *known = model_source_name(source);

		if (strlen(known) == len && memcmp(name, known, len) == 0)
			return SCAN_SOURCES_ALL & 1u << source;
	}
	return 0;
}

/* Applies one name, with or without a sign. Returns an error text, or NULL. */
static const char *apply_source(const char *item, size_t len, uint32_t *sources)
{
	const bool has_sign = len > 0 && (*item == '+' || *item == '-');
	const bool is_less = has_sign && *item == '-';
	const uint32_t bits = sources_of(item + has_sign, len - has_sign);

	if (!bits)
		return known_names;
	if (is_less && (bits & 1u << SOURCE_PROCESS))
		return "--scan cannot leave out processes";
	*sources = is_less ? *sources & ~bits : *sources | bits;
	return NULL;
}

int scan_list_parse(const char *list, uint32_t *ret, const char **ret_why)
{
	const bool is_change = *list == '+' || *list == '-';
	uint32_t sources = is_change ? SCAN_SOURCES_DEFAULT : 1u << SOURCE_PROCESS;

	for (const char *item = list;; item++) {
		const size_t len = strcspn(item, ",");
		const char *why = apply_source(item, len, &sources);

		if (why) {
			*ret_why = why;
			return -EINVAL;
		}
		item += len;
		if (!*item)
			break;
	}
	*ret = sources;
	return 0;
}
