/* SPDX-License-Identifier: Apache-2.0 */

/* The words for what keeps a namespace alive. */

#include "base/escape.h"
#include "view/partial.h"
#include "view/words.h"

#include <inttypes.h>
#include <string.h>

enum { NUMBERS = 3 }; /* that are named of a group */

/* The word before a holder; the words to count holders of a kind; and to describe a group of
 * similar namespaces without processes by its first holder. */
static const struct {
	const char *label;
	const char *one;
	const char *many;
	const char *alike;
} holder_words[HOLDER_KINDS] = {
        [HOLDER_CHILD] = {"child", "child", "children", "held by children"},
        [HOLDER_FD] = {"fd", "fd", "fds", "held by descriptors"},
        [HOLDER_FOR_CHILDREN] = {"link for children", "link for children", "links for children",
                "held by links for children"},
        [HOLDER_MOUNT] = {"mount", "mount", "mounts", "held by mounts"},
        [HOLDER_OTHER] = {"", "other", "others", "held by others"},
        [HOLDER_OWNS] = {"owned", "owned", "owned", "held by owned namespaces"},
        [HOLDER_SOCKET] = {"socket fd", "socket", "sockets", "held by sockets"},
        [HOLDER_THREAD] = {"thread", "thread", "threads", "held by threads"},
};

static void write_path(FILE *out, const struct holder *holder)
{
	if (holder->path)
		escape_write_name(out, holder->path, 0);
}

/* ` of bash (1468)` */
static void write_holding(FILE *out, const struct model *model, pid_t pid)
{
	const struct process *process = model_find_process(model, pid);

	fputs(" of ", out);
	if (process)
		words_process(out, process);
	else
		fprintf(out, "PID %jd", (intmax_t)pid);
}

void words_holder(FILE *out, const struct model *model, const struct holder *holder)
{
	fputs(holder_words[holder->kind].label, out);
	switch (holder->kind) {
	case HOLDER_CHILD:
	case HOLDER_OWNS:
		fputc(' ', out);
		words_ns(out, holder->ns);
		return;
	case HOLDER_MOUNT:
		fputc(' ', out);
		write_path(out, holder);
		return;
	case HOLDER_FD:
	case HOLDER_SOCKET:
		fprintf(out, " %d", holder->fd);
		if (holder->tid)
			fprintf(out, " of thread %jd", (intmax_t)holder->tid);
		break;
	case HOLDER_THREAD:
		fprintf(out, " %jd", (intmax_t)holder->tid);
		break;
	case HOLDER_OTHER:
		write_path(out, holder);
		if (!holder->pid)
			return;
		break;
	case HOLDER_FOR_CHILDREN:
	case HOLDER_KINDS:
		break;
	}
	write_holding(out, model, holder->pid);
}

/* They are sorted so that those of a group follow each other. */
static bool is_alike(const struct holder *a, const struct holder *b)
{
	if (a->kind != b->kind || a->pid != b->pid)
		return false;
	switch (a->kind) {
	case HOLDER_MOUNT:
		return strcmp(a->path, b->path) == 0;
	case HOLDER_FD:
	case HOLDER_SOCKET:
		return a->tid == b->tid;
	case HOLDER_THREAD:
	case HOLDER_FOR_CHILDREN:
		return true;
	default:
		return false;
	}
}

size_t words_holder_group_end(const struct ns *ns, size_t first)
{
	const struct holder *const holder = &ns->holders[first];
	size_t end = first + 1;

	while (end < ns->n_holders && is_alike(holder, &ns->holders[end]))
		end++;
	return holder->kind == HOLDER_MOUNT || end - first >= WORDS_HOLDER_GROUP_MIN ? end
	                                                                             : first + 1;
}

/* How many paths they have: 0 if they are no mounts, or each has its own. */
static size_t count_paths(const struct ns *ns, size_t first, size_t end)
{
	size_t n = 0;

	if (ns->holders[first].kind != HOLDER_MOUNT)
		return 0;
	for (size_t i = first; i < end; i = words_holder_group_end(ns, i))
		n++;
	return n == end - first ? 0 : n;
}

/* The children of a PID namespace are as visible as its processes, but any process may hold it. */
void words_holder_count(
        FILE *out, const struct model *model, const struct ns *ns, size_t first, size_t end)
{
	const enum holder_kind kind = ns->holders[first].kind;
	const size_t n = end - first, n_paths = count_paths(ns, first, end);

	const char *const plus = partial_plus(model, kind == HOLDER_CHILD ? ns : NULL);

	fprintf(out, "%zu%s %s", n, plus,
	        n == 1 && !*plus ? holder_words[kind].one : holder_words[kind].many);
	if (n_paths)
		fprintf(out, " of %zu%s path%s", n_paths, plus, n_paths == 1 && !*plus ? "" : "s");
}

/* ` in 14 mount namespaces`. A mount of which the mount namespace is not known may be in any. */
static void write_places(
        FILE *out, const struct model *model, const struct ns *ns, size_t first, size_t end)
{
	const char *plus = partial_plus(model, NULL);
	size_t n = 0;

	for (size_t i = first; i < end; i++)
		n += ns->holders[i].mnt != 0;
	if (n < end - first)
		plus = "+";
	fprintf(out, " in %zu%s mount namespace%s", n, plus, n == 1 && !*plus ? "" : "s");
}

/* `s 5, 6, 7 and 11 more` */
static void write_some(
        FILE *out, const struct model *model, const struct ns *ns, size_t first, size_t end)
{
	const bool is_thread = ns->holders[first].kind == HOLDER_THREAD;

	for (size_t i = first; i < first + NUMBERS; i++) {
		const struct holder *const holder = &ns->holders[i];

		fprintf(out, "%s%jd", i > first ? ", " : "s ",
		        (intmax_t)(is_thread ? holder->tid : holder->fd));
	}
	fprintf(out, " and %zu%s more", end - first - NUMBERS, partial_plus(model, NULL));
}

void words_holder_group(
        FILE *out, const struct model *model, const struct ns *ns, size_t first, size_t end)
{
	const struct holder *const holder = &ns->holders[first];

	if (end - first == 1 || holder->kind == HOLDER_MOUNT) {
		words_holder(out, model, holder);
		if (end - first > 1)
			write_places(out, model, ns, first, end);
		return;
	}
	if (holder->kind == HOLDER_FOR_CHILDREN) {
		words_holder_count(out, model, ns, first, end);
	} else {
		fputs(holder_words[holder->kind].label, out);
		write_some(out, model, ns, first, end);
		if (holder->kind != HOLDER_THREAD && holder->tid)
			fprintf(out, " of thread %jd", (intmax_t)holder->tid);
	}
	write_holding(out, model, holder->pid);
}

void words_holders_alike(FILE *out, const struct model *model, const struct ns *ns)
{
	fputs(ns->n_holders ? holder_words[ns->holders[0].kind].alike : words_no_holder(model, ns),
	        out);
}
