/* SPDX-License-Identifier: Apache-2.0 */
#include "view/haystack.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "base/text.h"
#include "view/haystack_mounts.h"
#include "view/model_texts.h"
#include "view/needle.h"
#include "view/net_query.h"
#include "view/node_members.h"
#include "view/words_pin.h"

#include <stdlib.h>
#include <string.h>

#define NO_CONTAINER MODEL_TEXTS_NO_CONTAINER

enum when { NOW, BEFORE, WHENS };

struct haystack {
	struct model_texts texts[WHENS]; /* of the model and the baseline */
	struct container_texts *containers;
	struct haystack_mounts mounts;
	bool has_lines; /* all containers of the model are in `containers`, not only of processes */
};

struct haystack *haystack_new(const struct model *model, const struct model *baseline,
        const struct names *names, bool with_cmdlines)
{
	struct haystack *haystack = memory_new(sizeof(*haystack));

	haystack->containers = container_texts_new();
	model_texts_init(&haystack->texts[NOW], model, names, with_cmdlines, haystack->containers);
	model_texts_init(
	        &haystack->texts[BEFORE], baseline, names, with_cmdlines, haystack->containers);
	return haystack;
}

void haystack_free(struct haystack *haystack)
{
	if (!haystack)
		return;
	for (enum when when = 0; when < WHENS; when++)
		model_texts_release(&haystack->texts[when]);
	container_texts_free(haystack->containers);
	haystack_mounts_release(&haystack->mounts);
	free(haystack);
}

bool haystack_is_of(
        const struct haystack *haystack, const struct model *model, const struct model *baseline)
{
	return haystack->texts[NOW].model == model && haystack->texts[BEFORE].model == baseline;
}

void haystack_set_facts(struct haystack *haystack, const struct facts_store *inside)
{
	const struct model *model = haystack->texts[NOW].model;

	for (enum when when = 0; when < WHENS; when++)
		model_texts_set_facts(&haystack->texts[when], inside);
	if (model)
		haystack_mounts_set(&haystack->mounts, facts_store_mounts(inside, model), model);
}

bool haystack_prepare(struct haystack *haystack)
{
	struct model_texts *texts = &haystack->texts[NOW];

	if (!texts->processes.is_made) {
		model_texts_processes(texts);
		return true;
	}
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (texts->types[type].is_made)
			continue;
		model_texts_type(texts, type);
		return true;
	}
	if (texts->own.is_made)
		return false;
	model_texts_own(texts);
	return true;
}

/* --- searching ---------------------------------------------------------------------------- */

/* What is found in a model, by index; each part is NULL until it is needed. */
struct model_hits {
	bool *types[NS_TYPES];   /* the text of a namespace has the query */
	bool *members[NS_TYPES]; /* that of a process in it, or its container */
	bool *processes;
	bool *contained; /* the container of a process has it; with `processes` */
	bool *own;
};

struct search {
	struct haystack *haystack;
	const char *query;
	struct net_query net;
	bool is_exact;
	bool only_containers;
	bool with_mounts;    /* namespaces are found by their mounts */
	struct corpus lower; /* of the query */
	bool *containers;    /* of haystack.containers */
	bool has_containers; /* any of these */
	struct model_hits hits[WHENS];
};

static void begin_search(
        struct search *search, struct haystack *haystack, const char *query, bool only_containers)
{
	struct corpus text = {0};

	*search = (struct search){
	        .haystack = haystack,
	        .query = query,
	        .net = net_query_of(query),
	        .is_exact = needle_is_exact(query),
	        .only_containers = only_containers,
	};
	corpus_begin(&text);
	corpus_add(&text, query, strlen(query));
	corpus_lower(&text, &search->lower);
	corpus_release(&text);
}

static void end_search(struct search *search)
{
	for (enum when when = 0; when < WHENS; when++) {
		struct model_hits *hits = &search->hits[when];

		for (enum nstype type = 0; type < NS_TYPES; type++) {
			free(hits->types[type]);
			free(hits->members[type]);
		}
		free(hits->processes);
		free(hits->contained);
		free(hits->own);
	}
	free(search->containers);
	corpus_release(&search->lower);
}

