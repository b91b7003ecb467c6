#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What each process may do while the program runs, as /proc/PID/status shows it: the main process and
# its helpers, as root, under sudo(8), as a user, with a snapshot and with --no-sandbox. What each job
# may do, by strace.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	top_srcdir=$(cd "$top_srcdir" && pwd)
	bin=$(cd "$top_builddir" && pwd)
	demo=$top_srcdir/data/demo.json
	cd "$BATS_TEST_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD LC_ALL=C.UTF-8
	unset SUDO_UID SUDO_GID
	has_filters=y
	"$bin/nsbrowse" --version --verbose >verbose
	# Not what it says of itself, which a fault would change too.
	if grep -q 'built without libseccomp' verbose || [ ! -e /proc/sys/kernel/seccomp ]; then
		has_filters=
	fi
	strace -qq true >/dev/null 2>&1 || has_strace=n
}

# is_at_work PID: it waits for its output. An ordinary user does not see that of a process that is not
# dumpable: then it and its helpers have set the last of what they set.
is_at_work() {
	local of
	case $(cat "/proc/$1/wchan" 2>/dev/null) in
	pipe_write | anon_pipe_write) return 0 ;;
	0) [ "$(id -u)" -ne 0 ] || return 1 ;;
	*) return 1 ;;
	esac
	for of in "$1" $(cat "/proc/$1/task/$1/children"); do
		grep -q '^NoNewPrivs:.1' "/proc/$of/status" || return 1
		[ -z "$has_filters" ] || grep -q '^Seccomp:.2' "/proc/$of/status" || return 1
	done
}

# at_work COMMAND [ARG]...: runs it with a full pipe as its output, so that it stays after its work,
# until it waits there; its status, and then those of its children, are in main and helper-1, ....
at_work() {
	local children child end=$((SECONDS + 60)) n=0
	rm -f full main helper-*
	mkfifo full
	exec 7<>full
	dd if=/dev/zero of=/proc/self/fd/7 bs=4096 count=256 oflag=nonblock 2>/dev/null || true
	"$@" >full 2>errors 7>&- &
	program=$!
	until is_at_work "$program"; do
		[ "$SECONDS" -lt "$end" ]
		[ -e "/proc/$program" ]
	done
	cp "/proc/$program/status" main
	children=$(cat "/proc/$program/task/$program/children")
	for child in $children; do
		n=$((n + 1))
		cp "/proc/$child/status" "helper-$n"
	done
	kill "$program"
	wait "$program" || true
	exec 7>&-
	[ "$n" -gt 0 ]
}

# has FILE NAME VALUE: the line of the status.
has() {
	echo "$1: $(grep "^$2:" "$1")" # shown if the test fails
	[ "$(sed -nE "s/^$2:[[:blank:]]*([^[:blank:]]*).*/\1/p" "$1")" = "$3" ]
}

# set_of FILE NAME: a set of capabilities as cap_* names, sorted, of those that it may have.
set_of() {
	local bits=$((16#$(sed -nE "s/^$2:[[:blank:]]*//p" "$1"))) names="" i
	# linux/capability.h
	local -A name=([2]=dac_read_search [5]=kill [6]=setgid [7]=setuid [12]=net_admin [18]=sys_chroot
		[19]=sys_ptrace [21]=sys_admin [38]=perfmon)
	for ((i = 0; i < 64; i++)); do
		[ $((bits >> i & 1)) -eq 0 ] || names+=" ${name[$i]-other_$i}"
	done
	echo "${names# }"
}

# may FILE [CAPABILITY]...: the process has these permitted and effective, and nothing more can come.
may() {
	local file=$1
	shift
	echo "$file: $(set_of "$file" CapPrm)" # shown if the test fails
	[ "$(set_of "$file" CapPrm)" = "$*" ]
	[ "$(set_of "$file" CapEff)" = "$*" ]
	has "$file" CapInh 0000000000000000
	has "$file" CapAmb 0000000000000000
	has "$file" NoNewPrivs 1
	if [ "$(id -u)" -eq 0 ]; then
		has "$file" CapBnd 0000000000000000
	fi
	if [ -n "$has_filters" ]; then
		has "$file" Seccomp 2
	fi
}

needs_root() {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	setpriv --reuid=65534 --regid=65534 --clear-groups "$bin/nsbrowse" --version >/dev/null 2>&1 ||
		skip_or_fail "user 65534 may not run $bin/nsbrowse"
}

@test "root: two capabilities, and those of the jobs of this run" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	[ "$(set_of /proc/self/status CapEff | wc -w)" -gt 30 ] || skip_or_fail "root has few capabilities"
	at_work "$bin/nsbrowse" --json
	may main dac_read_search sys_ptrace
	may helper-1 dac_read_search kill setgid setuid sys_chroot sys_ptrace sys_admin
	has main Umask 0077
	at_work "$bin/nsbrowse" --json --facts=none --scan=process
	may main dac_read_search sys_ptrace
	may helper-1 dac_read_search sys_ptrace
	figure R24 "root: main process cap_dac_read_search, cap_sys_ptrace; helper: those of its jobs"
}

@test "under sudo: the caller, with the same" {
	needs_root
	[ "$(set_of /proc/self/status CapEff | wc -w)" -gt 30 ] || skip_or_fail "root has few capabilities"
	SUDO_UID=65534 SUDO_GID=65534 at_work "$bin/nsbrowse" --json
	may main dac_read_search sys_ptrace
	has main Uid 65534
	has main Gid 65534
	has helper-1 Uid 0
	SUDO_UID=65534 SUDO_GID=65534 at_work "$bin/nsbrowse" --json "$demo"
	may main
	has main Uid 65534
	may helper-1
	has helper-1 Uid 65534
	figure R24 "under sudo: main process is the caller; with a snapshot no process has a capability"
}

@test "a user: nothing" {
	local user=()
	if [ "$(id -u)" -eq 0 ]; then
		needs_root
		user=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all)
	fi
	at_work "${user[@]}" "$bin/nsbrowse" --json
	for file in main helper-1; do
		[ -z "$(set_of "$file" CapPrm)" ]
		has "$file" NoNewPrivs 1
		[ -z "$has_filters" ] || has "$file" Seccomp 2
	done
}

