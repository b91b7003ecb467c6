/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The screens as a table of operations, the stack of those that are open, and the handlers of all
 * keys. A part of this header is implemented with the help of those above it, never below.
 *
 * A new key is a row of ui/input/keys.def and its handler in the file of the screen. A new screen
 * is a struct screen in a file of its own, its state a struct in state.h, and the handler of the
 * key that opens it (screens_open); nothing else lists the screens. */

#include "ui/app/state.h"

#include <limits.h>

/* --- a screen ---------------------------------------------------------------------------- */

enum screen_place {
	SCREEN_WHOLE, /* all of the screen; the last line is the message or the footer's */
	SCREEN_OVER,  /* drawn over the screen below, except its last line */
	SCREEN_LAST,  /* the last line */
};

/* How a screen is searched. */
struct search_place {
	void (*begin)(struct app *app);     /* remembers the view */
	void (*come_back)(struct app *app); /* to the view that was remembered */
	struct finding (*find)(struct app *app, const char *query, bool is_next, bool is_back);
	void (*select)(struct app *app, size_t index);    /* of the finding */
	void (*mark)(struct app *app, const char *query); /* highlights it; may be NULL */
	void (*keep)(struct app *app);                    /* the prompt was accepted; may be NULL */
	/* What `digits` may mean, seen from the node with the tag `from`: for go_to_release. NULL:
	 * n does not go on with a number. */
	void (*find_numbers)(
	        struct app *app, const char *digits, uint64_t from, struct go_to_list *ret);
	/* The namespace of go_to.node in the list of find_numbers, without go_to.process. */
	const struct ns *(*ns_at)(const struct app *app, size_t node);
	/* Shows what a number means that was selected: `process`, or the node itself. */
	void (*mark_number)(struct app *app, const struct process *process, const char *digits);
	uint64_t (*from)(const struct app *app); /* tag of the node selected when a search began */
	bool takes_digits;                       /* a search for digits is one for a number */
	bool is_page;                            /* it is the text of a page that is searched */
	bool has_page_query; /* n goes on with what was searched for on such a page */
};

/* All operations but `draw` and `close` may be NULL: the screen has nothing to do then. Those that
 * return a number return effects. */
struct screen {
	enum key_mode mode; /* the keys that work */
	enum screen_place place;
	bool takes_text; /* keys that have no action are typed into the prompt */
	void (*draw)(const struct app *app, struct frame *frame);
	/* After each event, also while another screen is open over this one: the page is built,
	 * and the view is brought into its bounds. */
	void (*settle)(struct app *app);
	int (*page)(const struct app *app); /* how many lines are in view */
	void (*scroll)(struct app *app, long lines, bool is_paging);
	unsigned (*mouse)(struct app *app, const struct mouse *mouse);
	unsigned (*accept)(struct app *app); /* Enter in a prompt or menu */
	unsigned (*close)(struct app *app);  /* Esc */
	unsigned (*quit)(struct app *app);   /* q; NULL: the program ends */
	const struct search_place *search;
};

extern const struct screen panes_list, panes_detail; /* one of them is the first of the stack */
extern const struct screen graph_screen, network_screen;
extern const struct screen pages_help, pages_problems, pages_translation;
extern const struct screen views_menu_screen, options_screen;
extern const struct screen search_prompt, save_prompt, save_question, translation_prompt;

/* The handlers of keys.def, each declared here: called with the argument of its row, returns
 * effects. */
typedef unsigned key_handler(struct app *app, long argument);

#define KEY(modes, action, handler, argument, keys, footer, text) key_handler handler;
#include "ui/input/keys.def"
#undef KEY

/* --- status.c: the first and the last line of the screen ---------------------------------- */

/* How many namespaces (or processes) a view shows. */
size_t status_count(const struct model *model, enum view_kind view);

/* `reading…`, `reading… 40%`, `reading… 13 MB`: while app_is_reading. */
void status_write_progress(FILE *out, const struct app *app);

/* The header: ` USER namespaces 9  pid 6  procs 171   db7  root  +1 -1   1/9` */
void status_header(const struct app *app, struct frame *frame, const struct rect *rect);

/* The message into row `row`. */
void status_message(const struct app *app, struct frame *frame, int row);

/* The last line: the message if there is one, else the footer, ` 1Help  2      3      ...` with
 * the keys of `mode`. */
void status_last_line(const struct app *app, struct frame *frame, enum key_mode mode);

/* The number of the F-key at `column` of the footer; 0: none that has an action. */
unsigned status_footer_key(const struct app *app, enum key_mode mode, int column);

/* --- hint.c ------------------------------------------------------------------------------ */

/* Draws a line below the rows of a list that has none (that nothing matches the filter), or, until
 * the first key, at most three (what shows more). Nothing if there is no room. */