/* Which of `n` texts have the query. */
static bool *find_in(const struct search *search, const struct cased_corpus *corpus, size_t n)
{
	bool *hits = memory_new(n + 1);

	if (search->only_containers)
		return hits;
	if (search->is_exact)
		corpus_find(&corpus->exact, search->query, strlen(search->query), hits);
	else
		corpus_find(&corpus->lower, search->lower.text ? search->lower.text : "",
		        search->lower.len, hits);
	return hits;
}

/* All containers must have been added. */
static void find_containers(struct search *search)
{
	const struct container_texts *texts = search->haystack->containers;
	const size_t n = container_texts_count(texts);

	search->containers = memory_new(n + 1);
	container_texts_find_all(texts, search->query, search->containers);
	search->has_containers = memchr(search->containers, true, n + 1);
}

static const struct model_hits *find_processes(struct search *search, enum when when)
{
	struct model_texts *texts = &search->haystack->texts[when];
	struct model_hits *hits = &search->hits[when];
	const size_t n = texts->model->n_processes;

	if (hits->processes)
		return hits;
	hits->processes = find_in(search, model_texts_processes(texts), n);
	hits->contained = memory_new(n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct containers_of *of = &texts->containers[i];

		hits->contained[i] =
		        (of->outermost != NO_CONTAINER && search->containers[of->outermost]) ||
		        (of->innermost != NO_CONTAINER && search->containers[of->innermost]);
	}
	return hits;
}

/* The host's namespaces have processes of many containers, but are of none. */
static bool has_containers(const struct ns *ns)
{
	return ns->leader && ns->leader->container;
}

/* Sets hits->types and members of that type. */
static void find_type(struct search *search, enum when when, enum nstype type)
{
	struct model_texts *texts = &search->haystack->texts[when];
	const struct model *model = texts->model;
	const size_t n = model_texts_count(texts, type);
	struct model_hits *hits = &search->hits[when];

	if (hits->types[type])
		return;
	find_processes(search, when);
	hits->types[type] = find_in(search, model_texts_type(texts, type), n);
	hits->members[type] = memory_new(n + 1);
	for (size_t i = 0; i < model->n_processes; i++) {
		if (!hits->processes[i] && !hits->contained[i])
			continue;
		const struct ns *ns = model->processes[i]->ns[type];

		if (ns && (hits->processes[i] || has_containers(ns)))
			hits->members[type][ns->index - texts->first[type]] = true;
	}
}

bool haystack_needs_mounts(enum view_kind kind, const char *query)
{
	return *query && (kind == VIEW_MNT || mount_query_is_likely(query));
}

/* True if the query finds any of the mounts of `mnt` (may be NULL). */
static bool find_mounts(const struct search *search, enum when when, const struct ns *mnt)
{
	size_t n;

	return search->with_mounts && when == NOW &&
	       haystack_mounts_find(&search->haystack->mounts, search->query, mnt, &n);
}

static bool find_inside(const struct search *search, enum when when, const struct ns *ns, pid_t pid,
        struct net_hit *ret)
{
	const struct model_texts *texts = &search->haystack->texts[when];

	if (!texts->facts || search->only_containers || !ns || ns->type != NS_NET)
		return false;
	const struct ns_facts *facts = texts->facts[ns->index - texts->first[NS_NET]];
	return facts && net_query_match(&search->net, facts->net, pid, ret);
}

/* True if the text of a process that a line has, or its container, has the query. */
static bool find_member(
        struct search *search, enum when when, const struct hierarchy *hierarchy, size_t index)
{
	const struct node *node = &hierarchy->nodes[index];
	const bool with_containers = !node->ns || has_containers(node->ns);
	const struct model_hits *hits = find_processes(search, when);
	size_t n;
	const struct process *const *members = node_members_of(node, &n);

	for (size_t i = 0; i < n; i++) {
		const size_t process = members[i]->index;

		if ((hits->processes[process] || (with_containers && hits->contained[process])) &&
		        node_members_has(hierarchy->nodes, index, members[i]))
			return true;
	}
	return false;
}

