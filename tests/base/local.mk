# tests/base
if HAVE_CMOCKA
base_tests = \
	tests/base/test_escape \
	tests/base/test_message \
	tests/base/test_utf8 \
	tests/base/test_width
check_PROGRAMS += $(base_tests)
TESTS += $(base_tests)

tests_base_test_escape_SOURCES = tests/base/test_escape.c tests/base/random.h
tests_base_test_escape_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_test_escape_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)

tests_base_test_message_SOURCES = tests/base/test_message.c
tests_base_test_message_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_test_message_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)

tests_base_test_utf8_SOURCES = tests/base/test_utf8.c
tests_base_test_utf8_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_test_utf8_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)

tests_base_test_width_SOURCES = tests/base/test_width.c tests/base/random.h
tests_base_test_width_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_test_width_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)
endif
