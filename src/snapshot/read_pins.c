/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "snapshot/reader.h"

#include <limits.h>

/* A pin in the model, and twice in a growing list. */
enum { COST_PIN = 3 * sizeof(struct ns_pin) };

/* A state of a later program is one of those that are not known. */
static enum pin_state read_state(struct fields *f)
{
	const char *words[PIN_STATES];
	const struct json_span span = fields_value(f, "state");

	for (enum pin_state state = 0; state < PIN_STATES; state++)
		words[state] = pin_state_name(state);
	const unsigned state = fields_find_word(f, "state", &span, words, PIN_STATES);
	return state < PIN_STATES ? state : PIN_COVERED;
}

static int read_pin(struct reader *reader, const struct json_span *span)
{
	static const char *const keys[] = {
	        "type", "by", "path", "mnt", "dev", "state", "mounts", NULL};
	struct fields f = fields_of(reader, span, keys);
	const char *types[NS_TYPES];
	struct ns_pin pin = {0};

	for (enum nstype type = 0; type < NS_TYPES; type++)
		types[type] = nstype_name(type);
	pin.type = fields_word(&f, "type", types, NS_TYPES);
	pin.by = fields_text(&f, "by");
	pin.path = fields_text(&f, "path");
	pin.mnt = fields_number(&f, "mnt", 1, INT64_MAX);
	fields_device(&f, "dev", &pin.major, &pin.minor);
	pin.state = read_state(&f);
	pin.n_mounts = (size_t)fields_number(&f, "mounts", 1, UINT32_MAX);
	if (f.error)
		return f.error;
	builder_pin(reader->builder, &pin);
	return fields_charge(reader, span->start, COST_PIN);
}

int read_pins(struct reader *reader, const struct json_span *span)
{
	return fields_each(reader, span, read_pin);
}
