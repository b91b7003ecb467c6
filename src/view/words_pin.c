/* SPDX-License-Identifier: Apache-2.0 */
#include "view/words_pin.h"

#include "base/escape.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void write_type(FILE *out, enum nstype type)
{
	if (type == NS_PID)
		fputs("PID", out);
	else
		fputs(nstype_name(type), out);
}

const char *words_pin_state(const struct ns_pin *pin)
{
	static const char *const words[PIN_STATES] = {
	        [PIN_NO_PROCESS] = "no process",
	        [PIN_COVERED] = "not known if it has a process: other mounts hide this one",
	        [PIN_PART] = "not known if it has a process: only a part of proc is mounted",
	        [PIN_SLOW] = "not known if it has a process: the path may wait for a server",
	};

	return words[pin->state];
}

/* `held by proc mount /x in mnt:[4026532583]`. */
static void write_held(FILE *out, const struct ns_pin *pin)
{
	fputs("held by ", out);
	escape_write_name(out, pin->by, 0);
	fputc(' ', out);
	escape_write_name(out, pin->path, 0);
	fprintf(out, " in %s:[%" PRIu64 "]", nstype_name(NS_MNT), pin->mnt);
	if (pin->n_mounts > 1)
		fprintf(out, " and %zu more", pin->n_mounts - 1);
}

void words_pin(FILE *out, const struct ns_pin *pin)
{
	write_type(out, pin->type);
	fputs(" namespace (no number), ", out);
	write_held(out, pin);
	if (pin->state != PIN_NO_PROCESS)
		fprintf(out, "; %s", words_pin_state(pin));
}

void words_pin_heading(FILE *out, const struct node *node)
{
	if (node->pin)
		words_pin(out, node->pin);
	else
		fputs(node_heading(node), out);
}

char *words_pin_find(const struct ns_pin *pin, const struct needle *needle)
{
	struct text text;
	size_t start, len;
	char *line;

	text_init(&text);
	words_pin(text.out, pin);
	line = text_take(&text);
	if (needle_find(needle, line, strlen(line), 0, &start, &len))
		return line;
	free(line);
	return NULL;
}

bool words_pin_has(const struct ns_pin *pin, const char *query)
{
	struct needle needle = {0};
	char *line;

	needle_set(&needle, NEEDLE_TEXT, query);
	line = words_pin_find(pin, &needle);
	needle_release(&needle);
	free(line);
	return line != NULL;
}
