#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Each scene: what it says it planted is what the kernel has (verify.pl asks it by plain means), and
# when it is over nothing is left.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	scene=$top_builddir/tests/scenes/scene
	verify=$top_srcdir/tests/scenes/verify.pl
	export TMPDIR=$BATS_TEST_TMPDIR
	cd "$BATS_TEST_TMPDIR" || return 1
	traces >before
}

teardown() {
	traces >after
	diff before after
}

# What a scene could leave behind: mounts, files; and processes, which are known by their
# environment.
traces() {
	cat /proc/self/mountinfo
	ls -A /mnt /media /srv /opt 2>/dev/null || true
	find "$BATS_TEST_TMPDIR" -mindepth 1 -maxdepth 1 -regextype posix-extended \
		-not -regex '.*/(before|after|out|err|truth|pipe|end)'
	# A process of another test may be one whose environ cannot be read.
	timeout 10 grep -lsz "^SCENE_TEST=$BATS_TEST_TMPDIR\$" /proc/[0-9]*/environ || true
}

# run_scene STATUS COMMAND [ARG]...: runs a scene, which must exit with STATUS. Its standard error is
# a pipe, so all its processes have ended when this returns.
run_scene() {
	local expected=$1
	shift
	{ SCENE_TEST=$BATS_TEST_TMPDIR timeout -s KILL 60 "$@" 2>&1 >out; } | cat >err
	status=${PIPESTATUS[0]}
	cat out err
	if [ "$status" -eq 77 ]; then
		skip_or_fail "$(cat err)"
	fi
	[ "$status" -eq "$expected" ]
}

# How many namespaces of TYPE are only held as said: held TYPE HOLDER <truth
held() {
	awk -F'\t' -v type="$1" -v kind="$2" '$1 == type && NF >= 6 {
		if ($3 == kind) has[$2] = 1; else if ($3 != "child" && $3 != "owns") other[$2] = 1
	} END { for (n in has) if (!(n in other)) count++; print count + 0 }' truth
}

# The truth is right, also when root's rights are not at hand.
check() {
	command -v perl >/dev/null || skip_or_fail "no perl to ask the kernel with"
	# shellcheck disable=SC2016 # expands in there
	run_scene 0 "$scene" "$1" sh -c '"$0" && cat "$SCENE_TRUTH"' "$verify"
	tail -n +2 out >truth
	echo "# $1: $(head -n 1 out)" >&3
	if [ "$(id -u)" -eq 0 ] && setpriv "${user[@]}" test -x "$verify" && [ -z "${2:-}" ]; then
		run_scene 0 setpriv "${user[@]}" "$scene" "$1" "$verify"
	fi
}

user=(--reuid=65534 --regid=65534 --clear-groups)

@test "sets: 4 of each type with 10 processes" {
	check sets
	for type in user pid mnt net uts ipc cgroup time; do
		[ "$(awk -F'\t' -v t=$type '$1 == t && $3 == "process" && $4 != 1' truth | wc -l)" -eq 10 ]
	done
}

@test "chain10: each below the one before" {
	check chain10
	awk -F'\t' '$1 == "user" && $3 == "process" && $4 != 1 {
		if (last && $5 != last) wrong++; last = $2; n++ } END { exit n != 10 || wrong }' truth
}

@test "chain33: as deep as the kernel goes, each below the one before" {
	check chain33
	awk -F'\t' '$1 == "user" && $3 == "process" && $4 != 1 {
		if (last && $5 != last) wrong++; last = $2; n++ } END { print n; exit n < 20 || wrong }' truth
}

@test "hidden: two user namespaces without a process above each of 10 sets" {
	check hidden
	[ "$(held user process)" -eq 11 ]
	awk -F'\t' '$1 == "user" { all[$2] = 1 } $3 == "process" { with[$2] = 1 }
		END { for (n in all) if (!(n in with)) count++; exit count != 20 }' truth
}

@test "fd: each type by a descriptor alone" {
	check fd
	for type in user pid mnt net uts ipc cgroup time; do
		[ "$(held $type fd)" -eq 1 ]
	done
}

