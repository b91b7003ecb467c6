#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A run of make check-pictures that cannot check something fails. The programs are links, and
# renderers are scripts, so that nothing is written to build/pictures.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	top_srcdir=$(realpath "$top_srcdir") built=$(realpath "$top_builddir")
	export top_srcdir top_builddir=$BATS_TEST_TMPDIR/top
	pictures=$top_builddir/build/pictures
	mkdir -p "$top_builddir/tests/pictures" "$BATS_TEST_TMPDIR/bin"
	ln -s "$built/graphns" "$top_builddir"
	for program in check_dot check_svg write_host; do
		ln -s "$built/tests/pictures/$program" "$top_builddir/tests/pictures"
	done
	program "$top_builddir/tests/pictures/check_png" ''
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	cd "$BATS_TEST_TMPDIR" || return 1
}

# program FILE TEXT: a shell script.
program() {
	rm -f "$1"
	printf '#!/bin/sh\n%s\n' "$2" >"$1"
	chmod +x "$1"
}

# runs STATUS [VARIABLE=VALUE]...: a run for the demo; where its files are is left out.
runs() {
	apart "$1" env "${@:2}" "$top_srcdir/tests/pictures/run" demo
	cat printed
	[ -z "$stderr" ]
}

@test "a run counts its pictures" {
	runs 0 RENDERERS= OPTIONS=-d
	count '^0 faults in 1 pictures; ' printed 1
	[ -s "$pictures/demo-d.svg" ]
}

@test "options that no picture has are a fault" {
	runs 1 RENDERERS= OPTIONS='-d --theme=dark'
	count "^check-pictures: no picture has the options '-d --theme=dark'$" printed 1
	count '^1 faults in 0 pictures; ' printed 1
}
