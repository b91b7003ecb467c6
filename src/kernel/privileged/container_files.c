/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what container engines know of containers. Their files hold secrets, were written by
 * others, and may lie on file systems that wait for ever. So a job opens them with as few rights as
 * possible, files of a user as that user. Then it gives up all rights, even to open another file
 * (seccomp(2), strict mode), reads and parses them, and replies with names only. */
#include "base/memory.h"
#include "base/monotonic.h"
#include "kernel/kernel_internal.h"
#include "kernel/privileged/container_open.h"
#include "kernel/privileged/container_rights.h"
#include "kernel/privileged/container_stores.h"
#include "kernel/privileged/privileged.h"
#include "privsep/request_check.h"

#include <dirent.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

enum {
	ITEMS_MAX = 64,        /* of a request: each may need two descriptors */
	REQUESTS_MAX = 64,     /* at once */
	PROOF_MAX = 64 * 1024, /* bytes of a file with a PID */
};

/* A request: this, then the ID and the space of each item, each ending with NUL. */
struct request_head {
	uint32_t store, uid, map_uid, map_gid;
};

enum { TEXT_NAME, TEXT_IMAGE, TEXT_POD, TEXT_POD_NAMESPACE, TEXT_PATH, TEXTS };

/* A record of a reply; behind it the texts. */
struct store_record {
	uint32_t index;
	int32_t error;
	int32_t pid;
	uint32_t is_sandbox;
	uint64_t inode, ns_id;
	uint16_t lengths[TEXTS];
};

/* --- the operation --------------------------------------------------------------------------- */

/* The items of one request: consecutive ones of the same store. */
struct store_request {
	size_t first, n;
	char *bytes;
	size_t len;
};

struct files_call {
	struct kernel_container *items;
	const struct store_request *groups;
	kernel_container_fn *take;
	void *data;
};

/* The number of a store in hung_stores. */
static uint64_t store_number(const struct kernel_container *item)
{
	return (uint64_t)item->uid << 8 | item->store;
}

static bool is_one_group(const struct kernel_container *a, const struct kernel_container *b)
{
	return a->store == b->store && a->uid == b->uid && a->map_uid == b->map_uid &&
	       a->map_gid == b->map_gid;
}

/* Adds an item to the group; false: the request is full. */
static bool add_item(struct store_request *group, const struct kernel_container *item)
{
	const size_t id = strlen(item->id) + 1;
	const size_t space = item->space ? strlen(item->space) + 1 : 1;

	if (group->n == ITEMS_MAX || id + space > HELPER_REQUEST_MAX - group->len)
		return false;
	memcpy(group->bytes + group->len, item->id, id);
	memcpy(group->bytes + group->len + id, item->space ? item->space : "", space);
	group->len += id + space;
	group->n++;
	return true;
}

/* Makes the group that begins with items[first]. */
static void fill_group(
        struct store_request *group, const struct kernel_container *items, size_t first, size_t n)
{
	const struct request_head head = {.store = items[first].store,
	        .uid = items[first].uid,
	        .map_uid = items[first].map_uid,
	        .map_gid = items[first].map_gid};

	*group = (struct store_request){
	        .first = first, .bytes = memory_new(HELPER_REQUEST_MAX), .len = sizeof(head)};
	memcpy(group->bytes, &head, sizeof(head));
	for (size_t i = first; i < n && is_one_group(&items[i], &items[first]); i++) {
		if (!add_item(group, &items[i]))
			return;
	}
}

/* Makes the groups of the next items for which one call is made; the results of all of them are
 * set. Returns the number of groups, and moves *at behind the items. */
static size_t make_groups(const struct privileged *privileged, struct kernel_container *items,
        size_t n, struct store_request *groups, size_t *at)
{
	size_t n_groups = 0;

	while (*at < n && n_groups < REQUESTS_MAX) {
		struct store_request *const group = &groups[n_groups];
		const size_t i = *at;

		fill_group(group, items, i, n);
		for (size_t k = i; k < i + group->n; k++)
			items[k].error = -ETIMEDOUT;
		if (group->n == 0)
			items[i].error = -ENAMETOOLONG;
		*at += group->n ? group->n : 1;
		if (group->n > 0 && !u64_set_has(&privileged->hung_stores, store_number(&items[i])))
			n_groups++;
		else
			free(group->bytes);
	}
	return n_groups;
}

