/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The state of the browser: what all screens share, then the state of each screen. Only files of
 * ui/app include this. */

#include "base/u64.h"
#include "ui/detail/detail.h"
#include "ui/draw/geometry.h"
#include "ui/draw/scroller.h"
#include "ui/graph/graph.h"
#include "ui/graph/network.h"
#include "ui/input/event.h"
#include "ui/input/keys.h"
#include "ui/list/rows.h"
#include "ui/list/tree.h"
#include "ui/pages/page.h"
#include "ui/pages/settings.h"
#include "ui/prompt/menu.h"
#include "ui/prompt/prompt.h"
#include "view/facts_store.h"

struct screen;

enum { SCREENS_OPEN_MAX = 8 };

/* UIDs to look the names up for. */
struct name_queue {
	uid_t *uids;
	size_t first;
	size_t n;
	size_t capacity;
};

/* Namespaces to read the facts of. */
struct facts_request {
	uint64_t tag;
	unsigned what; /* NS_FACTS_* */
};

struct facts_queue {
	struct facts_request *requests;
	size_t first;
	size_t n;
	size_t capacity;
};

/* The facts of namespaces, and the page that is in view. */
struct inside {
	struct facts_store store;
	uint64_t tag; /* 0: none */
	enum {
		INSIDE_RESTING,   /* requested when the selection has rested on it */
		INSIDE_REQUESTED, /* not answered yet */
		INSIDE_LATE,      /* the same, and the page says so */
		INSIDE_KNOWN,     /* answered */
	} state;
	struct u64_set with_links; /* tags of those that are read with NS_FACTS_LINKS */
	uint64_t requested_at;     /* when what is on the page was requested last, in ms */
	bool is_outdated;          /* the model has changed since */
};

/* The mounts of all mount namespaces: those that were read are in inside.store. */
struct mount_reads {
	/* What was searched for, and accepted, before they were read; 0: nothing. */
	enum {
		MOUNTS_NOTHING,
		MOUNTS_FIND, /* the first match is to be selected */
		MOUNTS_FILTER,
	} goal;
	uint64_t from;         /* tag of what was selected then */
	unsigned round;        /* inside.store.round when they were requested */
	bool is_needed;        /* EFFECT_MOUNTS: to read them */
	bool is_requested;     /* and the answer has not come yet */
	bool is_outdated;      /* the model has changed since they were requested */
	uint64_t requested_at; /* in ms; */
	uint64_t took;         /* and how long that took */
};

/* The network namespaces whose facts are requested for a search or filter. */
struct net_search {
	enum {
		NET_SEARCH_OFF,
		NET_SEARCH_TYPED,  /* for the text in the prompt that is open */
		NET_SEARCH_FIND,   /* the first match is to be selected */
		NET_SEARCH_FILTER, /* matches are to be shown */
	} goal;
	struct u64_set waiting; /* their tags; also if the goal is reached */
	size_t n;               /* that were requested */
	uint64_t from;          /* tag of what was selected when FIND began */
	char words[48];         /* of net_search_words */
};

/* The detail pane: its page, and the selection on it. */
struct detail_pane {
	uint64_t tag; /* of the namespace that was selected in the list when the page opened */
	struct target page; /* a process; TARGET_NONE: the namespace with that tag */
	bool is_off_title;  /* a line is selected; else the title: the page itself */
	struct scroller list;
	size_t ref;       /* the selected reference of the selected line */
	struct target at; /* where that reference leads, to find it in the next model */

	struct process_facts facts; /* the last that came */
	bool has_facts;
	bool needs_facts; /* EFFECT_FACTS: to read those of the page's process */

	struct detail built; /* the page as lines, if is_built; dropped before each event */
	bool is_built;
};

/* A page of the detail pane, and the selection on it, to go back to. */
struct detail_place {
	struct target page;
	bool is_off_title;
	size_t top;
	size_t line;
	size_t ref;
};

/* One place to go back to: the selection before a jump. */
struct jump {
	struct view_options view;
	uint64_t tag; /* the selected namespace; 0: the line above several tops */
	bool is_detail_focused;
	struct detail_place detail;
};

enum { JUMPS_MAX = 200 }; /* then the oldest is dropped */

struct jump_history {
	struct jump *all;
	size_t n;
	size_t capacity;
	size_t at; /* so many are behind, the others ahead */
};

