/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/degraded/profile.h"

#include "nsrel/nsfs_uapi.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#ifdef HAVE_SECCOMP
#include <seccomp.h>
#endif

#define KERNEL(major, minor) ((major)*1000U + (minor))

enum { GVISOR = 1, NO_USER_NS = 2 };

static const struct profile profiles[] = {
        {"4.9", KERNEL(4, 9), 0, "Linux 4.9: no NS_GET_NSTYPE, no NS_GET_OWNER_UID"},
        {"4.11", KERNEL(4, 11), 0, "Linux 4.11: no events, no pid_for_children"},
        {"5.6", KERNEL(5, 6), 0, "Linux 5.6: no Landlock"},
        {"6.1", KERNEL(6, 1), 0, "Linux 6.1: no lists of mounts and of mount namespaces, no ids"},
        {"gvisor", UINT32_MAX, GVISOR, "gVisor: no ioctl_nsfs(2), no time namespaces"},
        {"no-user-ns", UINT32_MAX, NO_USER_NS, "a kernel without CONFIG_USER_NS"},
};

static const struct lacking_file {
	unsigned since;
	unsigned others;
	const char *name;
	bool is_of_process;
} files[] = {
#define CALL(...)
#define FILE_OF(since, others, name) {since, others, name, true},
#define FILE(since, others, name)    {since, others, name, false},
#include "tests/degraded/lacks.def"
#undef CALL
#undef FILE_OF
#undef FILE
};

const struct profile *profile_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(profiles); i++) {
		if (strcmp(profiles[i].name, name) == 0)
			return &profiles[i];
	}
	return NULL;
}

void profile_list(FILE *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(profiles); i++)
		fprintf(out, "%-11s %s\n", profiles[i].name, profiles[i].text);
}

static bool lacks(const struct profile *profile, unsigned since, unsigned others)
{
	return since > profile->last || (others & profile->others);
}

bool profile_has_files(const struct profile *profile)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (lacks(profile, files[i].since, files[i].others))
			return true;
	}
	return false;
}

/* Whether the last component before `end` is a PID, a TID, or a link to one. */
static bool is_process(const char *path, const char *end)
{
	static const char *const LINKS[] = {"self", "thread-self"};
	const char *begin = end;
	bool is_number = true;

	for (; begin > path && begin[-1] != '/'; begin--)
		is_number &= isdigit((unsigned char)begin[-1]) != 0;
	for (size_t i = 0; i < ARRAY_SIZE(LINKS); i++) {
		if ((size_t)(end - begin) == strlen(LINKS[i]) &&
		        strncmp(begin, LINKS[i], strlen(LINKS[i])) == 0)
			return true;
	}
	return is_number && begin < end;
}

static bool is_file(const struct lacking_file *file, const char *path)
{
	const size_t len = strlen(path);
	const size_t name_len = strlen(file->name);
	const char *const name = path + len - name_len;

	if (len <= name_len || name[-1] != '/' || strcmp(name, file->name) != 0)
		return false;
	return !file->is_of_process || is_process(path, name - 1);
}

static const char *last_component(const char *path)
{
	const char *const slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool profile_may_lack(const struct profile *profile, const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (lacks(profile, files[i].since, files[i].others) &&
		        strcmp(last_component(files[i].name), last_component(path)) == 0)
			return true;
	}
	return false;
}

bool profile_lacks_file(const struct profile *profile, const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (lacks(profile, files[i].since, files[i].others) && is_file(&files[i], path))
			return true;
	}
	return false;
}

#ifndef SCMP_ACT_NOTIFY /* no libseccomp, or one before 2.5 */

int profile_install(_unused_ const struct profile *profile, int *ret_error)
{
	*ret_error = -EOPNOTSUPP;
	return -EBADF;
}

bool profile_path_arguments(
        _unused_ int number, _unused_ int *ret_directory, _unused_ int *ret_path)
{
	return false;
}

#else

#ifdef __s390__
enum { CLONE_FLAGS = 1 };
#else
enum { CLONE_FLAGS = 0 };
#endif

#define ALL_BITS UINT32_MAX
#define WITH(argument_, mask_, value_)                                                             \
	{                                                                                          \
		.has = true, .argument = argument_, .mask = mask_, .value = value_                 \
	}
#define ALWAYS                                                                                     \
	{                                                                                          \
		.has = false                                                                       \
	}

static const struct lacking_call {
	unsigned since;
	unsigned others;
	const char *name;
	int number;
	struct {
		bool has;
		unsigned argument;
		uint32_t mask;
		uint32_t value;
	} when;
	uint16_t error;
} calls[] = {
#define CALL(...) {__VA_ARGS__},
#define FILE_OF(...)
#define FILE(...)
#include "tests/degraded/lacks.def"
#undef CALL
#undef FILE_OF
#undef FILE
};

enum { NO_FLAGS = -1 };

