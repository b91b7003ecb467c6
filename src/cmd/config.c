/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/config.h"

#include "base/memory.h"
#include "base/message.h"
#include "cmd/jobs/jobs.h"
#include "ui/pages/settings.h"

enum { COMPLAINTS = 10 }; /* that are printed */

struct complaints {
	const char *path;
	unsigned n;
	char *first;
};

static void complain_about(struct complaints *complaints, const char *what, const char *why)
{
	if (++complaints->n > COMPLAINTS)
		return;
	message_error(what, why);
	if (!complaints->first)
		complaints->first = memory_printf("%s: %s", what, why);
}

static void complain(void *data, unsigned line, const char *what, const char *why)
{
	struct complaints *complaints = data;
	_cleanup_free_ char *where = memory_printf("%s:%u: %s", complaints->path, line, what);

	complain_about(complaints, where, why);
}

char *config_load(
        struct helper *helper, struct settings *settings, const bool is_given[static SETTINGS])
{
	_cleanup_free_ struct config_file *file = memory_new(sizeof(*file));
	struct complaints complaints = {.path = file->path};

	job_read_config_now(helper, file);
	if (*file->error)
		complain_about(&complaints, file->path, file->error);
	settings_read(file->text, file->len, settings, is_given, complain, &complaints);
	if (complaints.n > COMPLAINTS)
		message_line("%u more errors", complaints.n - COMPLAINTS);
	return complaints.first;
}
