#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# System calls of the main process of a scan, by strace: on what belongs to other processes only safe
# ones, and none that enters, runs, mounts, traces or kills. (Jobs are other processes: R24.)

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_builddir:=$PWD}"
	bin=$(cd "$top_builddir" && pwd)
	cd "$BATS_TEST_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD
	strace -qq -o /dev/null true || skip_or_fail "no strace"
	"$bin/nsbrowse" --version --verbose >verbose
	if grep -q __asan_init <(readelf -Ws "$bin/nsbrowse"); then
		skip "sanitizers make calls of their own"
	fi
}

# Of a trace with -f and -y: the calls of the first process and its threads, after its filter is set.
main_calls() {
	awk 'NR == 1 { main[$1] }
		!($1 in main) { next }
		/clone\(.*CLONE_THREAD/ || /clone resumed.*CLONE_THREAD/ { has_thread = 1; main[$NF] }
		/clone3?\(|clone3? resumed/ && $NF ~ /^[0-9]+$/ && threads { main[$NF] }
		/SECCOMP_SET_MODE_FILTER/ { threads = 1; next }
		threads { sub(/^[0-9]+ +/, ""); print }' "$1"
}

# In a PID namespace of its own: a namespace that only a descriptor of another process keeps, beside a
# file and a directory, and a scan that is traced.
# shellcheck disable=SC2016 # expands in there
world='
	unshare -n sleep 60 &
	first=$!
	end=$((SECONDS + 30))
	until [ "$(readlink "/proc/$first/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do
		[ "$SECONDS" -lt "$end" ]
	done
	exec 9<"/proc/$first/ns/net"
	sleep 60 7</dev/null 8<. &
	exec 9<&-
	kill "$first"
	wait "$first" || true
	mount -t tmpfs none foreign
	mkdir foreign/pin
	unshare -fp mount -t proc none foreign/pin
	unshare -m sleep 60 &
	strace -f -y -qq -o trace "$0" --json --scan=all --facts=all,mounts >json
	true' # else bash would replace itself by strace, which waits for all processes

# A descriptor of another process is opened with O_PATH, and read only if it is a namespace.
@test "a scan of this host: safe calls on paths of others only" {
	grep -q '^system calls: only' verbose || skip_or_fail "no filters of system calls"
	args=(--fork --pid --mount-proc --kill-child)
	[ "$(id -u)" -eq 0 ] || args+=(--user --map-root-user)
	unshare "${args[@]}" unshare -n true || skip_or_fail "may not make namespaces"
	mkdir foreign
	apart 0 unshare "${args[@]}" bash -ec "$world" "$bin/nsbrowse"
	main_calls trace >calls
	[ "$(wc -l <calls)" -gt 200 ]
	# None of these is even tried.
	run -1 grep -E '^(setns|unshare|execve|execveat|mount|umount2|ptrace|kill|tkill|connect|socket|bpf|openat2.*O_(WRONLY|RDWR))\(' calls
	# Each open is for reading, and a descriptor of a process only pinned.
	run -1 grep -E '^open(at)?\(.*O_(WRONLY|RDWR|CREAT|TRUNC)' calls
	grep -E '^openat\([0-9]+</proc/[0-9]+/(task/[0-9]+/)?fd>, "[0-9]+"' calls >pinned || true
	[ -s pinned ]
	run -1 grep -v O_PATH pinned
	# What is opened through our own table is a namespace.
	grep -E '^open(at)?\(.*"/proc/(thread-)?self/fd/[0-9]+"' calls | grep -v O_PATH >reopened || true
	grep -vE '= [0-9]+<[a-z]+:\[[0-9]+\]>|<unfinished|= -1 ' reopened >others || true
	cat others # shown if the test fails
	[ ! -s others ]
	# Root, working directory and program are read as links, never opened or asked.
	run -1 grep -E '^(open|openat|stat|lstat|newfstatat|statx|statfs|access)\(.*"([^"]*/)?(root|cwd|exe)"' calls
	# A mount of proc is looked at by a job.
	grep -q '"by": "proc mount"' json
	run -1 grep -E '^(open|openat|stat|lstat|newfstatat|statx|statfs|fstatfs|access|readlink|readlinkat)\(.*foreign' calls
	run -1 grep -E '^(newfstatat|statx)\([0-9]+</proc/[0-9]+/fd>, "[0-9]+"' calls
	grep '^statfs(' calls >statfs || true
	run -1 grep -v '^statfs("/proc/thread-self/ns/mnt"' statfs
	figure R10 "$(wc -l <calls) calls of the main process: $(wc -l <pinned) descriptors of others pinned, $(wc -l <reopened) reopened as namespaces, 0 others opened; no setns, execve, mount, ptrace, kill"
}
