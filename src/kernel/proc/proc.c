/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/proc/proc.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* --- numbers --------------------------------------------------------------------------------- */

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

/* proc_number_parse after skipping blanks and tabs. */
static bool next_number(const char **p, const char *end, uint64_t max, uint64_t *ret)
{
	const char *at = *p;

	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	if (!proc_number_parse(&at, end, max, ret))
		return false;
	*p = at;
	return true;
}

bool proc_pid_parse(const char *name, pid_t *ret)
{
	const char *const end = name + strlen(name);
	uint64_t pid;

	if (*name == '0' || !proc_number_parse(&name, end, INT_MAX, &pid) || name != end)
		return false;
	*ret = (pid_t)pid;
	return true;
}

/* --- stat ------------------------------------------------------------------------------------ */

/* In the flags of stat since Linux 2.6 (include/linux/sched.h). */
#define PF_EXITING 0x00000004u
#define PF_KTHREAD 0x00200000u

/* Numbers of fields as proc_pid_stat(5) counts them. */
enum { FIELD_PPID = 4, FIELD_FLAGS = 9, FIELD_THREADS = 20, FIELD_STARTED = 22 };

/* Moves *p over one blank and the field behind it; false if there is none. */
static bool skip_field(const char **p, const char *end)
{
	const char *at = *p;

	if (at == end || *at != ' ')
		return false;
	at++;
	if (at == end || *at == ' ' || *at == '\n')
		return false;
	while (at < end && *at != ' ' && *at != '\n')
		at++;
	*p = at;
	return true;
}

/* Reads field number `wanted`; *p is behind field number *field. The character behind the number
 * must be there too, since else the number may be cut off. */
static bool read_field(
        const char **p, const char *end, int *field, int wanted, uint64_t max, uint64_t *ret)
{
	for (; *field < wanted - 1; (*field)++) {
		if (!skip_field(p, end))
			return false;
	}
	if (*p == end || **p != ' ')
		return false;
	(*p)++;
	(*field)++;
	return proc_number_parse(p, end, max, ret) && *p < end && (**p == ' ' || **p == '\n');
}

int proc_stat_parse(const char *text, size_t len, struct proc_stat *ret)
{
	const char *const end = text + len;
	const char *const open = memchr(text, '(', len);
	const char *const close = open ? memrchr(open, ')', (size_t)(end - open)) : NULL;
	struct proc_stat stat = {0};
	uint64_t pid, ppid, flags, threads, started;
	const char *p = text;
	int field = 3;

	if (!proc_number_parse(&p, end, INT_MAX, &pid) || p == end || *p != ' ' || p + 1 != open)
		return -EINVAL;
	if (!close || end - close < 4 || close[1] != ' ' || close[2] == ' ' || close[2] == '\n')
		return -EINVAL;
	stat.comm = open + 1;
	stat.comm_len = (size_t)(close - stat.comm);
	stat.state = close[2];
	p = close + 3;
	if (!read_field(&p, end, &field, FIELD_PPID, INT_MAX, &ppid) ||
	        !read_field(&p, end, &field, FIELD_FLAGS, UINT_MAX, &flags) ||
	        !read_field(&p, end, &field, FIELD_THREADS, INT_MAX, &threads) ||
	        !read_field(&p, end, &field, FIELD_STARTED, UINT64_MAX, &started))
		return -EINVAL;
	stat.pid = (pid_t)pid;
	stat.ppid = (pid_t)ppid;
	stat.is_kernel = (flags & PF_KTHREAD) != 0;
	stat.is_exiting = (flags & PF_EXITING) != 0;
	stat.n_threads = (unsigned)threads;
	stat.started = started;
	*ret = stat;
	return 0;
}

/* --- status ---------------------------------------------------------------------------------- */

/* The text behind the colon of the line `name`, up to *ret_end, the end of the line; NULL and
 * *ret_error if there is no complete line. The process name in the first line contains no newline:
 * the kernel writes it as \n. */
static const char *find_line(
        const char *text, size_t len, const char *name, const char **ret_end, int *ret_error)
{
	char key[32];
	const int n = snprintf(key, sizeof(key), "\n%s:", name);

	*ret_error = -EINVAL;
	if (n < 0 || (size_t)n >= sizeof(key))
		return NULL;
	const char *line = memmem(text, len, key, (size_t)n);
	if (!line) {
		*ret_error = -ENODATA;
		return NULL;
	}
	const char *value = line + n;
	*ret_end = memchr(value, '\n', (size_t)(text + len - value));
	return *ret_end ? value : NULL;
}

int proc_status_nspid(const char *text, size_t len, pid_t *pids, size_t max, size_t *ret_n)
{
	const char *end;
	int error;
	const char *at = find_line(text, len, "NSpid", &end, &error);
	uint64_t pid;
	size_t n = 0;

	if (!at)
		return error;
	for (; next_number(&at, end, INT_MAX, &pid); n++) {
		if (n == max)
			return -EINVAL;
		pids[n] = (pid_t)pid;
	}
	if (n == 0 || at != end)
		return -EINVAL;
	*ret_n = n;
	return 0;
}

int proc_status_numbers(
        const char *text, size_t len, const char *name, uint32_t *ret, size_t max, size_t *ret_n)
{
	const char *end;
	int error;
	const char *at = find_line(text, len, name, &end, &error);
	uint64_t number;
	size_t n = 0;

	if (!at)
		return error;
	for (; next_number(&at, end, UINT32_MAX, &number); n++) {
		if (n < max)
			ret[n] = (uint32_t)number;
	}
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	if (at != end)
		return -EINVAL;
	*ret_n = n;
	return 0;
}

