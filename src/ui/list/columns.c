/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/list/columns.h"

#include "base/attributes.h"

#include <string.h>

enum {
	LEVEL = COLUMN_WIDTHS_LEVEL,
	LEVELS_GOOD = 2,   /* levels that are drawn before other columns are cut further */
	LEVELS_WANTED = 6, /* trees are rarely deeper, */
	LABEL_WANTED = 32, /* and names rarely longer */
	LABEL_GOOD = 20,   /* of a name and PID in the tree */
	NUMBER_LEAST = 13, /* `user:[…31837]` */
	NAME_LEAST = 15,   /* `Isolate… (1376)` */
	PATH_LEAST = 20,   /* `/srv/… (covered)`, so that its levels are drawn */
	PATH_GOOD = 48,    /* of the tree of mounts in a narrow row; in a wide one it is the half */
	ADDED_LEAST = 24,  /* of a command line that is added */
	ADDED_TEXTS = 2,   /* the number of the last column of texts that is added */
	WIDE = 100,        /* rows in which numbers and times are added */
};

/* --- the rules ---------------------------------------------------------------------------- */

/* How wide a column is, and what happens if there is too little room. */
struct rule {
	int usual;  /* its width, if its texts are short */
	int wanted; /* a longer one, that makes room for likely texts */
	int most;   /* longer texts are cut first, to this; 0: not then */
	int good;   /* then texts are cut to this; 0: never */
	int least;  /* and if that does not help, to this */
	/* Then columns are left out, the highest rank first. */
	enum { RANK_TREE, RANK_TEXT, RANK_USER, RANK_COUNT, RANK_MORE } rank;
};

/* clang-format off */
static const struct rule rules[COLUMN_IDS] = {
        [COLUMN_NS] = {0},
        [COLUMN_PROCESS] = {0},
        [COLUMN_NAME] = {0},
        [COLUMN_PATH] = {0},
        [COLUMN_CONTAINER] = {0, 0, 24, 16, 8, RANK_MORE},
        [COLUMN_KIND] = {.most = 12, .good = 8, .least = 6, .rank = RANK_MORE},
        [COLUMN_TYPES] = {0, 0, 0, 0, 0, RANK_USER},
        [COLUMN_TYPE] = {.rank = RANK_MORE},
        [COLUMN_FSTYPE] = {0, 0, 16, 10, 6, RANK_USER},
        [COLUMN_SOURCE] = {0, 0, 24, 16, 8, RANK_TEXT},
        [COLUMN_DEVICE] = {.rank = RANK_COUNT},
        [COLUMN_DIRECTORY] = {0, 0, 32, 16, 8, RANK_MORE},
        [COLUMN_PROPAGATION] = {0, 0, 24, 16, 9, RANK_MORE},
        [COLUMN_PEERS] = {.rank = RANK_MORE},
        [COLUMN_COVERED] = {.rank = RANK_COUNT},
        [COLUMN_OPTIONS] = {0, 0, 32, 16, 8, RANK_MORE},
        [COLUMN_FS_OPTIONS] = {0, 0, 32, 16, 8, RANK_MORE},
        [COLUMN_INODE] = {.rank = RANK_MORE},
        [COLUMN_ID] = {.rank = RANK_MORE},
        [COLUMN_PARENT] = {.rank = RANK_MORE},
        [COLUMN_OWNER_NS] = {.rank = RANK_MORE},
        [COLUMN_OWNER] = {8, 0, 16, 8, 6, RANK_USER},
        [COLUMN_USER] = {8, 0, 16, 8, 6, RANK_USER},
        [COLUMN_UID] = {.rank = RANK_MORE},
        [COLUMN_DEPTH] = {.rank = RANK_MORE},
        [COLUMN_CHILDREN] = {.rank = RANK_MORE},
        [COLUMN_OWNS] = {.rank = RANK_MORE},
        [COLUMN_PROCS] = {.rank = RANK_COUNT},
        [COLUMN_USERS] = {0, 0, 24, 16, 6, RANK_COUNT},
        [COLUMN_PID] = {.rank = RANK_MORE},
        [COLUMN_PPID] = {.rank = RANK_MORE},
        [COLUMN_INSIDE] = {.rank = RANK_COUNT},
        [COLUMN_STATE] = {.rank = RANK_MORE},
        [COLUMN_STARTED] = {.rank = RANK_MORE},
        [COLUMN_LEADER] = {0, 32, 32, 16, 8, RANK_TEXT},
        [COLUMN_DIFFERS] = {0, 0, 24, 12, 8, RANK_TEXT},
        [COLUMN_COMMAND] = {0, 0, 24, 12, 8, RANK_MORE},
        [COLUMN_HELD_BY] = {0, 0, 32, 16, 8, RANK_MORE},
        [COLUMN_CGROUP] = {0, 0, 32, 16, 8, RANK_MORE},
        [COLUMN_CMDLINE] = {0, 0, 0, 16, 8, RANK_TEXT},
        [COLUMN_IMAGE] = {0, 0, 32, 16, 8, RANK_MORE},
        [COLUMN_TRUST] = {0, 0, 24, 16, 8, RANK_MORE},
};
/* clang-format on */

