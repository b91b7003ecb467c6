# tests/pictures: pictures of hosts of several kinds, and what must be true of each.
EXTRA_DIST += tests/pictures/check_png.bats tests/pictures/checkers.bats tests/pictures/run \
	tests/pictures/run.bats

if HAVE_CMOCKA
PICTURE_HOSTS_FILES = tests/pictures/hosts.c tests/pictures/hosts.h tests/snapshot/text.h \
	$(TEST_FIXTURE)
GEOMETRY = tests/export/xml.c tests/export/xml.h \
	tests/pictures/drawing.c tests/pictures/drawing.h \
	tests/pictures/geometry.c tests/pictures/geometry.h
LINK_PICTURES = $(LINK_SNAPSHOT) $(CMOCKA_LIBS)

picture_tests = tests/pictures/test_geometry tests/pictures/test_hosts
check_PROGRAMS += $(picture_tests)
TESTS += $(picture_tests)
tests_pictures_test_geometry_SOURCES = tests/pictures/test_geometry.c $(GEOMETRY)
tests_pictures_test_geometry_CPPFLAGS = $(TEST_CPPFLAGS)
tests_pictures_test_geometry_LDADD = $(LINK_BASE) $(CMOCKA_LIBS)
tests_pictures_test_hosts_SOURCES = tests/pictures/test_hosts.c $(GEOMETRY) $(PICTURE_HOSTS_FILES)
tests_pictures_test_hosts_CPPFLAGS = $(TEST_CPPFLAGS)
tests_pictures_test_hosts_LDADD = $(LINK_EXPORT) $(LINK_PICTURES)

# The programs of check-pictures.
PICTURE_CHECKERS = \
	tests/pictures/check_dot \
	tests/pictures/check_svg \
	tests/pictures/write_host
check_PROGRAMS += $(PICTURE_CHECKERS)
if HAVE_BATS
TESTS += tests/pictures/checkers.bats tests/pictures/run.bats
endif

tests_pictures_check_dot_SOURCES = tests/pictures/check_dot.c tests/snapshot/text.h $(GEOMETRY)
tests_pictures_check_dot_CPPFLAGS = $(TEST_CPPFLAGS) $(CGRAPH_CFLAGS)
tests_pictures_check_dot_LDADD = $(LINK_PICTURES) $(CGRAPH_LIBS)
if HAVE_ZLIB
PICTURE_CHECKERS += tests/pictures/check_png
if HAVE_BATS
TESTS += tests/pictures/check_png.bats
endif
tests_pictures_check_png_SOURCES = tests/pictures/check_png.c tests/snapshot/text.h $(GEOMETRY)
tests_pictures_check_png_CPPFLAGS = $(TEST_CPPFLAGS) $(ZLIB_CFLAGS)
tests_pictures_check_png_LDADD = $(LINK_PICTURES) $(ZLIB_LIBS)
endif
tests_pictures_check_svg_SOURCES = tests/pictures/check_svg.c tests/snapshot/text.h $(GEOMETRY)
tests_pictures_check_svg_CPPFLAGS = $(TEST_CPPFLAGS)
tests_pictures_check_svg_LDADD = $(LINK_PICTURES)
tests_pictures_write_host_SOURCES = tests/pictures/write_host.c $(PICTURE_HOSTS_FILES)
tests_pictures_write_host_CPPFLAGS = $(TEST_CPPFLAGS)
tests_pictures_write_host_LDADD = $(LINK_PICTURES)

check-pictures: graphns $(PICTURE_CHECKERS)
	@$(AM_TESTS_ENVIRONMENT) '$(top_srcdir)'/tests/pictures/run $(HOSTS)
endif
.PHONY: check-pictures

clean-local: clean-pictures
clean-pictures:
	rm -rf build/pictures
.PHONY: clean-pictures
