/* SPDX-License-Identifier: Apache-2.0 */
#include "base/descriptors.h"
#include "base/memory.h"
#include "snapshot/reader.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define MIB      ((size_t)1 << 20)
#define FILE_MAX (1024 * MIB)

/* Bytes of a command line that are kept, which is more than a scan keeps. */
#define CMDLINE_MAX (64 * 1024)

/* What one takes in the builder and when the model is frozen, beside the arena before that. */
enum {
	COST_PROCESS = 128, /* entries of sorted arrays, and of the members of eight namespaces */
	COST_NOTE = 64,
};

/* --- format, version, program ---------------------------------------------------------------- */

static const char *const no_key = NULL;

/* For the getters: the members of the top level are taken like elements of a list. */
static struct fields top_level(struct reader *reader, const struct json_span *span)
{
	return (struct fields){.reader = reader, .keys = &no_key, .offset = span->start};
}

static int read_format(struct reader *reader, const struct json_span *span)
{
	struct fields f = top_level(reader, span);
	const char *format = fields_text_at(&f, "format", span);

	if (f.error)
		return f.error;
	if (strcmp(format, SNAPSHOT_FORMAT "s") == 0)
		return fields_refuse(reader, span->start,
		        "several snapshots in one file: this program reads one");
	if (strcmp(format, SNAPSHOT_FORMAT) != 0)
		return fields_refuse(reader, span->start,
		        "not a snapshot: \"format\" is not \"" SNAPSHOT_FORMAT "\"");
	return 0;
}

static int read_version(struct reader *reader, const struct json_span *span)
{
	struct fields f = top_level(reader, span);
	const uint64_t version = fields_number_at(&f, "version", span, 1, INT64_MAX);

	if (version > SNAPSHOT_VERSION)
		return fields_refuse(reader, span->start,
		        "snapshot version %ju is newer than this program", (uintmax_t)version);
	return f.error;
}

static int read_program(struct reader *reader, const struct json_span *span)
{
	static const char null[] = "null";
	struct fields f = top_level(reader, span);
	struct host *host = builder_host(reader->builder);

	if (span->len == sizeof(null) - 1 &&
	        memcmp(reader->text + span->start, null, span->len) == 0)
		host->program = "";
	else
		host->program = fields_text_at(&f, "program", span);
	return f.error;
}

/* --- host ------------------------------------------------------------------------------------ */

/* The number of `n` digits at `text`; -1 if one is no digit. */
static int digits(const char *text, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

/* The seconds of a time in exactly this form: "2026-11-23T15:04:00Z"; 0 if it is not one. */
static int64_t time_from_text(const char *text)
{
	static const char shape[] = "0000-00-00T00:00:00Z";

	if (strlen(text) != sizeof(shape) - 1)
		return 0;
	for (size_t i = 0; i < sizeof(shape) - 1; i++) {
		if (shape[i] != '0' && text[i] != shape[i])
			return 0;
	}
	const struct tm given = {.tm_year = digits(text, 4) - 1900,
	        .tm_mon = digits(text + 5, 2) - 1,
	        .tm_mday = digits(text + 8, 2),
	        .tm_hour = digits(text + 11, 2),
	        .tm_min = digits(text + 14, 2),
	        .tm_sec = digits(text + 17, 2)};
	struct tm tm = given;
	const time_t seconds = timegm(&tm);

	/* timegm(3) normalizes: 30 February would be 2 March. */
	if (tm.tm_mon != given.tm_mon || tm.tm_mday != given.tm_mday ||
	        tm.tm_hour != given.tm_hour || tm.tm_min != given.tm_min ||
	        tm.tm_sec != given.tm_sec)
		return 0;
	return seconds;
}

static int64_t read_time(struct fields *f, const char *key)
{
	const char *text = fields_text_or_null(f, key);
	const int64_t seconds = text ? time_from_text(text) : 0;

	if (text && seconds <= 0)
		fields_fail(f, key, "is not a time like 2026-11-23T15:04:00Z");
	return seconds;
}

/* A string that is null if unknown; in the model it is then "". */
static const char *read_name(struct fields *f, const char *key)
{
	const char *name = fields_text_or_null(f, key);

	return name ? name : "";
}

static void read_source(
        struct fields *f, const char *key, const struct json_span *element, void *data)
{
	uint32_t *sources = data;
	const char *words[SOURCES];

	for (enum source source = 0; source < SOURCES; source++)
		words[source] = model_source_name(source);
	const unsigned source = fields_find_word(f, key, element, words, SOURCES);
	if (source < SOURCES)
		*sources |= UINT32_C(1) << source;
}

/* A reason of a later program is PARTIAL_FAILED. */
static void read_reason(
        struct fields *f, const char *key, const struct json_span *element, void *data)
{
	uint32_t *reasons = data;
	const char *words[PARTIALS];

	for (enum partial reason = 0; reason < PARTIALS; reason++)
		words[reason] = model_partial_name(reason);
	const unsigned reason = fields_find_word(f, key, element, words, PARTIALS);
	*reasons |= UINT32_C(1) << (reason < PARTIALS ? reason : PARTIAL_FAILED);
}

/* Older files of version 1 have reasons as notes only (read_limit). */
static void read_partial(struct fields *f, struct host *host)
{
	f->reader->is_incomplete = !fields_bool(f, "complete");
	f->reader->has_reasons = fields_has(f, "partial");
	if (f->reader->has_reasons)
		fields_list(f, "partial", read_reason, &host->partial);
	else if (host->unreadable)
		host->partial = UINT32_C(1) << PARTIAL_UNREADABLE;
}

static void read_ns_limits(struct fields *f, struct host *host)
{
	const char *keys[NS_TYPES + 1] = {NULL};
	const struct json_span span = fields_value(f, "max_namespaces");

	if (f->error)
		return;
	for (enum nstype type = 0; type < NS_TYPES; type++)
		keys[type] = nstype_name(type);
	struct fields limits = fields_of(f->reader, &span, keys);
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		struct ns_limit *const limit = &host->ns_limits[type];

		if (!fields_has(&limits, keys[type]))
			continue;
		limit->max = fields_number(&limits, keys[type], 0, INT32_MAX);
		limit->is_known = true;
	}
	f->error = limits.error;
}