@test "root with a snapshot: nobody, and a helper that has no capability" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	at_work "$bin/nsbrowse" --json "$demo"
	for file in main helper-*; do
		may "$file"
	done
	has main Uid 65534
}

@test "--no-sandbox: all is kept" {
	at_work "$bin/nsbrowse" --no-sandbox --json
	for file in main helper-1; do
		[ "$(set_of "$file" CapPrm)" = "$(set_of /proc/self/status CapPrm)" ]
		has "$file" Seccomp "$(sed -nE 's/^Seccomp:[[:blank:]]*//p' /proc/self/status)"
	done
}

# What strace shows between the name of a job and its first other system call: CAPABILITIES of the last
# capset(2) before the filter.
jobs_of() {
	awk '{ pid = $1 }
		/prctl\(PR_SET_NAME, / { match($0, /"[^"]*"/); name[pid] = substr($0, RSTART + 1, RLENGTH - 2) }
		!(pid in name) || name[pid] == "nsbrowse-helper" || pid in done { next }
		/ capset\(/ {
			match($0, /permitted=[^,]*/)
			caps[pid] = tolower(substr($0, RSTART + 10, RLENGTH - 10))
			gsub(/1<</, "", caps[pid])
			gsub(/\|/, " ", caps[pid])
		}
		/ seccomp\(SECCOMP_SET_MODE_FILTER/ { done[pid]; print name[pid] ": " caps[pid] }' "$1" | sort -u
}

@test "each job: its own capabilities and a filter, before it does anything" {
	[ -z "${has_strace-}" ] || skip_or_fail "no strace"
	[ -n "$has_filters" ] || skip_or_fail "no filters of system calls"
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	strace -f -qq -o trace -e trace=prctl,capset,seccomp,capget "$bin/nsbrowse" --json --scan=all \
		--facts=all >/dev/null
	jobs_of trace >of_jobs
	cat of_jobs
	[ "$(wc -l <of_jobs)" -ge 5 ]
	# No job has more than its table says.
	while IFS=: read -r job caps; do
		grep -q "^job $job: " verbose
		for cap in $caps; do
			[ "$cap" = 0 ] || grep -q "^job $job: .*$cap" verbose
		done
	done <of_jobs
	figure R24 "$(wc -l <of_jobs) kinds of jobs in one scan: each with its capabilities and a filter"
}

@test "the manual has each capability with its jobs, and --version --verbose the same" {
	awk '/^\.Sh / { is_in = $2 == "PRIVILEGES" }
		!is_in { next }
		/^\.It Dv / {
			n = 0
			for (i = 3; i <= NF; i++)
				if ($i ~ /^CAP_/) {
					sub(/,$/, "", $i)
					caps[++n] = tolower($i)
				}
		}
		/^\.El/ { n = 0 }
		/^\.Ql / {
			sub(/^\.Ql /, "")
			sub(/ [,;.]$/, "")
			for (i = 1; i <= n; i++)
				print caps[i] ": " $0
		}' "$top_srcdir/data/nsbrowse.1.in" | sort >manual
	sed -n 's/^job //p' verbose | awk -F': ' '{
			n = split($2, caps, ", ")
			for (i = 1; i <= n; i++)
				if (caps[i] != "none") print caps[i] ": " $1
		}' | sort >table
	[ "$(wc -l <table)" -gt 20 ]
	diff manual table
	figure R24 "$(wc -l <table) capabilities of $(grep -c '^job ' verbose) jobs are in the manual with their reason"
}
