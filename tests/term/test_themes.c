/* SPDX-License-Identifier: Apache-2.0 */

/* The themes on a terminal, dark and light, with 256 colours and with 8: selected, new and gone
 * rows, titles, keys and an error, as text with attributes (tests/term/themes.txt). */

#include "base/attributes.h"
#include "base/memory.h"
#include "tests/term/pty_looks.h"
#include "tests/unit.h"

#include <stdlib.h>

static const char *const themes[] = {"auto", "dark", "light", "contrast", "mono"};

static const struct {
	const char *name;
	const char *colorfgbg; /* in the environment, or taken from it */
} grounds[] = {
        {"somewhere", "COLORFGBG"},
        {"on dark", "COLORFGBG=15;0"},
        {"on light", "COLORFGBG=0;15"},
};

static const char *const terms[] = {"xterm-256color", "linux"};

/* The text is the same in all themes: no fact is shown by colour alone. */
static char *looks_of(const char *theme, const char *colorfgbg, const char *term, char **screen)
{
	const char *top = getenv("top_builddir");
	_cleanup_free_ char *driver = memory_printf("%s/tests/term/driver", top ? top : ".");
	_cleanup_free_ char *option = memory_printf("--theme=%s", theme);
	const char *const argv[] = {
	        driver, "--color", option, "picture.model", "picture-later.model", NULL};
	const char *const environment[] = {colorfgbg, NULL};
	struct pty *pty = pty_start(&(struct pty_options){
	        .rows = 24, .columns = 80, .argv = argv, .term = term, .environment = environment});

	assert_true(pty_wait_for(pty, "10Quit"));
	pty_press(pty, "Ms\r");
	char *looks = pty_looks(pty);
	if (!*screen)
		*screen = memory_strdup(pty_screen(pty));
	assert_string_equal(pty_screen(pty), *screen);
	pty_free(pty);
	return looks;
}

static void test_themes(void **state)
{
	struct golden *golden = golden_new();
	_cleanup_free_ char *screen = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(themes); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(grounds); j++) {
			for (size_t k = 0; k < ARRAY_SIZE(terms); k++) {
				_cleanup_free_ char *name = memory_printf(
				        "%s %s, %s", themes[i], grounds[j].name, terms[k]);
				_cleanup_free_ char *looks = looks_of(
				        themes[i], grounds[j].colorfgbg, terms[k], &screen);

				golden_add(golden, name, looks);
			}
		}
	}
	golden_check(golden, "tests/term/themes.txt");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_themes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
