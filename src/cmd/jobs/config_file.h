/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "privsep/helper.h"
#include "ui/pages/settings.h"

#include <stdbool.h>

/* The jobs that read and write the config file as the caller: $XDG_CONFIG_HOME/nsbrowse/config,
 * without that ~/.config/nsbrowse/config. A relative path is ignored. Under sudo(8) the environment
 * may be that of root, so then the file is below the home directory of the caller. */

extern const struct helper_job config_file_read_job, config_file_write_job;

/* Reads the file, and waits. Sets what it says, but for the settings in `is_given`. Writes errors
 * in it to standard error; they end nothing. Returns the first of them, raw, for the screen, which
 * the caller frees; or NULL. */
char *config_file_load(
        struct helper *helper, struct settings *settings, const bool is_given[static SETTINGS]);

/* Starts to write these settings to the file. The reply is read by save_finish. Returns as
 * helper_start_job. */
_must_check_ int config_file_start_write(
        struct helper *helper, const struct settings *settings, struct helper_pending *ret);
