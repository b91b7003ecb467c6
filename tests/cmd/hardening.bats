#!/usr/bin/env bats
# What the compiler and linker were asked for is in the programs (trust: a tool run as root).

setup() {
	cd "$top_builddir" || return 1
	command -v readelf >/dev/null || skip "no readelf"
	! readelf -Ws nsbrowse | grep -q __asan_init || skip "sanitizers build otherwise"
}

@test "position independent, relocations read-only and bound at the start" {
	for program in nsbrowse lsuserns lspidns graphns; do
		readelf -hW "$program" | grep -q 'Type: *DYN'
		readelf -lW "$program" | grep -q GNU_RELRO
		readelf -dW "$program" | grep -q 'FLAGS_1.*NOW'
		! readelf -dW "$program" | grep -q TEXTREL
		! readelf -lW "$program" | grep GNU_STACK | grep -q RWE
	done
}

@test "stack protector and fortified calls" {
	for program in nsbrowse lsuserns lspidns graphns; do
		readelf -Ws "$program" | grep -q __stack_chk_fail
		[[ " ${CFLAGS-} " == *" -O0 "* ]] || readelf -Ws "$program" | grep -qE '__(mem|f?printf|read|snprintf|vsnprintf)[a-z]*_chk'
	done
}

@test "branch protection, on the machines that have it" {
	[ "$(uname -m)" = x86_64 ] || skip "x86-64 only"
	readelf -nW nsbrowse | grep -q 'x86 feature.*IBT.*SHSTK' || {
		# The start files of the C library decide too: then our own code at least.
		objdump -d src/base/arena.o | grep -q endbr64
	}
}
