#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# nsbrowse with file capabilities (setcap(8)), run by an ordinary user, without sudo.
# shellcheck disable=SC2154 # stderr: by apart

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_builddir:=$PWD}" "${top_srcdir:=$PWD}"
	top_builddir=$(realpath "$top_builddir")
	demo=$(realpath "$top_srcdir/data/demo.json")
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	command -v setcap >/dev/null || skip "no setcap"
	cd "$BATS_TEST_TMPDIR" || return 1
	chmod a+x "$BATS_RUN_TMPDIR" .. .
	bin=$PWD/bin
	mkdir -m 755 bin
	for program in nsbrowse lsuserns; do
		cp "$top_builddir/$program" "$bin/$program"
		chmod 755 "$bin/$program"
		setcap cap_sys_ptrace,cap_dac_read_search+ep "$bin/$program" || skip_or_fail "setcap: $?"
	done
	as_user=(setpriv --reuid=54321 --regid=54321 --clear-groups env -u SUDO_UID XDG_CONFIG_HOME=/nonexistent)
	"${as_user[@]}" "$bin/nsbrowse" --version --verbose >about || skip_or_fail "may not run: $?"
	grep -qx 'capabilities: cap_dac_read_search, cap_sys_ptrace' about ||
		skip_or_fail "file capabilities have no effect (nosuid)"
	cp "$demo" demo.json
	chmod 644 demo.json
}

@test "file capabilities: a scan sees what root sees" {
	needs_user_namespaces
	# shellcheck disable=SC2016 # expands in there
	apart 0 timeout 60 unshare --fork --pid --mount-proc --kill-child sh -ec '
		unshare --user --net sleep 100 & unshare --user --map-root-user unshare --user sleep 100 &
		until [ "$(grep -cx sleep /proc/[0-9]*/comm | grep -c ":1$")" -eq 2 ]; do :; done
		"$0/lsuserns" -d >root
		setpriv --reuid=54321 --regid=54321 --clear-groups "$0/lsuserns" -d >user' "$bin"
	grep -q sleep root
	diff root user
}

@test "file capabilities: what only root may read or write is refused" {
	mkdir -m 700 closed
	mkdir -m 777 closed/open
	mkdir -m 755 ours
	mkdir -m 777 theirs
	cp demo.json closed/open/a.json
	cp demo.json secret.json
	chmod 600 secret.json
	for path in secret.json closed/open/a.json; do
		apart 1 "${as_user[@]}" "$bin/nsbrowse" --tree "$path"
		[ "$stderr" = "nsbrowse: $path: Permission denied" ]
	done
	for source in "" demo.json; do
		for path in closed/open/x.svg ours/x.svg; do
			# shellcheck disable=SC2086 # none, or one
			apart 1 "${as_user[@]}" "$bin/nsbrowse" -o "$path" $source
			[ "${stderr##*$'\n'}" = "nsbrowse: $path: Permission denied" ]
			[ ! -e "$path" ]
		done
	done
	apart 0 "${as_user[@]}" "$bin/nsbrowse" -o theirs/x.svg
	[ "$(stat -c '%u:%g %a' theirs/x.svg)" = "54321:54321 600" ]
	figure R24 "setcap: 6 of 6 paths that only root may read or write are refused"
}

@test "file capabilities: a config file that only root may read is not read" {
	mkdir -m 700 closed
	mkdir -m 755 closed/nsbrowse
	echo 'secret = 1' >closed/nsbrowse/config
	command -v script >/dev/null || skip "no script"
	printf q >key
	run -0 env TERM=xterm "${as_user[@]}" XDG_CONFIG_HOME="$PWD/closed" \
		script -qec "'$bin/nsbrowse' demo.json" /dev/null <key
	[[ $output == *"closed/nsbrowse/config: Permission denied"* ]]
	[[ $output != *secret* ]]
}

@test "file capabilities: a terminal type that only root may read is not known" {
	mkdir -m 755 closed
	command -v tic >/dev/null || skip "no tic"
	command -v script >/dev/null || skip "no script"
	infocmp xterm | sed 's/^xterm[^,]*,/secret-type,/' >secret.src
	tic -x -o closed secret.src
	printf q >key
	# ncurses since 6.5 does not use $TERMINFO at all then.
	run env TERM=secret-type "${as_user[@]}" TERMINFO="$PWD/closed" \
		script -qec "'$bin/nsbrowse' --scan=quick" /dev/null <key
	[[ $status -eq 0 || $output == *"unknown terminal type \"secret-type\""* ]]
	chmod 700 closed
	run env TERM=secret-type "${as_user[@]}" TERMINFO="$PWD/closed" \
		script -qec "'$bin/nsbrowse' --scan=quick" /dev/null <key
	[ "$status" -eq 1 ]
	[[ $output == *"unknown terminal type \"secret-type\""* ]]
}
