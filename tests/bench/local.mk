# How fast it is: `make bench` prints it, and fails if a bar is missed (tests/bench/README).
EXTRA_LIBRARIES = tests/bench/libbench.a
EXTRA_PROGRAMS =
CLEANFILES += $(EXTRA_LIBRARIES) $(EXTRA_PROGRAMS)
EXTRA_DIST += tests/bench/README tests/bench/run

tests_bench_libbench_a_SOURCES = \
	tests/bench/bars.c tests/bench/bars.h \
	tests/bench/runs.c tests/bench/runs.h
tests_bench_libbench_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
LINK_BENCH = tests/bench/libbench.a $(LINK_BASE)

# What `run` starts among the processes of the fixture `crowd`.
CROWD_BENCHES = tests/bench/bench_scan
EXTRA_PROGRAMS += tests/bench/floor tests/bench/crowd $(CROWD_BENCHES)
tests_bench_floor_LDADD = $(LINK_BASE)
tests_bench_crowd_LDADD = $(LINK_BASE)
tests_bench_bench_scan_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
tests_bench_bench_scan_LDADD = $(LINK_BENCH)

if HAVE_CMOCKA
EXTRA_PROGRAMS += tests/bench/bench_graph tests/bench/bench_large tests/bench/bench_snapshot
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
EXTRA_PROGRAMS += tests/bench/bench_start tests/bench/bench_idle tests/bench/bench_keys
tests_bench_bench_start_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_start_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_bench_bench_idle_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_idle_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_bench_bench_keys_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_keys_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
endif

EXTRA_PROGRAMS += tests/bench/bench_cgroups tests/bench/bench_cmdlines tests/bench/bench_sockets
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

# Only some sections: make bench BENCH='scan idle'.
.PHONY: bench
bench: $(EXTRA_PROGRAMS) nsbrowse
	@$(AM_TESTS_ENVIRONMENT) $(srcdir)/tests/bench/run $(BENCH)
