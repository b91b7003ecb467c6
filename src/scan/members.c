/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/members.h"

#include "kernel/proc_link.h"
#include "kernel/proc_stat.h"

void members_init(struct members *members, struct scan *scan)
{
	*members = (struct members){.scan = scan, .process = -EBADF, .ns_dir = -EBADF};
}

static void close_handle(struct kernel *k, int *handle)
{
	if (*handle >= 0)
		k->ops->close(k, *handle);
	*handle = -EBADF;
}

void members_release(struct members *members)
{
	struct kernel *const k = members->scan->kernel;

	close_handle(k, &members->ns_dir);
	close_handle(k, &members->process);
	members->reading = NULL;
	members->is_checked = false;
}

/* Whether the open process is the one that was read: its start time says so. */
static int check_process(struct members *members, struct reading *reading)
{
	struct kernel *const k = members->scan->kernel;
	struct proc_stat stat;
	char text[2048];
	const ssize_t n = k->ops->process_read(k, members->process, "stat", text, sizeof(text));

	if (n < 0 && !reading_is_gone_error(n))
		return (int)n;
	if (n < 0 || proc_stat_parse(text, (size_t)n, &stat) < 0 ||
	        stat.started != reading->started) {
		reading->has_gone = true;
		return -ESRCH;
	}
	return 0;
}

/* Returns 0 or an error; when that says so, the reading has gone. */
static int open_process(struct members *members, struct reading *reading)
{
	struct kernel *const k = members->scan->kernel;

	if (members->reading == reading)
		return 0;
	members_release(members);
	members->process = k->ops->process_open(k, reading->pid);
	if (members->process >= 0) {
		members->reading = reading;
		return 0;
	}
	if (reading_is_gone_error(members->process))
		reading->has_gone = true;
	return members->process;
}

static int open_ns_dir(struct members *members, struct reading *reading)
{
	struct kernel *const k = members->scan->kernel;
	const int r = open_process(members, reading);

	if (r < 0)
		return r;
	if (members->ns_dir < 0)
		members->ns_dir = k->ops->ns_dir_open(k, members->process);
	return members->ns_dir < 0 ? members->ns_dir : 0;
}

/* Opens the link, or not: then *ret_handle stays negative. */
static int ask_link(
        struct members *members, unsigned link, struct nsrel_key *ret_key, int *ret_handle)
{
	struct kernel *const k = members->scan->kernel;
	const char *const name = reading_links[link].name;
	int handle, r;

	if (!ret_handle)
		return k->ops->ns_link_key(k, members->ns_dir, name, ret_key);
	handle = k->ops->ns_open(k, members->ns_dir, name);
	if (handle < 0)
		return handle;
	r = k->ops->ns_key(k, handle, ret_key);
	if (r < 0)
		k->ops->close(k, handle);
	else
		*ret_handle = handle;
	return r;
}

/* By one link of one member. */
static int reach(struct members *members, struct reading *reading, unsigned link,
        struct nsrel_key *ret_key, int *ret_handle)
{
	struct kernel *const k = members->scan->kernel;
	int handle = -EBADF;
	int r = open_ns_dir(members, reading);

	if (r < 0)
		return r;
	r = ask_link(members, link, ret_key, ret_handle ? &handle : NULL);
	if (r == 0 && ret_key->ino != reading->inode[link]) {
		/* It has moved since, or turned to dust: what it has now is what it has. */
		reading->inode[link] = ret_key->ino;
		close_handle(k, &handle);
		return -ESRCH;
	}
	/* So say links of a process that has gone meanwhile, too. */
	if (r == -EACCES && check_process(members, reading) == -ESRCH)
		return -ESRCH;
	if (reading_is_gone_error(r))
		reading->inode[link] = 0;
	if (r == 0 && ret_handle)
		*ret_handle = handle;
	return r;
}

static int reach_any(struct members *members, const struct ns *ns, const struct place *place,
        struct nsrel_key *ret_key, int *ret_handle)
{
	const struct scan *const scan = members->scan;
	const uint64_t inode = ns->inode;
	int result = -ESRCH;

	for (size_t i = place->reading; i < scan->n_readings; i++) {
		struct reading *const reading = &scan->readings[i];

		for (unsigned link = 0; link < READING_LINKS && !reading->has_gone; link++) {
			int r;

			if (reading->inode[link] != inode || reading_links[link].type != ns->type)
				continue;
			r = reach(members, reading, link, ret_key, ret_handle);
			if (r == 0 || r == -EOPNOTSUPP)
				return r;
			if (!reading_is_gone_error(r))
				result = r;
		}
	}
	return result;
}

int members_ns_key(struct members *members, const struct ns *ns, const struct place *place,
        struct nsrel_key *ret_key)
{
	return reach_any(members, ns, place, ret_key, NULL);
}

int members_ns_open(struct members *members, const struct ns *ns, const struct place *place,
        struct nsrel_key *ret_key, pid_t *ret_pid)
{
	int handle = -EBADF;
	const int r = reach_any(members, ns, place, ret_key, &handle);

	*ret_pid = members->reading ? members->reading->pid : 0;
	return r < 0 ? r : handle;
}

ssize_t members_read(struct members *members, struct reading *reading, const char *file,
        char *buffer, size_t size)
{
	struct kernel *const k = members->scan->kernel;
	int r = reading->has_gone ? -ESRCH : open_process(members, reading);

	if (r == 0 && !members->is_checked && reading->is_stat_known)
		r = check_process(members, reading);
	if (r < 0)
		return r;
	members->is_checked = true;
	return k->ops->process_read(k, members->process, file, buffer, size);
}

bool members_is_still_in(struct members *members, struct reading *reading, unsigned link)
{
	struct kernel *const k = members->scan->kernel;
	struct proc_link parsed;
	char text[64];
	ssize_t n;

	if (open_ns_dir(members, reading) < 0)
		return false;
	n = k->ops->ns_link(k, members->ns_dir, reading_links[link].name, text, sizeof(text));
	return n > 0 && proc_link_parse(text, (size_t)n, &parsed) == 0 &&
	       parsed.inode == reading->inode[link];
}
