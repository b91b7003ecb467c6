#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What is mounted over parts of /proc is neither waited for nor believed, and the view says that it is a
# partial one.
# shellcheck disable=SC2016 # expands in there
# shellcheck disable=SC2030,SC2031 # each test has its own

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	scene=$top_builddir/tests/scenes/scene
	cd "$BATS_TEST_TMPDIR" || return 1
	export bin=$top_builddir
}

# world COMMAND: a shell in a PID and a mount namespace with a /proc of their own, which ends with it; as
# a user in a user namespace, too.
# LeakSanitizer would need the /proc that is covered.
world() {
	local user=()
	[ "$(id -u)" -eq 0 ] || user=(--user --map-root-user)
	run unshare "${user[@]}" -fpm --mount-proc --kill-child true
	[ "$status" -eq 0 ] || skip_or_fail "unshare: $output"
	run env ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" \
		timeout -s KILL 60 unshare "${user[@]}" -fpm --mount-proc --kill-child bash -euc "$1"
	echo "$output"
	[ "$status" -eq 0 ]
}

is_partial() {
	count '"partial": \[.*"replaced-proc"' json 1
	count '"complete": false' json 1
	count '^nsbrowse: partial view: mounts over parts of /proc' errors 1
	figure R27 "$BATS_TEST_DESCRIPTION: partial, as standard error and JSON say"
}

@test "a FIFO over files at the top of /proc: every program runs on" {
	world '
		mkfifo fifo
		for file in stat uptime sys/kernel/random/boot_id sys/kernel/cap_last_cap; do
			mount --bind fifo /proc/$file
		done
		for form in "nsbrowse --help" "nsbrowse -V --verbose" "nsbrowse --tree" "nsbrowse --svg" \
			"nsbrowse --json -o json" "lsuserns" "lspidns" "graphns"; do
			timeout -s KILL 10 "$bin"/$form >out 2>errors </dev/null
		done
		"$bin/nsbrowse" --tree >tree 2>errors'
	is_partial
	count '"what": "sys/kernel/random/boot_id", "errno": "EXDEV"' json 1
	count '"boot_id": null' json 1
}

# What a silent file server has is not asked for; that is all that differs from a quiet /proc.
silent() {
	run env ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" "$scene" "$1" bash -euc '
		for form in "nsbrowse --help" "nsbrowse -V --verbose" "nsbrowse --tree" "nsbrowse --json -o json" \
			"lsuserns" "lspidns" "graphns"; do
			timeout -s KILL 10 "$bin"/$form >out 2>errors </dev/null
		done
		"$bin/nsbrowse" --tree >tree 2>errors'
	echo "$output"
	[ "$status" -ne 77 ] || skip_or_fail "$output"
	[ "$status" -eq 0 ]
	is_partial
	count '"boot_id": null' json 1
}

@test "files of a silent file server at the top of /proc" { silent lxcfs; }

@test "files of a stopped file server at the top of /proc" { silent lxcfs-stopped; }

# The time of the boot comes from the clocks: btime in /proc/stat is the same, or a second beside it.
@test "the boot time does not come from /proc/stat" {
	world '
		awk "/^btime/ { print \$2 }" /proc/stat >btime
		sed "s/^btime .*/btime 1000000000/" /proc/stat >stat
		mount --bind stat /proc/stat
		"$bin/nsbrowse" --json >json'
	booted=$(date -u -d "$(sed -nE 's/.*"booted": "([^"]*)".*/\1/p' json)" +%s)
	btime=$(cat btime)
	[ $((booted - btime)) -le 1 ]
	[ $((btime - booted)) -le 1 ]
}

# The process $victim, in a UTS namespace of its own, is covered as `cover` says.
covered() {
	world '
		exec 9<>fifo
		unshare -u sh -c "exec sh -c \"read x\" victim <&9" &
		victim=$!
		until [ "$(tr "\0" " " </proc/$victim/cmdline)" = "sh -c read x victim " ]; do :; done
		"$bin/nsbrowse" --json >before
		echo $victim >pid
		mkdir empty
		'"$1"'
		"$bin/nsbrowse" --json >json 2>errors
		kill $victim'
	pid=$(cat pid)
	count "\"pid\": $pid, .*\"name\": \"sh\"" before 1
	count '"replaced-proc"' before 0
	is_partial
}

@test "an empty directory over a process" {
	mkfifo fifo
	covered 'mount --bind empty /proc/$victim'
	count "\"pid\": $pid, \"what\": \"process\", \"errno\": \"EXDEV\"" json 1
	count "\"pid\": $pid, .*\"comm\"" json 1
	count 'nsbrowse: partial view: 1 of [0-9]+ processes could not be read' errors 1
}

@test "another process over a process" {
	mkfifo fifo
	covered 'mount --bind /proc/1 /proc/$victim'
	count "\"pid\": $pid, \"what\": \"process\", \"errno\": \"EXDEV\"" json 1
	# It is there, but with nothing of the other's.
	count "\"pid\": $pid, \"ppid\": null, .*\"comm\": \"\"" json 1
}

@test "an empty directory over the namespaces, descriptors or threads of a process" {
	mkfifo fifo
	covered 'mount --bind empty /proc/$victim/ns'
	count "\"pid\": $pid, \"what\": \"ns\", \"errno\": \"EXDEV\"" json 1
	rmdir empty
	covered 'mount --bind empty /proc/$victim/fd'
	count "\"pid\": $pid, \"what\": \"fd\", \"errno\": \"EXDEV\"" json 1
}

@test "a FIFO over a file of a process" {
	mkfifo fifo
	covered 'mount --bind fifo /proc/$victim/stat'
	count "\"pid\": $pid, \"what\": \"stat\", \"errno\": \"EXDEV\"" json 1
	rmdir empty
	covered 'mount --bind fifo /proc/$victim/cmdline'
	count "\"pid\": $pid, \"what\": \"cmdline\", \"errno\": \"EXDEV\"" json 1
}
