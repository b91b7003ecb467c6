/* SPDX-License-Identifier: Apache-2.0 */
#include "view/filter.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/u64.h"
#include "base/utf8.h"
#include "view/command.h"
#include "view/container_texts.h"
#include "view/needle.h"
#include "view/net_query.h"
#include "view/node_members.h"
#include "view/words.h"

#include <stdlib.h>
#include <string.h>
#include <wctype.h>

/* The texts of all nodes in one buffer, which is searched in one pass. Each text ends with a NUL
 * and each field in it with a newline: no query has either. */
struct corpus {
	char *text;
	size_t len;
	size_t capacity;
	size_t *starts;
	size_t n;
	size_t starts_capacity;
};

/* What is in the network namespace of a node. */
struct inside {
	const struct ns_facts
	        *facts; /* a reference; NULL: not known, or the node is not about it */
	pid_t pid;      /* of a process: only its sockets are searched; 0: everything */
};

#define NO_CONTAINER SIZE_MAX

/* The container of a process, and the innermost one nested in that. */
struct containers_of {
	size_t outermost, innermost;
};

struct haystack {
	struct corpus nodes, nodes_lower;         /* the text of each node itself */
	struct corpus processes, processes_lower; /* each process once */
	size_t *members;                          /* numbers of processes, node after node */
	size_t n_members;
	size_t members_capacity;
	size_t *ends; /* of each node's members */
	/* Numbers in `containers`, NO_CONTAINER: none. */
	struct container_texts *containers;
	struct containers_of *of_processes; /* of each process */
	size_t of_processes_capacity;
	size_t *of_nodes;      /* of a line that is one, or of its pod */
	bool *with_containers; /* of each node: it is found by those of its processes */
	struct inside *inside; /* of each node; NULL: not added */
};

/* --- writing the texts ----------------------------------------------------------------------- */

static void append(struct corpus *corpus, const char *bytes, size_t len)
{
	corpus->text = memory_grow(corpus->text, &corpus->capacity, corpus->len + len, 1);
	memcpy(corpus->text + corpus->len, bytes, len);
	corpus->len += len;
}

static void append_char(struct corpus *corpus, char c)
{
	append(corpus, &c, 1);
}

