#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016 # scripts for another shell
# Names of containers: real control groups, and files of engines in a mount namespace of the test.

bats_require_minimum_version 1.5.0
load ../assert

id=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
user_id=b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	export nsbrowse=$top_builddir/nsbrowse id user_id
	cd "$BATS_TEST_TMPDIR" || return 1
	[ "$(id -u)" = 0 ] || skip "needs root"
	for top in /sys/fs/cgroup/memory /sys/fs/cgroup/unified /sys/fs/cgroup; do
		if [ -w "$top/cgroup.procs" ]; then break; fi
	done
	export group=$top/nsbrowse-names-$$-$BATS_TEST_NUMBER
	run mkdir "$group"
	[ "$status" -eq 0 ] || skip "may make no control group"
	mkdir -p "$group"/{docker/$id,user/docker/{$id,$user_id}}
	chown 1000 "$group"/user/docker
	run unshare --fork --pid --mount --mount-proc --kill-child true
	[ "$status" -eq 0 ] || skip_or_fail "$output"
	cat >world <<-'END'
		# Runs in a world of its own. enter GROUP: a new process there, $pid.
		umask 022
		mount --make-rprivate /
		for folder in /var/lib /home /run; do mount -t tmpfs -o mode=755 none $folder; done
		printf 'harald:x:1000:1000::/home/harald:/bin/sh\n' >passwd
		chmod 644 passwd
		mount --bind passwd /etc/passwd
		docker() { # UID FOLDER ID TEXT
			mkdir -p "$2/containers/$3"
			printf '%s' "$4" >"$2/containers/$3/config.v2.json"
			chmod 600 "$2/containers/$3/config.v2.json"
			chown -R "$1" "$(dirname "$2")"
		}
		enter() {
			sleep infinity &
			pid=$!
			echo $pid >"$group/$1/cgroup.procs"
		}
	END
}

# The processes of a world end with it, but its init is reaped a little later.
teardown() {
	local n=0
	[ -n "${group:-}" ] || return 0
	until rmdir "$group"/user/docker/* "$group"/{user/,}docker "$group"/user "$group"/docker/* \
		"$group"/docker "$group" 2>/dev/null || [ ! -d "$group" ] || [ $((n += 1)) -gt 2000 ]; do
		:
	done
}

# in_world SCRIPT: runs it as root in namespaces and with files of its own.
in_world() {
	run -0 timeout -s KILL 60 unshare --fork --pid --mount --mount-proc --kill-child \
		bash -euc '. ./world; '"$1"
	echo "$output"
}

# has ID KEY VALUE: the container has that value in host.json.
has() {
	grep -qF "\"id\": \"$1\"" host.json
	grep -F "\"id\": \"$1\"" host.json | grep -qF "\"$2\": $3"
}

@test "a name of root: with the PID of the container, and with another one" {
	in_world '
		enter docker/$id
		text="{\"Name\":\"/web\",\"Config\":{\"Image\":\"nginx:1.27\"},\"State\":{\"Pid\":"
		docker 0 /var/lib/docker $id "$text$pid}}"
		"$nsbrowse" --json >host.json
		"$nsbrowse" -t containers >text
		docker 0 /var/lib/docker $id "${text}1}}"
		"$nsbrowse" --json >other.json
		"$nsbrowse" -t containers >other'
	has $id name '"web"'
	has $id image '"nginx:1.27"'
	has $id source "\"/var/lib/docker/containers/$id/config.v2.json\""
	has $id trust '"root"'
	count '"unverified"' host.json 0
	count '^.*web' text 1
	count 'unverified' text 0
	mv other.json host.json
	has $id unverified true
	count '"web" \(unverified\)' other 1
}

@test "a user who has a container named after that of root: only files of that user" {
	in_world '
		enter user/docker/$id
		text="{\"Name\":\"/of-root\",\"State\":{\"Pid\":$pid}}"
		docker 0 /var/lib/docker $id "$text"
		"$nsbrowse" --json >before.json
		docker 1000 /home/harald/.local/share/docker $id "${text/of-root/of-harald}"
		chown -R 1000 /home/harald
		"$nsbrowse" --json >host.json'
	count 'of-root' before.json 0
	count 'of-root' host.json 0
	has $id name '"of-harald"'
	has $id trust '"user"'
	has $id uid 1000
	has $id source "\"/home/harald/.local/share/docker/containers/$id/config.v2.json\""
}

@test "hostile names are inert in each form" {
	in_world '
		enter docker/$id
		docker 0 /var/lib/docker $id \
			"{\"Name\":\"/\\u001b]0;x\\u0007\\n\\u202e\\\"web\",\"State\":{\"Pid\":$pid}}"
		"$nsbrowse" --json >host.json
		for form in "-t containers" --columns=container,pid --svg --dot; do
			"$nsbrowse" $form
		done >text'
	has $id name '"\u001b]0;x\u0007\u000a\u202e\"web"'
	grep -qF 'web' text
	run -1 grep -qP '[\x00-\x08\x0b-\x1f\x7f]' text
	run -1 grep -qP '\xe2\x80\xae' text
}

@test "files that no one but root should change, links, FIFOs and long files are refused" {
	in_world '
		enter docker/$id
		text="{\"Name\":\"/web\",\"State\":{\"Pid\":$pid}}"
		file=/var/lib/docker/containers/$id/config.v2.json
		try() { "$nsbrowse" --json; rm -f $file; docker 0 /var/lib/docker $id "$text"; }
		docker 0 /var/lib/docker $id "$text"
		{
			chmod 666 $file; try
			chown 1000 $file; try
			mv $file /var/lib/elsewhere; ln -s /var/lib/elsewhere $file; try
			rm $file; ln -s /etc/shadow $file; try
			rm $file; mkfifo -m 600 $file; try
			truncate -s 10M $file; try
			truncate -s 20 $file; try
		} >refused
		"$nsbrowse" --json >host.json'
	count '"web"' refused 0
	count "\"source\": \"cgroup\"" refused 7
	has $id name '"web"'
}

@test "an ordinary user: the names of own containers, and why those of root are not known" {
	in_world '
		enter docker/$id
		docker 0 /var/lib/docker $id "{\"Name\":\"/of-root\",\"State\":{\"Pid\":$pid}}"
		chmod 710 /var/lib/docker
		enter user/docker/$user_id
		docker 1000 /home/harald/.local/share/docker $user_id \
			"{\"Name\":\"/of-harald\",\"State\":{\"Pid\":$pid}}"
		chown -R 1000 /home/harald
		cp "$nsbrowse" /run/nsbrowse
		setpriv --reuid 1000 --regid 1000 --clear-groups /run/nsbrowse --json >host.json'
	has $user_id name '"of-harald"'
	count '"unverified"' host.json 0
	has $id name null
	has $id name_errno '"EACCES"'
}
