/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "tests/scan/fake_internal.h"
#include "tests/scan/fake_proc.h"

#include <string.h>

/* Threads, descriptors, mounts and sockets: those of the model's holders. */

static int new_ns(struct fake_kernel *fake, const struct ns *ns)
{
	return fake_new_handle(fake, (struct handle){.kind = HANDLE_NS, .ns = ns});
}

static size_t copy_text(const char *text, char *buffer, size_t size)
{
	const size_t len = strlen(text) < size ? strlen(text) : size;

	memcpy(buffer, text, len);
	return len;
}

/* --- threads ---------------------------------------------------------------------------------- */

int fake_list_tids(struct kernel *k, int process, pid_t **ret_tids, size_t *ret_n)
{
	const struct handle handle = fake_get_handle(fake_of(k), process, HANDLE_PROCESS);
	const int r = fake_begin(fake_of(k), FAKE_LIST_TIDS, handle.process->pid, NULL);

	if (r < 0)
		return r;
	*ret_n = fake_proc_tids(fake_of(k)->model, handle.process, ret_tids);
	return 0;
}

int fake_thread_open(struct kernel *k, int process, pid_t tid)
{
	struct handle handle = fake_get_handle(fake_of(k), process, HANDLE_PROCESS);
	_cleanup_free_ pid_t *tids = NULL;
	char name[16];
	size_t n;
	int r;

	snprintf(name, sizeof(name), "%d", tid);
	r = fake_begin(fake_of(k), FAKE_THREAD_OPEN, handle.process->pid, name);
	if (r < 0)
		return r;
	n = fake_proc_tids(fake_of(k)->model, handle.process, &tids);
	for (size_t i = 0; i < n; i++) {
		handle.tid = tid;
		if (tids[i] == tid)
			return fake_new_handle(fake_of(k), handle);
	}
	return -ENOENT;
}

/* The thread whose table it is: itself if the model knows a descriptor of its own, else 0. */
static pid_t table_of(const struct model *model, pid_t tid)
{
	const struct ns *ns;

	return fake_proc_holder(model, &(struct holder){.kind = HOLDER_FD, .tid = tid, .fd = -1},
	               NS_TYPES, &ns)
	               ? tid
	               : 0;
}

int fake_compare_fd_tables(struct kernel *k, pid_t tid, pid_t other)
{
	const struct model *model = fake_of(k)->model;
	const int r = fake_begin(fake_of(k), FAKE_COMPARE_FD_TABLES, 0, NULL);

	if (r < 0)
		return r;
	return table_of(model, tid) == table_of(model, other)  ? 0
	       : table_of(model, tid) < table_of(model, other) ? 1
	                                                       : 2;
}

/* --- descriptors ------------------------------------------------------------------------------ */

int fake_fds_open(struct kernel *k, int process)
{
	struct handle handle = fake_get_handle(fake_of(k), process, HANDLE_PROCESS);
	const int r = fake_begin(fake_of(k), FAKE_FDS_OPEN, handle.process->pid, NULL);

	handle.kind = HANDLE_FDS;
	return r < 0 ? r : fake_new_handle(fake_of(k), handle);
}

static const char *find_text(const struct fake_kernel *fake, const struct handle *handle, int fd)
{
	for (size_t i = 0; i < fake->n_fd_texts; i++) {
		if (fake->fd_texts[i].pid == handle->process->pid && fake->fd_texts[i].fd == fd)
			return fake->fd_texts[i].text;
	}
	return NULL;
}

/* The namespace that number `fd` leads to, or whose socket it is. */
static const struct ns *find_fd(
        const struct fake_kernel *fake, const struct handle *handle, enum holder_kind kind, int fd)
{
	const struct model *model = fake->model;
	const pid_t tid = handle->tid ? table_of(model, handle->tid) : 0;

	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		for (size_t j = 0; j < ns->n_holders; j++) {
			const struct holder *holder = &ns->holders[j];

			if (holder->kind == kind && holder->pid == handle->process->pid &&
			        holder->fd == fd && holder->tid == tid)
				return ns;
		}
	}
	return NULL;
}

/* The descriptors that every process has: no namespaces. */
static const char *const PLAIN[] = {"/dev/null", "pipe:[4711]", "anon_inode:[eventfd]"};

