# What the screen tests read.
EXTRA_DIST += \
	tests/ui/row_names.txt \
	tests/ui/models/bare.model \
	tests/ui/models/busy.model \
	tests/ui/models/cmdlines.model \
	tests/ui/models/containers.model \
	tests/ui/models/counts.model \
	tests/ui/models/deep.model \
	tests/ui/models/graph-alike.model \
	tests/ui/models/graph-alike-later.model \
	tests/ui/models/graph-chain.model \
	tests/ui/models/graph-groups-partial.model \
	tests/ui/models/graph-groups.model \
	tests/ui/models/graph12.model \
	tests/ui/models/graph12-later.model \
	tests/ui/models/graph300.model \
	tests/ui/models/graph44.model \
	tests/ui/models/holders.model \
	tests/ui/models/ids.model \
	tests/ui/models/inside.model \
	tests/ui/models/hostile.model \
	tests/ui/models/kernel-later.model \
	tests/ui/models/kernel-unread.model \
	tests/ui/models/engines.model \
	tests/ui/models/exit-later.model \
	tests/ui/models/exit.model \
	tests/ui/models/kernel.model \
	tests/ui/models/listed.model \
	tests/ui/models/lone-later.model \
	tests/ui/models/lone.model \
	tests/ui/models/long-command.model \
	tests/ui/models/long.model \
	tests/ui/models/lost-later.model \
	tests/ui/models/lost.model \
	tests/ui/models/many.model \
	tests/ui/models/no-time.model \
	tests/ui/models/no-user-namespaces.model \
	tests/ui/models/partial.model \
	tests/ui/models/mounted.model \
	tests/ui/models/mounts-path.model \
	tests/ui/models/mounts.model \
	tests/ui/models/notes-many.model \
	tests/ui/models/notes.model \
	tests/ui/models/numbers.model \
	tests/ui/models/picture-changed.model \
	tests/ui/models/picture-ended.model \
	tests/ui/models/picture-later.model \
	tests/ui/models/quick-unread-later.model \
	tests/ui/models/quick-unread.model \
	tests/ui/models/sources.model \
	tests/ui/models/sources-all.model \
	tests/ui/models/threads.model \
	tests/ui/models/unborn-number.model \
	tests/ui/models/unborn.model \
	tests/ui/models/unknown-details.model \
	tests/ui/models/unread-container.model \
	tests/ui/models/unknown-ended.model \
	tests/ui/models/unknown.model \
	tests/ui/models/userns.model \
	tests/ui/models/picture.model \
	tests/ui/models/pins.model \
	tests/ui/models/wide.model \
	tests/ui/screens/ascii.txt \
	tests/ui/screens/changes-exit.txt \
	tests/ui/screens/changes-partial.txt \
	tests/ui/screens/changes.txt \
	tests/ui/screens/cmdlines.txt \
	tests/ui/screens/columns.txt \
	tests/ui/screens/containers.txt \
	tests/ui/screens/containers-60.txt \
	tests/ui/screens/containers-given.txt \
	tests/ui/screens/containers-later.txt \
	tests/ui/screens/containers-pods.txt \
	tests/ui/screens/containers-unread.txt \
	tests/ui/screens/copy-mounts.txt \
	tests/ui/screens/copy-user.txt \
	tests/ui/screens/copy.txt \
	tests/ui/screens/counts-graph.txt \
	tests/ui/screens/counts.txt \
	tests/ui/screens/deep.txt \
	tests/ui/screens/engines-find.txt \
	tests/ui/screens/engines-sort.txt \
	tests/ui/screens/engines.txt \
	tests/ui/screens/details.txt \
	tests/ui/screens/escape.txt \
	tests/ui/screens/filter-net.txt \
	tests/ui/screens/filter.txt \
	tests/ui/screens/find-ascii.txt \
	tests/ui/screens/find-page.txt \
	tests/ui/screens/find-small.txt \
	tests/ui/screens/find-wide.txt \
	tests/ui/screens/fold.txt \
	tests/ui/screens/found-number.txt \
	tests/ui/screens/found.txt \
	tests/ui/screens/found-ascii.txt \
	tests/ui/screens/found-columns.txt \
	tests/ui/screens/found-folded.txt \
	tests/ui/screens/gone-top.txt \
	tests/ui/screens/gone.txt \
	tests/ui/screens/goto.txt \
	tests/ui/screens/goto-inside.txt \
	tests/ui/screens/graph-alike.txt \
	tests/ui/screens/graph-groups.txt \
	tests/ui/screens/graph-ascii.txt \
	tests/ui/screens/graph-chain.txt \
	tests/ui/screens/graph-first.txt \
	tests/ui/screens/graph-fit-first.txt \
	tests/ui/screens/graph-fit.txt \
	tests/ui/screens/graph-from.txt \
	tests/ui/screens/graph-goto.txt \
	tests/ui/screens/graph-lines.txt \
	tests/ui/screens/graph-mouse.txt \
	tests/ui/screens/graph-no-lines.txt \
	tests/ui/screens/graph-owners.txt \
	tests/ui/screens/graph-pan.txt \
	tests/ui/screens/graph-reading.txt \
	tests/ui/screens/graph-refresh.txt \
	tests/ui/screens/graph-search.txt \
	tests/ui/screens/graph-small.txt \
	tests/ui/screens/graph-step.txt \
	tests/ui/screens/graph.txt \
	tests/ui/screens/help-search.txt \
	tests/ui/screens/help-interfaces.txt \
	tests/ui/screens/help-snapshot.txt \
	tests/ui/screens/help.txt \
	tests/ui/screens/hint-all.txt \
	tests/ui/screens/hint-details.txt \
	tests/ui/screens/hint-graph.txt \
	tests/ui/screens/hint-many.txt \
	tests/ui/screens/hint-one.txt \
	tests/ui/screens/hint-views.txt \
	tests/ui/screens/hint.txt \
	tests/ui/screens/holders.txt \
	tests/ui/screens/hostile.txt \
	tests/ui/screens/inside.txt \
	tests/ui/screens/inside-container.txt \
	tests/ui/screens/inside-limits.txt \
	tests/ui/screens/inside-no-time.txt \
	tests/ui/screens/inside-types.txt \
	tests/ui/screens/kernel-list.txt \
	tests/ui/screens/kernel-unread.txt \
	tests/ui/screens/kernel.txt \
	tests/ui/screens/keys.txt \
	tests/ui/screens/kinds.txt \
	tests/ui/screens/layout.txt \
	tests/ui/screens/load.txt \
	tests/ui/screens/list-rows-folded.txt \
	tests/ui/screens/list-rows.txt \
	tests/ui/screens/listed.txt \
	tests/ui/screens/long.txt \
	tests/ui/screens/mark-snapshot.txt \
	tests/ui/screens/mark.txt \
	tests/ui/screens/marks.txt \
	tests/ui/screens/matrix.txt \
	tests/ui/screens/maximised.txt \
	tests/ui/screens/mounts-copy.txt \
	tests/ui/screens/mounts-lack.txt \
	tests/ui/screens/mounts-none.txt \
	tests/ui/screens/mounts-outdated.txt \
	tests/ui/screens/mounts-page.txt \
	tests/ui/screens/mounts-path.txt \
	tests/ui/screens/mounts-search.txt \
	tests/ui/screens/mounts-wait.txt \
	tests/ui/screens/mounts-wide.txt \
	tests/ui/screens/mounts.txt \
	tests/ui/screens/mouse-right.txt \
	tests/ui/screens/mouse.txt \
	tests/ui/screens/move.txt \
	tests/ui/screens/names.txt \
	tests/ui/screens/no-user-namespaces.txt \
	tests/ui/screens/only-back.txt \
	tests/ui/screens/only.txt \
	tests/ui/screens/narrow.txt \
	tests/ui/screens/options.txt \
	tests/ui/screens/options-ascii.txt \
	tests/ui/screens/owned.txt \
	tests/ui/screens/panes.txt \
	tests/ui/screens/partial.txt \
	tests/ui/screens/pins.txt \
	tests/ui/screens/pins-snapshot.txt \
	tests/ui/screens/process.txt \
	tests/ui/screens/processes.txt \
	tests/ui/screens/progress.txt \
	tests/ui/screens/quick-containers.txt \
	tests/ui/screens/quick-unread.txt \
	tests/ui/screens/quit.txt \
	tests/ui/screens/prompt.txt \
	tests/ui/screens/complete.txt \
	tests/ui/screens/overwrite.txt \
	tests/ui/screens/refreshes.txt \
	tests/ui/screens/row-looks.txt \
	tests/ui/screens/save.txt \
	tests/ui/screens/save-filter.txt \
	tests/ui/screens/page.txt \
	tests/ui/screens/page-cmdline.txt \
	tests/ui/screens/page-command.txt \
	tests/ui/screens/search-elsewhere.txt \
	tests/ui/screens/network.txt \
	tests/ui/screens/search-net.txt \
	tests/ui/screens/search.txt \
	tests/ui/screens/small-processes.txt \
	tests/ui/screens/small.txt \
	tests/ui/screens/snapshot.txt \
	tests/ui/screens/sort.txt \
	tests/ui/screens/tasks.txt \
	tests/ui/screens/threads.txt \
	tests/ui/screens/translate-container.txt \
	tests/ui/screens/translate.txt \
	tests/ui/screens/sources.txt \
	tests/ui/screens/sources-snapshot.txt \
	tests/ui/screens/start.txt \
	tests/ui/screens/unread-ascii.txt \
	tests/ui/screens/unread-many.txt \
	tests/ui/screens/unread-search.txt \
	tests/ui/screens/unborn-number.txt \
	tests/ui/screens/unborn.txt \
	tests/ui/screens/unknown-graph.txt \
	tests/ui/screens/unknown.txt \
	tests/ui/screens/unread.txt \
	tests/ui/screens/userns.txt \
	tests/ui/screens/views.txt \
	tests/ui/screens/walk-ascii.txt \
	tests/ui/screens/walk-gone.txt \
	tests/ui/screens/walk-small.txt \
	tests/ui/screens/walk-views.txt \
	tests/ui/screens/walk.txt \
	tests/ui/screens/widths.txt

