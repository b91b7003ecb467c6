#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# nsbrowse --facts: which words, what JSON has then, and that it can be read back.
# shellcheck disable=SC2016 # expands in there

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$(realpath "$top_builddir")
	scripts=$(realpath "$top_srcdir/tests/cmd")
	export bin scripts
	cd "$BATS_TEST_TMPDIR" || return 1
}

# world COMMAND: runs it as root in a PID namespace of its own, with its own /proc. On one processor:
# a mount namespace can only be mounted in an older one, and from Linux 6.18 ids decide, of which
# each processor has a batch of its own.
world() {
	run taskset -c "$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')" \
		unshare --fork --pid --mount --mount-proc --uts --kill-child sh -euc "hostname inside; $1"
	echo "$output"
	if [ "$(id -u)" -ne 0 ]; then
		skip_or_fail "needs root"
	fi
	[ "$status" -eq 0 ]
}

@test "all: each namespace has facts, which are read back byte for byte" {
	world '$bin/nsbrowse --json --facts=all >all 2>errors'
	no_error
	grep -q '"facts": {"host": "inside", "domain": "' all
	[ "$(grep -c '"facts": {' all)" -eq "$(grep -c '^    {"type": "[a-z]*", "inode": ' all)" ]
	run ! grep -q '"links": ' all
	apart 0 "$bin/nsbrowse" --json all
	cmp all printed
	grep -c '"cgroup": "' all >n
	[ "$(cat n)" -ge 2 ]
}

@test "auto and none: JSON has no facts; links alone are not all" {
	world 'for facts in auto none links auto,links; do
		$bin/nsbrowse --json --facts=$facts 2>errors; done >some; $bin/nsbrowse --json --facts=all,links >links 2>errors'
	run ! grep -q '"facts"' some
	grep -q '"links": {' links
}

# A namespace that only a bind mount keeps has mounts, too.
@test "mounts: each mount namespace has its tree, which is read back byte for byte" {
	world 'mount -t tmpfs bench /mnt; mkdir "/mnt/a b" /mnt/ns
		mount --make-private -t tmpfs upper "/mnt/a b"; mount --make-private -t tmpfs covering "/mnt/a b"
		mount --make-private -t tmpfs holder /mnt/ns; touch /mnt/ns/kept
		unshare --mount=/mnt/ns/kept --propagation=unchanged mount -t tmpfs inside /mnt/ns
		$bin/nsbrowse --json --facts=mounts >mounts 2>errors
		stat -Lc %i /proc/self/ns/mnt /mnt/ns/kept >numbers; sed "s/.*/x/" /proc/self/mountinfo >own'
	no_error
	run ! grep -q '"facts"' mounts
	{ read -r own; read -r kept; } <numbers
	sed -n "/{\"mnt\": $own,/,/^    \]}/p" mounts >tree
	head -n 1 tree | grep -q '"complete": true'
	[ "$(grep -c '^      {"id": ' tree)" -eq "$(wc -l <own)" ]
	grep '"source": "covering"' tree | grep -q '"path": "/mnt/a b", .*"fs_options": "[^"]*"}'
	grep '"source": "upper"' tree | grep -q '"covered": true'
	sed -n "/{\"mnt\": $kept,/,/^    \]}/p" mounts >tree
	grep -q '"path": "/mnt/ns", "type": "tmpfs", "source": "inside"' tree
	apart 0 "$bin/nsbrowse" --json mounts
	cmp mounts printed
}

@test "words that --facts does not have are refused" {
	for list in '' ',' 'all,' ',all' every none,all all,none none,mounts mount ALL; do
		apart 2 "$bin/nsbrowse" --json "--facts=$list"
		grep -q '^nsbrowse: .*--facts' errors
		[ -z "$output" ]
	done
}

@test "a dying PID namespace names what it waits for" {
	world 'sh $scripts/dying.sh sh -c "\$bin/nsbrowse --json --facts=all >dying 2>errors; echo \$init \$member >pids"'
	read -r init member <pids
	grep -qE "\"facts\": \{\"init\": $init, \"init_state\": \"[A-Z]\", .*\"dying\": true, \"left\": 1, \"waits_for\": $member, \"state\": \"Z\"" dying
	apart 0 "$bin/nsbrowse" --json dying
	cmp dying printed
}

# Nothing but the option says that each namespace is to be entered.
@test "only all makes a scan enter namespaces" {
	command -v strace >/dev/null || skip_or_fail "no strace"
	run grep -q '__asan_init' "$bin/nsbrowse"
	[ "$status" -ne 0 ] || skip "sanitizers open files of their own"
	world 'unshare --uts true
		for facts in auto none links all; do
			strace -f -qq -o trace.$facts -e trace=setns,?open,openat $bin/nsbrowse --json --facts=$facts >json 2>errors; done'
	for facts in auto none links; do
		run ! grep -qE 'sysvipc|timens_offsets|subuid|net/tcp' "trace.$facts"
	done
	grep -q sysvipc/shm trace.all
	grep -q timens_offsets trace.all
	grep -q '"/etc/subuid"' trace.all
}
