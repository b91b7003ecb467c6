/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The real ./nsbrowse on a terminal, for the tests of the whole program. */

#include "base/attributes.h"
#include "tests/term/pty_looks.h"
#include "tests/unit.h"

#define DOWN "\033OB"
#define F5   "\033[15~"

/* `file` below top_builddir or top_srcdir; the caller frees. */
char *path_of(const char *variable, const char *file);

/* `arguments` ends with NULL; at most six. */
struct pty *browse(
        int rows, int columns, const char *const *arguments, const char *const *environment);

/* Shows data/demo.json; returns when it is on the screen. */
struct pty *browse_demo_with(int rows, int columns, const char *const *environment);
struct pty *browse_demo(void);

/* Modes, cursor and screen of the terminal are those from before the start. */
void assert_given_back(struct pty *pty);

/* `q` ends it with status 0. Frees `pty`. */
void assert_quits(struct pty *pty);

/* It has ended, or ends within 20 s, with that exit status and the terminal restored. Frees `pty`.
 */
void assert_exits(struct pty *pty, int status);

/* Waits until `fd` can be read: false after 20 s. */
bool wait_readable(int fd);

/* Makes a FIFO in a folder, and opens it for reading and writing, so that open(2) does not wait.
 * The caller closes it. */
int make_fifo(const char *folder, const char *name);

/* False if this kernel, or the rights of the test, refuse the scene (tests/scenes/scene). */
bool has_scene(const char *name);

/* A process and its children at this time, to find out when all have ended. */
struct family {
	int fds[16]; /* pidfds */
	pid_t pids[16];
	size_t n;
};

/* `pid` is the first. */
void family_init(struct family *family, pid_t pid);
void family_release(struct family *family);
#define _cleanup_family_ _cleanup_(family_release)

/* Waits until all of them have ended: false if they have not after that time. */
bool family_is_gone(const struct family *family, int milliseconds);

/* Prints why a test is skipped. Returns the exit status of that: 77, or 1 if NSBROWSE_REQUIRE_ALL=1
 * forbids it. */
int skipped(const char *why);
enum { EXIT_SKIPPED = 77 };

/* As root: from now on there is no user nobody (user_namespaces(7)), so that nsbrowse handles root
 * like a user, also for a snapshot (cmd/start.h). Others are users already. False after a message;
 * then the tests are to be skipped. */
bool become_user(void);

/* Makes a new folder for files; removes it with its files, and returns their number. */
char *temporary_folder(void);
int remove_folder(const char *folder);

/* The row begins with the prompt; the layout engine may be at the right. */
void assert_prompt(struct pty *pty, int row, const char *prompt);
