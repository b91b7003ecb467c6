/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/ui/model_text.h"

#include "base/arena.h"
#include "base/attributes.h"
#include "base/memory.h"
#include "model/builder.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 32, DEV = 4 };

/* A line, cut into words. */
struct words {
	char *all[WORDS_MAX];
	size_t n;
};

static _noreturn_ void wrong(const char *line)
{
	fprintf(stderr, "model: cannot read \"%s\"\n", line);
	abort();
}

/* The value of `key=value`, NULL if the line has none. */
static const char *value(const struct words *words, const char *key)
{
	const size_t len = strlen(key);

	for (size_t i = 1; i < words->n; i++) {
		if (strncmp(words->all[i], key, len) == 0 && words->all[i][len] == '=')
			return words->all[i] + len + 1;
	}
	return NULL;
}

static uint64_t number(const struct words *words, const char *key, uint64_t otherwise)
{
	const char *text = value(words, key);

	return text ? strtoull(text, NULL, 10) : otherwise;
}

static bool has(const struct words *words, const char *word)
{
	for (size_t i = 1; i < words->n; i++) {
		if (strcmp(words->all[i], word) == 0)
			return true;
	}
	return false;
}

/* With \xNN resolved. */
static const char *raw(struct builder *builder, const char *text)
{
	if (!text)
		return NULL;
	char *copy = arena_strdup(builder_arena(builder), text);
	char *to = copy;

	for (const char *from = copy; *from;) {
		if (from[0] == '\\' && from[1] == 'x') {
			const char digits[] = {from[2], from[3], '\0'};

			*to++ = (char)strtoul(digits, NULL, 16);
			from += 4;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
	return copy;
}

static struct relation relation(struct builder *builder, enum nstype type, const char *text)
{
	if (!text)
		return (struct relation){.state = REL_INITIAL};
	if (strcmp(text, "hidden") == 0)
		return (struct relation){.state = REL_HIDDEN};
	if (strcmp(text, "failed") == 0)
		return (struct relation){.state = REL_FAILED};
	if (strcmp(text, "unread") == 0)
		return (struct relation){.state = REL_UNREAD};
	if (strcmp(text, "unsupported") == 0)
		return (struct relation){.state = REL_UNSUPPORTED};
	return (struct relation){.state = REL_KNOWN,
	        .ns = builder_ns(builder, type, DEV, strtoull(text, NULL, 10), NULL)};
}

static struct id_map map_of(struct builder *builder, const char *text)
{
	struct id_range *ranges = arena_array(builder_arena(builder), WORDS_MAX, sizeof(*ranges));
	size_t n = 0;

	for (int used = 0; n < WORDS_MAX && text; text += used + (text[used] == ',')) {
		struct id_range *range = &ranges[n];

		if (sscanf(text, "%" SCNu32 ":%" SCNu32 ":%" SCNu32 "%n", &range->inside,
		            &range->outside, &range->count, &used) != 3)
			break;
		n++;
	}
	return (struct id_map){.ranges = ranges, .n = n};
}

/* The state of a user ID: `failed`, `unread`, `unsupported`, `unmapped`, `ambiguous` (65534), or a
 * number. */
static enum rel_state read_uid(const char *text, uid_t *ret)
{
	static const enum rel_state states[] = {
	        REL_FAILED, REL_UNREAD, REL_UNSUPPORTED, REL_UNMAPPED, REL_AMBIGUOUS};

	*ret = 0;
	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		if (strcmp(text, model_rel_state_name(states[i])) != 0)
			continue;
		*ret = states[i] == REL_AMBIGUOUS ? 65534 : 0;
		return states[i];
	}
	*ret = (uid_t)strtoul(text, NULL, 10);
	return REL_KNOWN;
}

static void read_user(struct builder *builder, struct ns *ns, const struct words *words)
{
	const char *owner = value(words, "owner");
	const char *setgroups = value(words, "setgroups");

	ns->owner = ns->parent;
	ns->owner_uid_state = read_uid(owner ? owner : "0", &ns->owner_uid);
	ns->owner_name = raw(builder, value(words, "name"));
	if (!value(words, "map"))
		return;
	ns->maps_state = strcmp(value(words, "map"), "unread") == 0 ? REL_UNREAD : REL_KNOWN;
	ns->uid_map = map_of(builder, value(words, "map"));
	ns->gid_map = map_of(builder, value(words, "gmap"));
	ns->setgroups = !setgroups                       ? SETGROUPS_UNKNOWN
	                : strcmp(setgroups, "deny") == 0 ? SETGROUPS_DENY
	                                                 : SETGROUPS_ALLOW;
}

static void read_ns(struct builder *builder, enum nstype type, const struct words *words)
{
	const uint64_t inode = strtoull(words->all[1], NULL, 10);
	struct ns *ns = builder_ns(builder, type, DEV, inode, NULL);

	ns->id = number(words, "id", inode);
	ns->is_listed_only = has(words, "listed");
	if (nstype_is_hierarchical(type))
		ns->parent = relation(builder, type, value(words, "parent"));
	if (type == NS_USER)
		read_user(builder, ns, words);
	else
		ns->owner = relation(builder, NS_USER, value(words, "owner"));
}

static void read_nspid(struct builder *builder, struct process *process, const char *text)
{
	pid_t *pids = arena_array(builder_arena(builder), WORDS_MAX, sizeof(*pids));
	size_t n = 0;

	pids[n++] = process->pid;
	for (const char *comma = text ? strchr(text, ',') : NULL; comma && n < WORDS_MAX;
	        comma = strchr(comma + 1, ','))
		pids[n++] = (pid_t)strtol(comma + 1, NULL, 10);
	process->nspid = pids;
	process->n_nspid = n;
}

/* Arguments with commas between; NULL: it was not read. */
static const char *const *read_cmdline(struct builder *builder, const char *text)
{
	const char **arguments = arena_array(builder_arena(builder), WORDS_MAX, sizeof(*arguments));
	_cleanup_free_ char *copy = memory_strdup(text ? text : "");
	char *rest = *copy ? copy : NULL, *argument;

	for (size_t n = 0; n + 1 < WORDS_MAX && (argument = strsep(&rest, ",")); n++)
		arguments[n] = raw(builder, argument);
	return text ? arguments : NULL;
}

/* The container with an id that begins with `text`; NULL for NULL. */
static const struct container *find_container(struct builder *builder, const char *text)
{
	size_t n;
	struct container *const *all = builder_containers(builder, &n);

	if (!text)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		if (strncmp(all[i]->id, text, strlen(text)) == 0)
			return all[i];
	}
	wrong(text);
}

