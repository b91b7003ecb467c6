/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/privileged/container_text.h"

#include "base/json_scan.h"

#include <limits.h>
#include <string.h>

/* --- JSON ------------------------------------------------------------------------------------ */

/* A value in a text; of length 0: there is none. */
struct json_value {
	char *text;
	struct json_span span;
};

static bool is_key(const char *text, const struct json_span *key, const char *wanted)
{
	return strlen(wanted) == key->len && memcmp(text + key->start, wanted, key->len) == 0;
}

/* Finds the values of `n` keys in an object; of a key that is there twice, the last. Any other
 * value than an object has no members. Returns 0 or -EBADMSG: the object is malformed. */
static int find_members(
        struct json_value object, const char *const *keys, size_t n, struct json_value *ret_values)
{
	struct json_scan scan = json_scan_span(object.text, &object.span);
	struct json_span key, span;
	bool is_first = true;
	int r;

	memset(ret_values, 0, n * sizeof(*ret_values));
	if (object.span.len == 0 || object.text[object.span.start] != '{')
		return 0;
	r = json_scan_open(&scan, '{');
	if (r < 0)
		return r;
	while ((r = json_scan_member(&scan, &is_first, &key, &span)) > 0) {
		for (size_t i = 0; i < n; i++) {
			if (is_key(object.text, &key, keys[i]))
				ret_values[i] = (struct json_value){object.text, span};
		}
	}
	return r;
}

/* A whole text that must be an object. */
static int find_members_of_text(
        char *text, size_t len, const char *const *keys, size_t n, struct json_value *ret_values)
{
	size_t at = 0;

	while (at < len && strchr(" \t\r\n", text[at]) && text[at])
		at++;
	if (at == len || text[at] != '{')
		return -EBADMSG;
	return find_members(
	        (struct json_value){text, {.start = at, .len = len - at}}, keys, n, ret_values);
}

/* Decodes a string in place. Anything else, and a string that is malformed, is empty. */
static struct container_slice take_string(struct json_value value)
{
	size_t len;

	if (value.span.len < 2)
		return (struct container_slice){NULL, 0};
	char *const text = value.text + value.span.start;
	if (text[0] != '"' || text[value.span.len - 1] != '"' ||
	        json_scan_text(text, value.span.len, text, &len))
		return (struct container_slice){NULL, 0};
	return (struct container_slice){text, len};
}

static struct container_slice take_name(struct json_value value)
{
	const struct container_slice slice = take_string(value);

	return slice.len <= CONTAINER_TEXT_MAX ? slice : (struct container_slice){NULL, 0};
}

/* The first of `n` that is not empty. */
static struct container_slice take_first_name(const struct json_value *values, size_t n)
{
	struct container_slice name = {NULL, 0};

	for (size_t i = 0; i < n && name.len == 0; i++)
		name = take_name(values[i]);
	return name;
}

/* 0: it is no number. */
static uint64_t take_number(struct json_value value)
{
	uint64_t number = 0;

	if (value.span.len == 0 ||
	        json_scan_number(value.text + value.span.start, value.span.len, &number) < 0)
		return 0;
	return number;
}

static pid_t pid_of(uint64_t number)
{
	return number <= INT_MAX ? (pid_t)number : 0;
}

static bool is_text(struct container_slice slice, const char *text)
{
	return slice.len == strlen(text) && memcmp(slice.bytes, text, slice.len) == 0;
}

/* --- formats in JSON ------------------------------------------------------------------------- */

static int parse_docker(char *text, size_t len, struct container_text *ret)
{
	static const char *const keys[] = {"Name", "Config", "State"};
	static const char *const config_keys[] = {"Image"}, *const state_keys[] = {"Pid"};
	struct json_value values[3], image, pid;
	int r = find_members_of_text(text, len, keys, ARRAY_SIZE(keys), values);

	if (r == 0)
		r = find_members(values[1], config_keys, 1, &image);
	if (r == 0)
		r = find_members(values[2], state_keys, 1, &pid);
	if (r < 0)
		return r;
	ret->name = take_name(values[0]);
	if (ret->name.len > 0 && ret->name.bytes[0] == '/') {
		ret->name.bytes++;
		ret->name.len--;
	}
	ret->image = take_name(image);
	ret->pid = pid_of(take_number(pid));
	return 0;
}

