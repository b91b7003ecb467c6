/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Shared by the files of the fake kernel only. */

#include "tests/scan/fake_kernel.h"

#include <pthread.h>

enum handle_kind {
	HANDLE_FREE,
	HANDLE_PROCESS,
	HANDLE_NS_DIR,
	HANDLE_NS,
	HANDLE_FDS,
	HANDLE_FILE,
};

struct handle {
	enum handle_kind kind;
	const struct process *process;
	pid_t tid; /* a thread of it; 0: the process itself */
	const struct ns *ns;
	size_t at;  /* fds, files: how far it was read */
	char *text; /* files; freed when closed */
	size_t len;
};

struct order {
	struct fake_call match;
	int error;
};

/* The text of a link of a descriptor that replaces the real one. */
struct fd_text {
	pid_t pid;
	int fd;
	const char *text;
};

struct redirection {
	const struct ns *from, *to;
	enum fake_op op;
};

struct fake_kernel {
	struct kernel base;
	const struct model *model;
	bool has_ids, has_list, has_pidfds;
	bool has_first_list;
	const struct ns *partly; /* of fake_kernel_list_only; NULL: none */
	size_t partly_from, partly_to;
	fake_hook_fn *hook;
	void *hook_data;

	pthread_mutex_t mutex; /* protects all that follows */
	struct handle *handles;
	size_t n_handles, handles_capacity;
	struct fake_call *calls;
	size_t n_calls, calls_capacity;
	struct order *orders;
	size_t n_orders, orders_capacity;
	struct fd_text *fd_texts;
	size_t n_fd_texts, fd_texts_capacity;
	size_t failing_call;
	int failing_error; /* 0: none */
	struct redirection redirection;
	pid_t ending; /* of fake_kernel_end; 0: none */
	enum fake_op ending_op;
	const char *ending_what;
	pid_t covered, covering; /* of fake_kernel_cover_stat; 0: none */
	pid_t jailed;            /* of fake_kernel_set_root; 0: none */
	const char *jail;
	const char *owned; /* of fake_kernel_set_owner; NULL: none */
	uid_t owner;
	pid_t started; /* of fake_kernel_set_starter; 0: none */
	uid_t real_uid;
	gid_t gid;
	pid_t vanishing;
	size_t vanishing_calls;
	bool lacks_inodes;           /* fake_kernel_set_inodes */
	bool has_events;             /* fake_kernel_allow_events */
	int events_fd;               /* an eventfd; negative: not open */
	struct kernel_events events; /* that came; not sorted */
	int n_new_cpus;
};

static inline struct fake_kernel *fake_of(struct kernel *k)
{
	return (struct fake_kernel *)k;
}

/* Each operation begins with this: records the call, and returns the error set for it, or 0. */
int fake_begin(struct fake_kernel *fake, enum fake_op op, pid_t pid, const char *what);

int fake_new_handle(struct fake_kernel *fake, struct handle handle);

/* Ends the test if the code under test uses a wrong handle. */
struct handle fake_get_handle(struct fake_kernel *fake, int number, enum handle_kind kind);

/* True after fake_kernel_end ended that process. */
bool fake_has_ended(struct fake_kernel *fake, pid_t pid);

/* Moves a handle on by `n`. */
void fake_advance(struct fake_kernel *fake, int number, size_t n);

/* The operations on namespaces (fake_ns.c). */
ssize_t fake_ns_link(struct kernel *k, int handle, const char *link, char *buffer, size_t size);
int fake_ns_link_key(struct kernel *k, int handle, const char *link, struct nsrel_key *ret);
int fake_ns_open(struct kernel *k, int handle, const char *link);
int fake_ns_key(struct kernel *k, int handle, struct nsrel_key *ret);
int fake_ns_type(struct kernel *k, int handle);
int fake_ns_owner(struct kernel *k, int handle);
int fake_ns_parent(struct kernel *k, int handle);
int fake_ns_owner_uid(struct kernel *k, int handle, uid_t *ret_uid);
int fake_ns_made(struct kernel *k, int handle, uint64_t *ret_made, bool *ret_is_before);
int fake_pid_in_ns(struct kernel *k, int handle, pid_t pid);

/* The operations on threads, descriptors and mounts (fake_holders.c). */
int fake_list_tids(struct kernel *k, int process, pid_t **ret_tids, size_t *ret_n);
int fake_thread_open(struct kernel *k, int process, pid_t tid);
int fake_compare_fd_tables(struct kernel *k, pid_t tid, pid_t other);
int fake_fds_open(struct kernel *k, int process);
ssize_t fake_fds_next(struct kernel *k, int fds, int *ret_fds, size_t max);
ssize_t fake_fd_link(struct kernel *k, int fds, int fd, char *buffer, size_t size);
int fake_fd_open_ns(struct kernel *k, int fds, int fd);
ssize_t fake_fdinfo_read(const struct fake_kernel *fake, const struct handle *handle, int fd,
        char *buffer, size_t size);
int fake_file_open(struct kernel *k, int process, const char *file);
ssize_t fake_file_read(struct kernel *k, int file, char *buffer, size_t size);
ssize_t fake_root_link(struct kernel *k, int process, char *buffer, size_t size);
int fake_ns_open_mounted(struct kernel *k, struct kernel_mounted *items, size_t n);
int fake_ns_open_keys(
        struct kernel *k, const struct nsrel_key *keys, const int *types, size_t n, int *ret_ns);
int fake_open_unborn(struct fake_kernel *fake, int ns_dir, const char *link, int error);
int fake_ns_list_first(struct kernel *k, struct kernel_ns_id **ret, size_t *ret_n);
int fake_ns_lists(struct kernel *k, struct kernel_ns_lists *ret);
int fake_ns_list(struct kernel *k, struct kernel_ns_id **ret, size_t *ret_n);
int fake_mount_ns_list(struct kernel *k, struct kernel_mount_ns **ret, size_t *ret_n);
int fake_mount_ns_open(struct kernel *k, uint64_t id);
int fake_mount_ns_texts(
        struct kernel *k, const uint64_t *ids, size_t n, kernel_mounts_fn *take, void *data);
int fake_mount_ns_mountinfo(struct kernel *k, int mount_ns, char **ret, size_t *ret_len);
int fake_socket_ns(struct kernel *k, struct kernel_socket *items, size_t n);

/* The operations on events (fake_events.c). */
int fake_events_open(struct kernel *k);
int fake_events_fd(struct kernel *k);
int fake_events_read(struct kernel *k, struct kernel_events *ret);
int fake_events_update(struct kernel *k);
void fake_events_close(struct kernel *k);
void fake_events_release(struct fake_kernel *fake);
