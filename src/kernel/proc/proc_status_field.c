/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/proc/proc_status_field.h"

#include "kernel/proc/proc_number.h"

#include <stdio.h>
#include <string.h>

/* What is behind the colon, up to *ret_end, the end of its line; NULL with *ret_error if there is
 * no whole one. The name in the first line cannot fake a line: the kernel writes its newlines
 * as \n. */
static const char *find(
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

int proc_status_numbers(
        const char *text, size_t len, const char *name, uint32_t *ret, size_t max, size_t *ret_n)
{
	const char *end;
	int error;
	const char *at = find(text, len, name, &end, &error);
	uint64_t number;
	size_t n = 0;

	if (!at)
		return error;
	for (; proc_number_next(&at, end, UINT32_MAX, &number); n++) {
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

/* -1 for what is no digit. */
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
	const char *at = find(text, len, name, &end, &error);
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
