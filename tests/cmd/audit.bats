#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# nsbrowse --audit: of processes that look like containers, and of snapshots.
# shellcheck disable=SC2016 # expands in there

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$(realpath "$top_builddir")
	container=$(realpath "$top_srcdir/tests/cmd/container.sh")
	cd "$BATS_TEST_TMPDIR" || return 1
	id=$(od -An -tx1 -N32 /dev/urandom | tr -d ' \n')
	# What Docker leaves of the capabilities, and all of them.
	docker="--no-new-privs --bounding-set=-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap"
	all="--nnp"
	own="--pid --net --ipc --uts"
}

teardown() {
	[ -z "${socket:-}" ] || rm -rf "$socket"
}

# audit UNSHARE SETPRIV MOUNT [OPTION]...: the findings of that container, as `RULE VERDICT`, in findings,
# and its row in row. The host may have other containers.
audit() {
	run "$container" "$id" "$1" "$2" "$3" sh -c "'$bin/nsbrowse' --audit ${*:4} >audit 2>errors; echo \$? >status"
	echo "$output"
	[ "$status" -ne 77 ] || skip "may not make containers"
	[ "$status" -eq 0 ]
	cat errors
	grep "^docker ${id:0:12} " audit >rows
	head -n 1 rows >row
	sed 1d rows | sed -E 's/^docker [0-9a-f]+ +([a-z]+) +(host root|[a-z]+) .*/\1 \2/' >findings
	cat rows
	# Where some processes cannot be read, they may be of containers.
	[ ! -s errors ] || sed -i '/^shared unknown$/d' findings
}

# The device that is mounted on POINT for process PID, or on `/`: device PID POINT
device() {
	awk -v point="$2" '$5 == "/" && !found { top = $3 } $5 == point { found = $3 }
		END { print found ? found : top }' "/proc/$1/mountinfo"
}

# The tests may have another root directory than the host, as in a new system that is mounted.
needs_host() {
	[ "$(device self "$1")" = "$(device 1 "$1")" ] || skip "$1 is not that of PID 1"
}

@test "--audit: a container with what Docker leaves to it" {
	audit "$own" "$docker" :
	diff findings - <<'END'
users normal
END
	grep -qE "^docker ${id:0:12} +(normal|unknown) +yes +no +no +no +no +no +no +no +[no?]+ +no +no +no\$" row
}

@test "--audit: all capabilities, no filter and the host's namespaces" {
	audit "" "" :
	grep -E '^(users|privileged|caps|pid|net|ipc|uts|filter) ' findings >expected
	diff findings expected
	grep -qx 'users normal' findings
	grep -qx 'caps high' findings
	grep -qx 'pid high' findings
	grep -qx 'net medium' findings
	grep -qx 'ipc low' findings
	grep -qx 'uts low' findings
	# Where a security module confines this test, too, it is not privileged.
	if [ "$(cat /proc/self/attr/current 2>/dev/null || echo unconfined)" = unconfined ]; then
		grep -qx 'privileged host root' findings
		grep -qx 'filter medium' findings
	fi
	[ "$(cat status)" -eq 1 ]
}

@test "--audit: something over /proc/kcore, and it is not privileged" {
	[ -e /proc/kcore ] || skip "no /proc/kcore"
	audit "$own" "" 'mount --bind /dev/null "$new/proc/kcore"'
	run ! grep privileged findings
	grep -qx 'caps high' findings
}

@test "--audit: the host's root, read-only and writable" {
	[ "$(id -u)" -eq 0 ] || skip "may not make containers"
	needs_host /
	audit "$own" "$docker" 'mount --bind / "$new/host"; mount -o remount,bind,ro "$new/host"'
	grep -qx 'root high' findings
	grep -q '  read-only at /host$' rows
	audit "$own" "$docker" 'mount --bind / "$new/host"'
	grep -qx 'root host root' findings
	grep -q '  writable at /host$' rows
}

@test "--audit: the socket of an engine" {
	[ "$(id -u)" -eq 0 ] || skip "may not make containers"
	needs_host /run
	socket=$(mktemp -d /run/nsbrowse-test-XXXXXX)
	touch "$socket/docker.sock"
	audit "$own" "$docker" "touch \$new/run/d; mount --bind $socket/docker.sock \$new/run/d"
	grep -qx 'socket host root' findings
	grep -q '  /run/d$' rows
}

@test "--audit: all capabilities in a user namespace of its own" {
	audit "$own --user --map-root-user" "$all" :
	grep -qx 'contained normal' findings
	grep -q 'all capabilities, but only in user:\[[0-9]*\], owner root (0), uid map 0 -> 0 x1: root of the host$' rows
	run ! grep -E '^(users|privileged|caps) ' findings
}

@test "--audit=RULES: only these, in text and JSON" {
	audit "--pid --ipc --uts" "$docker" : --audit=net,pid
	[ "$(head -n 1 audit | tr -s ' ')" = "CONTAINER VERDICT PID NET" ]
	diff findings - <<'END'
net medium
END
	audit "--pid --ipc --uts" "$docker" : --audit=net --json || true
	grep -q '^{"format": "nsbrowse-audit", "version": 1, "complete": ' audit
	grep -qF '  {"rule": "net", "at_most": "medium", "help": "It is in the network namespace of the host."}],' audit
	grep -A1 "\"id\": \"$id\"" audit >json
	grep -q '"verdict": "medium", "may_be_worse": false' json
	grep -q '{"rule": "net", "state": "yes", "verdict": "medium", "text": "in the host.s net:\[[0-9]*\]"}\]}' json
}