enum { FDS_MAX = 64 }; /* numbers above it are not listed */

static bool is_fd(const struct fake_kernel *fake, const struct handle *handle, int fd)
{
	if (fake_proc_is_leaderless(fake->model, handle->process) && handle->tid == 0)
		return false;
	return (size_t)fd < ARRAY_SIZE(PLAIN) || find_text(fake, handle, fd) ||
	       find_fd(fake, handle, HOLDER_FD, fd) || find_fd(fake, handle, HOLDER_SOCKET, fd);
}

/* A file that is no namespace has the number 5; one below /proc/sys, 0xf0000005. */
ssize_t fake_fdinfo_read(const struct fake_kernel *fake, const struct handle *handle, int fd,
        char *buffer, size_t size)
{
	const struct ns *ns = find_fd(fake, handle, HOLDER_FD, fd);
	const char *text = find_text(fake, handle, fd);
	const uint64_t other = text && strncmp(text, "/proc/sys/", 10) == 0 ? 0xf0000005 : 5;

	if (!is_fd(fake, handle, fd))
		return -ENOENT;
	if (fake->lacks_inodes)
		return snprintf(buffer, size, "pos:\t0\nflags:\t0100000\nmnt_id:\t20\n");
	return snprintf(buffer, size, "pos:\t0\nflags:\t0100000\nmnt_id:\t20\nino:\t%llu\n",
	        (unsigned long long)(ns ? ns->inode : other));
}

ssize_t fake_fds_next(struct kernel *k, int fds, int *ret_fds, size_t max)
{
	struct fake_kernel *fake = fake_of(k);
	const struct handle handle = fake_get_handle(fake, fds, HANDLE_FDS);
	const int r = fake_begin(fake, FAKE_FDS_NEXT, handle.process->pid, NULL);
	size_t n = 0;
	int fd = (int)handle.at;

	if (r < 0)
		return r;
	for (; fd < FDS_MAX && n < max; fd++) {
		if (is_fd(fake, &handle, fd))
			ret_fds[n++] = fd;
	}
	fake_advance(fake, fds, (size_t)fd - handle.at);
	return (ssize_t)n;
}

static int begin_fd(struct fake_kernel *fake, enum fake_op op, const struct handle *handle, int fd)
{
	char name[16];

	snprintf(name, sizeof(name), "%d", fd);
	return fake_begin(fake, op, handle->process->pid, name);
}

ssize_t fake_fd_link(struct kernel *k, int fds, int fd, char *buffer, size_t size)
{
	struct fake_kernel *fake = fake_of(k);
	const struct handle handle = fake_get_handle(fake, fds, HANDLE_FDS);
	const int r = begin_fd(fake, FAKE_FD_LINK, &handle, fd);
	const struct ns *ns = find_fd(fake, &handle, HOLDER_FD, fd);
	const char *text = find_text(fake, &handle, fd);
	char made[64];

	if (r < 0)
		return r;
	if (!text && ns) {
		snprintf(made, sizeof(made), "%s:[%llu]", nstype_name(ns->type),
		        (unsigned long long)ns->inode);
		text = made;
	} else if (!text && find_fd(fake, &handle, HOLDER_SOCKET, fd)) {
		snprintf(made, sizeof(made), "socket:[%d]", handle.process->pid * FDS_MAX + fd);
		text = made;
	} else if (!text && (size_t)fd < ARRAY_SIZE(PLAIN)) {
		text = PLAIN[fd];
	}
	return text ? (ssize_t)copy_text(text, buffer, size) : -ENOENT;
}

int fake_fd_open_ns(struct kernel *k, int fds, int fd)
{
	struct fake_kernel *fake = fake_of(k);
	const struct handle handle = fake_get_handle(fake, fds, HANDLE_FDS);
	const int r = begin_fd(fake, FAKE_FD_OPEN_NS, &handle, fd);
	const struct ns *ns = find_fd(fake, &handle, HOLDER_FD, fd);

	if (r < 0)
		return r;
	if (ns)
		return new_ns(fake, ns);
	return is_fd(fake, &handle, fd) ? -ENOTTY : -ENOENT;
}

/* --- mounts ----------------------------------------------------------------------------------- */

