/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "tests/unit.h"
#include "ui/input/event.h"
#include "ui/input/keys.h"

#include <stdlib.h>
#include <string.h>

static struct keys keys;

/* Calls `visit` for each word of each row. */
static void each_word(void (*visit)(const struct key_row *row, const char *word, size_t len))
{
	size_t n;
	const struct key_row *rows = keys_rows(&n);

	for (size_t i = 0; i < n; i++) {
		for (const char *word = rows[i].keys; *word;) {
			const size_t len = strcspn(word, " ");

			visit(&rows[i], word, len);
			word += len + strspn(word + len, " ");
		}
	}
}

static void check_word(const struct key_row *row, const char *word, size_t len)
{
	const uint32_t key = keys_from_word(word, len);

	assert_int_not_equal(key, 0);
	for (unsigned mode = 1; mode < 1u << KEY_MODES; mode <<= 1) {
		const enum action action = keys_action(&keys, (enum key_mode)mode, key);

		/* The first row wins: another action means that a key occurs twice. */
		if (row->modes & mode)
			assert_int_equal(action, row->action);
	}
}

static void test_each_key_has_one_meaning(void **state)
{
	(void)state;
	each_word(check_word);
}

/* Terminals may use the F-keys themselves. */
static void test_each_f_key_has_a_letter_beside(void **state)
{
	size_t n;
	const struct key_row *rows = keys_rows(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (*rows[i].keys == 'F' && rows[i].keys[1])
			assert_non_null(strchr(rows[i].keys, ' '));
	}
}

static void test_digits_are_one_word(void **state)
{
	(void)state;
	for (uint32_t key = '0'; key <= '9'; key++) {
		assert_int_equal(keys_action(&keys, MODE_TREE, key), ACTION_GO_TO);
		assert_int_equal(keys_action(&keys, MODE_PROMPT, key), ACTION_NONE);
	}
	assert_int_equal(keys_action(&keys, MODE_TREE, ':'), ACTION_NONE);
}

static void test_names_of_keys(void **state)
{
	static const struct {
		const char *word;
		uint32_t key;
	} wanted[] = {
	        {"Up", NSB_KEY_UP},
	        {"C-p", 16},
	        {"C-a", 1},
	        {"F1", NSB_KEY_F0 + 1},
	        {"F10", NSB_KEY_F0 + 10},
	        {"F12", NSB_KEY_F_LAST},
	        {"S-Left", NSB_KEY_SHIFT_LEFT},
	        {"F", 'F'},
	        {"G", 'G'},
	        {"*", '*'},
	        {"é", 0xe9},
	        {"Space", ' '},
	        {"Backspace", 127},
	        {"Nonsense", 0},
	        {"F13", 0},
	        {"", 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		assert_int_equal(
		        keys_from_word(wanted[i].word, strlen(wanted[i].word)), wanted[i].key);
}

static void test_keys_depend_on_the_mode(void **state)
{
	(void)state;
	assert_int_equal(keys_action(&keys, MODE_TREE, 'j'), ACTION_DOWN);
	assert_int_equal(keys_action(&keys, MODE_HELP, 'j'), ACTION_DOWN);
	assert_int_equal(keys_action(&keys, MODE_PROMPT, 'j'), ACTION_NONE);
	assert_int_equal(keys_action(&keys, MODE_PROMPT, '\r'), ACTION_EDIT_ACCEPT);
	assert_int_equal(keys_action(&keys, MODE_TREE, '\r'), ACTION_ENTER);
	assert_int_equal(keys_action(&keys, MODE_DETAIL, '\r'), ACTION_FOLLOW);
	assert_int_equal(keys_action(&keys, MODE_TREE, 0), ACTION_NONE);
	assert_int_equal(keys_action(&keys, MODE_TREE, NSB_KEY_F0 + 9), ACTION_NONE);
}

static void test_f_keys_are_in_the_footer(void **state)
{
	(void)state;
	assert_string_equal(keys_row_of_f(&keys, MODE_TREE, 10)->footer, "Quit");
	assert_string_equal(keys_row_of_f(&keys, MODE_TREE, 8)->footer, "Save");
	assert_null(keys_row_of_f(&keys, MODE_HELP, 8));
	assert_null(keys_row_of_f(&keys, MODE_TREE, 9));
}

/* Each row stands once in the list, whichever mode it is listed under. */
static void test_list_keys(void **state)
{
	char *text = NULL;
	size_t size, n, lines = 0;
	FILE *out = open_memstream(&text, &size);
	const struct key_row *rows = keys_rows(&n);

	(void)state;
	keys_print(out);
	assert_int_equal(fclose(out), 0);
	for (size_t i = 0; i < n; i++) {
		const char *found = strstr(text, rows[i].text);

		assert_non_null(found);
		assert_non_null(strstr(text, rows[i].keys));
	}
	for (const char *line = text; *line; line = strchr(line, '\n') + 1)
		lines += strncmp(line, "  ", 2) == 0;
	assert_int_equal(lines, n);
	assert_int_equal(strncmp(text, "in the list:\n", 13), 0);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_each_key_has_one_meaning),
	        cmocka_unit_test(test_each_f_key_has_a_letter_beside),
	        cmocka_unit_test(test_digits_are_one_word),
	        cmocka_unit_test(test_names_of_keys),
	        cmocka_unit_test(test_keys_depend_on_the_mode),
	        cmocka_unit_test(test_f_keys_are_in_the_footer),
	        cmocka_unit_test(test_list_keys),
	};

	keys_init(&keys);
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);
	keys_release(&keys);
	return failed;
}
