#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Processes whose command line cannot be read, and namespaces that cannot be opened, since that waits
# for ever: every form ends, with all of them in it, and says that the view is a partial one.
# shellcheck disable=SC2016 # expands in there
# shellcheck disable=SC2030,SC2031 # each test has its own

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	scene=$top_builddir/tests/scenes/scene
	forms=forms
	as=()
	cd "$BATS_TEST_TMPDIR" || return 1
	cat >"$forms" <<'END'
nsbrowse --tree
nsbrowse --json
nsbrowse --dot
nsbrowse --svg
nsbrowse --tree --scan=quick
nsbrowse --tree -t processes --scan=all
nsbrowse -o out.json --force
lsuserns -l
lspidns
graphns
nsbrowse --json --cmdline
nsbrowse --tree -t processes --cmdline
END
}

# play SCENE [COMMAND]: runs each form in it, and COMMAND after it; a line `ms status form` each, and its
# outputs in out.N err.N.
play() {
	run "${as[@]}" "$scene" "$1" bash -c '
		n=0
		while read -r form; do
			n=$((n + 1))
			begin=$(date +%s%N)
			# shellcheck disable=SC2086 # a list
			timeout -s KILL 30 "$0"/$form >out.$n 2>err.$n </dev/null
			status=$?
			echo "$((($(date +%s%N) - begin) / 1000000)) $status $form"
			eval "${2:-}"
		done <"$1"' "$top_builddir" "$forms" "${2:-}"
	echo "$output"
	[ "$status" -ne 77 ] || skip_or_fail "$output"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq "$(wc -l <"$forms")" ]
}

# as_user: what is played then is played by an ordinary user, who may open /dev/fuse.
as_user() {
	[ "$(id -u)" -eq 0 ] || return 0
	mkdir device
	chmod 777 .
	# By its path, too, which a scene may need (tests/scenes/root.c).
	chmod a+x "$BATS_RUN_TMPDIR"
	as=(unshare --mount sh -ec 'mount -t tmpfs device device
		mknod device/fuse c 10 229
		chmod 666 device/fuse
		mount --bind device/fuse /dev/fuse
		exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"' as_user)
	run "${as[@]}" "$scene" --list
	[ "$status" -eq 0 ] || skip_or_fail "an ordinary user: $output"
}

# The time of each form beyond the one that it took in file `quiet` is at most 3 s.
compare_times() {
	run awk 'NR == FNR { quiet[FNR] = $1; next }
		$2 != 0 { print "status " $2 ": " $0; bad = 1 }
		{ more = $1 - quiet[FNR]; if (more > most) most = more }
		more > 3000 { print more " ms more: " $0; bad = 1 }
		END { print "at most " most + 0 " ms more"; exit bad }' quiet times
	echo "$output"
	[ "$status" -eq 0 ]
	figure "${2:-R9}" "$1: each form $output"
}

# The reason is said by every form: on standard error, in JSON, in the title of DOT and SVG.
says_waiting() {
	local n
	count '"complete": false' out.2 1
	count '"partial": \[.*"waiting"' out.2 1
	for n in $(seq "$(wc -l <"$forms")"); do
		count '^[a-z]+: partial view: some command lines or mounts could not be read in time$' "err.$n" 1
	done
	sed -z 's/\\\n//g' out.3 >graph # its strings go on in the next line
	grep -q 'some command lines or mounts could not be read in time' graph
	grep -q '<title.*some command lines or mounts could not be read in time' out.4
}

# waits SCENE NUMBER: that many processes wait. Their names are the kernel's, and all are there.
waits() {
	play locking
	echo "$output" >quiet
	play "$1"
	echo "$output" >"times"
	compare_times "$1" R25
	says_waiting
	count '"comm": "locked-[0-9]+", "name": "locked-[0-9]+"' out.2 "$2"
}

@test "one process" {
	waits locked1 1
	count '"what": "cmdline", "errno": "ETIMEDOUT"' out.2 1
	# Why there is no command line is said of the process.
	count '"comm": "locked-[0-9]+",.*"cmdline": null, "cmdline_errno": "ETIMEDOUT"' out.11 1
	count '"comm": "timeout",.*"cmdline": \["timeout", "-s", "KILL"' out.11 1
	count '"locked-[0-9]+" user .* command \(not read: no answer in time\)$' out.12 1
	# The others have the names that their command lines give.
	count '"comm": "timeout", "name": "timeout"' out.2 1
}

@test "three processes" {
	waits locked3 3
	count '"what": "cmdline", "errno": "ETIMEDOUT"' out.2 3
}

@test "eight: at most four reads are given up, and that is said" {
	waits locked8 8
	count '"what": "cmdline", "errno": "ETIMEDOUT"' out.2 4
}

# behind SCENE NUMBER: that many namespaces are mounted where the access hangs. All are there, and how
# often processes are left that nothing can end is the number that `stuck` has, in each line.
behind() {
	sed -i 's/--scan=quick/--scan=mount/' "$forms" # which have to open it
	play overlay-quiet
	echo "$output" >quiet
	play "$1" 'cat /proc/[0-9]*/stat 2>/dev/null |
		grep -cE "^[0-9]+ [(](ns-mounted|ns-mountinfo|container-files)[)] D " >>stuck || :'
	echo "$output" >"times"
	compare_times "$1"
	says_waiting
	count '"type": "uts".*"by": "mount", "path": "/[a-z]+/overlay/file"' out.2 "$2"
	count "\"what\": \"opening of uts:\[[0-9]+\]\", \"errno\": \"(ETIMEDOUT|EBUSY)\"" out.2 "$2"
	run sort -n stuck
	figure R9 "$1: at most ${lines[-1]} processes that nothing can end, after ${#lines[@]} runs"
	[ "${lines[-1]}" -le 8 ]
}

@test "a namespace mounted upon an overlay that hangs" { behind overlay1 1; }

@test "three of them" { behind overlay3 3; }

@test "three of them, and the file server is stopped" { behind overlay3-stopped 3; }

@test "forty: few processes are stuck, and later runs know them" {
	behind overlay40 40
	[ "${lines[-1]}" -eq 8 ]
	# On a busy host the first runs may not have come to all 8: this is nsbrowse --json --cmdline.
	count '"what": "job of nsbrowse", "errno": "ETIMEDOUT"' out.11 8
}

@test "an ordinary user with a file server: three processes, and three namespaces" {
	as_user
	waits locked3 3
	rm -f quiet out.* err.*
	behind overlay3 3
}
