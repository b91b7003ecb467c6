/* SPDX-License-Identifier: Apache-2.0 */
#include "privsep/capabilities.h"

#include <stdlib.h>
#include <sys/capability.h>
#include <unistd.h>

static bool is_set(cap_t caps, cap_value_t capability, cap_flag_t set)
{
	cap_flag_value_t value;

	return cap_get_flag(caps, capability, set, &value) == 0 && value == CAP_SET;
}

bool capabilities_has(int capability)
{
	const cap_t now = cap_get_proc();
	const bool has = now && is_set(now, capability, CAP_EFFECTIVE);

	cap_free(now);
	return has;
}

static int select_from(cap_t now, uint64_t keep, cap_t selected)
{
	for (cap_value_t i = 0; i < cap_max_bits() && i < 64; i++) {
		if (!(keep & CAPABILITIES_BIT(i)) || !is_set(now, i, CAP_PERMITTED))
			continue;
		if (cap_set_flag(selected, CAP_PERMITTED, 1, &i, CAP_SET) < 0 ||
		        cap_set_flag(selected, CAP_EFFECTIVE, 1, &i, CAP_SET) < 0)
			return -errno;
	}
	return 0;
}

int capabilities_keep_set(uint64_t keep)
{
	const cap_t now = cap_get_proc(), selected = cap_init();
	int r = now && selected ? select_from(now, keep, selected) : -errno;

	if (r == 0 && cap_set_proc(selected) < 0)
		r = -errno;
	cap_free(selected);
	cap_free(now);
	return r;
}

int capabilities_keep(const int *keep, size_t n)
{
	uint64_t set = 0;

	for (size_t i = 0; i < n; i++)
		set |= CAPABILITIES_BIT(keep[i]);
	return capabilities_keep_set(set);
}

static int select_effective(cap_t caps, uint64_t set)
{
	for (cap_value_t i = 0; i < cap_max_bits() && i < 64; i++) {
		const bool is_wanted = set & CAPABILITIES_BIT(i) && is_set(caps, i, CAP_PERMITTED);

		if (cap_set_flag(caps, CAP_EFFECTIVE, 1, &i, is_wanted ? CAP_SET : CAP_CLEAR) < 0)
			return -errno;
	}
	return cap_set_proc(caps) < 0 ? -errno : 0;
}

int capabilities_set_effective(uint64_t set)
{
	const cap_t caps = cap_get_proc();
	const int r = caps ? select_effective(caps, set) : -errno;

	cap_free(caps);
	return r;
}

int capabilities_clear_bounding(void)
{
	if (!capabilities_has(CAP_SETPCAP))
		return 0;
	for (cap_value_t i = 0; i < cap_max_bits(); i++) {
		if (cap_drop_bound(i) < 0)
			return -errno;
	}
	return 0;
}

static int lower(cap_t lowered)
{
	if (cap_clear_flag(lowered, CAP_EFFECTIVE) < 0 || cap_set_proc(lowered) < 0)
		return -errno;
	return 0;
}

int capabilities_run_without(int (*act)(void *data), void *data)
{
	const cap_t before = cap_get_proc(), lowered = cap_get_proc();
	int r = before && lowered ? lower(lowered) : -errno;

	if (r == 0) {
		r = act(data);
		if (cap_set_proc(before) < 0)
			_exit(EXIT_FAILURE);
	}
	cap_free(lowered);
	cap_free(before);
	return r;
}