/* The annotations of engines that put a Kubernetes pod around a container, and of nerdctl(1). */
static int parse_oci(char *text, size_t len, struct container_text *ret)
{
	static const char *const keys[] = {"annotations"};
	enum { NAME, IMAGE = 4, POD = 6, POD_NAMESPACE = 8, TYPE = 10, ANNOTATIONS = 12 };
	static const char *const names[ANNOTATIONS] = {
	        [NAME] = "io.kubernetes.cri.container-name",
	        "io.kubernetes.cri-o.Name",
	        "io.kubernetes.cri-o.ContainerName",
	        "nerdctl/name",
	        [IMAGE] = "io.kubernetes.cri.image-name",
	        "io.kubernetes.cri-o.ImageName",
	        [POD] = "io.kubernetes.cri.sandbox-name",
	        "io.kubernetes.cri-o.KubeName",
	        [POD_NAMESPACE] = "io.kubernetes.cri.sandbox-namespace",
	        "io.kubernetes.cri-o.Namespace",
	        [TYPE] = "io.kubernetes.cri.container-type",
	        "io.kubernetes.cri-o.ContainerType",
	};
	struct json_value annotations, values[ANNOTATIONS];
	int r = find_members_of_text(text, len, keys, 1, &annotations);

	if (r == 0)
		r = find_members(annotations, names, ANNOTATIONS, values);
	if (r < 0)
		return r;
	ret->name = take_first_name(values + NAME, IMAGE - NAME);
	ret->image = take_first_name(values + IMAGE, POD - IMAGE);
	ret->pod = take_first_name(values + POD, POD_NAMESPACE - POD);
	ret->pod_namespace = take_first_name(values + POD_NAMESPACE, TYPE - POD_NAMESPACE);
	ret->is_sandbox = is_text(take_first_name(values + TYPE, ANNOTATIONS - TYPE), "sandbox");
	return 0;
}

static int parse_nsresource(char *text, size_t len, struct container_text *ret)
{
	static const char *const keys[] = {"name", "userns", "usernsId"};
	struct json_value values[ARRAY_SIZE(keys)];
	const int r = find_members_of_text(text, len, keys, ARRAY_SIZE(keys), values);

	if (r < 0)
		return r;
	ret->name = take_name(values[0]);
	ret->inode = take_number(values[1]);
	ret->ns_id = take_number(values[2]);
	return 0;
}

static int parse_apptainer(char *text, size_t len, struct container_text *ret)
{
	static const char *const keys[] = {"image", "pid"};
	struct json_value values[ARRAY_SIZE(keys)];
	const int r = find_members_of_text(text, len, keys, ARRAY_SIZE(keys), values);

	if (r < 0)
		return r;
	ret->image = take_name(values[0]);
	ret->pid = pid_of(take_number(values[1]));
	return 0;
}

static int parse_bwrap(char *text, size_t len, struct container_text *ret)
{
	static const char *const keys[] = {"child-pid", "pid-namespace"};
	struct json_value values[ARRAY_SIZE(keys)];
	const int r = find_members_of_text(text, len, keys, ARRAY_SIZE(keys), values);

	if (r < 0)
		return r;
	ret->pid = pid_of(take_number(values[0]));
	ret->inode = take_number(values[1]);
	return 0;
}

/* The first of the names of an element. */
static struct container_slice first_of_list(struct json_value list)
{
	struct json_scan scan = json_scan_span(list.text, &list.span);
	struct json_span span;
	bool is_first = true;