/* --- placing ------------------------------------------------------------------------------ */

struct layout {
	const struct column_widths *content;
	int room;       /* without the gutter */
	bool is_chosen; /* by the user */
	struct column_list list;
	int widths[COLUMN_IDS]; /* of the columns of the list */
};

static void remove_at(struct layout *layout, size_t place)
{
	struct column_list *list = &layout->list;

	list->n--;
	for (size_t i = place; i < list->n; i++) {
		list->ids[i] = list->ids[i + 1];
		layout->widths[i] = layout->widths[i + 1];
	}
}

/* The rows of mounts say it themselves. */
static void remove_covered(struct layout *layout)
{
	for (size_t i = layout->list.n; i-- > 1;) {
		if (layout->list.ids[i] == COLUMN_COVERED)
			remove_at(layout, i);
	}
}

/* The blanks between a column and the next one. */
static int gap_of(enum column_id id)
{
	return column_row(id)->is_right ? 2 : 1;
}

static struct layout layout_of(
        const struct column_widths *content, uint64_t choice, enum view_kind view, int room)
{
	struct layout layout = {
	        .content = content,
	        .room = room,
	        .is_chosen = choice != 0,
	        .list = column_choice_list(choice, view),
	};

	if (!choice)
		remove_covered(&layout);
	/* It is the last one in the order of the table. */
	if (!choice && view == VIEW_PROCESSES && content->with_cmdlines)
		layout.list.ids[layout.list.n++] = COLUMN_CMDLINE;
	else if (layout.list.ids[layout.list.n - 1] == COLUMN_CMDLINE && !content->with_cmdlines)
		layout.list.n--;
	for (size_t i = 0; i < layout.list.n; i++) {
		const enum column_id id = layout.list.ids[i];
		const int width = i ? MAX(content->widths[id], rules[id].usual) : content->tree;

		layout.widths[i] = MAX(width, (int)strlen(column_row(id)->title));
	}
	return layout;
}

static int total(const struct layout *layout)
{
	int all = 0;

	for (size_t i = 0; i < layout->list.n; i++)
		all += layout->widths[i] +
		       (i + 1 < layout->list.n ? gap_of(layout->list.ids[i]) : 0);
	return all;
}

/* Cuts a column so that all fit, but not below `least`. */
static void cut(struct layout *layout, size_t place, int least)
{
	const int over = total(layout) - layout->room;

	if (over > 0 && layout->widths[place] > least)
		layout->widths[place] = MAX(layout->widths[place] - over, least);
}

enum stage { STAGE_TITLE, STAGE_MOST, STAGE_TEXT, STAGE_GOOD, STAGE_LEAST };