struct graph_state {
	struct graph graph;
	bool is_first;                  /* the program began with it: q on it ends the program */
	struct graph_place search_from; /* the view when a search began */
	size_t found;                   /* the last match of a search */
	struct mouse hold;              /* where the mouse was pressed, if is_held */
	bool is_held;
};

struct network_state {
	struct network network;
	struct u64_set asked;   /* tags of the namespaces whose facts were requested, */
	struct u64_set waiting; /* and of those of which no answer has come yet; */
	size_t n_waiting;       /* of these, when the picture was built */
	size_t n_answers;       /* that the picture does not show yet */
};

/* The rows that the longest list has had. */
struct list_room {
	size_t at_first; /* in any view, without what is opened */
	size_t opened;   /* in that view, with it, since it was switched to */
	enum view_kind view;
};

/* The help, or the page of what could not be read. */
struct page_state {
	struct page page;
	struct scroller list;
	struct needle needle; /* that was searched for; zeroed: nothing */
	size_t found;         /* the entry in which it was found, */
	size_t found_line;    /* and the line; SIZE_MAX: none */
	bool is_shown;        /* it has been scrolled to */
};

/* The page of translated IDs. */
struct translation_state {
	struct page_state page;
	uint64_t tag;   /* of the user namespace */
	unsigned edits; /* of the prompt's text that the page shows */
	bool has_id;
	uint32_t id;
};

enum search_use {
	SEARCH_TEXT,   /* to the next match, with each key */
	SEARCH_NUMBER, /* to a PID or the number of a namespace */
	SEARCH_FILTER, /* only matches are shown */
	SEARCH_USES,
};

/* The candidate for a number (view/go_to.h) that was selected last. */
struct go_to_place {
	uint64_t from;    /* tag of what was selected when the number was typed */
	struct target at; /* its process or namespace */
	size_t index;     /* of the `n` candidates then */
	size_t n;
};

/* The last search or number, for n and N. */
struct search_query {
	char *text; /* NULL: none yet */
	bool is_number;
	struct go_to_place place; /* of the number */
};

struct search {
	enum search_use use;             /* of the prompt that is open */
	unsigned edits;                  /* of the prompt's text that was searched for */
	struct tree_place from;          /* the list when the prompt opened: Esc goes back there */
	struct detail_place detail_from; /* and the detail pane, */
	struct u64_set unfolded_from;    /* and the parts of pages that were shown */
	bool is_from_detail;             /* the detail pane had the focus then */
	size_t page_top;                 /* of the help or another page: its first line in view */
	char *filter_before;             /* the text of the filter then */
	struct go_to_place typed;        /* of the number in the prompt that is open */
	bool has_found;                  /* the text in the prompt that is open */
	struct search_query query;       /* of the list, the detail pane and the graph */
	struct search_query page_query;  /* of the help and other pages over the whole screen */
};

/* What the last search or number has found, as long as it is highlighted. Zeroed: nothing. */
struct match {
	struct needle needle;
	uint64_t tag;     /* of the selected row */
	bool is_in_graph; /* there nothing is highlighted, `needle` is zeroed */
	bool is_in_pane;  /* found on the page of the detail pane, not in the row */
	enum haystack_field field;
	struct target process; /* which the field is of; TARGET_NONE: of the namespace */
	char *words;           /* what was found, and where */
	bool is_shown;         /* the detail pane has been scrolled to it */
	size_t line;           /* of the detail pane, where it is; SIZE_MAX: nowhere */
};

struct save {
	char *stem;         /* what the prompt proposes, without suffix */
	char *page;         /* the page to save, as text; NULL: the model */
	char *page_title;   /* of that page: `process 93` */
	bool is_everything; /* also what the filter does not match */
	struct filter
	        filter; /* that of the list, when EFFECT_SAVE was given; its text is borrowed */
	struct u64_set changed; /* for it */
	bool is_waiting;        /* EFFECT_SAVE was given for this prompt, and is not answered yet */
	bool is_replacing;      /* for EFFECT_SAVE */
	bool is_by_dot;         /* Graphviz lays out an SVG */
	bool is_network;        /* the network picture */
	char *question;         /* about a file that exists */
	char *prefix;           /* for EFFECT_COMPLETE */
	struct prompt_history history;
};

