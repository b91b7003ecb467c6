/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/proc/proc_mountinfo.h"

#include "kernel/proc/proc.h"

#include <limits.h>
#include <string.h>

/* Reads the next word, and moves *p behind the blank that ends it. */
static bool next_word(const char **p, const char *end, struct proc_slice *ret)
{
	const char *const from = *p;
	const char *to;

	if (from >= end)
		return false;
	to = memchr(from, ' ', (size_t)(end - from));
	if (!to)
		to = end;
	if (to == from)
		return false;
	*ret = (struct proc_slice){from, (size_t)(to - from)};
	*p = to + (to < end);
	return true;
}

static bool parse_id(struct proc_slice word, unsigned *ret)
{
	const char *p = word.bytes;
	uint64_t id;

	if (!proc_number_parse(&p, p + word.len, UINT_MAX, &id) || p != word.bytes + word.len)
		return false;
	*ret = (unsigned)id;
	return true;
}

static bool parse_device(struct proc_slice word, unsigned *ret_major, unsigned *ret_minor)
{
	const char *p = word.bytes;
	const char *const end = p + word.len;
	uint64_t major, minor;

	if (!proc_number_parse(&p, end, UINT_MAX, &major) || p == end || *p != ':')
		return false;
	p++;
	if (!proc_number_parse(&p, end, UINT_MAX, &minor) || p != end)
		return false;
	*ret_major = (unsigned)major;
	*ret_minor = (unsigned)minor;
	return true;
}

int proc_mountinfo_parse(const char *line, size_t len, struct proc_mount *ret)
{
	const char *const end = line + len;
	const char *p = line;
	struct proc_mount mount;
	struct proc_slice word, id, parent, device;

	if (!next_word(&p, end, &id) || !next_word(&p, end, &parent) ||
	        !next_word(&p, end, &device) || !next_word(&p, end, &mount.root) ||
	        !next_word(&p, end, &mount.point) || !next_word(&p, end, &word))
		return -EINVAL;
	if (!parse_id(id, &mount.id) || !parse_id(parent, &mount.parent) ||
	        !parse_device(device, &mount.major, &mount.minor))
		return -EINVAL;
	do {
		if (!next_word(&p, end, &word))
			return -EINVAL;
	} while (!proc_mountinfo_equals(word, "-"));
	if (!next_word(&p, end, &mount.type))
		return -EINVAL;
	/* The source may be empty: two blanks in a row. */
	if (p < end && *p == ' ')
		p++;
	else if (!next_word(&p, end, &word))
		return -EINVAL;
	if (!next_word(&p, end, &mount.options))
		return -EINVAL;
	*ret = mount;
	return 0;
}

bool proc_mountinfo_option(struct proc_slice list, const char *name, struct proc_slice *ret_value)
{
	const size_t name_len = strlen(name);
	const char *const end = list.bytes + list.len;

	for (const char *p = list.bytes; p < end;) {
		const char *const comma = memchr(p, ',', (size_t)(end - p));
		const char *const stop = comma ? comma : end;
		const size_t len = (size_t)(stop - p);

		if (len >= name_len && memcmp(p, name, name_len) == 0 &&
		        (len == name_len || p[name_len] == '=')) {
			const char *const value = p + name_len + (len > name_len);

			*ret_value = (struct proc_slice){value, (size_t)(stop - value)};
			return true;
		}
		p = stop + 1;
	}
	return false;
}

static bool is_octal(char c, char most)
{
	return c >= '0' && c <= most;
}

size_t proc_mountinfo_unescape(struct proc_slice slice, char *buffer)
{
	const char *const end = slice.bytes + slice.len;
	size_t n = 0;

	for (const char *p = slice.bytes; p < end; p++) {
		if (*p == '\\' && end - p > 3 && is_octal(p[1], '3') && is_octal(p[2], '7') &&
		        is_octal(p[3], '7')) {
			buffer[n++] = (char)((p[1] - '0') * 64 + (p[2] - '0') * 8 + (p[3] - '0'));
			p += 3;
		} else {
			buffer[n++] = *p;
		}
	}
	buffer[n] = '\0';
	return n;
}

bool proc_mountinfo_equals(struct proc_slice slice, const char *s)
{
	return slice.len == strlen(s) && memcmp(slice.bytes, s, slice.len) == 0;
}
