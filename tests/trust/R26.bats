#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# If the helper is killed or stopped, at its start or at one of its jobs, each form ends soon. It has what it
# has otherwise, or says that the view is a partial one, or fails with a message.
# shellcheck disable=SC2016 # expands in there

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	scene=$top_builddir/tests/scenes/scene
	cd "$BATS_TEST_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD LC_ALL=C.UTF-8
	# LeakSanitizer does not work below ptrace(2).
	export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
	command -v strace >/dev/null || skip_or_fail "no strace"
	cat >play <<'END'
# play FORM WHERE...: runs it undisturbed, and then with a signal to the helper at each of these calls:
# a line `status ms signal where form` each, and its outputs in a directory of that name.
one() { # NAME STRACE-OPTION... -- FORM
	local name=$1 options=() begin
	shift
	while [ "$1" != -- ]; do options+=("$1"); shift; done
	mkdir "$name"
	rm -f file.json
	begin=$(date +%s%N)
	# What is stopped goes on after nsbrowse: the world of the scene ends it.
	timeout -s KILL 60 strace -f -q -o /dev/null -e trace=setsid,setpgid "${options[@]}" sh -c '
		"$@"
		echo $? >status
		kill -s KILL $(grep -slx nsbrowse-helper /proc/[0-9]*/comm | cut -d/ -f3) 2>/dev/null
		:' sh $2 >"$name/out" 2>"$name/err" </dev/null
	[ ! -e file.json ] || cat file.json >>"$name/out"
	echo "$(cat status) $((($(date +%s%N) - begin) / 1000000)) $name $2"
	rm status
}
form=$1
shift
one quiet -- "$form"
for where; do
	for signal in SIGKILL SIGSTOP; do
		one "$signal.$where" -e inject="$where:signal=$signal" -- "$form"
	done
done
END
}

# disturbed FORM [CALL...]: no run is silent about what it lacks, and none takes 5 s more than the quiet one.
disturbed() {
	local status ms name rest quiet_ms=0 most=0 n=0
	run "$scene" mount-there bash play "$top_builddir/$1" setsid setpgid:when=2 setpgid:when=3 setpgid:when=5 \
		setpgid:when=8 "${@:2}"
	echo "$output"
	[ "$status" -ne 77 ] || skip_or_fail "$output"
	[ "$status" -eq 0 ]
	while read -r status ms name rest; do
		[ "$name" != quiet ] || quiet_ms=$ms
		[ $((ms - quiet_ms)) -le "$most" ] || most=$((ms - quiet_ms))
		n=$((n + 1))
		complains "$name" "$status" || same "$name" "$status" || {
			echo "nothing is said: $name $rest"
			diff quiet/out "$name/out"
			return 1
		}
	done <<<"$output"
	figure R26 "$1: helper killed or stopped $((n - 1)) times, at most $most ms more, always said"
	[ "$most" -le 5000 ]
}

# complains NAME STATUS: it has failed with a message, or says that there was no helper.
complains() {
	case $2 in
	1) grep -qE '^[a-z]+: .*(helper process|could not)' "$1/err" ;;
	0) grep -qE '(partial view: no helper process|user names were not found|in time$)' "$1/err" ||
		grep -q '^helper process: stopped, or gone' "$1/out" ;;
	*) false ;;
	esac
}

# same NAME STATUS: it has the same as the quiet one, but for times and numbers.
same() {
	local run
	[ "$2" -eq 0 ] || return 1
	for run in quiet "$1"; do
		sed -E 's/[0-9]+/N/g' "$run/out" | sort >"$run/said"
	done
	cmp -s quiet/said "$1/said"
}

@test "the tree" { disturbed "nsbrowse --tree"; }

@test "JSON, with facts and command lines" { disturbed "nsbrowse --json --facts=all,links --cmdline"; }

@test "DOT" { disturbed "nsbrowse --dot"; }

@test "SVG" { disturbed "nsbrowse --svg"; }

@test "a file" { disturbed "nsbrowse -o file.json --force"; }

@test "lsuserns, lspidns and graphns" {
	disturbed "lsuserns -l"
	rm -rf quiet SIG*
	disturbed "lspidns"
	rm -rf quiet SIG*
	disturbed "graphns"
}

@test "--version --verbose: what was not tested is not known" {
	disturbed "nsbrowse --version --verbose"
	grep -qx 'NS_MNT_GET_NEXT         6.12   not known: no helper process' SIGKILL.setsid/out
	grep -qx 'NS_MNT_GET_NEXT         6.12   not known: no helper process' SIGSTOP.setsid/out
}
