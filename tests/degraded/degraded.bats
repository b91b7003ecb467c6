#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# nsbrowse on kernels that lack something (degraded.c, lacks.def): it shows the tree, says once what
# the kernel does not tell, and has neither 0 nor root for what is not known.
# shellcheck disable=SC2016,SC2154 # expands in there; stderr is set by run

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$(cd "$top_builddir" && pwd)
	degraded=$bin/tests/degraded/degraded
	scene=$bin/tests/scenes/scene
	here=$(cd "$top_srcdir/tests/degraded" && pwd)
	cd "$BATS_TEST_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD LC_ALL=C.UTF-8
	run "$degraded" 4.9 true
	[ "$status" -ne 77 ] || skip_or_fail "$output"
	[ "$status" -eq 0 ]
}

# in_scene SCENE COMMAND [ARG]...: the scene is planted on this kernel. In the command $0 is the folder
# of the programs.
in_scene() {
	run timeout -s KILL 120 "$scene" "$1" sh -ec "$2" "$bin" "${@:3}"
	echo "$output"
	[ "$status" -ne 77 ] || skip_or_fail "$output"
	[ "$status" -eq 0 ]
}

# judged LINE...: what judge.awk says of a file whose bats has printed these lines.
judged() {
	printf '%s\n' "$@" >log
	run awk -v profile=4.9 -v file=f.bats -v status=124 -f "$here/judge.awk" left_out log
	echo "$output"
}

profiles() {
	"$degraded" --list | cut -d' ' -f1
}

# The types of namespaces that are not there.
types_of() {
	case $1 in
	4.*) echo time ;;
	gvisor) echo cgroup time ;;
	no-user-ns) echo user ;;
	esac
}

# What is said of it, and the name of that in a snapshot.
reason_of() {
	case $1 in
	4.9) echo "this kernel does not tell which users own user namespaces" ;;
	gvisor) echo "this kernel does not tell owners and parents of namespaces" ;;
	no-user-ns) echo "this kernel has no user namespaces" ;;
	esac
}

name_of() {
	case $1 in
	4.9) echo no-owner-uids ;;
	gvisor) echo no-relations ;;
	no-user-ns) echo no-user-namespaces ;;
	esac
}

# says TEXT FILE NUMBER: so many times, wherever its lines are broken.
says() {
	local n
	n=$(tr -d '\n\134' <"$2" | grep -oF "$1" | wc -l)
	echo "$2: $1: $n times"
	[ "$n" -eq "$3" ]
}

# Each form has the tree, and one reason more than here; no number, user or name is made up.
check() {
	local profile=$1 form reason types n=0
	read -ra types <<<"$(types_of "$profile")"
	reason=$(reason_of "$profile")
	in_scene sets 'for form in json tree dot svg; do
			"$0/nsbrowse" --$form >here.$form 2>here.$form.errors
			"$0/tests/degraded/degraded" "$1" "$0/nsbrowse" --$form >$form 2>$form.errors
		done
		"$0/tests/degraded/degraded" "$1" "$0/nsbrowse" --tree --view=pid >pid 2>pid.errors
		"$0/tests/degraded/degraded" "$1" "$0/lsuserns" >users 2>users.errors
		shift
		exec perl "$@"' "$profile" "$here/compare.pl" json "${types[@]}"
	echo "# $profile: $output" >&3
	for form in json tree dot svg; do
		if [ -n "$reason" ]; then
			n=1
			echo "nsbrowse: partial view: $reason" >>here.$form.errors
		fi
		# An ordinary user plants the scene inside one.
		if [ "$profile" = no-user-ns ]; then
			sed -i '/inside a user namespace/d' here.$form.errors
		fi
		diff <(sort here.$form.errors) <(sort $form.errors)
	done
	says "partial view: ${reason:-this kernel}" dot $n
	says ">partial view: ${reason:-this kernel}" svg $n
	says "\"$(name_of "$profile")\"" json $n
	grep -qx '"notes": \[\]}' <(sed 's/^ *//' json)
	[ "$(grep -c 'pid:\[[0-9]*\]' pid)" -ge 5 ]
}

# Those that the tree has: 5 user namespaces, each but the initial one below another.
has_user_tree() {
	count '^[ ├└─│]*user:\[[0-9]+\]' tree 5
	count '^ [├└]── user:\[[0-9]+\]' tree 4
}