static bool find_ns(
        struct search *search, enum when when, const struct hierarchy *hierarchy, size_t index)
{
	const struct ns *ns = hierarchy->nodes[index].ns;
	const struct model_hits *hits = &search->hits[when];
	const size_t i = ns->index - search->haystack->texts[when].first[ns->type];
	struct net_hit hit;

	find_type(search, when, ns->type);
	if (hits->types[ns->type][i])
		return true;
	if (hits->members[ns->type][i] && (hierarchy->options.kind != VIEW_CONTAINERS ||
	                                          find_member(search, when, hierarchy, index)))
		return true;
	return find_inside(search, when, ns, 0, &hit) || find_mounts(search, when, ns);
}

static bool find_process(struct search *search, enum when when, const struct process *process)
{
	struct model_texts *texts = &search->haystack->texts[when];
	struct model_hits *hits = &search->hits[when];
	const size_t i = process->index;
	struct net_hit hit;

	find_processes(search, when);
	if (!hits->own)
		hits->own = find_in(search, model_texts_own(texts), texts->model->n_processes);
	return hits->own[i] || hits->processes[i] || hits->contained[i] ||
	       find_inside(search, when, process->ns[NS_NET], process->pid, &hit) ||
	       find_mounts(search, when, process->ns[NS_MNT]);
}

static size_t add_container(struct haystack *haystack, const struct container *container)
{
	return container ? container_texts_add(haystack->containers, container) : NO_CONTAINER;
}

/* The number of a line that is a container, or of its pod. */
static size_t number_of(struct haystack *haystack, const struct node *node)
{
	return node->group == GROUP_POD ? container_texts_add_pod(haystack->containers, node->pod)
	                                : add_container(haystack, node->container);
}

static bool find_line(struct search *search, const struct hierarchy *hierarchy, size_t index)
{
	const size_t number = number_of(search->haystack, &hierarchy->nodes[index]);

	return (number != NO_CONTAINER && search->containers[number]) ||
	       find_member(search, NOW, hierarchy, index) ||
	       find_mounts(search, NOW, haystack_mounts_of(&hierarchy->nodes[index]));
}

/* Adds the containers that a hierarchy has lines for; pods are tops. */
static void add_lines(struct haystack *haystack, const struct hierarchy *hierarchy)
{
	const struct model *model = haystack->texts[NOW].model;

	for (size_t i = 0; !haystack->has_lines && i < model->n_containers; i++)
		add_container(haystack, model->containers[i]);
	haystack->has_lines = true;
	for (size_t i = 0; i < hierarchy->n; i = hierarchy->nodes[i].end) {
		if (hierarchy->nodes[i].group == GROUP_POD)
			number_of(haystack, &hierarchy->nodes[i]);
	}
}

/* Adds all containers that the search needs, and finds them. */
static void prepare(struct search *search, const struct hierarchy *hierarchy)
{
	struct haystack *haystack = search->haystack;

	for (enum when when = 0; when < WHENS; when++) {
		if (haystack->texts[when].model)
			model_texts_processes(&haystack->texts[when]);
	}
	if (hierarchy && hierarchy->options.kind == VIEW_CONTAINERS)
		add_lines(haystack, hierarchy);
	find_containers(search);
}

static void find(struct haystack *haystack, const struct hierarchy *hierarchy, const char *query,
        bool only_containers, bool *hits)
{
	struct search search;

	begin_search(&search, haystack, query, only_containers);
	search.with_mounts =
	        !only_containers && haystack_needs_mounts(hierarchy->options.kind, query);
	prepare(&search, hierarchy);
	if (only_containers && !search.has_containers) {
		memset(hits, false, hierarchy->n * sizeof(*hits));
		end_search(&search);
		return;
	}
	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct node *node = &hierarchy->nodes[i];
		const enum when when = node->mark == MARK_GONE ? BEFORE : NOW;

		hits[i] = node->process ? find_process(&search, when, node->process)
		          : node->ns    ? find_ns(&search, when, hierarchy, i)
		          : node->mount
		                  ? !only_containers && haystack_mounts_has(node->mount, query)
		          : node->pin ? !only_containers && words_pin_has(node->pin, query)
		                      : find_line(&search, hierarchy, i);
	}
	end_search(&search);
}

