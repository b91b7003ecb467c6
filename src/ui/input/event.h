/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"
#include "model/mounts.h"
#include "model/ns_facts.h"
#include "model/watching.h"

#include <stdint.h>

struct help_row;

/* The input (events) and output (effects) of the app. Each event has its time: nothing in ui/ reads
 * a clock. */

/* Keys are Unicode characters, control characters (C-a is 1, Esc 27, Enter 13, Tab 9, Backspace
 * 127), or one of these. */
enum key {
	NSB_KEY_UP = 0x200000,
	NSB_KEY_DOWN,
	NSB_KEY_LEFT,
	NSB_KEY_RIGHT,
	NSB_KEY_HOME,
	NSB_KEY_END,
	NSB_KEY_PAGE_UP,
	NSB_KEY_PAGE_DOWN,
	NSB_KEY_DELETE,
	NSB_KEY_BACKTAB,
	NSB_KEY_F0, /* F1 is NSB_KEY_F0 + 1, to F12 */
	NSB_KEY_F_LAST = NSB_KEY_F0 + 12,
	NSB_KEY_SHIFT_UP, /* not all terminals send these four */
	NSB_KEY_SHIFT_DOWN,
	NSB_KEY_SHIFT_LEFT,
	NSB_KEY_SHIFT_RIGHT,
};

/* C-a is KEY_CTRL('a'). */
#define KEY_CTRL(c) ((c)&0x1f)

/* Mouse events come only with --mouse, and only of the first button and the wheel. */
enum mouse_kind {
	MOUSE_PRESS,
	MOUSE_DRAG, /* moved while the button is down */
	MOUSE_RELEASE,
	MOUSE_WHEEL_UP,
	MOUSE_WHEEL_DOWN,
};

struct mouse {
	enum mouse_kind kind;
	int row; /* of the screen, from 0; may be outside of it */
	int column;
};

enum event_kind {
	EVENT_KEY,        /* key */
	EVENT_PASTE,      /* key: a pasted character: text, never a command */
	EVENT_MOUSE,      /* mouse */
	EVENT_RESIZE,     /* size */
	EVENT_MODEL,      /* scan: the app owns the reference to the model */
	EVENT_NAME,       /* user: the result of a look-up of EFFECT_NAMES */
	EVENT_RETRY,      /* time to repeat the look-ups of names that failed */
	EVENT_SAVED,      /* saved: the result of EFFECT_SAVE */
	EVENT_CONFIG,     /* saved.path, saved.error: the result of EFFECT_CONFIG */
	EVENT_COMPLETED,  /* completed: the result of EFFECT_COMPLETE */
	EVENT_FACTS,      /* facts: the result of EFFECT_FACTS */
	EVENT_NS_FACTS,   /* ns_facts: a result of EFFECT_NS_FACTS */
	EVENT_MOUNTS,     /* mounts: the result of EFFECT_MOUNTS */
	EVENT_RESTED,     /* the time of EFFECT_REST is over */
	EVENT_PROGRESS,   /* progress: of the model that is awaited (app_is_reading) */
	EVENT_WARNING,    /* warning: raw text to show */
	EVENT_TIME,       /* the time of app_wakes_at has come */
	EVENT_WATCHING,   /* watching: how the models are kept up to date (app_shows_watching) */
	EVENT_INTERFACES, /* interfaces: the result of EFFECT_INTERFACES */
	EVENT_KINDS,
};

struct event {
	enum event_kind kind;
	uint64_t now_ms; /* monotonic */
	union {
		uint32_t key;
		struct mouse mouse;
		struct {
			int rows;
			int columns;
		} size;
		struct {
			const struct model *model;
			bool is_whole;       /* the last one of its scan */
			bool is_unrequested; /* no key has requested it: something has changed */
		} scan;
		struct {
			uid_t uid;
			const char *name; /* borrowed; NULL: it has none */
			bool is_failed;   /* the look-up failed: it may have a name */
		} user;
		struct {
			const char *path;  /* as written, raw */
			const char *error; /* printable text; NULL: it was written */
			bool is_existing;  /* a file exists that may be replaced: */
			uint64_t size;     /* bytes */
			int64_t age;       /* seconds since it was written */
		} saved;
		struct {
			const char *prefix;       /* of EFFECT_COMPLETE */
			const char *text;         /* the common beginning of all names */
			const char *const *names; /* the first `n` of `n_all`, raw; borrowed */
			size_t n;
			size_t n_all;
			const char *error; /* as above */
		} completed;
		const struct process_facts *facts; /* borrowed */
		const struct ns_facts *ns_facts;   /* borrowed: to be kept, ns_facts_ref */
		const struct mounts *mounts;       /* borrowed; NULL: they could not be read */
		struct {
			unsigned percent; /* 0: not known */
			uint64_t bytes;   /* read of a snapshot of unknown size, else 0 */
		} progress;
		const char *warning; /* borrowed */
		struct watching watching;
		struct {
			const struct help_row *rows; /* valid until app_free */
			size_t n;
		} interfaces;
	};
};

/* What the caller of app_handle is to do after an event, as bits. */
enum effect {
	EFFECT_REDRAW = 1 << 0,
	EFFECT_RESCAN = 1 << 1,
	EFFECT_SAVE = 1 << 2, /* save_request; answer with EVENT_SAVED */
	EFFECT_QUIT = 1 << 3,
	EFFECT_REPAINT =
	        1 << 4,        /* draw all rows again: the terminal may show something else (C-l) */
	EFFECT_NAMES = 1 << 5, /* app_next_uid; answer with EVENT_NAME */
	EFFECT_FACTS = 1 << 6, /* app_next_process; answer with EVENT_FACTS */
	EFFECT_COPY = 1 << 7,  /* app_copy_text into the clipboard */
	EFFECT_COMPLETE = 1 << 8,       /* app_complete_prefix; answer with EVENT_COMPLETED */
	EFFECT_SETTINGS = 1 << 9,       /* app_settings has changed: apply theme, mouse and delay */
	EFFECT_CONFIG = 1 << 10,        /* write app_settings to the config file; EVENT_CONFIG */
	EFFECT_GIVE_UP = 1 << 11,       /* stop dot if it is drawing the file to be saved */
	EFFECT_NS_FACTS = 1 << 12,      /* app_next_ns; answer each with EVENT_NS_FACTS */
	EFFECT_MOUNTS = 1 << 15,        /* app_next_mounts; answer with EVENT_MOUNTS */
	EFFECT_REST = 1 << 14,          /* send EVENT_RESTED some time after the last of these */
	EFFECT_INTERFACES = 1 << 16,    /* probe the interfaces of the kernel; EVENT_INTERFACES */
	EFFECT_DROP_NS_FACTS = 1 << 13, /* those without NS_FACTS_FIRST are not wanted any more */
};
