/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/memory.h"
#include "tests/scan/fake_internal.h"
#include "tests/scan/fake_proc.h"

#include <string.h>

/* Numbers of the directories of processes begin here. */
enum { FAKE_DIRECTORY = 1000000 };

static bool matches(const struct fake_call *pattern, const struct fake_call *call)
{
	return (pattern->op == FAKE_ANY || pattern->op == call->op) &&
	       (pattern->pid == 0 || pattern->pid == call->pid) &&
	       (!*pattern->what || strcmp(pattern->what, call->what) == 0);
}

static struct fake_call make_call(enum fake_op op, pid_t pid, const char *what)
{
	struct fake_call call = {.op = op, .pid = pid};

	snprintf(call.what, sizeof(call.what), "%s", what ? what : "");
	return call;
}

static bool has_vanished(const struct fake_kernel *fake, pid_t pid)
{
	return fake->vanishing != 0 && pid == fake->vanishing && fake->vanishing_calls == 0;
}

/* The error that is set for a call: 0 or a negative errno. */
static int find_order(const struct fake_kernel *fake, const struct fake_call *call)
{
	if (fake->failing_error && fake->n_calls - 1 == fake->failing_call)
		return -fake->failing_error;
	for (size_t i = 0; i < fake->n_orders; i++) {
		if (matches(&fake->orders[i].match, call))
			return -fake->orders[i].error;
	}
	return 0;
}

int fake_begin(struct fake_kernel *fake, enum fake_op op, pid_t pid, const char *what)
{
	const struct fake_call call = make_call(op, pid, what);
	int r;

	if (fake->hook)
		fake->hook(fake->hook_data, &call);
	pthread_mutex_lock(&fake->mutex);
	fake->calls = memory_grow(
	        fake->calls, &fake->calls_capacity, fake->n_calls + 1, sizeof(*fake->calls));
	fake->calls[fake->n_calls++] = call;
	r = find_order(fake, &call);
	if (r == 0 && has_vanished(fake, pid))
		r = op == FAKE_PROCESS_READ ? -ESRCH : -ENOENT;
	else if (pid != 0 && pid == fake->vanishing)
		fake->vanishing_calls--;
	pthread_mutex_unlock(&fake->mutex);
	return r;
}

int fake_new_handle(struct fake_kernel *fake, struct handle handle)
{
	size_t i = 0;

	pthread_mutex_lock(&fake->mutex);
	while (i < fake->n_handles && fake->handles[i].kind != HANDLE_FREE)
		i++;
	if (i == fake->n_handles) {
		fake->handles = memory_grow(
		        fake->handles, &fake->handles_capacity, i + 1, sizeof(*fake->handles));
		fake->n_handles++;
	}
	fake->handles[i] = handle;
	pthread_mutex_unlock(&fake->mutex);
	return (int)i;
}

struct handle fake_get_handle(struct fake_kernel *fake, int number, enum handle_kind kind)
{
	struct handle handle;

	pthread_mutex_lock(&fake->mutex);
	if (number < 0 || (size_t)number >= fake->n_handles || fake->handles[number].kind != kind)
		abort(); /* the code under test has used a wrong handle */
	handle = fake->handles[number];
	pthread_mutex_unlock(&fake->mutex);
	return handle;
}

void fake_advance(struct fake_kernel *fake, int number, size_t n)
{
	pthread_mutex_lock(&fake->mutex);
	fake->handles[number].at += n;
	pthread_mutex_unlock(&fake->mutex);
}

static void fake_host(struct kernel *k, struct kernel_host *ret)
{
	fake_proc_host(fake_of(k)->model, ret);
}

static int fake_list_pids(struct kernel *k, pid_t **ret_pids, size_t *ret_n)
{
	struct fake_kernel *fake = fake_of(k);
	const struct model *model = fake->model;
	const int r = fake_begin(fake, FAKE_LIST_PIDS, 0, NULL);
	size_t n = 0;
	pid_t *pids;

	if (r < 0)
		return r;
	pids = memory_new((model->n_processes + 1) * sizeof(*pids));
	pthread_mutex_lock(&fake->mutex);
	for (size_t i = 0; i < model->n_processes; i++) {
		if (!has_vanished(fake, model->processes[i]->pid))
			pids[n++] = model->processes[i]->pid;
	}
	pthread_mutex_unlock(&fake->mutex);
	*ret_pids = pids;
	*ret_n = n;
	return 0;
}

