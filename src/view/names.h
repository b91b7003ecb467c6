/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/u64.h"
#include "model/model.h"

/* The names of users, and which of them are missing. The helper looks them up, since that may block
 * (getpwuid(3)), and each look-up ends with names_add or names_fail. For a snapshot they are those
 * in the snapshot. */

struct names;

struct names *names_new(void);
void names_free(struct names *names);

/* Stores the owner_name of every user namespace of a model from a snapshot. */
void names_add_model(struct names *names, const struct model *model);

/* Notes that the name of `uid` is looked up. False: it is settled, or was requested before. */
bool names_request(struct names *names, uid_t uid);

/* Stores the name of `uid`; NULL: it has none. `name` is copied. */
void names_add(struct names *names, uid_t uid, const char *name);

/* Notes that the look-up failed: whether `uid` has a name is not known. False: that was noted
 * before, or the name is settled. */
bool names_fail(struct names *names, uid_t uid);

/* Forgets failed look-ups of users that are not in the model. */
void names_forget_failed(struct names *names, const struct model *model);

/* The name, not escaped; NULL if there is none or it is not known. */
const char *names_get(const struct names *names, uid_t uid);

/* True after names_add for `uid`, also if it has no name. */
bool names_is_settled(const struct names *names, uid_t uid);

/* The number of failed look-ups, and their UIDs: appended to *ret, sorted. */
size_t names_n_failed(const struct names *names);
void names_get_failed(const struct names *names, struct u64_set *ret);

/* True if a look-up failed or has not ended. */
bool names_is_missing(const struct names *names);
