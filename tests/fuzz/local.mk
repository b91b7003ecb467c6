# Fuzzers. Without --enable-fuzzing they are tests that replay the committed corpus.
EXTRA_DIST += tests/fuzz/corpus

fuzzers = \
	tests/fuzz/fuzz_cgroup \
	tests/fuzz/fuzz_config \
	tests/fuzz/fuzz_container_files \
	tests/fuzz/fuzz_decoder \
	tests/fuzz/fuzz_escape \
	tests/fuzz/fuzz_events \
	tests/fuzz/fuzz_mounts \
	tests/fuzz/fuzz_pictures \
	tests/fuzz/fuzz_proc_net \
	tests/fuzz/fuzz_snapshot
check_PROGRAMS += $(fuzzers)

if FUZZING
FUZZ_MAIN =
FUZZ_LINK = $(AM_LDFLAGS) -fsanitize=fuzzer
else
FUZZ_MAIN = tests/fuzz/replay.c
FUZZ_LINK = $(AM_LDFLAGS)
TESTS += $(fuzzers)
endif

tests_fuzz_fuzz_cgroup_SOURCES = tests/fuzz/fuzz_cgroup.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_cgroup_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"cgroup"'
tests_fuzz_fuzz_cgroup_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_cgroup_LDADD = $(LINK_SCAN)

tests_fuzz_fuzz_config_SOURCES = tests/fuzz/fuzz_config.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_config_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"config"'
tests_fuzz_fuzz_config_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_config_LDADD = $(LINK_UI)

tests_fuzz_fuzz_container_files_SOURCES = tests/fuzz/fuzz_container_files.c tests/fuzz/fuzz.h \
	$(FUZZ_MAIN)
tests_fuzz_fuzz_container_files_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) \
	-DFUZZ_CORPUS='"container_files"'
tests_fuzz_fuzz_container_files_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_container_files_LDADD = $(LINK_KERNEL) $(LINK_BASE)

tests_fuzz_fuzz_decoder_SOURCES = tests/fuzz/fuzz_decoder.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_decoder_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"decoder"'
tests_fuzz_fuzz_decoder_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_decoder_LDADD = $(LINK_TERM) $(NCURSESW_LIBS)

tests_fuzz_fuzz_escape_SOURCES = tests/fuzz/fuzz_escape.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_escape_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"escape"'
tests_fuzz_fuzz_escape_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_escape_LDADD = $(LINK_BASE)

tests_fuzz_fuzz_events_SOURCES = tests/fuzz/fuzz_events.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_events_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"events"'
tests_fuzz_fuzz_events_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_events_LDADD = $(LINK_KERNEL) $(LINK_BASE)

tests_fuzz_fuzz_mounts_SOURCES = tests/fuzz/fuzz_mounts.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_mounts_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"mounts"'
tests_fuzz_fuzz_mounts_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_mounts_LDADD = $(LINK_SCAN)

tests_fuzz_fuzz_pictures_SOURCES = tests/fuzz/fuzz_pictures.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_pictures_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"pictures"'
tests_fuzz_fuzz_pictures_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_pictures_LDADD = $(LINK_EXPORT) $(LINK_SNAPSHOT)

tests_fuzz_fuzz_proc_net_SOURCES = tests/fuzz/fuzz_proc_net.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_proc_net_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"proc_net"'
tests_fuzz_fuzz_proc_net_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_proc_net_LDADD = $(LINK_KERNEL)

tests_fuzz_fuzz_snapshot_SOURCES = tests/fuzz/fuzz_snapshot.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_snapshot_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"snapshot"'
tests_fuzz_fuzz_snapshot_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_snapshot_LDADD = $(LINK_SNAPSHOT)

# Runs each fuzzer from the committed corpus, with -j several at once; what it finds stays in a folder
# of its own.
FUZZ_RUNS = 1000000
FUZZ_SECONDS = 30
fuzz_runs = $(fuzzers:=.run)
fuzz: $(fuzz_runs)
$(fuzz_runs): $(fuzzers)
	@fuzzer=$@; \
	fuzzer=$${fuzzer%.run}; \
	name=$${fuzzer##*fuzz_}; \
	$(MKDIR_P) tests/fuzz/found/$$name; \
	echo "fuzzing $$name"; \
	./$$fuzzer -runs=$(FUZZ_RUNS) -max_total_time=$(FUZZ_SECONDS) -timeout=10 -verbosity=0 \
		-print_final_stats=1 tests/fuzz/found/$$name \
		'$(top_srcdir)'/tests/fuzz/corpus/$$name
.PHONY: fuzz $(fuzz_runs)
clean-local:
	rm -rf tests/fuzz/found
