/* SPDX-License-Identifier: Apache-2.0 */
#include "export/palette.h"

#define BLACK "#000000"
#define WHITE "#ffffff"

struct palette_row {
	const char *light;
	const char *dark;
	const char *mono;
};

static const struct palette_row rows[PALETTE_COLORS] = {
        [PALETTE_GROUND] = {WHITE, "#0d1117", WHITE},
        [PALETTE_TEXT] = {"#1b1f24", "#e6edf3", BLACK},
        [PALETTE_DIM] = {"#505861", "#b1bac4", BLACK},
        [PALETTE_LINK] = {"#8a5a00", "#e3a24a", BLACK},
        [PALETTE_EDGE] = {"#7a838c", "#8b949e", BLACK},
        [PALETTE_OUTSIDE] = {"#7a838c", "#8b949e", BLACK},
        [PALETTE_ABOVE] = {"#6e7781", "#8b949e", BLACK},
        [PALETTE_PID_PANEL] = {"#f6fbf7", "#0f1f16", WHITE},
        [PALETTE_PID_LINE] = {"#2e7d4f", "#3fa36b", BLACK},
        [PALETTE_PID_FILL] = {"#def4e4", "#17452b", WHITE},
        [PALETTE_USER_PANEL] = {"#f4f8fd", "#0f1b2b", WHITE},
        [PALETTE_USER_LINE] = {"#2f6fae", "#5a9bdc", BLACK},
        [PALETTE_USER_FILL] = {"#cbe0f6", "#143a61", WHITE},
        [PALETTE_OWNED_LINE] = {"#8a5a00", "#e3a24a", BLACK},
        [PALETTE_OWNED_FILL] = {"#fff4dc", "#4a3812", WHITE},
        [PALETTE_OWNER] = {"#8a5a00", "#e3a24a", BLACK},
        /* blue, vermilion, green, purple; black and brown, or yellow and orange */
        [PALETTE_OWNER_LINE] = {"#0072b2", "#56b4e9", BLACK},
        [PALETTE_OWNER_LINE + 1] = {"#d55e00", "#ff8a4c", BLACK},
        [PALETTE_OWNER_LINE + 2] = {"#00946c", "#2fc79b", BLACK},
        [PALETTE_OWNER_LINE + 3] = {"#cc4f9a", "#dd8fbd", BLACK},
        [PALETTE_OWNER_LINE + 4] = {"#222222", "#f0e442", BLACK},
        [PALETTE_OWNER_LINE + 5] = {"#7a5200", "#e69f00", BLACK},
};

const char *palette_get(enum export_theme theme, enum palette_color color)
{
	const struct palette_row *row = &rows[color];

	return theme == EXPORT_THEME_DARK   ? row->dark
	       : theme == EXPORT_THEME_MONO ? row->mono
	                                    : row->light;
}