/* The job parses what others have written, so its replies are checked like that. */
static size_t receive_record(const struct files_call *call, const struct store_request *group,
        const char *bytes, size_t len)
{
	struct kernel_container_text text = {.path = NULL};
	char texts[TEXTS][CONTAINER_TEXT_MAX + 1];
	const char **const fields[TEXTS] = {
	        &text.name, &text.image, &text.pod, &text.pod_namespace, &text.path};
	struct store_record record;
	size_t at = sizeof(record);

	if (len < sizeof(record))
		return len;
	memcpy(&record, bytes, sizeof(record));
	for (size_t i = 0; i < TEXTS; i++) {
		const size_t n = record.lengths[i];

		if (n > CONTAINER_TEXT_MAX || n > len - at || memchr(bytes + at, '\0', n))
			return len;
		memcpy(texts[i], bytes + at, n);
		texts[i][n] = '\0';
		*fields[i] = n > 0 ? texts[i] : NULL;
		at += n;
	}
	struct kernel_container *const item =
	        record.index < group->n ? &call->items[group->first + record.index] : NULL;
	if (!item || item->error != -ETIMEDOUT || record.error > 0)
		return at;
	item->error = record.error;
	text.is_sandbox = record.is_sandbox != 0;
	text.pid = record.pid > 0 ? record.pid : 0;
	text.inode = record.inode;
	text.ns_id = record.ns_id;
	if (record.error == 0)
		call->take(call->data, (size_t)(item - call->items), &text);
	return at;
}

static void receive_records(void *data, size_t request, const struct helper_reply *reply)
{
	const struct files_call *const call = data;
	const char *const bytes = reply->bytes;

	privileged_close_fds(reply);
	for (size_t at = 0; at < reply->len;)
		at += receive_record(call, &call->groups[request], bytes + at, reply->len - at);
}

static void call_for_groups(struct privileged *privileged, struct files_call *call,
        struct store_request *groups, size_t n)
{
	struct helper_request requests[REQUESTS_MAX];
	int results[REQUESTS_MAX];

	for (size_t i = 0; i < n; i++)
		requests[i] =
		        (struct helper_request){.bytes = groups[i].bytes, .len = groups[i].len};
	call->groups = groups;
	privileged_call_all(privileged, privileged->container_files, requests, n, receive_records,
	        call, results);
	for (size_t i = 0; i < n; i++) {
		const struct store_request *const group = &groups[i];

		if (results[i] == -ETIMEDOUT)
			u64_set_add(
			        &privileged->hung_stores, store_number(&call->items[group->first]));
		/* Items without a reply: the job hung, or did not run. */
		for (size_t k = group->first; k < group->first + group->n; k++) {
			if (call->items[k].error == -ETIMEDOUT && results[i] != -ETIMEDOUT)
				call->items[k].error = results[i] == 0 ? -EIO : results[i];
		}
		free(group->bytes);
	}
}

int container_files_read(struct kernel *k, struct kernel_container *items, size_t n,
        kernel_container_fn *take, void *data)
{
	struct privileged *const privileged = linux_of(k)->privileged;
	const int64_t end = monotonic_ms() + JOB_DEADLINE_MS;
	struct files_call call = {.items = items, .take = take, .data = data};
	struct store_request groups[REQUESTS_MAX];
	size_t n_done = 0;

	if (!privileged || !privileged_has(privileged, privileged->container_files))
		return -EOPNOTSUPP;
	pthread_mutex_lock(&privileged->mutex);
	while (n_done < n && (n_done == 0 || monotonic_ms() < end)) {
		const size_t n_groups = make_groups(privileged, items, n, groups, &n_done);

		if (n_groups > 0)
			call_for_groups(privileged, &call, groups, n_groups);
	}
	pthread_mutex_unlock(&privileged->mutex);
	for (size_t i = n_done; i < n; i++)
		items[i].error = -EAGAIN;
	return 0;
}

