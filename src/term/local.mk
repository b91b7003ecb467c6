# The terminal: the only code that includes curses.h.
noinst_LIBRARIES += src/term/libterm.a
src_term_libterm_a_CPPFLAGS = $(AM_CPPFLAGS) $(NCURSESW_CFLAGS)
src_term_libterm_a_SOURCES = \
	src/term/keys.c src/term/keys.h \
	src/term/output.c src/term/output.h \
	src/term/term.c src/term/term.h \
	src/term/theme.c src/term/theme.h

LINK_TERM = src/term/libterm.a $(LINK_UI)
