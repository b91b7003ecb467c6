/* SPDX-License-Identifier: Apache-2.0 */

/* The floor: a plain reader of the files that a complete scan must read, in one thread. It builds
 * nothing. With an argument it reads
 *
 *	first        only what a first picture needs: the links and stat
 *	no-status    all but the status of processes in other PID namespaces, since
 *	             NS_GET_TGID_IN_PIDNS (ioctl_nsfs(2), Linux 6.11) gives their PIDs too
 *	namespaces   also, once for each namespace, its relations and the files that belong to it */

#include "base/attributes.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { USER, PID, MNT, LINKS = 10, BUFFER = 64 * 1024 };

static const char *const links[LINKS] = {"ns/user", "ns/pid", "ns/mnt", "ns/net", "ns/uts",
        "ns/ipc", "ns/cgroup", "ns/time", "ns/pid_for_children", "ns/time_for_children"};

/* A namespace, and a process in it. */
struct seen {
	char link[32];
	unsigned type;
	pid_t pid;
};

struct floor {
	bool is_first;
	bool without_status;
	bool with_namespaces;
	char pid_ns[32];      /* the link of this process */
	char text[BUFFER];    /* the contents of a file */
	char names[BUFFER];   /* the entries of /proc */
	char fds[BUFFER];     /* the entries of /proc/PID/fd */
	char last[LINKS][32]; /* the links of the process before */
	struct seen *seen;
	size_t n_seen, seen_capacity;
	size_t n_processes, n_fds;
};

/* Reads a file to its end, as the program does. */
static void read_file(struct floor *floor, int at, const char *name)
{
	_cleanup_close_ int fd = openat(at, name, O_RDONLY | O_CLOEXEC);

	while (fd >= 0 && read(fd, floor->text, sizeof(floor->text)) == sizeof(floor->text))
		;
}

static void read_links(struct floor *floor, int process, const char *pid)
{
	char link[32];

	for (unsigned i = 0; i < LINKS; i++) {
		const ssize_t n = readlinkat(process, links[i], link, sizeof(link) - 1);

		if (n < 0)
			continue;
		link[n] = '\0';
		if (strcmp(link, floor->last[i]) == 0)
			continue;
		memcpy(floor->last[i], link, sizeof(link));
		if (!floor->with_namespaces)
			continue;
		struct seen *const seen =
		        &MEMORY_APPEND(floor->seen, floor->n_seen, floor->seen_capacity);
		*seen = (struct seen){.type = i, .pid = (pid_t)strtol(pid, NULL, 10)};
		memcpy(seen->link, link, sizeof(link));
	}
}

static void read_fds(struct floor *floor, int process)
{
	_cleanup_close_ int fds = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ssize_t n;

	while (fds >= 0 && (n = getdents64(fds, floor->fds, sizeof(floor->fds))) > 0) {
		for (ssize_t i = 0; i < n;) {
			const struct dirent64 *const entry = (const void *)(floor->fds + i);

			i += entry->d_reclen;
			if (entry->d_name[0] == '.')
				continue;
			if (readlinkat(fds, entry->d_name, floor->text, sizeof(floor->text)) > 0)
				floor->n_fds++;
		}
	}
}

static void read_process(struct floor *floor, int proc, const char *pid)
{
	_cleanup_close_ int process = openat(proc, pid, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat owner;

	if (process < 0)
		return;
	floor->n_processes++;
	read_links(floor, process, pid);
	if (!floor->is_first) {
		fstat(process, &owner);
		if (!floor->without_status && strcmp(floor->last[PID], floor->pid_ns) != 0)
			read_file(floor, process, "status");
		read_file(floor, process, "cgroup");
		read_file(floor, process, "cmdline");
		read_fds(floor, process);
	}
	read_file(floor, process, "stat");
}

static int by_link(const void *a, const void *b)
{
	return strcmp(((const struct seen *)a)->link, ((const struct seen *)b)->link);
}

static void read_ns(struct floor *floor, int proc, const struct seen *seen)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", (int)seen->pid);
	_cleanup_close_ int process = openat(proc, pid, O_PATH | O_DIRECTORY | O_CLOEXEC);
	_cleanup_close_ int ns = openat(process, links[seen->type], O_RDONLY | O_CLOEXEC);
	_cleanup_close_ int owner = ioctl(ns, NS_GET_USERNS);
	_cleanup_close_ int parent = seen->type <= PID ? ioctl(ns, NS_GET_PARENT) : -1;
	struct stat file;
	uid_t uid;

	if (owner >= 0)
		fstat(owner, &file);
	if (parent >= 0)
		fstat(parent, &file);
	if (seen->type == USER) {
		ioctl(ns, NS_GET_OWNER_UID, &uid);
		read_file(floor, process, "uid_map");
		read_file(floor, process, "gid_map");
	}
	if (seen->type == MNT)
		read_file(floor, process, "mountinfo");
}

static size_t read_namespaces(struct floor *floor, int proc)
{
	size_t n = 0;

	if (floor->n_seen > 0)
		qsort(floor->seen, floor->n_seen, sizeof(*floor->seen), by_link);
	for (size_t i = 0; i < floor->n_seen; i++) {
		if (i > 0 && by_link(&floor->seen[i - 1], &floor->seen[i]) == 0)
			continue;
		read_ns(floor, proc, &floor->seen[i]);
		n++;
	}
	return n;
}

static int read_all(struct floor *floor)
{
	_cleanup_close_ int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t n_namespaces = 0;
	ssize_t n;

	if (proc < 0 || readlink("/proc/self/ns/pid", floor->pid_ns, sizeof(floor->pid_ns) - 1) < 0)
		return -errno;
	while ((n = getdents64(proc, floor->names, sizeof(floor->names))) > 0) {
		for (ssize_t i = 0; i < n;) {
			const struct dirent64 *const entry = (const void *)(floor->names + i);

			i += entry->d_reclen;
			if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
				read_process(floor, proc, entry->d_name);
		}
	}
	n_namespaces = read_namespaces(floor, proc);
	printf("%zu processes, %zu descriptors, %zu namespaces\n", floor->n_processes, floor->n_fds,
	        n_namespaces);
	return n < 0 ? -errno : 0;
}

static bool read_argument(struct floor *floor, const char *word)
{
	floor->is_first = strcmp(word, "first") == 0;
	floor->without_status = strcmp(word, "no-status") == 0;
	floor->with_namespaces = strcmp(word, "namespaces") == 0;
	return floor->is_first || floor->without_status || floor->with_namespaces;
}

int main(int argc, char **argv)
{
	static struct floor floor;
	int r;

	if (argc > 2 || (argc == 2 && !read_argument(&floor, argv[1]))) {
		fputs("usage: floor [first | no-status | namespaces]\n", stderr);
		return 2;
	}
	r = read_all(&floor);
	free(floor.seen);
	if (r < 0)
		fprintf(stderr, "floor: /proc: %s\n", strerror(-r));
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