void container_files_set_job(struct kernel *k, const struct helper_job *job)
{
	linux_of(k)->privileged->container_files = job;
}

/* --- the job: opening ------------------------------------------------------------------------ */

struct looked_up {
	const char *id, *space;
	int file, proof; /* descriptors, or negative errno values */
	struct container_text proved;
	bool is_replied;
};

struct files_job {
	const struct container_store *store;
	struct container_words words; /* but for those of an item */
	struct container_opener opener;
	struct looked_up items[ITEMS_MAX];
	size_t n;
	char *text; /* of one file: store->max + 1 bytes */
	size_t len;
	char proof[PROOF_MAX + 1];
	int replies;
	char reply[HELPER_REPLY_MAX];
	size_t reply_len;
};

/* Takes a string off the request. NULL: there is none. */
static const char *take_text(const char **p, const char *end)
{
	const char *const text = *p;
	const char *const nul = text < end ? memchr(text, '\0', (size_t)(end - text)) : NULL;

	if (!nul)
		return NULL;
	*p = nul + 1;
	return text;
}

static int parse_request(struct files_job *job, const struct helper_request *request)
{
	const char *p = request->bytes;
	const char *const end = p + request->len;
	struct request_head head;

	if (request->len < sizeof(head))
		return -EBADMSG;
	memcpy(&head, p, sizeof(head));
	p += sizeof(head);
	job->store = container_stores_find(head.store);
	job->words.uid = head.uid;
	job->words.map_uid = head.map_uid;
	job->words.map_gid = head.map_gid;
	while (p < end && job->n < ITEMS_MAX) {
		struct looked_up *const item = &job->items[job->n++];

		*item = (struct looked_up){.file = -ENOENT, .proof = -ENOENT};
		item->id = take_text(&p, end);
		item->space = take_text(&p, end);
		if (!item->id || !item->space)
			return -EBADMSG;
	}
	/* That UID means "do not change" to setresuid(2). */
	return job->store && p == end && request->n_fds == 0 && head.uid != (uint32_t)-1 ? 0
	                                                                                 : -EBADMSG;
}

/* The path of a file of an item, from the root. */
static int path_of(const struct files_job *job, const struct looked_up *item,
        const struct container_file *file, char *ret_path, size_t size)
{
	struct container_words words = job->words;

	words.id = item->id;
	words.space = item->space;
	return container_stores_path(job->store,
	        job->words.uid == 0 ? file->of_root : file->of_user, &words, ret_path, size);
}

static int open_item(const struct files_job *job, const struct looked_up *item,
        const struct container_file *file, size_t max)
{
	char path[PATH_MAX];
	const int r = path_of(job, item, file, path, sizeof(path));

	return r < 0 ? r : container_open_file(&job->opener, path, max);
}

/* The names of the entries of a directory, one a line. */
static int read_directory(struct files_job *job)
{
	char path[PATH_MAX];
	int fd = path_of(job, &job->items[0], &job->store->file, path, sizeof(path));
	DIR *dir;
	const struct dirent *entry;

	if (fd == 0)
		fd = container_open_directory(&job->opener, path);
	if (fd < 0)
		return fd;
	dir = fdopendir(fd);
	if (!dir) {
		close_fd(&fd);
		return -ENOMEM;
	}
	while ((entry = readdir(dir))) {
		const size_t len = strlen(entry->d_name);

		if (strchr(entry->d_name, '\n') || len + 1 > job->store->max - job->len)
			continue;
		memcpy(job->text + job->len, entry->d_name, len);
		job->text[job->len + len] = '\n';
		job->len += len + 1;
	}
	closedir(dir);
	return 0;
}

