/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/answer.h"

#include "base/escape.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "cmd/source.h"
#include "view/mount_lines.h"
#include "view/words.h"
#include "view/words_container.h"

#include <inttypes.h>
#include <string.h>

/* One of several processes, or a container of which it is not known. */
static void list_place(
        const struct pid_place *place, pid_t pid, const struct names *names, struct text *text)
{
	FILE *const out = text_restart(text);

	if (place->container) {
		words_container(out, place->container);
		fputs(", ", out);
		escape_write_name(out, place->container->kind_name, 0);
		fputc(' ', out);
		escape_write_name(out, place->container->id, 0);
		fputs(" (", out);
		words_container_trust(out, place->container, names);
		fputs("): ", out);
	} else {
		words_ns(out, place->ns);
		fputs(": ", out);
	}
	if (place->process)
		words_process(out, place->process);
	else if (place->ns)
		fprintf(out, "no PID %jd", (intmax_t)pid);
	else
		fputs("its PID namespace is not known", out);
	message_line("  %s", text_get(text));
}

static void list_places(const struct pid_query *query, const struct names *names)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	for (size_t i = 0; i < query->n_places; i++)
		list_place(&query->places[i], query->pid, names, &text);
}

static int find_pid(struct answer *ret, const struct options *options, const struct model *model,
        const struct names *names)
{
	struct pid_query *const query = &ret->query;
	_cleanup_free_ char *pid = memory_printf("%jd", (intmax_t)options->pid);
	_cleanup_free_ char *in = escape_text(options->in);

	pid_query_run(query, model, options->pid, options->in);
	ret->write = export_pid_levels;
	ret->data = query->process;
	if (query->process)
		return 0;
	if (!options->in)
		message_error(pid, "no such process");
	else if (query->n_found)
		message_line("%s: %zu processes have PID %s in there", in, query->n_found, pid);
	else if (query->n_places)
		message_line("%s: no process with PID %s in there", in, pid);
	else
		message_error(options->in, query->is_other_type
		                                   ? "only PID namespaces and containers have PIDs"
		                                   : "no such container or PID namespace");
	/* One place that has no such PID is all in the message. */
	if (query->n_places > 1 || (query->n_places && !query->places[0].ns))
		list_places(query, names);
	return -ESRCH;
}

/* What was not read may have it. */
static void warn_not_held(
        const struct options *options, const struct mount_query *query, const struct model *model)
{
	_cleanup_free_ char *unread =
	        memory_printf("no mount namespace is known to have it (%zu could not be read, or "
	                      "only in part)",
	                query->n_unread);

	message_error(options->holds, query->n_unread ? unread
	                              : model->host.partial
	                                      ? "no mount namespace is known to have it"
	                                      : "no mount namespace has it");
}

/* Only a snapshot may have none. */
static int require_mounts(
        const struct options *options, const char *option, const struct model *model)
{
	if (model->mounts)
		return 0;
	message_error(options->snapshot ? options->snapshot : option,
	        "it has no mounts (write it with --facts=mounts)");
	return -ENODATA;
}

static int find_holds(struct answer *ret, const struct options *options, const struct model *model,
        const struct names *names)
{
	struct mount_query *const query = &ret->holds;
	const struct ns *const own = mount_query_own(model);

	if (require_mounts(options, "--holds", model) < 0)
		return -ENODATA;
	mount_query_run(query, options->holds, model->mounts, own ? own->inode : 0, true);
	ret->write = export_holds;
	ret->data = query;
	if (query->n)
		return 0;
	ret->is_failure = true;
	warn_not_held(options, query, model);
	if (options->form == FORM_JSON)
		return 0;
	source_warn_partial(model, names);
	return -ESRCH;
}

/* Sets the mount namespace of --in. */
static int find_in(const struct options *options, const struct model *model, uint64_t *ret)
{
	_cleanup_free_ const struct ns **found =
	        memory_new((model->n_containers + 1) * sizeof(*found));
	const size_t n = mount_lines_named(model, options->in, found);
	_cleanup_text_ struct text text = {0};

	if (n == 1) {
		*ret = found[0]->inode;
		return 0;
	}
	text_init(&text);
	if (n)
		fprintf(text.out, "%zu mount namespaces have that name", n);
	message_error(options->in,
	        n ? text_get(&text) : "no such mount namespace, container or process is known");
	for (size_t i = 0; i < n; i++) {
		FILE *const out = text_restart(&text);

		words_ns(out, found[i]);
		fputs(": ", out);
		words_leader(out, model, found[i]);
		message_line("  %s", text_get(&text));
	}
	return -ESRCH;
}

int answer_find_view(
        struct view_options *ret, const struct options *options, const struct model *model)
{
	*ret = options->view;
	/* The hierarchy of user namespaces would be empty. */
	if (ret->kind == VIEW_USER && !options->is_given[SETTING_VIEW] &&
	        options->program != PROGRAM_LSUSERNS &&
	        model_is_partial_by(model, PARTIAL_NO_USER_NS))
		ret->kind = VIEW_PID;
	if (ret->kind != VIEW_MOUNTS || options->only_leaked || options->question ||
	        (options->form != FORM_TEXT && options->form != FORM_DOT &&
	                options->form != FORM_SVG))
		return 0;
	if (require_mounts(options, "--view", model) < 0)
		return -ENODATA;
	ret->mounts = model->mounts;
	return options->in ? find_in(options, model, &ret->mnt) : 0;
}

int answer_find(struct answer *ret, const struct options *options, const struct model *model,
        const struct names *names)
{
	*ret = (struct answer){0};
	if (options->question == QUESTION_PID)
		return find_pid(ret, options, model, names);
	if (options->question == QUESTION_HOLDS)
		return find_holds(ret, options, model, names);
	if (options->question == QUESTION_AUDIT) {
		audit_run(
		        &ret->audit, model, options->audit_rules, options->has_audit_rules, names);
		ret->write = export_audit;
		ret->data = &ret->audit;
		ret->is_failure = ret->audit.has_finding;
	}
	return 0;
}

void answer_release(struct answer *answer)
{
	pid_query_release(&answer->query);
	audit_release(&answer->audit);
	mount_query_release(&answer->holds);
}
