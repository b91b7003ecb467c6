/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"
#include "view/names.h"

#include <stdio.h>

/* The words for namespaces, processes and their holders in every output. The functions write
 * escaped text (base/escape.h) to a stream; errors stay in the stream. `names` may be NULL: then
 * the names of the snapshot are used. */

/* `user:[4026531837]`. */
void words_ns(FILE *out, const struct ns *ns);

/* The words for a user or group that the user namespace of the scan does not map. */
#define WORDS_UNMAPPED "not mapped here"

/* Writes `not mapped here`, or `65534 or not mapped here` for an ambiguous ID, and returns true;
 * for another state nothing, and returns false. */
bool words_unmapped(FILE *out, enum rel_state state, uint32_t id);

/* `root (0)`, `4711 (4711)`, `not mapped here`, `unknown`: the user who owns the user namespace
 * `ns`; NULL: unknown. */
void words_owner_user(FILE *out, const struct ns *ns, const struct names *names);

/* The owner in a box: of a user namespace `harald (1000)`, of another one `user:[4026531837]`;
 * `unknown`. */
void words_owner(FILE *out, const struct ns *ns, const struct names *names);

/* The user who owns the namespace: of another type than user the owner of the user namespace that
 * owns it. The name, or the number if there is none, `not mapped here`, `?` if unknown. */
void words_owner_short(FILE *out, const struct ns *ns, const struct names *names);

/* `no process`: what is said of a namespace without one; `no process known` in a view that may lack
 * some (partial_plus). */
const char *words_no_process(const struct model *model, const struct ns *ns);

/* Of a namespace that only the list of the kernel has (is_listed_only). */
#define WORDS_LISTED "listed by the kernel"

/* The same, and `no process; listed by the kernel` if only that is known of what keeps it. */
const char *words_no_holder(const struct model *model, const struct ns *ns);

/* `nothing known`: what keeps such a namespace alive; `nothing known; listed by the kernel`. */
const char *words_nothing_known(const struct ns *ns);

/* The name of a network namespace, raw: the last component of the first path `.../netns/NAME` at
 * which it is mounted, `blue`, `cni-8f1c...`; NULL if there is none, and for other types. */
const char *words_net_name(const struct ns *ns);

/* `systemd (1)`: the leader, of a network namespace with a name `blue: nginx (4021)`; without a
 * process the first holder, `held by fd 7 of bash (1468)`; words_no_holder if no holder is known.
 */
void words_leader(FILE *out, const struct model *model, const struct ns *ns);

/* `fd 5 of podman (1402)`, `fd 5 of thread 43 of python3 (1)` if only that thread has it, `mount
 * /run/ns/u1`, `thread 1470 of bash (1468)`, `child user:[N]`, `owned net:[N]`, `link for children
 * of bash (1468)`, `socket fd 9 of bash (1468)`. A process that is not in the model is `PID 1468`.
 */
void words_holder(FILE *out, const struct model *model, const struct holder *holder);

/* The index behind the last holder of the group of number `first`: of a namespace the mounts at the
 * same path, and at least WORDS_HOLDER_GROUP_MIN descriptors, sockets or threads of one process;
 * any other holder is a group of its own. */
size_t words_holder_group_end(const struct ns *ns, size_t first);

enum { WORDS_HOLDER_GROUP_MIN = 4 };

/* Writes a group: `mount /run/netns/blue in 14 mount namespaces`, `fds 5, 6, 7 and 11 more of bash
 * (1468)`. With `+` behind a number if the view may lack some (partial_plus). */
void words_holder_group(
        FILE *out, const struct model *model, const struct ns *ns, size_t first, size_t end);

/* `2 fds`, `14 mounts of 1 path`: numbers `first` to `end` - 1, which are of the same kind. */
void words_holder_count(
        FILE *out, const struct model *model, const struct ns *ns, size_t first, size_t end);

/* The words for a group of similar namespaces (pair_plan.h) without processes, of which `ns` is
 * one: `held by mounts`, `no process`, and the like of words_no_holder. */
void words_holders_alike(FILE *out, const struct model *model, const struct ns *ns);

/* `2`: the ancestors of a user or PID namespace; `2+` if there are more outside of the view. */
void words_depth(FILE *out, const struct ns *ns);

/* `70 processes`, `1 process`; in a view that may lack some `70+ processes` (partial_plus). */
void words_n_processes(FILE *out, const struct model *model, const struct ns *ns);

