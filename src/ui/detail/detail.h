/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "base/u64.h"
#include "model/model.h"
#include "model/net_facts.h"
#include "ui/pages/page.h"
#include "view/facts_store.h"
#include "view/names.h"
#include "view/node.h"

/* The detail pane: everything known about one namespace or one process, as numbered lines with
 * references that can be followed. The lines of the page come first; for a namespace there is a
 * line for each of its processes after them, which is only written when it is drawn. */

/* --- the target of a reference ------------------------------------------------------------ */

/* A key that outlives its model. */
enum target_kind {
	TARGET_NONE,
	TARGET_NS,        /* tag */
	TARGET_PROCESS,   /* pid, started */
	TARGET_CONTAINER, /* tag; of a pod, too (container.pod_tag) */
	TARGET_TABLE,     /* the table of processes on the same page */
	TARGET_MOUNTS,    /* tag of a mount namespace: its mounts; started: the id of one, or 0 */
	TARGET_FOLD,      /* tag: a part of the page that is folded or not */
};

struct target {
	enum target_kind kind;
	uint64_t tag;
	pid_t pid;
	uint64_t started;
};

extern const struct target detail_nowhere; /* TARGET_NONE */

/* NULL: detail_nowhere. */
struct target detail_to_ns(const struct ns *ns);
struct target detail_to_process(const struct process *process);
struct target detail_to_container(const struct container *container);

/* The mounts of `ns`, and one of them (NULL: none). `ns` may be NULL: detail_nowhere. */
struct target detail_to_mount(const struct ns *ns, const struct mount_entry *entry);

bool detail_is_same(const struct target *a, const struct target *b);

/* The namespace, process or container in this model; NULL if the target is of another kind, or not
 * in it. */
const struct ns *detail_target_ns(const struct target *target, const struct model *model);
const struct container *detail_target_container(
        const struct target *target, const struct model *model);
const struct process *detail_target_process(const struct target *target, const struct model *model);

/* --- the page ----------------------------------------------------------------------------- */

/* What the page is made from. */
struct detail_source {
	const struct model *model; /* which `ns` and `process` are in */
	const struct ns *ns;       /* of the line; NULL: see below */
	bool is_unknown;           /* a line of node_heading: the owners could not be read, ... */
	bool is_unread;            /* ... or not yet */
	enum node_lack lack;       /* ... or a line of mounts that are not known */
	const struct container *container; /* instead of `ns`: a line of a container */
	enum node_group group;             /* or of a group of those; `pod` as in struct node */
	const struct container *pod;
	bool is_numberless;                /* the line over pins */
	const struct ns_pin *pin;          /* or of a pin */
	const struct mount_entry *mount;   /* or of a mount, of the mount namespace `mnt` */
	const struct ns *mnt;              /* NULL: it is not in the model */
	const struct mounts *mounts;       /* of all mount namespaces; NULL: not read */
	const struct process *process;     /* not NULL: the page is about this process */
	const struct process_facts *facts; /* read for this page; NULL: not yet */
	const struct names *names;
	const struct facts_store *inside; /* of namespaces; NULL: those of the model */
	bool is_reading;                  /* those of `ns` are read, and not there yet */
	bool can_ask;                     /* the host can be asked for more of them */
	pid_t self; /* the PID of nsbrowse, to compare with; 0: it is not in the model */
	bool is_gone;
	long utc_offset; /* seconds east of UTC */
	int columns;
	bool is_ascii;
	bool with_cmdlines;             /* command lines are shown */
	bool is_text;                   /* for a file: the whole command line */
	const struct u64_set *unfolded; /* tags of the parts that are shown; NULL: none */
	bool with_folded;               /* all other parts are shown, too */
};

/* A part of a line that leads to a namespace or process. */
struct detail_ref {
	size_t line;
	size_t start; /* bytes of the line */
	size_t len;   /* 0: there was no room for it */
	int column;   /* of the screen, where it starts */
	struct target target;
};

