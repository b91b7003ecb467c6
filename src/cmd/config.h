/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "privsep/helper.h"
#include "ui/pages/settings.h"

/* Sets what the caller's config file says, but for what is given, and says on standard error what
 * is wrong with it, which ends nothing. Returns the first of those lines, raw, for the screen; the
 * caller frees; NULL: all is well. */
char *config_load(
        struct helper *helper, struct settings *settings, const bool is_given[static SETTINGS]);
