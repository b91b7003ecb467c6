/* SPDX-License-Identifier: Apache-2.0 */
#include "base/escape.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "export/export.h"
#include "export/metrics_limits.h"
#include "view/partial.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The text format of Prometheus: each metric has its HELP and TYPE, then all of its samples. Types,
 * kinds and reasons have a sample also if it is 0, so that their series do not end. */

enum { LABEL_MAX = 128 };

static void write_value(FILE *out, const char *name, const char *help, uint64_t value)
{
	metrics_limits_begin(out, name, help);
	fprintf(out, "%s %" PRIu64 "\n", name, value);
}

static void write_by_type(FILE *out, const char *name, enum nstype type, uint64_t value)
{
	fprintf(out, "%s{type=\"%s\"} %" PRIu64 "\n", name, nstype_name(type), value);
}

/* --- text of others --------------------------------------------------------------------------- */

/* The value of a label: at most LABEL_MAX bytes of escaped text, which end with a character. The
 * caller frees. */
static char *label_value(const char *raw)
{
	char *const text = escape_name(raw);
	size_t len = 0;
	char32_t c;

	while (text[len]) {
		const size_t n = utf8_decode(text + len, strlen(text + len), &c);

		if (n == 0 || len + n > LABEL_MAX)
			break;
		len += n;
	}
	text[len] = '\0';
	return text;
}

static void write_quoted(FILE *out, const char *value)
{
	fputc('"', out);
	for (const char *c = value; *c; c++) {
		if (*c == '\\' || *c == '"')
			fputc('\\', out);
		fputc(*c, out);
	}
	fputc('"', out);
}

/* --- namespaces ------------------------------------------------------------------------------- */

/* A namespace, by what its sample has. */
struct owned {
	enum nstype type;
	char *owner;
};

static const char *owner_name(const struct ns *ns, const struct names *names)
{
	const struct ns *const user = ns->type == NS_USER ? ns : ns->owner.ns;

	if (!user || user->owner_uid_state != REL_KNOWN)
		return "";
	if (user->owner_name)
		return user->owner_name;
	const char *const name = names ? names_get(names, user->owner_uid) : NULL;
	return name ? name : "";
}

static int compare_owned(const void *a, const void *b)
{
	const struct owned *const x = a, *const y = b;

	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	return strcmp(x->owner, y->owner);
}

/* Sorted by what the label shows: two names may be equal once they are cut. */
static void write_namespaces(FILE *out, const struct export_request *request)
{
	static const char name[] = "nsbrowse_namespaces";
	const struct model *const model = request->model;
	size_t n = model->n_namespaces;
	_cleanup_free_ struct owned *all = memory_new((n + model->n_pins + 1) * sizeof(*all));

	for (size_t i = 0; i < n; i++) {
		const struct ns *const ns = model->namespaces[i];

		all[i] = (struct owned){ns->type, label_value(owner_name(ns, request->names))};
	}
	for (size_t i = 0; i < model->n_pins; i++) {
		if (pin_is_leaked(&model->pins[i]))
			all[n++] = (struct owned){model->pins[i].type, label_value("")};
	}
	qsort(all, n, sizeof(*all), compare_owned);
	metrics_limits_begin(out, name,
	        "Namespaces by type and user who owns them (empty: not known, or without a name).");
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && compare_owned(&all[i], &all[end]) == 0;)
			end++;
		fprintf(out, "%s{type=\"%s\",owner=", name, nstype_name(all[i].type));
		write_quoted(out, all[i].owner);
		fprintf(out, "} %zu\n", end - i);
	}
	for (size_t i = 0; i < n; i++)
		free(all[i].owner);
}

/* What keeps a namespace alive: its processes, then the kinds of holders; a mount of proc, if it
 * has no number; nothing known, but the kernel lists it; or nothing known. */
enum {
	HELD_BY_PROCESS = HOLDER_KINDS,
	HELD_BY_PROC_MOUNT,
	HELD_BY_LISTED,
	HELD_BY_NOTHING,
	HELD_BY,
};

static const char *held_by_name(unsigned by)
{
	const char *name;

	if (by == HELD_BY_PROCESS)
		return "process";
	if (by == HELD_BY_PROC_MOUNT)
		return PIN_BY_PROC_MOUNT;
	if (by == HELD_BY_LISTED)
		return "listed";
	if (by == HELD_BY_NOTHING)
		return "none";
	name = model_holder_kind_name(by);
	return name ? name : "other";
}

/* Whether the scan could find what keeps namespaces alive so. */
static bool is_held_by_known(const struct model *model, unsigned by)
{
	return (by != HOLDER_CHILD && by != HOLDER_OWNS) ||
	       !model_is_partial_by(model, PARTIAL_NO_RELATIONS);
}

static void write_held(FILE *out, const struct model *model)
{
	static const char name[] = "nsbrowse_namespaces_held";
	size_t counts[NS_TYPES][HELD_BY] = {{0}};

	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *const ns = model->namespaces[i];
		size_t *const count = counts[ns->type];

		count[HELD_BY_PROCESS] += ns->n_processes > 0;
		count[HELD_BY_LISTED] += ns->is_listed_only;
		count[HELD_BY_NOTHING] +=
		        ns->n_processes == 0 && ns->n_holders == 0 && !ns->is_listed_only;
		for (size_t j = 0; j < ns->n_holders; j++) {
			/* They are sorted by kind. */
			if (j == 0 || ns->holders[j].kind != ns->holders[j - 1].kind)
				count[ns->holders[j].kind]++;
		}
	}
	for (size_t i = 0; i < model->n_pins; i++)
		counts[model->pins[i].type][HELD_BY_PROC_MOUNT] += pin_is_leaked(&model->pins[i]);
	metrics_limits_begin(out, name,
	        "Namespaces by type and what keeps them alive; one may count several times.");
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		for (unsigned by = 0; by < HELD_BY; by++) {
			if (!is_held_by_known(model, by))
				continue;
			fprintf(out, "%s{type=\"%s\",by=\"%s\"} %zu\n", name, nstype_name(type),
			        held_by_name(by), counts[type][by]);
		}
	}
}

