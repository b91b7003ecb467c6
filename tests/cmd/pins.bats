#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# PID namespaces that only a mount of proc keeps: each is found, and no other is named one.
# shellcheck disable=SC2016 # expands in there

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$(realpath "$top_builddir")
	cd "$BATS_TEST_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD
	users=()
	apart=(--fork --pid --mount-proc --kill-child)
	[ "$(id -u)" -eq 0 ] || users=(--user --map-root-user)
}

# world COMMAND: runs it in namespaces of its own, with /proc of its own if `apart` is set, in a
# directory where tmpfs is mounted; with two functions: `ended DIRECTORY [OPTION]...` mounts proc there in a PID namespace
# that ends, `lives COMMAND...` starts one in a PID namespace of its own, until the end of all.
world() {
	run timeout 60 unshare "${users[@]}" "${apart[@]}" --mount bash -euc '
		mkdir -p d
		mount -t tmpfs none d || exit 77
		cd d
		mkfifo ready
		exec 3<>ready
		ended() {
			mkdir -p "$1"
			unshare --fork --pid mount -t proc "${@:2}" proc "$1"
		}
		lives() {
			unshare --fork --pid "$@" &
			read -r line <&3
		}
		ended try || exit 77
		umount try
		'"$1" -- "$bin/nsbrowse"
	[ "$status" -ne 77 ] || skip_or_fail "may not mount proc"
	[ "$status" -eq 0 ]
}

# The states of the pins of this test in a snapshot, and how many have each.
states() {
	grep -F "\"by\": \"proc mount\", \"path\": \"$PWD/d/" "$1" | grep -o '"state": "[a-z ]*"' |
		sed 's/.*"state": //' | sort | uniq -c |
		sed 's/^ *//'
}

@test "200 of them are found, beside mounts of proc that show processes" {
	world '
		for i in {1..200}; do
			ended "p$i"
		done
		mkdir live sys
		mount --bind /proc/sys sys
		lives bash -c "mount -t proc proc live; echo >&3; read -r line < <(sleep 60)"
		lives --mount --mount-proc bash -c "echo >&3; read -r line < <(sleep 60)"
		lives --mount --mount-proc bash -c "mount --bind /proc/sys /proc/sys; mount -t tmpfs none /proc/scsi; echo >&3; read -r line < <(sleep 60)"
		ended hiding -o hidepid=2
		mkdir hidden
		lives bash -c "mount -t proc -o hidepid=2 proc hidden; echo >&3; read -r line < <(sleep 60)"
		"$1" --json >../json
		"$1" --leaked >../leaked
		"$1" --leaked --columns=ns,held-by >../table
		"$1" -t pid --tree >../tree
		"$1" -t all --tree >../all
		"$1" --metrics >../metrics
		"$1" --leaked ../json >../again
		true'
	run -0 states json
	[ "$output" = '201 "no process"' ]
	run -0 grep -cE '^PID namespace [(]no number[)], held by proc mount .*/d/(p[0-9]+|hiding) in mnt:\[[0-9]+\]( and [0-9]+ more)?$' leaked
	[ "$output" -eq 201 ]
	run -0 grep -c '^PID namespace (no number), held by' table
	[ "$output" -eq 201 ]
	run -0 diff <(grep '(no number)' leaked) <(grep '(no number)' again)
	run -0 grep -cx '(no number)' tree
	[ "$output" -eq 1 ]
	run -0 grep -c '── PID namespace (no number), held by' tree
	[ "$output" -eq 201 ]
	run -0 grep -c '── PID namespace (no number), held by' all
	[ "$output" -eq 201 ]
	run -0 grep -x 'nsbrowse_namespaces_held{type="pid",by="proc mount"} 201' metrics
	run -0 grep -x 'nsbrowse_namespaces_leaked{type="pid"} 201' metrics
}

