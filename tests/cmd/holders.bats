#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A namespace that one path holds in many mount namespaces, as ip-netns(8) leaves it: one line.
# shellcheck disable=SC2016 # expands in there

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$(realpath "$top_builddir")
	cd "$BATS_TEST_TMPDIR" || return 1
	users=()
	[ "$(id -u)" -eq 0 ] || users=(--user --map-root-user)
}

# world COMMAND: runs it where green/ns is mounted in 15\\+? mount namespaces, and bash has 9
# descriptors of it.
world() {
	run unshare "${users[@]}" --fork --pid --mount --mount-proc --kill-child bash -euc '
		mkdir -p green
		mount -t tmpfs none green || exit 77
		touch green/ns
		unshare --net=green/ns true || exit 77
		mkfifo hold ready
		exec 3<>hold 4<>ready
		for i in {1..14}; do
			unshare --mount sh -c "echo >&4; read -r line <&3" &
		done
		for i in {1..14}; do
			read -r line <&4
		done
		for fd in {20..28}; do
			eval "exec $fd<green/ns"
		done
		'"$1"
	[ "$status" -ne 77 ] || skip_or_fail "may not make namespaces"
	[ "$status" -eq 0 ]
}

@test "--leaked has one line a path with the number of mount namespaces" {
	world "'$bin/nsbrowse' --leaked >leaked; '$bin/nsbrowse' --leaked --columns=ns,held-by >table; true"
	count "held by fds 20, 21, 22 and 6\\+? more of bash \\([0-9]+\\); mount .*/green/ns in 15\\+? mount namespaces\$" leaked 1
	count "fds 20, 21, 22 and 6\\+? more of bash \\([0-9]+\\); mount .*/green/ns in 15\\+? mount namespaces\$" table 1
}

@test "-d and --long have it too, and JSON has each mount and descriptor" {
	world "'$bin/lsuserns' -d >list; '$bin/lsuserns' -d -l >long; '$bin/nsbrowse' --json >json; true"
	count " net:\\[[0-9]+\\] held by fds 20, 21, 22 and 6\\+? more of bash \\([0-9]+\\) and 15\\+? more\$" list 1
	count " held by 9\\+? fds, 15\\+? mounts of 1\\+? paths?\$" long 1
	grep -o '{"by": "mount", "path": "[^"]*/green/ns", "mnt": [0-9]*}' json >mounts
	[ "$(sort -u mounts | wc -l)" -eq 15 ]
	grep -o '"by": "fd", "pid": [0-9]*, "fd": 2[0-8]}' json >fds
	[ "$(sort -u fds | wc -l)" -eq 9 ]
}

@test "without descriptors the path is what holds it" {
	world "for fd in {20..28}; do eval \"exec \$fd<&-\"; done; '$bin/lsuserns' -d >list; '$bin/nsbrowse' --svg -dd >svg; '$bin/nsbrowse' --dot -dd >dot; true"
	count " net:\\[[0-9]+\\] held by mount .*/green/ns in 15\\+? mount namespaces\$" list 1
	grep -qE 'green/ns in 15[+]? mount namespaces' svg
	grep -qE 'green/ns in 15[+]? mount namespaces' dot
}
