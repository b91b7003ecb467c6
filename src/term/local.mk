# The terminal: the only code that includes curses.h.
noinst_LIBRARIES += src/term/libterm.a
src_term_libterm_a_CPPFLAGS = $(AM_CPPFLAGS) $(NCURSESW_CFLAGS)
src_term_libterm_a_SOURCES = \
	src/term/decoder.c src/term/decoder.h \
	src/term/draw.c src/term/draw.h \
	src/term/input.c src/term/input.h \
	src/term/output.c src/term/output.h \
	src/term/restore.c src/term/restore.h \
	src/term/term.c src/term/term.h \
	src/term/terminfo.c src/term/terminfo.h \
	src/term/theme.c src/term/theme.h

LINK_TERM = src/term/libterm.a $(LINK_UI)