static enum container_kind read_kind(const char *text)
{
	for (enum container_kind kind = 0; text && kind < CONTAINER_OTHER; kind++) {
		if (strcmp(container_kind_name(kind), text) == 0)
			return kind;
	}
	wrong(text);
}

/* `user:1000`, `inside`, `unknown`; NULL: root. */
static enum trust read_trust(const char *text, uid_t *ret)
{
	if (text && sscanf(text, "user:%" SCNu32, ret) == 1)
		return TRUST_USER;
	return !text ? TRUST_ROOT : strcmp(text, "inside") == 0 ? TRUST_CONTAINER : TRUST_UNKNOWN;
}

static void read_container(struct builder *builder, const struct words *words)
{
	struct container identity = {
	        .kind = read_kind(value(words, "kind")),
	        .id = raw(builder, words->all[1]),
	        .outer = find_container(builder, value(words, "outer")),
	};

	identity.trust = read_trust(value(words, "trust"), &identity.trust_uid);
	struct container *container = builder_container(builder, &identity, NULL);
	container->name = raw(builder, value(words, "name"));
	container->image = raw(builder, value(words, "image"));
	container->pod = raw(builder, value(words, "pod"));
	container->pod_namespace = raw(builder, value(words, "pod_namespace"));
	container->pod_id = raw(builder, value(words, "pod_id"));
	container->unit = raw(builder, value(words, "unit"));
	container->source = raw(builder, value(words, "source"));
	container->is_sandbox = has(words, "sandbox");
	container->is_unverified = has(words, "unverified");
}

