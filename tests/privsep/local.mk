# tests/privsep
if HAVE_CMOCKA
privsep_tests = \
	tests/privsep/test_helper \
	tests/privsep/test_helper_channel \
	tests/privsep/test_helper_end \
	tests/privsep/test_landlock \
	tests/privsep/test_sandbox
check_PROGRAMS += $(privsep_tests)
TESTS += $(privsep_tests)

tests_privsep_test_helper_SOURCES = tests/privsep/test_helper.c tests/privsep/helper_jobs.c tests/privsep/helper_jobs.h
tests_privsep_test_helper_CPPFLAGS = $(TEST_CPPFLAGS)
tests_privsep_test_helper_LDADD = $(LINK_PRIVSEP) $(CMOCKA_LIBS)

tests_privsep_test_helper_channel_SOURCES = tests/privsep/test_helper_channel.c tests/privsep/helper_jobs.c tests/privsep/helper_jobs.h
tests_privsep_test_helper_channel_CPPFLAGS = $(TEST_CPPFLAGS)
tests_privsep_test_helper_channel_LDADD = $(LINK_PRIVSEP) $(CMOCKA_LIBS)

tests_privsep_test_helper_end_SOURCES = tests/privsep/test_helper_end.c tests/privsep/helper_jobs.c tests/privsep/helper_jobs.h
tests_privsep_test_helper_end_CPPFLAGS = $(TEST_CPPFLAGS)
tests_privsep_test_helper_end_LDADD = $(LINK_PRIVSEP) $(CMOCKA_LIBS)

tests_privsep_test_landlock_SOURCES = tests/privsep/test_landlock.c
tests_privsep_test_landlock_CPPFLAGS = $(TEST_CPPFLAGS)
tests_privsep_test_landlock_LDADD = $(LINK_PRIVSEP) $(CMOCKA_LIBS)

tests_privsep_test_sandbox_SOURCES = tests/privsep/test_sandbox.c tests/privsep/sandbox_calls.c tests/privsep/sandbox_calls.h
tests_privsep_test_sandbox_CPPFLAGS = $(TEST_CPPFLAGS)
tests_privsep_test_sandbox_LDADD = $(LINK_PRIVSEP) $(CMOCKA_LIBS)
endif
