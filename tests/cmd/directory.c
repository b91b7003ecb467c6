/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/cmd/directory.h"

#include "base/attributes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char variable[] = "NSBROWSE_TEST_DIRECTORY";

static const char *path_to(uid_t uid, const char *suffix)
{
	static char path[256];
	const char *folder = getenv(variable);

	snprintf(path, sizeof(path), "%s/%u%s", folder ? folder : "/nonexistent", (unsigned)uid,
	        suffix);
	return path;
}

/* Exits on errors, since a test would wait for ever then. */
static void write_file(const char *path, const char *content)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, content, strlen(content)) < 0) {
		perror(path);
		_exit(EXIT_FAILURE);
	}
	close(fd);
}

/* Makes the file that shows that the user is looked up: a socket, since the job that looks up users
 * may write no file. The directory is opened first, since its path may be too long for a socket. */
static void show_question(uid_t uid)
{
	const int dir = open(getenv(variable), O_PATH | O_DIRECTORY | O_CLOEXEC);
	const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/%u.asked", dir,
	        (unsigned)uid);
	if (dir < 0 || fd < 0 ||
	        (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 &&
	                errno != EADDRINUSE)) {
		perror(address.sun_path);
		_exit(EXIT_FAILURE);
	}
	close(fd);
	close(dir);
}

/* Opens the file of the user, and waits until it is there. */
static int open_answer(uid_t uid)
{
	const int changes = inotify_init1(IN_CLOEXEC);
	char event[4096];
	int fd;

	if (changes < 0 || inotify_add_watch(changes, getenv(variable), IN_MOVED_TO) < 0)
		_exit(EXIT_FAILURE);
	while ((fd = open(path_to(uid, ""), O_RDONLY | O_CLOEXEC)) < 0) {
		if (read(changes, event, sizeof(event)) < 0)
			_exit(EXIT_FAILURE);
	}
	close(changes);
	return fd;
}

struct passwd *getpwuid(uid_t uid)
{
	static char name[64];
	static struct passwd user = {.pw_name = name};

	errno = 0;
	if (uid < DIRECTORY_UIDS)
		return NULL;
	show_question(uid);
	const int fd = open_answer(uid);
	const ssize_t n = read(fd, name, sizeof(name) - 1);
	close(fd);
	name[n > 0 ? n : 0] = '\0';
	user.pw_uid = uid;
	errno = strcmp(name, "!") == 0 ? EIO : 0;
	return *name && !errno ? &user : NULL;
}

void directory_open(void)
{
	const char *const parent = getenv("TMPDIR");
	char path[256];

	snprintf(path, sizeof(path), "%s/nsbrowse-directory-XXXXXX", parent ? parent : "/tmp");
	if (!mkdtemp(path) || setenv(variable, path, 1) < 0)
		abort();
}

void directory_close(void)
{
	const char *path = getenv(variable);
	DIR *dir = opendir(path);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	if (rmdir(path) < 0)
		abort();
	unsetenv(variable);
}

/* It appears with its content. */
void directory_answer(uid_t uid, const char *content)
{
	char path[256];

	snprintf(path, sizeof(path), "%s", path_to(uid, ""));
	write_file(path_to(uid, ".new"), content);
	if (rename(path_to(uid, ".new"), path) < 0)
		abort();
}

int directory_count_asked(uid_t first, int n)
{
	int asked = 0;

	for (int i = 0; i < n; i++)
		asked += access(path_to(first + (uid_t)i, ".asked"), F_OK) == 0;
	return asked;
}