void hint_draw(const struct app *app, struct frame *frame, const struct rect *rect);

/* --- screens.c: the stack ---------------------------------------------------------------- */

const struct screen *screens_top(const struct app *app);
enum key_mode screens_mode(const struct app *app);

/* These return EFFECT_REDRAW. */
unsigned screens_open(struct app *app, const struct screen *screen);
unsigned screens_close_top(struct app *app);
unsigned screens_focus(struct app *app, bool is_detail); /* on the detail pane, or the list */

/* True if the keys act on that screen. */
bool screens_is_top(const struct app *app, const struct screen *screen);

/* The wheel on a screen that scrolls: returns effects. */
unsigned screens_wheel(struct app *app, const struct mouse *mouse);

/* Operations of prompts and of menus. */
void screens_draw_prompt(const struct app *app, struct frame *frame);
void screens_draw_menu(const struct app *app, struct frame *frame);
void screens_settle_menu(struct app *app);
int screens_menu_page(const struct app *app);
void screens_scroll_menu(struct app *app, long lines, bool is_paging);
unsigned screens_close_prompt(struct app *app);
unsigned screens_close_menu(struct app *app);

/* --- the detail pane (detail_pane.c) ----------------------------------------------------- */

/* The page as lines, built once for an event; NULL if nothing is selected in the list. */
const struct detail *detail_pane_page(struct app *app);

/* The selected reference; false if there is none, or the pane has not the focus. */
bool detail_pane_selected(struct app *app, struct target *ret);

/* The text of the selected line, NULL under the same conditions. The caller frees. */
char *detail_pane_line(struct app *app);

/* Operations of the screen: lines in view, and moving the selected line. */
int detail_pane_rows(const struct app *app);
void detail_pane_scroll(struct app *app, long lines, bool is_paging);

/* Selects line `row` of those in view, and the reference at `column` of it, if there is one: true
 * if that was selected before. */
bool detail_pane_point(struct app *app, int row, int column);

/* Opens the page of a process, or (TARGET_NONE) of the selected node of the list. */
void detail_pane_open(struct app *app, const struct target *page);

/* True if the page is that of the selected node, not one that was opened from it. */
bool detail_pane_is_own(const struct app *app);

/* Returns from the page of a process to that of the selected node; false if none is open. */
bool detail_pane_close_page(struct app *app);

/* The page and the selection on it, and going back there: the row that was selected then must be
 * selected again. */
struct detail_place detail_pane_leave(const struct app *app);
void detail_pane_return(struct app *app, const struct detail_place *place);

/* Selects line `line`, and the reference on it that has the needle. */
void detail_pane_select(struct app *app, size_t line, const struct needle *needle);

/* Selects the page itself, and shows its first line. */
void detail_pane_select_page(struct app *app);

/* Shows a part of the page that is folded, or folds it (TARGET_FOLD). Returns effects. */
unsigned detail_pane_fold(struct app *app, uint64_t tag);

void detail_pane_refresh(struct app *app); /* after a new model */
void detail_pane_settle(struct app *app);  /* after each event */
void detail_pane_drop(struct app *app);    /* before each event: the built page */

/* Stores the facts of EVENT_FACTS; false if they are of another process. */
bool detail_pane_set_facts(struct app *app, const struct process_facts *facts);

/* What the page shows, if `node` is selected in the list. */
struct detail_source detail_pane_source(const struct app *app, const struct node *node);

/* --- facts.c: what is in the namespace whose page is shown --------------------------------- */

/* After each event: the page may be that of another namespace now. Returns effects. */
unsigned facts_settle(struct app *app);

/* After a new model. What is on the page is requested again: at once, unless it may wait until
 * facts_wakes_at. */
void facts_refresh(struct app *app, bool may_wait);

/* When facts_read_again is to be called, in ms; 0: nothing is to be read again. */
uint64_t facts_wakes_at(const struct app *app);

/* Requests what is on the page again. */
void facts_read_again(struct app *app);

/* Handle EVENT_RESTED and EVENT_NS_FACTS: return effects. */
unsigned facts_rested(struct app *app, const struct event *event);
unsigned facts_come(struct app *app, const struct event *event);

/* Requests the facts of `ns`, also with NS_FACTS_LINKS if that was asked for. `what`: 0 or
 * NS_FACTS_FIRST. */
void facts_request(struct app *app, const struct ns *ns, unsigned what);

/* --- read_mounts.c: the mounts of mount namespaces ------------------------------------------ */

/* After each event: they may be needed now. Returns effects. */
unsigned read_mounts_settle(struct app *app);

/* After a new model. They are requested again: at once, unless that may wait until
 * read_mounts_wakes_at. */
