#!/usr/bin/env bats
# The tables of characters in src/base/unicode_tables.h, and the Unicode character database of
# Debian's package unicode-data.

bats_require_minimum_version 1.5.0

setup() {
	: "${top_srcdir:=$PWD}" "${UCD:=/usr/share/unicode}"
	tables=$top_srcdir/src/base/unicode_tables.h
	[ -r "$UCD/DerivedCoreProperties.txt" ] || skip "unicode-data is not installed"
	ours=$(sed -n 's/.*Unicode \([0-9.]*\),.*/\1/p' "$tables")
	theirs=$(sed -n '1s/.*-\([0-9.]*\)\.txt.*/\1/p' "$UCD/DerivedCoreProperties.txt")
	# A version that is not found would count as another one.
	[[ $ours =~ ^[0-9]+(\.[0-9]+)+$ ]]
	[[ $theirs =~ ^[0-9]+(\.[0-9]+)+$ ]]
}

# Writes the tables, or compares those of the file in $compared.
unicode_awk() {
	LC_ALL=C awk -v tables="$compared" -f "$top_srcdir/src/base/unicode.awk" \
		"$UCD/UnicodeData.txt" "$UCD/DerivedCoreProperties.txt"
}

@test "the tables are what unicode.awk makes of that version" {
	[ "$ours" = "$theirs" ] || skip "unicode-data is of another version"
	compared=
	diff "$tables" <(unicode_awk)
}

# A newer version may have changed a few characters, and assigned some in gaps of the tables.
@test "the tables agree with a database of any version" {
	compared=$tables
	run -0 unicode_awk
	echo "$theirs: $output"
	newest=$(printf '%s\n' "$ours" "$theirs" | sort -V | tail -n 1)
	[ "$newest" = "$ours" ] || [ "$(wc -l <<<"$output")" -le 64 ]
	[ "$newest" != "$ours" ] || [ -z "$output" ]
}
