#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Command lines of real processes: where they are written, and where not.
# shellcheck disable=SC2016 # expands in there
# shellcheck disable=SC2154 # set by apart

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$(realpath "$top_builddir")
	demo=$(realpath "$top_srcdir/data/demo.json")
	export PATH=$bin:$PATH
	cd "$BATS_TEST_TMPDIR" || return 1
	users=()
	[ "$(id -u)" -eq 0 ] || users=(--user --map-root-user)
}

# world COMMAND [ARGUMENT]...: runs the shell command where the process $holder, the only other one,
# has these arguments for tail(1), which reads from a pipe: it ends with the world.
world() {
	local command=$1
	shift
	run unshare "${users[@]}" --fork --pid --mount --mount-proc --kill-child bash -euc '
		exec 8> >(exec -a "shown as" tail -f "$@" - >/dev/null 2>&1)
		holder=$!
		until grep -qa "shown as" "/proc/$holder/cmdline"; do
			kill -0 "$holder"
		done
		export holder
		bash -euc "$0"
		echo "$holder" >holder' "$command" "$@"
	echo "$output"
	[ -e holder ] || skip_or_fail "may not make namespaces"
	[ "$status" -eq 0 ]
	holder=$(cat holder)
}

words=("it's here" '' $'\xff\e[31m')

@test "JSON has command lines only with --cmdline" {
	world "nsbrowse --json >without; nsbrowse --json --cmdline >with; lsuserns --json --cmdline >list" "${words[@]}"
	count '"cmdline": ' without 0
	for file in with list; do
		count "\"pid\": $holder,.*\"cmdline\": \\[\"shown as\", \"-f\", \"it's here\", \"\", \\{\"base64\": \"/xtbMzFt\"\\}, \"-\"\\]" "$file" 1
		count $'\e' "$file" 0
	done
}

@test "the tree of processes has command lines only with --cmdline" {
	world "nsbrowse --tree -t processes >without; nsbrowse --tree -t processes --cmdline >with" "${words[@]}"
	count 's here' without 0
	grep " $holder \"" with >line
	grep -qF " command 'shown as' -f 'it'\\''s here' '' '\\xff\\x1b[31m' -" line
	count $'\e' with 0
}

@test "the column of command lines needs no other option" {
	world "nsbrowse -t processes --columns=pid,cmdline >table" "${words[@]}"
	count "^ *$holder  'shown as' -f 'it'.*s here' '' '.*' -\$" table 1
}

@test "a snapshot that is written again keeps its command lines, unless they are not wanted" {
	world "nsbrowse --json --cmdline >first" "${words[@]}"
	apart 0 "$bin/nsbrowse" --json first
	cmp first printed
	apart 0 "$bin/nsbrowse" --json --no-cmdline first
	count '"cmdline": ' printed 0
	apart 0 "$bin/nsbrowse" --tree -t processes first
	count 's here' printed 0
	apart 0 "$bin/nsbrowse" --tree -t processes --cmdline first
	grep -q " $holder .*s here" printed
}

@test "a long command line is cut, and says so" {
	world "nsbrowse --json --cmdline >json; nsbrowse --tree -t processes --cmdline >tree" "$(printf '%5000s' '' | tr ' ' x)"
	count "\"pid\": $holder,.*x\"\\], \"cmdline_cut\": true" json 1
	count " $holder .*xxx \\(cut\\)\$" tree 1
}

@test "--cmdline needs a format that has them" {
	for form in --dot --svg --leaked '--tree' '-o x.svg'; do
		# shellcheck disable=SC2086 # a list
		apart 2 "$bin/nsbrowse" --cmdline $form "$demo"
		[ "$stderr" = 'nsbrowse: --cmdline: needs JSON or the tree of --view=processes (see nsbrowse --help)' ]
	done
	apart 2 "$bin/nsbrowse" --cmdline "$demo"
	apart 2 "$bin/nsbrowse" --cmdline --columns=pid -t processes "$demo"
	apart 0 "$bin/nsbrowse" --cmdline --columns=pid,cmdline -t processes "$demo"
	apart 2 "$bin/nsbrowse" --no-cmdline --columns=pid,cmdline -t processes "$demo"
	[ "$stderr" = 'nsbrowse: --no-cmdline: not with the column cmdline (see nsbrowse --help)' ]
	apart 0 "$bin/nsbrowse" --no-cmdline --columns=+cmdline,-cmdline -t processes "$demo"
	apart 2 "$bin/lsuserns" --cmdline -f "$demo"
	[ "$stderr" = 'lsuserns: --cmdline: needs JSON (see lsuserns --help)' ]
	apart 2 "$bin/graphns" --cmdline -f "$demo"
	apart 0 "$bin/nsbrowse" --cmdline --help
}
