/* SPDX-License-Identifier: Apache-2.0 */
#include "base/directory_path.h"

#include "base/memory.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

enum {
	LINKS_MAX = 40,      /* as the kernel, path_resolution(7) */
	UNMAPPED_ID = 65534, /* what an owner without a mapping reads as */
};

/* How far a walk has come. */
struct path_walk {
	uid_t caller;
	int directory;    /* O_PATH */
	struct stat st;   /* of the directory */
	char *rest;       /* of the path, on the heap */
	const char *at;   /* in `rest`: the next component */
	unsigned n_links; /* that were followed */
};

/* Owns `fd`. */
static int enter(struct path_walk *walk, int fd)
{
	close_fd(&walk->directory);
	walk->directory = fd;
	if (fd < 0 || fstat(fd, &walk->st) < 0)
		return -errno;
	return 0;
}

/* Starts at the root or the working directory, or goes back to the root. */
static int enter_start(struct path_walk *walk)
{
	return enter(walk,
	        openat(AT_FDCWD, *walk->rest == '/' ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
}

/* Splits off the next component. Returns 1 and its name, 0 at the end, -ENAMETOOLONG. */
static int next_component(struct path_walk *walk, char name[static NAME_MAX + 1])
{
	walk->at += strspn(walk->at, "/");
	const size_t len = strcspn(walk->at, "/");

	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(name, walk->at, len);
	name[len] = '\0';
	walk->at += len;
	return len > 0;
}

static bool may_follow(const struct path_walk *walk, const struct stat *link)
{
	/* Two users without a mapping have the same number. */
	if (link->st_uid == UNMAPPED_ID && walk->st.st_mode & (S_IWGRP | S_IWOTH))
		return false;
	if (link->st_uid == walk->caller || link->st_uid == 0)
		return true;
	return walk->caller != 0 && link->st_uid == walk->st.st_uid;
}

/* The text of such a link may be the name of another file: of one in another mount namespace, or of
 * a deleted one. The other links of /proc (self, mounts) are relative. */
static bool is_of_process(int link, const char *text)
{
	struct statfs fs;

	return *text == '/' && (fstatfs(link, &fs) < 0 || fs.f_type == PROC_SUPER_MAGIC);
}

/* Puts the text of a link in front of the rest of the path. `link` is its O_PATH descriptor. */
static int follow(struct path_walk *walk, int link)
{
	char text[PATH_MAX];

	if (++walk->n_links > LINKS_MAX)
		return -ELOOP;
	const ssize_t n = readlinkat(link, "", text, sizeof(text));
	if (n <= 0)
		return n < 0 ? -errno : -ENOENT;
	if ((size_t)n + strlen(walk->at) >= PATH_MAX)
		return -ENAMETOOLONG;
	text[n] = '\0';
	if (is_of_process(link, text))
		return -ELOOP;
	char *rest = memory_printf("%s%s", text, walk->at);
	free(walk->rest);
	walk->rest = rest;
	walk->at = rest;
	return *rest == '/' ? enter_start(walk) : 0;
}

/* Opens a directory, or what else is there. O_DIRECTORY comes first since it mounts what is mounted
 * on demand (autofs). */
static int open_component(int directory, const char *name)
{
	const int flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
	const int fd = openat(directory, name, flags | O_DIRECTORY);

	if (fd >= 0 || (errno != ENOTDIR && errno != ELOOP))
		return fd;
	return openat(directory, name, flags);
}

static int step(struct path_walk *walk, const char *name, struct directory_path_link *ret_link)
{
	_cleanup_close_ int fd = open_component(walk->directory, name);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return enter(walk, take_fd(&fd));
	if (!S_ISLNK(st.st_mode))
		return -ENOTDIR;
	if (may_follow(walk, &st))
		return follow(walk, fd);
	ret_link->owner = st.st_uid;
	snprintf(ret_link->name, sizeof(ret_link->name), "%s", name);
	return DIRECTORY_PATH_LINK;
}

int directory_path_open(const char *path, uid_t caller, struct directory_path_link *ret_link)
{
	struct path_walk walk = {
	        .caller = caller, .directory = -EBADF, .rest = memory_strdup(path)};
	char name[NAME_MAX + 1];
	int r = enter_start(&walk);

	walk.at = walk.rest;
	while (r == 0 && (r = next_component(&walk, name)) > 0)
		r = step(&walk, name, ret_link);
	free(walk.rest);
	if (r < 0)
		close_fd(&walk.directory);
	return r < 0 ? r : walk.directory;
}
