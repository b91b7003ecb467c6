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

@test "a renderer that is wanted and missing is a fault" {
	# A link to each program of PATH but this one.
	mkdir most
	for program in /usr/bin/* /bin/*; do
		[ "${program##*/}" = rsvg-convert ] || ln -sf "$program" most
	done
	runs 1 PATH="$PWD/most" RENDERERS=rsvg-convert OPTIONS=-d
	count '^check-pictures: without rsvg-convert the images are not checked$' printed 1
	runs 0 PATH="$PWD/most" RENDERERS= OPTIONS=-d
}

@test "a missing zlib is a fault" {
	rm "$top_builddir/tests/pictures/check_png"
	runs 1 RENDERERS= OPTIONS=-d
	count '^check-pictures: the pixels are not checked: configure found no zlib$' printed 1
}

@test "Chromium that draws only the light scheme is a fault" {
	program bin/chromium 'case "$*" in *Scheme=0*) echo no dark scheme; exit 1 ;; esac'
	runs 1 RENDERERS=chromium OPTIONS=--theme=dark
	count '^demo-theme-dark: chromium failed: no dark scheme$' printed 1
	count '^1 faults ' printed 1
}

@test "the dark scheme is checked where no other picture of the host is drawn" {
	program bin/chromium "for option; do [ -s \"\${option#file://}\" ] && echo \"\$option\"; done >>$PWD/drawn; true"
	runs 0 RENDERERS=chromium OPTIONS=--theme=dark
	count '/demo-dark.svg$' drawn 1
	run -1 cmp "$pictures/demo-dark.svg" "$pictures/demo-theme-dark.svg"
}

@test "a DOT file of an earlier run is not checked" {
	program bin/dot true
	mkdir -p "$pictures"
	echo 'digraph {}' >"$pictures/demo-d.dot"
	rm "$top_builddir/graphns"
	program "$top_builddir/graphns" "case \"\$*\" in
		*.dot*) echo no space >&2; exit 1 ;;
		*) exec '$built/graphns' \"\$@\" ;;
	esac"
	apart 1 env RENDERERS=dot OPTIONS=-d "$top_srcdir/tests/pictures/run" demo
	count '^demo-d: no DOT file$' printed 1
	count '^1 faults ' printed 1
	[ ! -e "$pictures/demo-d.dot" ]
}
