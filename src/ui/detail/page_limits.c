/* SPDX-License-Identifier: Apache-2.0 */

/* The part of the page of a user namespace about its limits, and what counts towards them. */

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/limits.h"
#include "ui/detail/detail.h"
#include "view/sharing.h"
#include "view/words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	USERS_MAX = 3, /* of a type: those with most, so that processes are in view */
	LIMIT_COLUMN = DETAIL_INDENT + 9,
	COUNT_COLUMN = LIMIT_COLUMN + 12,
};

/* Unless the line is that of the name of the fact, and nothing else is on it. */
static void new_line(struct detail *detail)
{
	const struct page *const page = &detail->facts;

	if (page->lines[page->n - 1].columns > DETAIL_INDENT)
		line_pad(page_add(&detail->facts), DETAIL_INDENT);
}

/* --- what counts ------------------------------------------------------------------------------ */

/* `harald 3+`: there may be more that is not seen. */
static void add_user(
        struct detail *detail, int stop, const struct limits_user *user, enum nstype type)
{
	_cleanup_text_ struct text text;

	text_init_within(&text, DETAIL_TEXT_MAX);
	if (user->name)
		escape_write_name(text.out, user->name, 0);
	else
		words_user(text.out, user->uid, detail->source.names);
	_cleanup_free_ char *name = memory_printf("%s ", text_get(&text));
	detail_add_number(detail, stop, name, "%" PRIu64 "+", user->counted[type]);
}

/* The users with most. Returns whether there are any. */
static bool add_users(struct detail *detail, const struct limits_counts *counts, enum nstype type)
{
	const struct limits_user *users[USERS_MAX];
	const size_t n = limits_top(counts, type, users, USERS_MAX);

	for (size_t i = 0; i < MIN(n, (size_t)USERS_MAX); i++)
		add_user(detail, i ? 0 : COUNT_COLUMN, users[i], type);
	if (n > USERS_MAX)
		detail_add_number(detail, 0, "and ", "%zu more users", n - USERS_MAX);
	return n > 0;
}

static void add_counts(struct detail *detail, const struct limits_counts *counts, enum nstype type,
        const struct ns_limit *limit)
{
	static const char *const words[] = {
	        [LIMITS_FREE] = NULL,
	        [LIMITS_NEAR] = "near",
	        [LIMITS_MAYBE_REACHED] = "may be reached",
	        [LIMITS_REACHED] = "reached",
	};
	const bool has_users = add_users(detail, counts, type);
	const char *const state = words[limits_state(counts, type, limit->max)];

	if (counts->unknown[type])
		detail_add_number(detail, has_users ? 0 : COUNT_COLUMN, "creator not known ",
		        "%" PRIu64 "+", counts->unknown[type]);
	if (limit->is_known && state)
		detail_add(detail, 0, "limit ", state);
}

/* --- the limits ------------------------------------------------------------------------------- */

/* Kernels that lack a type have no such file, nor has procfs mounted with subset=pid (proc(5)). */
static const char *reason(const struct detail *detail, int error)
{
	return error == ENOENT ? "not in /proc" : page_facts_reason(detail, error);
}

static bool is_default(const struct ns_limit *limit)
{
	return limit->is_known && limit->max >= LIMITS_DEFAULT;
}

/* Why no limit is known, if that is the same for all; 0: one is, or the reasons differ. */
static int common_error(const struct ns_limit *limits)
{
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (limits[type].is_known || limits[type].error != limits[0].error)
			return 0;
	}
	return limits[0].error;
}

static void write_type(struct detail *detail, const struct limits_counts *counts, enum nstype type,
        const struct ns_limit *limit)
{
	new_line(detail);
	detail_add(detail, 0, "", nstype_name(type));
	if (is_default(limit))
		detail_add(detail, LIMIT_COLUMN, "", "none");
	else if (limit->is_known)
		detail_add_number(detail, LIMIT_COLUMN, "", "%" PRIu64, limit->max);
	else if (limit->error == ENOENT && sharing_lacks(detail->source.model, type))
		detail_add(detail, LIMIT_COLUMN, "", "this kernel has none");
	else
		detail_add(detail, LIMIT_COLUMN, "not known: ", reason(detail, limit->error));
	add_counts(detail, counts, type, limit);
}

/* Limits that no user is near are folded, so that processes are in view. */
static void write_types(
        struct detail *detail, const struct limits_counts *counts, const struct ns_limit *limits)
{
	bool is_shown[NS_TYPES];
	char text[64];
	size_t n = 0;

	for (enum nstype type = 0; type < NS_TYPES; type++) {
		is_shown[type] = !limits[type].is_known ||
		                 limits_state(counts, type, limits[type].max) != LIMITS_FREE;
		n += is_shown[type];
		if (is_shown[type])
			write_type(detail, counts, type, &limits[type]);
	}
	snprintf(text, sizeof(text), n ? "%zu more, which no user is near" : "%zu, no user is near",
	        NS_TYPES - n);
	if (n == NS_TYPES || !detail_add_fold(detail, DETAIL_FOLD_LIMITS, text))
		return;
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (!is_shown[type])
			write_type(detail, counts, type, &limits[type]);
	}
}

/* What is counted here is counted there, too, for its owner. */
static void write_above(struct detail *detail)
{
	const struct ns *const ns = detail->source.ns, *const parent = ns->parent.ns;
	_cleanup_text_ struct text text = {0};

	if (!parent || ns->owner_uid_state != REL_KNOWN)
		return;
	text_init_within(&text, DETAIL_TEXT_MAX);
	words_ns(text.out, parent);
	new_line(detail);
	detail_add_ref(
	        detail, 0, DETAIL_GAP, "all count also in ", text_get(&text), detail_to_ns(parent));
	text_restart(&text);
	if (ns->owner_name)
		escape_write_name(text.out, ns->owner_name, 0);
	else
		words_user(text.out, ns->owner_uid, detail->source.names);
	detail_add(detail, 0, "for ", text_get(&text));
}

/* Most user namespaces have no limit, and then one line says so. */
void page_limits_write(struct detail *detail, const struct ns_limit *limits)
{
	struct limits *const all = limits_new(detail->source.model);
	const int error = common_error(limits);
	struct limits_counts counts;
	bool has_one = false;

	for (enum nstype type = 0; type < NS_TYPES; type++)
		has_one |= !is_default(&limits[type]);
	limits_count(all, detail->source.ns, &counts);
	limits_free(all);
	detail_new_fact(detail, "limits");
	if (error)
		detail_add(detail, 0, "not known: ", reason(detail, error));
	else if (!has_one)
		detail_add(detail, 0, "", "none of its own");
	else
		write_types(detail, &counts, limits);
	write_above(detail);
	limits_release(&counts);
}
