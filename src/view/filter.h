/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/u64.h"
#include "view/facts_store.h"
#include "view/hierarchy.h"
#include "view/names.h"

#include <stdio.h>

/* --- finding text ---------------------------------------------------------------------------- */

/* Finding text in a hierarchy. A namespace is found by its number (`net:[4026531840]`), its owner
 * (`harald (1000)`), its holders, and by each process in it: PIDs, outside and inside, name, cgroup
 * and container (container_texts.h). A container is found by that, and by each process in it; a
 * namespace by the containers of its processes only if its leader is in one, and in the view of
 * containers by those processes that are in what it stands below. A process is found by the same,
 * by its user, and by the numbers of its namespaces. A match lies within one of these fields. The
 * fields are escaped as on the screen (base/escape.h).
 */

struct haystack;

/* Prepares the text of every node, so that a search only compares bytes. Nodes that are gone are in
 * `baseline` (NULL if there are none). With `with_cmdlines` a process is found by its command line,
 * too. The result has no pointers into its arguments. */
struct haystack *filter_haystack_new(const struct hierarchy *hierarchy, const struct model *model,
        const struct model *baseline, const struct names *names, bool with_cmdlines);
void filter_haystack_free(struct haystack *haystack);

/* Adds what is in network namespaces: their lines are found by it, and those of processes by their
 * listening sockets (net_query.h). The facts are those in the store (NULL: none), else of the
 * model.
 */
void filter_haystack_add_facts(struct haystack *haystack, const struct hierarchy *hierarchy,
        const struct facts_store *inside);

/* Sets `hits` for each node of the hierarchy: true if `query` is found in it. Case matters if the
 * query has a capital letter. An empty query is found everywhere. */
void filter_find(const struct haystack *haystack, const char *query, bool *hits);

/* The same, but only of the nodes that are found by a container. */
void filter_find_containers(const struct haystack *haystack, const char *query, bool *hits);

/* The field in which a query is found. */
enum filter_field {
	FILTER_NUMBER, /* of a namespace */
	FILTER_OWNER,
	FILTER_HOLDER,
	FILTER_PROCESS, /* name and PID, */
	FILTER_INSIDE,  /* PID inside */
	FILTER_CMDLINE,
	FILTER_CGROUP, /* of a process in the namespace, or of the process itself */
	FILTER_USER,   /* of the process itself */
	FILTER_NAMESPACE,
	FILTER_CONTAINER,  /* of a line that is one, or of a process: see container_texts.h */
	FILTER_INSIDE_NET, /* what is in a network namespace: address, port, interface */
};

struct filter_place {
	enum filter_field field;
	const struct process *process; /* that it is a field of; NULL: of the namespace */
	char *text;                    /* of the field, escaped; the caller frees */
	size_t found;                  /* byte of the text where the query is */
};

/* Where `query` is found in node `index`, in the order of the fields and processes: false if it is
 * not. `nodes` are those of the hierarchy. */
bool filter_explain(const struct haystack *haystack, const struct node *nodes, size_t index,
        const char *query, struct filter_place *ret);

/* --- filters --------------------------------------------------------------------------------- */

/* A filter of the lines of a hierarchy. A zeroed one passes everything. */

enum filter_owner {
	FILTER_ANYBODY,
	FILTER_ONLY, /* owned by `owner` */
	FILTER_NOT,  /* owned by another user, who is known */
};

struct filter {
	char *text; /* to be found (filter_find); NULL or empty: any */
	enum filter_owner owner_rule;
	uid_t owner;       /* of a namespace; the user of a process */
	unsigned types;    /* 1 << NS_*; 0: any. Of a process: where it differs from its parent */
	bool only_leaked;  /* model_is_leaked */
	bool only_changed; /* new, gone or changed */
	/* Of filter_drop: */
	const struct u64_set *changed;    /* the tags of those; NULL: none */
	bool with_cmdlines;               /* command lines are searched, too */
	const struct facts_store *inside; /* what is searched in network namespaces, too: NULL:
	                                   * only the facts of the model */
};

/* The result for a node. */
enum filtered {
	FILTERED_OUT,
	FILTERED_ABOVE, /* an ancestor of a node that is in: shown */
	FILTERED_IN,
};

void filter_release(struct filter *filter);

/* False if it passes everything. */
bool filter_is_on(const struct filter *filter);

/* How many nodes are in, and how many could be: user namespaces that only group others are not
 * counted. */
struct filter_count {
	size_t n;
	size_t all;
};

/* Filters each node of the hierarchy (`ret`: an enum filtered for each). `haystack` is that of the
 * hierarchy; NULL if there is no text. `changed` says of each node whether it has changed; NULL if
 * the filter is not about that. */
struct filter_count filter_apply(const struct filter *filter, const struct hierarchy *hierarchy,
        const struct haystack *haystack, const bool *changed, unsigned char *ret);

/* Filters a hierarchy of `model` alone, and removes what is out; nodes above a match get is_above.
 */
struct filter_count filter_drop(const struct filter *filter, struct hierarchy *hierarchy,
        const struct model *model, const struct names *names);

/* Writes a description: `"bash", not root, net, leaked, changed`. */
void filter_write(FILE *out, const struct filter *filter, const struct names *names);

/* Writes what a file with a part of the model says: `filter "bash": 3 of 9 match`. */
void filter_write_count(FILE *out, const struct filter *filter, const struct filter_count *count,
        const struct model *model, const struct names *names);
