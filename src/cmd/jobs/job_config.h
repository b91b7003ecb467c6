/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "privsep/helper.h"

#include <stddef.h>

/* The helper's jobs that read and write the config file, as the caller:
 * $XDG_CONFIG_HOME/nsbrowse/config, without that ~/.config/nsbrowse/config. Neither may be below
 * where we were started. Under sudo the environment is root's, so that the file is below the
 * caller's home in any case. */

enum { CONFIG_BYTES = 16 * 1024 };

/* What was read. */
struct config_file {
	char path[4096];
	char error[160]; /* our own words, or "" */
	size_t len;      /* 0 also when there is none */
	char text[CONFIG_BYTES];
};

/* The rows of the table of jobs. The answers are struct config_file, and struct saved (jobs.h). */
int job_config_read_run(const struct helper_request *request, int answer);
int job_config_write_run(const struct helper_request *request, int answer);
#define JOB_CONFIG_READ_ROW                                                                        \
	{                                                                                          \
		"read options", 2000, job_config_read_run                                          \
	}
#define JOB_CONFIG_WRITE_ROW                                                                       \
	{                                                                                          \
		"write options", 20000, job_config_write_run                                       \
	}
