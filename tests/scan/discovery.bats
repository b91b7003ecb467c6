#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Each scene (tests/scenes): a scan with all sources finds what is there, with all that holds it, and
# nothing else. Figures are found/planted.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	scene=$top_builddir/tests/scenes/scene
	judge=$top_srcdir/tests/scan/discovery.pl
	discover=$top_builddir/tests/scan/discover
	export TMPDIR=$BATS_TEST_TMPDIR
	command -v perl >/dev/null || skip_or_fail "no perl to compare with"
}

# What the scenes have found, all of them together.
teardown_file() {
	[ -s "$BATS_FILE_TMPDIR/figures" ] || return 0
	figure R11 "$(awk '{
			sub(/^[^:]*: /, "")
			split($0, n, /[^0-9]+/)
			for (i = 1; i <= 6; i++) sum[i] += n[i]
		}
		END { printf "%d scenes, %d scans: found %d of %d namespaces and %d of %d holders, %d invented",
			NR, sum[1], sum[2], sum[3], sum[4], sum[5], sum[6] }' "$BATS_FILE_TMPDIR/figures")"
	figure R11 "$(sed -E 's/^([^:]*): .* found ([0-9/]+) .*/\1 \2/' "$BATS_FILE_TMPDIR/figures" |
		awk '!($0 in seen) { printf "%s%s", NR == 1 ? "" : ", ", $0; seen[$0] }')"
}

# play SCENE COMMAND [ARG]...: prints what COMMAND says.
play() {
	played "$1" "$scene" "$@"
}

play_on_host() {
	played "$1, on this host" "$scene" --host "$@"
}

# with_numbers PROGRAM: runs a program of perl that has the numbers of this machine in %number.
with_numbers() {
	perl -MErrno=ENOENT -e 'my %number = map { split /=/ } split " ", shift;' -e "$1" "$("$scene" --numbers)"
}

# NS_MNT_GET_NEXT (ioctl_nsfs(2)), tried on our own.
# shellcheck disable=SC2016 # variables of perl
may_list_mount_namespaces() {
	with_numbers 'open my $ns, "<", "/proc/self/ns/mnt" or die "$!\n";
		my $info = pack "LLQ", 16, 0, 0;
		ioctl($ns, $number{NS_MNT_GET_NEXT}, $info) or $! == ENOENT or die "$!\n"'
}

# Sets shows to --shows=unborn if this kernel gives PID namespaces before their first process.
# shellcheck disable=SC2016 # variables of perl
find_what_pidfds_show() {
	shows=()
	if with_numbers 'my $pidfd = syscall $number{pidfd_open} + 0, $$ + 0, 0;
		open my $in, "<&=", $pidfd or exit 1;
		exit !defined ioctl $in, $number{PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE}, 0'; then
		shows=(--shows=unborn)
	fi
}

as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# Only root can become another user, which may have no access to the sources (in /root, for example).
require_nobody() {
	as_nobody true || skip_or_fail "may not become user 65534"
	as_nobody test -x "$judge" -a -x "$discover" || skip_or_fail "user 65534 may not run $judge"
}

play_as_user() {
	played "$1, as a user" as_nobody "$scene" "$@"
}

# played NAME COMMAND [ARG]...: the command that plays a scene succeeds, and has figures.
played() {
	local name=$1 figures
	shift
	run "$@"
	echo "$output"
	if [ "$status" -eq 77 ]; then
		skip_or_fail "$output"
	fi
	[ "$status" -eq 0 ]
	figures=$(grep scans: <<<"$output")
	echo "# $name: $figures" >&3
	# Without rights less is found, and identity.sh has other figures.
	if [[ $* != *--partial* && $figures == *invented* ]]; then
		echo "$name: $figures" >>"$BATS_FILE_TMPDIR/figures"
	fi
}

# play_soon SCENE COMMAND [ARG]...: and no scan takes longer than half a second and a little. A
# machine that is busy may be late, but not each time.
play_soon() {
	for _ in 1 2 3 4 5; do
		play "$@"
		[[ $output =~ slowest\ ([0-9]+)\ ms ]]
		if [ "${BASH_REMATCH[1]}" -le 600 ]; then
			return 0
		fi
	done
	false
}

@test "sets of all types" { play sets "$judge" "$discover"; }
@test "10 nested user namespaces" { play chain10 "$judge" "$discover"; }
@test "33 nested user namespaces" { play chain33 "$judge" "$discover"; }
@test "parents without a process" { play hidden "$judge" "$discover"; }
@test "user namespaces that live by what they own" { play owner-only "$judge" "$discover"; }
@test "held by descriptors" { play fd "$judge" "$discover"; }
@test "held by a descriptor in a thread's table" { play fd-thread "$judge" "$discover"; }
@test "20,000 descriptors" { play manyfds "$judge" "$discover"; }
@test "descriptors that are swapped for files that hang" {
	play_soon fdswap "$judge" "$discover" --scans=50
}
@test "held by messages only: found when something else shows it" { play scm "$judge" "$discover"; }
@test "mounts here" { play mount-here "$judge" "$discover"; }
@test "mounts in another mount namespace" { play mount-there "$judge" "$discover"; }
@test "mount points with hostile names" { play mount-names "$judge" "$discover"; }
@test "mounts in a mount namespace that nobody is in" {
	play mount-orphan "$judge" "$discover"
	play mount-orphan "$judge" "$discover" --interfaces=none
}
@test "opened in mount trees that are in no mount namespace" {
	play detached "$judge" "$discover" --sources=thread,fd,mount,mntns,detached
	play detached "$judge" "$discover" --sources=detached
}
@test "network namespaces that only a socket keeps" {
	play socket "$judge" "$discover" --sources=thread,fd,mount,mntns,socket
	play socket-thread "$judge" "$discover" --sources=thread,fd,mount,mntns,socket
}
# A covered mount is found, but its owner cannot be read.
@test "covered mounts" { play overmount "$judge" --unknown=8 "$discover"; }
@test "50 threads" { play threads "$judge" "$discover"; }
@test "processes whose first thread has ended" { play dead-leader "$judge" --leaderless "$discover"; }
@test "where children will be born" { play for-children "$judge" "$discover"; }
@test "PID namespaces that only a mount of proc keeps" { play pins "$judge" "$discover"; }
@test "mount namespaces that were made without a process" { play born "$judge" "$discover"; }
@test "PID namespaces whose init is dead" { play dead-init "$judge" "$discover"; }
@test "zombies" { play zombie "$judge" "$discover"; }
@test "look-alikes" { play lookalikes "$judge" "$discover"; }

