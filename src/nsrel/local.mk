# The installed library.
include_HEADERS += src/nsrel/nsrel.h
pkgconfig_DATA += src/nsrel/nsrel.pc