void haystack_find(
        struct haystack *haystack, const struct hierarchy *hierarchy, const char *query, bool *hits)
{
	if (*query)
		find(haystack, hierarchy, query, false, hits);
	else
		memset(hits, true, hierarchy->n * sizeof(*hits));
}

void haystack_find_containers(
        struct haystack *haystack, const struct hierarchy *hierarchy, const char *query, bool *hits)
{
	find(haystack, hierarchy, query, true, hits);
}

size_t haystack_count(struct haystack *haystack, const char *query)
{
	const struct model *model = haystack->texts[NOW].model;
	const struct model_hits *hits;
	struct search search;
	struct net_hit hit;
	size_t n = 0;

	begin_search(&search, haystack, query, false);
	search.with_mounts = haystack_needs_mounts(VIEW_ALL, query);
	prepare(&search, NULL);
	hits = &search.hits[NOW];
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];
		const size_t index = i - haystack->texts[NOW].first[ns->type];

		find_type(&search, NOW, ns->type);
		n += hits->types[ns->type][index] || hits->members[ns->type][index] ||
		     find_inside(&search, NOW, ns, 0, &hit) || find_mounts(&search, NOW, ns);
	}
	for (size_t i = 0; i < model->n_pins; i++)
		n += words_pin_has(&model->pins[i], query);
	end_search(&search);
	return n;
}

size_t haystack_count_mounts(struct haystack *haystack, const char *query)
{
	return haystack_mounts_count(&haystack->mounts, query, haystack->texts[NOW].model);
}

/* --- where it was found ------------------------------------------------------------------- */

/* The lines of an entry, in their order; the last kind has all that follow. */
static const enum haystack_field ns_lines[] = {HAYSTACK_NUMBER, HAYSTACK_OWNER, HAYSTACK_HOLDER};
static const enum haystack_field own_lines[] = {HAYSTACK_USER, HAYSTACK_NAMESPACE};

/* The lines of a process: name, PIDs inside, the command line if it is searched, the cgroup. */
static enum haystack_field process_line(const struct process *process, size_t number, bool is_last)
{
	if (!number)
		return HAYSTACK_PROCESS;
	if (is_last)
		return HAYSTACK_CGROUP;
	return number < process->n_nspid ? HAYSTACK_INSIDE : HAYSTACK_CMDLINE;
}

/* Finds the first line of entry `entry` that has the needle: its number, and its text. */
static bool explain_text(const struct cased_corpus *corpus, const struct needle *needle,
        size_t entry, size_t *ret_number, bool *ret_is_last, char **ret_text)
{
	const char *text = corpus_get(&corpus->exact, entry);
	size_t start, len;

	if (!needle_find(needle, text, strlen(text), 0, &start, &len))
		return false;
	*ret_number = 0;
	for (const char *end; (end = strchr(text, '\n')) && (size_t)(end - text) < start;) {
		start -= (size_t)(end + 1 - text);
		text = end + 1;
		++*ret_number;
	}
	len = strcspn(text, "\n");
	*ret_is_last = !text[len];
	*ret_text = memory_printf("%.*s", (int)len, text);
	return true;
}

/* Of the line itself. */
static void explain_node(struct model_texts *texts, const struct node *node,
        const struct needle *needle, struct haystack_place *ret)
{
	size_t number = 0;
	bool is_last;

	if (node->process) {
		if (!explain_text(model_texts_own(texts), needle, node->process->index, &number,
		            &is_last, &ret->text))
			return;
		ret->process = node->process;
		ret->field = own_lines[MIN(number, ARRAY_SIZE(own_lines) - 1)];
	} else if (node->ns) {
		const enum nstype type = node->ns->type;

		if (explain_text(model_texts_type(texts, type), needle,
		            node->ns->index - texts->first[type], &number, &is_last, &ret->text))
			ret->field = ns_lines[MIN(number, ARRAY_SIZE(ns_lines) - 1)];
	} else if (node->mount) {
		ret->text = haystack_mounts_field(needle, node->mount);
		ret->field = HAYSTACK_MOUNT;
	} else if (node->pin) {
		ret->text = words_pin_find(node->pin, needle);
		ret->field = HAYSTACK_NUMBER;
	}
}