/* Faster than printf(3): there are tens of thousands of numbers, and a key waits for them. */
static void append_number(struct corpus *corpus, uint64_t number)
{
	char digits[20];
	size_t i = sizeof(digits);

	do {
		digits[--i] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	append(corpus, digits + i, sizeof(digits) - i);
}

/* Most texts are plain ASCII, which needs no escaping. */
static void append_text(struct corpus *corpus, const char *raw)
{
	const size_t len = raw ? strlen(raw) : 0;
	size_t n = 0;

	while (n < len && raw[n] >= ' ' && raw[n] <= '~' && raw[n] != '\\')
		n++;
	if (n == len) {
		append(corpus, raw ? raw : "", len);
		return;
	}
	_cleanup_free_ char *text = escape_text(raw);
	append(corpus, text, strlen(text));
}

static void begin_entry(struct corpus *corpus)
{
	MEMORY_APPEND(corpus->starts, corpus->n, corpus->starts_capacity) = corpus->len;
}

static void release_corpus(struct corpus *corpus)
{
	free(corpus->text);
	free(corpus->starts);
	*corpus = (struct corpus){0};
}

/* A line, `harald (1000)` or that the user is not mapped; an empty one if neither is known. */
static void append_user(struct corpus *corpus, enum rel_state state, uid_t uid, const char *name)
{
	_cleanup_text_ struct text unmapped = {0};

	if (state == REL_UNMAPPED || state == REL_AMBIGUOUS) {
		text_init(&unmapped);
		words_unmapped(unmapped.out, state, uid);
		append_text(corpus, text_get(&unmapped));
	} else if (state == REL_KNOWN) {
		if (name)
			append_text(corpus, name);
		append(corpus, " (", 2);
		append_number(corpus, (uint32_t)uid);
		append_char(corpus, ')');
	}
	append_char(corpus, '\n');
}

static const char *name_of(const struct names *names, uid_t uid, const char *otherwise)
{
	return names && names_is_settled(names, uid) ? names_get(names, uid) : otherwise;
}

/* As command_write, but faster: most arguments are plain words. */
static void append_cmdline(struct corpus *corpus, const struct process *process)
{
	for (const char *const *argument = process->cmdline; *argument; argument++) {
		if (argument != process->cmdline)
			append_char(corpus, ' ');
		if (command_is_plain(*argument)) {
			append(corpus, *argument, strlen(*argument));
			continue;
		}
		_cleanup_text_ struct text text;

		text_init(&text);
		command_write_argument(text.out, *argument);
		text_get(&text);
		append(corpus, text.bytes, text.len);
	}
	if (process->is_cmdline_cut)
		append(corpus, COMMAND_CUT, strlen(COMMAND_CUT));
	append_char(corpus, '\n');
}

static void append_process(struct corpus *corpus, const struct process *process, bool with_cmdlines)
{
	begin_entry(corpus);
	append_text(corpus, process->name);
	append(corpus, " (", 2);
	append_number(corpus, (uint64_t)process->pid);
	append(corpus, ")\n", 2);
	for (size_t i = 1; i < process->n_nspid; i++) {
		append_number(corpus, (uint64_t)process->nspid[i]);
		append_char(corpus, '\n');
	}
	if (with_cmdlines && command_is_known(process))
		append_cmdline(corpus, process);
	if (process->cgroup)
		append_text(corpus, process->cgroup);
	append_char(corpus, '\0');
}

/* Children and owned namespaces have texts of their own. Descriptors are found one by one. */
static void append_holders(struct corpus *corpus, const struct model *model, const struct ns *ns)
{
	_cleanup_text_ struct text text = {0};

	for (size_t i = 0, end; i < ns->n_holders; i = end) {
		const enum holder_kind kind = ns->holders[i].kind;

		end = kind == HOLDER_MOUNT ? words_holder_group_end(ns, i) : i + 1;
		if (kind == HOLDER_CHILD || kind == HOLDER_OWNS)
			continue;
		if (!text.out)
			text_init(&text);
		words_holder_group(text.out, model, ns, i, end);
		fputc('\n', text.out);
	}
	if (text.out) {
		text_get(&text);
		append(corpus, text.bytes, text.len);
	}
}

static void append_ns(struct corpus *corpus, const struct model *model, const struct ns *ns,
        const struct names *names)
{
	const struct ns *user = ns->type == NS_USER ? ns : ns->owner.ns;
	const char *type = nstype_name(ns->type);

	append(corpus, type, strlen(type));
	append(corpus, ":[", 2);
	append_number(corpus, ns->inode);
	append(corpus, "]\n", 2);
	if (user)
		append_user(corpus, user->owner_uid_state, user->owner_uid,
		        name_of(names, user->owner_uid, user->owner_name));
	else
		append_user(corpus, REL_FAILED, 0, NULL);
	append_holders(corpus, model, ns);
}

/* The text of a process node in addition to that of each process. */
static void append_own(
        struct corpus *corpus, const struct process *process, const struct names *names)
{
	append_user(corpus, process->uid_state, process->uid, name_of(names, process->uid, NULL));
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (!process->ns[type])
			continue;
		append_number(corpus, process->ns[type]->inode);
		append_char(corpus, '\n');
	}
}

/* --- lower case ------------------------------------------------------------------------------ */

/* A char has no sign on some machines. */
static bool is_ascii(char c)
{
	return (unsigned char)c < 0x80;
}

/* The ASCII characters at the start of the text. Returns how many. */
static size_t append_lower_ascii(struct corpus *corpus, const char *text, size_t len)
{
	size_t n = 0;

	corpus->text = memory_grow(corpus->text, &corpus->capacity, corpus->len + len, 1);
	for (char *to = corpus->text + corpus->len; n < len && is_ascii(text[n]); n++)
		to[n] = text[n] >= 'A' && text[n] <= 'Z' ? (char)(text[n] - 'A' + 'a') : text[n];
	corpus->len += n;
	return n;
}

static void append_lower(struct corpus *corpus, const char *text, size_t len)
{
	for (size_t i = 0, n; i < len; i += n) {
		char bytes[5];
		char32_t wide;

		if (is_ascii(text[i])) {
			n = append_lower_ascii(corpus, text + i, len - i);
		} else if ((n = utf8_decode(text + i, len - i, &wide)) > 0) {
			append(corpus, bytes, utf8_encode(towlower((wint_t)wide), bytes));
		} else {
			append_char(corpus, text[i]);
			n = 1;
		}
	}
}

