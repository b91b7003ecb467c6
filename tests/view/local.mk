# tests/view
if HAVE_CMOCKA
view_tests = \
	tests/view/test_audit \
	tests/view/test_collapse \
	tests/view/test_container_lines \
	tests/view/test_container_texts \
	tests/view/test_go_to \
	tests/view/test_command \
	tests/view/test_copied_lines \
	tests/view/test_hierarchy \
	tests/view/test_id_map \
	tests/view/test_kinds \
	tests/view/test_haystack \
	tests/view/test_mount_lines \
	tests/view/test_mount_words \
	tests/view/test_mount_query \
	tests/view/test_needle \
	tests/view/test_net_plan \
	tests/view/test_net_query \
	tests/view/test_pair_layout \
	tests/view/test_pair_plan \
	tests/view/test_pair_words \
	tests/view/test_partial \
	tests/view/test_pid_query \
	tests/view/test_sentence \
	tests/view/test_sharing \
	tests/view/test_started \
	tests/view/test_umount \
	tests/view/test_words \
	tests/view/test_words_container \
	tests/view/test_words_watching
check_PROGRAMS += $(view_tests)
TESTS += $(view_tests)

# Models for these tests and for those of the rooms above.
TEST_FIXTURE = tests/view/fixture.c tests/view/fixture.h
MOUNT_FIXTURE = tests/view/mount_fixture.c tests/view/mount_fixture.h $(TEST_FIXTURE)
NET_FIXTURE = tests/view/net_fixture.c tests/view/net_fixture.h

tests_view_test_audit_SOURCES = tests/view/test_audit.c $(TEST_FIXTURE)
tests_view_test_audit_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_audit_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_collapse_SOURCES = tests/view/test_collapse.c $(TEST_FIXTURE)
tests_view_test_collapse_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_collapse_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_container_lines_SOURCES = \
	tests/view/test_container_lines.c $(TEST_FIXTURE)
tests_view_test_container_lines_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_container_lines_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_container_texts_SOURCES = \
	tests/view/test_container_texts.c $(TEST_FIXTURE)
tests_view_test_container_texts_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_container_texts_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_go_to_SOURCES = tests/view/test_go_to.c $(TEST_FIXTURE)
tests_view_test_go_to_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_go_to_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_command_SOURCES = tests/view/test_command.c $(TEST_FIXTURE)
tests_view_test_command_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_command_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_copied_lines_SOURCES = \
	tests/view/test_copied_lines.c tests/base/child.h tests/base/folder.h $(MOUNT_FIXTURE)
tests_view_test_copied_lines_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_copied_lines_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_hierarchy_SOURCES = tests/view/test_hierarchy.c $(TEST_FIXTURE)
tests_view_test_hierarchy_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_hierarchy_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_id_map_SOURCES = tests/view/test_id_map.c
tests_view_test_id_map_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_id_map_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_kinds_SOURCES = tests/view/test_kinds.c $(TEST_FIXTURE)
tests_view_test_kinds_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_kinds_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_haystack_SOURCES = tests/view/test_haystack.c $(MOUNT_FIXTURE)
tests_view_test_haystack_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_haystack_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_mount_lines_SOURCES = tests/view/test_mount_lines.c $(MOUNT_FIXTURE)
tests_view_test_mount_lines_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_mount_lines_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_mount_words_SOURCES = tests/view/test_mount_words.c $(MOUNT_FIXTURE)
tests_view_test_mount_words_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_mount_words_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_mount_query_SOURCES = tests/view/test_mount_query.c $(TEST_FIXTURE)
tests_view_test_mount_query_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_mount_query_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_needle_SOURCES = tests/view/test_needle.c
tests_view_test_needle_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_needle_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_net_plan_SOURCES = tests/view/test_net_plan.c $(NET_FIXTURE)
tests_view_test_net_plan_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_net_plan_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_pid_query_SOURCES = tests/view/test_pid_query.c $(TEST_FIXTURE)
tests_view_test_pid_query_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_pid_query_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_net_query_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_net_query_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_pair_layout_SOURCES = tests/view/test_pair_layout.c $(TEST_FIXTURE)
tests_view_test_pair_layout_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_pair_layout_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_pair_plan_SOURCES = tests/view/test_pair_plan.c $(TEST_FIXTURE)
tests_view_test_pair_plan_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_pair_plan_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_pair_words_SOURCES = tests/view/test_pair_words.c $(TEST_FIXTURE)
tests_view_test_pair_words_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_pair_words_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_partial_SOURCES = tests/view/test_partial.c $(TEST_FIXTURE)
tests_view_test_partial_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_partial_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_sentence_SOURCES = tests/view/test_sentence.c $(TEST_FIXTURE)
tests_view_test_sentence_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_sentence_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_sharing_SOURCES = tests/view/test_sharing.c $(TEST_FIXTURE)
tests_view_test_sharing_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_sharing_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_started_SOURCES = tests/view/test_started.c
tests_view_test_started_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_started_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_umount_SOURCES = tests/view/test_umount.c $(MOUNT_FIXTURE)
tests_view_test_umount_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_umount_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_words_SOURCES = tests/view/test_words.c $(TEST_FIXTURE)
tests_view_test_words_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_words_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_words_container_SOURCES = tests/view/test_words_container.c
tests_view_test_words_container_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_words_container_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
tests_view_test_words_watching_CPPFLAGS = $(TEST_CPPFLAGS)
tests_view_test_words_watching_LDADD = $(LINK_VIEW) $(CMOCKA_LIBS)
endif