	if (list.span.len == 0 || list.text[list.span.start] != '[' ||
	        json_scan_open(&scan, '[') < 0 || json_scan_element(&scan, &is_first, &span) <= 0)
		return (struct container_slice){NULL, 0};
	return take_name((struct json_value){list.text, span});
}

/* One element of containers.json, if it is wanted. A metadata that is malformed is left out. */
static void parse_element(struct json_value element, const struct container_text_list *list)
{
	static const char *const keys[] = {"id", "names", "metadata"};
	enum { IMAGE, NAME, CRIO_NAME, POD, POD_NAMESPACE, METADATA };
	static const char *const names[METADATA] = {
	        "image-name", "name", "metadata-name", "pod-name", "namespace"};
	struct json_value values[ARRAY_SIZE(keys)], inside[METADATA];
	struct container_text found = {.pid = 0};
	struct container_slice metadata;

	if (find_members(element, keys, ARRAY_SIZE(keys), values) < 0)
		return;
	found.id = take_name(values[0]);
	if (found.id.len == 0 || !list->is_wanted(list->data, found.id))
		return;
	found.name = first_of_list(values[1]);
	metadata = take_string(values[2]);
	if (metadata.len > 0 && find_members_of_text(values[2].text + values[2].span.start,
	                                metadata.len, names, METADATA, inside) == 0) {
		found.image = take_name(inside[IMAGE]);
		found.pod = take_name(inside[POD]);
		found.pod_namespace = take_name(inside[POD_NAMESPACE]);
		if (found.name.len == 0)
			found.name = take_first_name(inside + NAME, POD - NAME);
	}
	list->take(list->data, &found);
}

/* The list is walked twice: if it ends too early, nothing of it is taken. */
static int parse_storage(char *text, size_t len, const struct container_text_list *list)
{
	const struct json_span whole = {.start = 0, .len = len};

	for (int is_taken = 0; is_taken <= 1; is_taken++) {
		struct json_scan scan = json_scan_span(text, &whole);
		struct json_span span;
		bool is_first = true;
		int r = json_scan_open(&scan, '[');

		if (r < 0)
			return r;
		while ((r = json_scan_element(&scan, &is_first, &span)) > 0) {
			if (is_taken)
				parse_element((struct json_value){text, span}, list);
		}
		if (r == 0)
			r = json_scan_end(&scan);
		if (r < 0)
			return r;
	}
	return 0;
}

/* --- lines ----------------------------------------------------------------------------------- */

/* Takes the next line off the text, without its newline. */
static bool next_line(struct container_slice *text, struct container_slice *ret)
{
	const char *const newline = text->len ? memchr(text->bytes, '\n', text->len) : NULL;
	const size_t len = newline ? (size_t)(newline - text->bytes) : text->len;

	if (text->len == 0)
		return false;
	*ret = (struct container_slice){text->bytes, len};
	text->bytes += len + (newline != NULL);
	text->len -= len + (newline != NULL);
	return true;
}

/* The value of a line KEY=VALUE. False: it is another line. */
static bool value_of(struct container_slice line, const char *key, struct container_slice *ret)
{
	const size_t len = strlen(key);

	if (line.len <= len || memcmp(line.bytes, key, len) != 0 || line.bytes[len] != '=')
		return false;
	*ret = (struct container_slice){line.bytes + len + 1, line.len - len - 1};
	return true;
}

/* A name without NUL and without what the writer would have quoted; else empty. */
static struct container_slice plain_name(struct container_slice text)
{
	if (text.len > CONTAINER_TEXT_MAX || memchr(text.bytes, '\0', text.len) ||
	        memchr(text.bytes, '\\', text.len) || memchr(text.bytes, '"', text.len))
		return (struct container_slice){NULL, 0};
	return text;
}

/* 0: it is no PID. */
static pid_t parse_pid(struct container_slice text)
{
	uint64_t number = 0;

	while (text.len > 0 &&
	        (text.bytes[text.len - 1] == '\n' || text.bytes[text.len - 1] == ' '))
		text.len--;
	if (text.len == 0 || json_scan_number(text.bytes, text.len, &number) < 0)
		return 0;
	return pid_of(number);
}

