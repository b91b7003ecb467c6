# tests/base
if HAVE_CMOCKA
base_tests = \
	tests/base/test_arena \
	tests/base/test_atomic_file \
	tests/base/test_atomic_file_kills \
	tests/base/test_descriptors \
	tests/base/test_directory_path \
	tests/base/test_escape \
	tests/base/test_full_disk \
	tests/base/test_memory \
	tests/base/test_message \
	tests/base/test_text \
	tests/base/test_u64 \
	tests/base/test_unicode \
	tests/base/test_utf8 \
	tests/base/test_width
check_PROGRAMS += $(base_tests)
TESTS += $(base_tests)

tests_base_test_arena_SOURCES = tests/base/test_arena.c tests/base/child.h
tests_base_test_arena_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_test_arena_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)

tests_base_test_atomic_file_SOURCES = tests/base/test_atomic_file.c tests/base/child.h tests/base/deny.h tests/base/folder.h
tests_base_test_atomic_file_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_test_atomic_file_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)

tests_base_test_atomic_file_kills_SOURCES = tests/base/test_atomic_file_kills.c tests/base/child.h tests/base/deny.h tests/base/folder.h tests/base/random.h
tests_base_test_atomic_file_kills_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_test_atomic_file_kills_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)

tests_base_test_descriptors_SOURCES = tests/base/test_descriptors.c tests/base/child.h tests/base/deny.h
tests_base_test_descriptors_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_test_descriptors_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)

tests_base_test_directory_path_SOURCES = tests/base/test_directory_path.c tests/base/child.h tests/base/folder.h
tests_base_test_directory_path_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_test_directory_path_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)

tests_base_test_escape_SOURCES = tests/base/test_escape.c tests/base/random.h
tests_base_test_escape_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_test_escape_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)

tests_base_test_full_disk_SOURCES = tests/base/test_full_disk.c tests/base/child.h tests/base/deny.h tests/base/folder.h
tests_base_test_full_disk_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_test_full_disk_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)

tests_base_test_memory_SOURCES = tests/base/test_memory.c tests/base/child.h
tests_base_test_memory_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_test_memory_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)

tests_base_test_message_SOURCES = tests/base/test_message.c
tests_base_test_message_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_test_message_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)

tests_base_test_text_SOURCES = tests/base/test_text.c
tests_base_test_text_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_test_text_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)

tests_base_test_u64_SOURCES = tests/base/test_u64.c tests/base/random.h
tests_base_test_u64_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_test_u64_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)

tests_base_test_unicode_SOURCES = tests/base/test_unicode.c
tests_base_test_unicode_CPPFLAGS = $(TEST_CPPFLAGS) $(UTF8PROC_CFLAGS)
tests_base_test_unicode_LDADD = $(LINK_BASE) $(UTF8PROC_LIBS) $(CMOCKA_LIBS)

tests_base_test_utf8_SOURCES = tests/base/test_utf8.c
tests_base_test_utf8_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_test_utf8_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)

tests_base_test_width_SOURCES = tests/base/test_width.c tests/base/random.h
tests_base_test_width_CPPFLAGS = $(TEST_CPPFLAGS)
tests_base_test_width_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)
endif

EXTRA_DIST += tests/base/unicode.bats
if HAVE_BATS
TESTS += tests/base/unicode.bats
endif
