#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Exports of a partial view carry the reasons, and mark the counts that may be too low.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$top_builddir
	cd "$BATS_TEST_TMPDIR" || return 1
}

# Other programs read the files; those that are not installed are left out.
readable() {
	if command -v xmllint >/dev/null; then
		xmllint --noout "$1.svg"
	fi
	if command -v dot >/dev/null; then
		dot -Tcanon "$1.dot" >"$1.canon"
	fi
}

# export_all NAME COMMAND [ARGUMENT]...: what the command prints as NAME.svg, .dot, .tree and .long, and
# its standard error.
export_all() {
	local name=$1 form
	shift
	for form in svg dot tree; do
		apart 0 "$@" --$form
		cp printed "$name.$form"
		cp errors "$name.$form.errors"
	done
	apart 0 "$@" --tree --long
	cp printed "$name.long"
	readable "$name"
}

@test "without rights: titles have the reason and counts with +" {
	[ "$(id -u)" -eq 0 ] || skip "already without rights"
	export_all nobody setpriv --reuid=65534 --regid=65534 --clear-groups "$bin/nsbrowse"
	for form in svg dot tree; do
		grep -qE '^nsbrowse: partial view: [0-9]+ of [0-9]+ processes could not be read \(run as root to see all\)$' nobody.$form.errors
	done
	grep -qE '>Linux .*, [0-9]+\+ user and [0-9]+\+ PID namespaces<' nobody.svg
	grep -qE '>partial view: [0-9]+ of [0-9]+ processes could not be read \(run as root to see all\)<' nobody.svg
	grep -qE '[0-9]+\+ user and [0-9]+\+ PID namespaces\\l' nobody.dot
	tr -d '\n\134' <nobody.dot | grep -qE 'partial view: [0-9]+ of [0-9]+ processes could not be read \(run as root to see all\)'
	count ' processes [0-9]+( |$)' nobody.long 0
	grep -qE ' processes [0-9]+\+( |$)' nobody.long
}

# One user namespace and two PID namespaces, of which one is below the other.
snapshot() {
	cat <<-END
		{"format": "nsbrowse-snapshot", "version": 1, "program": "nsbrowse 0.1.0",
		"host": {"name": "box", "kernel": "6.18.44", "boot_id": null, "taken": "2026-11-23T15:04:00Z",
		"hertz": 100, "booted": "2026-11-23T05:09:00Z", "euid": 0, "sources": ["process"],
		"processes": 3, "unreadable": $2, "partial": [$1], "complete": false},
		"namespaces": [
		{"type": "pid", "inode": 4026532001, "dev": 4, "id": null, "parent": null, "parent_state": "hidden",
		"owner": 4026532003, "owner_state": "known", "owner_uid": null, "owner_name": null,
		"owner_uid_state": "none", "leader": 1, "processes": 1, "held_by": []},
		{"type": "pid", "inode": 4026532002, "dev": 4, "id": null, "parent": 4026532001, "parent_state": "known",
		"owner": 4026532003, "owner_state": "known", "owner_uid": null, "owner_name": null,
		"owner_uid_state": "none", "leader": 2, "processes": 2, "held_by": []},
		{"type": "user", "inode": 4026532003, "dev": 4, "id": null, "parent": null, "parent_state": "hidden",
		"owner": null, "owner_state": "hidden", "owner_uid": 0, "owner_name": "root",
		"owner_uid_state": "known", "leader": 1, "processes": 3, "held_by": [],
		"uid_map": [[0, 1000, 1]], "gid_map": [[0, 1000, 1]], "setgroups": "deny", "maps_state": "known"}
		],
		"processes": [
		$(process 1 4026532001 "[1]"), $(process 2 4026532002 "[2, 1]"), $(process 3 4026532002 "[3, 2]")
		], "notes": []}
	END
}

process() {
	echo '{"pid": '"$1"', "ppid": 0, "started": 100, "uid": 0, "state": "S", "kernel": false, "comm": "sh",' \
		'"name": "sh", "nspid": '"$3"', "namespaces": {"cgroup": null, "ipc": null, "mnt": null,' \
		'"net": null, "pid": '"$2"', "time": null, "user": 4026532003, "uts": null}}'
}

# counts HOST BELOW CHILDREN PROCESSES: what follows counts, those of the PID namespace below the outer
# one, and the words of the outer one for one child and one process.
counts() {
	local user=" namespace"

	[ -z "$1" ] || user=
	grep -qF ", 1$1 user$user and 2$1 PID namespaces<" box.svg
	grep -qF ", 1$1 user$user and 2$1 PID namespaces\\l" box.dot
	grep -qF " processes 3$1 held by 2$1 owned" box.long
	apart 0 "$bin/nsbrowse" -t pid --tree --long box.json
	grep -qxF "pid:[4026532001] process \"sh\" owner user:[4026532003] root (0) pid 1/1 processes 1$1 held by 1$1 $3" printed
	grep -qE "pid:\[4026532002\] .* processes 2${2:+\\+}$" printed
	grep -qF "held by 1$1 $4; child pid:[4026532002]<" box.svg
	grep -qF "held by 2$2 processes<" box.svg
}

@test "a snapshot that is partial by what could not be read" {
	for reason in unreadable hidepid; do
		snapshot "\"$reason\"" 7 >box.json
		export_all box "$bin/nsbrowse" box.json
		cat box.long
		counts + + children processes
	done
	grep -qF ">partial view: /proc hides other users' processes (hidepid)<" box.svg
}

