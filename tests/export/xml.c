/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/export/xml.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "tests/unit.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static void expect(char **at, const char *token)
{
	const size_t len = strlen(token);

	if (strncmp(*at, token, len) != 0)
		fail_msg("expected %s at: %.60s", token, *at);
	*at += len;
}

static void skip_blanks(char **at)
{
	while (**at == ' ' || **at == '\n')
		++*at;
}

/* The name at `*at`, whose end the caller marks when it has read what comes next. */
static char *take_name(char **at)
{
	char *name = *at;

	while (isalnum((unsigned char)**at) || **at == ':' || **at == '-' || **at == '_')
		++*at;
	assert_ptr_not_equal(name, *at);
	return name;
}

static char entity(char **at)
{
	static const struct {
		const char *text;
		char character;
	} entities[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}};

	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
		const size_t len = strlen(entities[i].text);

		if (strncmp(*at, entities[i].text, len) == 0) {
			*at += len;
			return entities[i].character;
		}
	}
	fail_msg("unknown entity: %.20s", *at);
	return 0;
}

/* Text up to `end`, with its entities undone in place. */
static char *take_text(char **at, char end)
{
	char *text = *at;
	char *to = *at;

	while (**at != end) {
		const unsigned char c = (unsigned char)**at;

		if (c == '<' || (c < ' ' && c != '\n') || c == 0x7f)
			fail_msg("not in text: byte %u at: %.40s", c, *at);
		if (c == '&')
			*to++ = entity(at);
		else
			*to++ = *(*at)++;
	}
	if (to < *at)
		*to = '\0';
	return text;
}

static void take_attribute(struct xml_element *element, char **at)
{
	struct xml_attribute *attribute = &element->attributes[element->n_attributes];

	assert_uint_in_range(element->n_attributes, 0, XML_ATTRIBUTES - 1);
	attribute->name = take_name(at);
	char *end = *at;
	expect(at, "=\"");
	*end = '\0';
	attribute->value = take_text(at, '"');
	**at = '\0';
	++*at;
	assert_null(xml_get(element, attribute->name));
	element->n_attributes++;
}

/* From behind `<`. True if the element stays open. */
static bool take_start(struct xml *xml, size_t parent, char **at)
{

	xml->elements =
	        memory_grow(xml->elements, &xml->capacity, xml->n + 1, sizeof(*xml->elements));
	struct xml_element *element = &xml->elements[xml->n++];
	*element = (struct xml_element){.parent = parent, .text = ""};
	element->name = take_name(at);
	char *end = *at;
	skip_blanks(at);
	while (**at != '>' && **at != '/') {
		take_attribute(element, at);
		skip_blanks(at);
	}
	const bool is_open = **at == '>';
	expect(at, is_open ? ">" : "/>");
	*end = '\0';
	return is_open;
}

static void take_end(const struct xml_element *element, char **at)
{
	expect(at, "/");
	expect(at, element->name);
	expect(at, ">");
}

static void parse_document(struct xml *xml, char *at)
{
	size_t open = SIZE_MAX;

	expect(&at, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<");
	if (take_start(xml, 0, &at))
		open = 0;
	while (open != SIZE_MAX) {
		char *text = take_text(&at, '<');

		*at++ = '\0';
		if (*at == '/') {
			if (open == xml->n - 1)
				xml->elements[open].text = text;
			take_end(&xml->elements[open], &at);
			open = open == 0 ? SIZE_MAX : xml->elements[open].parent;
			continue;
		}
		if (take_start(xml, open, &at))
			open = xml->n - 1;
	}
	skip_blanks(&at);
	assert_int_equal(*at, '\0');
}

void xml_parse(struct xml *ret, char *bytes)
{
	*ret = (struct xml){.bytes = bytes};
	assert_true(utf8_is_valid(bytes, strlen(bytes)));
	parse_document(ret, bytes);
}

void xml_release(struct xml *xml)
{
	free(xml->elements);
	free(xml->bytes);
	*xml = (struct xml){0};
}

bool xml_is_named(const struct xml_element *element, const char *name)
{
	return strcmp(element->name, name) == 0;
}

const char *xml_get(const struct xml_element *element, const char *attribute)
{
	for (size_t i = 0; i < element->n_attributes; i++)
		if (strcmp(element->attributes[i].name, attribute) == 0)
			return element->attributes[i].value;
	return NULL;
}

bool xml_has(const struct xml_element *element, const char *attribute, const char *value)
{
	const char *own = xml_get(element, attribute);

	return own && strcmp(own, value) == 0;
}

int xml_number(const struct xml_element *element, const char *attribute, int missing)
{
	const char *text = xml_get(element, attribute);
	char *end;

	if (!text)
		return missing;
	const long number = strtol(text, &end, 10);

	assert_true(end > text && *end == '\0' && number >= INT_MIN && number <= INT_MAX);
	return (int)number;
}
