/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/pages/settings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The text of a config file: `key = value` a line, blanks around them, `#` and what follows it is
 * a comment. The keys are the settings. Pure: the file itself is cmd/'s. */

/* What is wrong with line `line` (from 1): `what` is what stands there, raw, or NULL; `why` is our
 * own words. */
typedef void config_complain_fn(void *data, unsigned line, const char *what, const char *why);

/* Sets what the text says, except what `is_given`; the last line of a key counts. A line that is
 * not understood is complained of, and changes nothing. */
void config_read(const char *text, size_t len, struct settings *settings,
        const bool is_given[static SETTINGS], config_complain_fn *complain, void *data);

/* Writes the text anew so that it says `settings`: lines that say so already, comments and what is
 * not understood stay as they are, and keys that are missing follow, each with what it means. */
void config_write(FILE *out, const char *text, size_t len, const struct settings *settings);
