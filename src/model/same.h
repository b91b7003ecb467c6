/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

/* True if two models of a host show the same: the same namespaces (with their tags), processes,
 * containers, notes, and what is known of them. Not compared: the time of the scan; whether a
 * process runs or sleeps (R, S, D, I of proc_pid_stat(5)), which changes all the time; facts of
 * namespaces (ns.facts). Linear. */
bool same_models(const struct model *a, const struct model *b);

/* True if both strings are the same, or both are NULL. */
bool same_texts(const char *a, const char *b);

/* The same for lists of strings that end with NULL, such as process.cmdline. */
bool same_arguments(const char *const *a, const char *const *b);

/* True if two states of proc_pid_stat(5) are the same, or both are of a process that runs or
 * sleeps. */
bool same_states(char a, char b);
