#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Where the system refuses what a scan needs, the view is partial, and says why.
# shellcheck disable=SC2016 # expands in there

bats_require_minimum_version 1.5.0
load ../assert

setup_file() {
	: "${top_srcdir:=$PWD}"
	try_first "no nested user namespaces here" "$top_srcdir/tests/cmd/nested.sh" true
}

setup() {
	skip_refused
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	export bin=$top_builddir refuse=$top_builddir/tests/cmd/refuse
	world=$top_srcdir/tests/cmd/nested.sh
	cd "$BATS_TEST_TMPDIR" || return 1
}

# The relations of all namespaces in a snapshot, and the states of what is not known.
relations() {
	grep -o '"type": .*"owner_uid_state": "[a-z]*"' "$1" | sed 's/"id": [a-z0-9]*, //' | sort
}

# What is not known of the host: its sources and reasons.
host() {
	grep -o '"sources": .*"complete": [a-z]*' "$1"
}

@test "few descriptors: nothing is missing without a word" {
	apart 0 "$world" sh -c '
		"$bin/nsbrowse" --json >json.all 2>errors.all
		for n in 7 8 9 10 11 12 14 16 20; do
			for form in json tree; do
				prlimit --nofile=$n "$bin/nsbrowse" --$form >$form.$n 2>errors.$form.$n
				echo $? >status.$form.$n
			done
		done'
	[ -s json.all ]
	relations json.all >all
	for n in 7 8 9 10 11 12 14 16 20; do
		echo "descriptors: $n"
		diff status.json.$n status.tree.$n
		if [ "$(cat status.json.$n)" -ne 0 ]; then
			grep -qE '^nsbrowse: [a-z /]+: Too many open files$' errors.json.$n
			continue
		fi
		if ! grep -q '"no-descriptors"' json.$n; then
			relations json.$n | diff all -
			diff <(host json.all) <(host json.$n)
			continue
		fi
		for form in json tree; do
			count '^nsbrowse: partial view: too many open files' errors.$form.$n 1
		done
		grep -q '"errno": "EMFILE"' json.$n
		touch limited
	done
	# One of them was too few to read all.
	[ -e limited ]
}

@test "relations that a filter of system calls refuses are unknown, not outside" {
	"$refuse" relations EPERM true || skip_or_fail "no filter of system calls: $?"
	for error in EPERM EACCES EINVAL ENOSYS; do
		apart 0 "$world" "$refuse" relations "$error" "$bin/nsbrowse" --json
		cp printed json
		# In a user namespace EPERM means outside of it.
		if [ "$error" = EPERM ] && grep -q '"user-namespace"' json; then
			continue
		fi
		host json
		count '"partial": \[.*"owner-unknown".*\]' json 1
		grep -q "\"what\": \"owner of net:\[[0-9]*\]\", \"errno\": \"$error\"" json
		count '^nsbrowse: partial view: the owners of some namespaces could not be read$' errors 1
		run grep -cE '"type": "(net|mnt|uts|ipc|cgroup|time)".*"owner_state": "hidden"' json
		[ "$output" = 0 ]
		apart 0 "$world" "$refuse" relations "$error" "$bin/nsbrowse" --tree -d
		count '^nsbrowse: partial view: the owners of some namespaces could not be read$' errors 1
		count '\(owner unknown\)' printed 1
		count '\(outside this view\)' printed 0
	done
}

@test "sockets of which the namespace is refused are noted, not taken as closed" {
	"$refuse" options EACCES true || skip_or_fail "no filter of system calls: $?"
	apart 0 "$world" bash -c 'exec 3<>/dev/udp/127.0.0.1/9
		"$refuse" options EACCES "$bin/nsbrowse" --json --scan=+socket
		exec 3>&-'
	grep -q '"what": "socket", "errno": "EACCES"' printed
	count '"partial": \[.*"failed".*\]' printed 1
}

# Two processes, each with a socket of another network namespace than its own. Without rights the one
# of the machine is refused: unshare first.
@test "kernels without cookies of network namespaces: the same sockets are found" {
	"$refuse" options ENOPROTOOPT true || skip_or_fail "no filter of system calls: $?"
	mkfifo ready end
	apart 0 "$world" unshare -n bash -c '
		exec 5<>ready 6<>end
		hold=(perl -MSocket -e "\$^F = 9; socket(S, PF_INET, SOCK_DGRAM, 0); exec @ARGV"
			unshare -n sh -c "echo >&5; read -r _ <&6")
		"${hold[@]}" &
		unshare -n "${hold[@]}" &
		read -r _ <&5
		read -r _ <&5
		"$bin/nsbrowse" --json --scan=+socket >with
		"$refuse" options ENOPROTOOPT "$bin/nsbrowse" --json --scan=+socket >without
		echo >&6
		echo >&6
		wait'
	count '"type": "net".*"by": "socket"' with 2
	grep '"type": "net"' with | diff - <(grep '"type": "net"' without)
}