static int fake_process_open(struct kernel *k, pid_t pid)
{
	struct fake_kernel *fake = fake_of(k);
	const struct process *process = model_find_process(fake->model, pid);
	const int r = fake_begin(fake, FAKE_PROCESS_OPEN, pid, NULL);

	if (r < 0)
		return r;
	if (!process)
		return -ENOENT;
	return fake_new_handle(fake, (struct handle){.kind = HANDLE_PROCESS, .process = process});
}

static int fake_process_stat(struct kernel *k, int handle, struct kernel_process *ret)
{
	const struct process *process = fake_get_handle(fake_of(k), handle, HANDLE_PROCESS).process;
	const int r = fake_begin(fake_of(k), FAKE_PROCESS_STAT, process->pid, NULL);

	if (r < 0)
		return r;
	*ret = (struct kernel_process){
	        .uid = process->uid, .ino = FAKE_DIRECTORY + (uint64_t)process->pid};
	return 0;
}

bool fake_has_ended(struct fake_kernel *fake, pid_t pid)
{
	return fake->ending != 0 && pid == fake->ending &&
	       fake_kernel_count(fake, fake->ending_op, pid, fake->ending_what) > 0;
}

static ssize_t fake_process_read(
        struct kernel *k, int handle, const char *file, char *buffer, size_t size)
{
	const struct handle opened = fake_get_handle(fake_of(k), handle, HANDLE_PROCESS);
	const struct process *process = opened.process;
	struct process copy = *process;
	const int r = fake_begin(fake_of(k), FAKE_PROCESS_READ, process->pid, file);
	int fd;

	if (strcmp(file, "cmdline") == 0)
		abort(); /* the read may wait for ever: that is for cmdlines */
	if (r == 0 && sscanf(file, "fdinfo/%d", &fd) == 1)
		return fake_fdinfo_read(fake_of(k), &opened, fd, buffer, size);
	if (process->pid == fake_of(k)->covered && strcmp(file, "stat") == 0)
		process = model_find_process(fake_of(k)->model, fake_of(k)->covering);
	/* Of a thread: only the first one has ended. */
	if (fake_has_ended(fake_of(k), process->pid) ||
	        (process->state == 'Z' && opened.tid != 0)) {
		copy.state = opened.tid != 0 ? 'S' : FAKE_ENDING;
		process = &copy;
	}
	if (r == 0 && process->pid == fake_of(k)->started && strcmp(file, "status") == 0)
		return snprintf(buffer, size, "Name:\tx\nUid:\t%u\t0\t0\t0\nGid:\t%u\t%u\t%u\t%u\n",
		        fake_of(k)->real_uid, fake_of(k)->gid, fake_of(k)->gid, fake_of(k)->gid,
		        fake_of(k)->gid);
	return r < 0 ? r : fake_proc_read(fake_of(k)->model, process, file, buffer, size);
}

static int fake_cgroup_owner(
        struct kernel *k, const char *hierarchy, const char *path, uid_t *ret_uid)
{
	const struct fake_kernel *const fake = fake_of(k);
	const int r = fake_begin(fake_of(k), FAKE_CGROUP_OWNER, 0, path);

	(void)hierarchy;
	*ret_uid = fake->owned && strcmp(path, fake->owned) == 0 ? fake->owner : 0;
	return r;
}

/* Reads one command line as a job of the helper does. */
static ssize_t read_cmdline(
        struct fake_kernel *fake, const struct kernel_cmdline *item, char *bytes)
{
	const struct process *process = model_find_process(fake->model, item->pid);
	const int r = fake_begin(fake, FAKE_CMDLINE, item->pid, NULL);

	if (r < 0)
		return r;
	if (!process || process->started != item->started)
		return -ESRCH;
	if (item->ino != 0 && item->ino != FAKE_DIRECTORY + (uint64_t)item->pid)
		abort();
	return fake_proc_read(fake->model, process, "cmdline", bytes, KERNEL_CMDLINE_MAX);
}

/* If ETIMEDOUT is set: the read did not return, and the items after it were not tried. EPIPE,
 * EAGAIN and EFBIG end the call: the helper has ended, could start no process, or gets no memory.
 */
