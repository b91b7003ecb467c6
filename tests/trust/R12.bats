#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What cannot be seen is said: in each form, with exit status 0, and in the header of the screen.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_builddir:=$PWD}"
	bin=$(cd "$top_builddir" && pwd)
	cd "$BATS_TEST_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD LC_ALL=C.UTF-8
	nobody=()
	[ "$(id -u)" -ne 0 ] || nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	forms=("nsbrowse --tree" "nsbrowse --tree -t processes" "nsbrowse --tree -t containers"
		"nsbrowse --json" "nsbrowse --dot" "nsbrowse --svg" "nsbrowse --metrics"
		"lsuserns -l" lspidns graphns)
}

# The views: how a command is started, and the line and the reason that it then has.
no_rights() {
	"${nobody[@]}" "$@"
}

# shellcheck disable=SC2016 # expands in there
hidepid() {
	unshare --fork --pid --mount --kill-child sh -ec 'mount -t proc -o "hidepid=$0" proc /proc
		"$@"' "$1" "${nobody[@]}" "${@:2}"
}

user_ns() {
	unshare --user --map-root-user --fork --pid --mount-proc --kill-child "$@"
}

# A user namespace in which no ID is mapped.
unmapped() {
	unshare --user "$@"
}

pid_ns() {
	unshare --fork --pid --mount-proc --kill-child "$@"
}

unreadable='partial view: [0-9]+ of [0-9]+ processes could not be read \(run as root to see all\)'
hidden="partial view: /proc hides other users' processes \\(hidepid\\)"
inside_user='partial view: inside a user namespace, what is outside cannot be seen'
inside_pid='partial view: inside a PID namespace, processes outside cannot be seen'

# forms_say LINE REASON VIEW...: each form, started in the view, ends with status 0 and the line.
forms_say() {
	local line=$1 reason=$2 form
	shift 2
	for form in "${forms[@]}"; do
		# shellcheck disable=SC2086 # a command and its options
		apart 0 "$@" "$bin"/$form
		[ -s printed ]
		grep -qxE "${form%% *}: $line" errors
		case $form in
		*--json)
			grep -qE "\"partial\": \\[[^]]*\"$reason\"[^]]*\\], \"complete\": false" printed
			;;
		*--svg) grep -qE ">$line<" printed ;;
		*--dot) sed 's/\\$//' printed | tr -d '\n' | grep -qE "$line" ;;
		esac
		said=$((said + 1))
	done
}

# screen_shows VIEW...: the header has the mark, and `q` ends the program.
screen_shows() {
	local deadline=$((SECONDS + 60))
	rm -f keys screen
	mkfifo keys
	# script(1) starts a shell, which has no functions of this file.
	declare -fp "$1" >settings
	declare -p nobody >>settings
	SHELL=/bin/bash TERM=xterm script -qfec ". ./settings; $* '$bin/nsbrowse'" screen <keys >/dev/null 3>&- &
	exec 4>keys
	until grep -aq partial screen 2>/dev/null; do
		kill -0 $!
		[ "$SECONDS" -lt "$deadline" ]
	done
	printf q >&4
	exec 4>&-
	wait $!
	screens=$((screens + 1))
}

# says LINE REASON VIEW...: in each form, and on the screen.
says() {
	said=0 screens=0
	forms_say "$@"
	if command -v script >/dev/null; then
		screen_shows "${@:3}"
	fi
	figure R12 "${*:3}: $said of ${#forms[@]} forms end with 0 and say why, $screens of 1 screen has the mark"
}

@test "no rights" { says "$unreadable" unreadable no_rights; }

@test "hidepid" {
	hidepid 2 true || skip_or_fail "mounting /proc needs root"
	# 1: processes of others are listed, but nothing of them can be read.
	says "$unreadable" unreadable hidepid 1
	says "$hidden" hidepid hidepid 2
	says "$hidden" hidepid hidepid 4
}

@test "inside a user namespace" {
	user_ns true || skip_or_fail "no user namespaces"
	says "$inside_user" user-namespace user_ns
	says "$inside_user" user-namespace unmapped
}

@test "inside a PID namespace" {
	pid_ns true || skip_or_fail "a PID namespace needs root"
	says "$inside_pid" pid-namespace pid_ns
}
