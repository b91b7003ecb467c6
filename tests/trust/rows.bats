#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# tests/trust/rows against the files that it names, and the table that is made of it.

bats_require_minimum_version 1.5.0

setup() {
	: "${top_srcdir:=$PWD}"
	top_srcdir=$(cd "$top_srcdir" && pwd)
	rows=$top_srcdir/tests/trust/rows
	table=$top_srcdir/tests/trust/table.awk
	cd "$BATS_TEST_TMPDIR" || return 1
}

# The tests of $1, each once.
tests_of() {
	awk '/^R[0-9]+ / { print $3 }' "$1" | sort -u
}

# Lines that are neither a comment, the requirement of a row, nor a test of the row above it.
malformed() {
	awk '
		/^#/ || /^$/ { next }
		/^R[0-9]+: [^ ]/ { row = substr($1, 1, length($1) - 1); next }
		/^R[0-9]+ \| tests\/[a-z_]+\/[A-Za-z0-9_.]+ \| [^ ]/ && $1 == row { next }
		/^R[0-9]+ \| tests\/[a-z]+\.bats \| [^ ]/ && $1 == row { next }
		{ print }' "$1"
}

# Tests that have no file, or that no local.mk names as a test or program.
not_tests() {
	local path
	tests_of "$1" | while read -r path; do
		if [[ $path != *.bats ]]; then
			[ -e "$top_srcdir/$path.c" ] || echo "$path: no source"
		elif [ ! -e "$top_srcdir/$path" ]; then
			echo "$path: no file"
		fi
		grep -qE "(^|[[:space:]=])$path( |\$)" "$top_srcdir/${path%/*}/local.mk" ||
			echo "$path: not in ${path%/*}/local.mk"
	done
}

@test "each line is a row, or a test of the row above it" {
	run -0 malformed "$rows"
	[ -z "$output" ]
	run -0 diff <(sed -nE 's/^R([0-9]+): .*/\1/p' "$rows") <(seq 29)
	run -0 diff <(sed -nE 's/^(R[0-9]+): .*/\1/p' "$rows" | sort) \
		<(awk '/^R[0-9]+ / { print $1 }' "$rows" | sort -u)
}

@test "each test that is named is one" {
	[ "$(tests_of "$rows" | wc -l)" -ge 29 ]
	run -0 not_tests "$rows"
	[ -z "$output" ]
}

@test "each test of this folder is named" {
	cd "$top_srcdir"
	for file in tests/trust/R*.bats tests/trust/test_*.c; do
		[ -e "$file" ] || continue
		tests_of "$rows" | grep -qxF "${file%.c}"
	done
}

