/* SPDX-License-Identifier: Apache-2.0 */
#include "view/words_sharing.h"

#include "base/escape.h"
#include "view/words_container.h"

#include <string.h>

/* ` of pod web`; a pod without a known name: ` of one pod`. */
static void write_pod(FILE *out, const struct container *pod)
{
	if (!pod->pod) {
		fputs(" of one pod", out);
		return;
	}
	fputs(" of pod ", out);
	escape_write_name(out, pod->pod, 0);
}

static bool has_label(const struct sharing_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		if (container_is_label(list->all[i]))
			return true;
	}
	return false;
}

void words_sharing_list(FILE *out, const struct sharing_list *list)
{
	const struct container *pod = sharing_pod(list);

	if (list->n == 1) {
		words_container(out, list->all[0]);
		return;
	}
	fprintf(out, "%zu %s", list->n, has_label(list) ? "units or containers" : "containers");
	if (pod)
		write_pod(out, pod);
}

static void write_of_ns(FILE *out, const struct model *model, const struct ns *ns,
        const struct container *container, enum sharing sharing)
{
	struct sharing_list others = {0};

	if (ns && sharing != SHARING_HOST)
		sharing_others(&others, ns, container);
	switch (sharing) {
	case SHARING_OWN:
		fputs(sharing_is_certain(model, ns) ? "own" : "own, as far as visible", out);
		break;
	case SHARING_HOST:
		fputs("the host's", out);
		break;
	case SHARING_UNKNOWN:
		fputs(ns ? "unknown whether the host's" : "unknown", out);
		fputs(others.n ? "; " : "", out);
		break;
	case SHARING_NONE:
		fputs("this kernel has none", out);
		break;
	case SHARING_OTHERS:
		break;
	}
	if (others.n) {
		fputs("shared with ", out);
		words_sharing_list(out, &others);
	}
	sharing_release(&others);
}

void words_sharing(
        FILE *out, const struct model *model, const struct container *container, enum nstype type)
{
	write_of_ns(out, model, sharing_ns(container, type), container,
	        sharing_of(model, container, type));
}

void words_sharing_process(
        FILE *out, const struct model *model, const struct process *process, enum nstype type)
{
	write_of_ns(out, model, process->ns[type], process->container,
	        sharing_of_process(model, process, type));
}
