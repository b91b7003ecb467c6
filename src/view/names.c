/* SPDX-License-Identifier: Apache-2.0 */
#include "view/names.h"

#include "base/memory.h"

#include <stdlib.h>

enum name_state {
	NAME_UNKNOWN, /* not requested */
	NAME_REQUESTED,
	NAME_FAILED,
	NAME_SETTLED,
	NAME_STATES,
};

struct user {
	uid_t uid;
	enum name_state state;
	char *name; /* if it is settled; NULL: that user has none */
};

struct names {
	struct u64_map uids;
	struct user *users; /* by the indexes of `uids` */
	size_t capacity;
	size_t n[NAME_STATES]; /* users of each state */
};

struct names *names_new(void)
{
	return memory_new(sizeof(struct names));
}

void names_free(struct names *names)
{
	if (!names)
		return;
	for (size_t i = 0; i < names->uids.n; i++)
		free(names->users[i].name);
	free(names->users);
	u64_map_release(&names->uids);
	free(names);
}

/* A new user is NAME_UNKNOWN. */
static struct user *add_user(struct names *names, uid_t uid)
{
	bool is_new;
	const size_t i = u64_map_add(&names->uids, uid, &is_new);

	names->users = memory_grow(names->users, &names->capacity, i + 1, sizeof(*names->users));
	if (is_new) {
		names->users[i] = (struct user){.uid = uid};
		names->n[NAME_UNKNOWN]++;
	}
	return &names->users[i];
}

static void set_state(struct names *names, struct user *user, enum name_state state)
{
	names->n[user->state]--;
	names->n[state]++;
	user->state = state;
}

bool names_request(struct names *names, uid_t uid)
{
	struct user *user = add_user(names, uid);

	if (user->state != NAME_UNKNOWN)
		return false;
	set_state(names, user, NAME_REQUESTED);
	return true;
}

void names_add(struct names *names, uid_t uid, const char *name)
{
	char *copy = name ? memory_strdup(name) : NULL;
	struct user *user = add_user(names, uid);

	free(user->name);
	user->name = copy;
	set_state(names, user, NAME_SETTLED);
}

bool names_fail(struct names *names, uid_t uid)
{
	struct user *user = add_user(names, uid);

	if (user->state >= NAME_FAILED)
		return false;
	set_state(names, user, NAME_FAILED);
	return true;
}

void names_add_model(struct names *names, const struct model *model)
{
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		if (ns->owner_name && ns->owner_uid_state == REL_KNOWN)
			names_add(names, ns->owner_uid, ns->owner_name);
	}
}

static void add_uids_of(struct u64_set *set, const struct model *model)
{
	u64_set_push(set, model->host.euid);
	for (size_t i = 0; i < model->n_namespaces; i++)
		u64_set_push(set, model->namespaces[i]->owner_uid);
	for (size_t i = 0; i < model->n_processes; i++)
		u64_set_push(set, model->processes[i]->uid);
	u64_set_sort_unique(set);
}

void names_forget_failed(struct names *names, const struct model *model)
{
	struct u64_set there = {0};

	if (names->n[NAME_FAILED] == 0)
		return;
	add_uids_of(&there, model);
	for (size_t i = 0; i < names->uids.n; i++) {
		struct user *user = &names->users[i];

		if (user->state == NAME_FAILED && !u64_set_has(&there, user->uid))
			set_state(names, user, NAME_UNKNOWN);
	}
	u64_set_release(&there);
}

static const struct user *find(const struct names *names, uid_t uid)
{
	size_t i;

	return u64_map_find(&names->uids, uid, &i) ? &names->users[i] : NULL;
}

const char *names_get(const struct names *names, uid_t uid)
{
	const struct user *user = find(names, uid);

	return user ? user->name : NULL;
}

bool names_is_settled(const struct names *names, uid_t uid)
{
	const struct user *user = find(names, uid);

	return user && user->state == NAME_SETTLED;
}

size_t names_n_failed(const struct names *names)
{
	return names->n[NAME_FAILED];
}

void names_get_failed(const struct names *names, struct u64_set *ret)
{
	for (size_t i = 0; i < names->uids.n; i++) {
		if (names->users[i].state == NAME_FAILED)
			u64_set_push(ret, names->users[i].uid);
	}
	u64_set_sort(ret);
}

bool names_is_missing(const struct names *names)
{
	return names->n[NAME_REQUESTED] + names->n[NAME_FAILED] > 0;
}
