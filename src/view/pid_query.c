/* SPDX-License-Identifier: Apache-2.0 */
#include "view/pid_query.h"

#include "base/memory.h"
#include "base/text.h"
#include "view/sharing.h"
#include "view/words_container.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ID_PREFIX_MIN = 4 };

const struct ns *pid_query_level(const struct process *process, size_t i)
{
	const struct ns *ns = process->ns[NS_PID];

	for (size_t level = process->n_nspid; ns && level > i + 1; level--)
		ns = ns->parent.ns;
	return ns;
}

static const struct process *find_inside(const struct model *model, const struct ns *ns, pid_t pid)
{
	for (size_t i = 0; ns && i < model->n_processes; i++) {
		if (model_pid_inside(model->processes[i], ns) == pid)
			return model->processes[i];
	}
	return NULL;
}

/* --- names ------------------------------------------------------------------------------------ */

/* The number in `pid:[4026532465]` or `4026532465`; 0: it is neither. */
static uint64_t parse_number(const char *name, bool *ret_is_other_type)
{
	const char *at = strchr(name, ':');
	enum nstype type = NS_PID;
	char *end;

	if (at && (!nstype_from_name(name, (size_t)(at - name), &type) || at[1] != '['))
		return 0;
	at = at ? at + 2 : name;
	errno = 0;
	const uint64_t number = strtoumax(at, &end, 10);
	if (*at < '0' || *at > '9' || errno || strcmp(end, at == name ? "" : "]") != 0)
		return 0;
	*ret_is_other_type = type != NS_PID;
	return number;
}

static bool is_equal(const char *a, const char *b)
{
	return a && strcmp(a, b) == 0;
}

/* What follows `word` and a blank; all of the name if it does not begin with them. */
static const char *after_word(const char *name, const char *word)
{
	const size_t len = strlen(word);

	return strncmp(name, word, len) == 0 && name[len] == ' ' ? name + len + 1 : name;
}

/* As the views, the sentence of a page and answers write it. */
static bool is_shown_as(const struct container *container, const char *name)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	words_container(text_restart(&text), container);
	if (is_equal(text_get(&text), name))
		return true;
	words_container_pod(text_restart(&text), container);
	return (container->pod || container->pod_id) && is_equal(text_get(&text), name);
}

static bool is_name(const struct container *container, const char *name)
{
	const char *const without_kind = after_word(name, container->kind_name);
	const char *const without_pod = after_word(name, "pod");

	return is_equal(container->id, without_kind) || is_equal(container->name, name) ||
	       is_equal(container->name, without_kind) || is_equal(container->pod, name) ||
	       is_equal(container->pod, without_pod) || is_equal(container->pod_id, without_pod) ||
	       is_shown_as(container, name);
}

static bool is_beginning_of(const char *id, const char *name)
{
	const size_t len = strlen(name);

	return id && len >= ID_PREFIX_MIN && strncmp(id, name, len) == 0;
}

static bool is_beginning(const struct container *container, const char *name)
{
	return is_beginning_of(container->id, after_word(name, container->kind_name)) ||
	       is_beginning_of(container->pod_id, after_word(name, "pod"));
}

static size_t find_containers(const struct model *model, const char *name,
        bool (*matches)(const struct container *container, const char *name),
        const struct container **ret)
{
	size_t n = 0;

	for (size_t i = 0; i < model->n_containers; i++) {
		const struct container *const container = model->containers[i];

		if (!container_is_label(container) && matches(container, name))
			ret[n++] = container;
	}
	return n;
}

size_t pid_query_containers(
        const struct model *model, const char *name, const struct container **ret)
{
	const size_t n = find_containers(model, name, is_name, ret);

	return n ? n : find_containers(model, name, is_beginning, ret);
}

static void add_containers(struct pid_query *query, const struct model *model, const char *name)
{
	_cleanup_free_ const struct container **found =
	        memory_new((model->n_containers + 1) * sizeof(*found));
	const size_t n = query->n_places ? find_containers(model, name, is_name, found)
	                                 : pid_query_containers(model, name, found);

	for (size_t i = 0; i < n; i++) {
		const struct ns *const ns = sharing_ns(found[i], NS_PID);

		query->places[query->n_places++] = (struct pid_place){.ns = ns,
		        .container = found[i],
		        .process = find_inside(model, ns, query->pid)};
	}
}

static void add_namespace(struct pid_query *query, const struct model *model, uint64_t number)
{
	const struct ns *const ns = number ? model_find(model, NS_PID, number) : NULL;

	if (ns)
		query->places[query->n_places++] =
		        (struct pid_place){.ns = ns, .process = find_inside(model, ns, query->pid)};
}

/* --- the query -------------------------------------------------------------------------------- */

static bool is_first(const struct pid_query *query, size_t i)
{
	for (size_t j = 0; j < i; j++) {
		if (query->places[j].process == query->places[i].process)
			return false;
	}
	return true;
}

static void count(struct pid_query *query)
{
	for (size_t i = 0; i < query->n_places; i++) {
		if (!query->places[i].process || !is_first(query, i))
			continue;
		query->process = query->places[i].process;
		query->n_found++;
	}
	if (query->n_found != 1)
		query->process = NULL;
}

void pid_query_run(struct pid_query *ret, const struct model *model, pid_t pid, const char *name)
{
	*ret = (struct pid_query){.pid = pid};
	if (!name) {
		ret->process = model_find_process(model, pid);
		ret->n_found = ret->process != NULL;
		return;
	}
	ret->places = memory_new((model->n_containers + 1) * sizeof(*ret->places));
	add_namespace(ret, model, parse_number(name, &ret->is_other_type));
	add_containers(ret, model, name);
	count(ret);
}

void pid_query_release(struct pid_query *query)
{
	free(query->places);
}
