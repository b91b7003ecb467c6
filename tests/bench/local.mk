# How fast it is: `make bench` prints it, and fails where a bar is not held.
if HAVE_CMOCKA
BENCHES = tests/bench/bench_graph
EXTRA_PROGRAMS = $(BENCHES)
CLEANFILES += $(BENCHES)

tests_bench_bench_graph_SOURCES = tests/bench/bench_graph.c $(TEST_FIXTURE)
tests_bench_bench_graph_CPPFLAGS = $(TEST_CPPFLAGS)
tests_bench_bench_graph_LDADD = $(LINK_EXPORT) $(CMOCKA_LIBS)
endif

.PHONY: bench
bench: $(BENCHES)
	@for program in $(BENCHES); do ./$$program || exit 1; done
