#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Scans while the processes around are replaced, 500 and more a second: what lives through a scan is in it,
# no scan fails, and they take at most three times as long as while nothing moves.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	scene=$top_builddir/tests/scenes/scene
	export TMPDIR=$BATS_TEST_TMPDIR
	cd "$BATS_TEST_TMPDIR" || return 1
	command -v perl >/dev/null || skip_or_fail "no perl to compare with"
}

# play PROCESSES SCANS: so many scans before the step of the scene `crowd`, and after it; their figures are in quiet and moving.
play() {
	# shellcheck disable=SC2016 # expands in there
	run env SCENE_PROCESSES="$1" "$scene" crowd bash -ec '"$1" "$2" --scans="$3" >quiet
		echo begin >"$SCENE_DIR/step"
		read -r answer <"$SCENE_DIR/done"
		[ "$answer" = ok ]
		"$1" "$2" --scans="$3" >moving' bash \
		"$top_srcdir/tests/scan/discovery.pl" "$top_builddir/tests/scan/discover" "$2"
	echo "$output"
	[ "$status" -ne 77 ] || skip_or_fail "$output"
	[ "$status" -eq 0 ]
	cat quiet moving
	[[ $output =~ forks\ in\ .*:\ ([0-9]+)/s ]]
	forks=${BASH_REMATCH[1]}
}

# value NAME FILE: the number behind a word of the figures.
value() {
	sed -nE "s/.*$1 ([0-9.]+).*/\1/p" "$2"
}

# is_quick: scans while processes are replaced take at most 3 times the time of the others.
is_quick() {
	times=$(awk -v quiet="$(value median quiet)" -v moving="$(value median moving)" \
		'BEGIN { printf "%.1f", moving / quiet; exit moving > 3 * quiet }')
}

# scans PROCESSES SCANS: plays it. A machine that is busy may be late, but not each time.
scans() {
	for _ in 1 2 3 4 5; do
		play "$1" "$2"
		# 20 and those of the scene itself, in each scan.
		grep -qE "^$2 scans: " moving
		found=$(value found moving)
		[ "$found" -ge $((20 * $2)) ]
		grep -qE ": found $found/$found namespaces, ([0-9]+)/\1 holders, 0 invented, 0 without relations; 0 unreadable, 0 notes, " moving
		if [ "$forks" -ge 500 ] && is_quick; then
			figure R7 "$2 scans, $1 processes, $forks forks/s: 0 of $((20 * $2)) namespaces missed, 0 scans failed, $times times the quiet time ($(value median quiet) ms)"
			return 0
		fi
	done
	echo "$forks forks/s, $times times the quiet time"
	false
}

@test "processes are replaced, 500 and more a second" {
	if [ -n "${NSBROWSE_LONG:-}" ]; then
		scans 2000 50
	else
		scans 200 10
	fi
}