static int read_host(struct reader *reader, const struct json_span *span)
{
	static const char *const keys[] = {"name", "kernel", "boot_id", "taken", "hertz", "booted",
	        "euid", "euid_state", "sources", "unreadable", "partial", "complete",
	        "max_namespaces", NULL};
	struct host *host = builder_host(reader->builder);
	struct fields f = fields_of(reader, span, keys);

	host->name = read_name(&f, "name");
	host->kernel = read_name(&f, "kernel");
	host->boot_id = read_name(&f, "boot_id");
	host->taken = read_time(&f, "taken");
	host->hertz = (unsigned)fields_number_or_null(&f, "hertz", 1, UINT_MAX);
	host->booted = read_time(&f, "booted");
	if (fields_has(&f, "euid_state"))
		host->euid_state = fields_id_state(&f, "euid_state", "euid");
	host->euid = model_has_id(host->euid_state)
	                     ? (uid_t)fields_number(&f, "euid", 0, UINT32_MAX)
	                     : UINT32_MAX;
	fields_list(&f, "sources", read_source, &host->sources);
	host->unreadable = (size_t)fields_number(&f, "unreadable", 0, UINT32_MAX);
	read_partial(&f, host);
	if (fields_has(&f, "max_namespaces"))
		read_ns_limits(&f, host);
	return f.error;
}

/* --- processes ------------------------------------------------------------------------------- */

static void read_pid(struct fields *f, const char *key, const struct json_span *element, void *data)
{
	pid_t **next = data;

	*(*next)++ = (pid_t)fields_number_at(f, key, element, 0, INT_MAX);
}

/* A command line while it is read. */
struct cmdline {
	const char **next;
	size_t len;
	bool is_cut;
};

/* A command line is shown, and written for the search, as a whole: longer ones than any kernel
 * gives to its reader in one piece would make the screen slow. */
static void read_argument(
        struct fields *f, const char *key, const struct json_span *element, void *data)
{
	struct cmdline *cmdline = data;
	const char *argument = fields_text_at(f, key, element);

	cmdline->len += strlen(argument) + 1;
	cmdline->is_cut |= cmdline->len > CMDLINE_MAX;
	if (!cmdline->is_cut)
		*cmdline->next++ = argument;
}