# snapshot POSTURE [OF PID 1]: a container with these facts, in web.json.
snapshot() {
	cat >web.json <<END
{"format": "nsbrowse-snapshot", "version": 1, "program": null,
  "host": {"name": "h", "kernel": null, "boot_id": null, "taken": null, "hertz": 100, "booted": null, "euid": 0, "sources": ["process"], "processes": 2, "unreadable": 0, "partial": [], "complete": true},
  "namespaces": [
    {"type": "pid", "inode": 4026531836, "dev": 4, "id": null, "parent": null, "parent_state": "initial", "owner": null, "owner_state": "failed", "owner_uid": null, "owner_name": null, "owner_uid_state": "none", "leader": 1, "processes": 2, "held_by": []},
    {"type": "user", "inode": 4026531837, "dev": 4, "id": null, "parent": null, "parent_state": "initial", "owner": null, "owner_state": "initial", "owner_uid": 0, "owner_name": "root", "owner_uid_state": "known", "leader": 1, "processes": 2, "held_by": [], "uid_map": null, "gid_map": null, "setgroups": null, "maps_state": "failed"}
  ],
  "processes": [
    {"pid": 1, "ppid": 0, "started": 1, "uid": 0, "state": "S", "kernel": false, "comm": "init", "name": "init", "nspid": [1],${2:-} "namespaces": {"cgroup": null, "ipc": null, "mnt": null, "net": null, "pid": 4026531836, "time": null, "user": 4026531837, "uts": null}},
    {"pid": 9, "ppid": 1, "started": 9, "uid": 0, "state": "S", "kernel": false, "comm": "sh", "name": "sh", "nspid": [9], "container": {"kind": "docker", "id": "$id", "name": "web", "image": null, "pod": null, "pod_namespace": null, "unit": null, "source": "cgroup", "trust": "root"},${1:-} "namespaces": {"cgroup": null, "ipc": null, "mnt": null, "net": null, "pid": 4026531836, "time": null, "user": 4026531837, "uts": null}}
  ],
  "notes": []}
END
}

posture='"posture": {"bounding": 2199023255551, "seccomp": 0, "no_new_privs": false, "label_errno": "EINVAL", "socket": null, "run": null, "root": "none", "kcore_covered": false},'

@test "--audit of a snapshot: what it has not is unknown, exit 1" {
	snapshot
	apart 1 "$bin/nsbrowse" --audit web.json
	grep -qE '^web +high\+ +yes +\? +no +\? +yes +\? +\? +\? +\? +\? +\? +\?$' printed
	grep -qE '^web +caps +unknown +not read$' printed
	grep -qE '^web +net +unknown +its net namespace is not known$' printed
	snapshot "$posture" "$posture"
	apart 1 "$bin/nsbrowse" --audit web.json
	grep -qE '^web +host root +yes +yes +no +yes +yes +\? +\? +\? +\? +no +no +yes$' printed
}

@test "a snapshot keeps the posture" {
	snapshot "$posture" "${posture/\"root\": \"none\"/\"root\": \"writable\", \"root_point\": \"/\"}"
	apart 0 "$bin/nsbrowse" --json web.json
	tr -d ' \n' <web.json >before
	tr -d ' \n' <printed | sed 's/"processes":2,"held_by"/"processes":2,"held_by"/g' >after
	cmp before after
	# Facts with errors instead.
	snapshot '"posture": {"status_errno": "EACCES", "label": "unconfined", "mounts_errno": "EFBIG"},' "$posture"
	apart 0 "$bin/nsbrowse" --json web.json
	grep -q '"posture": {"status_errno": "EACCES", "label": "unconfined", "mounts_errno": "EFBIG"}' printed
	apart 1 "$bin/nsbrowse" --audit web.json
	grep -qE '^web +caps +unknown +status: Permission denied$' printed
	for bad in '{}' '{"bounding": -1}' 'null' '{"status_errno": null, "label": "", "mounts_errno": 5}'; do
		snapshot "\"posture\": $bad,"
		apart 1 "$bin/nsbrowse" --tree web.json
		[[ $(cat errors) == 'nsbrowse: web.json: line '* ]]
	done
}

@test "--audit: exit 0 if nothing is found, 1 if a named rule finds something, 2 if there is trouble" {
	snapshot
	apart 0 "$bin/nsbrowse" --audit=uts "$top_srcdir/tests/cmd/holders.json"
	[ "$output" = "no container" ]
	apart 1 "$bin/nsbrowse" --audit=users web.json
	grep -qE '^web +normal +yes$' printed
	apart 2 "$bin/nsbrowse" --audit nowhere.json
	apart 2 "$bin/nsbrowse" --audit=user web.json
	[ "$(cat errors)" = "nsbrowse: user: no such RULES for --audit (see nsbrowse --help)" ]
	apart 2 "$bin/nsbrowse" --audit --pid=1 web.json
	apart 2 "$bin/nsbrowse" --pid=1 --audit=net web.json
	apart 2 "$bin/nsbrowse" --audit --svg web.json
	apart 1 "$bin/nsbrowse" --audit -o audit.txt web.json
	apart 1 "$bin/nsbrowse" --audit web.json
	cmp printed audit.txt
	apart 2 "$bin/nsbrowse" --audit -o audit.txt web.json
}

@test "nsbrowse(1) has all rules of --audit" {
	snapshot
	apart 1 "$bin/nsbrowse" --audit web.json
	head -n 1 printed | tr ' ' '\n' | grep . | sed 1,2d | tr '[:upper:]' '[:lower:]' >rules
	sed -n '/^\.Sh AUDIT/,/^\.Sh/p' "$top_srcdir/data/nsbrowse.1.in" | sed -n 's/^\.It Cm //p' >page
	diff rules page
	apart 0 bash -c '. "$1"; _nsbrowse_audit ""' - "$top_srcdir/data/completion.bash"
	diff rules printed
}
