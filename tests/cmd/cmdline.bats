#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Command lines of real processes: where they are written, and where not.
# shellcheck disable=SC2154 # set by apart

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$(realpath "$top_builddir")
	demo=$(realpath "$top_srcdir/data/demo.json")
	cd "$BATS_TEST_TMPDIR" || return 1
	# A process that only reads: it ends with the pipe.
	exec 8> >(exec -a 'shown as' tail -n 1 -f --retry "it's here" '' $'\xff\e[31m' /dev/null - >/dev/null 2>&1)
	holder=$!
}

teardown() {
	kill "$holder"
	exec 8>&-
}

# ready: the process has its arguments.
ready() {
	until grep -qa "it's here" "/proc/$holder/cmdline"; do
		kill -0 "$holder"
	done
}

@test "JSON has command lines only with --cmdline" {
	ready
	apart 0 "$bin/nsbrowse" --json --scan=quick
	count '"cmdline"' printed 0
	apart 0 "$bin/nsbrowse" --json --scan=quick --cmdline
	count "\"pid\": $holder,.*\"cmdline\": \\[\"shown as\", \"-n\", \"1\", \"-f\", \"--retry\", \"it's here\", \"\", \\{\"base64\": \"/xtbMzFt\"\\}, \"/dev/null\", \"-\"\\]" printed 1
	count $'\e' printed 0
	apart 0 "$bin/lsuserns" --json --scan=quick --cmdline
	count "it's here" printed 1
}

@test "the tree of processes has command lines only with --cmdline" {
	ready
	apart 0 "$bin/nsbrowse" --tree -t processes --scan=quick
	count 's here' printed 0
	apart 0 "$bin/nsbrowse" --tree -t processes --scan=quick --cmdline
	grep -F "$holder \"" printed | tee line
	grep -qF " command 'shown as' -n 1 -f --retry 'it'\\''s here' '' '\\xff\\x1b[31m' /dev/null -" line
	count $'\e' printed 0
}

@test "the column of command lines needs no other option" {
	ready
	apart 0 "$bin/nsbrowse" -t processes --scan=quick --columns=pid,cmdline
	count "^ *$holder  'shown as' -n 1 -f --retry 'it'.*/dev/null -\$" printed 1
}

@test "a snapshot that is written again keeps its command lines, unless they are not wanted" {
	ready
	"$bin/nsbrowse" --json --scan=quick --cmdline >first 2>errors
	apart 0 "$bin/nsbrowse" --json first
	cmp first printed
	apart 0 "$bin/nsbrowse" --json --no-cmdline first
	count '"cmdline"' printed 0
	apart 0 "$bin/nsbrowse" --tree -t processes first
	count 's here' printed 0
	apart 0 "$bin/nsbrowse" --tree -t processes --cmdline first
	count 's here' printed 1
}

@test "a long command line is cut, and says so" {
	kill "$holder"
	exec 8> >(exec tail -f "it's here" "$(printf '%5000s' '' | tr ' ' x)" - >/dev/null 2>&1)
	holder=$!
	ready
	apart 0 "$bin/nsbrowse" --json --scan=quick --cmdline
	count "\"pid\": $holder,.*x\"\\], \"cmdline_cut\": true" printed 1
	apart 0 "$bin/nsbrowse" --tree -t processes --scan=quick --cmdline
	count "^.*$holder .*xxx \\(cut\\)\$" printed 1
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
	apart 2 "$bin/lsuserns" --cmdline -f "$demo"
	[ "$stderr" = 'lsuserns: --cmdline: needs JSON (see lsuserns --help)' ]
	apart 2 "$bin/graphns" --cmdline -f "$demo"
	apart 0 "$bin/nsbrowse" --cmdline --help
}
