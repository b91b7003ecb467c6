/* SPDX-License-Identifier: Apache-2.0 */
#include "view/partial.h"

#include "base/attributes.h"
#include "base/text.h"

#include <string.h>

static const char *const texts[PARTIALS] = {
        [PARTIAL_UNREADABLE] = NULL, /* has numbers: write_unreadable */
        [PARTIAL_HIDEPID] = "/proc hides other users' processes (hidepid)",
        [PARTIAL_USER_NAMESPACE] = "inside a user namespace, what is outside cannot be seen",
        [PARTIAL_PID_NAMESPACE] = "inside a PID namespace, processes outside cannot be seen",
        [PARTIAL_FOREIGN_PROC] = "/proc belongs to another PID namespace",
        [PARTIAL_OWNER_UNKNOWN] = "the owners of some namespaces could not be read",
        [PARTIAL_NO_USER_NS] = "this kernel has no user namespaces",
        [PARTIAL_NO_RELATIONS] = "this kernel does not tell owners and parents of namespaces",
        [PARTIAL_NO_OWNER_UIDS] = "this kernel does not tell which users own user namespaces",
        [PARTIAL_NO_DESCRIPTORS] = "too many open files, not everything could be opened",
        [PARTIAL_NAMES] = "some user names were not found in time",
        [PARTIAL_REPLACED_PROC] = "mounts over parts of /proc, which were not read",
        [PARTIAL_WAITING] = "some command lines or mounts could not be read in time",
        [PARTIAL_NO_HELPER] = "no helper process: command lines, names, mounts may be missing",
        [PARTIAL_FAILED] = "something could not be read",
};

bool partial_is_less_for_root(const struct host *host)
{
	return host->euid != 0 && !(host->partial & UINT32_C(1) << PARTIAL_USER_NAMESPACE);
}

static void write_unreadable(FILE *out, const struct model *model)
{
	const struct host *host = &model->host;

	fprintf(out, "%zu of %zu processes could not be read%s", host->unreadable,
	        model->n_processes,
	        partial_is_less_for_root(host) ? " (run as root to see all)" : "");
}

/* Writes one reason: `12 of 171 processes could not be read (run as root to see all)`, `/proc hides
 * other users' processes (hidepid)`. */
static void write_reason(FILE *out, const struct model *model, enum partial reason)
{
	if (reason == PARTIAL_UNREADABLE)
		write_unreadable(out, model);
	else
		fputs(texts[reason], out);
}

static uint32_t add_names(const struct model *model, bool is_partial)
{
	return model->host.partial | (is_partial ? UINT32_C(1) << PARTIAL_NAMES : 0);
}

uint32_t partial_reasons(const struct model *model, const struct names *names)
{
	return add_names(model, names && names_n_failed(names) > 0);
}

uint32_t partial_reasons_of_file(const struct model *model, const struct names *names)
{
	return add_names(model, names && names_is_missing(names));
}

void partial_lines(const struct model *model, uint32_t reasons,
        void (*write)(void *data, const char *line), void *data)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	for (enum partial reason = 0; reason < PARTIALS; reason++) {
		if (!(reasons & UINT32_C(1) << reason))
			continue;
		FILE *out = text_restart(&text);

		fputs("partial view: ", out);
		write_reason(out, model, reason);
		write(data, text_get(&text));
	}
}

/* Without the hint if they were tried, and all refused: that has notes. */
const char *partial_unsearched(const struct model *model, bool is_screen)
{
	if (model->host.sources >> SOURCE_SOCKET & 1)
		return NULL;
	for (size_t i = 0; i < model->n_notes; i++) {
		if (strcmp(model->notes[i].what, "socket") == 0)
			return "sockets were not searched";
	}
	return is_screen ? "sockets were not searched (F2 socket)"
	                 : "sockets were not searched (--scan=+socket)";
}

const char *partial_plus(const struct model *model, const struct ns *ns)
{
	if (!model)
		return "";
	const bool is_below = ns && ns->type == NS_PID && ns->parent.state == REL_KNOWN;

	if (model_is_partial_by(model, PARTIAL_UNREADABLE) ||
	        model_is_partial_by(model, PARTIAL_HIDEPID))
		return "+";
	return model_is_partial_by(model, PARTIAL_PID_NAMESPACE) && !is_below ? "+" : "";
}