@test "fd-thread: a descriptor in a thread's own table" {
	check fd-thread
	grep -qE '^net	[0-9]+	fd	[0-9]+/[0-9]+/[0-9]+	' truth
}

@test "manyfds: 8 namespaces among 20,000 descriptors" {
	check manyfds
	[ "$(grep -c '	fd	' truth)" -eq 8 ]
}

@test "fdswap: two descriptors that come and go" {
	check fdswap
	[ "$(grep -c '^maybe	' truth)" -eq 2 ]
	# Each reads as both within 10,000 looks.
	# shellcheck disable=SC2016 # expands in there
	run_scene 0 "$scene" fdswap perl -ne 'BEGIN { @ARGV = $ENV{SCENE_TRUTH} }
		m{^maybe\t\w+\t\d+\tfd\t(\d+)/(\d+)} or next;
		my (%texts, $n); $texts{readlink "/proc/$1/fd/$2"} = 1 until keys %texts == 2 or $n++ > 10000;
		print "$_\n" for sort keys %texts'
	[ "$(grep -cE '^(net|uts):' out)" -eq 2 ]
	grep -q '/fifo$' out
	if ! grep -q 'without the hung file' err; then
		grep -q '/hung/file$' out
	fi
}

@test "socket: 4 network namespaces by a socket alone" {
	check socket
	[ "$(held net socket)" -eq 4 ]
}

@test "socket-thread: a network namespace by a socket in a thread's own table" {
	check socket-thread
	grep -qE '^net	[0-9]+	socket	[0-9]+/[0-9]+/[0-9]+	' truth
}

@test "scm: each type by a message alone" {
	check scm
	for type in user pid mnt net uts ipc cgroup time; do
		[ "$(held $type flight)" -eq 1 ]
	done
}

@test "mount-here: 16 mounts" {
	check mount-here
	[ "$(grep -c '	mount	' truth)" -eq 16 ]
}

@test "mount-there: 16 mounts in another mount namespace" {
	check mount-there
	here=$(awk -F'\t' '$1 == "mnt" && $4 == 1 { print $2 }' truth)
	[ "$(awk -F'\t' -v here="$here" '$3 == "mount" && $7 != here' truth | wc -l)" -eq 16 ]
}

@test "mount-orphan: 16 mounts in a mount namespace without a process" {
	check mount-orphan
	orphan=$(awk -F'\t' '$1 == "mnt" && $3 == "fd" { print $2 }' truth)
	[ "$(awk -F'\t' -v mnt="$orphan" '$3 == "mount" && $7 == mnt' truth | wc -l)" -eq 16 ]
}

@test "mount-names: hostile names" {
	check mount-names
	[ "$(grep -c '	mount	' truth)" -eq 23 ]
	LC_ALL=C run -1 grep '[[:cntrl:]]' <(tr -d '\t' <truth)
}

@test "detached: each type by a descriptor alone" {
	check detached
	for type in user pid mnt net uts ipc cgroup time; do
		[ "$(held $type fd)" -eq 1 ]
	done
}

@test "overmount: covered here and there" {
	check overmount
	[ "$(grep -c '	mount	' truth)" -eq 10 ]
}

