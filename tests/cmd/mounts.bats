#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# nsbrowse --view=mounts: the mounts of mount namespaces that the test makes.
# shellcheck disable=SC2016 # expands in there

bats_require_minimum_version 1.5.0
load ../assert

setup_file() {
	: "${top_srcdir:=$PWD}"
	try_first "no mount namespaces here" "$top_srcdir/tests/cmd/holding.sh" 'hold one "" :' true
}

setup() {
	skip_refused
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	export bin out
	bin=$(realpath "$top_builddir")
	world=$(realpath "$top_srcdir/tests/cmd/holding.sh")
	cd "$BATS_TEST_TMPDIR" || return 1
	out=$PWD
}

# in_world SCENE COMMANDS: they must succeed; what they print is in printed.
in_world() {
	run "$world" "$1" bash -euc "$2"
	echo "$output"
	[ "$status" -eq 0 ]
	echo "$output" >printed
}


@test "--view=mounts: shared, slave and private mounts in three mount namespaces" {
	in_world 'mkdir vol
		mount -t tmpfs -o size=64k volume vol
		mount --make-shared vol
		hold peer "--propagation unchanged" :
		hold slave "--propagation slave" :
		hold private "" :' '
		for name in "$$" "$peer" "$slave" "$private"; do
			echo "in $name"
			"$bin/nsbrowse" -t mounts --in="$name" 2>>"$out/errors"
			"$bin/nsbrowse" -t mounts --in="$name" --columns=path,peers 2>>"$out/errors"
		done'
	run -0 grep -cE '/vol type "tmpfs" source "volume" device 0:[0-9]+ shared [0-9]+ options rw,relatime$' printed
	[ "$output" -eq 2 ]
	grep -qE '/vol type "tmpfs" source "volume" device 0:[0-9]+ slave of [0-9]+ options' printed
	grep -qE '/vol type "tmpfs" source "volume" device 0:[0-9]+ private options' printed
	# One peer, and of the slave and the private mount none.
	run -0 grep -cE '/vol +1[+]?$' printed
	[ "$output" -eq 2 ]
	run -0 grep -cE '/vol +-$' printed
	[ "$output" -eq 2 ]
}

@test "--view=mounts: stacked mounts, directories, blanks and newlines" {
	in_world 'mkdir -p a "b c" "d
e"
		mount -t tmpfs lower a
		mkdir a/sub
		mount --bind a/sub "b c"
		mount -o remount,bind,ro "b c"
		mount -t tmpfs newline "d
e"
		mount -t tmpfs upper a' '"$bin/nsbrowse" -t mounts 2>"$out/errors"'
	grep -qE '/a type "tmpfs" source "lower" .* covered options' printed
	grep -qE '/a type "tmpfs" source "upper" device 0:[0-9]+ [a-z]+ options' printed
	grep -qE '/b c type "tmpfs" source "lower" device [0-9:]+ directory "/sub" private options ro,' printed
	grep -qE '/d\\x0ae type "tmpfs" source "newline"' printed
	[ "$(grep -c 'type "tmpfs" source "upper"' printed)" -eq 1 ]
}

@test "--view=mounts: each mount of mountinfo is a line, and no other" {
	in_world 'hold other "" :' '
		"$bin/nsbrowse" -t mounts --long 2>"$out/errors" | sed -nE "s/.* id ([0-9]+) parent .*/\1/p" | sort >"$out/seen"
		cut -d" " -f1 /proc/self/mountinfo | sort >"$out/expected"
		"$bin/nsbrowse" -t mounts --long --in="mnt:[$other_mnt]" 2>>"$out/errors" |
			sed -nE "s/.* id ([0-9]+) parent .*/\1/p" | sort >"$out/other"
		cut -d" " -f1 "/proc/$other/mountinfo" | sort >"$out/expected.other"'
	diff expected seen
	diff expected.other other
	[ -s other ]
}

@test "--view=mounts: a mount namespace that only a descriptor holds" {
	in_world 'hold held "" "mount -t tmpfs inside /mnt 2>/dev/null || mount -t tmpfs inside /tmp"
		exec 7<"/proc/$held/ns/mnt"
		kill -9 "$held"
		wait "$held" 2>/dev/null || true' '
		"$bin/nsbrowse" -t mounts --in="$held_mnt" 2>"$out/errors"'
	# Who may not enter it learns that it is not known.
	[ "$(id -u)" -ne 0 ] || grep -q 'source "inside"' printed
	[ "$(id -u)" -eq 0 ] || grep -qE 'source "inside"|not read|could not be read' printed
}

@test "--view=mounts: as DOT, and what is refused" {
	in_world 'mkdir vol; mount -t tmpfs vol vol' '"$bin/nsbrowse" -t mounts --dot 2>"$out/errors"'
	grep -qE 'mount-[0-9]+' printed
	run -2 "$bin/nsbrowse" -t mounts --svg
	[[ $output == *"SVG shows mounts only with --layout=dot"* ]]
	run -2 "$bin/nsbrowse" -t user --in=web --tree
	[[ $output == *"needs --pid or --view=mounts"* ]]
	run -2 "$bin/nsbrowse" -t mounts --in=web --json
	[[ $output == *"only text and DOT"* ]]
	run -1 "$bin/nsbrowse" -t mounts --in='mnt:[1]' --tree
	[[ $output == *"no such mount namespace, container or process is known"* ]]
}

@test "--view=mounts: of a snapshot that has them, and of one that has none" {
	in_world 'mkdir vol; mount -t tmpfs volume vol' '
		"$bin/nsbrowse" --json --facts=mounts >"$out/snapshot" 2>"$out/errors"
		"$bin/nsbrowse" --json >"$out/without" 2>>"$out/errors"
		"$bin/nsbrowse" -t mounts 2>>"$out/errors" >"$out/live"'
	"$bin/nsbrowse" -t mounts snapshot >loaded 2>errors
	diff live loaded
	grep -q 'source "volume"' loaded
	run -1 "$bin/nsbrowse" -t mounts --tree without
	[[ $output == *"it has no mounts (write it with --facts=mounts)"* ]]
}
