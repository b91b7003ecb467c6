#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The files of /proc that the program opens are those of src/kernel/proc_files.txt, as strace shows them.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	scene=$top_builddir/tests/scenes/scene
	list=$top_srcdir/src/kernel/proc_files.txt
	cd "$BATS_TEST_TMPDIR" || return 1
	command -v strace >/dev/null || skip_or_fail "no strace"
	command -v script >/dev/null || skip_or_fail "no script(1) to make a terminal with"
	run grep -q '__asan_init' "$top_builddir/nsbrowse"
	[ "$status" -ne 0 ] || skip "sanitizers open files of their own"
}

# [inside=COMMAND] [most=STATUS] trace_in SCENE ARG...: what nsbrowse opens in a scene, and the links that it reads, one path a line,
# into the file seen.
trace_in() {
	local name=$1 within=${inside:-}
	shift
	# shellcheck disable=SC2086 # a command and its options, or nothing
	run "$scene" "$name" strace -f -y -o trace -e trace=open,openat,openat2,readlink,readlinkat \
		$within "$top_builddir/nsbrowse" "$@"
	[ "$status" -ne 77 ] || skip_or_fail "$output"
	[ "$status" -le "${most:-0}" ]
	awk -f "$top_srcdir/tests/cmd/proc_files.awk" trace >>seen
}

# The same for the screen, which `q` ends; it reads the config file first.
trace_screen() {
	mkdir -p home/.config/nsbrowse
	cp "$top_srcdir/data/config.example" home/.config/nsbrowse/config
	printf q >key
	HOME=$PWD/home XDG_CONFIG_HOME='' TERM=xterm run -0 "$scene" sets script -qec "strace -f -y -o trace \
		-e trace=open,openat,openat2,readlink,readlinkat '$top_builddir/nsbrowse'" /dev/null <key
	awk -f "$top_srcdir/tests/cmd/proc_files.awk" trace >>seen
}

# The same in a PID namespace in which another one is dying.
trace_dying() {
	run unshare --fork --pid --mount-proc --kill-child sh "$top_srcdir/tests/cmd/dying.sh" strace -f -y -o trace \
		-e trace=open,openat,openat2,readlink,readlinkat "$top_builddir/nsbrowse" --json --facts=all
	[ "$status" -eq 0 ] || skip_or_fail "$output"
	awk -f "$top_srcdir/tests/cmd/proc_files.awk" trace >>seen
}

@test "all files of /proc that are opened are on the list, and no others" {
	for name in sets threads fd-thread mount-there mount-orphan socket identity locked1 lxcfs; do
		trace_in "$name" --json --scan=all
	done
	inside='unshare --user' trace_in sets --json
	trace_in sets --json --facts=all,links
	trace_in mount-there --json --facts=all,mounts
	trace_in sets --tree --scan=quick
	most=1 trace_in sets --audit # 1: it has found something
	trace_in sets --version --verbose
	trace_in sets -o picture.svg
	trace_in sets --tree "$top_srcdir/data/demo.json"
	trace_screen
	trace_dying
	sort -u seen >opened
	grep -v '^#' "$list" | awk '{ print $1 }' | sort >listed
	diff listed opened
	figure R25 "$(wc -l <opened) files of /proc are opened, all are on the list"
}

# What waits is left to jobs: the threads of the main process do not open it.
@test "no thread of the main process opens what can wait" {
	grep -v '^#' "$list" | awk '$3 == "yes" { print $1 }' >waits
	run -0 cat waits
	[ "$output" = PID/cmdline ]
	run "$scene" sets strace -f -y -o trace -e trace=openat,openat2,clone,clone3 \
		"$top_builddir/nsbrowse" --json --scan=all
	[ "$status" -ne 77 ] || skip_or_fail "$output"
	[ "$status" -eq 0 ]
	main=$(head -n 1 trace | cut -d' ' -f1)
	threads=$(sed -nE "s/^$main +clone3?\(.*CLONE_THREAD.* = ([0-9]+).*/\1/p" trace | tr '\n' '|')
	grep -E "^(${threads}$main) " trace >ours
	grep -qE '"[0-9]+/cmdline"' trace
	count '"([0-9]+/)?cmdline"' ours 0
	grep -qE '"stat"' ours
}
