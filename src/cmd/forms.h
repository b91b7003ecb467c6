/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The formats that are written to a file or to standard output. A row: its symbol, the programs
 * that have an option for it, the name of the option, the suffixes of its files (one blank between
 * two), the function that writes it, and the text of the option in --help. BETWEEN stands between
 * two rows. The writers are those of export/export.h and cmd/output.c; the parser of options,
 * --help and the messages about suffixes follow this table. */
/* clang-format off */
#define FORMS(FORM, BETWEEN) \
	FORM(FORM_TEXT, FOR_NSBROWSE, "tree", ".txt", export_text, \
	        "print the hierarchy as text") BETWEEN \
	FORM(FORM_JSON, FOR_NSBROWSE | FOR_LISTS, "json", ".json", write_json, \
	        "write a snapshot as JSON") BETWEEN \
	FORM(FORM_DOT, FOR_NSBROWSE, "dot", ".dot .gv", export_dot, \
	        "write both hierarchies as a Graphviz graph") BETWEEN \
	FORM(FORM_SVG, FOR_NSBROWSE, "svg", ".svg", export_svg, \
	        "write both hierarchies as SVG")
/* clang-format on */

enum form {
	FORM_SCREEN, /* no file: the browser */
#define FORM_SYMBOL(symbol, ...) symbol,
	FORMS(FORM_SYMBOL, )
#undef FORM_SYMBOL
};

/* ".txt .json ...": all suffixes. */
#define FORM_SUFFIX(symbol, programs, name, suffixes, ...) suffixes
#define FORM_SUFFIXES                                      FORMS(FORM_SUFFIX, " ")
#define FORM_BAD_SUFFIX                                    "the suffix must be one of " FORM_SUFFIXES