static void write_leaked(FILE *out, const struct model *model)
{
	static const char name[] = "nsbrowse_namespaces_leaked";
	size_t counts[NS_TYPES] = {0};

	for (size_t i = 0; i < model->n_namespaces; i++)
		counts[model->namespaces[i]->type] += model_is_leaked(model->namespaces[i]);
	for (size_t i = 0; i < model->n_pins; i++)
		counts[model->pins[i].type] += pin_is_leaked(&model->pins[i]);
	metrics_limits_begin(out, name,
	        "Namespaces that only descriptors, mounts, sockets or nothing known keep alive.");
	for (enum nstype type = 0; type < NS_TYPES; type++)
		write_by_type(out, name, type, counts[type]);
}

/* --- containers ------------------------------------------------------------------------------- */

/* What is nested in a container is named by its processes: they could claim any number. */
static void write_containers(FILE *out, const struct model *model)
{
	static const char name[] = "nsbrowse_containers";
	size_t counts[CONTAINER_KINDS] = {0};

	for (size_t i = 0; i < model->n_containers; i++)
		counts[model->containers[i]->kind] += !model->containers[i]->outer;
	metrics_limits_begin(out, name, "Containers by kind, without those nested in others.");
	for (enum container_kind kind = 0; kind < CONTAINER_KINDS; kind++) {
		const char *const word = container_kind_name(kind);

		if (!container_is_label(&(struct container){.kind = kind}))
			fprintf(out, "%s{kind=\"%s\"} %zu\n", name, word ? word : "other",
			        counts[kind]);
	}
}

/* --- limits ----------------------------------------------------------------------------------- */

/* The user namespace of the program that scanned; NULL: not known. */
static const struct ns *own_user_ns(const struct model *model)
{
	for (size_t i = 0; i < model->n_processes; i++) {
		if (model->processes[i]->is_self && model->processes[i]->ns[NS_USER])
			return model->processes[i]->ns[NS_USER];
	}
	return NULL;
}

/* True if the namespace is owned by `user` or by a user namespace below it. */
static bool is_counted(const struct ns *ns, const struct ns *user)
{
	for (const struct ns *at = ns->owner.ns; at; at = at->parent.ns) {
		if (at == user)
			return true;
	}
	return false;
}

static void write_limits(FILE *out, const struct model *model)
{
	static const char name[] = "nsbrowse_namespaces_limit";
	static const char known[] = "nsbrowse_namespaces_limit_known";
	const struct ns_limit *const limits = model->host.ns_limits;

	metrics_limits_begin(
	        out, name, "Namespaces that each user may have in the user namespace of nsbrowse.");
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (limits[type].is_known)
			write_by_type(out, name, type, limits[type].max);
	}
	metrics_limits_begin(out, known, "1 if that limit could be read.");
	for (enum nstype type = 0; type < NS_TYPES; type++)
		write_by_type(out, known, type, limits[type].is_known);
}

static void write_counted(FILE *out, const struct model *model)
{
	static const char name[] = "nsbrowse_namespaces_counted";
	const struct ns *const user = own_user_ns(model);
	size_t counts[NS_TYPES] = {0};

	if (!user || model_is_partial_by(model, PARTIAL_NO_RELATIONS))
		return;
	for (size_t i = 0; i < model->n_namespaces; i++)
		counts[model->namespaces[i]->type] += is_counted(model->namespaces[i], user);
	metrics_limits_begin(out, name,
	        "Namespaces of all users that count towards that limit, in it and below.");
	for (enum nstype type = 0; type < NS_TYPES; type++)
		write_by_type(out, name, type, counts[type]);
}

/* --- the scan --------------------------------------------------------------------------------- */

static void write_scan(FILE *out, const struct export_request *request)
{
	const struct host *const host = &request->model->host;
	const uint32_t partial = partial_reasons_of_file(request->model, request->names);

	if (host->taken > 0) {
		/* The clock may have been set back. */
		const int64_t age = request->now > host->taken ? request->now - host->taken : 0;

		write_value(out, "nsbrowse_scan_timestamp_seconds",
		        "Time of the scan, in seconds since 1970.", (uint64_t)host->taken);
		write_value(out, "nsbrowse_scan_age_seconds",
		        "Age of the scan when this was written.", (uint64_t)age);
	}
	metrics_limits_begin(out, "nsbrowse_partial", "1 if the view is partial for this reason.");
	for (enum partial reason = 0; reason < PARTIALS; reason++)
		fprintf(out, "nsbrowse_partial{reason=\"%s\"} %d\n", model_partial_name(reason),
		        (int)(partial >> reason & 1));
}

int export_metrics(FILE *out, const struct export_request *request)
{
	const struct model *const model = request->model;

	write_namespaces(out, request);
	write_held(out, model);
	write_leaked(out, model);
	write_containers(out, model);
	write_value(out, "nsbrowse_processes", "Processes.", model->n_processes);
	write_value(out, "nsbrowse_processes_unreadable",
	        "Processes whose namespaces could not be read.", model->host.unreadable);
	write_limits(out, model);
	write_counted(out, model);
	metrics_limits_write(out, model);
	write_scan(out, request);
	return 0;
}