/* Those that take a path, and whose result may be data of the file. */
static const struct path_call {
	const char *name;
	int directory; /* -1: paths begin at the working directory */
	int path;
	int flags; /* of open(2) */
} PATHS[] = {
        {"open", -1, 0, 1},
        {"openat", 0, 1, 2},
        {"openat2", 0, 1, NO_FLAGS},
        {"readlink", -1, 0, NO_FLAGS},
        {"readlinkat", 0, 1, NO_FLAGS},
        {"stat", -1, 0, NO_FLAGS},
        {"stat64", -1, 0, NO_FLAGS},
        {"lstat", -1, 0, NO_FLAGS},
        {"lstat64", -1, 0, NO_FLAGS},
        {"newfstatat", 0, 1, NO_FLAGS},
        {"fstatat64", 0, 1, NO_FLAGS},
        {"statx", 0, 1, NO_FLAGS},
        {"access", -1, 0, NO_FLAGS},
        {"faccessat", 0, 1, NO_FLAGS},
        {"faccessat2", 0, 1, NO_FLAGS},
        {"name_to_handle_at", 0, 1, NO_FLAGS},
        {"statfs", -1, 0, NO_FLAGS},
        {"statfs64", -1, 0, NO_FLAGS},
};

static int number_of(const char *name, int otherwise)
{
	const int number = seccomp_syscall_resolve_name(name);

	return number >= 0 ? number : otherwise;
}

static int add_call(scmp_filter_ctx filter, const struct lacking_call *call)
{
	const int number = number_of(call->name, call->number);
	const struct scmp_arg_cmp compare = {
	        .arg = call->when.argument,
	        .op = SCMP_CMP_MASKED_EQ,
	        .datum_a = call->when.mask,
	        .datum_b = call->when.value,
	};
	const int r = number < 0 ? 0
	                         : seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(call->error),
	                                   number, call->when.has ? 1 : 0, &compare);

	return r == -EEXIST ? 0 : r;
}

static bool is_refused(const struct profile *profile, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		if (strcmp(calls[i].name, name) == 0 && !calls[i].when.has &&
		        lacks(profile, calls[i].since, calls[i].others))
			return true;
	}
	return false;
}

/* The files are no directories, and not opened with O_PATH without following a link. Such opens, of
 * which walks along paths make thousands, stay as quick as elsewhere. */
static int add_path(scmp_filter_ctx filter, const struct path_call *call, int number)
{
	static const uint32_t without[] = {O_DIRECTORY | O_PATH, O_DIRECTORY | O_NOFOLLOW};
	int r = 0;

	if (call->flags < 0)
		return seccomp_rule_add(filter, SCMP_ACT_NOTIFY, number, 0);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(without); i++) {
		const struct scmp_arg_cmp compare = {
		        .arg = (unsigned)call->flags,
		        .op = SCMP_CMP_MASKED_EQ,
		        .datum_a = without[i],
		        .datum_b = 0,
		};

		r = seccomp_rule_add_array(filter, SCMP_ACT_NOTIFY, number, 1, &compare);
	}
	return r;
}

/* As an ordinary user this launcher may read the paths only of processes that are dumpable: there
 * prctl(2) with PR_SET_DUMPABLE (4) changes nothing, and returns 0. */
static int add_paths(scmp_filter_ctx filter, const struct profile *profile)
{
	const struct scmp_arg_cmp set_dumpable = {
	        .arg = 0, .op = SCMP_CMP_EQ, .datum_a = 4, .datum_b = 0};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(PATHS); i++) {
		const int number = number_of(PATHS[i].name, -1);

		if (number >= 0 && !is_refused(profile, PATHS[i].name))
			r = add_path(filter, &PATHS[i], number);
	}
	if (r == 0 && geteuid() != 0)
		r = seccomp_rule_add_array(
		        filter, SCMP_ACT_ERRNO(0), SCMP_SYS(prctl), 1, &set_dumpable);
	return r;
}

/* Root needs no PR_SET_NO_NEW_PRIVS, with which execve(2) would give no capabilities of files. If
 * the programs are 32-bit ones, others that tests run are not. */
static int set_up(scmp_filter_ctx filter, const struct profile *profile)
{
	int r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, geteuid() != 0);

	if (r == 0)
		r = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(calls); i++) {
		if (lacks(profile, calls[i].since, calls[i].others))
			r = add_call(filter, &calls[i]);
	}
	if (r == 0 && profile_has_files(profile))
		r = add_paths(filter, profile);
	return r == 0 ? seccomp_load(filter) : r;
}

int profile_install(const struct profile *profile, int *ret_error)
{
	const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int fd = -EBADF;

	*ret_error = filter ? set_up(filter, profile) : -ENOMEM;
	if (*ret_error == 0 && profile_has_files(profile))
		fd = seccomp_notify_fd(filter);
	if (filter)
		seccomp_release(filter);
	return fd;
}

bool profile_path_arguments(int number, int *ret_directory, int *ret_path)
{
	for (size_t i = 0; i < ARRAY_SIZE(PATHS); i++) {
		if (number_of(PATHS[i].name, -1) != number)
			continue;
		*ret_directory = PATHS[i].directory;
		*ret_path = PATHS[i].path;
		return true;
	}
	return false;
}

#endif
