/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A strict reader for as much of XML as our SVG may use: elements, attributes, text, the entities
 * &lt; &gt; &amp; &quot;, and the declaration at the start. Anything else (comments, CDATA,
 * DOCTYPE, processing instructions, other entities, control characters) ends the test. */

#include <stddef.h>

enum { XML_ATTRIBUTES = 12 };

struct xml_attribute {
	const char *name;
	const char *value; /* entities undone */
};

struct xml_element {
	const char *name;
	size_t parent; /* index; the first element is its own */
	struct xml_attribute attributes[XML_ATTRIBUTES];
	size_t n_attributes;
	const char *text; /* of the element itself, when it holds nothing else; entities undone */
};

struct xml {
	char *bytes; /* what all the strings point into */
	struct xml_element *elements;
	size_t n;
	size_t capacity;
};

/* `bytes` is taken over. */
void xml_parse(struct xml *ret, char *bytes);
void xml_release(struct xml *xml);

/* NULL if it has none. */
const char *xml_get(const struct xml_element *element, const char *attribute);

/* A whole number, which the attribute must be; `missing` if it is not there. */
int xml_number(const struct xml_element *element, const char *attribute, int missing);
