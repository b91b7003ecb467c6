#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The CPU time of a scan of twice the processes. The same with a fake kernel is in tests/scan/test_growth.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	export top_builddir
	cd "$BATS_TEST_TMPDIR" || return 1
	if grep -q __asan_init "$top_builddir/nsbrowse"; then
		skip "sanitizers take time of their own"
	fi
}

# cpu_of PROCESSES SETS: ms, the median of some scans.
cpu_of() {
	BENCH_TIMES=5 "$top_builddir/tests/bench/crowd" "$1" "$2" "$top_builddir/tests/bench/bench_scan" --plain |
		cut -d ' ' -f 1
}

@test "twice the processes take at most 2.2 times the CPU time" {
	few=400
	if [ -n "${NSBROWSE_LONG:-}" ]; then
		few=5000
	fi
	"$top_builddir/tests/bench/crowd" 1 1 true || skip_or_fail "may make no namespaces"
	# What else runs makes one of them slower; it does not last.
	for ((i = 0; i < 5; i++)); do
		one=$(cpu_of "$few" 20)
		two=$(cpu_of $((2 * few)) 20)
		ratio=$(awk -v a="$two" -v b="$one" 'BEGIN { printf "%.2f", a / b }')
		[ -n "$one" ]
		[ -n "$two" ]
		echo "$one ms, $two ms: $ratio"
		if awk -v r="$ratio" 'BEGIN { exit r > 2.2 }'; then
			break
		fi
	done
	awk -v r="$ratio" 'BEGIN { exit r > 2.2 }'
	figure R14 "$few and $((2 * few)) processes: $one and $two ms of CPU time, $ratio times (2.2 allowed)"
}
