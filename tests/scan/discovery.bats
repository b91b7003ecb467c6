#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Each scene (tests/scenes): a scan with all sources finds what is there, with all that holds it, and
# nothing else. Figures are found/planted.

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	scene=$top_builddir/tests/scenes/scene
	judge=$top_srcdir/tests/scan/discovery.pl
	discover=$top_builddir/tests/scan/discover
	export TMPDIR=$BATS_TEST_TMPDIR
	command -v perl >/dev/null || skip_or_fail "no perl to compare with"
}

skip_or_fail() {
	[ "${NSBROWSE_REQUIRE_ALL:-}" != 1 ] || { echo "may not skip: $1"; return 1; }
	skip "$1"
}

# play SCENE COMMAND [ARG]...: prints what COMMAND says.
play() {
	run "$scene" "$@"
	echo "$output"
	[ "$status" -ne 77 ] || skip_or_fail "$output"
	[ "$status" -eq 0 ]
	echo "# $1: $(grep scans: <<<"$output")" >&3
}

# play_soon SCENE COMMAND [ARG]...: and no scan takes longer than half a second and a little. A
# machine that is busy may be late, but not each time.
play_soon() {
	for _ in 1 2 3 4 5; do
		play "$@"
		[[ $output =~ slowest\ ([0-9]+)\ ms ]]
		if [ "${BASH_REMATCH[1]}" -le 600 ]; then return; fi
	done
	false
}

as_user() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
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
	play mount-orphan "$judge" "$discover" --rungs=a
}
@test "network namespaces that only a socket keeps" {
	play socket "$judge" "$discover" --sources=thread,fd,mount,mntns,socket
}
# What is covered is found, but nobody can ask it for its owner.
@test "covered mounts" { play overmount "$judge" --unknown=8 "$discover"; }
@test "50 threads" { play threads "$judge" "$discover"; }
@test "processes whose first thread has ended" { play dead-leader "$judge" --leaderless "$discover"; }
@test "where children will be born" { play for-children "$judge" "$discover"; }
@test "PID namespaces whose init is dead" { play dead-init "$judge" "$discover"; }
@test "zombies" { play zombie "$judge" "$discover"; }
@test "look-alikes" { play lookalikes "$judge" "$discover"; }

# Nobody is sent below the file server: owner and parent of what is mounted there stay unknown.
@test "a silent file server: at most half a second more" {
	play_soon fuse "$judge" --unknown=2 --root=/mnt/hung "$discover" --scans=3
}

# never PATTERN FILE: no line of it matches.
never() {
	if grep -E "$1" "$2"; then return 1; fi
}

# No descriptor of a stranger is opened but with O_PATH, nothing asked of what it leads to, and what
# changes the one who does it is left to jobs of the helper.
@test "only safe calls" {
	command -v strace >/dev/null || skip_or_fail "no strace"
	for name in fuse fdswap; do
		# LeakSanitizer cannot work below another tracer; the other scenes have it.
		run env ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" "$scene" "$name" \
			strace -f -y -o "$BATS_TEST_TMPDIR/trace" "$discover" --scans=3
		[ "$status" -ne 77 ] || skip_or_fail "$output"
		[ "$status" -eq 0 ]
		main=$(head -n 1 "$BATS_TEST_TMPDIR/trace" | cut -d' ' -f1)
		readers=$(sed -nE "s/^$main +clone3?\(.*CLONE_THREAD.* = ([0-9]+).*/\1/p" \
			"$BATS_TEST_TMPDIR/trace" | tr '\n' '|')
		grep -E "^(${readers}$main) " "$BATS_TEST_TMPDIR/trace" >"$BATS_TEST_TMPDIR/ours"
		cd "$BATS_TEST_TMPDIR"
		grep -qE '/fd>, "[0-9]+", .*O_PATH' ours
		never '/fd>, "[0-9]+", O_RDONLY\|O_CLOEXEC\)' ours
		never 'openat\([0-9]+</proc/[^>]*/fd>, "[0-9]+", [^P]*\)' ours
		never '(stat|statx|statfs|access|openat2?)\(.*"(root|cwd|exe)"' ours
		never '^[0-9]+ +(setns|mount|umount2|ptrace|unshare|chroot|execve)\(' <(tail -n +2 ours)
	done
}

@test "200 scans while processes come and go" {
	play forkstorm "$judge" "$discover" --scans=200
}

@test "the same without the rungs of newer kernels" {
	for name in sets chain33 hidden owner-only fd fd-thread manyfds mount-here mount-there mount-names \
		threads for-children dead-init zombie lookalikes; do
		play "$name" "$judge" "$discover" --rungs=a
	done
}

@test "tags: what lives keeps its own, what is new never gets another's" {
	play identity "$top_srcdir/tests/scan/identity.pl" "$discover"
	play identity "$top_srcdir/tests/scan/identity.pl" "$discover" --rungs=a
}

@test "each source on its own" {
	play fd "$judge" "$discover" --sources=process,fd
	play mount-there "$judge" "$discover" --sources=process,mount
	play threads "$judge" "$discover" --sources=process,thread
}

@test "as a user in a world of one's own" {
	for name in sets fd mount-here threads; do
		play_as_user "$name"
	done
}

play_as_user() {
	run as_user "$scene" "$1" "$judge" "$discover"
	echo "$output"
	[ "$status" -ne 77 ] || skip_or_fail "$output"
	[ "$status" -eq 0 ]
	echo "# $1, as a user: $(grep scans: <<<"$output")" >&3
}

@test "without rights: what may be seen is seen, the rest is counted" {
	[ "$(id -u)" -eq 0 ] || skip_or_fail "not root"
	play sets setpriv --reuid=65534 --regid=65534 --clear-groups "$judge" --partial "$discover"
	play mount-there setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$judge" --partial "$discover"
}
