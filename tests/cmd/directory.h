/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <sys/types.h>

/* A directory service for tests: a program that is linked with directory.c has this getpwuid(3). It
 * reads the file UID in the folder $NSBROWSE_TEST_DIRECTORY, and waits until it is there. Its
 * content is the name of the user; if it is empty, the user does not exist, and `!` is EIO. The
 * file UID.asked is made first. UIDs below DIRECTORY_UIDS do not exist, without a file. */

enum { DIRECTORY_UIDS = 7000 };

/* Makes a new folder the directory, and removes it. */
void directory_open(void);
void directory_close(void);

/* Answers for `uid` from now on. */
void directory_answer(uid_t uid, const char *content);

/* How many of the `n` UIDs from `first` on were looked up. */
int directory_count_asked(uid_t first, int n);