@test "each test that has a long form is one of long_tests" {
	cd "$top_srcdir"
	awk '/^long_tests =/ { is_list = 1 } is_list { print } !/\\$/ { is_list = 0 }' tests/trust/local.mk |
		grep -oE 'tests/[A-Za-z0-9_/.]+' | sort >"$BATS_TEST_TMPDIR/listed" || true
	grep -lw NSBROWSE_LONG tests/*/*.bats tests/*/test_*.c tests/fuzz/*.c |
		grep -v '^tests/trust/rows.bats$' | sed 's/\.c$//' | sort >"$BATS_TEST_TMPDIR/found" || true
	run -0 diff "$BATS_TEST_TMPDIR/listed" "$BATS_TEST_TMPDIR/found"
}

@test "these checks find a wrong line, row and file" {
	sed -E 's/^R16 \| (.*_file )/R16  \1/; s/^(R3 .*)test_round_trip/\1test_round_trap/; s/^R7 (.*discovery)/R8 \1/' "$rows" >wrong
	run -0 malformed wrong
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} == "R8 | tests/scan/discovery.bats | "* ]]
	[[ ${lines[1]} == "R16  tests/base/"* ]]
	run -0 not_tests <(grep '^R3 ' wrong)
	[ "${lines[0]}" = "tests/snapshot/test_round_trap: no source" ]
	[ "${lines[1]}" = "tests/snapshot/test_round_trap: not in tests/snapshot/local.mk" ]
}

# ended TEST RESULT...: what automake's harness writes of it; its log is standard input.
ended() {
	local path=$1 result
	mkdir -p "${path%/*}"
	cat >"$path.log"
	shift
	for result; do
		echo ":test-result: $result"
	done >"$path.trs"
}

@test "the table has figures, skips and failures, and says what is missing" {
	cat >some <<-'END'
		R1: one
		R1 | tests/a/test_a | does this
		R1 | tests/a/b.bats | does that | and more
		R2: two
		R2 | tests/a/test_a | does another thing
		R3: three
		R3 | tests/a/test_c | not run
		R3 | tests/a/test_d | not built
		R4: four
		R4 | tests/a/test_e | no rights
	END
	ended tests/a/test_a PASS <<-'END'
		# R1: 50 names, 0 raw
		# R11: of another row
		# R1: 50 names, 0 raw
		[  SKIPPED ] of_root
		[  SKIPPED ] 1 test(s), listed below:
	END
	ended tests/a/b 'PASS 1 this' 'SKIP 2 that # SKIP needs root' 'PASS 3' <<-'END'
		ok 1 this
		# R1: 3 of 3
		# R2: not named for this row
	END
	ended tests/a/test_e SKIP <<-'END'
		test_e: unshare: Operation not permitted
		[==========] ran
		SKIP tests/a/test_e (exit status: 77)
	END
	run -0 awk -v built='tests/a/test_a tests/a/b.bats tests/a/test_c tests/a/test_e' -f "$table" some
	diff - <(echo "$output") <<-'END'
		R1  one
		    tests/a/test_a: passed
		      does this
		        50 names, 0 raw
		        skipped: of_root
		    tests/a/b.bats: SKIPPED 1 of 3
		      does that | and more
		        skipped: 2 that # SKIP needs root
		        3 of 3
		R2  two
		    tests/a/test_a: passed
		      does another thing
		        skipped: of_root
		    NO FIGURE
		R3  three
		    tests/a/test_c: NOT RUN
		      not run
		    tests/a/test_d: NOT BUILT
		      not built
		    NO FIGURE
		R4  four
		    tests/a/test_e: SKIPPED 1 of 1
		      no rights
		        skipped: test_e: unshare: Operation not permitted
		    NO FIGURE
		4 rows
		  failed: none
		  skipped in part: R1 R2 R4
		  with a test that did not run: R3
		  without a figure: R2 R3 R4
	END
	run -0 awk -v only='tests/a/test_c tests/a/x' -f "$table" some
	[ "${lines[0]}" = "R3  three" ]
	[ "${lines[3]}" = "    NO FIGURE" ]
	[ "${lines[4]}" = "1 rows" ]
	ended tests/a/test_c ERROR </dev/null
	run -1 awk -f "$table" some
	grep -qx '    tests/a/test_c: FAILED' <<<"$output"
	grep -qx '  failed: R3' <<<"$output"
}

@test "README has the figures of each row" {
	run -0 diff <(sed -nE 's/^(R[0-9]+: .*)/\1/p' "$rows" | sed 's/: /  /') \
		<(grep -E '^R[0-9]+  ' "$top_srcdir/tests/trust/README")
}

@test "what SECURITY.md names exists" {
	cd "$top_srcdir"
	grep -oE '\b(src|tests)/[a-z_/]+(\.[a-z]+)?' SECURITY.md | sort -u >"$BATS_TEST_TMPDIR/files"
	[ -s "$BATS_TEST_TMPDIR/files" ]
	while read -r file; do
		[ -e "$file" ]
	done <"$BATS_TEST_TMPDIR/files"
	for section in PRIVILEGES 'PARTIAL VIEWS'; do
		grep -qF "$section" SECURITY.md
		grep -qxF ".Sh $section" data/nsbrowse.1.in
	done
	grep -oE -- '--[a-z]+(-[a-z]+)*' SECURITY.md | grep -vxE -- '-+' | sort -u >"$BATS_TEST_TMPDIR/options"
	[ -s "$BATS_TEST_TMPDIR/options" ]
	while read -r option; do
		grep -qE "Fl ${option#-}( |\$)" data/nsbrowse.1.in
	done <"$BATS_TEST_TMPDIR/options"
	grep -qF SECURITY.md README
	grep -qF SECURITY.md data/nsbrowse.1.in
}
