/* SPDX-License-Identifier: Apache-2.0 */
#include "view/haystack_mounts.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "base/text.h"
#include "view/mount_words.h"

#include <stdlib.h>
#include <string.h>

static void forget(struct haystack_mounts *all)
{
	mount_query_release(&all->query);
	free(all->text);
	all->text = NULL;
}

void haystack_mounts_release(struct haystack_mounts *all)
{
	forget(all);
	mounts_unref(all->mounts);
	*all = (struct haystack_mounts){0};
}

void haystack_mounts_set(
        struct haystack_mounts *all, const struct mounts *mounts, const struct model *model)
{
	const struct ns *own = model ? mount_query_own(model) : NULL;

	if (all->mounts != mounts)
		forget(all);
	mounts_ref(mounts);
	mounts_unref(all->mounts);
	all->mounts = mounts;
	all->own = own ? own->inode : 0;
}

static void run(struct haystack_mounts *all, const char *text)
{
	if (all->text && strcmp(all->text, text) == 0)
		return;
	forget(all);
	all->text = memory_strdup(text);
	mount_query_run(&all->query, text, all->mounts, all->own, false);
}

const struct mount_hit *haystack_mounts_find(
        struct haystack_mounts *all, const char *text, const struct ns *mnt, size_t *ret_n)
{
	*ret_n = 0;
	if (!all->mounts || !mnt || mnt->type != NS_MNT)
		return NULL;
	run(all, text);
	return mount_query_in(&all->query, mnt->inode, ret_n);
}

size_t haystack_mounts_count(
        struct haystack_mounts *all, const char *text, const struct model *model)
{
	size_t n = 0, n_hits;

	for (size_t i = 0; i < model->n_namespaces; i++)
		n += haystack_mounts_find(all, text, model->namespaces[i], &n_hits) != NULL;
	return n;
}

char *haystack_mounts_explain(struct haystack_mounts *all, const char *text, const struct ns *mnt)
{
	size_t n;
	const struct mount_hit *hits = haystack_mounts_find(all, text, mnt, &n);
	struct text words;

	if (!hits)
		return NULL;
	text_init(&words);
	mount_words_name(words.out, hits->entry);
	fprintf(words.out, ": %s", mount_query_by(hits->by));
	if (n > 1)
		fprintf(words.out, ", and %zu more", n - 1);
	return text_take(&words);
}

char *haystack_mounts_field(const struct needle *needle, const struct mount_entry *mount)
{
	_cleanup_text_ struct text text;
	size_t start, len;
	char *found = NULL;

	text_init(&text);
	mount_words_fields(text.out, mount);
	const char *line = text_get(&text);
	for (; !found && *line; line += strcspn(line, "\n") + 1) {
		const size_t n = strcspn(line, "\n");

		if (needle_find(needle, line, n, 0, &start, &len))
			found = memory_printf("%.*s", (int)n, line);
	}
	return found;
}

bool haystack_mounts_has(const struct mount_entry *mount, const char *query)
{
	struct needle needle = {0};

	needle_set(&needle, NEEDLE_TEXT, query);
	_cleanup_free_ char *found = haystack_mounts_field(&needle, mount);
	needle_release(&needle);
	return found;
}

const struct ns *haystack_mounts_of(const struct node *node)
{
	const struct process *process = node->process     ? node->process
	                                : node->container ? node->container->leader
	                                                  : NULL;

	return node->ns ? node->ns : process ? process->ns[NS_MNT] : NULL;
}
