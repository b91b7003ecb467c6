/* SPDX-License-Identifier: Apache-2.0 */

/* Keys, clicks and pastes on a terminal, and input that is none of these. */

#include "base/attributes.h"
#include "tests/term/driven.h"
#include "tests/unit.h"

#include <signal.h>
#include <string.h>

static void test_keys(void **state)
{
	struct pty *pty = drive(24, 80, "picture.model");

	(void)state;
	pty_press(pty, DOWN DOWN LEFT);
	assert_true(pty_shows(pty, "[3 below]"));
	pty_press(pty, RIGHT RIGHT);
	assert_selected(pty, 5);
	/* The same keys in the other mode (not application mode). */
	pty_press(pty, "\033[A");
	assert_selected(pty, 4);
	pty_press(pty, END);
	assert_selected(pty, 10);
	pty_press(pty, "\033[1~");
	assert_selected(pty, 2);
	pty_press(pty, "\033[6~");
	assert_selected(pty, 10);
	pty_press(pty, "\033[5~");
	assert_selected(pty, 2);
	pty_press(pty, F5);
	assert_true(pty_shows(pty, "PID namespaces"));
	pty_press(pty, "\033[11~");
	assert_true(pty_shows(pty, "the selected row"));
	pty_press(pty, "q" F1);
	assert_true(pty_shows(pty, "the selected row"));
	assert_false(pty_shows(pty, "PID namespaces"));
	pty_press(pty, "\033");
	assert_true(pty_shows(pty, "PID namespaces"));
	assert_quits(pty, F10);
}

/* Of xterm and of rxvt. They pan the graph, and are no keys of the list. */
static void test_shift_arrows(void **state)
{
	struct pty *pty = drive(10, 60, "graph12.model");

	(void)state;
	pty_press(pty, "\033[1;2B");
	assert_selected(pty, 2);
	pty_press(pty, "v++g");
	assert_true(pty_shows(pty, " 1-8/53  1-60/124"));
	pty_press(pty, "\033[1;2B\033[1;2B\033[b\033[1;2A");
	assert_true(pty_shows(pty, " 3-10/53  1-60/124"));
	pty_press(pty, "\033[1;2C\033[1;2C\033[c\033[1;2D");
	assert_true(pty_shows(pty, " 3-10/53  17-76/124"));
	pty_press(pty, "\033[d\033[a");
	assert_true(pty_shows(pty, " 2-9/53  9-68/124"));
	assert_quits(pty, "qq");
}

static void test_escape_and_digit(void **state)
{
	struct pty *pty = drive(24, 80, "picture.model");

	(void)state;
	pty_press(pty, "\033");
	pty_press(pty, "1");
	assert_true(pty_shows(pty, "the selected row"));
	assert_quits(pty, "qq");
}

/* The bytes of a key arrive one by one, and are one key. */
static void test_split_sequences(void **state)
{
	struct pty *pty = drive(24, 80, "picture.model");

	(void)state;
	pty_type(pty, "\033");
	pty_type(pty, "O");
	pty_type(pty, "B");
	pty_press(pty, "");
	assert_selected(pty, 3);
	/* After the first two bytes, much later than the time for Esc alone. */
	for (const char *const *part =
	                (const char *const[]){"\033[", "6", "~", "\033[", "5", "~", NULL};
	        *part; part++) {
		pty_type(pty, *part);
		pty_listen(pty, 60);
	}
	pty_press(pty, "\033O");
	pty_press(pty, "k");
	assert_true(pty_shows(pty, "━━>user:["));
	/* A character of three bytes, with a sync in between. */
	pty_press(pty, "s");
	pty_type(pty, "\xe6");
	pty_type(pty, "\x97");
	pty_type(pty, "\xa5");
	pty_press(pty, "!");
	assert_string_equal(pty_row(pty, 23), "Save as: stem.svg日!");
	pty_press(pty, "\033");
	assert_quits(pty, "qq");
}

/* None of these does anything: a click without --mouse, an answer to a query of another program,
 * keys with Ctrl, and pasted text. */
static void test_what_is_no_key(void **state)
{
	struct pty *pty = drive(24, 80, "picture.model");

	(void)state;
	assert_int_equal(bytes_of(pty, "\033[<0;5;5M\033[1;5B\033[?62;22c\033[5;1R\033[I"), 0);
	assert_int_equal(bytes_of(pty, "\033]11;rgb:0000/q\033\\\033P1$rq\033\\"), 0);
	assert_int_equal(bytes_of(pty, "\033[200~qjs\r\033OB\033[201~"), 0);
	pty_press(pty, "s\025\033[200~a b\r.svg\033[201~");
	assert_string_equal(pty_row(pty, 23),
	        "Save as: a b.svg                                                C-t: dot layout");
	pty_press(pty, "\033");
	assert_quits(pty, "q");
}

static void test_mouse(void **state)
{
	static const char *const arguments[4] = {"--mouse", "picture.model"};
	struct pty *pty = drive_with(24, 80, arguments, NULL);
	size_t n;

	(void)state;
	pty_press(pty, "");
	assert_int_equal(pty_mouse_mode(pty), 2); /* while a button is down */
	pty_press(pty, "\033[<0;10;6M\033[<0;10;6m");
	assert_selected(pty, 5);
	pty_press(pty, "\033[<0;7;5M\033[<0;7;5m");
	assert_true(pty_shows(pty, "[3 below]"));
	pty_press(pty, "\033[<64;7;5M");
	assert_selected(pty, 2);
	pty_type(pty, "\032");
	assert_true(pty_wait_stopped(pty));
	pty_listen(pty, 50);
	assert_given_back(pty);
	kill(pty_pid(pty), SIGCONT);
	assert_true(pty_wait_for(pty, "10Quit"));
	assert_true(pty_sync(pty));
	assert_int_equal(pty_mouse_mode(pty), 2);
	/* The mouse is off by default. */
	assert_quits(pty, "q");
	pty = drive(24, 80, "picture.model");
	const char *output = pty_output(pty, &n);
	assert_null(memmem(output, n, "\033[?100", 7));
	assert_quits(pty, "q");
}

static void test_broken_utf8_swallows_no_key(void **state)
{
	struct pty *pty = drive(24, 80, "picture.model");

	(void)state;
	pty_press(pty, "s\025");
	pty_press(pty, "\xff\xc3"
	               "a\x80"
	               "b\xe6\x97"
	               "c\xed\xa0\x80"
	               "d\xf4\x90\x80\x80"
	               "é");
	assert_string_equal(pty_row(pty, 23), "Save as: abcdé");
	pty_press(pty, LEFT "\177" LEFT DEL "\b");
	assert_string_equal(pty_row(pty, 23), "Save as: aé");
	pty_press(pty, "\033");
	assert_quits(pty, "q");
}

static void test_flow_control_is_off(void **state)
{
	struct pty *pty = drive(24, 80, "picture.model");

	(void)state;
	pty_press(pty, "\023\021\026\017" DOWN);
	assert_selected(pty, 3);
	assert_quits(pty, "q");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_keys),
	        cmocka_unit_test(test_shift_arrows),
	        cmocka_unit_test(test_escape_and_digit),
	        cmocka_unit_test(test_split_sequences),
	        cmocka_unit_test(test_what_is_no_key),
	        cmocka_unit_test(test_mouse),
	        cmocka_unit_test(test_broken_utf8_swallows_no_key),
	        cmocka_unit_test(test_flow_control_is_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
