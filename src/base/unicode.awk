# Writes src/base/unicode_tables.h from the Unicode character database (Debian's unicode-data).
#
# usage: awk -f unicode.awk UnicodeData.txt DerivedCoreProperties.txt
#        awk -f unicode.awk -v tables=unicode_tables.h UnicodeData.txt DerivedCoreProperties.txt
#
# The second form compares the tables in that file with the database, which may be of another
# version: it prints each assigned character that has another class, as "U+XXXX TABLES DATABASE".
# Any POSIX awk will do.

BEGIN {
	FS = ";"
	END_OF_CODE = 1114112
	for (i = 0; i < 16; i++)
		digit[substr("0123456789ABCDEF", i + 1, 1)] = i
	for (i = 10; i < 16; i++)
		digit[substr("abcdef", i - 9, 1)] = i
	if (tables != "")
		read_tables()
}

# UnicodeData.txt: code; name; general category; ... A range is two lines, First and Last.
FILENAME ~ /UnicodeData/ {
	code = number($1)
	if ($2 !~ /, Last>$/)
		first = code
	for (; first <= code; first++)
		class[first] = class_of($3)
}

# DerivedCoreProperties.txt: CODE or CODE..CODE ; property # comment
FILENAME ~ /DerivedCore/ && /^# DerivedCoreProperties-/ {
	version = $0
	sub(/^# DerivedCoreProperties-/, "", version)
	sub(/\.txt.*/, "", version)
}
FILENAME ~ /DerivedCore/ && $2 ~ /^ *Default_Ignorable_Code_Point / {
	set_class($1, "invisible")
}

END {
	set_class("0080..009F", "invisible") # C1
	set_class("1161..11FF", "combining") # Hangul vowels and finals, which join the character
	set_class("D7B0..D7FB", "combining") # before them
	set_class("1171E", "combining")      # Mn before Unicode 16.0
	if (tables != "")
		compare()
	else
		write()
}

function class_of(category) {
	if (category ~ /^(Cf|Zl|Zp)$/)
		return "invisible"
	return category ~ /^(Mn|Me)$/ ? "combining" : "other"
}

function number(hex,    n, i) {
	n = 0
	for (i = 1; i <= length(hex); i++)
		n = n * 16 + digit[substr(hex, i, 1)]
	return n
}

# Does nothing to combining characters that are not assigned, or invisible.
function set_class(range, name,    ends, n, code) {
	gsub(/ /, "", range)
	n = split(range, ends, /\.\./)
	for (code = number(ends[1]); code <= number(ends[n]); code++)
		if (name == "invisible" || (code in class && class[code] == "other"))
			class[code] = name
}

# --- writing -----------------------------------------------------------------------------------

function put(text) {
	if (length(line) + length(text) > 90) {
		print line
		line = "\t"
	}
	line = line (line == "\t" ? "" : " ") text
}

# Ranges of one class. Unassigned characters between two of them are taken in.
function write_ranges(name,    code, first, end) {
	print "static const struct unicode_range unicode_" name "[] = {"
	line = "\t"
	first = -1
	for (code = 0; code <= END_OF_CODE; code++) {
		if (!(code in class) && code < END_OF_CODE)
			continue
		if (code in class && class[code] == name) {
			if (first < 0)
				first = code
			end = code
		} else if (first >= 0) {
			put(sprintf("{0x%04x, 0x%04x},", first, end))
			first = -1
		}
	}
	print line
	print "};"
}

function write() {
	print "/* SPDX-License-Identifier: Apache-2.0 */"
	print "#pragma once"
	print ""
	print "/* Unicode " version ", written by unicode.awk (make unicode-tables) for utf8.c only. */"
	print ""
	print "#include <uchar.h>"
	print ""
	print "/* Sorted; unassigned characters between two of a class belong to it. */"
	print "struct unicode_range {"
	print "\tchar32_t first, last;"
	print "};"
	print ""
	print "/* clang-format off */"
	print ""
	print "/* C1, general categories Cf, Zl and Zp, and Default_Ignorable_Code_Point. */"
	write_ranges("invisible")
	print ""
	print "/* General categories Mn and Me that are not invisible, the Hangul vowels and finals, and"
	print " * U+1171E, which was Mn before Unicode 16.0. */"
	write_ranges("combining")
	print ""
	print "/* clang-format on */"
}

# --- comparing ---------------------------------------------------------------------------------

function read_tables(    row, name, code, pair, last) {
	while ((getline row < tables) > 0) {
		if (row ~ /^static const/) {
			name = row ~ /invisible/ ? "invisible" : "combining"
		} else if (name != "") {
			while (match(row, /{0x[0-9a-f]+, 0x[0-9a-f]+}/)) {
				split(substr(row, RSTART + 1, RLENGTH - 2), pair, /, /)
				last = number(substr(pair[2], 3))
				for (code = number(substr(pair[1], 3)); code <= last; code++)
					in_tables[code] = name
				row = substr(row, RSTART + RLENGTH)
			}
		}
	}
	close(tables)
}

function compare(    code, name) {
	for (code = 0; code < END_OF_CODE; code++) {
		name = code in in_tables ? in_tables[code] : "other"
		if (code in class && class[code] != name)
			printf "U+%04X %s %s\n", code, name, class[code]
	}
}
