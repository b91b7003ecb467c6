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

if HAVE_VTERM
check_PROGRAMS += tests/degraded/test_screen_degraded
TESTS += tests/degraded/test_screen_degraded
tests_degraded_test_screen_degraded_CPPFLAGS = $(TEST_CPPFLAGS)
tests_degraded_test_screen_degraded_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
endif

# All tests of the programs that apply, under each profile, or with PROFILES='NAME...' only these.
EXTRA_DIST += tests/degraded/run tests/degraded/judge.awk tests/degraded/left_out tests/degraded/short
run_degraded = $(AM_TESTS_ENVIRONMENT) BATS='$(BATS)'; export BATS; '$(top_srcdir)'/tests/degraded/run
check-degraded: all $(check_PROGRAMS)
	@$(run_degraded) $(cmd_bats)
check-degraded-short: all $(check_PROGRAMS)
	@$(run_degraded) --short $(cmd_bats)
.PHONY: check-degraded check-degraded-short
LONG_TARGETS += check-degraded