void read_mounts_refresh(struct app *app, bool may_wait);

/* When read_mounts_again is to be called, in ms; 0: they are not to be read again. */
uint64_t read_mounts_wakes_at(const struct app *app);

/* Requests them again. */
void read_mounts_again(struct app *app);

/* Handles EVENT_MOUNTS: returns effects. */
unsigned read_mounts_come(struct app *app, const struct event *event);

/* Those that are shown or searched, else those of the model; NULL: there are none. */
const struct mounts *read_mounts_shown(const struct app *app);

/* Requests them, if `query` is compared with them, and they were not read since the last prompt
 * opened. True until they have come. */
bool read_mounts_begin(struct app *app, const char *query);

/* The prompt was accepted, and nothing was found: searches or filters again when they have come,
 * and says so. False if they are not read, or not searched. */
bool read_mounts_go_on(struct app *app, const char *query, bool is_filter);

/* In how many mount namespaces the query finds mounts; 0 in a view that has rows for these, and
 * with a filter. */
size_t read_mounts_count_elsewhere(struct app *app, const char *query);

/* Selects the first of those in the view of mount namespaces; false if there is none. */
bool read_mounts_show(struct app *app, const char *query);

/* Ends that; returns effects. With `is_said` a message says so. */
unsigned read_mounts_stop(struct app *app, bool is_said);

/* In how many of the *ret_n mount namespaces more mounts may be found, since they were not read; 0
 * if mounts are not searched. */
size_t read_mounts_count_unknown(const struct app *app, const char *query, size_t *ret_n);

/* --- pages.c: the help ---------------------------------------------------------------------- */

/* Handles EVENT_INTERFACES: returns effects. */
unsigned pages_set_interfaces(struct app *app, const struct event *event);

/* --- net_search.c: a search or filter that reads what is in network namespaces ------------- */

/* True if `query` has the form of what is in them: an address, a port, an interface. */
bool net_search_is_form(const char *query);

/* Requests the facts of all network namespaces that were not read since the last prompt opened.
 * They come with net_search_come. False if none is left. */
bool net_search_begin(struct app *app);

/* True until all have come, or it was stopped. */
bool net_search_is_on(const struct app *app);

/* Forgets what has not come; returns effects. With `is_said` a message says so. */
unsigned net_search_stop(struct app *app, bool is_said);

/* `asked 40 of 56`; valid until the next call. */
const char *net_search_words(struct app *app);

/* The prompt was accepted, and nothing (or for a filter, maybe not all) was found: goes on if it is
 * on. Returns effects. */
unsigned net_search_go_on(struct app *app, bool is_filter);

/* The prompt was accepted. Without net_search_go_on nothing is selected any more. */
void net_search_accepted(struct app *app);

/* A network namespace that matches, by what is known of it, whether or not the list shows it; NULL:
 * none. */
const struct ns *net_search_elsewhere(const struct app *app, const char *query);

/* How many of the *ret_n network namespaces may have what is searched for: they could not be read,
 * or not all of them. */
size_t net_search_count_unknown(const struct app *app, const char *query, size_t *ret_n);

/* True if the namespace with that tag has what is searched for, by the facts that are known. */
bool net_search_matches(const struct app *app, uint64_t tag);

/* Says that the list, and what was read for it, has nothing that matches, and what was not read. */
unsigned net_search_say_nothing(struct app *app);

/* Handles facts that have come, and are known now: returns effects. `was_match`: net_search_matches
 * of those before. */
unsigned net_search_come(struct app *app, const struct ns_facts *facts, bool was_match);

/* After a new model: namespaces that are gone are not waited for. */
void net_search_refresh(struct app *app);

/* Selects the first row that matches `query`, in another view if none does here but a network
 * namespace has it: false if nothing does. */
bool net_search_show(struct app *app, const char *query);

/* search.c: searches again for the text in the prompt that is open; says what was found. */
void search_type_again(struct app *app);

/* The text in the prompt that is open, if the list is searched or filtered; else NULL. */
const char *search_typed(const struct app *app);

/* Selects the first match of what was accepted last, and says so, or that nothing was found. */
void search_accepted_again(struct app *app);
unsigned search_say_found(struct app *app, const struct finding *finding);

/* --- page_search.c: searching the page ---------------------------------------------------- */

extern const struct search_place page_search;

/* Remember the place on the page, and what is unfolded; return there. A search of the list selects
 * and unfolds here, too. */
void page_search_begin(struct app *app);
void page_search_come_back(struct app *app);

/* --- page_text.c: the page as text --------------------------------------------------------- */

/* Writes `process 93`, `user:[4026531837]`: the title of the page. */
void page_text_write_title(FILE *out, const struct app *app);

