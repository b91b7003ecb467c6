#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# nsbrowse --pid and --in: which process has which PID where.
# shellcheck disable=SC2016 # expands in there

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$(realpath "$top_builddir")
	demo=$(realpath "$top_srcdir/data/demo.json")
	cd "$BATS_TEST_TMPDIR" || return 1
}

# world COMMAND: runs it on a host of its own, where process $pid has PID 1 in one namespace and 2 in the
# one above.
world() {
	local users=()
	[ "$(id -u)" -eq 0 ] || users=(--user --map-root-user)
	run unshare "${users[@]}" --fork --pid --mount --mount-proc --kill-child bash -euc '
		mkfifo hold ready
		exec 3<>hold 4<>ready
		unshare --fork --pid sh -c "unshare --fork --pid sh -c \"echo >&4; read -r line <&3\"" &
		read -r line <&4
		for status in /proc/[0-9]*/status; do
			set -- $(sed -n "s/^NSpid://p" "$status")
			[ "${3:-}" = 1 ] && pid=$1
		done
		inner=$(readlink /proc/$pid/ns/pid)
		'"$1"
	echo "$output"
	[ "$status" -ne 77 ] || skip_or_fail "may not make namespaces"
	[ "$status" -eq 0 ]
}

@test "--pid prints all levels of a process, from outside in" {
	world "echo \$pid \$inner >expected; '$bin/nsbrowse' --pid=\$pid >printed 2>errors; '$bin/nsbrowse' --json --pid=\$pid >json 2>errors"
	no_error
	read -r pid inner <expected
	grep -qE "^process +sh \\($pid\\)\$" printed
	grep -qx 'container  none known' printed
	[ "$(sed '1,/^NAMESPACE/d' printed | wc -l)" -eq 3 ]
	grep -qE "^pid:\\[[0-9]+\\] +$pid  bash \\(1\\)" printed
	tail -n 1 printed | grep -qE "^pid:\\[${inner//[^0-9]/}\\] +1  sh \\($pid\\)\$"
	grep -q '^{"format": "nsbrowse-pid", "version": 1, "pid": '"$pid"', "name": "sh", "container": null' json
	[ "$(grep -c '"namespace": [0-9]*, "pid": [0-9]*, "leader": [0-9]*' json)" -eq 3 ]
	grep -q "{\"namespace\": ${inner//[^0-9]/}, \"pid\": 1, \"leader\": $pid, \"container\": null}" json
}

@test "--in finds the process by its PID inside of a namespace" {
	world "for in in \$inner \${inner//[^0-9]/}; do '$bin/nsbrowse' --pid=1 --in=\$in 2>errors; done >printed
		'$bin/nsbrowse' --pid=\$pid >expected 2>errors"
	cat expected expected | cmp - printed
}

@test "a PID or place that is not there: a message, exit 1" {
	apart 1 "$bin/nsbrowse" --pid=4000000 "$demo"
	[ -z "$output" ]
	[ "$(cat errors)" = "nsbrowse: 4000000: no such process" ]
	apart 1 "$bin/nsbrowse" --pid=1 --in="$(printf 'no\033such')" "$demo"
	[ "$(cat errors)" = 'nsbrowse: no\x1bsuch: no such container or PID namespace' ]
	apart 1 "$bin/nsbrowse" --pid=4000000 --in='pid:[4026531836]' "$demo"
	[ "$(cat errors)" = 'nsbrowse: pid:[4026531836]: no process with PID 4000000 in there' ]
	apart 1 "$bin/nsbrowse" --pid=1 --in='user:[4026531837]' "$demo"
	[ "$(cat errors)" = 'nsbrowse: user:[4026531837]: only PID namespaces and containers have PIDs' ]
	for in in 'pid:[1' 'pid:1' 'pid:[]' 'pid:[4026531836]x' 'pid:[-1]' '' 'cow:[1]' 99999999999999999999999; do
		apart 1 "$bin/nsbrowse" --pid=1 --in="$in" "$demo"
		[ "$(cat errors)" = "nsbrowse: $in: no such container or PID namespace" ]
	done
}

@test "--pid of a snapshot, into a file too" {
	apart 0 "$bin/nsbrowse" --pid=1 "$demo"
	no_error
	cp printed expected
	grep -qE '^pid:\[4026531836\] +1  ' printed
	apart 0 "$bin/nsbrowse" --pid=1 --in=4026531836 -o pid.txt "$demo"
	cmp expected pid.txt
	apart 0 "$bin/nsbrowse" --pid=1 -o pid.json "$demo"
	grep -q '^{"format": "nsbrowse-pid"' pid.json
}
