/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The commands of screen scripts (test_screens.c) that set an app up and send it events, one in a
 * line:
 *
 *     size COLUMNSxROWS
 *     ascii, snapshot, graph, pid, details, view NAME (before any event)
 *     reads-facts            of the namespace that is shown, and for searches (before any event)
 *     cmdlines               files have command lines (before any event)
 *     also-ascii             a second app has only ASCII and gets the same events: its screens must
 *                            be the same but for line characters (before any event)
 *     plain                  compare titles and footers as they are, not by name (screen_rows.h)
 *     model FILE             a complete model of tests/ui/models; quick FILE: an incomplete one
 *     mounted FILE           the same with the mounts of tests/view/mount_fixture.h
 *     unasked FILE           a complete model that no key requested: something has changed
 *     host NAME              a host of tests/pictures/hosts.c
 *     keys WORD...           as in keys.def
 *     type TEXT              each character of it; paste TEXT
 *     mouse KIND ROW COLUMN  press, drag, release, up, down
 *     name UID NAME          noname UID; failed UID: the look-up failed; retry
 *     saved PATH             unsaved PATH REASON
 *     existing PATH SIZE AGE  not saved, because the file exists
 *     completed PREFIX TEXT [NAME]...   uncompleted REASON
 *     config PATH            written; noconfig REASON; warning TEXT
 *     facts PID STARTED      made-up facts; nofacts PID STARTED: permission denied
 *     rested                 the selection has rested
 *     inside TYPE TAG [HOW [OTHER]]   made-up facts of a namespace (made_facts.h)
 *     mounts [failed]        those mounts were read: the app has wanted them; no-mounts: it has not
 *     progress PERCENT [BYTES]
 *     wait MILLISECONDS
 *     time                   the time of app_wakes_at has come; no-time: it has not
 *     interfaces NAME TEXT   of the kernel were tried: that one
 *     watching events|list AGE [ERRNO [RECORDS [FOREIGN [LOST [lossy]]]]]
 */

#include "tests/ui/screen_rows.h"
#include "ui/app/app.h"
#include "ui/input/keys.h"

#include <stdio.h>

struct script {
	const char *name;
	struct app_options options;
	struct app *app;
	bool has_twin;
	struct app *twin; /* gets the same events, and has only ASCII */
	uint64_t now;
	unsigned effects;
	const char *names;         /* the text of row_names.txt; NULL if the script is plain */
	struct screen_rows before; /* what the last expectation saw */
	FILE *updated;             /* the script with what is really seen */
	unsigned faults;
};

/* The app, made with script->options at the first call, and then its twin. */
struct app *script_app(struct script *script);

/* Runs the command `word` (of `len` bytes) with the rest of its line: false if there is none. The
 * test fails if that is malformed. */
bool script_run(struct script *script, const char *word, size_t len, const char *rest);

/* True if a key of the action was pressed in its script (action_scripts.h). */
bool script_has_shown(enum action action);
