/* SPDX-License-Identifier: Apache-2.0 */

/* What nsbrowse writes on a quiet live host in 10 seconds: nothing at all.
 * The host is that of tests/cmd/nested.sh, a PID namespace of its own. */

#include "tests/bench/bars.h"
#include "tests/cmd/browse.h"

#include <stdlib.h>

enum { SECONDS = 10, SETTLE_MS = 1500 };

static const struct {
	const char *what;
	int rows;
	int columns;
	const char *keys;
} looks[] = {
        {"list and details below", 30, 100, ""},
        {"list and details beside", 30, 140, ""},
        {"list alone, all types", 30, 100, "Vkkkkkkkkkkjjjjjjjj\ri"},
        {"the page of a process", 30, 100, "\tG\r"},
};

/* NULL where there can be no such host. */
static struct pty *start(size_t i)
{
	_cleanup_free_ char *nested = path_of("top_srcdir", "tests/cmd/nested.sh");
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");
	const char *const argv[] = {nested, program, NULL};
	struct pty *pty = pty_start(&(struct pty_options){
	        .rows = looks[i].rows, .columns = looks[i].columns, .argv = argv});

	if (pty_wait_for(pty, "user:[") && pty_wait_without(pty, "reading") &&
	        pty_wait_for(pty, " root ")) {
		pty_press(pty, looks[i].keys);
		/* What the last key asked for has come when this has. */
		pty_press(pty, "r");
		if (pty_wait_without(pty, "reading") && pty_sync(pty))
			return pty;
	}
	pty_free(pty);
	return NULL;
}

static size_t written(const struct pty *pty)
{
	size_t n;

	pty_output(pty, &n);
	return n;
}

/* Bytes since `before`. Ends it, on whatever page it is. */
static size_t finish(struct pty *pty, size_t before)
{
	pty_listen(pty, 100);
	const size_t n = written(pty) - before;
	pty_free(pty);
	return n;
}

int main(void)
{
	struct pty *ptys[ARRAY_SIZE(looks)];
	size_t before[ARRAY_SIZE(looks)];
	char text[80];
	struct bars bars = {0};

	for (size_t i = 0; i < ARRAY_SIZE(looks); i++) {
		ptys[i] = start(i);
		if (!ptys[i]) {
			bars_skip("bytes while idle", "no nested user namespaces here");
			return EXIT_SUCCESS;
		}
	}
	/* The facts of what is shown come last. */
	for (size_t i = 0; i < ARRAY_SIZE(looks); i++) {
		pty_listen(ptys[i], SETTLE_MS);
		before[i] = written(ptys[i]);
	}
	pty_listen(ptys[0], SECONDS * 1000);
	for (size_t i = 0; i < ARRAY_SIZE(looks); i++) {
		const size_t n = finish(ptys[i], before[i]);

		snprintf(text, sizeof(text), "idle for %d s, %s", SECONDS, looks[i].what);
		bars_most(&bars, text, "bytes", 0, (double)n);
	}
	return bars_status(&bars);
}
