/* SPDX-License-Identifier: Apache-2.0 */
#include "view/audit.h"

#include "base/memory.h"
#include "base/text.h"
#include "view/audit_rules.h"
#include "view/sharing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *audit_level_name(enum audit_level level)
{
	static const char *const names[AUDIT_LEVELS] = {
	        [AUDIT_NOTHING] = "nothing",
	        [AUDIT_NORMAL] = "normal",
	        [AUDIT_LOW] = "low",
	        [AUDIT_MEDIUM] = "medium",
	        [AUDIT_HIGH] = "high",
	        [AUDIT_HOST_ROOT] = "host root",
	};

	return names[level];
}

int audit_parse(const char *list, uint32_t *ret)
{
	uint32_t all = 0;

	for (size_t n; *list; list += n + (list[n] == ',')) {
		enum audit_rule rule = 0;

		n = strcspn(list, ",");
		while (rule < AUDIT_RULES && (strlen(audit_rules[rule].name) != n ||
		                                     strncmp(audit_rules[rule].name, list, n) != 0))
			rule++;
		if (rule == AUDIT_RULES)
			return -EINVAL;
		all |= UINT32_C(1) << rule;
	}
	if (!all)
		return -EINVAL;
	*ret = all;
	return 0;
}

/* --- all containers --------------------------------------------------------------------------- */

static void add_finding(struct audit_row *row, const struct audit_finding *finding)
{
	if (finding->state == AUDIT_YES)
		row->verdict = MAX(row->verdict, finding->level);
}

enum audit_level audit_at_most(const struct audit_finding *finding)
{
	return finding->state == AUDIT_NO ? AUDIT_NOTHING : finding->level + finding->is_open;
}

static void judge_row(struct audit_judge *judge, uint32_t wanted, struct audit_row *row)
{
	struct text text;

	judge->container = row->container;
	judge->posture = row->container->leader ? row->container->leader->posture : NULL;
	text_init(&text);
	for (enum audit_rule rule = 0; rule < AUDIT_RULES; rule++) {
		struct audit_finding *const finding = &row->findings[rule];

		if (!(wanted >> rule & 1))
			continue;
		judge->out = text_restart(&text);
		*finding = audit_rules[rule].judge(judge);
		if (finding->state != AUDIT_NO)
			finding->text = memory_strdup(text_get(&text));
		add_finding(row, finding);
	}
	text_release(&text);
	for (enum audit_rule rule = 0; rule < AUDIT_RULES; rule++)
		row->is_open |= audit_at_most(&row->findings[rule]) > row->verdict;
}

/* PID 1 is that of the host only if the scan saw the initial PID namespace. */
static const struct posture *host_posture(const struct model *model)
{
	const struct process *const init = model_find_process(model, 1);

	if (model_is_partial_by(model, PARTIAL_PID_NAMESPACE) ||
	        model_is_partial_by(model, PARTIAL_FOREIGN_PROC))
		return NULL;
	return init ? init->posture : NULL;
}

static int compare_rows(const void *a, const void *b)
{
	const struct audit_row *const x = a, *const y = b;

	if (x->verdict != y->verdict)
		return x->verdict > y->verdict ? -1 : 1;
	if (x->is_open != y->is_open)
		return x->is_open ? -1 : 1;
	return sharing_compare(x->container, y->container);
}

static bool counts(const struct audit_finding *finding, bool is_named)
{
	return finding->state == AUDIT_UNKNOWN ||
	       (finding->state == AUDIT_YES && (is_named || finding->level > AUDIT_NORMAL));
}

void audit_run(struct audit *ret, const struct model *model, uint32_t wanted, bool is_named,
        const struct names *names)
{
	struct audit_judge judge = {.model = model, .names = names, .host = host_posture(model)};

	*ret = (struct audit){.rules = wanted,
	        .rows = memory_new((model->n_containers + 1) * sizeof(*ret->rows)),
	        .may_lack = model_is_partial_by(model, PARTIAL_HIDEPID)};
	ret->has_finding = ret->may_lack;
	for (size_t i = 0; i < model->n_containers; i++) {
		const struct container *const container = model->containers[i];

		if (container_is_label(container) || container->outer)
			continue;
		struct audit_row *const row = &ret->rows[ret->n++];
		row->container = container;
		judge_row(&judge, wanted, row);
		for (enum audit_rule rule = 0; rule < AUDIT_RULES; rule++)
			ret->has_finding |= counts(&row->findings[rule], is_named);
	}
	qsort(ret->rows, ret->n, sizeof(*ret->rows), compare_rows);
}

void audit_release(struct audit *audit)
{
	for (size_t i = 0; i < audit->n; i++) {
		for (enum audit_rule rule = 0; rule < AUDIT_RULES; rule++)
			free(audit->rows[i].findings[rule].text);
	}
	free(audit->rows);
}

void audit_write_verdict(FILE *out, const struct audit_row *row)
{
	if (row->is_open && row->verdict <= AUDIT_NORMAL)
		fputs("unknown", out);
	else
		fprintf(out, "%s%s", audit_level_name(row->verdict), row->is_open ? "+" : "");
}