@test "owner-only: user namespaces that live by what they own" {
	check owner-only
	[ "$(awk -F'\t' '$1 == "user" { all[$2] = 1 } $3 == "process" { with[$2] = 1 }
		END { for (n in all) if (!(n in with)) count++; print count }' truth)" -eq 10 ]
}

@test "threads: 50 that only a thread is in" {
	check threads
	for type in mnt net uts ipc cgroup; do
		[ "$(held $type thread)" -eq 10 ]
	done
}

@test "dead-leader: 3 processes without their first thread" {
	check dead-leader
	[ "$(held net thread)" -eq 3 ]
	[ "$(held uts thread)" -eq 6 ]
}

@test "for-children: before, with and after the first child" {
	check for-children
	[ "$(held pid for_children)$(grep -c '^unborn' truth)" != 00 ]
	[ "$(held time for_children)" -eq 2 ]
}

@test "pins: 2 PID namespaces by a mount of proc alone" {
	check pins
	[ "$(held pid pin)" -eq 2 ]
}

@test "born: two mount namespaces by each call that this kernel has" {
	check born
	for call in open_tree fsmount; do
		if ! grep -q "^lacks	$call\$" truth; then
			[ "$(grep -c "^born	$call	mnt	" truth)" -eq 2 ]
		fi
	done
	[ "$(held mnt fd)" -eq "$(held mnt flight)" ]
	[ "$(grep -Ec '^(born|lacks)' truth)" -ge 2 ]
}

# One of each kind at least.
@test "ladder: all kinds together" {
	check ladder
	for kind in process thread fd mount socket flight for_children pin child owns; do
		grep -q "	$kind	" truth
	done
	grep -q '^unborn' truth
}

@test "ladder --host: the same beside all processes of this host; nothing is left" {
	# shellcheck disable=SC2016 # expands in there
	run_scene 0 "$scene" --host ladder sh -c 'cat "$SCENE_TRUTH"'
	mv out truth
	[ "$(held pid pin)" -eq 2 ]
	[ "$(held user flight)" -eq 1 ]
	world=$(sed -n 's/^world	//p' truth)
	grep -q "^pid	[0-9]*	process	$world	" truth
}

@test "dead-init: PID namespaces without an init" {
	check dead-init
	[ "$(held pid fd)" -eq 2 ]
}

@test "zombie: what it keeps, and what its children hold" {
	check zombie
	[ "$(grep -c '^absent' truth)" -eq 6 ]
	[ "$(grep -c '	fd	' truth)" -eq 2 ]
}

@test "lookalikes: one namespace among many that look like one" {
	check lookalikes
	[ "$(grep -c '	fd	' truth)" -eq 1 ]
	[ "$(grep -c '^absent' truth)" -eq 14 ]
}

@test "forkstorm: 20 namespaces and their processes, 4 that fork" {
	check forkstorm
	[ "$(awk -F'\t' '$3 == "process" && $4 != 1' truth | wc -l)" -eq 20 ]
}

@test "crowd: 20 namespaces, and 204 processes of which 200 are replaced" {
	check crowd
	[ "$(awk -F'\t' '$3 == "process" && $4 != 1' truth | wc -l)" -eq 20 ]
	# shellcheck disable=SC2016 # expands in there
	run_scene 0 "$scene" crowd sh -ec 'cd "$SCENE_DIR"
		ls /proc | grep "^[1-9]" | tee first | wc -l
		echo begin >step
		read -r answer <done
		[ "$answer" = ok ]
		until [ "$(ls /proc | grep -cxFf first)" -le 40 ]; do :; done'
	[ "$(head -n 1 out)" -ge 225 ]
	grep -q '^scene: crowd: [0-9]* forks in ' err
}

@test "identity: what lives through its steps keeps its number" {
	command -v perl >/dev/null || skip_or_fail "no perl to ask the kernel with"
	# shellcheck disable=SC2016 # expands in there
	run_scene 0 "$scene" identity sh -ec 'cd "$SCENE_DIR"
		"$0"
		grep "^same.set" truth >first
		for step in leader churn replace leader; do
			echo "$step" >step
			read -r answer <done
			echo "$step: $answer"
			[ "$answer" = ok ]
			"$0"
			grep "^same.set" truth >now
			diff first now
			if [ "$step" = replace ]; then grep "^again" truth; fi
		done
		echo nonsense >step
		read -r answer <done
		[ "$answer" = failed ]' "$verify"
	echo "# identity: numbers that came round: $(grep -c ^again out) of 8" >&3
	[ "$(grep -c ^again out)" -gt 0 ]
}

@test "locked: processes that wait for a silent file server" {
	check locking root
	check locked1 root
	check locked8 root
	check locked3 root
	[ "$(held uts process)" -eq 4 ]
}

@test "lxcfs: a file server that is silent, or stopped, has files at the top of /proc" {
	check lxcfs root
	check lxcfs-stopped root
}

@test "fuse: a silent file server, and a command that hangs on it, end" {
	check fuse root
	# shellcheck disable=SC2016 # expands in there
	run_scene 0 "$scene" fuse sh -c 'cat <"$SCENE_DIR/hung/file" &
		awk "/ - fuse hung / { split(\$3, dev, \":\"); print dev[2]; exit }" /proc/self/mountinfo'
	connection=$(cat out)
	[ "$connection" -gt 0 ]
	[ ! -e "/sys/fs/fuse/connections/$connection" ]
}

# killed [--host] SCENE: its first process is killed; none is left then.
killed() {
	mkfifo pipe end
	exec 4<>pipe
	# shellcheck disable=SC2016 # expands in there
	SCENE_TEST=$BATS_TEST_TMPDIR "$scene" "$@" sh -c 'mkfifo "$SCENE_DIR/never"
		echo stands; cat "$SCENE_DIR/hung/file" || exec cat "$SCENE_DIR/never"' \
		2>end >pipe 4>&- &
	pid=$!
	exec 5<end
	if ! read -r -t 20 _ <&4; then
		status=0
		wait $pid || status=$?
		reason=$(cat <&5)
		[ "$status" -eq 77 ]
		skip_or_fail "$reason"
	fi
	kill -KILL $pid
	wait $pid || true
	timeout 20 cat <&5 # to its end
	rm pipe end
}

@test "killed: nothing is left, hung or not" {
	killed sets
	killed fuse
}

@test "killed with --host: nothing is left" {
	killed --host ladder
}

@test "the command's exit status, standard output and input" {
	run_scene 42 "$scene" chain10 sh -c 'cat; exit 42' < <(echo word)
	[ "$(cat out)" = word ]
	# shellcheck disable=SC2016 # expands in there
	run_scene 143 "$scene" chain10 sh -c 'kill -TERM $$'
	run_scene 127 "$scene" chain10 ./nothing
}

@test "a host where namespaces are mounted, also covered and with blanks" {
	if [ "$(id -u)" -ne 0 ]; then
		own_user=(--user --map-root-user)
	fi
	# shellcheck disable=SC2016 # expands in there
	run -0 unshare "${own_user[@]}" --mount sh -ec 'mount -t tmpfs t /mnt
		mkdir -p "/mnt/a b/c"
		touch "/mnt/a b/c/ns" "/mnt/a b/\\ ns"
		mount --bind /proc/self/ns/uts "/mnt/a b/c/ns"
		mount --bind "/mnt/a b/c" "/mnt/a b/c"
		mount --bind /proc/self/ns/uts "/mnt/a b/c/ns"
		mount --bind /proc/self/ns/ipc "/mnt/a b/\\ ns"
		exec "$0" sets true' "$scene"
}

@test "namespaces that others have mounted, in a user namespace too: the scene has none of them" {
	# shellcheck disable=SC2016 # expands in there
	run unshare --user --map-root-user --mount sh -ec 'mkdir place
		touch place/uts place/file
		mount --bind /proc/self/ns/uts place/uts
		mount --bind place place
		mount --bind /proc/self/ns/ipc place/uts
		exec unshare --user --map-root-user "$0" sets sh -ec "
			pwd
			ls place
			grep -c \" nsfs \" /proc/self/mountinfo || [ \$? -eq 1 ]"' "$scene"
	rm -rf place
	[ "$status" -ne 1 ] || skip_or_fail "$output"
	[ "$status" -eq 0 ]
	[ "$output" = "$PWD"$'\nfile\n0' ]
}

@test "a kernel that refuses: 77 and why" {
	# shellcheck disable=SC2016 # expands in there
	run -77 unshare --user --map-root-user sh -c 'echo 0 >/proc/sys/user/max_net_namespaces &&
		exec "$0" sets true' "$scene"
	[[ $output == "scene: "*": No space left on device" ]]
}

@test "wrong usage: 2; --list names each scene" {
	run -2 "$scene" nonsense
	"$scene" --list >out
	[ "$(wc -l <out)" -ge 25 ]
	while read -r name _; do
		grep -qE "(check|play|behind|\"\\\$scene\") $name\\b" "$top_srcdir/tests/scenes/scenes.bats" "$top_srcdir/tests/cmd/waiting.bats"
	done <out
}

@test "net: bridge, veth pairs and listeners, in namespaces with and without a process" {
	check net
	[ "$(held net process)" -ge 3 ]
	[ "$(held net mount)" -eq 1 ]
}