/* The value of a hexadecimal digit (small letters); -1: it is none. */
static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int proc_status_bits(const char *text, size_t len, const char *name, uint64_t *ret)
{
	const char *end;
	int error;
	const char *at = find_line(text, len, name, &end, &error);
	uint64_t bits = 0;
	size_t n = 0;

	if (!at)
		return error;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	for (; at < end && digit(*at) >= 0; at++, n++)
		bits = bits << 4 | (uint64_t)digit(*at);
	if (at != end || n == 0 || n > 16)
		return -EINVAL;
	*ret = bits;
	return 0;
}

/* --- fdinfo ---------------------------------------------------------------------------------- */

int proc_fdinfo_inode(const char *text, size_t len, uint64_t *ret)
{
	const char *end;
	int error;
	const char *at = find_line(text, len, "ino", &end, &error);

	if (!at)
		return error;
	return next_number(&at, end, UINT64_MAX, ret) && at == end ? 0 : -EINVAL;
}

/* --- cmdline --------------------------------------------------------------------------------- */

/* Part of argv[0], not terminated. */
struct span {
	const char *start, *end;
};

/* What follows the last slash. */
static struct span last_component(struct span path)
{
	const char *const slash = memrchr(path.start, '/', (size_t)(path.end - path.start));

	return (struct span){slash ? slash + 1 : path.start, path.end};
}

static struct span without_colon(struct span word)
{
	if (word.end - word.start > 1 && word.end[-1] == ':')
		word.end--;
	return word;
}

/* The component that `comm` begins, of the shortest prefix of argv[0] that ends at a blank or at
 * the end: a path may have blanks, and Chromium puts all its arguments into argv[0]. Empty if there
 * is none. */
static struct span name_by_comm(struct span argv0, const char *comm)
{
	const size_t len = strlen(comm);
	struct span component = {argv0.start, argv0.start};

	for (const char *at = argv0.start; len > 0 && at <= argv0.end; at++) {
		if (at < argv0.end && *at == '/')
			component.start = at + 1;
		if (at < argv0.end && *at != ' ')
			continue;
		component.end = at;
		if ((size_t)(at - component.start) >= len &&
		        memcmp(component.start, comm, len) == 0)
			return without_colon(component);
	}
	return (struct span){argv0.end, argv0.end};
}

/* The first word of a title that a program has written over its arguments (setproctitle(3bsd)):
 * `nginx: worker process`. Empty if argv[0] is not a title. */
static struct span name_by_title(struct span argv0)
{
	const size_t len = (size_t)(argv0.end - argv0.start);
	const char *const blank = memchr(argv0.start, ' ', len);
	const char *const slash = memchr(argv0.start, '/', len);

	if (!blank || (slash && slash < blank && !memmem(argv0.start, len, ": ", 2)))
		return (struct span){argv0.end, argv0.end};
	return last_component(without_colon((struct span){argv0.start, blank}));
}

char *proc_cmdline_name(struct arena *arena, const char *text, size_t len, const char *comm)
{
	struct span argv0 = {text, text + strnlen(text, len)};

	if (argv0.start < argv0.end && *argv0.start == '-')
		argv0.start++;
	struct span name = name_by_comm(argv0, comm);
	if (name.start == name.end)
		name = name_by_title(argv0);
	if (name.start == name.end)
		name = last_component(argv0);
	if (name.start == name.end)
		return arena_strdup(arena, comm);
	return arena_copy(arena, name.start, (size_t)(name.end - name.start));
}

/* The number of arguments; the last one may lack its NUL. */
static size_t count_arguments(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t at = 0; at < len; n++)
		at += strnlen(text + at, len - at) + 1;
	return n;
}

const char *const *proc_cmdline_split(
        struct arena *arena, const char *text, size_t len, size_t max, bool *ret_is_cut)
{
	const size_t kept = len < max ? len : max;
	const size_t all = count_arguments(text, kept), most = max / sizeof(char *);
	const size_t n = all < most ? all : most;
	const char **const arguments = arena_array(arena, n + 1, sizeof(*arguments));
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		const size_t argument = strnlen(text + at, kept - at);

		arguments[i] = arena_copy(arena, text + at, argument);
		at += argument + 1;
	}
	*ret_is_cut = len > kept || all > n;
	return arguments;
}

/* --- uid_map, gid_map, setgroups ------------------------------------------------------------- */

/* Parses one line; `end` is its newline. */
static bool parse_range(const char *p, const char *end, struct proc_range *ret)
{
	uint64_t inside, outside, count;

	if (!next_number(&p, end, UINT32_MAX, &inside) || p == end || *p != ' ' ||
	        !next_number(&p, end, UINT32_MAX, &outside) || p == end || *p != ' ' ||
	        !next_number(&p, end, UINT32_MAX, &count) || p != end)
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

		if (!line_end || n == max || !parse_range(p, line_end, &ranges[n]))
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

/* --- links in ns ----------------------------------------------------------------------------- */

int proc_link_parse(const char *text, size_t len, struct proc_link *ret)
{
	const char *const end = text + len;
	struct proc_link link = {.type = text};
	const char *p = text;

	while (p < end && ((*p >= 'a' && *p <= 'z') || *p == '_'))
		p++;
	link.type_len = (size_t)(p - text);
	if (link.type_len == 0 || end - p < 4 || p[0] != ':' || p[1] != '[' || p[2] == '0')
		return -EINVAL;
	p += 2;
	if (!proc_number_parse(&p, end, UINT64_MAX, &link.inode))
		return -EINVAL;
	if (end - p != 1 || *p != ']')
		return -EINVAL;
	*ret = link;
	return 0;
}
