#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# One source for the libcgraph that is installed and for newer ones.

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}" "${CC:=cc}"
}

@test "the writer of DOT compiles without a warning" {
	# shellcheck disable=SC2086 # it may be several words
	$CC -std=gnu11 -fsyntax-only -Wall -Wextra -Wpedantic -Wwrite-strings -Wcast-qual -Werror \
		-include "$top_builddir/config.h" -I"$top_srcdir/tests/export/newer_graphviz" \
		-I"$top_srcdir/src" "$top_srcdir/src/export/dot.c" \
		"$top_srcdir/src/export/dot_graph.c"
}
