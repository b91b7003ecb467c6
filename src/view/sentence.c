/* SPDX-License-Identifier: Apache-2.0 */
#include "view/sentence.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/text.h"
#include "view/partial.h"
#include "view/sharing.h"
#include "view/words.h"
#include "view/words_container.h"
#include "view/words_sharing.h"

#include <string.h>

static void write_text(FILE *out, const char *raw)
{
	escape_write_name(out, raw, 0);
}

/* `3 containers`, `1 process`; with `+` if there may be more. */
static void write_count(FILE *out, size_t n, const char *plus, const char *one, const char *many)
{
	fprintf(out, "%zu%s %s", n, plus, n == 1 && !*plus ? one : many);
}

/* Its kind, and what words_container says if that does not begin with the kind: `docker web`,
 * `docker 9e1987cf07ac`, `unit sshd.service`. */
static void write_container(FILE *out, const struct container *container)
{
	const bool has_name = container->name && *container->name;
	const bool is_of_pod = container->is_sandbox && (container->pod || container->pod_id);

	if (container_is_label(container) || (has_name && !is_of_pod)) {
		write_text(out, container->kind_name);
		fputc(' ', out);
	}
	words_container(out, container);
}

/* --- what started it ------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
	const size_t len = text ? strlen(text) : 0, n = strlen(end);

	return len >= n && strcmp(text + len - n, end) == 0;
}

/* The init of a PID namespace, or systemd of a user, which has the unit init.scope: the new parent
 * of orphans. */
static bool is_init(const struct process *process)
{
	const size_t n = process->n_nspid;

	return process->pid == 1 || (n && process->nspid[n - 1] == 1) ||
	       ends_with(process->cgroup, "/init.scope");
}

static const struct process *starter_of(const struct model *model, const struct process *process)
{
	const struct process *parent = model_find_process(model, process->ppid);
	const bool is_known = parent && parent != process && process->state && parent->state &&
	                      parent->started <= process->started;

	return is_known && !is_init(parent) ? parent : NULL;
}

/* `started 03:12 by containerd-shim (702)`, with `separator` before it; nothing if neither is
 * known. */
static void write_start(FILE *out, const char *separator, const struct model *model,
        const struct process *process, long utc_offset)
{
	const struct process *starter = starter_of(model, process);
	_cleanup_text_ struct text when;

	text_init(&when);
	words_started(when.out, &model->host, process, utc_offset, false);
	const bool is_known = strcmp(text_get(&when), "unknown") != 0;
	if (!is_known && !starter)
		return;
	fprintf(out, "%sstarted", separator);
	if (is_known)
		fprintf(out, " %s", text_get(&when));
	if (starter) {
		fputs(" by ", out);
		words_process(out, starter);
	}
}

/* --- a namespace ----------------------------------------------------------------------------- */

static const char *const type_words[NS_TYPES] = {
        [NS_CGROUP] = "cgroup namespace",
        [NS_IPC] = "IPC namespace",
        [NS_MNT] = "mount namespace",
        [NS_NET] = "network namespace",
        [NS_PID] = "PID namespace",
        [NS_TIME] = "time namespace",
        [NS_USER] = "user namespace",
        [NS_UTS] = "UTS namespace",
};

/* The unit or session that all its processes are in; NULL: there is none. */
static const struct container *label_of(const struct ns *ns)
{
	const struct container *label = ns->n_processes ? ns->processes[0]->label : NULL;

	for (size_t i = 0; label && i < ns->n_processes; i++) {
		if (ns->processes[i]->label != label)
			return NULL;
	}
	return label;
}

/* ` of docker web`, ` of pod web (3 containers)`, ` of 3 containers`, ` of unit a.service`, ` of
 * firefox (1374)` */
static void write_whose(FILE *out, const struct ns *ns, const struct sharing_list *containers)
{
	const struct container *const label = label_of(ns);

	if (containers->n == 1) {
		fputs(" of ", out);
		write_container(out, containers->all[0]);
	} else if (containers->n) {
		fputs(" of ", out);
		words_sharing_list(out, containers);
	} else if (label) {
		fputs(" of ", out);
		write_container(out, label);
	} else if (ns->leader) {
		fputs(" of ", out);
		words_process(out, ns->leader);
	}
}

static size_t count_outside(const struct ns *ns)
{
	size_t n = 0;

	for (size_t i = 0; i < ns->n_processes; i++)
		n += !ns->processes[i]->container;
	return n;
}

/* `4 processes`, and how many of them are in a container, or are not. */
static void write_members(FILE *out, const struct model *model, const struct ns *ns,
        const struct sharing_list *containers, bool is_host)
{
	const char *const plus = partial_plus(model, ns);
	const size_t n_outside = count_outside(ns);

	words_n_processes(out, model, ns);
	if (is_host && containers->n) {
		fputs(", among them those of ", out);
		write_count(out, containers->n, plus, "container", "containers");
	} else if (containers->n && n_outside) {
		fprintf(out, ", %zu%s of them in no container", n_outside, plus);
	}
}

static bool is_counted(enum holder_kind kind)
{
	return kind == HOLDER_CHILD || kind == HOLDER_OWNS;
}

/* The first holder or group of holders, and how many more there are. Without a process children and
 * what it owns count, too. */