# What is written about a reason is found in the man page.
@test "the man pages have every reason" {
	sed -n '/^\.Sh PARTIAL VIEWS/,/^\.El/s/^\.It //p' "$top_srcdir/data/nsbrowse.1.in" >page
	grep -qxF 'N of M processes could not be read Pq Ic unreadable' page
	sed -n 's/.*\[PARTIAL_.*\] = "\(.*\)",$/\1/p' "$top_srcdir/src/view/partial.c" >texts
	[ "$(wc -l <texts)" -eq 14 ]
	[ "$(wc -l <page)" -eq 15 ]
	while read -r text; do
		grep -qF "$text Pq Ic " page
	done <texts
	sed -n 's/.* Pq Ic //p' page >reasons
	while read -r reason; do
		grep -qxF ".It Ic $reason" "$top_srcdir/data/nsbrowse-snapshot.5"
	done <reasons
}

# A snapshot is no less partial when it is read again.
@test "what is printed from a partial snapshot says so, too" {
	snapshot '"hidepid", "pid-namespace"' 0 >box.json
	cat >expected <<-END
		partial view: /proc hides other users' processes (hidepid)
		partial view: inside a PID namespace, processes outside cannot be seen
	END
	for command in "lsuserns -f" "lspidns -l -f" "graphns -f" "nsbrowse --tree" "nsbrowse -o box.txt"; do
		# shellcheck disable=SC2086 # the command has options
		apart 0 "$bin"/$command box.json
		sed 's/^[a-z]*: //' errors | diff expected -
	done
	apart 0 "$bin/lspidns" -f - <box.json
	[ "$(wc -l <errors)" -eq 2 ]
	snapshot '' 0 | sed 's/"complete": false/"complete": true/' >box.json
	apart 0 "$bin/lsuserns" -f box.json
	[ -z "$stderr" ]
}

@test "a snapshot from inside of a PID namespace: counts below it are exact" {
	snapshot '"pid-namespace"' 0 >box.json
	export_all box "$bin/nsbrowse" box.json
	cat box.long
	counts + '' children processes
	grep -q '>partial view: inside a PID namespace, processes outside cannot be seen<' box.svg
}

@test "a snapshot that is complete, or partial by something else: counts are exact" {
	for reason in '' '"failed"' '"user-namespace"'; do
		snapshot "$reason" 0 >box.json
		export_all box "$bin/nsbrowse" box.json
		counts '' '' child process
	done
}

# mountinfo of a process shows no mounts outside of its root directory. COPROC is unset at once if
# unshare is refused.
# shellcheck disable=SC2016 # expands in there
@test "a mount namespace whose processes have another root directory: says so" {
	local user=()
	[ "$(id -u)" -eq 0 ] || user=(--user --map-root-user)
	cat >chrooted.sh <<-'END'
		mkdir hidden && mount -t tmpfs hidden hidden && mkdir hidden/root
		touch hidden/ns && mount --bind /proc/self/ns/uts hidden/ns
		exec perl -e '$| = 1; chroot "hidden/root" or die "chroot: $!"; chdir "/"; print "y\n"; sleep 1000'
	END
	run unshare "${user[@]}" -fpm --mount-proc --kill-child bash -euc '
		coproc unshare --mount --uts sh -e chrooted.sh
		read -r ready 2>/dev/null <&"${COPROC[0]-}" || exit 77
		exec "$0/nsbrowse" --json --scan=process,mount >json 2>errors' "$top_builddir"
	[ "$status" -ne 77 ] || skip_or_fail "$output"
	[ "$status" -eq 0 ]
	count '"what": "mounts outside of the root directories of processes of mnt:\[[0-9]+\]", "errno": "ENODATA"' json 1
	count '^nsbrowse: partial view: something could not be read' errors 1
	figure R12 "mounts outside of the root directories of all processes: partial, and a note"
}

# Listing mount namespaces needs CAP_SYS_ADMIN in the initial user and PID namespaces.
# shellcheck disable=SC2016 # expands in there
@test "mounts outside of the root directory of processes: found where the kernel lists them" {
	cat >chrooted.sh <<-'END'
		mkdir hidden && mount -t tmpfs hidden hidden && mkdir hidden/root
		touch hidden/ns && unshare --uts mount --bind /proc/self/ns/uts hidden/ns
		exec perl -e '$| = 1; chroot "hidden/root" or die "chroot: $!"; chdir "/"; print "y\n"; <STDIN>'
	END
	run bash -euc '
		coproc unshare --mount sh -e chrooted.sh
		read -r ready 2>/dev/null <&"${COPROC[0]-}" || exit 77
		"$0/nsbrowse" --json --scan=process,mount,mntns >json 2>errors' "$top_builddir"
	[ "$status" -ne 77 ] || skip_or_fail "$output"
	[ "$status" -eq 0 ]
	grep -q '"sources": .*"mntns"' json || skip_or_fail "listing mount namespaces: EPERM"
	count '"what": "mounts outside of the root' json 0
	count '"owner_state": "known".*"by": "mount", "path": "[^"]*/hidden/ns"' json 1
	figure R12 "mounts outside of the root directories of all processes: found by statmount(2)"
}
