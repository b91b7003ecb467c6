#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# nsbrowse --holds: mount namespaces that the test makes, each mount that is planted and no other, and
# the lines of umount(8) that are to be copied, run as they are.
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
	export bin out tools
	bin=$(realpath "$top_builddir")
	world=$(realpath "$top_srcdir/tests/cmd/holding.sh")
	cd "$BATS_TEST_TMPDIR" || return 1
	out=$PWD
	# What each command in there begins with. holds WHAT: the numbers of mount namespaces, in found;
	# lines WHAT: the lines of umount; planted NUMBER...: those that are to be found.
	# shellcheck disable=SC2089,SC2090 # commands of bash -c
	tools='set -eu
		browse() { "$bin/nsbrowse" "$@" 2>"$out/errors"; }
		holds() { browse --holds "$1" >"$out/text" || echo "exit $?"
			sed -nE "s/^mnt:\[([0-9]+)\].*/\1/p" "$out/text" | sort; }
		lines() { browse --holds "$1" | sed -nE "s/^    ((nsenter|umount) .*)/\1/p"; }
		planted() { printf "%s\n" "$@" | sort; }
		own=$(readlink /proc/self/ns/mnt); own=${own//[!0-9]/}'
}

# in_world SCENE COMMANDS: they must succeed; what they print is in printed.
in_world() {
	run "$world" "$1" bash -c "$tools
		$2"
	echo "$output"
	[ "$status" -eq 0 ]
	echo "$output" >printed
}

@test "--holds: a tmpfs that is unmounted here and held elsewhere; the lines unmount it" {
	in_world 'mkdir vol other
		mount -t tmpfs vol vol
		hold one "" :
		hold two "--fork --pid --mount-proc" :
		hold none "" "umount vol"
		umount vol' '
		diff <(holds "$HOLDING/vol") <(planted "$one_mnt" "$two_mnt")
		grep -c "mounted there: $HOLDING/vol type \"tmpfs\" source \"vol\"" "$out/text"
		lines "$HOLDING/vol" >"$out/lines"
		sh -eux "$out/lines"
		holds "$HOLDING/vol"
		cat "$out/errors"'
	grep -qx 2 printed
	# In a PID namespace others may be outside.
	grep -q 'vol: no mount namespace is known to have it$' printed
	grep -q '^nsbrowse: partial view: ' printed
	grep -qE '^umount -i -c -N [0-9]+ -- /' lines
	# Without /proc/self in there umount -c fails.
	grep -qE '^nsenter -t [0-9]+ -p umount -i -c -N [0-9]+ -- /' lines
}

@test "--holds: the same file system at another path, and the same directory" {
	in_world 'mkdir vol data site
		mount -t tmpfs vol vol
		mkdir vol/web vol/website
		hold data "" "mount --bind vol data; umount vol"
		hold part "" "mount --bind vol/web data; umount vol"
		hold site "" "mount --bind vol/website data; umount vol"' '
		diff <(holds "$HOLDING/vol") <(planted "$own" "$data_mnt" "$part_mnt" "$site_mnt")
		count() { grep -c "^  $1: $HOLDING/$2 " "$out/text"; }
		echo "$(count "mounted there" vol) $(count "same file system" data)"
		diff <(holds "$HOLDING/vol/web") <(planted "$part_mnt")
		count "same directory" data
		lines "$HOLDING/vol" >"$out/lines"
		sh -eux "$out/lines"
		holds "$HOLDING/vol"'
	grep -qx '1 3' printed
	[ "$(wc -l <lines)" -eq 4 ]
	grep -qx 'exit 1' printed
}

