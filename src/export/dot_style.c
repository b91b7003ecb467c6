/* SPDX-License-Identifier: Apache-2.0 */
#include "export/dot_style.h"

const char *dot_style_name(enum attribute_name name)
{
	static const char *const names[ATTRIBUTES] = {
#define ATTRIBUTE(symbol, name) [symbol] = name,
	        DOT_ATTRIBUTES(ATTRIBUTE)
#undef ATTRIBUTE
	};

	return names[name];
}

const struct attribute dot_graph[] = {
        {ATTR_CHARSET, "UTF-8"},
        {ATTR_RANKDIR, "LR"},
        {ATTR_NEWRANK, "true"},
        {ATTR_NODESEP, "0.12"},
        {ATTR_RANKSEP, "0.6"},
        {ATTR_BGCOLOR, "#ffffff"},
        {ATTR_FONTNAME, "Helvetica,Arial,sans-serif"},
        {ATTR_FONTSIZE, "12"},
        {ATTR_FONTCOLOR, "#1b1f24"},
        {ATTR_LABELLOC, "t"},
        {ATTR_LABELJUST, "l"},
        {0},
};

const struct attribute dot_node[] = {
        {ATTR_SHAPE, "box"},
        {ATTR_STYLE, "filled"},
        {ATTR_FILLCOLOR, "#d6e8fa"},
        {ATTR_COLOR, "#2f6fae"},
        {ATTR_FONTNAME, "Helvetica,Arial,sans-serif"},
        {ATTR_FONTSIZE, "10"},
        {ATTR_HEIGHT, "0.3"},
        {ATTR_MARGIN, "0.10,0.04"},
        {0},
};

const struct attribute dot_edge[] = {
        {ATTR_DIR, "back"},
        {ATTR_ARROWSIZE, "0.6"},
        {ATTR_COLOR, "#57606a"},
        {0},
};

const struct attribute dot_pid[] = {
        {ATTR_STYLE, "rounded,filled"},
        {ATTR_FILLCOLOR, "#d7f0de"},
        {ATTR_COLOR, "#2e7d4f"},
        {0},
};

const struct attribute dot_owned[] = {
        {ATTR_FILLCOLOR, "#fff4dc"},
        {ATTR_COLOR, "#8a5a00"},
        {0},
};

const struct attribute dot_folder[] = {
        {ATTR_SHAPE, "folder"},
        {ATTR_FILLCOLOR, "#fff4dc"},
        {ATTR_COLOR, "#8a5a00"},
        {0},
};

const struct attribute dot_outside[] = {
        {ATTR_STYLE, "dashed"},
        {ATTR_COLOR, "#57606a"},
        {ATTR_CLASS, "outside"},
        {0},
};

const struct attribute dot_owner_edge[] = {
        {ATTR_STYLE, "dashed"},
        {ATTR_CONSTRAINT, "false"},
        {ATTR_DIR, "forward"},
        {ATTR_COLOR, "#8a5a00"},
        {0},
};

const struct attribute dot_owns_edge[] = {
        {ATTR_DIR, "none"},
        {ATTR_COLOR, "#8a5a00"},
        {0},
};
