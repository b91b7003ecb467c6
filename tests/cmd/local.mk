# Those that take longest come first.
cmd_bats = \
	tests/cmd/cli.bats \
	tests/cmd/names.bats \
	tests/cmd/holds.bats \
	tests/cmd/real.bats \
	tests/cmd/audit.bats \
	tests/cmd/cmdline.bats \
	tests/cmd/cgroups.bats \
	tests/cmd/container_names.bats \
	tests/cmd/containers.bats \
	tests/cmd/covered.bats \
	tests/cmd/facts.bats \
	tests/cmd/graphs.bats \
	tests/cmd/failed.bats \
	tests/cmd/partial.bats \
	tests/cmd/pictures.bats \
	tests/cmd/pid.bats \
	tests/cmd/hardening.bats \
	tests/cmd/holders.bats \
	tests/cmd/listed.bats \
	tests/cmd/mounts.bats \
	tests/cmd/pins.bats \
	tests/cmd/metrics.bats \
	tests/cmd/net_facts.bats \
	tests/cmd/proc_files.bats \
	tests/cmd/setcap.bats \
	tests/cmd/shell.bats \
	tests/cmd/waiting.bats
if HAVE_BATS
TESTS += $(cmd_bats)
endif
EXTRA_DIST += $(cmd_bats) \
	tests/cmd/readme.awk \
	tests/cmd/changing.sh tests/cmd/churning.sh tests/cmd/container.sh tests/cmd/dying.sh tests/cmd/holding.sh tests/cmd/nested.sh tests/cmd/owners.sh tests/cmd/stepping.sh tests/cmd/waiting.sh \
	tests/cmd/holders.json \
	tests/cmd/listed.json \
	tests/cmd/proc_files.awk \
	tests/cmd/terms.txt

# For failed.bats.
check_PROGRAMS += tests/cmd/refuse
tests_cmd_refuse_SOURCES = tests/cmd/refuse.c

# nsbrowse with a directory service that the test controls.
TEST_DIRECTORY = tests/cmd/directory.c tests/cmd/directory.h
check_PROGRAMS += tests/cmd/nsbrowse-directory
tests_cmd_nsbrowse_directory_SOURCES = src/cmd/main.c $(TEST_DIRECTORY)
tests_cmd_nsbrowse_directory_CPPFLAGS = $(nsbrowse_CPPFLAGS) -I$(top_srcdir)
tests_cmd_nsbrowse_directory_LDADD = $(LINK_CMD)

if HAVE_CMOCKA
check_PROGRAMS += tests/cmd/test_capabilities tests/cmd/test_draw tests/cmd/test_hostile_requests tests/cmd/test_jobs tests/cmd/test_nsenter tests/cmd/test_sources tests/cmd/test_ui_jobs tests/cmd/test_user_names
TESTS += tests/cmd/test_capabilities tests/cmd/test_draw tests/cmd/test_hostile_requests tests/cmd/test_jobs tests/cmd/test_nsenter tests/cmd/test_sources tests/cmd/test_ui_jobs tests/cmd/test_user_names
tests_cmd_test_capabilities_SOURCES = tests/cmd/test_capabilities.c
tests_cmd_test_capabilities_CPPFLAGS = $(TEST_CPPFLAGS) $(LIBCAP_CFLAGS)
tests_cmd_test_capabilities_LDADD = $(LINK_PRIVSEP) $(LINK_VIEW) $(CMOCKA_LIBS)
tests_cmd_test_draw_SOURCES = tests/cmd/test_draw.c
tests_cmd_test_draw_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_draw_LDADD = src/cmd/libcmd.a $(LINK_PRIVSEP) $(CMOCKA_LIBS)
tests_cmd_test_jobs_SOURCES = tests/cmd/test_jobs.c
tests_cmd_test_hostile_requests_SOURCES = tests/cmd/test_hostile_requests.c \
	tests/cmd/hostile_files.c tests/cmd/hostile_files.h
