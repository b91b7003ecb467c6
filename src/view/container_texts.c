/* SPDX-License-Identifier: Apache-2.0 */
#include "view/container_texts.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/u64.h"
#include "view/needle.h"
#include "view/node.h"
#include "view/words_container.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct entry {
	char *lines; /* each ends with a newline */
	char *id;    /* escaped */
	char *kind;
};

struct container_texts {
	struct u64_map numbers; /* by the tag of the container or pod */
	struct entry *all;
	size_t n;
	size_t capacity;
	struct text text; /* to write in */
};

struct container_texts *container_texts_new(void)
{
	struct container_texts *texts = memory_new(sizeof(*texts));

	text_init(&texts->text);
	return texts;
}

void container_texts_free(struct container_texts *texts)
{
	if (!texts)
		return;
	for (size_t i = 0; i < texts->n; i++) {
		free(texts->all[i].lines);
		free(texts->all[i].id);
		free(texts->all[i].kind);
	}
	free(texts->all);
	text_release(&texts->text);
	u64_map_release(&texts->numbers);
	free(texts);
}

size_t container_texts_count(const struct container_texts *texts)
{
	return texts->n;
}

static void write_lines(FILE *out, const char *const *raw, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!raw[i])
			continue;
		escape_write_name(out, raw[i], 0);
		fputc('\n', out);
	}
}

/* True if the entry with that tag is to be filled in. */
static bool add_entry(struct container_texts *texts, uint64_t tag, size_t *ret_number)
{
	bool is_new;

	*ret_number = u64_map_add(&texts->numbers, tag, &is_new);
	if (is_new)
		MEMORY_APPEND(texts->all, texts->n, texts->capacity) = (struct entry){0};
	return is_new;
}

size_t container_texts_add(struct container_texts *texts, const struct container *container)
{
	const char *const raw[] = {container->name, container->image, container->pod,
	        container->pod_namespace, container->unit, container->kind_name};
	const bool is_named = container->name && *container->name;
	size_t number;

	if (!add_entry(texts, container->tag, &number))
		return number;
	FILE *out = text_restart(&texts->text);
	write_lines(out, raw, ARRAY_SIZE(raw));
	/* Without a name the words have part of the id, which is found by its beginning alone. */
	if (is_named) {
		words_container(out, container);
		fputc('\n', out);
	}
	texts->all[number] = (struct entry){
	        .lines = memory_strdup(text_get(&texts->text)),
	        .id = escape_name(container->id),
	        .kind = escape_name(container->kind_name),
	};
	return number;
}

size_t container_texts_add_pod(struct container_texts *texts, const struct container *container)
{
	const char *const raw[] = {container->pod, container->pod_namespace};
	size_t number;

	if (!add_entry(texts, container->pod_tag, &number))
		return number;
	FILE *out = text_restart(&texts->text);
	write_lines(out, raw, ARRAY_SIZE(raw));
	words_container_pod(out, container);
	fputc('\n', out);
	texts->all[number] = (struct entry){
	        .lines = memory_strdup(text_get(&texts->text)),
	        .id = escape_name(container->pod_id ? container->pod_id : ""),
	        .kind = memory_strdup("pod"),
	};
	return number;
}

static bool is_prefix(const char *id, const char *query)
{
	const size_t len = strlen(query);
	int (*const compare)(const char *, const char *, size_t) =
	        needle_is_exact(query) ? strncmp : strncasecmp;

	if (!len || (len < CONTAINER_TEXTS_PREFIX && len != strlen(id)))
		return false;
	return compare(id, query, len) == 0;
}

/* `9e19`, `docker 9e19`. */
static bool is_by_id(const struct entry *entry, const char *query)
{
	const size_t kind = strlen(entry->kind);

	if (strncmp(query, entry->kind, kind) == 0 && query[kind] == ' ')
		query += kind + 1;
	return is_prefix(entry->id, query);
}

static bool is_found(const struct entry *entry, const struct needle *needle, const char *query,
        size_t *ret_start)
{
	size_t len;

	*ret_start = SIZE_MAX;
	return is_by_id(entry, query) ||
	       needle_find(needle, entry->lines, strlen(entry->lines), 0, ret_start, &len);
}

void container_texts_find_all(const struct container_texts *texts, const char *query, bool *hits)
{
	struct needle needle = {0};
	size_t start;

	needle_set(&needle, NEEDLE_TEXT, query);
	for (size_t i = 0; i < texts->n; i++)
		hits[i] = is_found(&texts->all[i], &needle, query, &start);
	needle_release(&needle);
}

bool container_texts_find(
        const struct container_texts *texts, size_t number, const char *query, char **ret_text)
{
	const struct entry *entry = &texts->all[number];
	struct needle needle = {0};
	size_t start;

	needle_set(&needle, NEEDLE_TEXT, query);
	const bool is_there = is_found(entry, &needle, query, &start);
	needle_release(&needle);
	if (!is_there || !ret_text)
		return is_there;
	if (start == SIZE_MAX) {
		*ret_text = memory_printf("%s %s", entry->kind, entry->id);
	} else {
		const char *line = entry->lines + start;

		while (line > entry->lines && line[-1] != '\n')
			line--;
		*ret_text = memory_printf("%.*s", (int)strcspn(line, "\n"), line);
	}
	return true;
}
