/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The state of the browser, for the files app*.c and nobody else. */

#include "ui/app/app.h"
#include "ui/app/jump_history.h"
#include "ui/app/name_queue.h"
#include "ui/detail/detail.h"
#include "ui/draw/geometry.h"
#include "ui/graph/graph.h"
#include "ui/input/keys.h"
#include "ui/list/finder.h"
#include "ui/list/tree.h"
#include "ui/prompt/menu.h"
#include "ui/prompt/prompt.h"
#include "ui/prompt/prompt_history.h"

/* What the detail pane shows, and what is selected in it. */
struct detail_pane {
	uint64_t tag; /* of the namespace that was selected in the tree when the page opened */
	struct target page; /* a process; nothing: the page of that namespace */
	size_t top;         /* first line in view, selected line, and reference on it */
	size_t line;
	size_t ref;
	struct target at; /* where that reference leads, to find it again */
	bool is_settled;  /* the first selection has been made */
};

/* The prompt `Save as:`. */
struct save {
	bool is_waiting;   /* EFFECT_SAVE was given for this prompt, and not answered yet */
	bool is_replacing; /* for EFFECT_SAVE */
	bool is_by_dot;    /* Graphviz lays out an SVG */
	char *question;    /* what to do with the file that is there; NULL: not asked */
	char *prefix;      /* for EFFECT_COMPLETE */
	struct prompt_history history;
};

struct app {
	struct app_options options; /* is_ascii: what is shown now */
	struct settings settings;   /* of those that have no place of their own here */
	bool must_be_ascii;
	char *save_stem;
	struct keys keys;
	int rows;
	int columns;

	const struct model *current; /* a reference; NULL before the first */
	bool is_whole;               /* the current one is */
	bool is_reading;             /* in the first scan, and after `r` */
	unsigned percent;            /* how far it is; 0: not known */
	bool is_paused;
	struct marks marks;
	struct names *names;
	struct name_queue name_queue;

	struct tree tree;
	enum split split;
	bool is_detail_focused;
	bool is_detail_hidden;
	bool is_detail_maximised; /* only while it has the focus */
	int detail_rows;          /* where the border was moved to; 0: it was not */
	int detail_columns;
	bool is_border_held; /* by the mouse */
	struct detail_pane detail;
	struct jump_history jumps;
	struct process_facts facts; /* the last that came */
	bool has_facts;
	bool is_facts_wanted; /* they are to be asked for the page */

	struct graph graph;
	struct graph_place graph_from; /* where a search in it began */
	struct mouse graph_hold;       /* where the mouse holds it, if it does */
	bool is_graph_held;

	bool is_help;
	enum key_mode help_from;
	size_t help_top;

	bool is_problems_open; /* the page of what could not be read, below the help */
	size_t problems_top;

	struct filter filter;
	struct finder finder;
	struct menu menu;

	struct prompt prompt; /* the only one; `finder.use` says when it is not Save as */
	struct save save;

	char *copied; /* for EFFECT_COPY */

	char *message; /* escaped; NULL: none */
	bool is_error; /* the message tells of one */

	uint32_t key;          /* that is being handled */
	uint64_t escaped_at;   /* when Esc was the last key; 0: it was not */
	bool is_second_escape; /* so was the one before */
};

/* Which keys work now. */
enum key_mode app_mode(const struct app *app);

struct tree_source app_source(const struct app *app);
void app_geometry(const struct app *app, struct geometry *ret);

/* The details of what is selected; false if nothing is. The caller releases them. */
bool app_detail(const struct app *app, struct detail *ret);

/* app_detail.c: what is selected in the pane leads there; false if nothing is, or it has not the
 * focus. */
bool app_detail_selected(const struct app *app, struct target *ret);
/* The text of the line that is selected there, likewise; NULL. The caller frees. */
char *app_detail_line(const struct app *app);
void app_detail_move(struct app *app, long lines, bool is_paging);
/* Selects what stands in row `row` of the pane, and the reference at `column` of it, if there is
 * one: true if that was selected before. */
bool app_detail_point(struct app *app, int row, int column);
void app_detail_refresh(struct app *app);                                 /* after a new model */
void app_detail_settle(struct app *app, const struct geometry *geometry); /* after each event */
/* The page of a process, or (nothing) of what is selected in the tree, from its top. */
void app_detail_open(struct app *app, const struct target *page);
bool app_detail_close_page(struct app *app); /* of a process; false if none is open */
bool app_detail_learn(struct app *app, const struct process_facts *facts);
unsigned app_do_next_ref(struct app *app);
unsigned app_do_previous_ref(struct app *app);
unsigned app_do_split(struct app *app);
unsigned app_do_hide_detail(struct app *app);
unsigned app_do_maximise(struct app *app);

/* app_walk.c */
unsigned app_do_follow(struct app *app);
unsigned app_do_back(struct app *app);
unsigned app_do_forward(struct app *app);

