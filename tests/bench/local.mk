# How fast it is: `make bench` prints it, and fails if a bar is missed (tests/bench/README).
EXTRA_LIBRARIES = tests/bench/libbench.a tests/bench/libopened.a
EXTRA_PROGRAMS =
CLEANFILES += $(EXTRA_LIBRARIES) $(EXTRA_PROGRAMS)
EXTRA_DIST += tests/bench/README tests/bench/run

tests_bench_libbench_a_SOURCES = \
	tests/bench/bars.c tests/bench/bars.h \
	tests/bench/runs.c tests/bench/runs.h
tests_bench_libbench_a_CPPFLAGS = $(BENCH_CPPFLAGS)
BENCH_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
LINK_BENCH = tests/bench/libbench.a $(LINK_BASE)

# What `run` starts, some among the processes of the fixture `crowd`.
EXTRA_PROGRAMS += tests/bench/bar tests/bench/floor tests/bench/bench_first tests/bench/bench_refresh

# Those that tests run, too.
check_PROGRAMS += tests/bench/crowd tests/bench/bench_scan
tests_bench_crowd_LDADD = $(LINK_BASE)
tests_bench_floor_LDADD = $(LINK_BASE)
tests_bench_bar_CPPFLAGS = $(BENCH_CPPFLAGS)
tests_bench_bar_LDADD = $(LINK_BENCH)
tests_bench_bench_first_CPPFLAGS = $(BENCH_CPPFLAGS)
tests_bench_bench_first_LDADD = tests/bench/libbench.a $(LINK_SCAN)
tests_bench_bench_refresh_CPPFLAGS = $(BENCH_CPPFLAGS)
tests_bench_bench_refresh_LDADD = tests/bench/libbench.a $(LINK_SCAN)
tests_bench_bench_scan_CPPFLAGS = $(BENCH_CPPFLAGS)
tests_bench_bench_scan_LDADD = $(LINK_BENCH)

if HAVE_CMOCKA
EXTRA_PROGRAMS += tests/bench/bench_graph tests/bench/bench_large tests/bench/bench_rows \
	tests/bench/bench_snapshot
tests_bench_bench_graph_SOURCES = tests/bench/bench_graph.c $(TEST_FIXTURE)
tests_bench_bench_graph_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_graph_LDADD = tests/bench/libbench.a $(LINK_EXPORT) $(CMOCKA_LIBS)

tests_bench_bench_large_SOURCES = tests/bench/bench_large.c $(TEST_FIXTURE)
tests_bench_bench_large_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_large_LDADD = tests/bench/libbench.a $(LINK_SNAPSHOT) $(LINK_UI) $(CMOCKA_LIBS)

tests_bench_bench_rows_SOURCES = tests/bench/bench_rows.c $(TEST_FIXTURE)
tests_bench_bench_rows_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_rows_LDADD = tests/bench/libbench.a $(LINK_UI) $(CMOCKA_LIBS)

tests_bench_bench_snapshot_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_snapshot_LDADD = tests/bench/libbench.a $(LINK_SNAPSHOT) $(CMOCKA_LIBS)
endif

# Those with a terminal.
tests_bench_libopened_a_SOURCES = tests/bench/opened.c tests/bench/opened.h
tests_bench_libopened_a_CPPFLAGS = $(TEST_CPPFLAGS)
LINK_OPENED = tests/bench/libopened.a tests/cmd/libbrowse.a tests/bench/libbench.a $(LINK_PTY_TEST)
if HAVE_VTERM
BENCH_TESTS = tests/cmd/test_browse_bytes
EXTRA_PROGRAMS += tests/bench/bench_churn tests/bench/bench_idle tests/bench/bench_keys \
	tests/bench/bench_live tests/bench/bench_open tests/bench/bench_start
tests_bench_bench_churn_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_churn_LDADD = $(LINK_OPENED)
tests_bench_bench_idle_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_idle_LDADD = $(LINK_OPENED)
tests_bench_bench_keys_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_keys_LDADD = $(LINK_OPENED)
tests_bench_bench_live_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_live_LDADD = $(LINK_OPENED)
tests_bench_bench_open_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_open_LDADD = $(LINK_OPENED)
tests_bench_bench_start_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_start_LDADD = $(LINK_OPENED)
endif

EXTRA_PROGRAMS += tests/bench/bench_cgroups tests/bench/bench_cmdlines tests/bench/bench_listns \
	tests/bench/bench_mounts tests/bench/bench_sockets
tests_bench_bench_cgroups_CPPFLAGS = $(BENCH_CPPFLAGS)
tests_bench_bench_cgroups_LDADD = tests/bench/libbench.a $(LINK_SCAN)
tests_bench_bench_cmdlines_CPPFLAGS = $(BENCH_CPPFLAGS)
tests_bench_bench_cmdlines_LDADD = $(LINK_BENCH)
tests_bench_bench_listns_CPPFLAGS = $(BENCH_CPPFLAGS)
tests_bench_bench_listns_LDADD = $(LINK_BENCH)
tests_bench_bench_mounts_SOURCES = tests/bench/bench_mounts.c $(nsrel_world)
tests_bench_bench_mounts_CPPFLAGS = $(BENCH_CPPFLAGS)
tests_bench_bench_mounts_LDADD = tests/bench/libbench.a src/view/libview.a $(LINK_SCAN)
tests_bench_bench_sockets_CPPFLAGS = $(BENCH_CPPFLAGS)
tests_bench_bench_sockets_LDADD = $(LINK_BENCH)

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
bench: $(EXTRA_PROGRAMS) $(BENCH_TESTS) tests/bench/crowd tests/bench/bench_scan nsbrowse
	@$(AM_TESTS_ENVIRONMENT) $(srcdir)/tests/bench/run $(BENCH)
