/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The real ./nsbrowse on a terminal, for the tests of the whole program. */

#include "base/attributes.h"
#include "tests/term/pty_looks.h"
#include "tests/unit.h"

#define DOWN "\033OB"
#define F5   "\033[15~"

/* AddressSanitizer has the crashes then. */
#if defined(__SANITIZE_ADDRESS__)
#define HAS_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#define HAS_ADDRESS_SANITIZER __has_feature(address_sanitizer)
#else
#define HAS_ADDRESS_SANITIZER 0
#endif

/* `file` below top_builddir or top_srcdir; the caller frees. */
char *path_of(const char *variable, const char *file);

/* `arguments` ends with NULL; at most six. */
struct pty *browse(
        int rows, int columns, const char *const *arguments, const char *const *environment);

/* The demo, when it is on the screen. */
struct pty *browse_demo_with(int rows, int columns, const char *const *environment);
struct pty *browse_demo(void);

/* Modes, cursor and screen are as they were before. */
void assert_given_back(struct pty *pty);

/* `q` ends it, well; forgets it. */
void assert_quits(struct pty *pty);

/* It has ended, or ends within 20 s, with that exit status, the terminal given back; forgets it. */
void assert_exits(struct pty *pty, int status);

/* Waits until `fd` can be read: false after 20 s. */
bool wait_readable(int fd);

/* A process and those that it has started by now, to find out when all have ended. */
struct family {
	int fds[16]; /* pidfds */
	pid_t pids[16];
	size_t n;
};

/* That one comes first. */
void family_init(struct family *family, pid_t pid);
void family_release(struct family *family);
#define _cleanup_family_ _cleanup_(family_release)

/* True when all of them have ended; waits for that, at most so long. */
bool family_is_gone(const struct family *family, int milliseconds);

/* What this process may skip only where the machine cannot: exit status for `why`. */
int skipped(const char *why);

/* A new folder for files; and its end with all that is in it: how many files those were. */
char *temporary_folder(void);
int remove_folder(const char *folder);