static void open_files(struct files_job *job)
{
	const bool is_list = container_text_is_list(job->store->format);

	if (job->store->format == CONTAINER_FORMAT_POD_LOGS)
		job->items[0].file = read_directory(job);
	for (size_t i = 0; i < job->n; i++) {
		struct looked_up *const item = &job->items[i];

		if (!is_list || (i == 0 && job->store->format == CONTAINER_FORMAT_STORAGE))
			item->file = open_item(job, item, &job->store->file, job->store->max);
		if (is_list && job->items[0].file < 0)
			return;
		if (is_list || item->file >= 0)
			item->proof = open_item(job, item, &job->store->proof, PROOF_MAX);
	}
}

/* Keeps the rights to open the files, and no others. */
static int prepare(struct files_job *job, const char *root)
{
	const struct passwd *user;
	int r;

	if (job->words.uid == 0) {
		r = container_rights_for_root();
		return r < 0 ? r : container_open_init(&job->opener, root, 0);
	}
	user = container_rights_find_user(root, job->words.uid);
	if (user) {
		job->words.home = user->pw_dir;
		job->words.user_name = user->pw_name;
	}
	r = container_open_init(&job->opener, root, job->words.uid);
	return r < 0 ? r : container_rights_become_user(job->words.uid, user);
}

/* --- the job: reading ------------------------------------------------------------------------ */

/* Strict mode permits write(2), but not sendmsg(2). */
static void flush(struct files_job *job)
{
	if (job->reply_len > 0 && write(job->replies, job->reply, job->reply_len) < 0)
		syscall(SYS_exit, EXIT_FAILURE);
	job->reply_len = 0;
}

/* The path as it is shown: the pattern has a `//`. */
static size_t shown_path(const struct files_job *job, const struct looked_up *item, char *path)
{
	char *end = path;

	if (path_of(job, item, &job->store->file, path, CONTAINER_TEXT_MAX) < 0)
		return 0;
	for (const char *p = path; *p; p++) {
		if (p[0] != '/' || p[1] != '/')
			*end++ = *p;
	}
	return (size_t)(end - path);
}

static void reply(struct files_job *job, struct looked_up *item, int error,
        const struct container_text *found)
{
	char path[CONTAINER_TEXT_MAX];
	const struct container_slice shown = {path, error ? 0 : shown_path(job, item, path)};
	const struct container_slice texts[TEXTS] = {
	        found->name, found->image, found->pod, found->pod_namespace, shown};
	const struct container_text *const proof = item->proof >= 0 ? &item->proved : found;
	struct store_record record = {.index = (uint32_t)(item - job->items),
	        .error = error,
	        .pid = proof->pid,
	        .inode = proof->inode,
	        .ns_id = found->ns_id,
	        .is_sandbox = found->is_sandbox};
	size_t size = sizeof(record);

	for (size_t i = 0; i < TEXTS; i++) {
		record.lengths[i] = (uint16_t)texts[i].len;
		size += texts[i].len;
	}
	if (size > sizeof(job->reply) - job->reply_len)
		flush(job);
	memcpy(job->reply + job->reply_len, &record, sizeof(record));
	job->reply_len += sizeof(record);
	for (size_t i = 0; i < TEXTS; i++) {
		if (texts[i].len > 0)
			memcpy(job->reply + job->reply_len, texts[i].bytes, texts[i].len);
		job->reply_len += texts[i].len;
	}
	item->is_replied = true;
}

/* Reads a file that has at most `max` bytes; the buffer has room for one more. */
static ssize_t read_file(int fd, char *bytes, size_t max)
{
	size_t n = 0;

	for (;;) {
		const ssize_t r = read(fd, bytes + n, max + 1 - n);

		if (r < 0)
			return -errno;
		n += (size_t)r;
		if (n > max)
			return -EFBIG;
		if (r == 0)
			return (ssize_t)n;
	}
}

static void read_proof(struct files_job *job, struct looked_up *item)
{
	const ssize_t n =
	        item->proof < 0 ? item->proof : read_file(item->proof, job->proof, PROOF_MAX);

	if (n < 0 || container_text_parse(
	                     job->store->proof_format, job->proof, (size_t)n, &item->proved) < 0)
		item->proof = -EBADMSG;
}

