/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/proc/proc_maps.h"

#include "kernel/proc/proc_number.h"

#include <string.h>

/* One line, `end` being its newline. */
static bool parse_line(const char *p, const char *end, struct proc_range *ret)
{
	uint64_t inside, outside, count;

	if (!proc_number_next(&p, end, UINT32_MAX, &inside) || p == end || *p != ' ' ||
	        !proc_number_next(&p, end, UINT32_MAX, &outside) || p == end || *p != ' ' ||
	        !proc_number_next(&p, end, UINT32_MAX, &count) || p != end)
		return false;
	*ret = (struct proc_range){(uint32_t)inside, (uint32_t)outside, (uint32_t)count};
	return true;
}

int proc_maps_parse(
        const char *text, size_t len, struct proc_range *ranges, size_t max, size_t *ret_n)
{
	const char *const end = text + len;
	size_t n = 0;

	for (const char *p = text; p < end; n++) {
		const char *const line_end = memchr(p, '\n', (size_t)(end - p));

		if (!line_end || n == max || !parse_line(p, line_end, &ranges[n]))
			return -EINVAL;
		p = line_end + 1;
	}
	*ret_n = n;
	return 0;
}

int proc_maps_setgroups(const char *text, size_t len, bool *ret_is_allowed)
{
	if (len > 0 && text[len - 1] == '\n')
		len--;
	if (len == 5 && memcmp(text, "allow", len) == 0)
		*ret_is_allowed = true;
	else if (len == 4 && memcmp(text, "deny", len) == 0)
		*ret_is_allowed = false;
	else
		return -EINVAL;
	return 0;
}