/* The number of the mount namespace that a process or thread is in. */
static uint64_t mount_ns_of(const struct fake_kernel *fake, const struct handle *handle)
{
	const struct ns *ns;
	const int r = fake_proc_follow(fake->model, handle->process, handle->tid, "mnt", &ns);

	return r < 0 ? 0 : ns->inode;
}

int fake_file_open(struct kernel *k, int process, const char *file)
{
	struct fake_kernel *fake = fake_of(k);
	struct handle handle = fake_get_handle(fake, process, HANDLE_PROCESS);
	const int r = fake_begin(fake, FAKE_FILE_OPEN, handle.process->pid, file);

	if (r < 0)
		return r;
	if (strcmp(file, "mountinfo") != 0)
		return -ENOENT;
	handle.kind = HANDLE_FILE;
	handle.text = fake_proc_mountinfo(fake->model, mount_ns_of(fake, &handle), &handle.len);
	return fake_new_handle(fake, handle);
}

ssize_t fake_file_read(struct kernel *k, int file, char *buffer, size_t size)
{
	struct fake_kernel *fake = fake_of(k);
	const struct handle handle = fake_get_handle(fake, file, HANDLE_FILE);
	const int r = fake_begin(fake, FAKE_FILE_READ, handle.process->pid, NULL);
	size_t n = handle.len - handle.at;

	if (r < 0)
		return r;
	if (n > size)
		n = size;
	if (n > 100)
		n = 100; /* in parts */
	memcpy(buffer, handle.text + handle.at, n);
	fake_advance(fake, file, n);
	return (ssize_t)n;
}

ssize_t fake_root_link(struct kernel *k, int process, char *buffer, size_t size)
{
	const struct fake_kernel *fake = fake_of(k);
	const pid_t pid = fake_get_handle(fake_of(k), process, HANDLE_PROCESS).process->pid;
	const int r = fake_begin(fake_of(k), FAKE_ROOT_LINK, pid, NULL);

	return r < 0 ? r : (ssize_t)copy_text(pid == fake->jailed ? fake->jail : "/", buffer, size);
}

static int open_mounted(struct fake_kernel *fake, const struct kernel_mounted *item)
{
	const enum handle_kind kind = item->is_mount_ns ? HANDLE_NS : HANDLE_PROCESS;
	const struct handle place = fake_get_handle(fake, item->place, kind);
	const struct holder wanted = {.kind = HOLDER_MOUNT,
	        .fd = -1,
	        .path = item->point,
	        .mnt = item->is_mount_ns ? place.ns->inode : mount_ns_of(fake, &place)};
	const struct ns *ns;

	if (!item->is_mount_ns && !item->is_own &&
	        fake_begin(fake, FAKE_ROOT_LINK, place.process->pid, "root") < 0)
		return -ESRCH;
	if (!fake_proc_holder(fake->model, &wanted, NS_TYPES, &ns))
		return -ENOENT;
	if (ns->inode != item->ino || nsrel_type_from_name(nstype_name(ns->type)) != item->type)
		return -ESTALE;
	return new_ns(fake, ns);
}

/* An error set for the call is returned by it; one set for a path is that of the item. */
int fake_ns_open_mounted(struct kernel *k, struct kernel_mounted *items, size_t n)
{
	struct fake_kernel *fake = fake_of(k);
	const int r = fake_begin(fake, FAKE_NS_OPEN_MOUNTED, 0, NULL);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		const int error = fake_begin(fake, FAKE_NS_OPEN_MOUNTED, 0, items[i].point);

		items[i].ns = error < 0 ? error : open_mounted(fake, &items[i]);
	}
	return 0;
}

static bool is_only_held_by_sockets(const struct ns *ns)
{
	bool is_held = false;

	for (size_t i = 0; i < ns->n_holders; i++) {
		if (ns->holders[i].kind != HOLDER_SOCKET)
			return false;
		is_held = true;
	}
	return is_held && ns->n_processes == 0;
}

static bool is_open(const struct fake_kernel *fake, const struct ns *ns)
{
	for (size_t i = 0; i < fake->n_handles; i++) {
		if (fake->handles[i].kind == HANDLE_NS && fake->handles[i].ns == ns)
			return true;
	}
	return false;
}

/* A kernel that lists namespaces neither lists the others, nor opens them by their keys. */
static bool is_active(const struct fake_kernel *fake, const struct ns *ns)
{
	return !is_only_held_by_sockets(ns) || is_open(fake, ns);
}