static void read_process(struct builder *builder, const struct words *words)
{
	struct process *process = builder_process(builder, (pid_t)strtol(words->all[1], NULL, 10));
	const char *name = raw(builder, value(words, "name"));

	process->ppid = (pid_t)number(words, "ppid", 0);
	process->started = number(words, "started", 0);
	process->uid_state =
	        read_uid(value(words, "uid") ? value(words, "uid") : "failed", &process->uid);
	process->state = has(words, "unread") ? '\0' : 'S';
	process->name = process->comm = name ? name : "?";
	process->cgroup = raw(builder, value(words, "path"));
	process->container = find_container(builder, value(words, "container"));
	if (has(words, "unread-container"))
		process->container_state = REL_UNREAD;
	process->claim = find_container(builder, value(words, "claim"));
	process->label = find_container(builder, value(words, "label"));
	read_nspid(builder, process, value(words, "nspid"));
	process->is_unborn = has(words, "unborn");
	process->is_self = has(words, "self");
	process->is_kernel = has(words, "kernel");
	process->cmdline = read_cmdline(builder, value(words, "cmdline"));
	process->is_cmdline_cut = has(words, "cut");
	process->cmdline_error = (int)number(words, "cmdline-error", 0);
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		const char *text = value(words, nstype_name(type));

		if (text)
			process->ns[type] =
			        builder_ns(builder, type, DEV, strtoull(text, NULL, 10), NULL);
	}
}

static void read_holder(struct builder *builder, const struct words *words)
{
	const uint64_t inode = strtoull(words->all[1], NULL, 10);
	struct holder holder = {
	        .kind = HOLDER_FD,
	        .fd = (int)number(words, "fd", 0),
	        .pid = (pid_t)number(words, "of", 0),
	        .tid = (pid_t)number(words, "thread", 0),
	        .path = raw(builder, value(words, "mount")),
	        .mnt = number(words, "in", 0),
	};

	if (holder.path)
		holder.kind = HOLDER_MOUNT;
	else if (has(words, "for-children"))
		holder.kind = HOLDER_FOR_CHILDREN;
	else if (holder.tid && !value(words, "fd"))
		holder.kind = HOLDER_THREAD;
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		const struct ns *ns = builder_find_ns(builder, type, DEV, inode);

		if (ns)
			builder_hold(builder, ns, &holder);
	}
}

/* A namespace without a number. */
static void read_pin(struct builder *builder, const struct words *words)
{
	const char *path = raw(builder, value(words, "mount"));

	builder_pin(builder, &(struct ns_pin){.type = NS_PID,
	                             .state = has(words, "covered") ? PIN_COVERED : PIN_NO_PROCESS,
	                             .by = PIN_BY_PROC_MOUNT,
	                             .path = path ? path : "/proc",
	                             .mnt = number(words, "in", 0),
	                             .minor = (unsigned)number(words, "minor", 0),
	                             .n_mounts = (size_t)number(words, "mounts", 1)});
}

/* `hidepid,waiting`; NULL: none. */
static uint32_t read_reasons(const char *list)
{
	_cleanup_free_ char *copy = memory_strdup(list ? list : "");
	char *rest = copy, *name;
	uint32_t reasons = 0;

	while ((name = strsep(&rest, ","))) {
		enum partial reason = 0;

		while (reason < PARTIALS && strcmp(model_partial_name(reason), name) != 0)
			reason++;
		if (reason < PARTIALS)
			reasons |= UINT32_C(1) << reason;
		else if (*name)
			wrong(name);
	}
	return reasons;
}

