/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Small models for the tests of view, export and ui. */

#include "model/builder.h"

#include <stdio.h>

#define FIXTURE_INITIAL_USER UINT64_C(4026531837)
#define FIXTURE_INITIAL_PID  UINT64_C(4026531836)

/* A user namespace owned by `uid`; without a parent the initial one. `name` may be NULL. */
struct ns *fixture_user(
        struct builder *builder, uint64_t inode, struct ns *parent, uid_t uid, const char *name);

/* A PID namespace; without a parent the initial one. */
struct ns *fixture_pid(
        struct builder *builder, uint64_t inode, struct ns *parent, const struct ns *owner);

struct ns *fixture_owned(
        struct builder *builder, enum nstype type, uint64_t inode, const struct ns *owner);

/* A process in `ns` (and in no other); its PID inside is the same. */
struct process *fixture_process(
        struct builder *builder, pid_t pid, const char *name, const struct ns *ns);

void fixture_hold_fd(struct builder *builder, const struct ns *ns, pid_t pid, int fd);
void fixture_hold_mount(struct builder *builder, const struct ns *ns, const char *path);

/* Fails the test if the model is refused. */
const struct model *fixture_freeze(struct builder *builder, const struct model *previous);

/* The namespaces in lsuserns(1) and lspidns(1) and one more each, not added in their order. */
const struct model *fixture_users(void);
const struct model *fixture_pids(void);

/* Namespaces without processes, owned ones, several owners. */
const struct model *fixture_rich(void);

/* 10,000 namespaces (5,000 user and as many PID) and processes, five levels deep. */
const struct model *fixture_large(void);

/* The same with `n` namespaces, half of each type. */
const struct model *fixture_many(unsigned n);

/* One user namespace in another, `depth` of them. */
const struct model *fixture_chain(unsigned depth);

/* A user and a PID namespace with a leader and an owner of that raw name, a third that a mount of
 * that path holds, and a host of that name. */
const struct model *fixture_hostile(const char *raw);

/* Names as an attacker would choose them; ends with NULL. */
extern const char *const fixture_hostile_names[];

/* A stream into memory. */
struct fixture_text {
	FILE *file;
	char *text;
	size_t len;
};

void fixture_text_begin(struct fixture_text *text);

/* Closes it; the caller frees `text`. */
char *fixture_text_end(struct fixture_text *text);

/* Milliseconds of CPU time of this thread. */
double fixture_cpu_ms(void);
