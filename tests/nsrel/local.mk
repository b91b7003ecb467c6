# tests/nsrel
nsrel_world = tests/nsrel/world.c tests/nsrel/world.h
EXTRA_DIST += tests/nsrel/libnsrel.bats

if HAVE_CMOCKA
nsrel_tests = \
	tests/nsrel/test_errors \
	tests/nsrel/test_hung \
	tests/nsrel/test_mounts \
	tests/nsrel/test_open \
	tests/nsrel/test_relations \
	tests/nsrel/test_shared
check_PROGRAMS += $(nsrel_tests)
TESTS += $(nsrel_tests)

# Has the library's source in it.
tests_nsrel_test_errors_SOURCES = tests/nsrel/test_errors.c tests/unit.h
tests_nsrel_test_errors_CPPFLAGS = $(TEST_CPPFLAGS)
tests_nsrel_test_errors_LDADD = $(CMOCKA_LIBS)

tests_nsrel_test_hung_SOURCES = tests/nsrel/test_hung.c $(nsrel_world)
tests_nsrel_test_hung_CPPFLAGS = $(TEST_CPPFLAGS)
tests_nsrel_test_hung_LDADD = $(LINK_NSREL) $(CMOCKA_LIBS)
tests_nsrel_test_mounts_SOURCES = tests/nsrel/test_mounts.c $(nsrel_world)
tests_nsrel_test_mounts_CPPFLAGS = $(TEST_CPPFLAGS)
tests_nsrel_test_mounts_LDADD = $(LINK_NSREL) $(CMOCKA_LIBS)
tests_nsrel_test_open_SOURCES = tests/nsrel/test_open.c $(nsrel_world)
tests_nsrel_test_open_CPPFLAGS = $(TEST_CPPFLAGS)
tests_nsrel_test_open_LDADD = $(LINK_NSREL) $(CMOCKA_LIBS)
tests_nsrel_test_relations_SOURCES = tests/nsrel/test_relations.c $(nsrel_world)
tests_nsrel_test_relations_CPPFLAGS = $(TEST_CPPFLAGS)
tests_nsrel_test_relations_LDADD = $(LINK_NSREL) $(CMOCKA_LIBS)

# The same test against the shared library, as it is installed.
tests_nsrel_test_shared_SOURCES = tests/nsrel/test_open.c $(nsrel_world)
tests_nsrel_test_shared_CPPFLAGS = $(TEST_CPPFLAGS)
tests_nsrel_test_shared_LDADD = src/nsrel/libnsrel.la $(CMOCKA_LIBS)
endif

if HAVE_BATS
TESTS += tests/nsrel/libnsrel.bats
endif
AM_TESTS_ENVIRONMENT += \
	CC='$(CC)'; export CC; CXX='$(CXX)'; export CXX; \
	CFLAGS='$(CFLAGS) $(HARDEN_CFLAGS)'; export CFLAGS; NM='$(NM)'; export NM;
