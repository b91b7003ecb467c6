#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Names of users from a directory service that answers late, with an error, or never
# (tests/cmd/directory.h).
# shellcheck disable=SC2016 # expands in there

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	owners=$top_srcdir/tests/cmd/owners.sh
	program=$top_builddir/tests/cmd/nsbrowse-directory
	cd "$BATS_TEST_TMPDIR" || return 1
	mkdir directory
	export NSBROWSE_TEST_DIRECTORY=$PWD/directory
	[ "$(id -u)" -eq 0 ] || skip "owners of several UIDs need root"
	for uid in $(seq 7000 7019); do
		echo -n "user$uid" >"directory/$uid"
	done
}

is_partial="partial view: some user names were not found in time"

# Prints what `file` has of the owners, one in a line.
list_owners() {
	grep -oE 'owner [^ ]+ \(7[0-9]{3}\)' "$1" | sort
}

@test "20 owners: each has its name, and the view is not partial" {
	needs_user_namespaces
	apart 0 "$owners" . 20 "$program" --tree
	for uid in $(seq 7000 7019); do
		echo "owner user$uid ($uid)"
	done >expected
	run -0 list_owners printed
	echo "$output" | diff expected -
	count "$is_partial" errors 0
}

@test "no answer for one of 20: the others have their names, and it is said in each form" {
	needs_user_namespaces
	rm directory/7003
	apart 0 "$owners" . 20 sh -ec '
		"$0" --tree >tree
		for form in json svg dot; do
			"$0" --$form >$form 2>/dev/null &
			pids="${pids-} $!"
		done
		wait $pids' "$program"
	run -0 list_owners tree
	count 'owner user7[0-9]{3} ' tree 19
	count 'owner 7003 \(7003\)$' tree 1
	count 'owner root \(0\)$' tree 1
	count "^nsbrowse-directory: $is_partial$" errors 1
	count '"partial": \[.*"names"\], "complete": false' json 1
	count '"owner_uid": 7003, "owner_name": null,' json 1
	count '"owner_name": "user7[0-9]{3}"' json 19
	count ">$is_partial</text>" svg 1
	count "$is_partial" dot 1
}

@test "a user that does not exist has no name, and an error is no answer" {
	needs_user_namespaces
	: >directory/7003
	apart 0 "$owners" . 20 "$program" --tree
	count 'owner 7003 \(7003\)$' printed 1
	count "$is_partial" errors 0
	rm hold ready
	echo -n '!' >directory/7003
	apart 0 "$owners" . 20 "$program" --tree
	count 'owner 7003 \(7003\)$' printed 1
	count 'owner user7[0-9]{3} ' printed 19
	count "$is_partial" errors 1
}

@test "users of processes: they are looked up for the text of the processes view" {
	needs_user_namespaces
	rm directory/7001
	apart 0 "$owners" . 3 "$program" --tree -t processes
	count 'user user7000 ' printed 1
	count 'user 7001 ' printed 1
	count "$is_partial" errors 1
}

@test "no answer from the local file: it is not read again outside of the jobs" {
	mkfifo passwd
	apart 0 timeout -s KILL 30 unshare --fork --pid --mount --mount-proc --kill-child \
		sh -ec 'mount --bind passwd /etc/passwd && exec "$0" --tree --scan=quick' "$top_builddir/nsbrowse"
	count 'owner 0 \(0\)$' printed 1
	count "$is_partial" errors 1
}

@test "lines of NIS in the local file are no users" {
	printf '%s\n' '+nis::0:0:::' '-nis::0:0:::' 'first:x:0:0::/:/bin/sh' 'second:x:0:0::/:' >passwd
	apart 0 unshare --fork --pid --mount --mount-proc --kill-child \
		sh -ec 'mount --bind passwd /etc/passwd && exec "$0" --tree --scan=quick' "$top_builddir/nsbrowse"
	count 'owner first \(0\)$' printed 1
}
