/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"
#include "view/needle.h"
#include "view/node.h"

#include <stdio.h>

/* `PID namespace (no number), held by proc mount /x in mnt:[4026532583]`; how many other mounts
 * there are of it; and, if it is not known that it has no process, why. */
void words_pin(FILE *out, const struct ns_pin *pin);

/* `no process`, or why that is not known. */
const char *words_pin_state(const struct ns_pin *pin);

/* The text of a line of node_is_heading. */
void words_pin_heading(FILE *out, const struct node *node);

/* The text of words_pin if it has the needle (the caller frees it), else NULL; and whether it has.
 */
char *words_pin_find(const struct ns_pin *pin, const struct needle *needle);
bool words_pin_has(const struct ns_pin *pin, const char *query);