@test "--holds: shared, slave and private trees" {
	in_world 'mkdir tree
		mount -t tmpfs tree tree
		mount --make-shared tree
		hold shared "--propagation unchanged" :
		hold slave "--propagation slave" :
		hold private "" :
		mkdir tree/sub
		mount -t tmpfs below tree/sub' '
		diff <(holds "$HOLDING/tree/sub") <(planted "$own" "$shared_mnt" "$slave_mnt")
		diff <(holds tree) <(planted "$own" "$shared_mnt" "$slave_mnt" "$private_mnt")
		sed -nE "s/^  source: .* device [0-9:]+ (.*) options .*/\1/p" "$out/text" | tr 0-9 N | sort
		# The group is one.
		grep -oE "shared [0-9]+" "$out/text" | sort -u | wc -l
		holds "$HOLDING/tree/sub" >"$out/numbers"
		lines "$HOLDING/tree/sub" | grep -e "-N $slave " >"$out/lines"
		sh -eux "$out/lines"
		diff <(holds "$HOLDING/tree/sub") <(planted "$own" "$shared_mnt")
		lines "$HOLDING/tree/sub" | grep -ve -N >"$out/lines"
		sh -eux "$out/lines"
		holds "$HOLDING/tree/sub"'
	grep -qx 'private' printed
	[ "$(grep -cxE 'shared N+' printed)" -eq 2 ]
	grep -qxE 'slave of N+' printed
	grep -qx 1 printed
	grep -qx 'exit 1' printed
}

@test "--holds: stacked and covered mounts, and those below others" {
	in_world 'hold one "" "mkdir a; mount -t tmpfs first a; mkdir a/b; mount -t tmpfs under a/b
		mount -t tmpfs second a"' '
		browse --holds first >"$out/first" && cat "$out/first"
		browse --holds under >"$out/under" && cat "$out/under"
		for what in second under first; do
			lines "$what" >"$out/lines"
			cat "$out/lines"
			sh -eux "$out/lines"
			holds "$what"
		done'
	grep -qE ' source "first" .* covered ' first
	grep -qE '^    no umount: covered by /.*/a \(tmpfs\), which is to be unmounted first$' first
	grep -qE ' source "under" .* covered ' under
	[ "$(grep -cx 'exit 1' printed)" -eq 3 ]
}

@test "--holds: a mount with others below it" {
	in_world 'hold one "" "mkdir a; mount -t tmpfs first a; mkdir a/b; mount -t tmpfs under a/b"' '
		browse --holds first && browse --holds "$HOLDING/a"'
	[ "$(grep -cx '    first the 1 mount below it, then' printed)" -eq 2 ]
	[ "$(grep -c '^  mounted below it: ' printed)" -eq 1 ]
}

@test "--holds: blanks, newlines, quotes and escapes in paths" {
	in_world 'blank="a b  c " newline=$(printf "new\nline") escape="back\\134slash" quote="it'\''s \$(x)"
		mkdir "$blank" "$newline" "$escape" "$quote"
		export blank newline escape quote
		hold one "" "for i in \"\$blank\" \"\$newline\" \"\$escape\" \"\$quote\"; do mount -t tmpfs \"s \$i\" \"\$i\"; done"' '
		for name in "$blank" "$newline" "$escape" "$quote"; do
			diff <(holds "$HOLDING/$name") <(planted "$one_mnt")
			diff <(holds "s $name") <(planted "$one_mnt")
			grep -c "^  source: " "$out/text"
			lines "$HOLDING/$name" >"$out/lines"
			cat "$out/text" "$out/lines" >&2
			sh -eu "$out/lines"
		done
		holds "$HOLDING/$blank" && holds "$HOLDING/$escape" && holds "$HOLDING/$quote"
		diff <(holds "$HOLDING/$newline") <(planted "$one_mnt")
		grep -c "no umount: its path has characters that a shell line cannot have" "$out/text"
		browse --holds "$HOLDING/$newline" --json'
	[ "$(grep -cx 'exit 1' printed)" -eq 3 ]
	grep -qF '/new\u000aline", "dev": "0:' printed
	grep -qF '"umount": null, "umount_reason": "its path has' printed
}

@test "--holds: a mount namespace that only a descriptor keeps" {
	in_world 'mkdir vol
		mount -t tmpfs vol vol
		hold gone "" :
		umount vol
		exec 7<"/proc/$gone/ns/mnt"
		kill "$gone"
		wait "$gone" || true
		unset gone' '
		diff <(holds "$HOLDING/vol") <(planted "$gone_mnt")
		cat "$out/text"
		lines "$HOLDING/vol" >"$out/lines"
		sh -eux "$out/lines"
		holds "$HOLDING/vol"'
	grep -qE '^mnt:\[[0-9]+\] held by fd 7 of bash ' printed
	grep -qE '^umount -i -c -N /proc/[0-9]+/fd/7 -- /' lines
	grep -qx 'exit 1' printed
}

