/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the files share that read a snapshot: its state, and the values of objects and lists, each
 * checked when it is taken (fields.c). */

#include "base/attributes.h"
#include "base/json_scan.h"
#include "model/builder.h"
#include "model/mounts.h"
#include "model/net_facts.h"
#include "snapshot/snapshot.h"

/* Where something begins in the file. */
struct file_place {
	size_t offset;
	size_t line; /* from 1 */
};

/* A namespace that was read. Its parent and owner may come later in the file. */
struct ns_entry {
	enum nstype type; /* as in `ns`, which is freed if no model can be made */
	uint64_t inode;
	struct ns *ns;
	struct file_place place;
	uint64_t parent; /* inode numbers, 0: none */
	uint64_t owner;
};

struct pid_entry {
	pid_t pid;
	struct file_place place;
};

/* A snapshot while it is read. */
struct reader {
	const char *text;
	size_t len;
	char *own_text; /* the same if the reader may release its pages, else NULL */
	/* Of the part that is read now: what is behind this place is still there. */
	struct file_place current;
	struct file_place end; /* of the file */
	size_t released;       /* bytes of the part from which pages are not released yet */
	struct builder *builder;
	struct snapshot_problem *problem;
	struct progress *progress; /* may be NULL */

	bool has_reasons;   /* the host has `partial` */
	bool is_incomplete; /* its `complete` is false */

	size_t memory_max; /* of the model, see snapshot_parse */
	size_t charged;    /* memory that the model takes or will take beside its arena */
	struct mounts_builder *mounts; /* NULL: the file has none */

	struct ns_entry *namespaces; /* sorted by (type, inode) once all have been read */
	size_t n_namespaces, namespaces_capacity;
	struct pid_entry *processes;
	size_t n_processes, processes_capacity;
};

/* Begins a part of the file there: the lines of its elements are counted from it on. */
void fields_begin(struct reader *reader, const struct file_place *place);

/* The place of the element at `offset` of the part, which is not before the last one. */
struct file_place fields_place(struct reader *reader, size_t offset);

/* Describes what is wrong in reader->problem, with the line in which `offset` is, and returns
 * -EBADMSG. The text is that of this program: of the file it has only numbers. `offset` is not
 * before the last element that was read by fields_each, or it is the end of the file. */
_must_check_ int fields_refuse(struct reader *reader, size_t offset, const char *format, ...)
        _printf_(3, 4);

/* The same for any place. */
_must_check_ int fields_refuse_at(struct reader *reader, const struct file_place *place,
        const char *format, ...) _printf_(3, 4);

/* The same for the problem that a scan has found. */
_must_check_ int fields_refuse_scan(struct reader *reader, const struct json_scan *scan);

/* Accounts for `bytes` that the model will need beside its arena. Returns 0, or -EBADMSG (with the
 * problem) if the model takes more than reader->memory_max. */
_must_check_ int fields_charge(struct reader *reader, size_t offset, size_t bytes);

/* Calls `read` for each element of the list in `span`, and counts its bytes as parsed; stops at the
 * first error and returns it, or -ECANCELED. Releases the memory of the elements that were read, if
 * the reader may: the model grows meanwhile. */
_must_check_ int fields_each(struct reader *reader, const struct json_span *span,
        int (*read)(struct reader *reader, const struct json_span *element));

/* --- the members of one object ----------------------------------------------------------------
 * The first error is described in the reader and kept in `error`; after it the getters return 0,
 * NULL or "" without looking at the object, so that the caller may take all values and check
 * `error` once. A value is decoded only when it is taken. */

enum { FIELDS_MAX = 32 };

struct fields {
	struct reader *reader;
	const char *const *keys; /* of this object, ending with NULL; other keys are ignored */
	size_t offset;           /* of the object in the file */
	unsigned next;           /* index of the key that is probably taken next */
	struct json_span values[FIELDS_MAX]; /* by key; of length 0 where it is missing */
	int error;                           /* 0 or -EBADMSG */
};

/* The object in `span`; another type of value is an error. `keys`: at most FIELDS_MAX, static. */
struct fields fields_of(
        struct reader *reader, const struct json_span *span, const char *const *keys);

/* Sets an error: `"KEY" WORDS`. */
void fields_fail(struct fields *f, const char *key, const char *words);

/* True if the object has the key, also if its value is null. */
bool fields_has(struct fields *f, const char *key);

/* True if the value is null. A missing key is an error. */
bool fields_is_null(struct fields *f, const char *key);

