/* SPDX-License-Identifier: Apache-2.0 */
#include "view/model_texts.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "base/text.h"
#include "view/command.h"
#include "view/words.h"

#include <stdlib.h>
#include <string.h>

/* --- the texts ---------------------------------------------------------------------------- */

/* A line, `harald (1000)` or that the user is not mapped; an empty one if neither is known. */
static void add_user(struct corpus *corpus, enum rel_state state, uid_t uid, const char *name)
{
	_cleanup_text_ struct text unmapped = {0};

	if (state == REL_UNMAPPED || state == REL_AMBIGUOUS) {
		text_init(&unmapped);
		words_unmapped(unmapped.out, state, uid);
		corpus_add_text(corpus, text_get(&unmapped));
	} else if (state == REL_KNOWN) {
		corpus_add_text(corpus, name);
		corpus_add(corpus, " (", 2);
		corpus_add_number(corpus, (uint32_t)uid);
		corpus_add_char(corpus, ')');
	}
	corpus_add_char(corpus, '\n');
}

static const char *name_of(const struct names *names, uid_t uid, const char *otherwise)
{
	return names && names_is_settled(names, uid) ? names_get(names, uid) : otherwise;
}

/* As command_write, but faster: most arguments are plain words. */
static void add_cmdline(struct corpus *corpus, const struct process *process)
{
	for (const char *const *argument = process->cmdline; *argument; argument++) {
		if (argument != process->cmdline)
			corpus_add_char(corpus, ' ');
		if (command_is_plain(*argument)) {
			corpus_add(corpus, *argument, strlen(*argument));
			continue;
		}
		_cleanup_text_ struct text text;

		text_init(&text);
		command_write_argument(text.out, *argument);
		text_get(&text);
		corpus_add(corpus, text.bytes, text.len);
	}
	if (process->is_cmdline_cut)
		corpus_add(corpus, COMMAND_CUT, strlen(COMMAND_CUT));
	corpus_add_char(corpus, '\n');
}

static void add_process(struct corpus *corpus, const struct process *process, bool with_cmdlines)
{
	corpus_begin(corpus);
	corpus_add_text(corpus, process->name);
	corpus_add(corpus, " (", 2);
	corpus_add_number(corpus, (uint64_t)process->pid);
	corpus_add(corpus, ")\n", 2);
	for (size_t i = 1; i < process->n_nspid; i++) {
		corpus_add_number(corpus, (uint64_t)process->nspid[i]);
		corpus_add_char(corpus, '\n');
	}
	if (with_cmdlines && command_is_known(process))
		add_cmdline(corpus, process);
	corpus_add_text(corpus, process->cgroup);
	corpus_end(corpus);
}

/* Children and owned namespaces have texts of their own. Descriptors are found one by one. */
static void add_holders(
        struct corpus *corpus, const struct model *model, const struct ns *ns, struct text *text)
{
	for (size_t i = 0, end; i < ns->n_holders; i = end) {
		const enum holder_kind kind = ns->holders[i].kind;

		end = kind == HOLDER_MOUNT ? words_holder_group_end(ns, i) : i + 1;
		if (kind == HOLDER_CHILD || kind == HOLDER_OWNS)
			continue;
		words_holder_group(text_restart(text), model, ns, i, end);
		text_get(text);
		corpus_add(corpus, text->bytes, text->len);
		corpus_add_char(corpus, '\n');
	}
	if (ns->is_listed_only)
		corpus_add(corpus, WORDS_LISTED "\n", strlen(WORDS_LISTED "\n"));
}

static void add_ns(struct corpus *corpus, const struct model *model, const struct ns *ns,
        const struct names *names, struct text *text)
{
	const struct ns *user = ns->type == NS_USER ? ns : ns->owner.ns;
	const char *type = nstype_name(ns->type);

	corpus_begin(corpus);
	corpus_add(corpus, type, strlen(type));
	corpus_add(corpus, ":[", 2);
	corpus_add_number(corpus, ns->inode);
	corpus_add(corpus, "]\n", 2);
	if (user)
		add_user(corpus, user->owner_uid_state, user->owner_uid,
		        name_of(names, user->owner_uid, user->owner_name));
	else
		add_user(corpus, REL_FAILED, 0, NULL);
	add_holders(corpus, model, ns, text);
	corpus_end(corpus);
}