@test "--holds: the root directory of a container, and one without /proc" {
	in_world 'hold box "--fork --pid" "mkdir root; mount -t tmpfs box root; mkdir root/old root/data
		mount -t tmpfs volume root/data; cd root; PATH=$PATH:/usr/sbin:/sbin pivot_root . old"' '
		diff <(holds volume) <(planted "$box_mnt")
		cat "$out/text"
		diff <(holds /data) <(planted "$box_mnt")
		lines volume >"$out/lines"
		sh -eux "$out/lines"
		holds volume
		browse --holds box'
	grep -q '^  source: /data type "tmpfs" ' printed
	grep -qE '^umount -i -N [0-9]+ -- /data$' lines
	grep -qx 'exit 1' printed
	grep -qx '    no umount: the root of a mount namespace cannot be unmounted' printed
}

@test "--holds: the lines run no program of the container" {
	in_world 'mkdir vol fake
		printf "#!/bin/sh\n: >%s/ran\n" "$HOLDING" >fake/umount
		chmod +x fake/umount
		cp fake/umount fake/umount.tmpfs
		cp fake/umount fake/nsenter
		cp /bin/sh fake/sh
		hold box "--fork --pid --mount-proc" "mount -t tmpfs source vol
			mount --bind fake /usr/sbin; mount --bind fake /usr/bin"' '
		lines source >"$out/lines"
		sh -eux "$out/lines"
		holds source
		[ ! -e ran ]
		# It is there to be run.
		nsenter -t "$box" -m umount
		[ -e ran ]'
	figure R29 "umount, umount.tmpfs and nsenter of a container: none was run by the line"
	grep -qE '^nsenter -t [0-9]+ -p umount -i -c -N [0-9]+ -- /' lines
	grep -qx 'exit 1' printed
}

@test "--holds: an overlay, and its type" {
	layers='mkdir lower upper work merged
		mount -t overlay layers -o lowerdir=lower,upperdir=upper,workdir=work merged'
	run "$world" "$layers" true
	[ "$status" -eq 0 ] || skip "no overlay here"
	in_world "$layers"'
		hold one "" :
		umount merged' '
		diff <(holds "$HOLDING/merged") <(planted "$one_mnt")
		holds overlay | grep -cx "$one_mnt"
		grep -c "^  type: $HOLDING/merged type \"overlay\" source \"layers\"" "$out/text"
		lines layers >"$out/lines"
		sh -eux "$out/lines"
		holds layers'
	[ "$(grep -cx 1 printed)" -eq 2 ]
	grep -qx 'exit 1' printed
}

@test "--holds: a loop device with a volume, by device, MAJ:MIN and path" {
	truncate -s 1M image
	run mkfs.ext2 -q -F image
	[ "$status" -eq 0 ] || skip "no mkfs.ext2"
	run "$world" 'mkdir try; mount -o loop "$out/image" try' true
	[ "$status" -eq 0 ] || skip "no loop device"
	in_world 'mkdir vol data
		mount -o loop "$out/image" vol
		mkdir vol/volume
		hold whole "" :
		hold docker "--fork --pid --mount-proc" "mount --bind vol/volume data; umount vol"
		export device numbers
		device=$(awk "\$2 == \"$PWD/vol\" { print \$1 }" /proc/mounts)
		numbers=$(awk "\$5 == \"$PWD/vol\" { print \$3 }" /proc/self/mountinfo)
		umount vol' '
		for what in "$device" "$numbers"; do
			diff <(holds "$what") <(planted "$whole_mnt" "$docker_mnt")
		done
		diff <(holds "$HOLDING/vol") <(planted "$whole_mnt" "$docker_mnt")
		grep -c "^  same file system: $HOLDING/data .* directory \"/volume\"" "$out/text"
		lines "$device" >"$out/lines"
		sh -eux "$out/lines"
		holds "$device"'
	grep -qx 1 printed
	grep -qx 'exit 1' printed
}

