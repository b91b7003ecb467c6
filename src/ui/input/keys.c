/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/input/keys.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "ui/input/event.h"

#include <stdlib.h>
#include <string.h>

static const struct key_row rows[] = {
#define KEY(modes, action, handler, argument, keys, footer, text)                                  \
	{modes, action, keys, footer, text},
#include "ui/input/keys.def"
#undef KEY
};

static const struct {
	enum key_mode mode;
	const char *text;
} modes[KEY_MODES] = {
        {MODE_TREE, "in the list"},
        {MODE_DETAIL, "in the detail pane"},
        {MODE_GRAPH, "in the graph"},
        {MODE_NETWORK, "in the network picture"},
        {MODE_HELP, "in the help and other pages"},
        {MODE_PROMPT, "in a prompt"},
        {MODE_MENU, "in a menu"},
        {MODE_QUESTION, "if the file exists"},
        {MODE_OPTIONS, "in the options"},
};

static const struct {
	const char *name;
	uint32_t key;
} names[] = {{"Up", NSB_KEY_UP}, {"Down", NSB_KEY_DOWN}, {"Left", NSB_KEY_LEFT},
        {"Right", NSB_KEY_RIGHT}, {"Home", NSB_KEY_HOME}, {"End", NSB_KEY_END},
        {"PgUp", NSB_KEY_PAGE_UP}, {"PgDn", NSB_KEY_PAGE_DOWN}, {"Del", NSB_KEY_DELETE},
        {"S-Tab", NSB_KEY_BACKTAB}, {"S-Up", NSB_KEY_SHIFT_UP}, {"S-Down", NSB_KEY_SHIFT_DOWN},
        {"S-Left", NSB_KEY_SHIFT_LEFT}, {"S-Right", NSB_KEY_SHIFT_RIGHT}, {"Backspace", 127},
        {"Space", ' '}, {"Enter", '\r'}, {"Tab", '\t'}, {"Esc", 27}, {"0-9", '0'}};

/* F12 is 12, anything else 0. */
static unsigned f_number(const char *word, size_t len)
{
	if (len == 2 && word[0] == 'F' && word[1] >= '1' && word[1] <= '9')
		return (unsigned)(word[1] - '0');
	if (len == 3 && word[0] == 'F' && word[1] == '1' && word[2] >= '0' && word[2] <= '2')
		return 10 + (unsigned)(word[2] - '0');
	return 0;
}

uint32_t keys_from_word(const char *word, size_t len)
{
	char32_t c;
	const unsigned f = f_number(word, len);

	if (f)
		return NSB_KEY_F0 + f;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strlen(names[i].name) == len && memcmp(names[i].name, word, len) == 0)
			return names[i].key;
	}
	if (len == 3 && word[0] == 'C' && word[1] == '-')
		return KEY_CTRL((unsigned char)word[2]);
	return len && utf8_decode(word, len, &c) == len ? c : 0;
}

static void bind(struct keys *keys, uint32_t key, const struct key_row *row)
{
	MEMORY_APPEND(keys->all, keys->n, keys->capacity) = (struct key_binding){key, row};
}

void keys_init(struct keys *ret)
{
	*ret = (struct keys){0};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (const char *word = rows[i].keys; *word;) {
			const size_t len = strcspn(word, " ");
			const uint32_t key = keys_from_word(word, len);

			if (len == 3 && memcmp(word, "0-9", 3) == 0) {
				for (uint32_t digit = '0'; digit <= '9'; digit++)
					bind(ret, digit, &rows[i]);
			} else {
				bind(ret, key, &rows[i]);
			}
			word += len + strspn(word + len, " ");
		}
	}
}

void keys_release(struct keys *keys)
{
	free(keys->all);
	*keys = (struct keys){0};
}

const struct key_row *keys_rows(size_t *ret_n)
{
	*ret_n = ARRAY_SIZE(rows);
	return rows;
}

static const struct key_row *find(const struct keys *keys, enum key_mode mode, uint32_t key)
{
	for (size_t i = 0; i < keys->n; i++) {
		if (keys->all[i].key == key && (keys->all[i].row->modes & mode))
			return keys->all[i].row;
	}
	return NULL;
}

enum action keys_action(const struct keys *keys, enum key_mode mode, uint32_t key)
{
	const struct key_row *row = key ? find(keys, mode, key) : NULL;

	return row ? row->action : ACTION_NONE;
}

const struct key_row *keys_row_of_f(const struct keys *keys, enum key_mode mode, unsigned number)
{
	return find(keys, mode, NSB_KEY_F0 + number);
}

const char *keys_mode_text(enum key_mode mode)
{
	for (size_t i = 0; i < KEY_MODES; i++) {
		if (modes[i].mode == mode)
			return modes[i].text;
	}
	return NULL;
}

bool keys_is_listed(const struct key_row *row, enum key_mode mode, unsigned done)
{
	return (row->modes & mode) && !(row->modes & done);
}

void keys_print(FILE *out)
{
	unsigned done = 0;

	for (size_t m = 0; m < KEY_MODES; m++) {
		const char *title = modes[m].text;

		for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
			if (!keys_is_listed(&rows[i], modes[m].mode, done))
				continue;
			if (title)
				fprintf(out, "%s%s:\n", m ? "\n" : "", title);
			title = NULL;
			fprintf(out, "  %-16s %s\n", rows[i].keys, rows[i].text);
		}
		done |= modes[m].mode;
	}
}