/* True if the screen shows command lines, and the text lacks them. */
bool page_text_lacks_cmdlines(const struct app *app);

/* Opens the prompt to save a page (save.c). Takes both texts. Returns effects. */
unsigned save_open_page(struct app *app, char *page, char *title);

/* --- match.c: what a search has found ----------------------------------------------------- */

/* Highlights where `query` is found in the selected row, and in what the detail pane shows of it.
 */
void match_in_row(struct app *app, const char *query);

/* The same for a number that means `process`, or (NULL) the selected namespace. */
void match_number(struct app *app, const struct process *process, const char *digits);

/* Describes where a search has found `node` of the graph, unless the graph shows it; NULL: nothing
 * was found. */
void match_in_graph(struct app *app, const struct node *node, const struct haystack_place *place);

/* The same for a number that means `process`, or (NULL) the namespace of `node`. */
void match_number_in_graph(struct app *app, const struct node *node, const struct process *process,
        const char *digits);

/* Highlights where `query` is found on the page of the detail pane. */
void match_in_pane(struct app *app, const char *query);

/* Ends the highlighting, and forgets what was found. */
void match_end(struct app *app);

/* True if something is highlighted; on the graph nothing is. */
bool match_is_on(const struct app *app);

/* What was found and where, if the row does not show it; else NULL. */
const char *match_hidden_words(const struct app *app);

/* What to highlight on line `line` of the detail pane; NULL: nothing. */
const struct needle *match_of_line(const struct app *app, size_t line);

/* Finds the line of the page, and keeps it in view on a screen of another size. */
void match_settle(struct app *app, const struct detail *detail);

/* --- jumps.c: references and the places visited ------------------------------------------ */

/* Remembers the current place: to be called before each jump. */
void jumps_visit(struct app *app);

/* Selects a namespace, in another view if it is not in this one: false if none shows it. */
bool jumps_show_ns(struct app *app, uint64_t tag);

/* Shows the mounts of a mount namespace, and selects the one with that id (0: the line over all):
 * false if there is none. */
bool jumps_show_mounts(struct app *app, const struct ns *mnt, unsigned id);

/* --- views.c ----------------------------------------------------------------------------- */

enum {
	MENU_VIEW,
	MENU_SORT,
	MENU_OWNER,
	MENU_TYPES,
	MENU_COLUMNS,
	MENUS
}; /* for views_open_menu */

/* The view that F5 switches to, after the one that is shown. */
enum view_kind views_next(enum view_kind kind);

/* Before the first model is shown: shows the view of containers if the hierarchy of user namespaces
 * cannot show each of them, unless the view was chosen by an option, the config file or a key. */
void views_choose_first(struct app *app);

/* Jumps to another view; selects the first of rows_candidates that it has. */
void views_set_kind(struct app *app, enum view_kind kind);

/* Jumps to the view of all types, and says so. */
void views_show_all(struct app *app);

/* Filters again after a change of the filter. If nothing in this view matches, the view of all
 * namespaces opens. */
void views_filter_again(struct app *app);

/* Sorts the siblings; the selection stays. Returns effects. */
unsigned views_set_order(struct app *app, enum view_sort sort, bool is_inverted);

/* --- graph_screen.c ---------------------------------------------------------------------- */

/* For the keys that pan; and how far that is. */
enum { PAN_UP, PAN_DOWN, PAN_LEFT, PAN_RIGHT, PAN_START, PAN_END };
struct pan_step {
	long rows;
	long columns;
};
struct pan_step graph_screen_pan_step(long direction);

/* After a new model or names, while the ones before are still there: true and a copy of it, if the
 * selected node of the graph is gone. */
bool graph_screen_refresh(struct app *app, struct node *ret_gone);

/* Closes the graph and shows a namespace in the list. Returns effects. */
unsigned graph_screen_show_tag(struct app *app, uint64_t tag);

/* --- network_screen.c -------------------------------------------------------------------- */

/* After a new model, while the one before is still there; and after the facts of a namespace have
 * come. */
void network_screen_refresh(struct app *app);
void network_screen_take(struct app *app, const struct ns_facts *facts);

/* --- options.c, save.c: answers to effects ----------------------------------------------- */

/* Handle EVENT_CONFIG, EVENT_SAVED and EVENT_COMPLETED: return effects. */
unsigned options_written(struct app *app, const struct event *event);
unsigned save_answer(struct app *app, const struct event *event);
unsigned save_completed(struct app *app, const struct event *event);

/* Opens the options, from the menu of columns. Returns effects. */
unsigned options_return_to_columns(struct app *app);

/* --- panes.c ----------------------------------------------------------------------------- */

enum { FOLD_OPEN, FOLD_CLOSE, FOLD_TOGGLE }; /* for panes_fold */