struct app {
	struct keys keys;
	int rows;
	int columns;
	bool is_ascii; /* only ASCII is shown */
	bool must_be_ascii;
	bool saves_cmdlines; /* see app_options */
	bool is_live;
	bool reads_facts; /* of the namespace whose page is shown */
	bool reads_links; /* also with NS_FACTS_LINKS, without a key */
	pid_t self;       /* PID of nsbrowse in the models; 0: not in them */
	struct help_facts help_facts;
	bool has_wanted_interfaces; /* EFFECT_INTERFACES was given */
	long utc_offset;            /* seconds east of UTC */
	struct settings settings;   /* of those that have no field of their own here */

	/* The screens that are open, each over the one before. The first is the list or the
	 * detail pane, whichever has the focus. */
	const struct screen *screens[SCREENS_OPEN_MAX];
	size_t n_screens;

	const struct model *current; /* a reference; NULL before the first */
	bool is_whole;               /* the current one is */
	bool is_prepared;            /* app_prepare has nothing left to do */
	bool has_cmdlines;           /* a model had command lines */
	bool is_reading;             /* until the first is whole, and after `r` */
	unsigned percent;            /* of what is read then; 0: not known */
	uint64_t bytes;              /* read if that is not known; 0: none, or not known */
	bool is_paused;
	uint64_t now;             /* of the event that is handled, or was last */
	struct watching watching; /* the last that came */
	struct marks marks;
	struct names *names;
	struct name_queue name_queue;
	struct facts_queue facts_queue;
	struct inside inside;
	struct mount_reads mounts;

	bool is_view_auto; /* the first model chooses the view, and no key has chosen another */
	uint64_t left[VIEW_KINDS]; /* tags of what was selected when F5 left the view; 0: not yet */
	struct panes panes;
	struct list_room room;
	bool is_border_held; /* by the mouse: the line between the panes */
	struct tree tree;
	struct filter filter;
	struct detail_pane detail;
	struct u64_set unfolded; /* tags of the parts of pages that are shown (TARGET_FOLD) */
	struct jump_history jumps;
	struct graph_state graph;
	struct network_state network;
	struct page_state help;
	enum key_mode help_from; /* the mode that the help begins with */
	struct page_state problems;
	struct translation_state translation;

	struct menu menu; /* of the menu that is open, or the options */
	const struct views_menu *menu_kind;
	struct prompt prompt; /* of the prompt that is open */
	struct search search;
	struct net_search net_search;
	struct match match;
	struct save save;

	char *copied;  /* for EFFECT_COPY */
	char *message; /* escaped; NULL: none */
	bool is_error; /* the message is about one */

	bool has_key;          /* a key or a button of the mouse was pressed */
	uint32_t key;          /* that is being handled */
	bool is_first_escape;  /* it is Esc, and a second one clears the filter */
	bool is_second_escape; /* it is that second one */
	bool is_idle_escape;   /* it is Esc, and closed nothing */
	uint64_t idle_at;      /* when that was the last key; 0: it was not */
};

void state_release(struct app *app);

/* Shows a message until the next key, in place of the one before. `text` is escaped and owned by
 * the app from now on; NULL: no message. Returns EFFECT_REDRAW. */
unsigned state_say(struct app *app, bool is_error, char *text);

/* The same with a constant text, as information. */
unsigned state_inform(struct app *app, const char *text);

/* Where the panes stand on the screen. */
struct geometry state_geometry(const struct app *app);

/* The screen without header and footer. */
struct rect state_body(const struct app *app);

/* The input of the list. */
struct tree_source state_source(const struct app *app);

/* True if command lines are shown: by the setting, and if the models have any. */
bool state_shows_cmdlines(const struct app *app);

/* Filters the list again and selects `tag`; nothing before the first model. */
void state_filter(struct app *app, uint64_t tag);

/* Measures the list again after a change of its columns or of the text that is searched; nothing
 * before the first model. */
void state_measure(struct app *app);

/* Searches and filters the list with the facts that have come; nothing before the first model. */
void state_add_facts(struct app *app);

/* The model that the selected node of the list is in: the baseline if it is gone. */
const struct model *state_selected_model(const struct app *app);

/* Queues the UID for EFFECT_NAMES. EVENT_NAME puts the name into app->names. */
void state_queue_name(struct app *app, uid_t uid);

/* The same, unless the model is a snapshot or the name was requested before. */
void state_request_name(struct app *app, uid_t uid);

/* Queues the namespace of the current model for EFFECT_NS_FACTS. `what`: NS_FACTS_*. */
void state_request_facts(struct app *app, const struct ns *ns, unsigned what);
