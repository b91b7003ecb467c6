/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

/* The names of users that are known. The helper looks them up, since that may block (getpwuid(3)).
 * For a snapshot they are those in the snapshot. */

struct names;

struct names *names_new(void);
void names_free(struct names *names);

/* Stores the owner_name of every user namespace of a model from a snapshot. */
void names_add_model(struct names *names, const struct model *model);

/* Stores the name of `uid`; NULL: it has none. `name` is copied. */
void names_add(struct names *names, uid_t uid, const char *name);

/* The name, not escaped; NULL if there is none or it is not known. */
const char *names_get(const struct names *names, uid_t uid);

/* True after names_add for `uid`, also if it has no name. */
bool names_is_settled(const struct names *names, uid_t uid);
