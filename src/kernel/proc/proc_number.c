/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/proc/proc_number.h"

bool proc_number_parse(const char **p, const char *end, uint64_t max, uint64_t *ret)
{
	const char *at = *p;
	uint64_t value = 0;

	for (; at < end && *at >= '0' && *at <= '9'; at++) {
		const unsigned digit = (unsigned)(*at - '0');

		if (value > max / 10 || digit > max - value * 10)
			return false;
		value = value * 10 + digit;
	}
	if (at == *p)
		return false;
	*p = at;
	*ret = value;
	return true;
}

bool proc_number_next(const char **p, const char *end, uint64_t max, uint64_t *ret)
{
	const char *at = *p;

	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	if (!proc_number_parse(&at, end, max, ret))
		return false;
	*p = at;
	return true;
}