static int fake_cmdlines(struct kernel *k, struct kernel_cmdline *items, size_t n,
        kernel_cmdline_fn *take, void *data)
{
	char bytes[KERNEL_CMDLINE_MAX];
	bool has_waited = false;

	for (size_t i = 0; i < n; i++) {
		const ssize_t len =
		        has_waited ? -EAGAIN : read_cmdline(fake_of(k), &items[i], bytes);

		if (!has_waited && (len == -EPIPE || len == -EAGAIN || len == -EFBIG))
			return (int)len;
		items[i].error = len < 0 ? (int)len : 0;
		if (len >= 0)
			take(data, i, bytes, (size_t)len);
		has_waited |= len == -ETIMEDOUT;
	}
	return 0;
}

static int fake_ns_dir_open(struct kernel *k, int handle)
{
	struct handle dir = fake_get_handle(fake_of(k), handle, HANDLE_PROCESS);
	const int r = fake_begin(fake_of(k), FAKE_NS_DIR_OPEN, dir.process->pid, NULL);

	dir.kind = HANDLE_NS_DIR;
	return r < 0 ? r : fake_new_handle(fake_of(k), dir);
}

static void fake_close(struct kernel *k, int handle)
{
	struct fake_kernel *fake = fake_of(k);

	pthread_mutex_lock(&fake->mutex);
	if (handle < 0 || (size_t)handle >= fake->n_handles ||
	        fake->handles[handle].kind == HANDLE_FREE)
		abort(); /* closed twice */
	free(fake->handles[handle].text);
	fake->handles[handle].kind = HANDLE_FREE;
	pthread_mutex_unlock(&fake->mutex);
}

static void fake_free(struct kernel *k)
{
	struct fake_kernel *fake = fake_of(k);

	pthread_mutex_destroy(&fake->mutex);
	free(fake->handles);
	free(fake->calls);
	free(fake->orders);
	free(fake->fd_texts);
	fake_events_release(fake);
	free(fake);
}

/* There are all interfaces. */
static void fake_features(_unused_ struct kernel *k, struct kernel_features *ret)
{
	for (enum interface_id id = 0; id < INTERFACE_IDS; id++)
		ret->results[id] = (struct interface_result){INTERFACE_YES, 0};
}

static const struct kernel_ops FAKE_OPS = {
        .host = fake_host,
        .list_pids = fake_list_pids,
        .process_open = fake_process_open,
        .process_stat = fake_process_stat,
        .process_read = fake_process_read,
        .ns_dir_open = fake_ns_dir_open,
        .ns_link = fake_ns_link,
        .ns_link_key = fake_ns_link_key,
        .ns_open = fake_ns_open,
        .ns_key = fake_ns_key,
        .ns_type = fake_ns_type,
        .ns_owner = fake_ns_owner,
        .ns_parent = fake_ns_parent,
        .ns_owner_uid = fake_ns_owner_uid,
        .ns_made = fake_ns_made,
        .pid_in_ns = fake_pid_in_ns,
        .list_tids = fake_list_tids,
        .thread_open = fake_thread_open,
        .compare_fd_tables = fake_compare_fd_tables,
        .fds_open = fake_fds_open,
        .fds_next = fake_fds_next,
        .fd_link = fake_fd_link,
        .fd_open_ns = fake_fd_open_ns,
        .file_open = fake_file_open,
        .file_read = fake_file_read,
        .root_link = fake_root_link,
        .cgroup_owner = fake_cgroup_owner,
        .ns_open_mounted = fake_ns_open_mounted,
        .ns_open_keys = fake_ns_open_keys,
        .ns_list = fake_ns_list,
        .ns_list_first = fake_ns_list_first,
        .ns_lists = fake_ns_lists,
        .mount_ns_list = fake_mount_ns_list,
        .mount_ns_open = fake_mount_ns_open,
        .mount_ns_texts = fake_mount_ns_texts,
        .mount_ns_mountinfo = fake_mount_ns_mountinfo,
        .socket_ns = fake_socket_ns,
        .cmdlines = fake_cmdlines,
        .features = fake_features,
        .events_open = fake_events_open,
        .events_fd = fake_events_fd,
        .events_read = fake_events_read,
        .events_update = fake_events_update,
        .events_close = fake_events_close,
        .close = fake_close,
        .free = fake_free,
};

struct fake_kernel *fake_kernel_new(const struct model *model)
{
	struct fake_kernel *fake = memory_new(sizeof(*fake));

	fake->base.ops = &FAKE_OPS;
	fake->model = model;
	fake->events_fd = -EBADF;
	for (size_t i = 0; i < model->n_namespaces; i++)
		fake->has_ids |= model->namespaces[i]->id != 0;
	pthread_mutex_init(&fake->mutex, NULL);
	return fake;
}

