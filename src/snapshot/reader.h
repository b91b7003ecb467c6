/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the files that read a snapshot share, and nobody else. */

#include "base/attributes.h"
#include "model/builder.h"
#include "snapshot/json_scan.h"
#include "snapshot/snapshot.h"

/* A namespace as it was read: whom it names as parent and owner may come later in the file. */
struct ns_entry {
	enum nstype type; /* as in `ns`, which is gone when a model could not be made of it */
	uint64_t inode;
	struct ns *ns;
	size_t offset;
	uint64_t parent; /* inode numbers, 0: none */
	uint64_t owner;
};

struct pid_entry {
	pid_t pid;
	size_t offset;
};

struct reader {
	const char *text;
	size_t len;
	struct builder *builder;
	struct snapshot_problem *problem;

	/* A hostile file may not cost more than one of its size: see reader_init. */
	size_t memory_max; /* of the model */
	size_t charged;    /* what the model takes or will take beside its arena */

	struct ns_entry *namespaces; /* by (type, inode) once they are all there */
	size_t n_namespaces, namespaces_capacity;
	struct pid_entry *processes;
	size_t n_processes, processes_capacity;
};

void reader_init(
        struct reader *reader, const char *text, size_t len, struct snapshot_problem *problem);
void reader_release(struct reader *reader);

/* Says what is wrong, with the line in which `offset` is, and returns -EBADMSG. The words are
 * ours: nothing of the file's text gets into them but numbers. */
_must_check_ int reader_fail(struct reader *reader, size_t offset, const char *format, ...)
        _printf_(3, 4);

/* Passes on what a scan has found. */
_must_check_ int reader_fail_scan(struct reader *reader, const struct json_scan *scan);

/* Accounts for `bytes` that the model will need beside its arena. 0 or -EBADMSG. */
_must_check_ int reader_charge(struct reader *reader, size_t offset, size_t bytes);

/* 0 if the model may take `bytes` more, else -EBADMSG. */
_must_check_ int reader_has_room(struct reader *reader, size_t offset, size_t bytes);

/* Calls `read` for each element of the list in `span`; stops at the first that fails. */
_must_check_ int reader_each(struct reader *reader, const struct json_span *span,
        int (*read)(struct reader *reader, const struct json_span *element));

/* The entry of a namespace, NULL if there is none. Only once all have been read. */
const struct ns_entry *reader_find_ns(
        const struct reader *reader, enum nstype type, uint64_t inode);

/* The parts of a snapshot, each from its span. */
_must_check_ int read_host(struct reader *reader, const struct json_span *span);
_must_check_ int read_namespaces(struct reader *reader, const struct json_span *span);
_must_check_ int read_processes(struct reader *reader, const struct json_span *span);
_must_check_ int read_notes(struct reader *reader, const struct json_span *span);
