#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# src/README and local.mk against the files: the rooms, files and functions that they name exist.

bats_require_minimum_version 1.5.0

setup() {
	: "${top_srcdir:=$PWD}"
	cd "$top_srcdir" || return 1
	readme=src/README
}

# FILE FUNCTION for each function that is defined in a source file below src/.
defined() {
	find src -name '*.c' -exec awk '
		/^[A-Za-z_].*\(/ { head = $0 }
		/;$/ { head = "" }
		/^\{/ && match(head, /[A-Za-z_0-9]+\(/) {
			print substr(FILENAME, 5), substr(head, RSTART, RLENGTH - 1)
			head = ""
		}' {} +
}

# NUMBER FILE FUNCTION... for each stop of a walk; "-" is the number of a file that was numbered.
stops() {
	awk '/^( -| [0-9]|[0-9][0-9]) [a-z0-9_\/]+\.c  [a-z]/ { gsub(/:.*|,/, ""); $1 = $1; print }' "$1"
}

# The stops whose function is not defined in their file.
wrong_stops() {
	stops "$1" | awk '
		NR == FNR { is_defined[$1, $2] = 1; next }
		{ for (i = 3; i <= NF; i++) if (!(($2, $i) in is_defined)) print $2, $i }' \
		<(defined) -
}

# The stops with a number that the walk has had, or that come again and have a number.
wrong_numbers() {
	stops "$1" | awk '
		$1 == 1 { split("", seen); n = 0 }
		$1 == "-" && !($2 in seen) { print; next }
		$1 == "-" { next }
		$1 != ++n || $2 in seen { print }
		{ seen[$2] = 1 }'
}

# The files that README names with their folder and that are not there.
wrong_files() {
	grep -oE '[a-z_]+/[a-z0-9_/]+\.(c|h|def|txt|bats)\b' "$1" | sort -u | while read -r file; do
		[ -e "src/$file" ] || [ -e "$file" ] || echo "$file"
	done
}

@test "src/README names each room of src/ once, and no other" {
	run -0 diff <(awk '/^nsrel +inst/, /^cmd\/jobs/ { print $1 }' "$readme" | sort) \
		<(find src -name '*.[ch]' -printf '%P\n' | sed 's,/[^/]*$,,' | sort -u)
}

@test "each file that src/README names exists" {
	run -0 wrong_files "$readme"
	[ -z "$output" ]
}

@test "each stop of the walks is a function of its file" {
	run -0 stops "$readme"
	[ "${#lines[@]}" -ge 90 ]
	run -0 wrong_stops "$readme"
	[ -z "$output" ]
}

@test "the stops are numbered where a walk enters a file" {
	run -0 wrong_numbers "$readme"
	[ -z "$output" ]
}

@test "the walks have 18, 7, 14, 9 and 15 stops at most" {
	# shellcheck disable=SC2016 # fields of awk
	run -0 awk '
		$1 == 1 { walk++ }
		$1 != "-" { n[walk] = $1 }
		END {
			split("18 7 14 9 15", most)
			for (i in most) if (n[i] < 5 || n[i] > most[i]) print i, n[i]
			print walk
		}' <(stops "$readme")
	[ "$output" = 5 ]
}

@test "these checks find a wrong function, file and number" {
	cd "$BATS_TEST_TMPDIR" || return 1
	sed 's/ merge_process:/ merge_procses:/' "$top_srcdir/$readme" >function
	sed 's, scan/merge\.c  merge_holder, scan/marge.c  merge_holder,' "$top_srcdir/$readme" >file
	sed 's, 2 term/term\.c , - term/term.c ,' "$top_srcdir/$readme" >number
	cd "$top_srcdir" || return 1
	run -0 wrong_stops "$BATS_TEST_TMPDIR/function"
	[ "$output" = "scan/merge.c merge_procses" ]
	run -0 wrong_stops "$BATS_TEST_TMPDIR/file"
	[ "$output" = "scan/marge.c merge_holder
scan/marge.c merge_ns" ]
	run -0 wrong_files "$BATS_TEST_TMPDIR/file"
	[ "$output" = "scan/marge.c" ]
	run -0 wrong_numbers "$BATS_TEST_TMPDIR/number"
	[ "${lines[0]}" = "- term/term.c term_next_event" ]
}

@test "each model and screen of tests/ui is in the distribution" {
	run -0 diff <(grep -oE 'tests/ui/(models|screens)/[a-z0-9-]+\.[a-z]+' tests/ui/local.mk | sort) \
		<(find tests/ui/models tests/ui/screens -type f ! -name '*~' | sort)
}
