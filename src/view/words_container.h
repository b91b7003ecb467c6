/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"
#include "view/names.h"

#include <stdio.h>

/* The words for containers in every output: escaped text, as those of words.h. */

/* Its name, else its kind and short id: `web`, `docker 9e1987cf07ac`, `lxc web`; of a pod `web in
 * shop (pod)`, `kubernetes 9e1987cf07ac in pod 8f1c2d3e`, `sandbox of shop (pod)`; of a unit or
 * session `nginx.service`. If its file does not fit it, ` (unverified)` follows. */
void words_container(FILE *out, const struct container *container);

/* The name of its pod, else the first digits of its id: `shop (pod)`, `pod 8f1c2d3e`; nothing if it
 * is in none. */
void words_container_pod(FILE *out, const struct container *container);

/* On whose word it is what it says: `root`, `user harald says`, `inside web says` (the outer one),
 * `unverified` (its file does not fit it), `unknown` (the owner of the control group could not be
 * read). `names` may be NULL. */
void words_container_trust(FILE *out, const struct container *container, const struct names *names);