/* What a column is cut to at this stage; 0: it is not. A title is cut before a text. */
static int floor_of(enum stage stage, const struct rule *rule, int content)
{
	const int good = MIN(rule->good, MAX(content, rule->least));

	switch (stage) {
	case STAGE_TITLE:
		return rule->rank == RANK_TEXT ? MAX(content, rule->least) : 0;
	case STAGE_MOST:
		return rule->most;
	case STAGE_TEXT:
		return rule->rank == RANK_USER ? 0 : good;
	case STAGE_GOOD:
		return good;
	case STAGE_LEAST:
		return rule->least;
	}
	return 0;
}

/* From the right, so that the first columns stay whole as long as possible. */
static void cut_all(struct layout *layout, enum stage stage)
{
	for (size_t i = layout->list.n; i-- > 1;) {
		const enum column_id id = layout->list.ids[i];
		const int least = floor_of(stage, &rules[id], layout->content->widths[id]);

		if (least)
			cut(layout, i, least);
	}
}

/* Removes the column of the highest rank, of several the last one. False: none has `least`. */
static bool drop(struct layout *layout, int least)
{
	const struct column_list *list = &layout->list;
	size_t place = 0;

	for (size_t i = 1; i < list->n; i++) {
		if (rules[list->ids[i]].rank >= rules[list->ids[place]].rank)
			place = i;
	}
	if (!place || (int)rules[list->ids[place]].rank < least)
		return false;
	remove_at(layout, place);
	return true;
}

static int label_least(enum column_id tree, int label)
{
	return MIN(label, tree == COLUMN_NS     ? (int)NUMBER_LEAST
	                  : tree == COLUMN_PATH ? (int)PATH_LEAST
	                                        : (int)NAME_LEAST);
}

/* Gives the room of columns that were left out to the others. */
static void widen(struct layout *layout)
{
	for (size_t i = 1; i < layout->list.n; i++) {
		const int spare = layout->room - total(layout);
		const int lack = layout->content->widths[layout->list.ids[i]] - layout->widths[i];

		layout->widths[i] += MAX(MIN(lack, spare), 0);
	}
}

/* Paths are what mounts are known by: other texts are cut before them, and columns that say less
 * are left out, unless a path needs more than half of the row. */
static void fit_paths(struct layout *layout)
{
	cut(layout, 0, MAX(layout->room / 2, (int)PATH_GOOD));
	cut_all(layout, STAGE_GOOD);
	while (total(layout) > layout->room && drop(layout, RANK_MORE))
		;
	cut_all(layout, STAGE_LEAST);
	widen(layout);
}

/* Cuts long titles and texts, levels of the tree and names in it, then leaves columns out. */
static void fit(struct layout *layout)
{
	const enum column_id tree = layout->list.ids[0];
	const int label = layout->content->widths[tree];
	const int levels = LEVEL * (1 + LEVELS_GOOD);

	cut_all(layout, STAGE_TITLE);
	cut_all(layout, STAGE_MOST);
	if (tree == COLUMN_PATH && !layout->is_chosen)
		fit_paths(layout);
	cut(layout, 0, MIN(label, (int)LABEL_WANTED) + LEVEL * (1 + layout->content->depth));
	cut_all(layout, STAGE_TEXT);
	cut_all(layout, STAGE_GOOD);
	cut(layout, 0, label + levels);
	cut(layout, 0, MIN(label, (int)LABEL_GOOD) + levels);
	cut_all(layout, STAGE_LEAST);
	cut(layout, 0, label_least(tree, label) + levels);
	while (total(layout) > layout->room && drop(layout, RANK_TREE))
		;
	cut(layout, 0, LEVEL);
}

/* Whether a command line at the end has enough room if no other text is cut much. */
static bool has_room_for_text(struct layout layout)
{
	if (layout.list.ids[layout.list.n - 1] != COLUMN_CMDLINE)
		return true;
	cut_all(&layout, STAGE_MOST);
	cut_all(&layout, STAGE_TEXT);
	cut(&layout, 0, layout.room / 2);
	return total(&layout) <= layout.room;
}

