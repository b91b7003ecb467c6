#!/usr/bin/env bats
# The architecture, read off the includes: a file knows its own floor and those below it.

setup() {
	cd "$top_srcdir" || return 1
}

# floor: what it may include, beside itself
allowed() {
	case $1 in
	nsrel) echo "" ;;
	base) echo "" ;;
	kernel) echo "nsrel base" ;;
	model) echo "base" ;;
	scan) echo "kernel model nsrel base" ;;
	view) echo "model base" ;;
	snapshot) echo "model base" ;;
	export) echo "view model base" ;;
	ui) echo "view model base" ;;
	term) echo "ui view model base" ;;
	cmd) echo "term ui export snapshot view scan model kernel base nsrel" ;;
	*) return 1 ;;
	esac
}

@test "every file includes its own floor and those below, nothing else" {
	bad=
	for folder in src/*/; do
		floor=$(basename "$folder")
		may=" $floor $(allowed "$floor") "
		for file in "$folder"*.[ch]; do
			for include in $(sed -n 's/^#include "\([^"]*\)".*/\1/p' "$file"); do
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
			done
		done
	done
	[ -z "$bad" ] || { echo "$bad"; false; }
}

@test "only term/ knows curses, only cmd/ and scan/ know threads and processes" {
	run grep -lE '#include <(n?curses|ncursesw/|term\.h)' -r src --include='*.[ch]'
	[ "$(printf '%s\n' "$output" | grep -v '^src/term/' | grep -c .)" -eq 0 ]
	run grep -lE '#include <(pthread|threads)\.h>' -r src --include='*.[ch]'
	# (the kernel is asked by several threads, and keeps them apart; it has none itself)
	[ "$(printf '%s\n' "$output" | grep -vE '^src/(scan|kernel)/' | grep -c .)" -eq 0 ]
	run grep -l 'pthread_create' -r src --include='*.[ch]'
	[ "$(printf '%s\n' "$output" | grep -vE '^src/scan/' | grep -c .)" -eq 0 ]
}

@test "calls that this project does without" {
	run grep -nE '(^|[^a-z_>.])(sprintf|vsprintf|strcpy|strcat|gets|system|popen|alloca|mktemp)[[:space:]]*\(' -r src tests --include='*.[ch]'
	echo "$output"
	[ "$status" -eq 1 ]
}

@test "no test sleeps" {
	run grep -nE '(^|[^a-z_])(sleep|usleep|nanosleep)[[:space:]]*\(' -r tests --include='*.[ch]'
	echo "$output"
	[ "$status" -eq 1 ]
}

@test "every source file says its licence" {
	run grep -L 'SPDX-License-Identifier: Apache-2.0' $(find src tests -name '*.[ch]')
	echo "$output"
	[ -z "$output" ]
}