# But for the inode numbers of descriptors (fdinfo ino): they are text of a file, which no filter changes.
@test "each interface is there up to the kernel of the profile" {
	"$bin/nsbrowse" --version --verbose >here
	sed -n '/^INTERFACE /,/^refreshes/p' here | grep -E ' [0-9]+\.[0-9]+ ' >interfaces
	[ "$(wc -l <interfaces)" -gt 20 ]
	for profile in $(profiles | grep '^[0-9]'); do
		"$degraded" "$profile" "$bin/nsbrowse" --version --verbose >there
		echo "$profile"
		awk -v profile="$profile" '
			function number(version,   at) { split(version, at, "."); return at[1] * 1000 + at[2] }
			match($0, / [0-9]+\.[0-9]+ /) {
				name = substr($0, 1, RSTART - 1); sub(/ +$/, "", name)
				since = substr($0, RSTART + 1, RLENGTH - 2)
				state = substr($0, RSTART + RLENGTH); sub(/^ +/, "", state)
				if (FNR == NR) { here[name] = state; next }
				if (!(name in here)) next
				wanted = number(since) > number(profile) ? "no" : here[name]
				if (state != wanted && name != "fdinfo ino") { print name, since ": " state; wrong = 1 }
			}
			END { exit wrong }' interfaces there
	done
}

@test "a profile that does not exist is named" {
	run -1 --separate-stderr "$degraded" 4.8 true
	[ "$stderr" = "degraded: no profile 4.8 (see degraded --list)" ]
	run -1 --separate-stderr "$degraded" 4.9
	[[ "$stderr" = "usage: degraded PROFILE COMMAND"* ]]
}

@test "gVisor: what is missing is known" {
	run -0 "$degraded" gvisor "$bin/nsbrowse" --version --verbose
	[[ "$output" != *" not known"* ]]
	[[ "$output" == *$'\nrefreshes: by lists of PIDs, no events: the kernel has none\n'* ]]
}

# In the initial namespaces root may open all namespaces again.
@test "no user namespaces: no interface but theirs is missing or refused" {
	"$bin/nsbrowse" --version --verbose | sed -n '/^INTERFACE /,/^refreshes/p' >here
	"$degraded" no-user-ns "$bin/nsbrowse" --version --verbose | sed -n '/^INTERFACE /,/^refreshes/p' >there
	[ "$(wc -l <there)" -gt 20 ]
	run -0 sed -nE '/^(user namespaces|NS_GET_USERNS|NS_GET_OWNER_UID) .* no$/p' there
	[ "${#lines[@]}" -eq 3 ]
	sed -i -E '/^(user namespaces|NS_GET_USERNS|NS_GET_OWNER_UID) /d' here there
	diff here there
}

@test "Linux 4.9: the tree, without the UIDs of owners" {
	check 4.9
	has_user_tree
	count 'owner unknown$' tree 5
	count 'root \(0\)' tree 0
	count '"owner_uid": null, "owner_name": null, "owner_uid_state": "unsupported"' json 5
}

@test "Linux 4.11: the same as here, without time namespaces" {
	check 4.11
	has_user_tree
	diff here.tree tree
	count '"type": "time"' json 0
}

@test "Linux 5.6: the same as here" {
	check 5.6
	has_user_tree
	diff here.tree tree
}

@test "Linux 6.1: the same as here" {
	check 6.1
	has_user_tree
	diff here.tree tree
}

@test "gVisor: all namespaces, without owners and parents" {
	check gvisor
	count '^[ ├└─│]*user:\[[0-9]+\] .*owner unknown$' tree 5
	count '^\(owner unknown\)$' tree 1
	count '^\(parent unknown\)$' pid 1
	count 'root \(0\)' tree 0
	count '"owner_uid": [0-9]' json 0
	count '"(owner|parent)": [0-9]' json 0
}

@test "no user namespaces: that of PID namespaces is the tree" {
	check no-user-ns
	diff pid tree
	count '^[ ├└─│]*pid:\[[0-9]+\] .*owner unknown$' tree 5
	count '"type": "user"' json 0
	count 'root \(0\)' tree 0
	[ ! -s users ]
	says "lsuserns: partial view: this kernel has no user namespaces" users.errors 1
}

