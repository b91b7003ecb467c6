/* SPDX-License-Identifier: Apache-2.0 */

/* The page in the detail pane as text, to copy or to save, with the host, the time and what the
 * view lacks. */

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/app/screens.h"
#include "view/mount_words.h"
#include "view/partial.h"
#include "view/words.h"
#include "view/words_container.h"
#include "view/words_pin.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TEXT_COLUMNS = 100 }; /* of the facts; the pane may be narrower */

void page_text_write_title(FILE *out, const struct app *app)
{
	const struct node *node = tree_selected(&app->tree);

	if (app->detail.page.kind == TARGET_PROCESS)
		fprintf(out, "process %jd", (intmax_t)app->detail.page.pid);
	else if (node && node->ns)
		words_ns(out, node->ns);
	else if (node && node->mount)
		mount_words_name(out, node->mount);
	else if (node && node->container)
		words_container(out, node->container);
	else if (node && node->group)
		words_container_line(out, node);
	else if (node)
		words_pin_heading(out, node);
}

static void write_reason(void *out, const char *line)
{
	fprintf(out, "%s\n", line);
}

/* `process 93 of db7, 2026-11-23 15:04:00 UTC`, and why the view is partial. */
static void write_header(FILE *out, const struct app *app, const struct detail_source *source)
{
	const struct model *model = source->model;
	const time_t taken = (time_t)model->host.taken;
	_cleanup_free_ char *host = escape_name(model->host.name);
	char when[64] = "";
	struct tm tm;

	page_text_write_title(out, app);
	fprintf(out, "%s%s", *host ? " of " : "", host);
	if (gmtime_r(&taken, &tm) && strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm) > 0)
		fprintf(out, ", %s UTC", when);
	fputc('\n', out);
	partial_lines(model, partial_reasons_of_file(model, app->names), write_reason, out);
	if (app->is_live && source->process && !source->facts)
		fputs("partial view: credentials and limits were not read yet\n", out);
}

bool page_text_lacks_cmdlines(const struct app *app)
{
	return state_shows_cmdlines(app) && !app->saves_cmdlines;
}

/* It is copied and saved, so it has command lines only if files do. NULL if nothing is selected;
 * the caller frees. */
static char *make(const struct app *app)
{
	const struct node *node = tree_selected(&app->tree);
	struct detail detail;
	struct text text, ascii;

	if (!node)
		return NULL;
	struct detail_source source = detail_pane_source(app, node);
	source.columns = MAX(source.columns, (int)TEXT_COLUMNS);
	source.is_text = true;
	source.with_cmdlines &= app->saves_cmdlines;
	detail_build(&detail, &source);
	text_init(&text);
	write_header(text.out, app, &source);
	detail_write(text.out, &detail);
	detail_release(&detail);
	if (!app->is_ascii)
		return text_take(&text);
	text_init(&ascii);
	text_get(&text);
	escape_write_ascii(ascii.out, text.bytes, text.len);
	text_release(&text);
	return text_take(&ascii);
}

/* Terminals ignore a longer text for the clipboard, or take only its start. */
enum { COPY_MAX = 64 * 1024 };

static size_t count_lines(const char *text)
{
	size_t n = 0;

	for (; (text = strchr(text, '\n')); text++)
		n++;
	return n;
}

/* Cuts the text behind the last line that ends within COPY_MAX bytes. */
static void cut(char *text)
{
	const char *end = memrchr(text, '\n', COPY_MAX);

	text[end ? end + 1 - text : 0] = '\0';
}

unsigned page_text_copy(struct app *app, _unused_ long argument)
{
	const char *lacks =
	        page_text_lacks_cmdlines(app) ? ", without command lines (--cmdline)" : "";
	char *page = make(app);
	_cleanup_text_ struct text title;

	text_init(&title);
	if (!page)
		return state_inform(app, "nothing to copy here");
	page_text_write_title(title.out, app);
	const size_t n = count_lines(page);
	if (strlen(page) > COPY_MAX)
		cut(page);
	const size_t copied = count_lines(page);
	free(app->copied);
	app->copied = page;
	return EFFECT_COPY |
	       state_say(app, false,
	               copied < n ? memory_printf("copied %zu of %zu lines of %s (w saves all)%s",
	                                    copied, n, text_get(&title), lacks)
	                          : memory_printf(
	                                    "copied: %s, %zu lines%s", text_get(&title), n, lacks));
}

unsigned page_text_save(struct app *app, _unused_ long argument)
{
	char *page = make(app);
	struct text title;

	if (!page)
		return state_inform(app, "nothing to save here");
	text_init(&title);
	page_text_write_title(title.out, app);
	return save_open_page(app, page, text_take(&title));
}
