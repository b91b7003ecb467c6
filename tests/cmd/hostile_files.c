/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/cmd/hostile_files.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "cmd/jobs/jobs.h"
#include "cmd/output.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STRANGER = 54322 };

static char folder[32];

const char *hostile_files_folder(void)
{
	return folder;
}

char *hostile_files_path(const char *name)
{
	return memory_printf("%s/%s", folder, name);
}

static void put(const char *name, const char *text, uid_t owner, mode_t mode)
{
	_cleanup_free_ char *path = hostile_files_path(name);
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	if (geteuid() == 0)
		assert_int_equal(fchown(fd, owner, owner), 0);
	assert_int_equal(fchmod(fd, mode), 0);
}

static void make(const char *name, uid_t owner, mode_t mode)
{
	_cleanup_free_ char *path = hostile_files_path(name);

	assert_int_equal(mkdir(path, 0700), 0);
	if (geteuid() == 0)
		assert_int_equal(chown(path, owner, owner), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void link_to(const char *target, const char *name, uid_t owner)
{
	_cleanup_free_ char *path = hostile_files_path(name), *whole = hostile_files_path(target);

	assert_int_equal(symlink(whole, path), 0);
	if (geteuid() == 0)
		assert_int_equal(lchown(path, owner, owner), 0);
}

void hostile_files_begin(uid_t caller)
{
	snprintf(folder, sizeof(folder), "/tmp/nsbrowse-hostile-XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chmod(folder, 0755), 0);
	make("own", caller, 0755);
	make("closed", 0, 0755);
	make("closed/below", 0, 0755);
	make("others", STRANGER, 0755);
	make("process", caller, 0755);
	make("process/1", caller, 0755);
	put("others/victim.svg", HOSTILE_FILES_MARKER, STRANGER, 0600);
	put("process/stat", "1 (x) S 0 1 1 0", caller, 0644);
	put("process/cmdline", HOSTILE_FILES_MARKER, caller, 0644);
	put("process/1/cmdline", HOSTILE_FILES_MARKER, caller, 0644);
	put("process/1/stat", "1 (x) S 0 1 1 0", caller, 0644);
	link_to("others", "process/root", caller);
	link_to("closed", "own/directory", STRANGER);
	link_to("others/victim.svg", "own/link.svg", caller);
	for (size_t i = 0; geteuid() != 0 && i < 3; i++) {
		static const char *const names[] = {"closed/below", "closed", "others"};
		_cleanup_free_ char *path = hostile_files_path(names[i]);

		assert_int_equal(chmod(path, 0555), 0);
	}
}

static int remove_one(
        const char *path, _unused_ const struct stat *st, int type, _unused_ struct FTW *walk)
{
	return type == FTW_DP ? rmdir(path) : unlink(path);
}

static int allow_one(
        const char *path, _unused_ const struct stat *st, int type, _unused_ struct FTW *walk)
{
	return type == FTW_D ? chmod(path, 0700) : 0;
}

void hostile_files_end(void)
{
	unlink("/etc/nsbrowse-hostile.svg");
	unlink("/root/nsbrowse-hostile.txt");
	assert_int_equal(chdir("/"), 0);
	nftw(folder, allow_one, 8, FTW_PHYS);
	assert_int_equal(nftw(folder, remove_one, 8, FTW_PHYS | FTW_DEPTH), 0);
}

/* The result of add_one. */
static struct {
	uint64_t sum;
	unsigned n, n_foreign;
} seen;

static int add_one(
        const char *path, const struct stat *st, _unused_ int type, _unused_ struct FTW *walk)
{
	const size_t own = strlen(folder);
	uint64_t hash = 14695981039346656037u;

	/* What the user may write there is his, with a suffix that is known. */
	if (strncmp(path + own, "/own/", 5) == 0 && !S_ISLNK(st->st_mode)) {
		seen.n_foreign += !save_has_suffix(path, FORM_SUFFIXES);
		return 0;
	}
	for (const char *c = path; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 1099511628211u;
	if (!S_ISDIR(st->st_mode) || strcmp(path + own, "/own") != 0)
		hash ^= (uint64_t)st->st_ino * 31 + (uint64_t)st->st_size * 7 +
		        (uint64_t)st->st_mtim.tv_nsec + st->st_uid + st->st_mode;
	seen.sum += hash;
	seen.n++;
	return 0;
}

uint64_t hostile_files_sum(unsigned *n_foreign)
{
	memset(&seen, 0, sizeof(seen));
	assert_int_equal(nftw(folder, add_one, 8, FTW_PHYS), 0);
	*n_foreign += seen.n_foreign;
	return seen.sum + seen.n;
}
