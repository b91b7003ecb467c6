#!/usr/bin/env bats
# The control groups of processes, as text and in snapshots.

bats_require_minimum_version 1.5.0

setup() {
	: "${top_builddir:=$PWD}"
	nsbrowse=$top_builddir/nsbrowse
	export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR
	cd "$BATS_TEST_TMPDIR" || return 1
}

# Runs it in a PID namespace with three processes: sh, and two that wait.
alone() {
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare --user --map-root-user --fork --pid --mount --mount-proc --kill-child \
		sh -c 'sleep 60 & sleep 60 & "$@" 2>/dev/null' sh "$@"
}

@test "text has the control group of each process, JSON that of leaders" {
	alone true || skip "may make no namespaces"
	run -0 alone "$nsbrowse" --tree --scan=quick -t processes --columns=pid,cgroup
	[ "${lines[0]}" = "PID  CGROUP" ]
	[ "$(grep -cE '^ *[0-9]+  /' <<<"$output")" -eq $((${#lines[@]} - 1)) ]
	[ "${#lines[@]}" -gt 3 ]
	run -0 alone "$nsbrowse" --json --scan=quick
	[ "$(grep -c '"name": "sleep".*"cgroup": "/' <<<"$output")" -eq 0 ]
	[ "$(grep -c '"name": "sh".*"cgroup": "/' <<<"$output")" -eq 1 ]
}
