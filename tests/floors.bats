#!/usr/bin/env bats
# The architecture, by the includes: a file includes its own room and those below it.

bats_require_minimum_version 1.5.0

setup() {
	: "${top_srcdir:=$PWD}"
	cd "$top_srcdir" || return 1
}

# A room: what it may include beside itself. A folder (view) stands for all rooms in it. The rooms
# of one module stand lowest first.
rooms() {
	cat <<-'END'
		nsrel
		base
		privsep            base
		kernel/proc        base
		kernel             privsep nsrel base
		kernel/privileged  kernel privsep nsrel base
		model              nsrel base
		scan/containers    model base
		scan               kernel model nsrel base
		view               model base
		snapshot           model base
		export             view model base
		ui/input           model base
		ui/draw            view model base
		ui/list            ui/draw ui/input view model base
		ui/pages           ui/list ui/draw ui/input view model base
		ui/detail          ui/pages ui/list ui/draw ui/input view model base
		ui/prompt          ui/detail ui/pages ui/list ui/draw ui/input view model base
		ui/graph           ui/prompt ui/detail ui/pages ui/list ui/draw ui/input view model base
		ui/app             ui view model base
		term               ui view model base
		cmd/jobs           ui export snapshot view scan model kernel privsep base nsrel
		cmd                term ui export snapshot view scan model kernel privsep base nsrel
	END
}

# The room of a path below src/: the longest that is listed.
room_of() {
	local folder=${1%/*}
	until [[ -v may[$folder] ]]; do
		[[ $folder == */* ]] || return 1
		folder=${folder%/*}
	done
	room=$folder
}

# Each include below the folder $1: FILE TARGET, both from there.
includes() {
	grep -rn '^#include "' --include='*.[ch]' "$1" |
		sed -nE "s,^$1/([^:]*):[0-9]*:#include \"([^\"]*)\".*,\1 \2,p" | grep -v ' config\.h$'
}

# Says how many includes there are below the folder $1, and which are not allowed.
check_rooms() {
	declare -A may
	local n=0 name allowed file target from room
	while read -r name allowed; do
		may[$name]=$allowed
	done < <(rooms)
	while read -r file target; do
		n=$((n + 1))
		room_of "$file" || echo "$file is in no room"
		from=$room
		room_of "$target" || echo "$file: $target is not named from src/"
		case " $from ${may[$from]} " in
		*" $room "* | *" ${room%%/*} "*) ;;
		*) echo "$file includes $target" ;;
		esac
	done < <(includes "$1")
	echo "$n includes"
}

# A module is a header with the source file of the same name. Fails if modules below the folder $1
# include each other.
check_cycles() {
	includes "$1" | sed -E 's/\.[ch]( |$)/\1/g' | tsort
}

# only_in FLOORS REGEX: the sources with such a line are of these floors, and there are some.
only_in() {
	run -0 grep -lE "$2" -r src --include='*.[ch]'
	run -1 grep -vE "^src/($1)/" <<<"$output"
}

@test "every file includes its own room and those it may, nothing else" {
	run -0 check_rooms src
	echo "$output"
	[ "${#lines[@]}" -eq 1 ]
	[[ $output =~ ^[1-9][0-9]*\ includes$ ]]
}

# Else the two checks would not see it.
@test "an include has one form: from src/, in quotes, at the start of the line" {
	folders=$(cd src && printf '%s|' */)
	run -1 grep -rnE "^[[:space:]]*#[[:space:]]*include[[:space:]]*<(${folders//\//}nsrel)/" src --include='*.[ch]'
	run -1 grep -rnE '^([[:space:]]+#|#[[:space:]]+)include|^#include([[:space:]]{2,}|"|<)' src --include='*.[ch]'
}

@test "no module includes another that includes it, by whatever way" {
	run -0 check_cycles src
}

@test "what these two look for is found" {
	mkdir -p "$BATS_TEST_TMPDIR"/src/{ui/list,ui/app,scan}
	cd "$BATS_TEST_TMPDIR"
	echo '#include "ui/app/app.h"' >src/ui/list/tree.c
	echo '#include "tree.h"' >src/ui/app/app.c
	echo '#include "scan/b.h"' >src/scan/a.c
	echo '#include "scan/c.h"' >src/scan/b.h
	run -0 check_cycles src
	run -0 check_rooms src
	[[ $output == *"ui/list/tree.c includes ui/app/app.h"* ]]
	[[ $output == *"ui/app/app.c: tree.h is not named from src/"* ]]
	[[ $output == *"4 includes"* ]]
	echo '#include "scan/a.h"' >src/scan/c.c
	run -1 check_cycles src
	[[ $output == *scan/c* ]]
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

# unmade_texts: where a function returns before it has made a text that is released then.
unmade_texts() {
	awk '/_cleanup_text_ struct text [a-z_]+;/ { name = $NF; sub(/;/, "", name); is_open = 1 }
		is_open && $0 ~ "(init|within)[(]&" name { is_open = 0 }
		is_open && /(^|[^a-z_])return([^a-z_]|$)/ { print FILENAME ":" FNR }
		/^}/ { is_open = 0 }' "$@"
}

@test "no text is released that was not made" {
	printf '%s\n' '{' '	_cleanup_text_ struct text words;' '	if (x)' '		return;' \
		'	text_init(&words);' '	return;' '}' >"$BATS_TEST_TMPDIR/wrong.c"
	run -0 unmade_texts "$BATS_TEST_TMPDIR/wrong.c"
	[ "$output" = "$BATS_TEST_TMPDIR/wrong.c:4" ]
	mapfile -t files < <(find src tests -name '*.c')
	run -0 unmade_texts "${files[@]}"
	echo "$output"
	[ -z "$output" ]
}

@test "no test sleeps" {
	run -1 grep -nE '(^|[^a-z_])(sleep|usleep|nanosleep)[[:space:]]*\(' -r tests --include='*.[ch]'
}

@test "every source file says its licence" {
	run grep -L 'SPDX-License-Identifier: Apache-2.0' -r src tests --include='*.[ch]'
	echo "$output"
	[ -z "$output" ]
}