@test "--holds: a container of Docker, as text and JSON" {
	local id
	id=$(od -An -tx1 -N32 /dev/urandom | tr -d ' \n')
	run "$(dirname "$world")/container.sh" "$id" "--pid --ipc" "" \
		'mkdir "$new/volume"; mount -t tmpfs "source-$(basename "$group")" "$new/volume"' \
		bash -c '"$bin/nsbrowse" --holds "source-$1" >text 2>errors
			"$bin/nsbrowse" --holds "source-$1" --json >json 2>errors
			sed -nE "s/^    (umount .*)/\1/p" text >lines
			sh -eux lines
			"$bin/nsbrowse" --holds "source-$1" 2>&1 || echo "exit $?"' none "$id"
	echo "$output"
	[ "$status" -ne 77 ] || skip "may not make containers"
	cat text
	grep -qE "^mnt:\[[0-9]+\] .*, container docker ${id:0:12}, " text
	# Its root directory is not that of the mount namespace.
	grep -qE "^  source: /.*/new/volume type \"tmpfs\" source \"source-$id\"" text
	grep -qF "\"container\": {\"kind\": \"docker\", \"id\": \"$id\"" json
	[ "$(wc -l <lines)" -eq 1 ]
	grep -qx 'exit 1' <<<"$output"
}

@test "--holds: JSON, and snapshots with and without mounts" {
	in_world 'hold one "" "mkdir vol; mount -t tmpfs vol vol"' '
		browse --holds vol --json >"$out/json"
		browse --json --facts=mounts >"$out/with.json"
		browse --json >"$out/without.json"
		echo "$one_mnt" >"$out/number"
		echo "$HOLDING/vol" >"$out/path"'
	number=$(<number)
	path=$(<path)
	grep -q '^{"format": "nsbrowse-holds", "version": 1, "what": "vol", "complete": ' json
	grep -q "^  {\"mnt\": $number, \"own\": false, \"leader\": [0-9]*, \"name\": \"bash\"" json
	grep -q "\"by\": \"source\", \"path\": \"$path\", \"dev\": \"0:[0-9]*\", \"root\": \"/\", \"type\": \"tmpfs\", \"source\": \"vol\"" json
	[ "$(grep -c '"umount": "' json)" -eq 1 ]
	apart 0 "$bin/nsbrowse" --holds vol with.json
	grep -q "^mnt:\[$number\] bash " printed
	grep -q "^  source: $path type" printed
	apart 1 "$bin/nsbrowse" --holds vol without.json
	grep -qx 'nsbrowse: without.json: it has no mounts (write it with --facts=mounts)' errors
	apart 1 "$bin/nsbrowse" --holds nothing --json with.json
	grep -qx 'nsbrowse: nothing: no mount namespace is known to have it' errors
	grep -q '"mount_namespaces": \[\]}' printed
}

@test "--holds: neither the path nor a mount point is accessed" {
	strace -qq -o /dev/null true || skip_or_fail "no strace"
	in_world 'mkdir vol; hold one "" "mount -t tmpfs source vol"' '
		strace -f -y -qq -e trace=%file -o "$out/trace" "$bin/nsbrowse" --holds "$HOLDING/vol" >"$out/text" 2>&1
		grep -c "mounted there: $HOLDING/vol" "$out/text"'
	grep -qx 1 printed
	grep -q 'mountinfo"' trace
	grep -v ' execve(' trace >calls
	run -1 grep -E '/vol["/>]' calls
	figure R10 "a search for a mounted path: $(wc -l <calls) calls on paths, none on the mount point"
}

@test "--holds: wrong usage" {
	apart 2 "$bin/nsbrowse" --holds ''
	apart 2 "$bin/nsbrowse" --holds /x --pid 1
	apart 2 "$bin/nsbrowse" --holds /x --audit
	apart 2 "$bin/nsbrowse" --holds /x --leaked
	apart 2 "$bin/nsbrowse" --holds /x --svg
}