/* Adds columns that fit to the default, each in its place. */
static void add(struct layout *layout, enum view_kind view)
{
	struct column_list *list = &layout->list;

	for (size_t i = 0; i < COLUMN_WIDTHS_ADDED; i++) {
		const enum column_id id = column_widths_added[i];
		const bool is_text = id == COLUMN_CMDLINE, is_wide_only = i > ADDED_TEXTS;
		const int title = (int)strlen(column_row(id)->title);
		int width = MAX(layout->content->widths[id], title);
		size_t place = list->n;

		width = rules[id].most ? MIN(width, rules[id].most) : width;
		const int least = is_text ? (int)ADDED_LEAST : width;
		if (!column_widths_is_addable(id, view) || !layout->content->widths[id] ||
		        (is_text && (view == VIEW_PROCESSES || !layout->content->with_cmdlines)))
			continue;
		if (is_wide_only && COLUMNS_GUTTER + layout->room < WIDE)
			return;
		/* A shorter column may fit where one of texts does not. */
		if (total(layout) + least + gap_of(COLUMN_ID) > layout->room) {
			if (is_wide_only)
				return;
			continue;
		}
		/* The tree is first, wherever it is in the table. */
		for (; place > 1 && list->ids[place - 1] > id; place--) {
			list->ids[place] = list->ids[place - 1];
			layout->widths[place] = layout->widths[place - 1];
		}
		list->ids[place] = id;
		layout->widths[place] = width;
		list->n++;
	}
}

int columns_wanted(const struct column_widths *widths, uint64_t choice, enum view_kind view)
{
	struct layout layout = layout_of(widths, choice, view, 0);
	const int label = MIN(widths->widths[layout.list.ids[0]], (int)LABEL_WANTED);
	const bool has_more = !choice && widths->with_cmdlines && view != VIEW_PROCESSES;

	/* The same before and after the first long text has come. */
	for (size_t i = 1; i < layout.list.n; i++)
		layout.widths[i] = MAX(layout.widths[i], rules[layout.list.ids[i]].wanted);
	cut_all(&layout, STAGE_MOST);
	cut(&layout, 0, label + LEVEL * (1 + LEVELS_WANTED));
	return COLUMNS_GUTTER + total(&layout) + (has_more ? ADDED_LEAST + 1 : 0);
}

/* The levels that have room beside the label. */
static int levels_of(const struct column_widths *content, enum column_id tree, int width)
{
	int label = content->widths[tree];

	if (width >= content->tree)
		return content->depth;
	if (tree == COLUMN_PATH)
		label = label_least(tree, label);
	else if (width < label + LEVEL * (1 + LEVELS_GOOD))
		label = MAX(width - LEVEL * (1 + LEVELS_GOOD), label_least(tree, label));
	return MIN(MAX(width - LEVEL - label, 0) / LEVEL, content->depth);
}

void columns_place(struct columns *ret, const struct column_widths *widths, uint64_t choice,
        enum view_kind view, int limit)
{
	struct layout layout = layout_of(widths, choice, view, limit - COLUMNS_GUTTER);
	int start = COLUMNS_GUTTER;

	if (!choice && !has_room_for_text(layout))
		layout.list.n--;
	if (total(&layout) > layout.room)
		fit(&layout);
	else if (!choice)
		add(&layout, view);
	ret->n = layout.list.n;
	ret->levels = levels_of(widths, layout.list.ids[0], layout.widths[0]);
	for (size_t i = 0; i < ret->n; i++) {
		const enum column_id id = layout.list.ids[i];

		ret->all[i] = (struct column_place){column_row(id), start, layout.widths[i]};
		start += layout.widths[i] + gap_of(id);
	}
	struct column_place *last = &ret->all[ret->n - 1];
	if (!last->column->is_right)
		last->width = MAX(last->width, limit - last->start);
}
