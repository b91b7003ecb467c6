if HAVE_CMOCKA
kernel_tests = \
	tests/kernel/test_cmdlines \
	tests/kernel/test_container_files \
	tests/kernel/test_container_homes \
	tests/kernel/test_container_hostile \
	tests/kernel/test_container_text \
	tests/kernel/test_event_records \
	tests/kernel/test_events \
	tests/kernel/test_features \
	tests/kernel/test_kernel_cgroup \
	tests/kernel/test_kernel_linux \
	tests/kernel/test_kernel_file \
	tests/kernel/test_mount_line \
	tests/kernel/test_mount_ns \
	tests/kernel/test_kernel_children \
	tests/kernel/test_ns_keys \
	tests/kernel/test_ns_list \
	tests/kernel/test_ns_mounted \
	tests/kernel/test_proc \
	tests/kernel/test_proc_net \
	tests/kernel/test_proc_ns \
	tests/kernel/test_proc_stat \
	tests/kernel/test_socket_ns
check_PROGRAMS += $(kernel_tests)
TESTS += $(kernel_tests)

tests_kernel_test_kernel_cgroup_SOURCES = tests/kernel/test_kernel_cgroup.c $(nsrel_world)
tests_kernel_test_kernel_cgroup_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_kernel_cgroup_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
tests_kernel_test_kernel_linux_SOURCES = tests/kernel/test_kernel_linux.c $(nsrel_world)
tests_kernel_test_kernel_linux_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_kernel_linux_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
# What the helper is asked.
kernel_privileged_test = tests/kernel/privileged.c tests/kernel/privileged.h $(nsrel_world)
tests_kernel_test_cmdlines_SOURCES = tests/kernel/test_cmdlines.c $(kernel_privileged_test)
tests_kernel_test_cmdlines_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_cmdlines_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
# Files of container engines.
engine_files_test = tests/kernel/engine_files.c tests/kernel/engine_files.h $(kernel_privileged_test)
tests_kernel_test_container_files_SOURCES = tests/kernel/test_container_files.c $(engine_files_test)
tests_kernel_test_container_files_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_container_files_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
tests_kernel_test_container_homes_SOURCES = tests/kernel/test_container_homes.c $(engine_files_test)
tests_kernel_test_container_homes_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_container_homes_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
tests_kernel_test_container_hostile_SOURCES = tests/kernel/test_container_hostile.c $(engine_files_test)
tests_kernel_test_container_hostile_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_container_hostile_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
tests_kernel_test_container_text_SOURCES = tests/kernel/test_container_text.c
tests_kernel_test_container_text_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_container_text_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
tests_kernel_test_event_records_SOURCES = tests/kernel/test_event_records.c
tests_kernel_test_event_records_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_event_records_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
tests_kernel_test_events_SOURCES = tests/kernel/test_events.c $(kernel_privileged_test)
tests_kernel_test_events_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_events_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
tests_kernel_test_features_SOURCES = tests/kernel/test_features.c $(kernel_privileged_test)
tests_kernel_test_features_CPPFLAGS = $(TEST_CPPFLAGS) $(SECCOMP_CFLAGS)
tests_kernel_test_features_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
tests_kernel_test_kernel_file_SOURCES = tests/kernel/test_kernel_file.c $(kernel_privileged_test)
tests_kernel_test_kernel_file_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_kernel_file_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
tests_kernel_test_mount_line_SOURCES = tests/kernel/test_mount_line.c
tests_kernel_test_mount_line_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_mount_line_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
tests_kernel_test_mount_ns_SOURCES = tests/kernel/test_mount_ns.c $(kernel_privileged_test)
tests_kernel_test_mount_ns_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_mount_ns_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
tests_kernel_test_kernel_children_SOURCES = \
	tests/kernel/test_kernel_children.c $(nsrel_world)
tests_kernel_test_kernel_children_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_kernel_children_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
tests_kernel_test_ns_list_SOURCES = tests/kernel/test_ns_list.c $(kernel_privileged_test)
tests_kernel_test_ns_list_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_ns_list_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
tests_kernel_test_ns_keys_SOURCES = tests/kernel/test_ns_keys.c $(kernel_privileged_test)
tests_kernel_test_ns_keys_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_ns_keys_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
tests_kernel_test_socket_ns_SOURCES = tests/kernel/test_socket_ns.c $(kernel_privileged_test)
tests_kernel_test_socket_ns_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_socket_ns_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
tests_kernel_test_ns_mounted_SOURCES = tests/kernel/test_ns_mounted.c $(kernel_privileged_test)
tests_kernel_test_ns_mounted_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_ns_mounted_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
tests_kernel_test_proc_SOURCES = tests/kernel/test_proc.c tests/kernel/exact.h
tests_kernel_test_proc_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_proc_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
tests_kernel_test_proc_net_SOURCES = tests/kernel/test_proc_net.c tests/kernel/exact.h
tests_kernel_test_proc_net_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_proc_net_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
tests_kernel_test_proc_ns_SOURCES = tests/kernel/test_proc_ns.c tests/kernel/exact.h
tests_kernel_test_proc_ns_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_proc_ns_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
tests_kernel_test_proc_stat_SOURCES = tests/kernel/test_proc_stat.c tests/kernel/exact.h
tests_kernel_test_proc_stat_CPPFLAGS = $(TEST_CPPFLAGS)
tests_kernel_test_proc_stat_LDADD = $(LINK_KERNEL) $(CMOCKA_LIBS)
endif
