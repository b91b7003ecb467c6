/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/containers/cgroup_path.h"

#include "base/memory.h"

#include <string.h>

/* Bytes that are not NUL-terminated. */
struct span {
	const char *bytes;
	size_t len;
};

static bool is_equal(struct span span, const char *text)
{
	return span.len == strlen(text) && memcmp(span.bytes, text, span.len) == 0;
}

static bool ends_with(struct span span, const char *suffix)
{
	const size_t len = strlen(suffix);

	return span.len > len && memcmp(span.bytes + span.len - len, suffix, len) == 0;
}

/* --- what stands for parts of a name ---------------------------------------------------------- */

static bool all_of(const char *bytes, size_t len, const char *accepted)
{
	for (size_t i = 0; i < len; i++) {
		if (!bytes[i] || !strchr(accepted, bytes[i]))
			return false;
	}
	return true;
}

#define DIGITS "0123456789"

static bool is_hex(const char *bytes, size_t len)
{
	return all_of(bytes, len, DIGITS "abcdef");
}

static bool is_step(const char *bytes, size_t len)
{
	return all_of(bytes, len, DIGITS "abcdefghijklmnopqrstuvwxyz");
}

static bool is_number(const char *bytes, size_t len)
{
	return all_of(bytes, len, DIGITS);
}

static bool is_any(const char *bytes, size_t len)
{
	(void)bytes;
	(void)len;
	return true;
}

static bool is_uuid(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const bool is_hyphen = i == 8 || i == 13 || i == 18 || i == 23;

		if (is_hyphen ? bytes[i] != '-' && bytes[i] != '_' : !is_hex(bytes + i, 1))
			return false;
	}
	return true;
}

/* A UUID, or for a pod that the kubelet read from a file the MD5 of that. */
static bool is_uid(const char *bytes, size_t len)
{
	return len == 32 ? is_hex(bytes, len) : len == 36 && is_uuid(bytes, len);
}

enum field { FIELD_NONE, FIELD_ID, FIELD_NAME, FIELD_APP, FIELD_POD, FIELDS };

struct placeholder {
	const char *name;
	enum field field; /* that it gives */
	size_t min, max;  /* length; the longest that fits is taken */
	bool (*is_valid)(const char *bytes, size_t len);
};

static const struct placeholder placeholders[] = {
        {"<id>", FIELD_ID, 64, 64, is_hex},
        {"<step>", FIELD_ID, 25, 25, is_step}, /* a step of BuildKit */
        {"<number>", FIELD_ID, 1, 20, is_number},
        {"<name>", FIELD_NAME, 1, SIZE_MAX, is_any},
        {"<app>", FIELD_APP, 1, SIZE_MAX, is_any},
        {"<uid>", FIELD_POD, 32, 36, is_uid},
        {"<podid>", FIELD_POD, 64, 64, is_hex},
        {"<uuid>", FIELD_NONE, 36, 36, is_uuid},
        {"<any>", FIELD_NONE, 0, SIZE_MAX, is_any},
};

static const struct placeholder *find_placeholder(const char *pattern)
{
	for (size_t i = 0; i < ARRAY_SIZE(placeholders); i++) {
		if (strncmp(pattern, placeholders[i].name, strlen(placeholders[i].name)) == 0)
			return &placeholders[i];
	}
	return NULL;
}

static bool is_end(char c)
{
	return c == '/' || c == ' ' || !c;
}

/* Matches one component with a pattern, which ends with `/`, a blank or NUL. Sets the fields. */
static bool match_component(const char *pattern, struct span text, struct span fields[FIELDS])
{
	for (; !is_end(*pattern); pattern++, text.bytes++, text.len--) {
		const struct placeholder *const place =
		        *pattern == '<' ? find_placeholder(pattern) : NULL;

		if (place) {
			const char *const rest = pattern + strlen(place->name);

			for (size_t n = MIN(place->max, text.len) + 1; n-- > place->min;) {
				if (place->is_valid(text.bytes, n) &&
				        match_component(rest,
				                (struct span){text.bytes + n, text.len - n},
				                fields)) {
					fields[place->field] = (struct span){text.bytes, n};
					return true;
				}
			}
			return false;
		}
		if (text.len == 0 || *text.bytes != *pattern)
			return false;
	}
	return text.len == 0;
}

