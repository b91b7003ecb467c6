# tests/pictures: pictures of hosts of several kinds, and what must be true of each.
if HAVE_CMOCKA
PICTURE_HOSTS_FILES = tests/pictures/hosts.c tests/pictures/hosts.h tests/snapshot/text.h \
	$(TEST_FIXTURE)
LINK_PICTURES = $(LINK_SNAPSHOT) $(CMOCKA_LIBS)

check_PROGRAMS += tests/pictures/write_host
tests_pictures_write_host_SOURCES = tests/pictures/write_host.c $(PICTURE_HOSTS_FILES)
tests_pictures_write_host_CPPFLAGS = $(TEST_CPPFLAGS)
tests_pictures_write_host_LDADD = $(LINK_PICTURES)

GEOMETRY = tests/export/xml.c tests/export/xml.h \
	tests/pictures/drawing.c tests/pictures/drawing.h \
	tests/pictures/geometry.c tests/pictures/geometry.h
check_PROGRAMS += tests/pictures/check_svg
tests_pictures_check_svg_SOURCES = tests/pictures/check_svg.c $(GEOMETRY)
tests_pictures_check_svg_CPPFLAGS = $(TEST_CPPFLAGS)
tests_pictures_check_svg_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)

picture_tests = tests/pictures/test_geometry
check_PROGRAMS += $(picture_tests)
TESTS += $(picture_tests)
tests_pictures_test_geometry_SOURCES = tests/pictures/test_geometry.c $(GEOMETRY)
tests_pictures_test_geometry_CPPFLAGS = $(TEST_CPPFLAGS)
tests_pictures_test_geometry_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)
endif
