/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

/* Names of users, as far as they are known by now. Looking them up is somebody else's work (the
 * helper's: it may block); here they are kept. For a snapshot the names are the snapshot's. */

struct names;

struct names *names_new(void);
void names_free(struct names *names);

/* Learns the owner_name of every user namespace in the model (one loaded from a snapshot). */
void names_learn_model(struct names *names, const struct model *model);

/* Learns that `uid` is called `name`; NULL: it has none. `name` is copied. */
void names_learn(struct names *names, uid_t uid, const char *name);

/* The raw name, NULL when it has none or it is not known. */
const char *names_get(const struct names *names, uid_t uid);

/* True once names_learn has said something of it, be it that it has no name. */
bool names_is_settled(const struct names *names, uid_t uid);