/* The text of the line of a process in addition to that of each process. */
static void add_own(struct corpus *corpus, const struct process *process, const struct names *names)
{
	corpus_begin(corpus);
	add_user(corpus, process->uid_state, process->uid, name_of(names, process->uid, NULL));
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (!process->ns[type])
			continue;
		corpus_add_number(corpus, process->ns[type]->inode);
		corpus_add_char(corpus, '\n');
	}
	corpus_end(corpus);
}

/* --- making them -------------------------------------------------------------------------- */

static void end_corpus(struct cased_corpus *corpus)
{
	corpus_lower(&corpus->exact, &corpus->lower);
	corpus->is_made = true;
}

const struct cased_corpus *model_texts_type(struct model_texts *texts, enum nstype type)
{
	struct cased_corpus *corpus = &texts->types[type];
	_cleanup_text_ struct text text = {0};

	if (corpus->is_made)
		return corpus;
	text_init(&text);
	for (size_t i = texts->first[type]; i < texts->first[type + 1]; i++)
		add_ns(&corpus->exact, texts->model, texts->model->namespaces[i], texts->names,
		        &text);
	end_corpus(corpus);
	return corpus;
}

const struct cased_corpus *model_texts_own(struct model_texts *texts)
{
	struct cased_corpus *corpus = &texts->own;

	if (corpus->is_made)
		return corpus;
	for (size_t i = 0; i < texts->model->n_processes; i++)
		add_own(&corpus->exact, texts->model->processes[i], texts->names);
	end_corpus(corpus);
	return corpus;
}

static size_t add_container(struct model_texts *texts, const struct container *container)
{
	return container ? container_texts_add(texts->container_texts, container)
	                 : MODEL_TEXTS_NO_CONTAINER;
}

const struct cased_corpus *model_texts_processes(struct model_texts *texts)
{
	struct cased_corpus *corpus = &texts->processes;
	const struct model *model = texts->model;

	if (corpus->is_made)
		return corpus;
	texts->containers = memory_new((model->n_processes + 1) * sizeof(*texts->containers));
	for (size_t i = 0; i < model->n_processes; i++) {
		const struct process *process = model->processes[i];

		add_process(&corpus->exact, process, texts->with_cmdlines);
		texts->containers[i] = (struct containers_of){
		        add_container(texts, process->container),
		        add_container(texts, process->claim),
		};
	}
	end_corpus(corpus);
	return corpus;
}

/* --- all of them --------------------------------------------------------------------------- */

void model_texts_init(struct model_texts *ret, const struct model *model, const struct names *names,
        bool with_cmdlines, struct container_texts *container_texts)
{
	const size_t n = model ? model->n_namespaces : 0;
	enum nstype type = 0;

	*ret = (struct model_texts){.model = model ? model_ref(model) : NULL,
	        .names = names,
	        .with_cmdlines = with_cmdlines,
	        .container_texts = container_texts};
	for (size_t i = 0; i < n; i++) {
		for (; type < model->namespaces[i]->type; type++)
			ret->first[type + 1] = i;
	}
	for (; type < NS_TYPES; type++)
		ret->first[type + 1] = n;
}

size_t model_texts_count(const struct model_texts *texts, enum nstype type)
{
	return texts->first[type + 1] - texts->first[type];
}

static void release_corpus(struct cased_corpus *corpus)
{
	corpus_release(&corpus->exact);
	corpus_release(&corpus->lower);
}

static void release_facts(struct model_texts *texts)
{
	for (size_t i = 0; texts->facts && i < model_texts_count(texts, NS_NET); i++)
		ns_facts_unref(texts->facts[i]);
	free(texts->facts);
	texts->facts = NULL;
}

void model_texts_release(struct model_texts *texts)
{
	for (enum nstype type = 0; type < NS_TYPES; type++)
		release_corpus(&texts->types[type]);
	release_corpus(&texts->processes);
	release_corpus(&texts->own);
	free(texts->containers);
	release_facts(texts);
	model_unref(texts->model);
}

void model_texts_set_facts(struct model_texts *texts, const struct facts_store *store)
{
	const size_t n = model_texts_count(texts, NS_NET);

	release_facts(texts);
	for (size_t i = 0; i < n; i++) {
		const struct ns *ns = texts->model->namespaces[texts->first[NS_NET] + i];

		if (!facts_store_net(store, ns))
			continue;
		if (!texts->facts)
			texts->facts = memory_new(n * sizeof(*texts->facts));
		texts->facts[i] = ns_facts_ref(facts_store_get(store, ns));
	}
}