/* The value, not decoded; of length 0 after an error. */
struct json_span fields_value(struct fields *f, const char *key);

/* An integer from `min` to `max`. */
uint64_t fields_number(struct fields *f, const char *key, uint64_t min, uint64_t max);

/* The same, or null: 0. */
uint64_t fields_number_or_null(struct fields *f, const char *key, uint64_t min, uint64_t max);

bool fields_bool(struct fields *f, const char *key);

/* A string, or {"base64": ...} for one that is not UTF-8; in the model's arena, raw. */
const char *fields_text(struct fields *f, const char *key);

/* The same, or null: NULL. */
const char *fields_text_or_null(struct fields *f, const char *key);

/* The index of a string in an array of `n` words, in which NULL matches none. */
unsigned fields_word(struct fields *f, const char *key, const char *const *words, unsigned n);

/* The number of an error (positive), by its name, or a number for one that has no name; 0 for
 * null. */
int fields_errno(struct fields *f, const char *key);

/* A device: its numbers in the form "8:17". */
void fields_device(struct fields *f, const char *key, unsigned *ret_major, unsigned *ret_minor);

/* A state, which must be `known` if and only if the value of `value_key` is not null. A word that
 * this program does not have, or only for user IDs, is REL_FAILED, with any value. */
enum rel_state fields_state(struct fields *f, const char *key, const char *value_key);

/* The same of a user ID: it can be `unmapped` too, and `ambiguous`, with a number. */
enum rel_state fields_id_state(struct fields *f, const char *key, const char *value_key);

typedef void fields_element_fn(
        struct fields *f, const char *key, const struct json_span *element, void *data);

/* A list: calls `read` for each element until an error. */
void fields_list(struct fields *f, const char *key, fields_element_fn *read, void *data);

/* An array for the elements of a list, `size` bytes each, and `extra` more: zeroed, in the model's
 * arena. *ret_n is the number of elements, 0 after an error. */
void *fields_array(struct fields *f, const char *key, size_t size, size_t extra, size_t *ret_n);

/* The same getters for an element of the list `key`. */
uint64_t fields_number_at(struct fields *f, const char *key, const struct json_span *element,
        uint64_t min, uint64_t max);
const char *fields_text_at(struct fields *f, const char *key, const struct json_span *element);

/* The index of a string in an array of `n` words; `n` for any other string, which a later program
 * may write. */
unsigned fields_find_word(struct fields *f, const char *key, const struct json_span *element,
        const char *const *words, unsigned n);
void fields_list_at(struct fields *f, const char *key, const struct json_span *element,
        fields_element_fn *read, void *data);

/* --- read_namespaces.c ----------------------------------------------------------------------- */

/* Reads the list of namespaces in `span` into the builder, and connects each with its parent and
 * owner. Returns 0, or -EBADMSG and the problem. */
_must_check_ int read_namespaces(struct reader *reader, const struct json_span *span);

/* The entry of a namespace, NULL if there is none. Valid once read_namespaces has returned. */
const struct ns_entry *read_namespaces_find(
        const struct reader *reader, enum nstype type, uint64_t inode);

/* --- read_containers.c ----------------------------------------------------------------------- */

/* Reads `container`, `claim` and `label` of a process. Returns 0, or -EBADMSG and the problem. */
_must_check_ int read_containers(struct reader *reader, struct fields *f, struct process *process);

/* --- read_mounts.c --------------------------------------------------------------------------- */

/* Reads the list of mount tables in `span` into reader->mounts, which it makes. Returns 0, or
 * -EBADMSG and the problem. */
_must_check_ int read_mounts(struct reader *reader, const struct json_span *span);

/* --- read_posture.c -------------------------------------------------------------------------- */

/* Reads the posture of a process. Returns 0, or -EBADMSG and the problem. */
_must_check_ int read_posture(
        struct reader *reader, const struct json_span *span, struct process *process);

/* --- read_pins.c ----------------------------------------------------------------------------- */

/* Reads the list of pins. Returns 0, or -EBADMSG and the problem. */
_must_check_ int read_pins(struct reader *reader, const struct json_span *span);

/* --- read_facts.c, read_net.c ---------------------------------------------------------------- */

/* Reads the member `facts` of a namespace into ns->facts. Sets f->error. */
void read_facts(struct fields *f, struct ns *ns);

/* Those of a network namespace, from the object of the facts; in the model's arena. */
const struct net_facts *read_net(struct fields *f) __attribute__((returns_nonnull));