tests_cmd_test_hostile_requests_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_hostile_requests_LDADD = $(LINK_CMD) $(CMOCKA_LIBS)
tests_cmd_test_jobs_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_jobs_LDADD = $(LINK_CMD) $(CMOCKA_LIBS)
tests_cmd_test_nsenter_SOURCES = tests/cmd/test_nsenter.c $(nsrel_world)
tests_cmd_test_nsenter_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_nsenter_LDADD = $(LINK_SCAN) $(LINK_VIEW) $(LINK_BASE) $(CMOCKA_LIBS)
tests_cmd_test_sources_SOURCES = tests/cmd/test_sources.c
tests_cmd_test_sources_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_sources_LDADD = $(LINK_CMD) $(CMOCKA_LIBS)
tests_cmd_test_ui_jobs_SOURCES = tests/cmd/test_ui_jobs.c $(TEST_DIRECTORY) $(TEST_FIXTURE)
tests_cmd_test_ui_jobs_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_ui_jobs_LDADD = $(LINK_CMD) $(CMOCKA_LIBS)
tests_cmd_test_user_names_SOURCES = tests/cmd/test_user_names.c $(TEST_DIRECTORY)
tests_cmd_test_user_names_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_user_names_LDADD = $(LINK_CMD) $(CMOCKA_LIBS)
endif

if HAVE_VTERM
check_LIBRARIES += tests/cmd/libbrowse.a
tests_cmd_libbrowse_a_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_libbrowse_a_SOURCES = tests/cmd/browse.c tests/cmd/browse.h \
	tests/cmd/changing.c tests/cmd/changing.h

BROWSE_TESTS = \
	tests/cmd/test_browse \
	tests/cmd/test_browse_bytes \
	tests/cmd/test_browse_config \
	tests/cmd/test_browse_end \
	tests/cmd/test_browse_events \
	tests/cmd/test_browse_identity \
	tests/cmd/test_browse_input \
	tests/cmd/test_browse_limits \
	tests/cmd/test_browse_live \
	tests/cmd/test_browse_load \
	tests/cmd/test_browse_names \
	tests/cmd/test_browse_random \
	tests/cmd/test_browse_save \
	tests/cmd/test_browse_snapshot \
	tests/cmd/test_browse_start \
	tests/cmd/test_browse_tasks \
	tests/cmd/test_browse_terms \
	tests/cmd/test_browse_waiting
check_PROGRAMS += $(BROWSE_TESTS) tests/cmd/picture
TESTS += $(BROWSE_TESTS)

tests_cmd_picture_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_picture_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)

# The pictures in README and data, made again.
pictures: nsbrowse graphns tests/cmd/picture
	./graphns -f '$(srcdir)/data/demo.json' -o '$(srcdir)/data/demo.svg' --force
	top_builddir=. tests/cmd/picture svg > screen.tmp
	mv screen.tmp '$(srcdir)/data/screen.svg'
	top_builddir=. tests/cmd/picture text > screen.tmp
	$(AWK) -v screen=screen.tmp -f '$(srcdir)/tests/cmd/readme.awk' '$(srcdir)/README' > README.tmp
	mv README.tmp '$(srcdir)/README'
	rm -f screen.tmp

tests_cmd_test_browse_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_browse_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_cmd_test_browse_bytes_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_browse_bytes_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_cmd_test_browse_config_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_browse_config_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_cmd_test_browse_end_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_browse_end_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_cmd_test_browse_input_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_browse_input_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_cmd_test_browse_limits_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_browse_limits_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_cmd_test_browse_identity_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_browse_identity_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_cmd_test_browse_events_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_browse_events_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_cmd_test_browse_live_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_browse_live_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_cmd_test_browse_load_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_browse_load_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_cmd_test_browse_names_SOURCES = tests/cmd/test_browse_names.c $(TEST_DIRECTORY)
tests_cmd_test_browse_names_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_browse_names_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_cmd_test_browse_random_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_browse_random_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_cmd_test_browse_save_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_browse_save_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_cmd_test_browse_snapshot_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_browse_snapshot_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_cmd_test_browse_start_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_browse_start_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST) $(LINK_PRIVSEP)
tests_cmd_test_browse_tasks_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_browse_tasks_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_cmd_test_browse_terms_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_browse_terms_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
tests_cmd_test_browse_waiting_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cmd_test_browse_waiting_LDADD = tests/cmd/libbrowse.a $(LINK_PTY_TEST)
endif
