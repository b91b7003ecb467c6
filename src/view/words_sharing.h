/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/sharing.h"

#include <stdio.h>

/* The words for enum sharing (sharing.h), as escaped text. */

/* `own`, `own, as far as visible`, `the host's`, `shared with 3 containers of pod web`, `shared
 * with docker 9e1987cf07ac`, `unknown`: the namespace of a container. */
void words_sharing(
        FILE *out, const struct model *model, const struct container *container, enum nstype type);

/* The same of a process. */
void words_sharing_process(
        FILE *out, const struct model *model, const struct process *process, enum nstype type);

/* `3 containers of pod web`, `docker 9e1987cf07ac`, `3 containers`: all in the list, at least
 * one. */
void words_sharing_list(FILE *out, const struct sharing_list *list);
