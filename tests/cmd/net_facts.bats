#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What is in the network namespaces of a scene, as a snapshot has it: all that was planted is found.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	scene=$top_builddir/tests/scenes/scene
	program=$top_builddir/nsbrowse
	export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR
	cd "$BATS_TEST_TMPDIR" || return 1
}

# take OPTION...: a snapshot of the scene, its network namespaces, a line each, in the files hub, left,
# right and alone, and the inode numbers of the first two.
take() {
	# shellcheck disable=SC2016 # expands in there
	run "$scene" net sh -c 'cat "$SCENE_TRUTH" >truth && exec "$@" >snapshot' sh "$program" --json "$@"
	echo "$output"
	[ "$status" -ne 77 ] || skip_or_fail "$output"
	[ "$status" -eq 0 ]
	local inode names=(hub left right)
	awk '$1 == "net" && $3 == "process" && $4 != 1 { print $2 }' truth >inodes
	while read -r inode; do
		grep "\"type\": \"net\", \"inode\": $inode," snapshot >"${names[0]}"
		[ "${names[0]}" != hub ] || hub=$inode
		[ "${names[0]}" != left ] || left=$inode
		names=("${names[@]:1}")
	done <inodes
	[ "${#names[@]}" -eq 0 ]
	inode=$(awk '$1 == "net" && $3 == "mount" { print $2 }' truth)
	grep "\"type\": \"net\", \"inode\": $inode," snapshot >alone
}

# says FILE TEXT...: the line in the file has each of these texts.
says() {
	local file=$1 text
	shift
	for text; do
		grep -qF -- "$text" "$file" || {
			echo "$file: no $text in"
			cat "$file"
			return 1
		}
	done
}

# leaf FILE ADDRESS PORT: what is in the namespace of a leaf. It has one process.
leaf() {
	local pid
	pid=$(grep -oE '"leader": [0-9]+' "$1" | grep -oE '[0-9]+')
	says "$1" "\"$2/24\"" '"gateway": "10.7.0.1", "interface": "eth0", "metric": 5' \
		"{\"protocol\": \"tcp\", \"address\": \"0.0.0.0\", \"port\": $3," \
		"{\"protocol\": \"tcp\", \"address\": \"::1\", \"port\": $3," \
		"{\"protocol\": \"udp\", \"address\": \"127.0.0.1\", \"port\": $3," \
		"\"processes\": [{\"pid\": $pid, \"fd\": 50}]" \
		"\"processes\": [{\"pid\": $pid, \"fd\": 51}]" \
		"\"processes\": [{\"pid\": $pid, \"fd\": 52}]"
	[ "$(grep -o '"protocol": ' "$1" | wc -l)" -eq 3 ]
}

@test "interfaces, addresses, routes and listening sockets" {
	take --facts=all
	says hub '"name": "br0"' '"addresses": ["10.7.0.1/24", "fd00:7::1/64"' '"name": "to-left"' \
		'{"base64": "dG8tG1szMW18/w=="}'
	leaf left 10.7.0.2 8080
	leaf right 10.7.0.3 9090
	says alone '"name": "lo"' '"state": "down"' '"sockets": []'
	# Nothing was asked that has an effect on a namespace.
	run -1 grep -E '"peer"|"links"|"nsid"' hub left right alone
	grep -q '"master": null' hub
}

@test "--facts=links: bridges, and the other end of each veth with its namespace" {
	take --facts=all,links
	says hub '"kind": "bridge"' "\"inode\": $left}"
	bridge=$(grep -oE '"name": "br0", "ifindex": [0-9]+' hub | grep -oE '[0-9]+$')
	[ "$(grep -oE "\"kind\": \"veth\", \"mac\": [^,]*, \"master\": $bridge," hub | wc -l)" -eq 2 ]
	[ "$(grep -oE '"peer": {"state": "there", "ifindex": [0-9]+, "nsid": [0-9]+' hub | wc -l)" -eq 2 ]
	for end in left right; do
		says "$end" '"kind": "veth"' "\"inode\": $hub}"
	done
}