static void lower_corpus(struct corpus *ret, const struct corpus *corpus)
{
	for (size_t i = 0; i < corpus->n; i++) {
		const size_t end = i + 1 < corpus->n ? corpus->starts[i + 1] : corpus->len;

		begin_entry(ret);
		append_lower(ret, corpus->text + corpus->starts[i], end - corpus->starts[i]);
	}
}

/* --- building -------------------------------------------------------------------------------- */

static size_t add_container(struct haystack *haystack, const struct container *container)
{
	return container ? container_texts_add(haystack->containers, container) : NO_CONTAINER;
}

/* `numbers` has the number of each process so far, by its address. */
static void add_member(struct haystack *haystack, struct u64_map *numbers,
        const struct process *process, bool with_cmdlines)
{
	bool is_new;
	const size_t number = u64_map_add(numbers, (uintptr_t)process, &is_new);

	if (is_new) {
		size_t n = haystack->processes.n;

		append_process(&haystack->processes, process, with_cmdlines);
		MEMORY_APPEND(haystack->of_processes, n, haystack->of_processes_capacity) =
		        (struct containers_of){
		                add_container(haystack, process->container),
		                add_container(haystack, process->claim),
		        };
	}
	MEMORY_APPEND(haystack->members, haystack->n_members, haystack->members_capacity) = number;
}

/* The host's namespaces have processes of many containers, but are of none. */
static bool has_containers(const struct node *node)
{
	return !node->ns || (node->ns->leader && node->ns->leader->container);
}

struct haystack *filter_haystack_new(const struct hierarchy *hierarchy, const struct model *model,
        const struct model *baseline, const struct names *names, bool with_cmdlines)
{
	struct haystack *haystack = memory_new(sizeof(*haystack));
	struct u64_map numbers = {0};

	haystack->ends = memory_new((hierarchy->n + 1) * sizeof(*haystack->ends));
	haystack->of_nodes = memory_new((hierarchy->n + 1) * sizeof(*haystack->of_nodes));
	haystack->with_containers = memory_new((hierarchy->n + 1) * sizeof(bool));
	haystack->containers = container_texts_new();
	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct node *node = &hierarchy->nodes[i];
		const struct ns *ns = node->ns;
		size_t n;
		const struct process *const *members = node_members_of(node, &n);

		haystack->of_nodes[i] =
		        node->group == GROUP_POD
		                ? container_texts_add_pod(haystack->containers, node->pod)
		                : add_container(haystack, node->container);
		begin_entry(&haystack->nodes);
		if (node->process) {
			append_own(&haystack->nodes, node->process, names);
		} else if (ns) {
			append_ns(&haystack->nodes, node->mark == MARK_GONE ? baseline : model, ns,
			        names);
		}
		append_char(&haystack->nodes, '\0');
		haystack->with_containers[i] = has_containers(node);
		for (size_t k = 0; k < n; k++) {
			if (node_members_has(hierarchy->nodes, i, members[k]))
				add_member(haystack, &numbers, members[k], with_cmdlines);
		}
		haystack->ends[i] = haystack->n_members;
	}
	lower_corpus(&haystack->nodes_lower, &haystack->nodes);
	lower_corpus(&haystack->processes_lower, &haystack->processes);
	u64_map_release(&numbers);
	return haystack;
}

void filter_haystack_add_facts(struct haystack *haystack, const struct hierarchy *hierarchy,
        const struct facts_store *inside)
{
	haystack->inside = memory_new((hierarchy->n + 1) * sizeof(*haystack->inside));
	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct node *node = &hierarchy->nodes[i];
		const struct ns *ns = node->process ? node->process->ns[NS_NET] : node->ns;

		if (!ns || !facts_store_net(inside, ns))
			continue;
		haystack->inside[i] = (struct inside){
		        .facts = ns_facts_ref(facts_store_get(inside, ns)),
		        .pid = node->process ? node->process->pid : 0,
		};
	}
}

