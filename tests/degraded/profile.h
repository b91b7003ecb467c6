/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Systems that lack something which this one has: lacks.def. A filter of system calls (seccomp(2))
 * makes calls fail there. Files of /proc are in paths, which a filter cannot read: calls with a
 * path go to a descriptor (seccomp_unotify(2)), and profile_lacks_file decides. */

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct profile {
	const char *name;
	unsigned last;   /* the newest kernel whose interfaces it has */
	unsigned others; /* what else it is like */
	const char *text;
};

/* NULL: there is none of that name. */
const struct profile *profile_find(const char *name);

/* The names, one a line, with their texts. */
void profile_list(FILE *out);

/* Whether it lacks files of /proc, for which the filter needs a listener. */
bool profile_has_files(const struct profile *profile);

/* Whether the file with that absolute path is one that it lacks. Paths that do not begin with /proc
 * may be in a procfs that another mount namespace has mounted. */
bool profile_lacks_file(const struct profile *profile, const char *path);

/* Whether a path that ends so may be one of those: its last component is. False of most. */
bool profile_may_lack(const struct profile *profile, const char *path);

/* Installs its filter in this process. Returns the descriptor of the listener (-EBADF: it needs
 * none) with *ret_error 0; else *ret_error is a negative errno. */
int profile_install(const struct profile *profile, int *ret_error);

/* The argument of that call, by its number, that is the path, or that is the directory to which the
 * path belongs (-1: the working directory). False: it is none that the filter sends. */
bool profile_path_arguments(int number, int *ret_directory, int *ret_path);
