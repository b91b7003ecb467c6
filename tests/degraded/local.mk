# tests/degraded: the programs on systems that lack something. CONTRIBUTING says how to run it.
check_PROGRAMS += tests/degraded/degraded
tests_degraded_degraded_SOURCES = tests/degraded/degraded.c \
	tests/degraded/profile.c tests/degraded/profile.h tests/degraded/lacks.def
tests_degraded_degraded_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) $(SECCOMP_CFLAGS)
tests_degraded_degraded_LDADD = $(LINK_BASE) $(SECCOMP_LIBS)
EXTRA_DIST += tests/degraded/compare.pl tests/degraded/degraded.bats
if HAVE_BATS
TESTS += tests/degraded/degraded.bats
endif
