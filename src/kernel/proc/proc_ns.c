/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/proc/proc_ns.h"

#include <string.h>

/* --- lines and words -------------------------------------------------------------------------- */

/* Reads the line at *p, without its newline; false at the end. */
static bool next_line(const char **p, const char *end, struct proc_slice *ret)
{
	const char *const from = *p;
	const char *to;

	if (from >= end)
		return false;
	to = memchr(from, '\n', (size_t)(end - from));
	*p = to ? to + 1 : end;
	*ret = (struct proc_slice){from, (size_t)((to ? to : end) - from)};
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Removes the next word, between blanks, from a line; false if there is none. */
static bool next_word(struct proc_slice *line, struct proc_slice *ret)
{
	const char *p = line->bytes;
	const char *const end = p + line->len;

	while (p < end && is_blank(*p))
		p++;
	*ret = (struct proc_slice){.bytes = p};
	while (p < end && !is_blank(*p))
		p++;
	ret->len = (size_t)(p - ret->bytes);
	*line = (struct proc_slice){p, (size_t)(end - p)};
	return ret->len > 0;
}

static bool to_number(struct proc_slice word, uint64_t max, uint64_t *ret)
{
	const char *p = word.bytes;

	return proc_number_parse(&p, word.bytes + word.len, max, ret) && p == word.bytes + word.len;
}

/* Removes the part before the next `:`, and that, from a line; false if there is none. */
static bool next_field(struct proc_slice *line, struct proc_slice *ret)
{
	const char *const colon = memchr(line->bytes, ':', line->len);

	if (!colon)
		return false;
	*ret = (struct proc_slice){line->bytes, (size_t)(colon - line->bytes)};
	*line = (struct proc_slice){colon + 1, line->len - ret->len - 1};
	return true;
}

/* --- /proc/sysvipc ---------------------------------------------------------------------------- */

/* Word number `index` of a line, from 0. */
static bool word_at(struct proc_slice line, size_t index, struct proc_slice *ret)
{
	for (size_t i = 0; i <= index; i++) {
		if (!next_word(&line, ret))
			return false;
	}
	return true;
}

static bool find_word(struct proc_slice line, const char *name, size_t *ret_index)
{
	struct proc_slice word;

	for (size_t i = 0; next_word(&line, &word); i++) {
		if (proc_mountinfo_equals(word, name)) {
			*ret_index = i;
			return true;
		}
	}
	return false;
}

int proc_ns_ipc_parse(
        const char *text, size_t len, const char *column, uint64_t *ret_n, uint64_t *ret_sum)
{
	const char *const end = text + len;
	struct proc_slice line, word;
	uint64_t n = 0, sum = 0, number;
	size_t index;

	if (!next_line(&text, end, &line) || !find_word(line, column, &index))
		return -EINVAL;
	for (; next_line(&text, end, &line); n++) {
		if (!word_at(line, index, &word) || !to_number(word, UINT64_MAX, &number))
			return -EINVAL;
		sum = number > INT64_MAX - sum ? INT64_MAX : sum + number;
	}
	*ret_n = n;
	*ret_sum = sum;
	return 0;
}

int proc_ns_mqueue_parse(const char *text, size_t len, uint64_t *ret_bytes)
{
	static const char head[] = "QSIZE:";
	const size_t head_len = sizeof(head) - 1;
	const char *p = text + head_len;

	if (len < head_len || memcmp(text, head, head_len) != 0)
		return -EINVAL;
	return proc_number_parse(&p, text + len, UINT64_MAX, ret_bytes) ? 0 : -EINVAL;
}

/* --- timens_offsets --------------------------------------------------------------------------- */

/* Seconds, which may be negative, and nanoseconds. */
static bool parse_offset(struct proc_slice line, struct proc_ns_offset *ret)
{
	struct proc_slice seconds, nanoseconds;
	bool is_negative;
	uint64_t number, rest;

	if (!next_word(&line, &seconds) || !next_word(&line, &nanoseconds))
		return false;
	is_negative = *seconds.bytes == '-';
	seconds.bytes += is_negative;
	seconds.len -= is_negative;
	if (!to_number(seconds, INT64_MAX, &number) || !to_number(nanoseconds, 999999999, &rest))
		return false;
	ret->seconds = is_negative ? -(int64_t)number : (int64_t)number;
	ret->nanoseconds = (uint32_t)rest;
	return true;
}

int proc_ns_offsets_parse(const char *text, size_t len, struct proc_ns_offset *ret_monotonic,
        struct proc_ns_offset *ret_boottime)
{
	const char *const end = text + len;
	bool has_monotonic = false, has_boottime = false;
	struct proc_slice line, name;

	while (next_line(&text, end, &line)) {
		if (!next_word(&line, &name))
			continue;
		if (proc_mountinfo_equals(name, "monotonic"))
			has_monotonic = parse_offset(line, ret_monotonic);
		else if (proc_mountinfo_equals(name, "boottime"))
			has_boottime = parse_offset(line, ret_boottime);
	}
	return has_monotonic && has_boottime ? 0 : -EINVAL;
}

/* --- cgroup ----------------------------------------------------------------------------------- */

bool proc_ns_cgroup_next(const char **p, const char *end, struct proc_ns_cgroup *ret)
{
	struct proc_slice line, id;
	uint64_t number;

	while (next_line(p, end, &line)) {
		if (next_field(&line, &id) && to_number(id, UINT64_MAX, &number) &&
		        next_field(&line, &ret->controllers) && line.len > 0 &&
		        line.bytes[0] == '/') {
			ret->path = line;
			return true;
		}
	}
	return false;
}

int proc_ns_cgroup_root(struct proc_slice outside, struct proc_slice inside, struct proc_slice *ret)
{
	size_t len;

	if (inside.len >= 3 && memcmp(inside.bytes, "/..", 3) == 0 &&
	        (inside.len == 3 || inside.bytes[3] == '/'))
		return -ENODATA;
	if (proc_mountinfo_equals(inside, "/")) {
		*ret = outside;
		return 0;
	}
	if (outside.len < inside.len)
		return -ENODATA;
	len = outside.len - inside.len;
	if (memcmp(outside.bytes + len, inside.bytes, inside.len) != 0)
		return -ENODATA;
	*ret = (struct proc_slice){outside.bytes, MAX(len, (size_t)1)};
	return 0;
}

/* --- subordinate IDs -------------------------------------------------------------------------- */

bool proc_ns_subid_next(const char **p, const char *end, struct proc_ns_subid *ret)
{
	struct proc_slice line, first;
	uint64_t from, count;

	while (next_line(p, end, &line)) {
		if (!next_field(&line, &ret->owner) || ret->owner.len == 0 ||
		        !next_field(&line, &first) || !to_number(first, UINT32_MAX, &from) ||
		        !to_number(line, UINT32_MAX, &count) || count == 0 ||
		        count - 1 > UINT32_MAX - from)
			continue;
		ret->first = (uint32_t)from;
		ret->count = (uint32_t)count;
		return true;
	}
	return false;
}

bool proc_ns_subids_are_elsewhere(const char *text, size_t len)
{
	const char *const end = text + len;
	struct proc_slice line, word;

	while (next_line(&text, end, &line)) {
		if (!next_word(&line, &word) || !proc_mountinfo_equals(word, "subid:"))
			continue;
		return next_word(&line, &word) && !proc_mountinfo_equals(word, "files");
	}
	return false;
}