# The helper never walks below the file server: owner and parent of namespaces mounted there stay unknown.
@test "a silent file server: at most half a second more" {
	play_soon fuse "$judge" --unknown=2 --root=/mnt/hung "$discover" --scans=3
	play_soon fuse "$judge" --unknown=2 --root=/mnt/hung "$discover" --scans=3 \
		--sources=thread,fd,mount,mntns,detached
}

@test "processes whose command line cannot be read" { play locked3 "$judge" "$discover"; }
@test "files of a silent file server at the top of /proc" { play lxcfs "$judge" "$discover"; }

# A descriptor of another process is opened only with O_PATH, without calls on the file it refers to, and
# calls that change the caller are left to jobs of the helper.
@test "only safe calls" {
	command -v strace >/dev/null || skip_or_fail "no strace"
	for name in fuse fdswap; do
		# LeakSanitizer cannot work below another tracer; the other scenes have it.
		run env ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" "$scene" "$name" \
			strace -f -y -o "$BATS_TEST_TMPDIR/trace" "$discover" --scans=3
		if [ "$status" -eq 77 ]; then
			skip_or_fail "$output"
		fi
		[ "$status" -eq 0 ]
		cd "$BATS_TEST_TMPDIR"
		main=$(head -n 1 trace | cut -d' ' -f1)
		readers=$(sed -nE "s/^$main +clone3?\(.*CLONE_THREAD.* = ([0-9]+).*/\1/p" trace | tr '\n' '|')
		grep -E "^(${readers}$main) " trace >ours
		tail -n +2 ours >after_start
		grep -qE '/fd>, "[0-9]+", .*O_PATH' ours
		run -1 grep -E '/fd>, "[0-9]+", O_RDONLY\|O_CLOEXEC\)' ours
		run -1 grep -E 'openat\([0-9]+</proc/[^>]*/fd>, "[0-9]+", [^P]*\)' ours
		run -1 grep -E '(stat|statx|statfs|access|openat2?)\(.*"(root|cwd|exe)"' ours
		run -1 grep -E '^[0-9]+ +(setns|mount|umount2|ptrace|unshare|chroot|execve)\(' after_start
	done
}

@test "200 scans while processes come and go" {
	play forkstorm "$judge" "$discover" --scans=200
}

@test "the same without the interfaces of newer kernels" {
	for name in sets chain33 hidden owner-only fd fd-thread manyfds mount-here mount-there mount-names \
		threads for-children dead-init zombie lookalikes; do
		play "$name" "$judge" "$discover" --interfaces=none
	done
}

all=--sources=thread,fd,mount,mntns,socket

@test "all kinds together, with and without the interfaces of newer kernels" {
	find_what_pidfds_show
	play ladder "$judge" "${shows[@]}" "$discover" $all --interfaces=mip
	play for-children "$judge" "${shows[@]}" "$discover"
	for interfaces in mi m none; do
		play ladder "$judge" "$discover" $all --interfaces=$interfaces
	done
}

# Only there the kernel may list mount namespaces: those in a message are found too.
@test "all kinds together, in the PID namespace of this host" {
	may_list_mount_namespaces || skip_or_fail "may not list mount namespaces: $(may_list_mount_namespaces 2>&1)"
	play_on_host ladder "$judge" --shows=mntns "$discover" $all
	play_on_host ladder "$judge" "$discover" $all --interfaces=none
	play_on_host born "$judge" --shows=mntns "$discover" --sources=process
	play_on_host born "$judge" --shows=mntns "$discover" --sources=mntns
}

@test "tags: what lives keeps its own, what is new never gets another's" {
	play identity "$top_srcdir/tests/scan/identity.sh" "$discover"
	play identity "$top_srcdir/tests/scan/identity.sh" "$discover" --interfaces=none
}

@test "each source on its own" {
	play fd "$judge" "$discover" --sources=process,fd
	play mount-there "$judge" "$discover" --sources=process,mount
	play threads "$judge" "$discover" --sources=process,thread
}

@test "as a user in a world of one's own" {
	require_nobody
	for name in sets fd mount-here threads; do
		play_as_user "$name" "$judge" "$discover"
	done
}

@test "without rights: what may be seen is seen, the rest is counted" {
	require_nobody
	play sets setpriv --reuid=65534 --regid=65534 --clear-groups "$judge" --partial "$discover"
	play mount-there setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$judge" --partial "$discover"
}