if HAVE_CMOCKA
# Models written as text, and frames read as text.
check_LIBRARIES += tests/ui/libuitest.a
tests_ui_libuitest_a_CPPFLAGS = $(TEST_CPPFLAGS)
tests_ui_libuitest_a_SOURCES = \
	tests/ui/action_scripts.h \
	tests/ui/frame_text.c tests/ui/frame_text.h \
	tests/ui/made_facts.c tests/ui/made_facts.h \
	tests/ui/model_text.c tests/ui/model_text.h \
	tests/ui/screen_rows.c tests/ui/screen_rows.h \
	tests/ui/world.c tests/ui/world.h

UI_TESTS = \
	tests/ui/test_anything \
	tests/ui/test_config \
	tests/ui/test_graph \
	tests/ui/test_help \
	tests/ui/test_inside \
	tests/ui/test_hostile_frames \
	tests/ui/test_key_counts \
	tests/ui/test_long_names \
	tests/ui/test_mount_page \
	tests/ui/test_keys \
	tests/ui/test_kept_views \
	tests/ui/test_refresh \
	tests/ui/test_screens \
	tests/ui/test_columns \
	tests/ui/test_scroller

check_PROGRAMS += $(UI_TESTS)
TESTS += $(UI_TESTS)

LINK_UI_TEST = tests/ui/libuitest.a $(LINK_UI) $(CMOCKA_LIBS)