void filter_haystack_free(struct haystack *haystack)
{
	if (!haystack)
		return;
	for (size_t i = 0; haystack->inside && i < haystack->nodes.n; i++)
		ns_facts_unref(haystack->inside[i].facts);
	free(haystack->inside);
	release_corpus(&haystack->nodes);
	release_corpus(&haystack->nodes_lower);
	release_corpus(&haystack->processes);
	release_corpus(&haystack->processes_lower);
	free(haystack->members);
	free(haystack->ends);
	container_texts_free(haystack->containers);
	free(haystack->of_processes);
	free(haystack->of_nodes);
	free(haystack->with_containers);
	free(haystack);
}

/* --- searching ------------------------------------------------------------------------------- */

static void find_in(const struct corpus *corpus, const char *needle, size_t len, bool *hits)
{
	size_t entry = 0;

	if (!corpus->n)
		return;
	const char *end = corpus->text + corpus->len;
	memset(hits, 0, corpus->n * sizeof(*hits));
	while (entry < corpus->n) {
		const char *from = corpus->text + corpus->starts[entry];
		const char *found = memmem(from, (size_t)(end - from), needle, len);

		if (!found)
			return;
		while (entry + 1 < corpus->n && corpus->text + corpus->starts[entry + 1] <= found)
			entry++;
		hits[entry++] = true;
	}
}

/* True if the query is found in the facts of node `index`. */
static bool find_inside(const struct haystack *haystack, size_t index,
        const struct net_query *query, struct net_hit *ret)
{
	const struct inside *inside = haystack->inside ? &haystack->inside[index] : NULL;

	return inside && inside->facts &&
	       net_query_match(query, inside->facts->net, inside->pid, ret);
}

/* Adds the lines of containers that have the query, and finds the processes in such. */
static void find_containers(
        const struct haystack *haystack, const char *query, bool *processes, bool *nodes)
{
	const size_t n = container_texts_count(haystack->containers);
	_cleanup_free_ bool *has = memory_new(n + 1);

	for (size_t i = 0; i < n; i++)
		has[i] = container_texts_find(haystack->containers, i, query, NULL);
	for (size_t i = 0; n && i < haystack->processes.n; i++) {
		const struct containers_of *of = &haystack->of_processes[i];

		processes[i] = (of->outermost != NO_CONTAINER && has[of->outermost]) ||
		               (of->innermost != NO_CONTAINER && has[of->innermost]);
	}
	for (size_t i = 0; n && i < haystack->nodes.n; i++)
		nodes[i] |= haystack->of_nodes[i] != NO_CONTAINER && has[haystack->of_nodes[i]];
}

void filter_find_containers(const struct haystack *haystack, const char *query, bool *hits)
{
	const size_t n = haystack->nodes.n;
	_cleanup_free_ bool *contained = memory_new((haystack->processes.n + 1) * sizeof(*hits));
	size_t member = 0;

	memset(hits, 0, n * sizeof(*hits));
	find_containers(haystack, query, contained, hits);
	for (size_t i = 0; i < n; i++) {
		for (; haystack->with_containers[i] && member < haystack->ends[i]; member++)
			hits[i] |= contained[haystack->members[member]];
		member = haystack->ends[i];
	}
}

void filter_find(const struct haystack *haystack, const char *query, bool *hits)
{
	const struct net_query net = net_query_of(query);
	struct net_hit hit;
	const size_t n = haystack->nodes.n;
	const bool is_exact = needle_is_exact(query);
	const size_t len = strlen(query);
	struct corpus lower = {0};
	const char *needle = query;
	size_t needle_len = len, member = 0;

	if (!is_exact) {
		append_lower(&lower, query, len);
		needle = lower.text ? lower.text : "";
		needle_len = lower.len;
	}
	_cleanup_free_ bool *found = memory_new((haystack->processes.n + 1) * sizeof(*found));
	find_in(is_exact ? &haystack->processes : &haystack->processes_lower, needle, needle_len,
	        found);
	find_in(is_exact ? &haystack->nodes : &haystack->nodes_lower, needle, needle_len, hits);
	_cleanup_free_ bool *contained = memory_new((haystack->processes.n + 1) * sizeof(*found));
	find_containers(haystack, query, contained, hits);
	for (size_t i = 0; i < n; i++) {
		for (; !hits[i] && member < haystack->ends[i]; member++)
			hits[i] = found[haystack->members[member]] ||
			          (haystack->with_containers[i] &&
			                  contained[haystack->members[member]]);
		member = haystack->ends[i];
		hits[i] = hits[i] || find_inside(haystack, i, &net, &hit);
	}
	release_corpus(&lower);
}

