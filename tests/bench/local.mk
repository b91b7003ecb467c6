# How fast it is: `make bench` prints it, and fails where a bar is not held.
EXTRA_PROGRAMS =
if HAVE_CMOCKA
BENCHES = tests/bench/bench_graph tests/bench/bench_snapshot tests/bench/bench_large
EXTRA_PROGRAMS += $(BENCHES)
CLEANFILES += $(BENCHES)

tests_bench_bench_graph_SOURCES = tests/bench/bench_graph.c $(TEST_FIXTURE)
tests_bench_bench_graph_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_graph_LDADD = $(LINK_EXPORT) $(CMOCKA_LIBS)

tests_bench_bench_large_SOURCES = tests/bench/bench_large.c $(TEST_FIXTURE)
tests_bench_bench_large_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_large_LDADD = $(LINK_SNAPSHOT) $(LINK_UI) $(CMOCKA_LIBS)

tests_bench_bench_snapshot_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_snapshot_LDADD = $(LINK_SNAPSHOT) $(CMOCKA_LIBS)
endif

if HAVE_VTERM
TERMINAL_BENCHES = tests/bench/bench_start tests/bench/bench_idle tests/bench/bench_keys
EXTRA_PROGRAMS += $(TERMINAL_BENCHES)
CLEANFILES += $(TERMINAL_BENCHES)

tests_bench_bench_start_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_start_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_bench_bench_idle_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_idle_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_bench_bench_keys_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_keys_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
endif

SCAN_BENCHES = tests/bench/bench_cgroups tests/bench/bench_cmdlines tests/bench/bench_sockets
EXTRA_PROGRAMS += $(SCAN_BENCHES)
CLEANFILES += $(SCAN_BENCHES)

tests_bench_bench_cgroups_LDADD = $(LINK_SCAN)
tests_bench_bench_cmdlines_LDADD = $(LINK_BASE)
tests_bench_bench_sockets_LDADD = $(LINK_BASE)

# The job `cost`: tests/bench/compare links this program by itself, with older libraries, too.
check_PROGRAMS += tests/bench/instructions
tests_bench_instructions_LDADD = $(LINK_UI) $(LINK_EXPORT) $(LINK_SNAPSHOT)
if HAVE_BATS
TESTS += tests/bench/compare.bats
endif
EXTRA_DIST += tests/bench/base tests/bench/compare tests/bench/compare.bats \
	tests/bench/instructions.mk tests/bench/snapshot.awk

.PHONY: bench
bench: $(BENCHES) $(TERMINAL_BENCHES) $(SCAN_BENCHES) nsbrowse
	@for program in $(BENCHES) $(TERMINAL_BENCHES) $(SCAN_BENCHES); do ./$$program || exit 1; done