/* --- components ------------------------------------------------------------------------------- */

struct component {
	struct span text;
	size_t depth; /* how many components of the path end with it */
	bool is_unit; /* the name of a systemd unit */
};

enum { COMPONENTS_MAX = 128 }; /* deeper ones are ignored */

struct components {
	struct component all[COMPONENTS_MAX];
	size_t n;
};

static bool is_unit_name(struct span text)
{
	static const char *const suffixes[] = {".service", ".scope", ".mount", ".socket", ".swap"};

	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		if (ends_with(text, suffixes[i]))
			return true;
	}
	return false;
}

static void add(struct components *components, struct span text, size_t depth, bool is_unit)
{
	if (components->n < COMPONENTS_MAX)
		components->all[components->n++] = (struct component){text, depth, is_unit};
}

/* A runtime that does not use systemd, but is given a path for systemd, makes one directory of it:
 * `SLICE:PREFIX:ID`. It stands for SLICE/PREFIX-ID.scope. Returns false if it is not such a
 * name. */
static bool add_systemd_path(
        struct arena *arena, struct components *components, struct span text, size_t depth)
{
	static const char suffix[] = ".scope";
	const char *const end = text.bytes + text.len;
	const char *const first = memchr(text.bytes, ':', text.len);
	const char *const second = first ? memchr(first + 1, ':', (size_t)(end - first - 1)) : NULL;

	if (!second)
		return false;
	const struct span slice = {text.bytes, (size_t)(first - text.bytes)};
	const size_t len = (size_t)(end - first - 1);
	if (slice.len && !ends_with(slice, ".slice"))
		return false;
	char *const scope = arena_alloc(arena, len + sizeof(suffix));
	memcpy(scope, first + 1, len);
	scope[second - first - 1] = '-';
	memcpy(scope + len, suffix, sizeof(suffix));
	if (slice.len)
		add(components, slice, depth, false);
	add(components, (struct span){scope, len + sizeof(suffix) - 1}, depth, false);
	return true;
}

/* systemd puts a `_` before names that mean something else in a directory of control groups
 * (`cgroup.x`), and before those that begin with `_`. */
static void split(struct arena *arena, const char *path, size_t len, struct components *ret)
{
	const char *const end = path + len;
	size_t depth = 0;

	ret->n = 0;
	for (const char *at = path; at < end;) {
		const char *const slash = memchr(at, '/', (size_t)(end - at));
		struct span text = {at, (size_t)((slash ? slash : end) - at)};

		at += text.len + 1;
		if (text.len == 0)
			continue;
		depth++;
		if (text.len > 1 && *text.bytes == '_')
			text = (struct span){text.bytes + 1, text.len - 1};
		if (!add_systemd_path(arena, ret, text, depth))
			add(ret, text, depth, is_unit_name(text));
	}
}

/* --- patterns --------------------------------------------------------------------------------- */

enum role { ROLE_CONTAINER, ROLE_MACHINE, ROLE_POD, ROLE_OTHER };

struct row {
	enum role role;
	enum container_kind kind; /* of a container */
	const char *patterns;
};

static const struct row rows[] = {
#define CONTAINER_PATTERNS(kind, patterns) {ROLE_CONTAINER, CONTAINER_##kind, patterns},
#define MACHINE_PATTERNS(kind, patterns)   {ROLE_MACHINE, CONTAINER_##kind, patterns},
#define POD_PATTERNS(patterns)             {ROLE_POD, CONTAINER_OTHER, patterns},
#define OTHER_PATTERNS(patterns)           {ROLE_OTHER, CONTAINER_OTHER, patterns},
#include "scan/containers/patterns.def"
};

/* What fits at one place. */
struct fit {
	const struct row *row; /* NULL: nothing */
	size_t n;              /* components */
	struct span fields[FIELDS];
};