/* --- where it was found ---------------------------------------------------------------------- */

/* The lines of an entry, in their order; the last kind has all that follow. */
static const enum filter_field ns_lines[] = {FILTER_NUMBER, FILTER_OWNER, FILTER_HOLDER};
static const enum filter_field own_lines[] = {FILTER_USER, FILTER_NAMESPACE};

/* The lines of a process: name, PIDs inside, the command line if it is searched, the cgroup. */
static enum filter_field process_line(const struct process *process, size_t number, bool is_last)
{
	if (!number)
		return FILTER_PROCESS;
	if (is_last)
		return FILTER_CGROUP;
	return number < process->n_nspid ? FILTER_INSIDE : FILTER_CMDLINE;
}

/* Finds the first line of entry `entry` that has the needle: its number, and its text. */
static bool find_line(const struct corpus *corpus, const struct needle *needle, size_t entry,
        size_t *ret_number, bool *ret_is_last, char **ret_text)
{
	const char *text = corpus->text + corpus->starts[entry];
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

static void explain_inside(const struct haystack *haystack, const struct node *node, size_t index,
        const char *query, struct filter_place *ret)
{
	const struct net_query net = net_query_of(query);
	struct net_hit hit;
	struct text text;

	if (!find_inside(haystack, index, &net, &hit))
		return;
	text_init(&text);
	net_query_write_hit(text.out, &hit);
	*ret = (struct filter_place){
	        .field = FILTER_INSIDE_NET, .process = node->process, .text = text_take(&text)};
}

/* Of a line of containers itself, else of the container of a process. */
static void explain_container(const struct haystack *haystack, const struct node *nodes,
        size_t index, const char *query, struct filter_place *ret)
{
	const struct container_texts *texts = haystack->containers;
	const size_t first = index ? haystack->ends[index - 1] : 0, own = haystack->of_nodes[index];

	ret->field = FILTER_CONTAINER;
	if (own != NO_CONTAINER && container_texts_find(texts, own, query, &ret->text))
		return;
	for (size_t i = first; haystack->with_containers[index] && i < haystack->ends[index]; i++) {
		const struct containers_of *of = &haystack->of_processes[haystack->members[i]];

		if ((of->outermost == NO_CONTAINER ||
		            !container_texts_find(texts, of->outermost, query, &ret->text)) &&
		        (of->innermost == NO_CONTAINER ||
		                !container_texts_find(texts, of->innermost, query, &ret->text)))
			continue;
		ret->process = node_members_at(nodes, index, i - first);
		return;
	}
}

bool filter_explain(const struct haystack *haystack, const struct node *nodes, size_t index,
        const char *query, struct filter_place *ret)
{
	const struct node *node = &nodes[index];
	const size_t first = index ? haystack->ends[index - 1] : 0;
	struct needle needle = {0};
	size_t number = 0, len;
	bool is_last = false;

	*ret = (struct filter_place){0};
	needle_set(&needle, NEEDLE_TEXT, query);
	if (find_line(&haystack->nodes, &needle, index, &number, &is_last, &ret->text)) {
		ret->process = node->process;
		ret->field = node->process ? own_lines[MIN(number, ARRAY_SIZE(own_lines) - 1)]
		                           : ns_lines[MIN(number, ARRAY_SIZE(ns_lines) - 1)];
	}
	if (!ret->text)
		explain_container(haystack, nodes, index, query, ret);
	for (size_t i = first; !ret->text && i < haystack->ends[index]; i++) {
		if (!find_line(&haystack->processes, &needle, haystack->members[i], &number,
		            &is_last, &ret->text))
			continue;
		ret->process = node_members_at(nodes, index, i - first);
		ret->field = process_line(ret->process, number, is_last);
	}
	if (!ret->text)
		explain_inside(haystack, node, index, query, ret);
	if (ret->text)
		needle_find(&needle, ret->text, strlen(ret->text), 0, &ret->found, &len);
	needle_release(&needle);
	return ret->text;
}
