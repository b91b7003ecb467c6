if HAVE_CMOCKA
# The fake kernel, for tests of other rooms too.
check_LIBRARIES += tests/scan/libfake.a
tests_scan_libfake_a_SOURCES = \
	tests/scan/checked_scan.h \
	tests/scan/fake_events.c tests/scan/fake_holders.c tests/scan/fake_internal.h \
	tests/scan/fake_kernel.c tests/scan/fake_kernel.h \
	tests/scan/fake_ns.c \
	tests/scan/fake_proc.c tests/scan/fake_proc.h \
	tests/scan/plenty.c tests/scan/plenty.h tests/scan/plenty_world.h \
	tests/scan/sample.c tests/scan/sample.h
tests_scan_libfake_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
LINK_FAKE = tests/scan/libfake.a

# A model as text.
picture = tests/scan/picture.c tests/scan/picture.h

scan_tests = \
	tests/scan/test_container_names \
	tests/scan/test_container_mounts \
	tests/scan/test_containers \
	tests/scan/test_containers_linux \
	tests/scan/test_containers_scan \
	tests/scan/test_facts \
	tests/scan/test_discovery \
	tests/scan/test_discovery_failures \
	tests/scan/test_every_failure \
	tests/scan/test_growth \
	tests/scan/test_held_linux \
	tests/scan/test_listed \
	tests/scan/test_mounts_read \
	tests/scan/test_mounts_ways \
	tests/scan/test_net_facts \
	tests/scan/test_net_files \
	tests/scan/test_ns_facts \
	tests/scan/test_ns_facts_dying \
	tests/scan/test_ns_facts_pid \
	tests/scan/test_ns_facts_user \
	tests/scan/test_posture \
	tests/scan/test_posture_mounts \
	tests/scan/test_source_mount \
	tests/scan/test_reach \
	tests/scan/test_refresh \
	tests/scan/test_refresh_linux \
	tests/scan/test_reopen \
	tests/scan/test_limits_linux \
	tests/scan/test_names \
	tests/scan/test_scan \
	tests/scan/test_scan_failures \
	tests/scan/test_scan_linux \
	tests/scan/test_watch \
	tests/scan/test_watcher \
	tests/scan/test_worker
check_PROGRAMS += $(scan_tests)
TESTS += $(scan_tests)

tests_scan_test_container_mounts_SOURCES = tests/scan/test_container_mounts.c $(nsrel_world)
tests_scan_test_container_mounts_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_container_mounts_LDADD = $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_containers_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_containers_LDADD = $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_container_names_SOURCES = tests/scan/test_container_names.c \
	tests/scan/store_scene.c tests/scan/store_scene.h
tests_scan_test_container_names_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_container_names_LDADD = $(LINK_FAKE) $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_containers_linux_SOURCES = tests/scan/test_containers_linux.c $(nsrel_world)
tests_scan_test_containers_linux_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_containers_linux_LDADD = $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_containers_scan_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_containers_scan_LDADD = $(LINK_FAKE) $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_facts_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_facts_LDADD = $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_discovery_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_discovery_LDADD = $(LINK_FAKE) $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_discovery_failures_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_discovery_failures_LDADD = $(LINK_FAKE) $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_every_failure_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_every_failure_LDADD = $(LINK_FAKE) $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_held_linux_SOURCES = tests/scan/test_held_linux.c $(nsrel_world)
tests_scan_test_held_linux_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_held_linux_LDADD = $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_mounts_read_SOURCES = tests/scan/test_mounts_read.c $(nsrel_world)
tests_scan_test_mounts_read_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_mounts_read_LDADD = $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_mounts_ways_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_mounts_ways_LDADD = $(LINK_FAKE) $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_net_facts_SOURCES = tests/scan/test_net_facts.c \
	tests/scan/net_scene.c tests/scan/net_scene.h \
	tests/scenes/net_maker.c tests/scenes/net_maker.h $(nsrel_world)
tests_scan_test_net_facts_CPPFLAGS = $(TEST_CPPFLAGS) $(MNL_CFLAGS)
tests_scan_test_net_facts_LDADD = $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_net_files_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_net_files_LDADD = $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_limits_linux_SOURCES = tests/scan/test_limits_linux.c $(nsrel_world)
tests_scan_test_limits_linux_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_limits_linux_LDADD = $(LINK_SCAN) $(CMOCKA_LIBS)
# What is in namespaces.
facts_scene = tests/scan/facts_scene.c tests/scan/facts_scene.h $(nsrel_world)
tests_scan_test_ns_facts_SOURCES = tests/scan/test_ns_facts.c $(facts_scene)
tests_scan_test_ns_facts_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_ns_facts_LDADD = $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_ns_facts_dying_SOURCES = tests/scan/test_ns_facts_dying.c $(facts_scene)
tests_scan_test_ns_facts_dying_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_ns_facts_dying_LDADD = $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_ns_facts_user_SOURCES = tests/scan/test_ns_facts_user.c $(facts_scene)
tests_scan_test_ns_facts_user_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_ns_facts_user_LDADD = $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_ns_facts_pid_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_ns_facts_pid_LDADD = $(LINK_FAKE) $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_posture_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_posture_LDADD = $(LINK_FAKE) $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_posture_mounts_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_posture_mounts_LDADD = $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_source_mount_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_source_mount_LDADD = $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_listed_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_listed_LDADD = $(LINK_FAKE) $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_reach_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_reach_LDADD = $(LINK_FAKE) $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_refresh_SOURCES = tests/scan/test_refresh.c \
	tests/scan/changed_host.c tests/scan/changed_host.h $(picture)
tests_scan_test_refresh_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_refresh_LDADD = $(LINK_FAKE) $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_refresh_linux_SOURCES = tests/scan/test_refresh_linux.c \
	tests/scan/actor.c tests/scan/actor.h $(picture) $(nsrel_world)
tests_scan_test_refresh_linux_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_refresh_linux_LDADD = $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_reopen_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_reopen_LDADD = $(LINK_FAKE) $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_growth_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_growth_LDADD = $(LINK_FAKE) $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_names_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_names_LDADD = $(LINK_FAKE) $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_scan_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_scan_LDADD = $(LINK_FAKE) $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_scan_failures_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_scan_failures_LDADD = $(LINK_FAKE) $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_scan_linux_SOURCES = tests/scan/test_scan_linux.c $(nsrel_world)
tests_scan_test_scan_linux_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_scan_linux_LDADD = $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_watch_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_watch_LDADD = $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_watcher_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_watcher_LDADD = $(LINK_FAKE) $(LINK_SCAN) $(CMOCKA_LIBS)
tests_scan_test_worker_CPPFLAGS = $(TEST_CPPFLAGS)
tests_scan_test_worker_LDADD = $(LINK_FAKE) $(LINK_SCAN) $(CMOCKA_LIBS)
endif

# Prints what a scan finds, for discovery.bats to hold against the truth of a scene.
check_PROGRAMS += tests/scan/discover
tests_scan_discover_SOURCES = tests/scan/discover.c
tests_scan_discover_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
tests_scan_discover_LDADD = $(LINK_SCAN)
EXTRA_DIST += tests/scan/discovery.bats tests/scan/discovery.pl tests/scan/identity.sh
if HAVE_BATS
TESTS += tests/scan/discovery.bats
endif
