# tests/snapshot
EXTRA_DIST += \
	tests/snapshot/earlier.json \
	tests/snapshot/fixtures/facts.json \
	tests/snapshot/fixtures/mounts.json \
	tests/snapshot/fixtures/hostile.json \
	tests/snapshot/fixtures/partial.json \
	tests/snapshot/fixtures/small.json

if HAVE_CMOCKA
snapshot_tests = \
	tests/snapshot/test_containers \
	tests/snapshot/test_cost \
	tests/snapshot/test_fixtures \
	tests/snapshot/test_damaged \
	tests/snapshot/test_hostile \
	tests/snapshot/test_hostile_size \
	tests/snapshot/test_read \
	tests/snapshot/test_round_trip \
	tests/snapshot/test_round_trip_ns
check_PROGRAMS += $(snapshot_tests)
TESTS += $(snapshot_tests)

tests_snapshot_test_containers_SOURCES = tests/snapshot/test_containers.c tests/snapshot/text.h
tests_snapshot_test_containers_CPPFLAGS = $(TEST_CPPFLAGS)
tests_snapshot_test_containers_LDADD = $(LINK_SNAPSHOT) $(CMOCKA_LIBS)

tests_snapshot_test_cost_SOURCES = tests/snapshot/test_cost.c tests/snapshot/text.h
tests_snapshot_test_cost_CPPFLAGS = $(TEST_CPPFLAGS)
tests_snapshot_test_cost_LDADD = $(LINK_SNAPSHOT) $(CMOCKA_LIBS)

tests_snapshot_test_fixtures_SOURCES = tests/snapshot/test_fixtures.c tests/snapshot/text.h
tests_snapshot_test_fixtures_CPPFLAGS = $(TEST_CPPFLAGS)
tests_snapshot_test_fixtures_LDADD = $(LINK_SNAPSHOT) $(CMOCKA_LIBS)

tests_snapshot_test_damaged_SOURCES = tests/snapshot/test_damaged.c tests/snapshot/text.h
tests_snapshot_test_damaged_CPPFLAGS = $(TEST_CPPFLAGS)
tests_snapshot_test_damaged_LDADD = $(LINK_SNAPSHOT) $(CMOCKA_LIBS)
tests_snapshot_test_hostile_SOURCES = tests/snapshot/test_hostile.c \
	tests/snapshot/hostile.h tests/snapshot/text.h
tests_snapshot_test_hostile_CPPFLAGS = $(TEST_CPPFLAGS)
tests_snapshot_test_hostile_LDADD = $(LINK_SNAPSHOT) $(CMOCKA_LIBS)
tests_snapshot_test_hostile_size_SOURCES = tests/snapshot/test_hostile_size.c \
	tests/snapshot/hostile.h tests/snapshot/text.h
tests_snapshot_test_hostile_size_CPPFLAGS = $(TEST_CPPFLAGS)
tests_snapshot_test_hostile_size_LDADD = $(LINK_SNAPSHOT) $(CMOCKA_LIBS)

tests_snapshot_test_read_SOURCES = tests/snapshot/test_read.c tests/snapshot/text.h
tests_snapshot_test_read_CPPFLAGS = $(TEST_CPPFLAGS)
tests_snapshot_test_read_LDADD = $(LINK_SNAPSHOT) $(CMOCKA_LIBS)

tests_snapshot_test_round_trip_SOURCES = tests/snapshot/test_round_trip.c \
	tests/snapshot/parts.h tests/snapshot/text.h
tests_snapshot_test_round_trip_CPPFLAGS = $(TEST_CPPFLAGS)
tests_snapshot_test_round_trip_LDADD = $(LINK_SNAPSHOT) $(CMOCKA_LIBS)

tests_snapshot_test_round_trip_ns_SOURCES = tests/snapshot/test_round_trip_ns.c \
	tests/snapshot/parts.h tests/snapshot/text.h
tests_snapshot_test_round_trip_ns_CPPFLAGS = $(TEST_CPPFLAGS)
tests_snapshot_test_round_trip_ns_LDADD = $(LINK_SNAPSHOT) $(CMOCKA_LIBS)
endif
