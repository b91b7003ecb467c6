#!/usr/bin/env bats
# What the compiler and linker were asked for is in the programs (trust: a tool run as root).

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_builddir:=$PWD}"
	bin=$top_builddir
	cd "$BATS_TEST_TMPDIR" || return 1
	command -v readelf >/dev/null || skip "no readelf"
	readelf -Ws "$bin/nsbrowse" >symbols
	if grep -q __asan_init symbols; then
		skip "sanitizers build otherwise"
	fi
}

@test "position independent, relocations read-only and bound at the start" {
	for program in nsbrowse lsuserns lspidns graphns; do
		readelf -hW "$bin/$program" >header
		readelf -lW "$bin/$program" >segments
		readelf -dW "$bin/$program" >dynamic
		grep -q 'Type: *DYN' header
		grep -q GNU_RELRO segments
		grep -q 'FLAGS_1.*NOW' dynamic
		run -1 grep TEXTREL dynamic
		# Without the segment the stack would be executable.
		grep GNU_STACK segments >stack
		run -1 grep RWE stack
	done
	figure R23 "4 programs: PIE, relro, now, no text relocations, no executable stack"
}

@test "stack protector" {
	for program in nsbrowse lsuserns lspidns graphns; do
		readelf -Ws "$bin/$program" >symbols
		grep -q __stack_chk_fail symbols
	done
	figure R23 "4 programs: stack protector"
}

@test "fortified calls" {
	for program in nsbrowse lsuserns lspidns graphns; do
		readelf -Ws "$bin/$program" >symbols
		if [[ " ${CFLAGS-} " != *" -O0 "* ]]; then
			grep -qE '__(mem|f?printf|read|snprintf|vsnprintf)[a-z]*_chk' symbols
		fi
	done
	figure R23 "4 programs: fortified calls"
}

@test "branch protection, on the machines that have it" {
	[ "$(uname -m)" = x86_64 ] || skip "x86-64 only"
	readelf -nW "$bin/nsbrowse" >notes
	# The start files of the C library decide too: without the note at least our own code has it.
	if ! grep -q 'x86 feature.*IBT.*SHSTK' notes; then
		objdump -d "$bin/src/base/arena.o" >code
		grep -qE "endbr(32|64)" code
	fi
}