struct kernel *fake_kernel(struct fake_kernel *fake)
{
	return &fake->base;
}

void fake_kernel_show(struct fake_kernel *fake, const struct model *model)
{
	if (fake_kernel_open_handles(fake) != 0)
		abort();
	fake->model = model;
}

void fake_kernel_fail(
        struct fake_kernel *fake, enum fake_op op, pid_t pid, const char *what, int error)
{
	if (error <= 0)
		abort(); /* no call would fail */
	fake->orders = memory_grow(
	        fake->orders, &fake->orders_capacity, fake->n_orders + 1, sizeof(*fake->orders));
	fake->orders[fake->n_orders++] =
	        (struct order){.match = make_call(op, pid, what), .error = error};
}

void fake_kernel_fail_call(struct fake_kernel *fake, size_t index, int error)
{
	fake->failing_call = index;
	fake->failing_error = error;
}

void fake_kernel_vanish(struct fake_kernel *fake, pid_t pid, size_t calls)
{
	pthread_mutex_lock(&fake->mutex);
	fake->vanishing = pid;
	fake->vanishing_calls = calls;
	pthread_mutex_unlock(&fake->mutex);
}

void fake_kernel_set_ids(struct fake_kernel *fake, bool has_ids)
{
	fake->has_ids = has_ids;
}

void fake_kernel_set_inodes(struct fake_kernel *fake, bool has_inodes)
{
	fake->lacks_inodes = !has_inodes;
}

void fake_kernel_redirect(
        struct fake_kernel *fake, const struct ns *from, enum fake_op op, const struct ns *to)
{
	fake->redirection = (struct redirection){.from = from, .to = to, .op = op};
}

void fake_kernel_set_fd_text(struct fake_kernel *fake, pid_t pid, int fd, const char *text)
{
	fake->fd_texts = memory_grow(fake->fd_texts, &fake->fd_texts_capacity, fake->n_fd_texts + 1,
	        sizeof(*fake->fd_texts));
	fake->fd_texts[fake->n_fd_texts++] = (struct fd_text){.pid = pid, .fd = fd, .text = text};
}

void fake_kernel_end(
        struct fake_kernel *fake, pid_t pid, enum fake_op op, const char *what, int error)
{
	fake->ending = pid;
	fake->ending_op = op;
	fake->ending_what = what;
	fake_kernel_fail(fake, op, pid, what, error);
}

void fake_kernel_cover_stat(struct fake_kernel *fake, pid_t pid, pid_t other)
{
	fake->covered = pid;
	fake->covering = other;
}

void fake_kernel_set_root(struct fake_kernel *fake, pid_t pid, const char *root)
{
	fake->jailed = pid;
	fake->jail = root;
}

void fake_kernel_set_owner(struct fake_kernel *fake, const char *path, uid_t uid)
{
	fake->owned = path;
	fake->owner = uid;
}

void fake_kernel_set_starter(struct fake_kernel *fake, pid_t pid, uid_t real_uid, gid_t gid)
{
	fake->started = pid;
	fake->real_uid = real_uid;
	fake->gid = gid;
}

void fake_kernel_set_hook(struct fake_kernel *fake, fake_hook_fn *hook, void *data)
{
	fake->hook = hook;
	fake->hook_data = data;
}

size_t fake_kernel_count(struct fake_kernel *fake, enum fake_op op, pid_t pid, const char *what)
{
	const struct fake_call pattern = make_call(op, pid, what);
	size_t n = 0;

	pthread_mutex_lock(&fake->mutex);
	for (size_t i = 0; i < fake->n_calls; i++)
		n += matches(&pattern, &fake->calls[i]);
	pthread_mutex_unlock(&fake->mutex);
	return n;
}

void fake_kernel_reset(struct fake_kernel *fake)
{
	fake->n_calls = 0;
	fake->n_orders = 0;
	fake->failing_error = 0;
	fake->vanishing = 0;
	fake->ending = 0;
	fake->redirection = (struct redirection){0};
}

size_t fake_kernel_open_handles(struct fake_kernel *fake)
{
	size_t n = 0;

	pthread_mutex_lock(&fake->mutex);
	for (size_t i = 0; i < fake->n_handles; i++)
		n += fake->handles[i].kind != HANDLE_FREE;
	pthread_mutex_unlock(&fake->mutex);
	return n;
}