/* The kernel's states are letters (proc_pid_stat(5)). */
static char read_state(struct fields *f)
{
	if (fields_is_null(f, "state"))
		return 0;
	const char *text = fields_text(f, "state");
	const char letter = text[0];

	if (((letter < 'A' || letter > 'Z') && (letter < 'a' || letter > 'z')) || text[1])
		fields_fail(f, "state", "is not a letter");
	return letter;
}

/* Without the state, a number is known, and null was not read (in older files). */
static enum rel_state read_uid_state(struct fields *f)
{
	if (fields_has(f, "uid_state"))
		return fields_id_state(f, "uid_state", "uid");
	return fields_is_null(f, "uid") ? REL_FAILED : REL_KNOWN;
}

static int read_membership(
        struct reader *reader, const struct json_span *span, struct process *process)
{
	const char *keys[NS_TYPES + 1] = {NULL};

	for (enum nstype type = 0; type < NS_TYPES; type++)
		keys[type] = nstype_name(type);
	struct fields f = fields_of(reader, span, keys);
	for (enum nstype type = 0; type < NS_TYPES && f.error == 0; type++) {
		if (!fields_has(&f, keys[type]) || fields_is_null(&f, keys[type]))
			continue;
		const uint64_t inode = fields_number(&f, keys[type], 1, INT64_MAX);
		const struct ns_entry *entry = read_namespaces_find(reader, type, inode);
		if (f.error)
			return f.error;
		if (!entry)
			return fields_refuse(reader, span->start,
			        "process %jd is in %s:[%ju], which is not in the snapshot",
			        (intmax_t)process->pid, keys[type], (uintmax_t)inode);
		process->ns[type] = entry->ns;
	}
	return f.error;
}

/* What is beyond the bounds of the model is cut off. */
static void read_cmdline(struct fields *f, struct process *process)
{
	struct cmdline cmdline = {0};
	size_t n;

	if (!fields_has(f, "cmdline"))
		return;
	if (fields_is_null(f, "cmdline")) {
		process->cmdline_error = fields_errno(f, "cmdline_errno");
		return;
	}
	cmdline.next = fields_array(f, "cmdline", sizeof(*cmdline.next), 1, &n);
	process->cmdline = cmdline.next;
	fields_list(f, "cmdline", read_argument, &cmdline);
	process->is_cmdline_cut = cmdline.is_cut;
	if (fields_has(f, "cmdline_cut") && fields_bool(f, "cmdline_cut"))
		process->is_cmdline_cut = true;
}

static int read_process(struct reader *reader, const struct json_span *span)
{
	static const char *const keys[] = {"pid", "ppid", "started", "uid", "uid_state", "state",
	        "kernel", "unborn", "live_thread", "self", "comm", "name", "nspid", "cgroup",
	        "container", "claim", "label", "container_state", "cmdline", "cmdline_cut",
	        "cmdline_errno", "posture", "namespaces", NULL};
	struct fields f = fields_of(reader, span, keys);
	const pid_t pid = (pid_t)fields_number(&f, "pid", 1, INT_MAX);

	if (f.error)
		return f.error;
	struct process *process = builder_process(reader->builder, pid);
	process->ppid = (pid_t)fields_number_or_null(&f, "ppid", 0, INT_MAX);
	process->started = fields_number_or_null(&f, "started", 0, INT64_MAX);
	process->uid_state = read_uid_state(&f);
	if (model_has_id(process->uid_state))
		process->uid = (uid_t)fields_number(&f, "uid", 0, UINT32_MAX);
	process->state = read_state(&f);
	process->is_kernel = fields_bool(&f, "kernel");
	process->is_unborn = fields_has(&f, "unborn") && fields_bool(&f, "unborn");
	if (fields_has(&f, "live_thread"))
		process->live_thread = (pid_t)fields_number(&f, "live_thread", 1, INT_MAX);
	process->is_self = fields_has(&f, "self") && fields_bool(&f, "self");
	process->comm = fields_text(&f, "comm");
	process->name = fields_text(&f, "name");
	pid_t *pids = fields_array(&f, "nspid", sizeof(*pids), 0, &process->n_nspid);
	process->nspid = pids;
	if (process->n_nspid)
		fields_list(&f, "nspid", read_pid, &pids);
	else
		fields_fail(&f, "nspid", "is empty");
	if (fields_has(&f, "cgroup"))
		process->cgroup = fields_text(&f, "cgroup");
	read_cmdline(&f, process);
	const struct json_span membership = fields_value(&f, "namespaces");
	if (f.error)
		return f.error;
	int r = read_containers(reader, &f, process);
	if (r == 0 && fields_has(&f, "posture")) {
		const struct json_span posture = fields_value(&f, "posture");

		r = read_posture(reader, &posture, process);
	}
	if (r == 0)
		r = read_membership(reader, &membership, process);
	if (r < 0)
		return r;
	MEMORY_APPEND(reader->processes, reader->n_processes, reader->processes_capacity) =
	        (struct pid_entry){pid, fields_place(reader, span->start)};
	return fields_charge(reader, span->start, COST_PROCESS);
}