@test "one is one, in how many mount namespaces it ever is, and where no process is" {
	world '
		ended "a b"
		mkdir again
		mount --bind "a b" again
		for i in {1..10}; do
			unshare --mount sh -c "echo >&3; exec sleep 60" &
			read -r line <&3
		done
		mkdir only
		unshare --mount bash -c "unshare --fork --pid mount -t proc proc only; echo >&3; exec sleep 60" &
		read -r line <&3
		exec 9<"/proc/$!/ns/mnt"
		kill "$!"
		wait "$!" || true
		"$1" --json >../json
		true'
	run -0 states json
	[ "$output" = '2 "no process"' ]
	# Numbers of mounts are used again: the lowest one may be that of either.
	run -0 grep -cE '"path": "[^"]*/d/(a b|again)", "mnt": [0-9]+, "dev": "0:[0-9]+", "state": "no process", "mounts": 24' json
	[ "$output" -eq 1 ]
	run -0 grep -cE '"path": "[^"]*/d/only", .*"mounts": 1' json
	[ "$output" -eq 1 ]
}

# Inside of a PID namespace it may be that of processes outside, and is not shown.
@test "what cannot be looked at is shown as not known, and is not leaked" {
	apart=()
	world '
		ended covered
		mount -t tmpfs none covered
		ended stacked
		ended stacked
		ended whole
		mkdir part
		mount --bind whole/sys part
		umount whole
		"$1" --json >../json
		true'
	for output in leaked 'view=pid' metrics; do
		"$bin/nsbrowse" --"$output" json >"$output"
	done
	if [ "$(readlink /proc/self/ns/pid)" != 'pid:[4026531836]' ]; then
		run -0 states json
		[ "$output" = '1 "no process"' ]
		return
	fi
	run -0 states json
	[ "$output" = '2 "covered"
1 "no process"
1 "part"' ]
	run -0 grep -c "(no number).* $PWD/d/" leaked
	[ "$output" -eq 1 ]
	run -0 grep -c " $PWD/d/part in .*; not known if it has a process: only a part of proc is mounted$" view=pid
	[ "$output" -eq 1 ]
	run -0 grep -c " $PWD/d/.*; not known if it has a process: other mounts hide this one$" view=pid
	[ "$output" -eq 2 ]
	n=$(grep -cE '^(pid:|PID namespace)' leaked)
	run -0 grep -x "nsbrowse_namespaces_leaked{type=\"pid\"} $n" metrics
}

@test "once it is unmounted there is none" {
	world '
		ended p
		"$1" --json >../before
		umount p
		"$1" --json >../after
		true'
	run -0 states before
	[ "$output" = '1 "no process"' ]
	run -0 states after
	[ "$output" = "" ]
}

@test "a mount namespace whose /proc is one is unmounted from, too" {
	world '
		mkdir busy
		unshare --mount --propagation private bash -c "
			unshare --fork --pid mount -t proc proc /proc
			mount -t tmpfs held-there busy
			echo >&3
			exec sleep 60" &
		read -r line <&3
		"$1" --holds=held-there >../holds
		line=$(grep -o "umount -i .*" ../holds)
		eval "$line"
		"$1" --holds=held-there >../after || exit 0
		exit 1'
	[ ! -s after ]
	run ! grep -q 'umount -i -c' holds
}

# namespaces(7) says that it does; Linux up to 7.3 at least does not.
@test "a mounted mqueue keeps no IPC namespace" {
	world '
		mkdir queue
		unshare --ipc sh -c "mount -t mqueue none queue; readlink /proc/self/ns/ipc >../number" || exit 77
		grep -c " - mqueue none " /proc/self/mountinfo >../mounts
		"$1" --json >../json
		"$1" --leaked >../leaked
		true'
	[ "$(cat mounts)" -ge 1 ]
	number=$(grep -o '[0-9]*' number)
	run -1 grep "\"type\": \"ipc\", \"inode\": $number," json
	run -1 grep -E '^ipc:|no number' leaked
}
