#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# nsbrowse --pid and --in: which process has which PID where.
# shellcheck disable=SC2154,SC2016 # stderr is set by apart; expands in there

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$(realpath "$top_builddir")
	id=$(od -An -tx1 -N32 /dev/urandom | tr -d ' \n')
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

@test "--in a container that its control group names" {
	container=$(realpath "$top_srcdir/tests/cmd/container.sh")
	run "$container" "$id" "--pid" "--no-new-privs" : sh -c "
		for in in $id ${id:0:8} docker-none; do
			'$bin/nsbrowse' --pid=1 --in=\$in 2>>errors
			echo \"status \$?\"
		done >answers
		'$bin/nsbrowse' --pid=1 --in=$id --json >json 2>>errors"
	echo "$output"
	[ "$status" -ne 77 ] || skip "may not make containers"
	[ "$status" -eq 0 ]
	cat answers
	[ "$(grep status answers | tr '\n' ' ')" = "status 0 status 0 status 1 " ]
	[ "$(grep -c "^container  docker ${id:0:12}: root\$" answers)" -eq 2 ]
	[ "$(grep -cE "^pid:\[[0-9]+\] +1  sh \([0-9]+\) +docker ${id:0:12}\$" answers)" -eq 2 ]
	grep -q "\"container\": {\"kind\": \"docker\", \"id\": \"$id\", .*\"trust\": \"root\"}" json
}

# host: a snapshot with two containers of one pod, and a process of a user who took the id of one.
host() {
	local n
	cat <<'END'
{"format": "nsbrowse-snapshot", "version": 1, "program": null,
  "host": {"name": "h", "kernel": null, "boot_id": null, "taken": null, "hertz": 100, "booted": null, "euid": 0, "sources": ["process"], "processes": 3, "unreadable": 0, "partial": [], "complete": true},
  "namespaces": [
END
	for n in 4026531836:1 4026532101:11 4026532102:12 4026532103:13; do
		[ $n = 4026531836:1 ] || echo ,
		echo "{\"type\": \"pid\", \"inode\": ${n%:*}, \"dev\": 4, \"id\": null, \"parent\": $([ $n = 4026531836:1 ] && echo null || echo 4026531836), \"parent_state\": \"$([ $n = 4026531836:1 ] && echo initial || echo known)\", \"owner\": null, \"owner_state\": \"failed\", \"owner_uid\": null, \"owner_name\": null, \"owner_uid_state\": \"none\", \"leader\": ${n#*:}, \"processes\": 1, \"held_by\": []}"
	done
	echo '], "processes": ['
	process 1 '[1]' 4026531836 ''
	for n in web:11:4026532101:root db:12:4026532102:root; do
		IFS=: read -r name pid ns trust <<<"$n"
		echo ,
		process "$pid" "[$pid, 1]" "$ns" "\"container\": {\"kind\": \"docker\", \"id\": \"$id$pid\", \"name\": \"$name\", \"image\": null, \"pod\": \"shop\", \"pod_namespace\": null, \"unit\": null, \"source\": \"cgroup\", \"trust\": \"$trust\"}, "
	done
	echo ,
	process 13 '[13, 1]' 4026532103 "\"container\": {\"kind\": \"docker\", \"id\": \"${id}11\", \"name\": \"web\", \"image\": null, \"pod\": null, \"pod_namespace\": null, \"unit\": null, \"source\": \"cgroup\", \"trust\": \"user\", \"uid\": 1000}, "
	echo '], "notes": []}'
}

# process PID NSPID NS CONTAINER
process() {
	echo "{\"pid\": $1, \"ppid\": 0, \"started\": $1, \"uid\": 0, \"state\": \"S\", \"kernel\": false, \"comm\": \"sh\", \"name\": \"sh\", \"nspid\": $2, $4\"namespaces\": {\"cgroup\": null, \"ipc\": null, \"mnt\": null, \"net\": null, \"pid\": $3, \"time\": null, \"user\": null, \"uts\": null}}"
}

@test "--in a name that several have: they are listed, with on whose word they have it" {
	id=${id:0:62} # two digits follow
	host >host.json
	apart 0 "$bin/nsbrowse" --pid=1 --in=db host.json
	grep -qx "container  db in shop (pod) (docker ${id:0:12}): root" printed
	tail -n 1 printed | grep -qE '^pid:\[4026532102\] +1  sh \(12\)'
	apart 1 "$bin/nsbrowse" --pid=1 --in=web host.json
	[ -z "$output" ]
	sort errors >sorted
	diff - sorted <<END
nsbrowse:   web in shop (pod), docker ${id}11 (root): sh (11)
nsbrowse:   web, docker ${id}11 (user 1000 says): sh (13)
nsbrowse: web: 2 processes have PID 1 in there
END
	apart 1 "$bin/nsbrowse" --pid=1 --in=shop host.json
	count 'in shop \(pod\), docker .* \(root\): sh \(1[12]\)$' errors 2
	apart 1 "$bin/nsbrowse" --pid=7 --in=shop host.json
	count ': no PID 7$' errors 2
	apart 0 "$bin/nsbrowse" --pid=1 --in="${id}12" host.json
}

@test "hostile kinds and ids of containers are escaped" {
	local processes='' pid
	for pid in 7 8; do
		processes+=${processes:+, }'{"pid": '$pid', "ppid": 1, "started": 1, "uid": 0, "state": "S", "kernel": false, "comm": "x", "name": "x", "nspid": ['$pid'], "container": {"kind": "\u001b[31m", "id": "'$pid'\u001b\u202e", "name": "web", "trust": "root"}, "namespaces": {}}'
	done
	cat >snapshot <<-END
		{"format": "nsbrowse-snapshot", "version": 1, "program": null,
		"host": {"name": null, "kernel": null, "boot_id": null, "taken": null, "hertz": null, "booted": null, "euid": 0, "sources": [], "processes": 2, "unreadable": 0, "complete": true},
		"namespaces": [], "processes": [$processes], "notes": []}
	END
	apart 0 "$bin/nsbrowse" --pid=7 snapshot
	grep -qF 'web (\x1b[31m 7\x1b\u{202e}): root' <<<"$output"
	apart 1 "$bin/nsbrowse" --pid=1 --in=web snapshot
	grep -qF 'web, \x1b[31m 7\x1b\u{202e} (root)' errors
	run ! grep -q $'\x1b' printed errors
}