tests_ui_test_anything_CPPFLAGS = $(TEST_CPPFLAGS)
tests_ui_test_anything_LDADD = $(LINK_UI_TEST)
tests_ui_test_config_CPPFLAGS = $(TEST_CPPFLAGS)
tests_ui_test_config_LDADD = $(LINK_UI_TEST)
tests_ui_test_graph_CPPFLAGS = $(TEST_CPPFLAGS)
tests_ui_test_graph_LDADD = $(LINK_UI_TEST)
tests_ui_test_help_CPPFLAGS = $(TEST_CPPFLAGS)
tests_ui_test_help_LDADD = $(LINK_UI_TEST)
tests_ui_test_inside_CPPFLAGS = $(TEST_CPPFLAGS)
tests_ui_test_inside_LDADD = $(LINK_UI_TEST)
tests_ui_test_mount_page_CPPFLAGS = $(TEST_CPPFLAGS)
tests_ui_test_mount_page_LDADD = $(LINK_UI_TEST)
tests_ui_test_hostile_frames_SOURCES = tests/ui/test_hostile_frames.c $(TEST_FIXTURE)
tests_ui_test_hostile_frames_CPPFLAGS = $(TEST_CPPFLAGS)
tests_ui_test_hostile_frames_LDADD = $(LINK_UI_TEST)
tests_ui_test_long_names_SOURCES = tests/ui/test_long_names.c $(TEST_FIXTURE)
tests_ui_test_long_names_CPPFLAGS = $(TEST_CPPFLAGS)
tests_ui_test_long_names_LDADD = $(LINK_UI_TEST)
tests_ui_test_key_counts_SOURCES = tests/ui/test_key_counts.c $(PICTURE_HOSTS_FILES)
tests_ui_test_key_counts_CPPFLAGS = $(TEST_CPPFLAGS)
tests_ui_test_key_counts_LDADD = $(LINK_UI_TEST) $(LINK_PICTURES)
tests_ui_test_kept_views_SOURCES = tests/ui/test_kept_views.c $(TEST_FIXTURE)
tests_ui_test_kept_views_CPPFLAGS = $(TEST_CPPFLAGS)
tests_ui_test_kept_views_LDADD = $(LINK_UI_TEST)
tests_ui_test_keys_CPPFLAGS = $(TEST_CPPFLAGS)
tests_ui_test_keys_LDADD = $(LINK_UI_TEST)
tests_ui_test_refresh_CPPFLAGS = $(TEST_CPPFLAGS)
tests_ui_test_refresh_LDADD = $(LINK_UI_TEST)
tests_ui_test_columns_SOURCES = tests/ui/test_columns.c $(TEST_FIXTURE)
tests_ui_test_columns_CPPFLAGS = $(TEST_CPPFLAGS)
tests_ui_test_columns_LDADD = $(LINK_UI_TEST)
tests_ui_test_scroller_CPPFLAGS = $(TEST_CPPFLAGS)
tests_ui_test_scroller_LDADD = $(LINK_UI_TEST)
tests_ui_test_screens_SOURCES = tests/ui/test_screens.c tests/ui/script.c tests/ui/script.h \
	$(PICTURE_HOSTS_FILES) tests/view/mount_fixture.c tests/view/mount_fixture.h
tests_ui_test_screens_CPPFLAGS = $(TEST_CPPFLAGS)
tests_ui_test_screens_LDADD = $(LINK_UI_TEST) $(LINK_PICTURES)
endif
