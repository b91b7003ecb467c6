#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Memory and descriptors by valgrind. 1,000 refreshes are in tests/scan/test_refresh_linux.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	demo=$top_srcdir/data/demo.json
	cd "$BATS_TEST_TMPDIR" || return 1
	command -v valgrind >/dev/null || skip_or_fail "no valgrind"
	if grep -q __asan_init "$top_builddir/nsbrowse"; then
		skip "sanitizers and valgrind exclude each other"
	fi
}

# find_first: the log of the program itself; the parent of each other process has a log, too. (PIDs may
# have come round between them.)
find_first() {
	local log parent
	for log in log.*; do
		parent=$(sed -nE '0,/Parent PID: /s/^==[0-9]+== Parent PID: //p' "$log")
		[ -e "log.$parent" ] || first=$log
	done
}

# check_logs: no process of the run has lost memory. The program has closed all that it opened; the
# helper has its socket until it ends.
check_logs() {
	local first=
	n_processes=$(find . -name 'log.*' | wc -l)
	[ "$n_processes" -ge 1 ]
	run ! grep -E 'definitely lost: [1-9]' log.*
	[ "$(grep -lE 'definitely lost: 0 bytes|All heap blocks were freed' log.* | wc -l)" -eq "$n_processes" ]
	find_first
	run -0 grep -E 'FILE DESCRIPTORS: ([0-3]) open \(\1 std\) at exit' "$first"
	rm log.*
}

# Each process has a log.
valgrind=(valgrind --log-file=log.%p --leak-check=full --track-fds=yes)

@test "valgrind: a snapshot in each form" {
	forms=(tree)
	if [ -n "${NSBROWSE_LONG:-}" ]; then
		forms=(tree json dot svg metrics)
	fi
	for form in "${forms[@]}"; do
		"${valgrind[@]}" "$top_builddir/nsbrowse" --no-sandbox "--$form" "$demo" >printed 2>errors
		[ -s printed ]
		check_logs
	done
	figure R15 "valgrind, a snapshot as ${forms[*]}: 0 bytes definitely lost, 0 descriptors left"
}

@test "valgrind: a scan" {
	options=(--scan=quick)
	if [ -n "${NSBROWSE_LONG:-}" ]; then
		options=(--scan=all "--facts=all,mounts" --cmdline)
	fi
	status=0
	"$top_builddir/tests/bench/crowd" 20 5 "${valgrind[@]}" "$top_builddir/nsbrowse" --no-sandbox --json "${options[@]}" \
		>printed 2>errors || status=$?
	[ "$status" -ne 77 ] || skip_or_fail "$(tail -n 1 errors)"
	[ "$status" -eq 0 ]
	grep -q '"processes": \[' printed
	check_logs
	figure R15 "valgrind, a scan ${options[*]} by $n_processes processes: 0 bytes definitely lost, 0 descriptors left"
}