/* The item with that ID that has no reply yet; NULL: there is none. */
static struct looked_up *find_item(struct files_job *job, struct container_slice id)
{
	for (size_t i = 0; i < job->n; i++) {
		struct looked_up *const item = &job->items[i];

		if (!item->is_replied && strlen(item->id) == id.len &&
		        memcmp(item->id, id.bytes, id.len) == 0)
			return item;
	}
	return NULL;
}

static bool is_wanted(void *data, struct container_slice id)
{
	return find_item(data, id) != NULL;
}

static void take_found(void *data, const struct container_text *found)
{
	struct files_job *const job = data;
	struct looked_up *item;

	while ((item = find_item(job, found->id)))
		reply(job, item, 0, found);
}

static int parse_list(struct files_job *job)
{
	int r = job->items[0].file;

	if (r < 0)
		return r;
	if (job->store->format == CONTAINER_FORMAT_STORAGE) {
		const ssize_t n = read_file(r, job->text, job->store->max);

		if (n < 0)
			return (int)n;
		job->len = (size_t)n;
	}
	r = container_text_parse_list(job->store->format, job->text, job->len,
	        &(const struct container_text_list){is_wanted, take_found, job});
	return r < 0 ? r : -ENOENT;
}

static int parse_item(
        struct files_job *job, const struct looked_up *item, struct container_text *ret_found)
{
	const bool is_read = job->store->format != CONTAINER_FORMAT_EXISTS;
	ssize_t n = item->file;

	if (n >= 0)
		n = is_read ? read_file(item->file, job->text, job->store->max) : 0;
	if (n < 0)
		return (int)n;
	return container_text_parse(job->store->format, job->text, (size_t)n, ret_found);
}

/* A list gives those that it has; the rest has an error, as all that failed. */
static void read_files(struct files_job *job, int error)
{
	const bool is_list = job->store && container_text_is_list(job->store->format);

	for (size_t i = 0; error == 0 && i < job->n; i++)
		read_proof(job, &job->items[i]);
	if (error == 0 && is_list)
		error = parse_list(job);
	for (size_t i = 0; i < job->n; i++) {
		struct looked_up *const item = &job->items[i];
		struct container_text found = {.pid = 0};
		int r = error;

		if (item->is_replied)
			continue;
		if (r == 0)
			r = parse_item(job, item, &found);
		if (r < 0)
			found = (struct container_text){.pid = 0};
		reply(job, item, r, &found);
	}
	flush(job);
}

int container_files_run(const char *root, const struct helper_request *request, int replies)
{
	struct files_job *const job = memory_new(sizeof(*job));
	struct utsname host;
	int r;

	job->replies = replies;
	r = parse_request(job, request);
	if (r < 0 || job->n == 0)
		return EXIT_FAILURE;
	job->words.is_mapped = job->words.map_uid != 0;
	if (uname(&host) == 0)
		job->words.host_name = host.nodename;
	job->text = mmap(NULL, job->store->max + 1, PROT_READ | PROT_WRITE,
	        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (job->text == MAP_FAILED)
		return EXIT_FAILURE;
	r = prepare(job, root);
	if (r == 0)
		open_files(job);
	const int confined = container_rights_confine();
	if (confined == 0)
		read_files(job, r);
	/* exit_group(2) is not permitted. */
	syscall(SYS_exit, confined < 0 ? EXIT_FAILURE : EXIT_SUCCESS);
	return EXIT_FAILURE;
}

static int run(const struct helper_request *request, int replies)
{
	return container_files_run("/", request, replies);
}

const struct helper_job container_files_job = {
        .name = KERNEL_JOB_FILES,
        .deadline_ms = JOB_SHORT_DEADLINE_MS,
        .run = run,
        .capabilities = CAPABILITIES_BIT(CAP_DAC_READ_SEARCH) | CAPABILITIES_BIT(CAP_SETUID) |
                        CAPABILITIES_BIT(CAP_SETGID),
        .calls = SANDBOX_READ | SANDBOX_USER | SANDBOX_NSS,
        .may_get_stuck = true,
};
