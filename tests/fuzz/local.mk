# Fuzzers. Without --enable-fuzzing they are tests that replay the committed corpus.
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/dict tests/fuzz/run tests/fuzz/coverage \
	tests/fuzz/coverage.awk tests/fuzz/coverage.files

fuzzers = \
	tests/fuzz/fuzz_cgroup \
	tests/fuzz/fuzz_config \
	tests/fuzz/fuzz_container_files \
	tests/fuzz/fuzz_decoder \
	tests/fuzz/fuzz_escape \
	tests/fuzz/fuzz_events \
	tests/fuzz/fuzz_json \
	tests/fuzz/fuzz_mountinfo \
	tests/fuzz/fuzz_mounts \
	tests/fuzz/fuzz_names \
	tests/fuzz/fuzz_netlink \
	tests/fuzz/fuzz_options \
	tests/fuzz/fuzz_pictures \
	tests/fuzz/fuzz_proc \
	tests/fuzz/fuzz_proc_net \
	tests/fuzz/fuzz_proc_ns \
	tests/fuzz/fuzz_protocol \
	tests/fuzz/fuzz_snapshot \
	tests/fuzz/fuzz_texts \
	tests/fuzz/fuzz_typed
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

tests_fuzz_fuzz_json_SOURCES = tests/fuzz/fuzz_json.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_json_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"json"'
tests_fuzz_fuzz_json_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_json_LDADD = $(LINK_BASE)

tests_fuzz_fuzz_mountinfo_SOURCES = tests/fuzz/fuzz_mountinfo.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_mountinfo_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"mountinfo"'
tests_fuzz_fuzz_mountinfo_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_mountinfo_LDADD = $(LINK_KERNEL) $(LINK_BASE)

tests_fuzz_fuzz_mounts_SOURCES = tests/fuzz/fuzz_mounts.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_mounts_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"mounts"'
tests_fuzz_fuzz_mounts_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_mounts_LDADD = $(LINK_SCAN)

tests_fuzz_fuzz_names_SOURCES = tests/fuzz/fuzz_names.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_names_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"names"'
tests_fuzz_fuzz_names_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_names_LDADD = $(LINK_SCAN)

tests_fuzz_fuzz_netlink_SOURCES = tests/fuzz/fuzz_netlink.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_netlink_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) $(MNL_CFLAGS) -DFUZZ_CORPUS='"netlink"'
tests_fuzz_fuzz_netlink_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_netlink_LDADD = $(LINK_KERNEL) $(LINK_BASE)

tests_fuzz_fuzz_options_SOURCES = tests/fuzz/fuzz_options.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_options_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"options"'
tests_fuzz_fuzz_options_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_options_LDADD = $(LINK_CMD)

tests_fuzz_fuzz_pictures_SOURCES = tests/fuzz/fuzz_pictures.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_pictures_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"pictures"'
tests_fuzz_fuzz_pictures_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_pictures_LDADD = $(LINK_EXPORT) $(LINK_SNAPSHOT)

tests_fuzz_fuzz_proc_SOURCES = tests/fuzz/fuzz_proc.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_proc_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"proc"'
tests_fuzz_fuzz_proc_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_proc_LDADD = $(LINK_KERNEL) $(LINK_BASE)

tests_fuzz_fuzz_proc_net_SOURCES = tests/fuzz/fuzz_proc_net.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_proc_net_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"proc_net"'
tests_fuzz_fuzz_proc_net_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_proc_net_LDADD = $(LINK_KERNEL)

tests_fuzz_fuzz_proc_ns_SOURCES = tests/fuzz/fuzz_proc_ns.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_proc_ns_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"proc_ns"'
tests_fuzz_fuzz_proc_ns_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_proc_ns_LDADD = $(LINK_KERNEL) $(LINK_BASE)

tests_fuzz_fuzz_protocol_SOURCES = tests/fuzz/fuzz_protocol.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_protocol_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"protocol"'
tests_fuzz_fuzz_protocol_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_protocol_LDADD = $(LINK_PRIVSEP)

tests_fuzz_fuzz_snapshot_SOURCES = tests/fuzz/fuzz_snapshot.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_snapshot_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"snapshot"'
tests_fuzz_fuzz_snapshot_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_snapshot_LDADD = $(LINK_SNAPSHOT)

tests_fuzz_fuzz_texts_SOURCES = tests/fuzz/fuzz_texts.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_texts_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"snapshot"'
tests_fuzz_fuzz_texts_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_texts_LDADD = $(LINK_EXPORT) $(LINK_SNAPSHOT)

tests_fuzz_fuzz_typed_SOURCES = tests/fuzz/fuzz_typed.c tests/fuzz/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_typed_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) -DFUZZ_CORPUS='"typed"'
tests_fuzz_fuzz_typed_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_typed_LDADD = $(LINK_VIEW) $(LINK_SNAPSHOT)

# Runs each fuzzer from the committed corpus, with -j several at once; what it finds stays in a folder
# of its own. `make fuzz RUNS=1000000` is the long form. A slow fuzzer ends before its last run, after
# FUZZ_SECONDS; 0: it does not.
RUNS = 20000
FUZZ_SECONDS = 30
fuzz_runs = $(fuzzers:=.run)
fuzz: $(fuzz_runs)
$(fuzz_runs): $(fuzzers)
	@fuzzer=$@; \
	fuzzer=$${fuzzer%.run}; \
	'$(top_srcdir)'/tests/fuzz/run "$$fuzzer" '$(top_srcdir)' $(RUNS) $(FUZZ_SECONDS)
.PHONY: fuzz $(fuzz_runs)
clean-local:
	rm -rf tests/fuzz/found build/coverage build/fuzz

# Copies of the tree, made ready in build/NAME with other flags.
copy_tree = rm -rf build/$$name && $(MKDIR_P) build && \
	$(MAKE) $(AM_MAKEFLAGS) distdir distdir=build/$$name >build/$$name.log && \
	cd build/$$name

# How many lines of the parsers and writers are run by corpora and unit tests, by gcov(1).
COVERAGE_MINIMUM = 95
coverage:
	@name=coverage; $(copy_tree) && \
	./configure --quiet CC='$(CC)' CFLAGS='-O0 --coverage' && \
	tests=`sed -n 's/^test //p' tests/fuzz/coverage.files` && \
	$(MAKE) $(AM_MAKEFLAGS) $(fuzzers) $$tests >>../coverage.log && \
	$(MAKE) $(AM_MAKEFLAGS) check TESTS="$(fuzzers) $$tests" >>../coverage.log && \
	tests/fuzz/coverage . $(COVERAGE_MINIMUM)

# The long form of `make fuzz`, in a build of its own if there is clang.
fuzz-long:
	@if command -v clang >/dev/null; then \
		name=fuzz; $(copy_tree) && \
		./configure --quiet --enable-fuzzing CC=clang && \
		$(MAKE) $(AM_MAKEFLAGS) $(fuzzers) >>../fuzz.log && \
		$(MAKE) $(AM_MAKEFLAGS) -k fuzz RUNS=1000000 FUZZ_SECONDS=0; \
	else \
		echo 'fuzz-long: skipped, there is no clang'; \
	fi
LONG_TARGETS += fuzz-long coverage
.PHONY: coverage fuzz-long