/* Of a line of containers itself, else of the container of a process. */
static void explain_container(struct haystack *haystack, const struct model_texts *texts,
        const struct hierarchy *hierarchy, size_t index, const char *query,
        struct haystack_place *ret)
{
	const struct container_texts *containers = haystack->containers;
	const struct node *node = &hierarchy->nodes[index];
	const size_t own = number_of(haystack, node);
	size_t n;
	const struct process *const *members = node_members_of(node, &n);

	ret->field = HAYSTACK_CONTAINER;
	if (own != NO_CONTAINER && container_texts_find(containers, own, query, &ret->text))
		return;
	for (size_t i = 0; (!node->ns || has_containers(node->ns)) && i < n; i++) {
		const struct containers_of *of = &texts->containers[members[i]->index];

		if (!node_members_has(hierarchy->nodes, index, members[i]))
			continue;
		if ((of->outermost == NO_CONTAINER ||
		            !container_texts_find(containers, of->outermost, query, &ret->text)) &&
		        (of->innermost == NO_CONTAINER ||
		                !container_texts_find(
		                        containers, of->innermost, query, &ret->text)))
			continue;
		ret->process = members[i];
		return;
	}
}

static void explain_member(const struct model_texts *texts, const struct hierarchy *hierarchy,
        size_t index, const struct needle *needle, struct haystack_place *ret)
{
	size_t n, number;
	bool is_last;
	const struct process *const *members = node_members_of(&hierarchy->nodes[index], &n);

	for (size_t i = 0; !ret->text && i < n; i++) {
		if (!node_members_has(hierarchy->nodes, index, members[i]) ||
		        !explain_text(&texts->processes, needle, members[i]->index, &number,
		                &is_last, &ret->text))
			continue;
		ret->process = members[i];
		ret->field = process_line(members[i], number, is_last);
	}
}

static void explain_inside(struct haystack *haystack, enum when when, const struct node *node,
        const char *query, struct haystack_place *ret)
{
	const struct ns *ns = node->process ? node->process->ns[NS_NET] : node->ns;
	struct search search;
	struct net_hit hit;
	struct text text;

	begin_search(&search, haystack, query, false);
	if (find_inside(&search, when, ns, node->process ? node->process->pid : 0, &hit)) {
		text_init(&text);
		net_query_write_hit(text.out, &hit);
		*ret = (struct haystack_place){.field = HAYSTACK_INSIDE_NET,
		        .process = node->process,
		        .text = text_take(&text)};
	}
	end_search(&search);
}

/* By the mounts of its mount namespace. */
static void explain_mounts(struct haystack *haystack, const struct hierarchy *hierarchy,
        const struct node *node, const char *query, struct haystack_place *ret)
{
	char *text = NULL;

	if (haystack_needs_mounts(hierarchy->options.kind, query))
		text = haystack_mounts_explain(&haystack->mounts, query, haystack_mounts_of(node));
	if (text)
		*ret = (struct haystack_place){
		        .field = HAYSTACK_MOUNT, .process = node->process, .text = text};
}

bool haystack_explain(struct haystack *haystack, const struct hierarchy *hierarchy, size_t index,
        const char *query, struct haystack_place *ret)
{
	const struct node *node = &hierarchy->nodes[index];
	const enum when when = node->mark == MARK_GONE ? BEFORE : NOW;
	struct model_texts *texts = &haystack->texts[when];
	struct needle needle = {0};
	size_t len;

	*ret = (struct haystack_place){0};
	needle_set(&needle, NEEDLE_TEXT, query);
	model_texts_processes(texts);
	explain_node(texts, node, &needle, ret);
	if (!ret->text)
		explain_container(haystack, texts, hierarchy, index, query, ret);
	if (!ret->text)
		explain_member(texts, hierarchy, index, &needle, ret);
	if (!ret->text)
		explain_inside(haystack, when, node, query, ret);
	if (!ret->text && when == NOW)
		explain_mounts(haystack, hierarchy, node, query, ret);
	if (ret->text)
		needle_find(&needle, ret->text, strlen(ret->text), 0, &ret->found, &len);
	needle_release(&needle);
	return ret->text;
}