/* `process,fd`, or a number; NULL: processes. */
static uint32_t read_sources(const char *list)
{
	_cleanup_free_ char *copy = memory_strdup(list ? list : "1");
	char *rest = copy, *name;
	uint32_t sources = 0;

	if (*copy >= '0' && *copy <= '9')
		return (uint32_t)strtoul(copy, NULL, 10);
	while ((name = strsep(&rest, ","))) {
		enum source source = 0;

		while (source < SOURCES && strcmp(model_source_name(source), name) != 0)
			source++;
		if (source == SOURCES)
			wrong(name);
		sources |= UINT32_C(1) << source;
	}
	return sources;
}

static void read_host(struct builder *builder, const struct words *words)
{
	struct host *host = builder_host(builder);

	host->name = raw(builder, value(words, "name"));
	host->euid_state = read_uid(value(words, "euid") ? value(words, "euid") : "0", &host->euid);
	host->overflow_uid = (struct overflow_id){
	        .id = (uint32_t)number(words, "overflow_uid", 0), .state = REL_AMBIGUOUS};
	host->overflow_gid = (struct overflow_id){
	        .id = (uint32_t)number(words, "overflow_gid", 0), .state = REL_UNMAPPED};
	if (!value(words, "overflow_uid"))
		host->overflow_uid.state = host->overflow_gid.state = REL_KNOWN;
	host->booted = (int64_t)number(words, "booted", 0);
	host->taken = (int64_t)number(words, "taken", 0);
	host->hertz = (unsigned)number(words, "hertz", 100);
	host->partial = read_reasons(value(words, "partial"));
	host->unreadable = (size_t)number(words, "unreadable", 0);
	host->sources = read_sources(value(words, "sources"));
}

static void read_line(struct builder *builder, char *line)
{
	struct words words = {0};
	enum nstype type;
	char *rest = line, *word;

	while ((word = strsep(&rest, " \t")) && words.n < WORDS_MAX) {
		if (*word == '#')
			break;
		if (*word)
			words.all[words.n++] = word;
	}
	if (!words.n)
		return;
	if (strcmp(words.all[0], "host") == 0)
		read_host(builder, &words);
	else if (words.n < 2)
		wrong(words.all[0]);
	else if (strcmp(words.all[0], "proc") == 0)
		read_process(builder, &words);
	else if (strcmp(words.all[0], "container") == 0)
		read_container(builder, &words);
	else if (strcmp(words.all[0], "hold") == 0)
		read_holder(builder, &words);
	else if (strcmp(words.all[0], "pin") == 0)
		read_pin(builder, &words);
	else if (strcmp(words.all[0], "note") == 0)
		builder_note(builder, (pid_t)number(&words, "pid", 0), raw(builder, words.all[1]),
		        (int)number(&words, "errno", 0));
	else if (nstype_from_name(words.all[0], strlen(words.all[0]), &type))
		read_ns(builder, type, &words);
	else
		wrong(words.all[0]);
}

const struct model *model_from_text(const char *text)
{
	struct builder *builder = builder_new();
	_cleanup_free_ char *copy = memory_strdup(text);
	char *rest = copy, *line;
	const struct model *model;
	struct builder_problem problem = {0};

	while ((line = strsep(&rest, "\n")))
		read_line(builder, line);
	if (builder_freeze(builder, &model, &problem) != 0)
		wrong(problem.what);
	return model;
}

const struct model *model_from_file(const char *name)
{
	_cleanup_free_ char *path = memory_printf("tests/ui/models/%s", name);
	_cleanup_free_ char *text = read_source_file(path);

	if (!text)
		wrong(path);
	return model_from_text(text);
}

char *read_source_file(const char *path)
{
	const char *top = getenv("top_srcdir");
	_cleanup_free_ char *full = memory_printf("%s/%s", top ? top : ".", path);
	_cleanup_fclose_ FILE *file = fopen(full, "re");
	char *text = NULL;
	size_t size = 0;

	if (!file)
		return NULL;
	const ssize_t n = getdelim(&text, &size, '\0', file);
	if (n < 0) {
		free(text);
		return NULL;
	}
	return text;
}