/* Everything that keeps it alive, on one line: `70 processes; fd 5 of podman (1402); mount
 * /run/ns/u1; 9 children; 27 owned namespaces`. At most `most` holders or groups of holders
 * (words_holder_group), then `and N more`. Children and owned namespaces are counted, unless there
 * is just one: `child pid:[N]`. words_nothing_known when there is nothing. */
void words_held_by(FILE *out, const struct model *model, const struct ns *ns, size_t most);

/* One line as lsuserns and lspidns print it, without indent and newline:
 * `user:[4026532465] process "firefox" owner foobar (1000)`; `process ?` if its name could not be
 * read; a network namespace with a name begins with that, `name "blue" process "nginx"`; owned
 * namespaces (no hierarchy, or below a user namespace) end after the process, or name what holds
 * them: the first, then `and N more`. */
void words_line(FILE *out, const struct model *model, const struct ns *ns, bool is_owned,
        const struct names *names);

/* The same without `user:[4026532465]` and the blank behind it. */
void words_line_rest(FILE *out, const struct model *model, const struct ns *ns, bool is_owned,
        const struct names *names);

/* What --long appends to a line: ` pid 1374/1 processes 14 held by 2 fds, 1 mount`. The leader's
 * PID and the one it has in its own PID namespace, how many processes are in the namespace,
 * how many holders of each kind; zero is left out. ` listed by the kernel` if only that is known,
 * and words_line does not say so. */
void words_long(FILE *out, const struct model *model, const struct ns *ns, bool is_owned);

/* A line of the list of leaked namespaces (model_is_leaked), without `net:[4026532002]` and the
 * blank behind it: `owner user:[4026531837] root (0) held by mount /run/netns/blue; fd 5 of podman
 * (1402)`. */
void words_leaked_rest(
        FILE *out, const struct model *model, const struct ns *ns, const struct names *names);

/* `systemd`; `?` if it could not be read. */
void words_process_name(FILE *out, const struct process *process);

/* `systemd (1)`. */
void words_process(FILE *out, const struct process *process);

/* The name of a user, or the number if there is none. */
void words_user(FILE *out, uid_t uid, const struct names *names);

/* The user of a process: the name, or the number if there is none, `not mapped here`, `?` if
 * unknown. */
void words_process_user(FILE *out, const struct process *process, const struct names *names);

/* The same with the number: `root (0)`, `not mapped here`, `unknown`. */
void words_process_user_long(FILE *out, const struct process *process, const struct names *names);

/* A time, in seconds since 1970, shown `utc_offset` seconds east of UTC: `2026-11-23 10:15`, and
 * unless `is_long` only `10:15` if that is the day of the model, else `2026-11-23`. `unknown` for
 * 0. It is no age, so that it does not change with each refresh. */
void words_time(FILE *out, const struct host *host, int64_t seconds, long utc_offset, bool is_long);

/* The same for the start of a process; `unknown` if the model does not have it. */
void words_started(FILE *out, const struct host *host, const struct process *process,
        long utc_offset, bool is_long);

/* `mnt net pid`: the types of a mask (1 << NS_*). */
void words_types(FILE *out, unsigned types);

/* A line of the process tree, without the PID and the blank behind it: `"bash" user harald (1000)
 * differs net pid`, the last for those types in which its parent is in another namespace. */
void words_process_line_rest(
        FILE *out, const struct process *process, unsigned differs, const struct names *names);

/* What --long appends to that: ` pid 1500/12/1`, its PIDs from the outermost PID namespace to its
 * own, if there are several. */
void words_process_long(FILE *out, const struct process *process);

/* The words for a process of nsbrowse itself. */
#define WORDS_SELF "this program"

/* The words for a relation that is not known: `none (initial)`, `outside this view`, `could not be
 * read`, ... */
const char *words_state(enum rel_state state);

/* The words for an error (positive; 0: not known) that a note of this host has: `permission denied
 * (run as root)`, without the bracket if that does not help, `no answer in time`, ... Valid until
 * the next strerror(3). */
const char *words_error(const struct host *host, int error);

/* `980 B`, `4.2 KB`, `13 MB`: a number of bytes. */
void words_size(FILE *out, uint64_t size);

/* The words for a set of capabilities (capabilities(7)), one bit each: `none`, `all`, `net_admin
 * sys_admin`, `all but sys_module sys_rawio`; a bit without a name is its number. */
void words_capabilities(FILE *out, uint64_t set);
