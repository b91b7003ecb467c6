/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"
#include "view/names.h"

#include <stdio.h>

/* The words in which every output speaks of a namespace. They write escaped text (base/escape.h)
 * to a stream; errors stay in the stream. `names` may be NULL: then the names are those that the
 * snapshot has. */

/* `user:[4026531837]`. */
void words_ns(FILE *out, const struct ns *ns);

/* `root (0)`, `4711 (4711)`, `unknown`: the user who owns the user namespace `ns`. NULL reads as
 * unknown. */
void words_owner_user(FILE *out, const struct ns *ns, const struct names *names);

/* The user whose namespace this is: of a user namespace its owner's, of another type the owner's
 * of the user namespace that owns it. Just the name, or the number without one, `?` if unknown. */
void words_owner_short(FILE *out, const struct ns *ns, const struct names *names);

/* `systemd (1)`: the leader; without a process what holds it, the first that holds it, `held by fd
 * 7 of bash (1468)`; `no process` if nothing is known to. */
void words_leader(FILE *out, const struct model *model, const struct ns *ns);

/* `fd 5 of podman (1402)`, `mount /run/ns/u1`, `thread 1470 of bash (1468)`, `child user:[N]`,
 * `owned net:[N]`, `children-to-be of bash (1468)`, `socket fd 9 of bash (1468)`. A process that
 * is not in the model is `PID 1468`. */
void words_holder(FILE *out, const struct model *model, const struct holder *holder);

/* All that keeps it alive, on one line: `2 processes; fd 5 of podman (1402); mount /run/ns/u1`.
 * At most `most` holders one by one, then `and N more`. `nothing known` when there is none. */
void words_held_by(FILE *out, const struct model *model, const struct ns *ns, size_t most);

/* One line as lsuserns and lspidns print it, without indent and newline (interface.md 4):
 * `user:[4026532465] process "firefox" owner foobar (1000)`; owned namespaces (no hierarchy, or
 * below a user namespace) end after the process, or say what holds them: the first, then `and N
 * more`. */
void words_line(FILE *out, const struct model *model, const struct ns *ns, bool is_owned,
        const struct names *names);

/* The same without `user:[4026532465]` and the blank behind it. */
void words_line_rest(FILE *out, const struct model *model, const struct ns *ns, bool is_owned,
        const struct names *names);

/* The words over several tops, where the namespaces above them cannot be seen. */
#define WORDS_OUTSIDE "(outside this view)"

/* The words for a relation that is not known: `none (initial)`, `outside this view`,
 * `permission denied (run as root)`, ... */
const char *words_state(enum rel_state state);
