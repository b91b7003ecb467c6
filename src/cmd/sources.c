/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/sources.h"

#include "scan/scan.h"

#include <string.h>

/* Bits of a name: 0 if there is none like it. */
static uint32_t bits_of(const char *name, size_t len)
{
	static const struct {
		const char *name;
		uint32_t bits;
	} groups[] = {{"all", SOURCES_ALL}, {"quick", 1u << SOURCE_PROCESS}};

	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		if (strlen(groups[i].name) == len && memcmp(name, groups[i].name, len) == 0)
			return groups[i].bits;
	}
	for (enum source source = 0; source < SOURCES; source++) {
		const char *known = source_name(source);

		if (strlen(known) == len && memcmp(name, known, len) == 0)
			return 1u << source;
	}
	return 0;
}

/* Reads one name with or without a sign, and changes *sources. */
static const char *take(const char *item, size_t len, uint32_t *sources)
{
	const bool has_sign = len > 0 && (*item == '+' || *item == '-');
	const bool is_less = has_sign && *item == '-';
	const uint32_t bits = bits_of(item + has_sign, len - has_sign);

	if (!bits || bits & ~SOURCES_ALL)
		return "--scan takes all, quick, process, thread, fd, mount, socket, mntns";
	if (is_less && (bits & 1u << SOURCE_PROCESS))
		return "--scan cannot leave out processes";
	*sources = is_less ? *sources & ~bits : *sources | bits;
	return NULL;
}

int sources_parse(const char *list, uint32_t *ret, const char **ret_why)
{
	const bool is_change = *list == '+' || *list == '-';
	uint32_t sources = is_change ? SCAN_SOURCES_DEFAULT : 1u << SOURCE_PROCESS;

	for (const char *item = list;; item++) {
		const size_t len = strcspn(item, ",");
		const char *why = take(item, len, &sources);

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