/* Tags of parts of a page that can be folded; those of holders are hashes (page_ns.c). */
enum {
	DETAIL_FOLD_KERNEL = 1,      /* kernel threads in the table of processes */
	DETAIL_FOLD_REST,            /* holders for which there is no room */
	DETAIL_FOLD_COMMAND,         /* lines of a long command line */
	DETAIL_FOLD_LINKS,           /* interfaces for which there is no room */
	DETAIL_FOLD_SOCKETS,         /* listening sockets likewise */
	DETAIL_FOLD_LIMITS,          /* limits that no user is near */
	DETAIL_FOLD_MOUNT_ELSEWHERE, /* mount namespaces, if many have a mount or a peer of it */
	DETAIL_FOLD_MOUNT_PEERS,
	DETAIL_FOLD_MOUNT_MASTERS,
	DETAIL_FOLD_MOUNT_SLAVES,
	DETAIL_FOLD_SHARED = 16, /* and the type: containers in a namespace of it, for which there
	                          * is no room */
};

/* The table of processes, if the page has one. */
struct detail_table {
	const struct process *const *all; /* by PID, kernel threads that can be folded last */
	size_t n;
	const struct process *
	        *own;       /* what `all` points to, if it is no list of the model; or NULL */
	int pid_width;      /* of the first column */
	size_t n_kernel;    /* kernel threads that can be folded */
	struct text *cells; /* of a line while it is written; NULL: no processes */
};

struct detail {
	struct detail_source source;
	struct page facts;
	struct detail_ref *refs; /* of the facts, in their order */
	size_t n_refs;
	size_t ref_capacity;
	struct detail_table table;
	size_t n_sentence; /* lines of the sentence at the top */
};

/* Builds the page. `source` is copied; what it points to must outlive the page, which the caller
 * releases. */
void detail_build(struct detail *ret, const struct detail_source *source);
void detail_release(struct detail *detail);

/* The number of lines. */
size_t detail_count(const struct detail *detail);

/* The process of line `index` in the table of processes; NULL for other lines. */
const struct process *detail_process(const struct detail *detail, size_t index);

/* The number of references on line `index`; one of them, counted from 0: false if there is none. */
size_t detail_count_refs(const struct detail *detail, size_t index);
bool detail_ref(const struct detail *detail, size_t index, size_t number, struct detail_ref *ret);

/* The first line with a reference to `target`: false if there is none. */
bool detail_find(const struct detail *detail, const struct target *target, size_t *ret_index);

/* Writes all lines as text; the lines of processes are not cut. */
void detail_write(FILE *out, const struct detail *detail);

/* True if the needle is on line `index`. */
bool detail_has(const struct detail *detail, size_t index, const struct needle *needle);

/* True if the needle is on another line than those of processes that are always shown. */
bool detail_has_folded(const struct detail *detail, const struct needle *needle);

/* The first line that has the needle (NULL: any), among those of the fact `fact` ("held by"; NULL:
 * all): false if there is none. */
bool detail_find_text(const struct detail *detail, const char *fact, const struct needle *needle,
        size_t *ret_index);

/* The reference on line `index` that has the needle, else the first one. */
size_t detail_ref_with(const struct detail *detail, size_t index, const struct needle *needle);

/* Draws line `index`. `selected` (may be NULL) is the reference on it that is selected; with
 * `is_current` it is the selected line. `found` (may be NULL) is highlighted; if the line of a
 * process does not have it, its PID is: the process matches by what is not in the table. */
void detail_draw(const struct detail *detail, size_t index, bool is_current,
        const struct detail_ref *selected, const struct needle *found, struct frame_row *ret);

/* --- the table of processes (process_table.c) ---------------------------------------------- */

/* Its rows are the lines behind the facts: a process each, or the line with the number of kernel
 * threads, which come after it if they are unfolded. */

/* Writes the titles, and prepares the rows. */
void process_table_write(struct detail *detail);

/* The number of rows; 0 on other pages. */
size_t process_table_count(const struct detail *detail);

/* The process of a row; NULL for the line with the number of kernel threads. */
const struct process *process_table_process(const struct detail *detail, size_t row);

/* The row of a process or of that line; false if there is none. */
bool process_table_find(const struct detail *detail, const struct target *target, size_t *ret_row);

/* True for a kernel thread of the table that is folded. */
bool process_table_hides(const struct detail *detail, const struct target *target);

/* The only reference of a row: its PID, or the number of kernel threads. */
struct detail_ref process_table_ref(const struct detail *detail, size_t row);

/* Writes a row to `line`, which is empty. */
void process_table_draw(const struct detail *detail, size_t row, struct line *line);

/* --- writing the page --------------------------------------------------------------------- */

