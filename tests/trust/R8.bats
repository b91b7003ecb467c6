#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Each system call of a scan fails once with each error: what is written is whole, or says that it is not,
# or there is a message and exit status 1. The short form tries two places of each call and error.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$(cd "$top_builddir" && pwd)
	command -v strace >/dev/null || skip_or_fail "no strace"
	run grep -q '__asan_init' "$bin/nsbrowse"
	[ "$status" -ne 0 ] || skip "sanitizers end if memory runs out"
	export XDG_CONFIG_HOME=/nonexistent
	cd "$BATS_TEST_TMPDIR" || return 1
}

# sweep SCENE FORM [OPTION OF sweep]... -- [ARGUMENT OF nsbrowse]...
sweep() {
	local scene=$1 form=$2 options=()
	shift 2
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	run "$bin/tests/scenes/scene" "$scene" \
		"$bin/tests/trust/sweep" "${options[@]}" "$form" "$bin/nsbrowse" "$@"
	echo "$output"
	[ "$status" -ne 77 ] || skip_or_fail "$output"
	[ "$status" -eq 0 ]
	figure R8 "$scene, nsbrowse $*: ${lines[-1]}"
}

long() {
	[ -n "${NSBROWSE_LONG:-}" ]
}

@test "a scan that is written as JSON" {
	if long; then
		sweep sets json -- --json
		sweep sets json -- --json --no-sandbox
	else
		sweep sets json --few=2 -- --json
	fi
}

@test "a scan that is written as text" {
	if long; then
		sweep sets text -- --view=all
		sweep fd text -- --leaked
	else
		sweep sets text --few=1 -- --view=all
	fi
}

@test "a scan that is written to a file" {
	if long; then
		sweep sets file --
	else
		sweep sets file --few=1 --
	fi
}

@test "descriptors, mounts, sockets and threads, and what is in network namespaces" {
	if long; then
		sweep fd json -- --json --scan=all
		sweep overmount json -- --json --scan=all
		sweep mount-orphan json -- --json --scan=all
		sweep socket json -- --json --scan=all
		sweep detached json -- --json --scan=all
		sweep dead-leader json -- --json --scan=all
		sweep net json -- --json --facts=all
	else
		sweep mount-orphan json --few=1 -- --json --scan=all
	fi
}