/* app_save.c */
unsigned app_do_save(struct app *app);
unsigned app_do_accept_save(struct app *app);
unsigned app_do_complete(struct app *app);
unsigned app_do_older(struct app *app);
unsigned app_do_newer(struct app *app);
unsigned app_do_overwrite(struct app *app);
unsigned app_do_rename(struct app *app);
unsigned app_do_layout(struct app *app);
void app_save_changed(struct app *app);        /* after a key in a prompt */
unsigned app_save_closed(struct app *app);     /* the prompt is closed before it was done */
bool app_save_is_open(const struct app *app);  /* the prompt that is open is this one */
bool app_save_close_question(struct app *app); /* false if none was asked */
unsigned app_save_answer(struct app *app, const struct event *event);
unsigned app_save_completed(struct app *app, const struct event *event);
void app_save_release(struct app *app);

/* app_copy.c */
unsigned app_do_copy_number(struct app *app);
unsigned app_do_copy_row(struct app *app);
unsigned app_do_copy_command(struct app *app);

/* Remembers where one stands: to be called before each jump. */
void app_visit(struct app *app);

/* Selects a namespace, in another view if it is not in this one: false if none shows it. */
bool app_show_ns(struct app *app, uint64_t tag);

/* app_find.c: search, go-to and filter. */
bool app_find_is_open(const struct app *app);
void app_find_changed(struct app *app); /* after a key in a prompt */
unsigned app_find_accept(struct app *app);
unsigned app_find_cancel(struct app *app);
void app_filter_changed(struct app *app, uint64_t tag); /* `tag` is to be selected */
unsigned app_filter_escape(struct app *app);            /* Esc with nothing open */
unsigned app_do_search(struct app *app);
unsigned app_do_search_next(struct app *app);
unsigned app_do_search_previous(struct app *app);
unsigned app_do_go_to(struct app *app);
unsigned app_do_filter(struct app *app);

/* Where a search looks: in the list, or in the graph. */
struct app_search {
	void (*leave)(struct app *app);     /* remembers where it began */
	void (*come_back)(struct app *app); /* goes there */
	struct finding (*find)(struct app *app, const char *query, bool is_next, bool is_back);
	void (*take)(struct app *app, size_t index); /* selects what was found */
	void (*keep)(struct app *app);               /* it was accepted */
};

/* app_graph.c */
extern const struct app_search app_graph_search;
void app_graph_open(struct app *app);
/* After a new model or names, while the one before is still there: true and what it was, if what
 * is selected in the graph went. */
bool app_graph_refresh(struct app *app, struct node *ret_gone);
void app_graph_settle(struct app *app); /* after each event */
size_t app_graph_page(const struct app *app);
void app_graph_draw(const struct app *app, struct frame *frame);
unsigned app_graph_mouse(struct app *app, const struct mouse *mouse);
unsigned app_do_graph(struct app *app);
unsigned app_do_list(struct app *app);
unsigned app_do_show(struct app *app);
unsigned app_do_pan_up(struct app *app);
unsigned app_do_pan_down(struct app *app);
unsigned app_do_pan_left(struct app *app);
unsigned app_do_pan_right(struct app *app);
unsigned app_do_corner(struct app *app);
unsigned app_do_far_corner(struct app *app);
unsigned app_do_next_node(struct app *app);
unsigned app_do_previous_node(struct app *app);
unsigned app_do_zoom_in(struct app *app);
unsigned app_do_zoom_out(struct app *app);
unsigned app_do_zoom_reset(struct app *app);
unsigned app_do_owners(struct app *app);
unsigned app_do_group(struct app *app);

/* app_view.c: views, order, owners and types, marks. */
unsigned app_do_other_view(struct app *app);
unsigned app_do_owned(struct app *app);
unsigned app_do_choose_view(struct app *app);
unsigned app_do_sort(struct app *app);
unsigned app_do_invert(struct app *app);
unsigned app_do_only_owner(struct app *app);
unsigned app_do_only_types(struct app *app);
unsigned app_do_only_leaked(struct app *app);
unsigned app_do_menu_check(struct app *app);
unsigned app_do_menu_accept(struct app *app);
unsigned app_do_mark(struct app *app);
void app_set_kind(struct app *app, enum view_kind kind);
void app_set_order(struct app *app, enum view_sort sort, bool is_inverted);
unsigned app_do_pause(struct app *app);

/* app_options.c: the list of settings. */
unsigned app_do_options(struct app *app);
unsigned app_do_option_next(struct app *app);
unsigned app_do_option_previous(struct app *app);
unsigned app_do_option_write(struct app *app);
unsigned app_config_answer(struct app *app, const struct event *event);

/* Shows a message until the next key, in place of one before. `text` is escaped and the app's
 * from now on. */
void app_say(struct app *app, bool is_error, char *text);

/* What scrolls now: how many lines it has in view, and moving it. */
size_t app_page(const struct app *app);
void app_scroll(struct app *app, long lines, bool is_paging);

/* app_mouse.c: a press, a drag, the wheel. */
unsigned app_mouse(struct app *app, const struct event *event);

/* As if that key had been pressed: what a click on the footer does. */
unsigned app_press(struct app *app, uint32_t key);

/* Does `action`; returns effects. */
unsigned app_do(struct app *app, enum action action);

/* False for what the prompt does by itself (prompt_edit). */
bool app_has_handler(enum action action);