/* Facts on lines that are wrapped to the width. page_ns.c, page_container.c, page_mount.c and
 * page_process.c write the kinds of pages with these functions; without the table of processes.
 * page_container.c writes those of groups, too. */
void page_ns_write(struct detail *detail);
void page_container_write(struct detail *detail);
void page_process_write(struct detail *detail);
void page_mount_write(struct detail *detail);
void page_pin_write(struct detail *detail);

/* The page of a line of enum node_lack (page_mount.c). */
void page_mount_write_lack(struct detail *detail);

/* Writes the first mounts of the mount namespace, if they were read (page_mount.c). */
void page_mount_write_list(struct detail *detail);

/* Writes what is in the namespace, if that was read; of a network namespace the latter. */
void page_facts_write(struct detail *detail);
void page_net_write(struct detail *detail, const struct net_facts *net);

/* Why a fact is not known. Valid until the next strerror(3). */
const char *page_facts_reason(const struct detail *detail, int error);

/* Writes the limits of the user namespace, one for each type. */
void page_limits_write(struct detail *detail, const struct ns_limit *limits);

/* Adds uid_map or gid_map of a user namespace as a fact, or why it is not known. */
void page_ns_write_map(
        struct detail *detail, const char *name, const struct ns *user, const struct id_map *map);

enum {
	DETAIL_TEXT_MAX = 400, /* columns of a sentence or of names: only a snapshot has more */
	DETAIL_INDENT = 10,    /* column of the facts, after their names */
	DETAIL_GAP = 3,        /* blanks between two facts, at least */
};

/* Writes the lines at the top: one sentence, escaped, on lines of its own, at least `least`. With
 * two lines what is behind the first colon begins the second one if it fits there: rows of the same
 * processes have the same second line. */
void detail_add_sentence(struct detail *detail, const char *text, size_t least);

/* Most sentences about namespaces and containers have one line or two. Two are kept free, so that
 * the facts stay in their places when another row is selected: fewer bytes go to the terminal,
 * too. */
enum { DETAIL_SENTENCE_LINES = 2 };

/* Begins a line with the name of a fact. Lines without one: page_add(&detail->facts). */
void detail_new_fact(struct detail *detail, const char *name);

/* Adds `name text` (the name may be "") to the fact: at column `stop` if the line is shorter, else
 * `gap` columns further on, else on a new line. The text is a reference to `target`. */
void detail_add_ref(struct detail *detail, int stop, int gap, const char *name, const char *text,
        struct target target);
void detail_add(struct detail *detail, int stop, const char *name, const char *text);

/* The same with a raw name, of which no more is escaped than fits. */
void detail_add_name(struct detail *detail, int stop, const char *name, const char *raw);

/* The same with a formatted number. */
void detail_add_number(struct detail *detail, int stop, const char *name, const char *format, ...)
        _printf_(4, 5);

/* Adds one of several pieces of a text, with at least one blank before it. A piece that is longer
 * than a line is broken anywhere; all of its parts are references to `target`. */
void detail_add_piece(struct detail *detail, const char *text, struct target target);

/* True if the part of the page with that tag is shown, if the page has it. */
bool detail_is_unfolded(const struct detail *detail, uint64_t tag);

/* Adds the line of a part of the page that can be folded, with a sign before the text. Returns true
 * if the part is shown: the caller adds its lines. The tag identifies it, on all pages. */
bool detail_add_fold(struct detail *detail, uint64_t tag, const char *text);

/* Makes the bytes from `start` to the end of the newest line a reference to `target`. */
void detail_mark_ref(struct detail *detail, size_t start, int column, struct target target);

/* Adds a relation of a namespace: a reference, or why there is none. */
void detail_add_relation(struct detail *detail, const struct relation *relation);

/* Adds `bash (1468)` as a reference. */
void detail_add_process(
        struct detail *detail, int stop, const char *name, const struct process *process);

/* Adds `docker web` as a reference. */
void detail_add_container(
        struct detail *detail, int stop, const char *name, const struct container *container);

/* Adds the containers that have processes in `ns`, but for `except` (NULL: none), as references: if
 * there are many, the first ones, and a line that shows the others. Nothing if there are none. */
void detail_add_containers(
        struct detail *detail, const struct ns *ns, const struct container *except);

/* The words for an unknown relation or value of `ns`: why it could not be read, if a note says so.
 * Valid until the next strerror(3). */
const char *detail_unknown(const struct detail *detail, enum rel_state state, const struct ns *ns);
