/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A strict reader for as much of XML as the SVG may use: elements, attributes, text, the entities
 * &lt; &gt; &amp; &quot;, and the declaration at the start. Anything else (comments, CDATA,
 * DOCTYPE, processing instructions, other entities, control characters) ends the test. */

#include <stdbool.h>
#include <stddef.h>

enum { XML_ATTRIBUTES = 12 };

struct xml_attribute {
	const char *name;
	const char *value; /* entities decoded */
};

struct xml_element {
	const char *name;
	size_t parent; /* index; the first element is its own */
	struct xml_attribute attributes[XML_ATTRIBUTES];
	size_t n_attributes;
	const char *text; /* of the element itself, if it has no child; entities decoded */
};

struct xml {
	char *bytes; /* all strings point into it */
	struct xml_element *elements;
	size_t n;
	size_t capacity;
};

/* Takes ownership of `bytes`. */
void xml_parse(struct xml *ret, char *bytes);
void xml_release(struct xml *xml);

bool xml_is_named(const struct xml_element *element, const char *name);

/* NULL if it has none. */
const char *xml_get(const struct xml_element *element, const char *attribute);

/* True if it has the attribute, with exactly that value. */
bool xml_has(const struct xml_element *element, const char *attribute, const char *value);

/* The value of an attribute, which must be a whole number; `missing` if there is none. */
int xml_number(const struct xml_element *element, const char *attribute, int missing);
