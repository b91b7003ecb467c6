# tests/export
EXTRA_DIST += \
	tests/export/golden/pids.svg \
	tests/export/golden/rich-all.svg \
	tests/export/golden/rich-details.svg \
	tests/export/golden/rich-net.svg \
	tests/export/golden/rich.svg \
	tests/export/golden/users.svg \
	tests/export/newer_graphviz/cgraph.h \
	tests/export/dot.bats \
	tests/export/newer_graphviz.bats
if HAVE_BATS
TESTS += tests/export/dot.bats tests/export/newer_graphviz.bats
endif

if HAVE_CMOCKA
export_tests = \
	tests/export/test_containers \
	tests/export/test_holds \
	tests/export/test_dot \
	tests/export/test_dot_mounts \
	tests/export/test_dot_style \
	tests/export/test_label \
	tests/export/test_net \
	tests/export/test_metrics \
	tests/export/test_palette \
	tests/export/test_readers \
	tests/export/test_svg \
	tests/export/test_svg_contrast \
	tests/export/test_svg_lines \
	tests/export/test_svg_plan \
	tests/export/test_svg_style \
	tests/export/test_text
check_PROGRAMS += $(export_tests)
TESTS += $(export_tests)

tests_export_test_holds_SOURCES = tests/export/test_holds.c $(MOUNT_FIXTURE)
tests_export_test_holds_CPPFLAGS = $(TEST_CPPFLAGS)
tests_export_test_holds_LDADD = $(LINK_EXPORT) $(CMOCKA_LIBS)
tests_export_test_containers_SOURCES = tests/export/test_containers.c $(TEST_FIXTURE)
tests_export_test_containers_CPPFLAGS = $(TEST_CPPFLAGS)
tests_export_test_containers_LDADD = $(LINK_EXPORT) $(CMOCKA_LIBS)
tests_export_test_dot_SOURCES = tests/export/test_dot.c tests/export/gv.c tests/export/gv.h \
	tests/snapshot/text.h $(TEST_FIXTURE)
tests_export_test_dot_CPPFLAGS = $(TEST_CPPFLAGS) $(CGRAPH_CFLAGS)
tests_export_test_dot_LDADD = $(LINK_EXPORT) $(LINK_SNAPSHOT) $(CMOCKA_LIBS)
tests_export_test_dot_mounts_SOURCES = tests/export/test_dot_mounts.c \
	tests/export/gv.c tests/export/gv.h $(MOUNT_FIXTURE)
tests_export_test_dot_mounts_CPPFLAGS = $(TEST_CPPFLAGS) $(CGRAPH_CFLAGS)
tests_export_test_dot_mounts_LDADD = $(LINK_EXPORT) $(CMOCKA_LIBS)
tests_export_test_dot_style_SOURCES = tests/export/test_dot_style.c \
	tests/export/gv.c tests/export/gv.h $(TEST_FIXTURE)
tests_export_test_dot_style_CPPFLAGS = $(TEST_CPPFLAGS) $(CGRAPH_CFLAGS)
tests_export_test_dot_style_LDADD = $(LINK_EXPORT) $(CMOCKA_LIBS)
tests_export_test_label_SOURCES = tests/export/test_label.c $(TEST_FIXTURE)
tests_export_test_label_CPPFLAGS = $(TEST_CPPFLAGS)
tests_export_test_label_LDADD = $(LINK_EXPORT) $(CMOCKA_LIBS)
tests_export_test_metrics_SOURCES = tests/export/test_metrics.c \
	tests/export/prom.c tests/export/prom.h $(TEST_FIXTURE)
tests_export_test_metrics_CPPFLAGS = $(TEST_CPPFLAGS)
tests_export_test_metrics_LDADD = $(LINK_EXPORT) $(CMOCKA_LIBS)
tests_export_test_net_SOURCES = tests/export/test_net.c tests/export/gv.c tests/export/gv.h \
	tests/export/svg_checks.c tests/export/svg_checks.h tests/export/xml.c tests/export/xml.h \
	$(TEST_FIXTURE) $(NET_FIXTURE)
tests_export_test_net_CPPFLAGS = $(TEST_CPPFLAGS) $(CGRAPH_CFLAGS)
tests_export_test_net_LDADD = $(LINK_EXPORT) $(LINK_SNAPSHOT) $(CMOCKA_LIBS)
tests_export_test_palette_SOURCES = tests/export/test_palette.c \
	tests/export/light.c tests/export/light.h
tests_export_test_palette_CPPFLAGS = $(TEST_CPPFLAGS)
tests_export_test_palette_LDADD = $(LINK_EXPORT) $(CMOCKA_LIBS) -lm
tests_export_test_readers_SOURCES = tests/export/test_readers.c $(TEST_FIXTURE)
tests_export_test_readers_CPPFLAGS = $(TEST_CPPFLAGS) $(CGRAPH_CFLAGS)
tests_export_test_readers_LDADD = $(LINK_EXPORT) $(CMOCKA_LIBS)
tests_export_test_svg_SOURCES = tests/export/test_svg.c \
	tests/export/svg_checks.c tests/export/svg_checks.h \
	tests/export/xml.c tests/export/xml.h $(TEST_FIXTURE)
tests_export_test_svg_CPPFLAGS = $(TEST_CPPFLAGS)
tests_export_test_svg_LDADD = $(LINK_EXPORT) $(CMOCKA_LIBS)
tests_export_test_svg_contrast_SOURCES = tests/export/test_svg_contrast.c \
	tests/export/light.c tests/export/light.h \
	tests/export/xml.c tests/export/xml.h $(TEST_FIXTURE)
tests_export_test_svg_contrast_CPPFLAGS = $(TEST_CPPFLAGS)
tests_export_test_svg_contrast_LDADD = $(LINK_EXPORT) $(CMOCKA_LIBS) -lm
tests_export_test_svg_lines_SOURCES = tests/export/test_svg_lines.c $(GEOMETRY) $(TEST_FIXTURE)
tests_export_test_svg_lines_CPPFLAGS = $(TEST_CPPFLAGS)
tests_export_test_svg_lines_LDADD = $(LINK_EXPORT) $(CMOCKA_LIBS)
tests_export_test_svg_plan_SOURCES = tests/export/test_svg_plan.c $(GEOMETRY) $(TEST_FIXTURE)
tests_export_test_svg_plan_CPPFLAGS = $(TEST_CPPFLAGS)
tests_export_test_svg_plan_LDADD = $(LINK_EXPORT) $(CMOCKA_LIBS)
tests_export_test_svg_style_SOURCES = tests/export/test_svg_style.c \
	tests/export/xml.c tests/export/xml.h $(TEST_FIXTURE)
tests_export_test_svg_style_CPPFLAGS = $(TEST_CPPFLAGS)
tests_export_test_svg_style_LDADD = $(LINK_EXPORT) $(CMOCKA_LIBS)
tests_export_test_text_SOURCES = tests/export/test_text.c $(TEST_FIXTURE)
tests_export_test_text_CPPFLAGS = $(TEST_CPPFLAGS)
tests_export_test_text_LDADD = $(LINK_EXPORT) $(CMOCKA_LIBS)
endif