# Which holders are found does not depend on what a kernel has.
@test "namespaces that descriptors, mounts, threads and children hold" {
	local scenes=(fd mount-there hidden) types
	if [ -n "${NSBROWSE_LONG:-}" ]; then
		scenes+=(fd-thread mount-here mount-orphan threads dead-leader dead-init zombie owner-only overmount)
	fi
	for profile in 4.9 5.6 gvisor; do
		read -ra types <<<"$(types_of "$profile")"
		for name in "${scenes[@]}"; do
			[ "$profile $name" != "gvisor hidden" ] || continue # only ioctl_nsfs(2) leads there
			in_scene "$name" '"$0/tests/degraded/degraded" "$1" "$0/nsbrowse" --json >json 2>errors
				shift
				exec perl "$@"' "$profile" "$here/compare.pl" json "${types[@]}"
			echo "# $profile, $name: $output" >&3
		done
	done
}

@test "sockets are searched from Linux 5.6 on: before, that they were not is said once" {
	in_scene socket '"$0/tests/degraded/degraded" 4.11 "$0/nsbrowse" --json --scan=+socket >before 2>errors
		"$0/tests/degraded/degraded" 5.6 "$0/nsbrowse" --json --scan=+socket >after'
	count '"what": "socket", "errno": "EOPNOTSUPP"' before 1
	count '"by": "socket"' before 0
	count 'partial view: something could not be read$' errors 1
	# As an ordinary user that of the scene itself is refused: its network namespace is outside.
	count '"what": "socket", "errno": "EPERM"' after "$(($(id -u) != 0))"
	count '"what": "socket"' after "$(($(id -u) != 0))"
	count '"by": "socket"' after 4
}

@test "every program and question ends well" {
	local commands=("lsuserns -d" "lspidns -l" graphns "nsbrowse --tree --long --view=all"
		"nsbrowse --json --facts=all --cmdline" "nsbrowse --tree --view=containers"
		"nsbrowse --tree --view=mounts" "nsbrowse --leaked" "nsbrowse --metrics" "nsbrowse --audit"
		"nsbrowse --pid=1" "nsbrowse --holds=/" "nsbrowse --svg --view=net --facts=links")
	local kernels="4.9 gvisor no-user-ns" # they lack most
	[ -z "${NSBROWSE_LONG:-}" ] || kernels=$(profiles)
	for profile in $kernels; do
		in_scene hidden 'profile=$1
			shift
			for command; do
				status=0
				"$0/tests/degraded/degraded" "$profile" "$0"/$command >out 2>err || status=$?
				echo "$profile $command: $status"
				[ "$status" -le 1 ]
				[ -s out ] || [ -s err ]
				if grep -E "Invalid|not permitted|implemented|ioctl|runtime error" err; then
					exit 1
				fi
			done' "$profile" "${commands[@]}"
	done
}

@test "check-degraded: what fails, skips or has not run is said, but for what is left out" {
	printf '%s\n' '4.9,4.11 f.bats one # no such call' 'all f.bats two # host: no such file' >left_out
	judged 1..3 'not ok 1 one' 'ok 2 two # skip no such file' 'ok 3 three'
	[ "$output" = '4.9 f.bats: 1 passed, 0 failed, 2 left out' ]
	judged 1..3 'ok 1 one # skip no such call' 'ok 2 two' 'ok 3 three'
	[ "$output" = '4.9 f.bats: 2 passed, 0 failed, 1 left out' ]
	judged 1..3 'ok 1 one' 'not ok 2 two' 'ok 3 three # skip why'
	[ "${lines[0]}" = 'FAIL: 4.9 f.bats one: is left out, and passes' ]
	[ "${lines[1]}" = 'FAIL: 4.9 f.bats two' ]
	[ "${lines[2]}" = 'FAIL: 4.9 f.bats three: is skipped, and not left out' ]
	judged 1..3 'not ok 1 one' 'ok 2 two'
	[ "${lines[0]}" = 'FAIL: 4.9 f.bats 2 of 3 tests have run, exit status 124' ]
	judged 1..1 'ok 1 three'
	[ "${#lines[@]}" -eq 3 ]
	[[ $output == *'one: is left out, and there is no such test'* ]]
	judged
	[ "${lines[0]}" = 'FAIL: 4.9 f.bats 0 of 0 tests have run, exit status 124' ]
}
