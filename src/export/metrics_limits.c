/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics of the limits of user namespaces. A new one has the limit LIMITS_DEFAULT of each type,
 * which no user can reach: only lower ones are written, and not of more user namespaces and users
 * than here, however many there are. */
#include "export/metrics_limits.h"

#include "base/memory.h"
#include "model/limits.h"
#include "model/ns_facts.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
	USER_NAMESPACES_MAX = 64, /* those with the users nearest to a limit */
	USERS_MAX = 16,           /* of a type: those with most */
};

struct limited {
	const struct ns *ns;
	const struct ns_limit *limits;
	struct limits_counts counts;
	double nearness; /* of the type where it is greatest; 1: a limit may be reached */
};

/* All that has limits. */
struct limited_list {
	struct limited *all; /* the nearest ones, by inode */
	size_t n, capacity;
	size_t n_lowered, n_none, n_unknown; /* user namespaces of the model */
};

/* --- which user namespaces -------------------------------------------------------------------- */

static bool is_lowered(const struct ns_limit *limit)
{
	return limit->is_known && limit->max < LIMITS_DEFAULT;
}

static const struct ns_limit *limits_of(const struct ns *ns)
{
	return ns->facts && !ns->facts->error ? ns->facts->user.limits : NULL;
}

static double nearness_of(const struct limited *limited)
{
	double nearness = 0;

	for (enum nstype type = 0; type < NS_TYPES; type++) {
		const uint64_t max = limited->limits[type].max;
		const struct limits_user *user;
		uint64_t n = limited->counts.unknown[type];

		if (!is_lowered(&limited->limits[type]))
			continue;
		if (limits_top(&limited->counts, type, &user, 1) > 0)
			n += user->counted[type];
		nearness = MAX(nearness, (double)n / (double)(max > 0 ? max : 1));
	}
	return nearness;
}

static void add_limited(struct limited_list *list, const struct limits *limits, const struct ns *ns)
{
	const struct ns_limit *const own = limits_of(ns);
	size_t n_lowered = 0, n_known = 0;

	for (enum nstype type = 0; own && type < NS_TYPES; type++) {
		n_lowered += is_lowered(&own[type]);
		n_known += own[type].is_known;
	}
	list->n_lowered += n_lowered > 0;
	list->n_none += n_lowered == 0 && n_known > 0;
	list->n_unknown += n_known == 0;
	if (n_lowered == 0)
		return;
	struct limited *const new = &MEMORY_APPEND(list->all, list->n, list->capacity);
	*new = (struct limited){.ns = ns, .limits = own};
	limits_count(limits, ns, &new->counts);
	new->nearness = nearness_of(new);
}

static int by_nearness(const void *a, const void *b)
{
	const struct limited *const left = a, *const right = b;

	if (left->nearness != right->nearness)
		return left->nearness > right->nearness ? -1 : 1;
	return COMPARE(left->ns->inode, right->ns->inode);
}

static int by_inode(const void *a, const void *b)
{
	const struct limited *const left = a, *const right = b;

	return COMPARE(left->ns->inode, right->ns->inode);
}

static void find_limited(const struct model *model, struct limited_list *ret)
{
	struct limits *const limits = limits_new(model);

	*ret = (struct limited_list){0};
	for (size_t i = 0; i < model->n_namespaces; i++) {
		if (model->namespaces[i]->type == NS_USER)
			add_limited(ret, limits, model->namespaces[i]);
	}
	limits_free(limits);
	if (ret->n > USER_NAMESPACES_MAX)
		qsort(ret->all, ret->n, sizeof(*ret->all), by_nearness);
	while (ret->n > USER_NAMESPACES_MAX)
		limits_release(&ret->all[--ret->n].counts);
	if (ret->n > 0)
		qsort(ret->all, ret->n, sizeof(*ret->all), by_inode);
}

static void release_limited(struct limited_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		limits_release(&list->all[i].counts);
	free(list->all);
}

/* --- samples ---------------------------------------------------------------------------------- */

/* Calls `write` for each limit that is written. */
static void for_each(FILE *out, const struct limited_list *list,
        void (*write)(FILE *out, const struct limited *limited, enum nstype type))
{
	for (size_t i = 0; i < list->n; i++) {
		for (enum nstype type = 0; type < NS_TYPES; type++) {
			if (is_lowered(&list->all[i].limits[type]))
				write(out, &list->all[i], type);
		}
	}
}

static void write_limit(FILE *out, const struct limited *limited, enum nstype type)
{
	fprintf(out,
	        "nsbrowse_user_namespace_limit{user_namespace=\"%" PRIu64 "\",type=\"%s\"} %" PRIu64
	        "\n",
	        limited->ns->inode, nstype_name(type), limited->limits[type].max);
}

static void write_user(
        FILE *out, const struct limited *limited, enum nstype type, const struct limits_user *user)
{
	fprintf(out,
	        "nsbrowse_user_namespace_counted_at_least{user_namespace=\"%" PRIu64
	        "\",type=\"%s\",uid=\"%" PRIu32 "\"} %" PRIu64 "\n",
	        limited->ns->inode, nstype_name(type), (uint32_t)user->uid, user->counted[type]);
}

static void write_users(FILE *out, const struct limited *limited, enum nstype type)
{
	const struct limits_user *users[USERS_MAX];
	const size_t n = limits_top(&limited->counts, type, users, USERS_MAX);

	for (size_t i = 0; i < MIN(n, (size_t)USERS_MAX); i++)
		write_user(out, limited, type, users[i]);
}

static void write_unknown(FILE *out, const struct limited *limited, enum nstype type)
{
	fprintf(out,
	        "nsbrowse_user_namespace_creator_unknown{user_namespace=\"%" PRIu64
	        "\",type=\"%s\"} %" PRIu64 "\n",
	        limited->ns->inode, nstype_name(type), limited->counts.unknown[type]);
}

void metrics_limits_write(FILE *out, const struct model *model)
{
	static const char limits[] = "nsbrowse_user_namespaces_limits";
	struct limited_list list;

	find_limited(model, &list);
	metrics_limits_begin(
	        out, limits, "User namespaces by whether any of their limits is lowered.");
	fprintf(out, "%s{state=\"lowered\"} %zu\n", limits, list.n_lowered);
	fprintf(out, "%s{state=\"none\"} %zu\n", limits, list.n_none);
	fprintf(out, "%s{state=\"unknown\"} %zu\n", limits, list.n_unknown);
	metrics_limits_begin(out, "nsbrowse_user_namespace_limit",
	        "Namespaces that each user may have in that user namespace, if that is lowered.");
	for_each(out, &list, write_limit);
	metrics_limits_begin(out, "nsbrowse_user_namespace_counted_at_least",
	        "Namespaces that are seen to count towards that limit for that user.");
	for_each(out, &list, write_users);
	metrics_limits_begin(out, "nsbrowse_user_namespace_creator_unknown",
	        "Namespaces that count towards that limit for users who are not known.");
	for_each(out, &list, write_unknown);
	release_limited(&list);
}
