#!/usr/bin/env bats
# The architecture, read off the includes: a file knows its own floor and those below it.

bats_require_minimum_version 1.5.0

setup() {
	: "${top_srcdir:=$PWD}"
	cd "$top_srcdir" || return 1
}

# floor: what it may include, beside itself
allowed() {
	case $1 in
	nsrel) echo "" ;;
	base) echo "" ;;
	privsep) echo "base" ;;
	kernel) echo "privsep nsrel base" ;;
	model) echo "nsrel base" ;;
	scan) echo "kernel model nsrel base" ;;
	view) echo "model base" ;;
	snapshot) echo "model base" ;;
	export) echo "view model base" ;;
	ui) echo "view model base" ;;
	term) echo "ui view model base" ;;
	cmd) echo "term ui export snapshot view scan model kernel privsep base nsrel" ;;
	*) return 1 ;;
	esac
}

# only_in FLOORS REGEX: the sources with such a line are of these floors, and there are some.
only_in() {
	run -0 grep -lE "$2" -r src --include='*.[ch]'
	run -1 grep -vE "^src/($1)/" <<<"$output"
}

@test "every file includes its own floor and those below, nothing else" {
	shopt -s globstar
	bad="" n=0
	for folder in src/*/; do
		floor=$(basename "$folder")
		may=" $floor $(allowed "$floor") "
		for file in "$folder"**/*.[ch]; do
			while read -r include; do
				n=$((n + 1))
				case $include in
				config.h) continue ;;
				*/*) ;;
				*) bad="$bad
$file: $include is not named from src/" ;;
				esac
				case $may in
				*" ${include%%/*} "*) ;;
				*) bad="$bad
$file includes $include" ;;
				esac
			done < <(sed -n 's/^#include "\([^"]*\)".*/\1/p' "$file")
		done
	done
	echo "$n includes$bad"
	[ "$n" -gt 0 ]
	[ -z "$bad" ]
}

@test "only term/ knows curses, only scan/ and kernel/ know threads" {
	only_in term '#include <(n?curses|ncursesw/|term\.h)'
	# (the kernel is called by several threads, and keeps them apart; it has none itself)
	only_in 'scan|kernel' '#include <(pthread|threads)\.h>'
	only_in scan 'pthread_create'
}

@test "calls that this project does without" {
	run -1 grep -nE '(^|[^a-z_>.])(sprintf|vsprintf|strcpy|strcat|gets|system|popen|alloca|mktemp)[[:space:]]*\(' -r src tests --include='*.[ch]'
}

@test "no test sleeps" {
	run -1 grep -nE '(^|[^a-z_])(sleep|usleep|nanosleep)[[:space:]]*\(' -r tests --include='*.[ch]'
}

@test "every source file says its licence" {
	run grep -L 'SPDX-License-Identifier: Apache-2.0' -r src tests --include='*.[ch]'
	echo "$output"
	[ -z "$output" ]
}