static int by_pid(const void *a, const void *b)
{
	const struct pid_entry *left = a, *right = b;

	return COMPARE(left->pid, right->pid);
}

static int read_processes(struct reader *reader, const struct json_span *span)
{
	const int r = fields_each(reader, span, read_process);

	if (r < 0)
		return r;
	if (reader->n_processes)
		qsort(reader->processes, reader->n_processes, sizeof(*reader->processes), by_pid);
	for (size_t i = 1; i < reader->n_processes; i++) {
		const struct pid_entry *entry = &reader->processes[i];

		if (entry->pid == entry[-1].pid)
			return fields_refuse_at(reader, &entry->place, "process %jd is a duplicate",
			        (intmax_t)entry->pid);
	}
	return 0;
}

/* --- notes ----------------------------------------------------------------------------------- */

/* True for a note of an older file that was a reason why the view is partial; that is then set. */
static bool read_limit(struct reader *reader, pid_t pid, const char *what)
{
	static const struct {
		const char *what;
		enum partial reason;
	} limits[] = {
	        {"hidepid", PARTIAL_HIDEPID},
	        {"names", PARTIAL_WAITING},
	        {"procfs", PARTIAL_FOREIGN_PROC},
	        {"replaced-proc", PARTIAL_REPLACED_PROC},
	        {"userns", PARTIAL_USER_NAMESPACE},
	        {"waiting", PARTIAL_WAITING},
	};

	for (size_t i = 0; i < ARRAY_SIZE(limits) && !pid && !reader->has_reasons; i++) {
		if (strcmp(what, limits[i].what) != 0)
			continue;
		builder_host(reader->builder)->partial |= UINT32_C(1) << limits[i].reason;
		return true;
	}
	return false;
}

static int read_note(struct reader *reader, const struct json_span *span)
{
	static const char *const keys[] = {"pid", "what", "errno", NULL};
	struct fields f = fields_of(reader, span, keys);
	const pid_t pid = (pid_t)fields_number_or_null(&f, "pid", 1, INT_MAX);
	const char *what = fields_text(&f, "what");
	const int error = fields_errno(&f, "errno");

	if (f.error)
		return f.error;
	if (!read_limit(reader, pid, what))
		builder_note(reader->builder, pid, what, error);
	return fields_charge(reader, span->start, COST_NOTE);
}

static int read_notes(struct reader *reader, const struct json_span *span)
{
	return fields_each(reader, span, read_note);
}

/* --- the whole snapshot ---------------------------------------------------------------------- */

/* The keys of a snapshot, in the order in which they are read (not that of the file). */
enum part {
	PART_FORMAT,
	PART_VERSION,
	PART_PROGRAM,
	PART_HOST,
	PART_NAMESPACES,
	PART_PROCESSES,
	PART_NOTES,
	PART_PINS,
	PART_MOUNTS,
	PARTS,
};

static const struct {
	const char *key;
	int (*read)(struct reader *reader, const struct json_span *span);
	bool is_optional;
} parts[PARTS] = {
        [PART_FORMAT] = {"format", read_format, false},
        [PART_VERSION] = {"version", read_version, false},
        [PART_PROGRAM] = {"program", read_program, false},
        [PART_HOST] = {"host", read_host, false},
        [PART_NAMESPACES] = {"namespaces", read_namespaces, false},
        [PART_PROCESSES] = {"processes", read_processes, false},
        [PART_NOTES] = {"notes", read_notes, false},
        [PART_PINS] = {"pins", read_pins, true},
        [PART_MOUNTS] = {"mounts", read_mounts, true},
};

/* PARTS for an unknown key, which is ignored. */
static enum part part_of(const struct reader *reader, const struct json_span *key)
{
	enum part part = 0;