/* The number of components that the pattern takes from number `i` on; 0: it does not fit. */
static size_t match_pattern(const char *pattern, const struct components *components, size_t i,
        struct span fields[FIELDS])
{
	size_t n = 0;

	for (;; pattern++) {
		if (i + n >= components->n ||
		        !match_component(pattern, components->all[i + n].text, fields))
			return 0;
		n++;
		pattern += strcspn(pattern, "/ ");
		if (*pattern != '/')
			return n;
	}
}

/* Most patterns differ in the first byte. */
static struct fit find_fit(const struct components *components, size_t i, bool is_top, bool is_pod)
{
	const char first = *components->all[i].text.bytes;
	struct fit best = {.row = NULL}, fit;

	for (size_t r = 0; r < ARRAY_SIZE(rows); r++) {
		for (const char *p = rows[r].patterns; *p; p += *p == ' ') {
			const bool fits_here = *p == '^' ? is_top : *p != '+' || is_pod;

			p += *p == '^' || *p == '+';
			if (fits_here && (*p == '<' || *p == first)) {
				fit = (struct fit){.row = &rows[r]};
				fit.n = match_pattern(p, components, i, fit.fields);
				best = fit.n > best.n ? fit : best;
			}
			p += strcspn(p, " ");
		}
	}
	return best;
}

/* --- names ------------------------------------------------------------------------------------ */

