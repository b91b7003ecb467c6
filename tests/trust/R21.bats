#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Scans while 100 PIDs are used again and again: no record has parts of two processes.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$(cd "$top_builddir" && pwd)
	export XDG_CONFIG_HOME=/nonexistent
	cd "$BATS_TEST_TMPDIR" || return 1
}

@test "PIDs are used again while a scan reads" {
	local scans=20
	[ -z "${NSBROWSE_LONG:-}" ] || scans=1000
	run unshare --fork --pid --mount-proc --kill-child true
	[ "$status" -eq 0 ] || skip_or_fail "$output"
	run unshare --fork --pid --mount-proc --kill-child "$bin/tests/trust/reuse" "$scans" "$bin/nsbrowse"
	echo "$output"
	[ "$status" -ne 77 ] || skip_or_fail "${lines[-1]}"
	[ "$status" -eq 0 ]
	figure R21 "${lines[-1]}"
}
