#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Processes whose command line cannot be read, since the read waits for ever: every form ends, with
# every process in it, and says that the view is a partial one.
# shellcheck disable=SC2016 # expands in there
# shellcheck disable=SC2030,SC2031 # each test has its own

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	scene=$top_builddir/tests/scenes/scene
	forms=$BATS_TEST_TMPDIR/forms
	cd "$BATS_TEST_TMPDIR" || return 1
	cat >"$forms" <<'END'
nsbrowse --tree
nsbrowse --json
nsbrowse --dot
nsbrowse --svg
nsbrowse --tree --scan=quick
nsbrowse --tree -t processes --scan=all
nsbrowse -o out.json --force
lsuserns -l
lspidns
graphns
nsbrowse --json --cmdline
nsbrowse --tree -t processes --cmdline
END
}

# play SCENE: runs each form in it; a line `ms status form` each, and its outputs in out.N err.N.
play() {
	run "$scene" "$1" bash -c '
		n=0
		while read -r form; do
			n=$((n + 1))
			begin=$(date +%s%N)
			# shellcheck disable=SC2086 # a list
			timeout -s KILL 30 "$0"/$form >out.$n 2>err.$n </dev/null
			status=$?
			echo "$((($(date +%s%N) - begin) / 1000000)) $status $form"
		done <"$1"' "$top_builddir" "$forms"
	echo "$output"
	[ "$status" -ne 77 ] || skip_or_fail "$output"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq "$(wc -l <"$forms")" ]
}

# The time of each form beyond the one that it took in file `quiet` is at most 3 s.
compare_times() {
	run awk 'NR == FNR { quiet[FNR] = $1; next }
		$2 != 0 { print "status " $2 ": " $0; bad = 1 }
		{ more = $1 - quiet[FNR]; if (more > most) most = more }
		more > 3000 { print more " ms more: " $0; bad = 1 }
		END { print "at most " most + 0 " ms more"; exit bad }' quiet times
	echo "$output"
	[ "$status" -eq 0 ]
	echo "# $1: $output" >&3
}

# waits SCENE NUMBER: that many processes wait. Their names are the kernel's, and all are there.
waits() {
	play locking
	echo "$output" >quiet
	play "$1"
	echo "$output" >"times"
	compare_times "$1"
	count '"complete": false' out.2 1
	count '"partial": \[.*"waiting"' out.2 1
	count '"comm": "locked-[0-9]+", "name": "locked-[0-9]+"' out.2 "$2"
	for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
		count '^[a-z]+: partial view: some command lines could not be read in time$' err.$n 1
	done
}

@test "one process" {
	waits locked1 1
	count '"what": "cmdline", "errno": "ETIMEDOUT"' out.2 1
	# Why there is no command line is said of the process.
	count '"comm": "locked-[0-9]+",.*"cmdline": null, "cmdline_errno": "ETIMEDOUT"' out.11 1
	count '"comm": "timeout",.*"cmdline": \["timeout", "-s", "KILL"' out.11 1
	count '"locked-[0-9]+" user .* command \(not read: no answer in time\)$' out.12 1
	# The others have the names that their command lines give.
	count '"comm": "timeout", "name": "timeout"' out.2 1
}

@test "three processes" {
	waits locked3 3
	count '"what": "cmdline", "errno": "ETIMEDOUT"' out.2 3
}

@test "eight: at most four reads are given up, and that is said" {
	waits locked8 8
	count '"what": "cmdline", "errno": "ETIMEDOUT"' out.2 4
}