static int hex_value(char c)
{
	const char *const digits = DIGITS "abcdef";
	const char *const at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Names of units have `\xNN` for most bytes (systemd-escape(1)). A NUL stays as it is. */
static const char *decode(struct arena *arena, struct span text, bool is_unit)
{
	char *const copy = arena_copy(arena, text.bytes, text.len);
	char *to = copy;

	if (!is_unit)
		return copy;
	for (const char *from = copy; *from; to++) {
		const int high = from[0] == '\\' && from[1] == 'x' ? hex_value(from[2]) : -1;
		const int low = high >= 0 ? hex_value(from[3]) : -1;

		if (low >= 0 && (high || low)) {
			*to = (char)(high << 4 | low);
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = '\0';
	return copy;
}

/* The kubelet writes a UUID with `_`, since `-` in the name of a slice stands for `/`. */
static const char *decode_pod(struct arena *arena, struct span text)
{
	char *const copy = text.len ? arena_copy(arena, text.bytes, text.len) : NULL;

	for (char *at = copy; at && *at; at++)
		*at = *at == '_' ? '-' : *at;
	return copy;
}

/* By the rule of snap(8): SNAP.APP, or SNAP alone if the names are equal. */
static const char *snap_name(struct arena *arena, const char *id)
{
	const char *const dot = strchr(id, '.');
	const size_t len = dot ? (size_t)(dot - id) : 0;

	if (dot && strlen(dot + 1) == len && memcmp(id, dot + 1, len) == 0)
		return dot + 1;
	return arena_strdup(arena, id);
}

/* `fit` is at number `i`; the container that it is nested in ends before number `top`. */
static struct cgroup_name make_name(struct arena *arena, const struct components *components,
        size_t top, size_t i, const struct fit *fit)
{
	const struct component *const last = &components->all[i + fit->n - 1];
	const struct span *const fields = fit->fields;
	const bool is_unit = components->all[i].is_unit;
	struct cgroup_name name = {.kind = fit->row->kind,
	        .owner_first = components->all[i].depth - 1,
	        .owner_depth = last->depth - 1};

	if (fields[FIELD_NAME].len)
		name.id = name.name = decode(arena, fields[FIELD_NAME], is_unit);
	else
		name.id = arena_copy(arena, fields[FIELD_ID].bytes, fields[FIELD_ID].len);
	if (fields[FIELD_APP].len)
		name.name = decode(arena, fields[FIELD_APP], is_unit);
	if (name.kind == CONTAINER_SNAP)
		name.name = snap_name(arena, name.id);
	if (fit->row->role == ROLE_MACHINE) {
		name.owner_depth = components->all[i].depth;
		name.is_given = true;
	}
	for (size_t at = i + fit->n; at-- > top && !name.unit;) {
		const struct span text = components->all[at].text;

		if (components->all[at].is_unit)
			name.unit = arena_copy(arena, text.bytes, text.len);
	}
	return name;
}

/* --- the path --------------------------------------------------------------------------------- */

static void find_label(
        struct arena *arena, const struct components *components, struct cgroup_path *ret)
{
	static const char session[] = "session-", scope[] = ".scope";
	const size_t prefix = sizeof(session) - 1;
	size_t i = components->n;

	while (i > 0 && !components->all[i - 1].is_unit)
		i--;
	if (i == 0)
		return;
	const struct span text = components->all[i - 1].text;
	const size_t parent = components->all[i - 1].depth - 1;
	ret->label = (struct cgroup_name){
	        .kind = CONTAINER_UNIT, .owner_first = parent, .owner_depth = parent};
	ret->label.id = ret->label.unit = arena_copy(arena, text.bytes, text.len);
	if (memcmp(ret->label.id, session, MIN(prefix, text.len)) == 0 && ends_with(text, scope) &&
	        text.len > prefix + sizeof(scope) - 1) {
		ret->label.kind = CONTAINER_SESSION;
		ret->label.id = arena_copy(
		        arena, text.bytes + prefix, text.len - prefix - (sizeof(scope) - 1));
	}
}

/* `user@1000.service`. */
static bool is_user(struct span text, uid_t *ret)
{
	static const char prefix[] = "user@", suffix[] = ".service";
	const size_t begin = sizeof(prefix) - 1;
	uint64_t uid = 0;

	if (!ends_with(text, suffix) || text.len <= begin + sizeof(suffix) - 1 ||
	        memcmp(text.bytes, prefix, begin) != 0)
		return false;
	const size_t len = text.len - begin - (sizeof(suffix) - 1);
	if (len > 10 || !is_number(text.bytes + begin, len))
		return false;
	for (size_t i = 0; i < len; i++)
		uid = uid * 10 + (uint64_t)(text.bytes[begin + i] - '0');
	if (uid >= UINT32_MAX)
		return false;
	*ret = (uid_t)uid;
	return true;
}

/* What the first processes of a container make directly below its group, and run in; and `..`, at
 * the start of a path from another cgroup namespace. */
static bool is_no_level(struct span text)
{
	static const char *const names[] = {
	        "container", "crun-exec", "init", "init.scope", "payload", ".lxc", ".."};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (is_equal(text, names[i]))
			return true;
	}
	return false;
}

void cgroup_path_match(struct arena *arena, const char *path, size_t len, struct cgroup_path *ret)
{
	struct components components;
	struct span pod = {NULL, 0};
	size_t top = 0, end = 0, pod_end = SIZE_MAX,
	       pod_first = 0; /* `end`: of the last container */

	*ret = (struct cgroup_path){.n_nested = 0};
	split(arena, path, len, &components);
	ret->is_outside = components.n && is_equal(components.all[0].text, "..");
	find_label(arena, &components, ret);
	for (size_t i = 0; i < components.n;) {
		const struct span text = components.all[i].text;
		const struct fit fit = find_fit(&components, i, i == top, i == pod_end);

		ret->n_known += fit.n;
		if (fit.row && fit.row->role == ROLE_OTHER)
			return;
		if (!fit.row) {
			if (ret->n_nested == 0)
				ret->has_user |= is_user(text, &ret->user);
			top += i == top && is_no_level(text);
			i++;
			continue;
		}
		if (fit.row->role == ROLE_POD) {
			pod = fit.fields[FIELD_POD];
			pod_end = i + fit.n;
			pod_first = components.all[i].depth - 1;
		} else if (ret->n_nested < CGROUP_NESTED_MAX) {
			struct cgroup_name *const name = &ret->nested[ret->n_nested++];

			*name = make_name(arena, &components, end, i, &fit);
			if (i == pod_end) {
				name->pod_id = decode_pod(arena, pod);
				name->owner_first = pod_first;
			}
			if (ret->n_nested == 1)
				ret->n_outer = ret->n_known;
			end = i + fit.n;
		}
		i += fit.n;
		top = i;
	}
}
