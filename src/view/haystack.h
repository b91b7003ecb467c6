/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/facts_store.h"
#include "view/hierarchy.h"
#include "view/names.h"

/* Finding text in the hierarchies of a model. A namespace is found by its number
 * (`net:[4026531840]`), its owner (`harald (1000)`), its holders, and by each process in it: PIDs,
 * outside and inside, name, cgroup and container (container_texts.h). A container is found by that,
 * and by each process in it; a namespace by the containers of its processes only if its leader is
 * in one, and in the view of containers by those processes that are in what it stands below. A
 * process is found by the same, by its user, and by the numbers of its namespaces, a mount by what
 * mount_words_fields writes. A match lies within one of these fields. The fields are escaped as on
 * the screen (base/escape.h).
 */

/* The text of a model. What the searched hierarchies need of it is written once, when it is first
 * searched, so that another search only compares bytes. */
struct haystack;

/* The hierarchies are those of `model`; nodes that are gone are in `baseline` (NULL if there are
 * none). Keeps references to both; `names` (may be NULL) must stay, and not change. With
 * `with_cmdlines` a process is found by its command line, too. */
struct haystack *haystack_new(const struct model *model, const struct model *baseline,
        const struct names *names, bool with_cmdlines);
void haystack_free(struct haystack *haystack);

/* True if it is that of these models. */
bool haystack_is_of(
        const struct haystack *haystack, const struct model *model, const struct model *baseline);

/* Sets what is in network namespaces: they are found by it, and processes by their listening
 * sockets (net_query.h); and the mounts of mount namespaces (haystack_needs_mounts). The facts and
 * mounts are those in the store (NULL: none), else of the model. Without this call none are
 * searched. */
void haystack_set_facts(struct haystack *haystack, const struct facts_store *inside);

/* True if `query` is searched for among the mounts of mount namespaces, too (mount_query.h), in a
 * view of that kind: an absolute path or MAJ:MIN, in that of mount namespaces any text. Processes
 * and containers are found by those of their mount namespace. In VIEW_MOUNTS mounts are lines. */
bool haystack_needs_mounts(enum view_kind kind, const char *query);

/* Writes a part of the text of the model, ahead of the first search; false if all is there. */
bool haystack_prepare(struct haystack *haystack);

/* Sets `hits` for each node of the hierarchy: true if `query` is found in it. Case matters if the
 * query has a capital letter. An empty query is found everywhere. */
void haystack_find(struct haystack *haystack, const struct hierarchy *hierarchy, const char *query,
        bool *hits);

/* The same, but only of the nodes that are found by a container. */
void haystack_find_containers(struct haystack *haystack, const struct hierarchy *hierarchy,
        const char *query, bool *hits);

/* How many namespaces of the model are found: as many as lines in the view of all types. */
size_t haystack_count(struct haystack *haystack, const char *query);

/* How many mount namespaces have mounts that are found: as in VIEW_MNT. */
size_t haystack_count_mounts(struct haystack *haystack, const char *query);

/* The field in which a query is found. */
enum haystack_field {
	HAYSTACK_NUMBER, /* of a namespace */
	HAYSTACK_OWNER,
	HAYSTACK_HOLDER,
	HAYSTACK_PROCESS, /* name and PID, */
	HAYSTACK_INSIDE,  /* PID inside */
	HAYSTACK_CMDLINE,
	HAYSTACK_CGROUP, /* of a process in the namespace, or of the process itself */
	HAYSTACK_USER,   /* of the process itself */
	HAYSTACK_NAMESPACE,
	HAYSTACK_CONTAINER,  /* of a line that is one, or of a process: see container_texts.h */
	HAYSTACK_INSIDE_NET, /* what is in a network namespace: address, port, interface */
	/* Of a mount (mount_words_fields); or what is mounted in a mount namespace. */
	HAYSTACK_MOUNT,
};

struct haystack_place {
	enum haystack_field field;
	const struct process *process; /* that it is a field of; NULL: of the namespace */
	char *text;                    /* of the field, escaped; the caller frees */
	size_t found;                  /* byte of the text where the query is */
};

/* Where `query` is found in node `index`, in the order of the fields and processes: false if it is
 * not. */
bool haystack_explain(struct haystack *haystack, const struct hierarchy *hierarchy, size_t index,
        const char *query, struct haystack_place *ret);
