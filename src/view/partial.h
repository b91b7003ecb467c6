/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/names.h"

#include <stdio.h>

/* What a partial view may lack, and why: the reasons of enum partial with their text, for standard
 * error, the page of problems, and the titles of SVG and DOT. */

/* The reasons why a view is partial, as bits (1 << PARTIAL_*): those of the model, and
 * PARTIAL_NAMES if the look-up of a name failed. `names` may be NULL. */
uint32_t partial_reasons(const struct model *model, const struct names *names);

/* The same of a file, which does not change any more: a name that has not come yet is missing. */
uint32_t partial_reasons_of_file(const struct model *model, const struct names *names);

/* Writes a line, `partial view: TEXT`, for each of the reasons; `write` gets it without newline,
 * valid during the call. */
void partial_lines(const struct model *model, uint32_t reasons,
        void (*write)(void *data, const char *line), void *data);

/* Whether root could read more: not if the program ran as root, nor inside a user namespace, where
 * even root may not read what is outside, and where no ID may be that of root. */
bool partial_is_less_for_root(const struct host *host);

/* That sockets were not searched, so that a network namespace which only they hold may be missing,
 * and the option that searches them, on the screen or of the command line: a static string; NULL:
 * they were. A source that is left out does not make the view partial. */
const char *partial_unsearched(const struct model *model, bool is_screen);

/* What follows a count of what was found: "+" if there may be more, else "". `ns` is the namespace
 * to which the count belongs; NULL: the whole host. `model` may be NULL: then "". The processes and
 * children of PID namespaces below that of the scan are all counted, if it lacks only processes
 * outside that one. */
const char *partial_plus(const struct model *model, const struct ns *ns);