/* NULL: there is none. Without an inode by the id alone, if the kernel lists ids. */
static const struct ns *find_key(
        const struct fake_kernel *fake, const struct nsrel_key *key, int clone_type)
{
	for (size_t i = 0; i < fake->model->n_namespaces && fake->has_ids && key->id != 0; i++) {
		const struct ns *const ns = fake->model->namespaces[i];
		const bool is_there = key->ino == 0 ? fake->has_list : ns->inode == key->ino;

		if (ns->id == key->id && is_there && nstype_clone(ns->type) == clone_type)
			return !fake->has_list || is_active(fake, ns) ? ns : NULL;
	}
	return NULL;
}

int fake_ns_open_keys(
        struct kernel *k, const struct nsrel_key *keys, const int *types, size_t n, int *ret_ns)
{
	struct fake_kernel *fake = fake_of(k);
	const int r = fake_begin(fake, FAKE_NS_OPEN_KEYS, 0, NULL);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		const struct ns *const ns = find_key(fake, &keys[i], types[i]);

		ret_ns[i] = ns ? new_ns(fake, ns) : -ESTALE;
	}
	return 0;
}

/* --- before the first child ------------------------------------------------------------------- */

void fake_kernel_set_pidfds(struct fake_kernel *fake, bool has_pidfds)
{
	fake->has_pidfds = has_pidfds;
}

/* `error`: of the link. */
int fake_open_unborn(struct fake_kernel *fake, int ns_dir, const char *link, int error)
{
	const struct handle dir = fake_get_handle(fake, ns_dir, HANDLE_NS_DIR);
	const pid_t pid = dir.process->pid;
	const struct holder wanted = {
	        .kind = HOLDER_FOR_CHILDREN, .pid = pid, .tid = dir.tid ? dir.tid : pid, .fd = -1};
	const struct ns *ns;

	if (error != -ENOENT || !fake->has_pidfds || strcmp(link, "pid_for_children") != 0 ||
	        !fake_proc_holder(fake->model, &wanted, NS_PID, &ns))
		return error;
	return new_ns(fake, ns);
}

/* --- all namespaces --------------------------------------------------------------------------- */

void fake_kernel_set_list(struct fake_kernel *fake, bool has_list)
{
	fake->has_list = has_list;
}

void fake_kernel_list_only(struct fake_kernel *fake, const struct ns *ns, size_t from, size_t to)
{
	fake->partly = ns;
	fake->partly_from = from;
	fake->partly_to = to;
}

/* List number `number`. */
static void make_list(
        const struct fake_kernel *fake, size_t number, struct kernel_ns_id **ret, size_t *ret_n)
{
	*ret = memory_new((fake->model->n_namespaces + 1) * sizeof(**ret));
	*ret_n = 0;
	for (size_t i = 0; i < fake->model->n_namespaces; i++) {
		const struct ns *const ns = fake->model->namespaces[i];
		const bool is_out = ns == fake->partly &&
		                    (number < fake->partly_from || number >= fake->partly_to);

		if (ns->id != 0 && !is_out && is_active(fake, ns))
			(*ret)[(*ret_n)++] =
			        (struct kernel_ns_id){.id = ns->id, .type = nstype_clone(ns->type)};
	}
}

int fake_ns_list(struct kernel *k, struct kernel_ns_id **ret, size_t *ret_n)
{
	struct fake_kernel *fake = fake_of(k);
	const size_t number = fake_kernel_count(fake, FAKE_NS_LIST, 0, NULL);
	const int r = fake_begin(fake, FAKE_NS_LIST, 0, NULL);

	if (r < 0 || !fake->has_list || !fake->has_ids)
		return r < 0 ? r : -EOPNOTSUPP;
	make_list(fake, number, ret, ret_n);
	return 0;
}

void fake_kernel_set_first_list(struct fake_kernel *fake, bool has_list)
{
	fake->has_first_list = has_list;
}

int fake_ns_list_first(struct kernel *k, struct kernel_ns_id **ret, size_t *ret_n)
{
	struct fake_kernel *fake = fake_of(k);

	if (!fake->has_first_list)
		return -ENOENT;
	fake->has_first_list = false;
	make_list(fake, SIZE_MAX, ret, ret_n);
	return 0;
}