static void write_holders(
        FILE *out, const struct model *model, const struct ns *ns, const char *words)
{
	const bool with_counted = !ns->n_processes;
	size_t first = 0;

	if (!ns->n_holders || (!with_counted && is_counted(ns->holders[0].kind)))
		return;
	size_t end = words_holder_group_end(ns, first);
	fprintf(out, "; %s ", words);
	words_holder_group(out, model, ns, first, end);
	size_t n = 0;
	for (size_t i = end; i < ns->n_holders; i++)
		n += with_counted || !is_counted(ns->holders[i].kind);
	if (n)
		fprintf(out, " and %zu%s more", n, partial_plus(model, NULL));
}

void sentence_ns(FILE *out, const struct model *model, const struct ns *ns, long utc_offset)
{
	const bool is_host = sharing_host(model, ns->type) == ns;
	struct sharing_list containers;

	sharing_others(&containers, ns, NULL);
	fprintf(out, "%s%s", is_host ? "the host's " : "", type_words[ns->type]);
	if (!is_host)
		write_whose(out, ns, &containers);
	fputs(": ", out);
	if (ns->n_processes)
		write_members(out, model, ns, &containers, is_host);
	else
		fputs(words_no_holder(model, ns), out);
	if (ns->leader)
		write_start(out, ", ", model, ns->leader, utc_offset);
	write_holders(out, model, ns, ns->n_processes ? "also held by" : "held by");
	sharing_release(&containers);
}

/* --- a container, a process, the host -------------------------------------------------------- */

/* The types in which it is in the host's namespace, as bits. */
static unsigned types_of_host(const struct model *model, const struct container *container)
{
	unsigned types = 0;

	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (sharing_of(model, container, type) == SHARING_HOST)
			types |= 1u << type;
	}
	return types;
}

/* "net namespace", "cgroup, time and user namespaces" */
static void write_types(FILE *out, unsigned types)
{
	const bool is_one = !(types & (types - 1));
	const char *separator = "";

	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (!(types >> type & 1))
			continue;
		types &= ~(1u << type);
		fprintf(out, "%s%s", *separator && !types ? " and " : separator, nstype_name(type));
		separator = ", ";
	}
	fputs(is_one ? " namespace" : " namespaces", out);
}

void sentence_container(
        FILE *out, const struct model *model, const struct container *container, long utc_offset)
{
	const unsigned types = container_is_label(container) ? 0 : types_of_host(model, container);

	write_container(out, container);
	if (container->image) {
		fputs(", image ", out);
		write_text(out, container->image);
	}
	fputs(": ", out);
	write_count(out, container->n_processes, partial_plus(model, NULL), "process", "processes");
	if (container->leader)
		write_start(out, ", ", model, container->leader, utc_offset);
	if (types) {
		fputs("; in the host's ", out);
		write_types(out, types);
	}
}

static const char *kind_of(const struct process *process)
{
	if (process->is_kernel)
		return "kernel thread";
	return process->state == 'Z' || process->state == 'X' ? "zombie" : "process";
}

void sentence_process(
        FILE *out, const struct model *model, const struct process *process, long utc_offset)
{
	const struct container *where = process->container ? process->container : process->label;
	const struct process *parent = model_find_process(model, process->ppid);

	fprintf(out, "%s ", kind_of(process));
	words_process_name(out, process);
	if (where) {
		fputs(" of ", out);
		write_container(out, where);
	}
	if (process->n_nspid > 1)
		fprintf(out, ", PID %jd inside", (intmax_t)process->nspid[process->n_nspid - 1]);
	write_start(out, ": ", model, process, utc_offset);
	if (process->state == 'Z' && parent) {
		fputs("; has exited, its parent ", out);
		words_process(out, parent);
		fputs(" has not waited for it", out);
	}
}

void sentence_host(FILE *out, const struct model *model)
{
	const char *const plus = partial_plus(model, NULL);
	size_t n_outside = 0, n_unknown = 0, n_unread = 0;

	for (size_t i = 0; i < model->n_processes; i++) {
		const struct process *const process = model->processes[i];

		n_outside += !process->container;
		n_unknown += !process->container && process->container_state != REL_KNOWN;
		n_unread += !process->container && process->container_state == REL_UNREAD;
	}
	fputs("host ", out);
	if (model->host.name)
		write_text(out, model->host.name);
	fputs(": ", out);
	write_count(out, n_outside, plus, "process", "processes");
	fputs(" in no container", out);
	if (n_unread)
		fprintf(out, " (of %zu that is %s)", n_unread, words_state(REL_UNREAD));
	else if (n_unknown)
		fprintf(out, " (of %zu that is not known)", n_unknown);
	fputs(", ", out);
	write_count(out, model_count_containers(model), plus, "container", "containers");
}

void sentence_pod(FILE *out, const struct model *model, const struct container *pod)
{
	const char *const plus = partial_plus(model, NULL);
	size_t n = 0, n_processes = 0;

	for (size_t i = 0; i < model->n_containers; i++) {
		const struct container *container = model->containers[i];

		if (container->outer || !sharing_is_same_pod(container, pod))
			continue;
		n++;
		n_processes += container->n_processes;
	}
	fputs("pod ", out);
	if (pod->pod || pod->pod_id)
		write_text(out, pod->pod ? pod->pod : pod->pod_id);
	if (pod->pod_namespace) {
		fputs(" in namespace ", out);
		write_text(out, pod->pod_namespace);
	}
	fputs(": ", out);
	write_count(out, n, plus, "container", "containers");
	fputs(", ", out);
	write_count(out, n_processes, plus, "process", "processes");
}