static void parse_machine(struct container_slice text, struct container_text *ret)
{
	struct container_slice line, value;

	while (next_line(&text, &line)) {
		if (value_of(line, "NAME", &value))
			ret->name = plain_name(value);
		else if (value_of(line, "LEADER", &value))
			ret->pid = parse_pid(value);
	}
}

static void parse_flatpak(struct container_slice text, struct container_text *ret)
{
	struct container_slice line, value;
	bool is_application = false;

	while (next_line(&text, &line)) {
		if (line.len > 0 && line.bytes[0] == '[')
			is_application = is_text(line, "[Application]");
		else if (is_application && value_of(line, "name", &value))
			ret->name = plain_name(value);
	}
}

/* Takes what precedes the first `_` off a name. */
static bool take_part(struct container_slice *rest, struct container_slice *ret)
{
	const char *const end = rest->len ? memchr(rest->bytes, '_', rest->len) : NULL;

	if (!end)
		return false;
	*ret = (struct container_slice){rest->bytes, (size_t)(end - rest->bytes)};
	rest->bytes = end + 1;
	rest->len -= ret->len + 1;
	return true;
}

/* Neither pods nor their namespaces have a `_` in their names, and containers have none either. */
static bool parse_pod_log(struct container_slice line, struct container_text *ret)
{
	static const char end[] = ".log";
	enum { ID = 64, END = sizeof(end) - 1, TAIL = 1 + ID + END };
	struct container_slice rest = line;

	*ret = (struct container_text){.pid = 0};
	if (line.len <= TAIL || line.len > CONTAINER_TEXT_MAX ||
	        memchr(line.bytes, '\0', line.len) ||
	        memcmp(line.bytes + line.len - END, end, END) != 0)
		return false;
	rest.len -= TAIL;
	if (rest.bytes[rest.len] != '-' || !take_part(&rest, &ret->pod) ||
	        !take_part(&rest, &ret->pod_namespace) || ret->pod.len == 0 || rest.len == 0)
		return false;
	ret->id = (struct container_slice){line.bytes + line.len - ID - END, ID};
	ret->name = rest;
	return true;
}

/* --- all formats ----------------------------------------------------------------------------- */

bool container_text_is_list(enum container_format format)
{
	return format >= CONTAINER_FORMAT_STORAGE;
}

int container_text_parse(
        enum container_format format, char *text, size_t len, struct container_text *ret)
{
	const struct container_slice all = {text, len};

	*ret = (struct container_text){.pid = 0};
	switch (format) {
	case CONTAINER_FORMAT_DOCKER:
		return parse_docker(text, len, ret);
	case CONTAINER_FORMAT_OCI:
		return parse_oci(text, len, ret);
	case CONTAINER_FORMAT_NSRESOURCE:
		return parse_nsresource(text, len, ret);
	case CONTAINER_FORMAT_APPTAINER:
		return parse_apptainer(text, len, ret);
	case CONTAINER_FORMAT_BWRAP:
		return parse_bwrap(text, len, ret);
	case CONTAINER_FORMAT_MACHINE:
		parse_machine(all, ret);
		return 0;
	case CONTAINER_FORMAT_FLATPAK:
		parse_flatpak(all, ret);
		return 0;
	case CONTAINER_FORMAT_PID:
		ret->pid = parse_pid(all);
		return 0;
	default:
		return 0;
	}
}

int container_text_parse_list(enum container_format format, char *text, size_t len,
        const struct container_text_list *list)
{
	struct container_slice rest = {text, len}, line;
	struct container_text found;

	if (format == CONTAINER_FORMAT_STORAGE)
		return parse_storage(text, len, list);
	while (next_line(&rest, &line)) {
		if (parse_pod_log(line, &found) && list->is_wanted(list->data, found.id))
			list->take(list->data, &found);
	}
	return 0;
}
