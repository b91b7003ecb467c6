# The installed library.
include_HEADERS += src/nsrel/nsrel.h
pkgconfig_DATA += src/nsrel/nsrel.pc
lib_LTLIBRARIES += src/nsrel/libnsrel.la

nsrel_sources = src/nsrel/nsrel.c src/nsrel/nsrel.h src/nsrel/nsfs_uapi.h src/nsrel/statx.h

# PIC in the static library too, so that a PIE can link it; without the -pie of the programs.
src_nsrel_libnsrel_la_SOURCES = $(nsrel_sources)
src_nsrel_libnsrel_la_CFLAGS = $(WARN_CFLAGS) $(HARDEN_CFLAGS) -fPIC
src_nsrel_libnsrel_la_LDFLAGS = $(HARDEN_LDFLAGS) -version-info 0:0:0 \
	-Wl,--version-script=$(srcdir)/src/nsrel/nsrel.map
EXTRA_src_nsrel_libnsrel_la_DEPENDENCIES = src/nsrel/nsrel.map
EXTRA_DIST += src/nsrel/nsrel.map
if !SANITIZERS
# A sanitizer's own symbols are found in the program only.
src_nsrel_libnsrel_la_LDFLAGS += -Wl,-z,defs
endif

# The same for our programs: linked in, so that they need no installed library and are no
# libtool wrappers. Flags of its own, since objects must not be made in two ways by one name.
noinst_LIBRARIES += src/nsrel/libnsrel_core.a
src_nsrel_libnsrel_core_a_SOURCES = $(nsrel_sources)
src_nsrel_libnsrel_core_a_CFLAGS = $(AM_CFLAGS)

LINK_NSREL = src/nsrel/libnsrel_core.a
