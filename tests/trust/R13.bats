#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The memory of a scan among processes with command lines of 128 KiB and 5,000 mounts; with NSBROWSE_LONG also among
# 10,000 processes and 7,000 namespaces.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	export top_builddir
	cd "$BATS_TEST_TMPDIR" || return 1
	if grep -q __asan_init "$top_builddir/nsbrowse"; then
		skip "sanitizers need more memory"
	fi
}

# scan PROCESSES SETS MOUNTS LONG: scans among so many; the peak is in $kib.
scan() {
	status=0
	# shellcheck disable=SC2016 # expands in there
	BENCH_TIMES=1 "$top_builddir/tests/bench/crowd" "$1" "$2" "$top_builddir/tests/trust/load" "$3" "$4" \
		sh -ec '"$0/nsbrowse" --json --cmdline >json
		"$0/tests/bench/bench_scan" --plain --cmdline >figures' "$top_builddir" 2>errors || status=$?
	cat errors
	[ "$status" -ne 77 ] || skip_or_fail "$(tail -n 1 errors)"
	[ "$status" -eq 0 ]
	kib=$(cut -d ' ' -f 2 figures)
	[ "$kib" -gt 0 ]
	[ "$kib" -le 65536 ]
	# All of the processes are in it, and the long command lines are cut.
	[ "$(grep -c '"pid": [0-9]*, "ppid"' json)" -ge "$(($1 + $4))" ]
	[ "$(grep -c '"cmdline_cut": true' json)" -eq "$4" ]
	longest=$(grep '"cmdline_cut": true' json | awk '{ if (length > n) n = length } END { print n }')
	[ "$longest" -lt 8192 ]
}

@test "command lines of 128 KiB and 5,000 mounts: at most 64 MiB" {
	scan 200 20 5000 50
	figure R13 "50 command lines of 128 KiB (4 KiB read, marked as cut) and 5,000 mounts: $kib KiB at most (65,536 allowed)"
}

@test "10,000 processes and 7,000 namespaces as well: at most 64 MiB" {
	if [ -z "${NSBROWSE_LONG:-}" ]; then
		scan 1000 100 100 10
		figure R13 "1,000 processes and 700 namespaces: $kib KiB at most (65,536 allowed)"
		return
	fi
	scan 10000 1000 5000 50
	figure R13 "10,000 processes, 7,000 namespaces, 5,000 mounts, 50 command lines of 128 KiB: $kib KiB at most (65,536 allowed)"
}
