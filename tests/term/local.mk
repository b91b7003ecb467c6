if HAVE_CMOCKA
check_PROGRAMS += tests/term/test_decoder tests/term/test_input tests/term/test_output tests/term/test_theme
TESTS += tests/term/test_decoder tests/term/test_input tests/term/test_output tests/term/test_theme
tests_term_test_theme_CPPFLAGS = $(TEST_CPPFLAGS)
tests_term_test_theme_LDADD = $(LINK_TERM) $(NCURSESW_LIBS) $(CMOCKA_LIBS) -lm
tests_term_test_output_CPPFLAGS = $(TEST_CPPFLAGS)
tests_term_test_output_LDADD = $(LINK_TERM) $(NCURSESW_LIBS) $(CMOCKA_LIBS)
tests_term_test_decoder_CPPFLAGS = $(TEST_CPPFLAGS)
tests_term_test_decoder_LDADD = $(LINK_TERM) $(NCURSESW_LIBS) $(CMOCKA_LIBS)
tests_term_test_input_CPPFLAGS = $(TEST_CPPFLAGS)
tests_term_test_input_LDADD = $(LINK_TERM) $(NCURSESW_LIBS) $(CMOCKA_LIBS)
endif

if HAVE_VTERM
# A program on a pty, with libvterm as its terminal: for these tests and those of the programs.
check_LIBRARIES += tests/term/libptyvterm.a
tests_term_libptyvterm_a_CPPFLAGS = $(TEST_CPPFLAGS) $(VTERM_CFLAGS)
tests_term_libptyvterm_a_SOURCES = \
	tests/term/pty_internal.h tests/term/pty_left.c \
	tests/term/pty_feed.c tests/term/pty_looks.c tests/term/pty_looks.h \
	tests/term/pty_vterm.c tests/term/pty_vterm.h

LINK_PTY_TEST = tests/term/libptyvterm.a $(LINK_BASE) $(CMOCKA_LIBS) $(VTERM_LIBS)

check_PROGRAMS += tests/term/driver tests/term/test_term tests/term/test_term_keys tests/term/test_themes
TESTS += tests/term/test_term tests/term/test_term_keys tests/term/test_themes
EXTRA_DIST += tests/term/themes.txt
tests_term_test_themes_CPPFLAGS = $(TEST_CPPFLAGS)
tests_term_test_themes_LDADD = $(LINK_PTY_TEST)

tests_term_driver_CPPFLAGS = $(TEST_CPPFLAGS)
tests_term_driver_LDADD = tests/ui/libuitest.a $(LINK_TERM) $(NCURSESW_LIBS)

term_driven = tests/term/driven.c tests/term/driven.h
tests_term_test_term_SOURCES = tests/term/test_term.c $(term_driven)
tests_term_test_term_CPPFLAGS = $(TEST_CPPFLAGS)
tests_term_test_term_LDADD = $(LINK_PTY_TEST)
tests_term_test_term_keys_SOURCES = tests/term/test_term_keys.c $(term_driven)
tests_term_test_term_keys_CPPFLAGS = $(TEST_CPPFLAGS)
tests_term_test_term_keys_LDADD = $(LINK_PTY_TEST)
endif
