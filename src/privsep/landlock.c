/* SPDX-License-Identifier: Apache-2.0 */
#include "privsep/landlock.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* linux/landlock.h, which older systems do not have. The numbers are the same on every architecture
 * but alpha. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule       445
#define SYS_landlock_restrict_self  446
#endif

enum { CREATE_RULESET_VERSION = 1, RULE_PATH_BENEATH = 1 };

enum access {
	EXECUTE = 1 << 0,
	WRITE_FILE = 1 << 1,
	READ_FILE = 1 << 2,
	READ_DIR = 1 << 3,
	REMOVE_DIR = 1 << 4,
	REMOVE_FILE = 1 << 5,
	MAKE = 0x7f << 6,       /* a file of each of the seven types (inode(7)) */
	REFER = 1 << 13,        /* link and rename between directories: from version 2 on */
	TRUNCATE = 1 << 14,     /* 3 */
	IOCTL_DEVICE = 1 << 15, /* 5: on devices that are opened from then on */
};

enum {
	WRITE = WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE | REFER | TRUNCATE,
	READ = READ_FILE | READ_DIR,
	ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEVICE,
};

enum { BIND_TCP = 1 << 0, CONNECT_TCP = 1 << 1 }; /* 4 */

/* What a kernel does not know it refuses, unless it is 0 (E2BIG otherwise). */
struct ruleset {
	uint64_t files, net, scoped;
};

struct path_beneath {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

int landlock_version(void)
{
	const long version =
	        syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, CREATE_RULESET_VERSION);

	return version < 0 ? 0 : (int)version;
}

/* Those of `files` that this version knows. */
static uint64_t known(uint64_t files, int version)
{
	if (version < 2)
		files &= ~(uint64_t)REFER;
	if (version < 3)
		files &= ~(uint64_t)TRUNCATE;
	if (version < 5)
		files &= ~(uint64_t)IOCTL_DEVICE;
	return files;
}

/* Returns a descriptor of a ruleset without rules: all of `files` and `net` is refused. */
static int make_ruleset(uint64_t files, uint64_t net, int version)
{
	const struct ruleset set = {.files = known(files, version), .net = version < 4 ? 0 : net};
	const size_t size = version < 4 ? sizeof(set.files) : offsetof(struct ruleset, scoped);
	const long fd = syscall(SYS_landlock_create_ruleset, &set, size, 0);

	return fd < 0 ? -errno : (int)fd;
}

static int allow(int ruleset, int parent, uint64_t files, int version)
{
	struct path_beneath rule = {.allowed = known(files, version), .parent = parent};
	struct stat st;

	if (fstat(parent, &st) < 0)
		return -errno;
	if (!S_ISDIR(st.st_mode))
		rule.allowed &= ON_FILES;
	if (rule.allowed == 0)
		return 0;
	return syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) < 0 ? -errno
	                                                                                : 0;
}

int landlock_restrict(int ruleset)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return syscall(SYS_landlock_restrict_self, ruleset, 0) < 0 ? -errno : 0;
}

int landlock_write_beneath(const int *directories, size_t n)
{
	const int version = landlock_version();
	_cleanup_close_ int ruleset = -EBADF;
	int r = 0;

	if (version == 0)
		return -EOPNOTSUPP;
	ruleset = make_ruleset(WRITE | EXECUTE, 0, version);
	if (ruleset < 0)
		return ruleset;
	for (size_t i = 0; r == 0 && i < n; i++) {
		if (directories[i] >= 0)
			r = allow(ruleset, directories[i], WRITE, version);
	}
	return r < 0 ? r : landlock_restrict(ruleset);
}

int landlock_make_reading(const char *const *paths, size_t n)
{
	const int version = landlock_version();
	_cleanup_close_ int ruleset = -EBADF;
	int r = 0;

	if (version == 0)
		return -EOPNOTSUPP;
	ruleset = make_ruleset(
	        WRITE | READ | EXECUTE | IOCTL_DEVICE, BIND_TCP | CONNECT_TCP, version);
	if (ruleset < 0)
		return ruleset;
	for (size_t i = 0; r == 0 && i < n; i++) {
		_cleanup_close_ int fd = open(paths[i], O_PATH | O_CLOEXEC);

		if (fd >= 0)
			r = allow(ruleset, fd, READ, version);
	}
	return r < 0 ? r : take_fd(&ruleset);
}
