#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Real processes with hostile names: no form of output has a raw byte of them, lines are as many as with plain names,
# JSON comes back as it was, and all processes are found with their parents.

bats_require_minimum_version 1.5.0
load ../assert

# Each form in a file. All but the first read the snapshot, so that they show the same host.
# shellcheck disable=SC2016 # expands in there
forms='echo "$HOSTILE_NAMES" >names
	for child in $(cat /proc/1/task/1/children); do
		[ "$child" = $$ ] || echo "$child 1"
	done | sort >wanted
	"$0" --json --cmdline --facts=all >1.json 2>1.err
	"$0" 1.json --json >2.json 2>>1.err
	"$0" 2.json --json >3.json 2>>1.err
	for view in user pid mnt net uts ipc cgroup time all containers processes; do
		"$0" 1.json --tree --view=$view --long --cmdline >$view.txt 2>>1.err
		LC_ALL=C "$0" 1.json --tree --view=$view --long --cmdline >$view.ascii.txt 2>>1.err
		LC_ALL=C.UTF-8 "$0" 1.json --tree --view=$view --long | cat >$view.pipe.txt
	done
	"$0" 1.json --tree --view=processes --columns=pid,ppid >pids.txt 2>>1.err
	"$0" 1.json --dot --details >1.dot 2>>1.err
	"$0" 1.json --svg --details >1.svg 2>>1.err
	"$0" 1.json --view=net --network --svg >net.svg 2>>1.err
	"$0" 1.json --metrics >1.prom 2>>1.err
	"$0" 1.json --audit >audit.txt 2>>1.err || [ $? -le 3 ]'

# among KIND: all forms among processes with such names, in a directory of that name.
among() {
	mkdir "$1"
	cd "$1" || return 1
	status=0
	"$top_srcdir/tests/trust/hostile.sh" "$1" sh -c "$forms" "$top_builddir/nsbrowse" >log 2>&1 || status=$?
	echo "$status" >status
	cd ..
}

setup_file() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	top_srcdir=$(cd "$top_srcdir" && pwd)
	top_builddir=$(cd "$top_builddir" && pwd)
	export TMPDIR=$BATS_FILE_TMPDIR XDG_CONFIG_HOME=$BATS_FILE_TMPDIR
	cd "$BATS_FILE_TMPDIR" || return 1
	among hostile
	among plain
}

setup() {
	: "${top_builddir:=$PWD}"
	raw=$(cd "$top_builddir" && pwd)/tests/trust/raw
	cd "$BATS_FILE_TMPDIR" || return 1
	cat hostile/log plain/log
	[ "$(cat hostile/status)" -ne 77 ] || skip_or_fail "no namespaces may be made"
	[ "$(cat hostile/status)" -eq 0 ]
	[ "$(cat plain/status)" -eq 0 ]
	n_names=$(cat hostile/names)
}

# without_tabs FILE: Graphviz writes tabs before lines and lists of attributes.
without_tabs() {
	if [ "${1##*.}" = dot ]; then
		sed -E 's/^\t+//; s/\t\[/ [/' "$1"
	else
		cat "$1"
	fi
}

@test "no form has a raw byte" {
	n_files=0
	for file in hostile/*.txt hostile/*.dot hostile/*.svg hostile/*.prom hostile/*.err; do
		n=$(without_tabs "$file" | "$raw")
		echo "$file: $n raw bytes"
		[ "$n" -eq 0 ]
		n_files=$((n_files + 1))
	done
	figure R1 "$n_names processes with hostile names, command lines, host names and mount paths: 0 raw bytes in $n_files outputs"
}

@test "one namespace a line, in each locale and into a pipe" {
	n_files=0
	for file in hostile/*.txt; do
		n=$(wc -l <"$file")
		echo "$file: $n lines, with plain names $(wc -l <"plain/${file#*/}")"
		[ "$n" -eq "$(wc -l <"plain/${file#*/}")" ]
		run -1 env LC_ALL=C.UTF-8 grep -axv '.*' "$file"
		n_files=$((n_files + 1))
	done
	figure R2 "$n_names hostile names, $n_files texts, LC_ALL=C and into a pipe: 0 control characters, 0 invalid, as many lines as with plain names"
}

@test "JSON comes back to the byte" {
	cmp hostile/1.json hostile/2.json
	cmp hostile/2.json hostile/3.json
	figure R3 "$n_names processes with hostile names: saved, loaded and saved again, identical ($(wc -c <hostile/1.json) bytes)"
}

@test "every process is found, with its parent" {
	[ "$(wc -l <hostile/wanted)" -ge "$n_names" ]
	awk '{ print $(NF - 1), $NF }' hostile/pids.txt | sort >found
	comm -23 hostile/wanted found >missing
	cat missing
	[ ! -s missing ]
	figure R6 "$n_names processes with newlines, blanks and parentheses in their names: all found, each with its parent"
}
