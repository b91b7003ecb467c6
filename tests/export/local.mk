# tests/export
if HAVE_CMOCKA
export_tests = \
	tests/export/test_text
check_PROGRAMS += $(export_tests)
TESTS += $(export_tests)

tests_export_test_text_SOURCES = tests/export/test_text.c $(TEST_FIXTURE)
tests_export_test_text_CPPFLAGS = $(TEST_CPPFLAGS)
tests_export_test_text_LDADD = $(LINK_EXPORT) $(CMOCKA_LIBS)
endif