int fake_ns_lists(struct kernel *k, struct kernel_ns_lists *ret)
{
	const int r = fake_ns_list(k, &ret->namespaces, &ret->n_namespaces);

	if (r == 0)
		ret->mount_ns_error = fake_mount_ns_list(k, &ret->mount_ns, &ret->n_mount_ns);
	return r;
}

/* --- mount namespaces; their ids are their numbers -------------------------------------------- */

int fake_mount_ns_list(struct kernel *k, struct kernel_mount_ns **ret, size_t *ret_n)
{
	struct fake_kernel *fake = fake_of(k);
	const struct model *model = fake->model;
	const int r = fake_begin(fake, FAKE_MOUNT_NS_LIST, 0, NULL);

	if (r < 0)
		return r;
	*ret = memory_new((model->n_namespaces + 1) * sizeof(**ret));
	*ret_n = 0;
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		if (ns->type == NS_MNT)
			(*ret)[(*ret_n)++] = (struct kernel_mount_ns){
			        .key = {.dev = ns->dev, .ino = ns->inode}, .id = ns->inode};
	}
	return 0;
}

int fake_mount_ns_open(struct kernel *k, uint64_t id)
{
	struct fake_kernel *fake = fake_of(k);
	const int r = fake_begin(fake, FAKE_MOUNT_NS_OPEN, 0, NULL);
	const struct ns *ns = model_find(fake->model, NS_MNT, id);

	if (r < 0)
		return r;
	return ns ? new_ns(fake, ns) : -ENOENT;
}

/* An error set for the call is returned by it; one set for an id is that of this mount namespace.
 */
int fake_mount_ns_texts(
        struct kernel *k, const uint64_t *ids, size_t n, kernel_mounts_fn *take, void *data)
{
	struct fake_kernel *fake = fake_of(k);
	const int r = fake_begin(fake, FAKE_MOUNT_NS_TEXTS, 0, NULL);

	for (size_t i = 0; i < n && r == 0; i++) {
		char id[24];

		snprintf(id, sizeof(id), "%llu", (unsigned long long)ids[i]);
		struct kernel_mounts mounts = {
		        .error = fake_begin(fake, FAKE_MOUNT_NS_TEXTS, 0, id)};
		_cleanup_free_ char *text =
		        mounts.error == 0 ? fake_proc_mountinfo(fake->model, ids[i], &mounts.len)
		                          : NULL;

		mounts.text = text;
		take(data, i, &mounts);
	}
	return r;
}

int fake_mount_ns_mountinfo(struct kernel *k, int mount_ns, char **ret, size_t *ret_len)
{
	struct fake_kernel *fake = fake_of(k);
	const struct ns *ns = fake_get_handle(fake, mount_ns, HANDLE_NS).ns;
	const int r = fake_begin(fake, FAKE_MOUNT_NS_MOUNTINFO, 0, NULL);

	if (r < 0)
		return r;
	*ret = fake_proc_mountinfo(fake->model, ns->inode, ret_len);
	return 0;
}

/* --- sockets ---------------------------------------------------------------------------------- */

static void ask_socket(struct fake_kernel *fake, struct kernel_socket *item)
{
	const struct handle process = fake_get_handle(fake, item->process, HANDLE_PROCESS);
	const struct ns *ns = find_fd(fake, &process, HOLDER_SOCKET, item->fd);

	item->error = ns ? 0 : -ENOTSOCK;
	item->ns = -EBADF;
	if (ns)
		item->key = (struct nsrel_key){
		        .dev = ns->dev, .ino = ns->inode, .id = fake->has_ids ? ns->id : 0};
}

static bool is_first(const struct kernel_socket *items, size_t i)
{
	for (size_t j = 0; j < i; j++) {
		if (items[j].error == 0 && items[j].key.ino == items[i].key.ino)
			return false;
	}
	return items[i].error == 0;
}

int fake_socket_ns(struct kernel *k, struct kernel_socket *items, size_t n)
{
	struct fake_kernel *fake = fake_of(k);
	const int r = fake_begin(fake, FAKE_SOCKET_NS, 0, NULL);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		ask_socket(fake, &items[i]);
		if (is_first(items, i))
			items[i].ns =
			        new_ns(fake, model_find(fake->model, NS_NET, items[i].key.ino));
	}
	return 0;
}
