#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The checkers of make check-pictures find faults. test_geometry.c has those of check_svg.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	here=$top_builddir/tests/pictures
	cd "$BATS_TEST_TMPDIR" || return 1
	cat >picture.svg <<-'END'
		<?xml version="1.0" encoding="UTF-8"?>
		<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 300">
		<g class="part"><rect class="panel pid-panel" x="20" y="20" width="560" height="260"/></g>
		<g id="ns-1" class="ns pid top"><rect x="40" y="40" width="100" height="30"/></g>
		<g id="ns-2" class="ns pid top"><rect x="200" y="40" width="100" height="30"/></g>
		<g id="ns-3" class="ns pid top"><rect x="200" y="80" width="100" height="30"/></g>
		</svg>
	END
	sed -e '/ns-1/!s/ top"/"/' -e 's|<g id="ns-1"|<path class="edge" d="M140 55H200"/>&|' \
		-e 's|<g id="ns-1"|<path class="edge" d="M170 55V89Q170 95 176 95H200"/>&|' picture.svg >tree.svg
	cat >graph.dot <<-'END'
		digraph {
			a [id="ns-1" pos="0,50"];
			b [id="ns-2" pos="90,100"];
			c [id="ns-3" pos="90,20"];
			b -> a [class="parent"];
			c -> a [class="parent"];
			b -> c [class="owner"];
		}
	END
}

@test "check_svg prints the figures of a valid picture" {
	sed -i 's/<g class="part/<text x="30" y="30" font-size="10">x<\/text>&/' picture.svg
	prints "$here/check_svg" picture.svg <<-END
		600 x 300, 13.2 pt, $(wc -c <picture.svg) bytes, 0 faults
	END
}

@test "check_svg rounds points down: less than 7 are not 7.0" {
	sed -i 's/<g class="part/<text x="30" y="30" font-size="10">x<\/text>&/' picture.svg
	sed -i 's/0 0 600 300/0 0 1140 300/' picture.svg
	apart 0 "$here/check_svg" picture.svg
	[[ $output == '1140 x 300, 6.9 pt, '* ]]
}

@test "check_svg names a fault, and fails" {
	sed -i 's/x="200" y="80"/x="200" y="60"/' picture.svg
	apart 1 "$here/check_svg" picture.svg
	[ "$stderr" = "picture.svg: ns-3 at 200,60-300,90 overlaps ns-2 at 200,40-300,70" ]
}

@test "check_svg refuses a path without a class" {
	sed -i 's/<\/svg>/<path d="M1 2H3"\/>&/' picture.svg
	run "$here/check_svg" picture.svg
	[ "$status" -ne 0 ]
	[[ $output == *"a path without a class: M1 2H3"* ]]
}

@test "check_dot finds no fault in a placed graph" {
	apart 0 "$here/check_dot" tree.svg graph.dot
	[ -z "$stderr" ]
}

@test "check_dot finds a lost node" {
	sed -i 's/ns-3/ns-4/' graph.dot
	apart 1 "$here/check_dot" tree.svg graph.dot
	[ "$stderr" = "ns-3 has no node" ]
}

@test "check_dot finds a lost edge, and one too many" {
	sed -i '/b -> a/d; s/c -> a .*/& a -> c [class="parent"];/' graph.dot
	apart 1 "$here/check_dot" tree.svg graph.dot
	diff - errors <<-END
		ns-1 has 1 edges to its parent
		ns-2 has 0 edges to its parent
	END
}

@test "check_dot finds a wrong parent" {
	sed -i 's/c -> a/c -> b/' graph.dot
	apart 1 "$here/check_dot" tree.svg graph.dot
	[ "$stderr" = "ns-3 is below ns-2, not ns-1" ]
}

@test "check_dot finds siblings out of order" {
	sed -i 's/90,20/90,120/' graph.dot
	apart 1 "$here/check_dot" tree.svg graph.dot
	[ "$stderr" = "ns-3 stands before ns-2" ]
}

@test "the hosts are the same whenever they are made" {
	run -0 "$here/write_host"
	[ "${#lines[@]}" -eq 7 ]
	"$here/write_host" rootless >once
	"$here/write_host" rootless >twice
	cmp once twice
	run -1 "$here/write_host" other
}
