# What every module stands on: memory, text, files.
noinst_LIBRARIES += src/base/libbase.a
src_base_libbase_a_SOURCES = \
	src/base/arena.c src/base/arena.h \
	src/base/atomic_file.c src/base/atomic_file.h \
	src/base/attributes.h \
	src/base/base64.c src/base/base64.h \
	src/base/descriptors.c src/base/descriptors.h \
	src/base/directory_path.c src/base/directory_path.h \
	src/base/escape.c src/base/escape.h \
	src/base/json_scan.c src/base/json_scan.h \
	src/base/json_write.c src/base/json_write.h \
	src/base/memory.c src/base/memory.h \
	src/base/message.c src/base/message.h \
	src/base/monotonic.h \
	src/base/progress.c src/base/progress.h \
	src/base/shell_word.c src/base/shell_word.h \
	src/base/text.c src/base/text.h \
	src/base/u64.c src/base/u64.h \
	src/base/unicode_tables.h \
	src/base/utf8.c src/base/utf8.h

LINK_BASE = src/base/libbase.a

# The tables of characters, from the Unicode character database that Debian's package unicode-data
# installs. `make unicode-tables` replaces the committed file by that of the installed version.
UCD = /usr/share/unicode
EXTRA_DIST += src/base/unicode.awk
.PHONY: unicode-tables
unicode-tables:
	$(AM_V_GEN)LC_ALL=C $(AWK) -f $(srcdir)/src/base/unicode.awk \
		$(UCD)/UnicodeData.txt $(UCD)/DerivedCoreProperties.txt >unicode_tables.h.new
	$(AM_V_at)mv unicode_tables.h.new $(srcdir)/src/base/unicode_tables.h
