#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# tests/ports/run where a port cannot be built: a skip with its reason, which .ci/skips expects; and
# what it makes of results.

bats_require_minimum_version 1.5.0

setup() {
	: "${top_srcdir:=$PWD}"
	top_srcdir=$(realpath "$top_srcdir")
	export top_srcdir top_builddir=$BATS_TEST_TMPDIR NSBROWSE_PORTS=$BATS_TEST_TMPDIR/cache
	cd "$BATS_TEST_TMPDIR" || return 1
	mkdir bin
	PATH=$PWD/bin:$PATH
}

# fake NAME COMMAND
fake() {
	printf '#!/bin/sh\n%s\n' "$2" >"bin/$1"
	chmod +x "bin/$1"
}

# skips PORT REASON
skips() {
	run "$top_srcdir/tests/ports/run" "$1"
	[ "$status" -eq 0 ]
	[[ $output == *"SKIP: check-$1 # SKIP $2"* ]]
	[[ $output == *"# SKIP: 1"* ]]
	[ ! -e "$top_srcdir/.ci/skips" ] || grep -qxF "ports: check-$1 # SKIP $2" "$top_srcdir/.ci/skips"
}

@test "no 32-bit programs: a skip" {
	fake gcc 'exit 1'
	skips m32 'no 32-bit programs: gcc -m32 does not work'
}

@test "no musl-gcc: a skip" {
	mkdir tools
	for tool in bash realpath dirname mkdir grep; do
		ln -s "$(command -v $tool)" tools
	done
	PATH=$PWD/tools skips musl 'no musl-gcc'
}

@test "no package manager, no archive or no package: a skip with the reason" {
	# shellcheck disable=SC2016 # expands in there
	fake gcc 'echo "#!/bin/sh" >"$5"; chmod +x "$5"'
	fake apt-get 'exit 0'
	skips m32 'the libraries cannot be had: no archive in the sources of apt'
	# shellcheck disable=SC2016 # expands in there
	fake apt-get 'case $* in *indextargets*) echo http://localhost:1 stable main ;; *) exit 100 ;; esac'
	fake apt-cache 'exit 0'
	skips m32 'the libraries cannot be had: no libraries of i386 in the archive'
	[ ! -e "$(echo "$NSBROWSE_PORTS"/m32-*/ready)" ]
}
