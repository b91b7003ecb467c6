#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The screens in README and data are those of the program. After a change: make pictures.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	export top_srcdir top_builddir
	picture=$top_builddir/tests/cmd/picture
	cd "$BATS_TEST_TMPDIR" || return 1
	[ -x "$picture" ] || skip_or_fail "no libvterm to draw with"
	run grep -q '__asan_init' "$top_builddir/nsbrowse"
	[ "$status" -ne 0 ] || skip "the same without sanitizers"
}

@test "data/screen.svg is the screen (make pictures)" {
	"$picture" svg >screen.svg
	cmp screen.svg "$top_srcdir/data/screen.svg"
}

@test "README has the screen in 12 lines (make pictures)" {
	"$picture" text >screen
	[ "$(wc -l <screen)" -eq 12 ]
	awk -v screen=screen -f "$top_srcdir/tests/cmd/readme.awk" "$top_srcdir/README" >README
	diff README "$top_srcdir/README"
}
