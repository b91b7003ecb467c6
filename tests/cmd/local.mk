if HAVE_BATS
TESTS += tests/cmd/cli.bats tests/cmd/real.bats tests/cmd/hardening.bats
endif
EXTRA_DIST += tests/cmd/cli.bats tests/cmd/real.bats tests/cmd/hardening.bats tests/cmd/nested.sh \
	tests/cmd/holders.json

if HAVE_CMOCKA
check_PROGRAMS += tests/cmd/test_sources
TESTS += tests/cmd/test_sources
tests_cmd_test_sources_SOURCES = tests/cmd/test_sources.c
tests_cmd_test_sources_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_sources_LDADD = src/cmd/libcmd.a $(LINK_MODEL) $(CMOCKA_LIBS)
endif

if HAVE_VTERM
check_PROGRAMS += tests/cmd/test_browse
TESTS += tests/cmd/test_browse
tests_cmd_test_browse_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_browse_LDADD = $(LINK_PTY_TEST)
endif