	while (part < PARTS &&
	        (strlen(parts[part].key) != key->len ||
	                memcmp(parts[part].key, reader->text + key->start, key->len) != 0))
		part++;
	return part;
}

/* Finds each part, by a walk over the whole file. A missing part has length 0. */
static int find_parts(struct reader *reader, struct json_span spans[static PARTS],
        struct file_place places[static PARTS])
{
	struct json_scan scan = {.text = reader->text, .len = reader->len};
	struct json_span key, value;
	bool is_first = true;
	int r = json_scan_open(&scan, '{');

	if (r < 0 && scan.at == scan.len)
		return fields_refuse(reader, scan.at, "not a snapshot: empty");
	if (r < 0)
		return fields_refuse(
		        reader, scan.at, "not a snapshot: it does not begin with \"{\"");
	while ((r = json_scan_member(&scan, &is_first, &key, &value)) > 0) {
		const enum part part = part_of(reader, &key);

		if (part == PARTS)
			continue;
		if (spans[part].len)
			return fields_refuse(
			        reader, key.start, "\"%s\" is a duplicate", parts[part].key);
		spans[part] = value;
		places[part] = fields_place(reader, value.start);
	}
	if (r == 0)
		r = json_scan_end(&scan);
	return r < 0 ? fields_refuse_scan(reader, &scan) : 0;
}

static int freeze(struct reader *reader, const struct model **ret_model)
{
	struct host *const host = builder_host(reader->builder);
	struct builder_problem problem;

	if (reader->is_incomplete && !host->partial)
		host->partial = UINT32_C(1) << PARTIAL_FAILED;
	const int r = builder_freeze(reader->builder, ret_model, &problem);

	reader->builder = NULL;
	if (r >= 0 && reader->mounts) {
		builder_set_mounts(*ret_model, mounts_builder_finish(reader->mounts));
		reader->mounts = NULL;
	}
	if (r >= 0)
		return 0;
	const struct file_place start = {.offset = 0, .line = 1};
	const struct ns_entry *entry = read_namespaces_find(reader, problem.type, problem.inode);
	return fields_refuse_at(reader, entry ? &entry->place : &start, "%s:[%ju] %s",
	        nstype_name(problem.type), (uintmax_t)problem.inode, problem.what);
}

static int parse(struct reader *reader, const struct model **ret_model)
{
	struct json_span spans[PARTS] = {0};
	struct file_place places[PARTS] = {0};
	int r = find_parts(reader, spans, places);

	if (r >= 0)
		reader->end = fields_place(reader, reader->len);
	for (enum part part = 0; part < PARTS && r >= 0; part++) {
		fields_begin(reader, &places[part]);
		if (spans[part].len)
			r = parts[part].read(reader, &spans[part]);
		else if (!parts[part].is_optional)
			r = fields_refuse(
			        reader, reader->len, "\"%s\" is missing", parts[part].key);
	}
	return r < 0 ? r : freeze(reader, ret_model);
}

/* With the text itself and the rest of the program, this memory of the model stays below twice the
 * file and 64 MiB. */
static int read_text(struct reader *reader, const struct model **ret_model)
{
	reader->builder = builder_new();
	reader->current.line = 1;
	reader->memory_max = reader->len + 56 * MIB;
	if (reader->progress)
		progress_set(reader->progress, reader->len, 2 * reader->len);
	const int r = parse(reader, ret_model);

	builder_free(reader->builder);
	mounts_builder_free(reader->mounts);
	free(reader->namespaces);
	free(reader->processes);
	return r;
}

int snapshot_parse(const char *text, size_t len, struct progress *progress,
        const struct model **ret_model, struct snapshot_problem *ret_problem)
{
	struct reader reader = {
	        .text = text, .len = len, .problem = ret_problem, .progress = progress};

	return read_text(&reader, ret_model);
}

int snapshot_read(int fd, struct progress *progress, const struct model **ret_model,
        struct snapshot_problem *ret_problem)
{
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	struct stat st;

	if (progress && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		progress_set(progress, 0, 2 * (size_t)st.st_size);
	const int r = descriptors_read_all(fd, FILE_MAX, progress, &text, &len);
	struct reader reader = {.text = text,
	        .len = len,
	        .own_text = text,
	        .problem = ret_problem,
	        .progress = progress};

	return r < 0 ? r : read_text(&reader, ret_model);
}
