/* SPDX-License-Identifier: Apache-2.0 */
#include "view/filter.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/u64.h"
#include "base/utf8.h"
#include "view/command.h"
#include "view/needle.h"
#include "view/net_query.h"
#include "view/partial.h"
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

struct haystack {
	struct corpus nodes, nodes_lower;         /* the text of each node itself */
	struct corpus processes, processes_lower; /* each process once */
	size_t *members;                          /* numbers of processes, node after node */
	size_t n_members;
	size_t members_capacity;
	size_t *ends;          /* of each node's members */
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

/* `numbers` has the number of each process so far, by its address. */
static void add_member(struct haystack *haystack, struct u64_map *numbers,
        const struct process *process, bool with_cmdlines)
{
	bool is_new;
	const size_t number = u64_map_add(numbers, (uintptr_t)process, &is_new);

	if (is_new)
		append_process(&haystack->processes, process, with_cmdlines);
	MEMORY_APPEND(haystack->members, haystack->n_members, haystack->members_capacity) = number;
}

struct haystack *filter_haystack_new(const struct hierarchy *hierarchy, const struct model *model,
        const struct model *baseline, const struct names *names, bool with_cmdlines)
{
	struct haystack *haystack = memory_new(sizeof(*haystack));
	struct u64_map numbers = {0};

	haystack->ends = memory_new((hierarchy->n + 1) * sizeof(*haystack->ends));
	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct node *node = &hierarchy->nodes[i];
		const struct ns *ns = node->ns;

		begin_entry(&haystack->nodes);
		if (node->process) {
			append_own(&haystack->nodes, node->process, names);
			add_member(haystack, &numbers, node->process, with_cmdlines);
		} else if (ns) {
			append_ns(&haystack->nodes, node->mark == MARK_GONE ? baseline : model, ns,
			        names);
		}
		append_char(&haystack->nodes, '\0');
		for (size_t k = 0; ns && k < ns->n_processes; k++)
			add_member(haystack, &numbers, ns->processes[k], with_cmdlines);
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
	for (size_t i = 0; i < n; i++) {
		for (; !hits[i] && member < haystack->ends[i]; member++)
			hits[i] = found[haystack->members[member]];
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
	for (size_t i = first; !ret->text && i < haystack->ends[index]; i++) {
		if (!find_line(&haystack->processes, &needle, haystack->members[i], &number,
		            &is_last, &ret->text))
			continue;
		ret->process = node->process ? node->process : node->ns->processes[i - first];
		ret->field = process_line(ret->process, number, is_last);
	}
	if (!ret->text)
		explain_inside(haystack, node, index, query, ret);
	if (ret->text)
		needle_find(&needle, ret->text, strlen(ret->text), 0, &ret->found, &len);
	needle_release(&needle);
	return ret->text;
}

/* --- filters --------------------------------------------------------------------------------- */

void filter_release(struct filter *filter)
{
	free(filter->text);
	*filter = (struct filter){0};
}

static bool has_text(const struct filter *filter)
{
	return filter->text && *filter->text;
}

bool filter_is_on(const struct filter *filter)
{
	return has_text(filter) || filter->owner_rule != FILTER_ANYBODY || filter->types ||
	       filter->only_leaked || filter->only_changed;
}

/* True for a node that the view is about. */
static bool is_candidate(const struct hierarchy *hierarchy, const struct node *node)
{
	const unsigned types = view_kind_row(hierarchy->options.kind)->types;

	if (!node->ns)
		return node->process;
	return node->is_owned || hierarchy->options.by_owner || (types & (1u << node->ns->type));
}

/* A user that is not mapped is another one than any that is. */
static bool passes_owner(const struct filter *filter, const struct node *node)
{
	uid_t owner;
	const enum rel_state state = node_owner(node, &owner);

	if (filter->owner_rule == FILTER_ONLY)
		return state == REL_KNOWN && owner == filter->owner;
	return state == REL_UNMAPPED || (model_has_id(state) && owner != filter->owner);
}

/* True if a candidate passes everything but the text. */
static bool passes(const struct filter *filter, const struct node *node)
{
	const unsigned types = node->process ? node->differs : 1u << node->ns->type;

	if (filter->only_leaked && (!node->ns || !model_is_leaked(node->ns)))
		return false;
	if (filter->types && !(filter->types & types))
		return false;
	return filter->owner_rule == FILTER_ANYBODY || passes_owner(filter, node);
}

struct filter_count filter_apply(const struct filter *filter, const struct hierarchy *hierarchy,
        const struct haystack *haystack, const bool *changed, unsigned char *ret)
{
	_cleanup_free_ bool *hits = memory_new((hierarchy->n + 1) * sizeof(*hits));
	struct filter_count count = {0};

	if (has_text(filter))
		filter_find(haystack, filter->text, hits);
	else
		memset(hits, true, hierarchy->n);
	memset(ret, FILTERED_OUT, hierarchy->n);
	for (size_t i = hierarchy->n; i-- > 0;) {
		const struct node *node = &hierarchy->nodes[i];

		if (is_candidate(hierarchy, node)) {
			count.all++;
			if (hits[i] && (!filter->only_changed || changed[i]) &&
			        passes(filter, node)) {
				ret[i] = FILTERED_IN;
				count.n++;
			}
		}
		if (ret[i] != FILTERED_OUT && node->parent != NODE_NO_PARENT &&
		        ret[node->parent] == FILTERED_OUT)
			ret[node->parent] = FILTERED_ABOVE;
	}
	return count;
}

struct filter_count filter_drop(const struct filter *filter, struct hierarchy *hierarchy,
        const struct model *model, const struct names *names)
{
	_cleanup_free_ unsigned char *filtered = memory_new(hierarchy->n + 1);
	_cleanup_free_ bool *is_dropped = memory_new((hierarchy->n + 1) * sizeof(*is_dropped));
	_cleanup_free_ bool *changed = memory_new((hierarchy->n + 1) * sizeof(*changed));
	struct haystack *haystack = NULL;

	if (has_text(filter))
		haystack =
		        filter_haystack_new(hierarchy, model, NULL, names, filter->with_cmdlines);
	if (haystack)
		filter_haystack_add_facts(haystack, hierarchy, filter->inside);
	for (size_t i = 0; filter->changed && i < hierarchy->n; i++)
		changed[i] = u64_set_has(filter->changed, node_tag(&hierarchy->nodes[i]));
	const struct filter_count count =
	        filter_apply(filter, hierarchy, haystack, changed, filtered);
	for (size_t i = 0; i < hierarchy->n; i++) {
		is_dropped[i] = filtered[i] == FILTERED_OUT;
		hierarchy->nodes[i].is_above = filtered[i] == FILTERED_ABOVE;
	}
	hierarchy_drop(hierarchy, is_dropped);
	filter_haystack_free(haystack);
	return count;
}

void filter_write(FILE *out, const struct filter *filter, const struct names *names)
{
	const char *separator = "";

	if (has_text(filter)) {
		fputc('"', out);
		escape_write(out, filter->text, strlen(filter->text), '"');
		fputc('"', out);
		separator = ", ";
	}
	if (filter->owner_rule != FILTER_ANYBODY) {
		fputs(separator, out);
		fputs(filter->owner_rule == FILTER_NOT ? "not " : "", out);
		words_user(out, filter->owner, names);
		separator = ", ";
	}
	if (filter->types) {
		fputs(separator, out);
		words_types(out, filter->types);
		separator = ", ";
	}
	if (filter->only_leaked) {
		fprintf(out, "%sleaked", separator);
		separator = ", ";
	}
	if (filter->only_changed)
		fprintf(out, "%schanged", separator);
}

void filter_write_count(FILE *out, const struct filter *filter, const struct filter_count *count,
        const struct model *model, const struct names *names)
{
	const char *const plus = partial_plus(model, NULL);

	fputs("filter ", out);
	filter_write(out, filter, names);
	fprintf(out, ": %zu%s of %zu%s match%s", count->n, plus, count->all, plus,
	        count->n == 1 && !*plus ? "es" : "");
}
