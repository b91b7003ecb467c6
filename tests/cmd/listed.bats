#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A snapshot with namespaces that only the kernel's list has: each form says so, and none invents
# what holds them.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$(realpath "$top_builddir")
	json=$(realpath "$top_srcdir/tests/cmd/listed.json")
	cd "$BATS_TEST_TMPDIR" || return 1
	export XDG_CONFIG_HOME=$PWD
}

@test "text: --leaked, the tree, --long and tables" {
	run -0 --separate-stderr "$bin/nsbrowse" --leaked "$json"
	[ "$output" = 'net:[4026532301] owner user:[4026531837] root (0) held by nothing known; listed by the kernel
net:[4026532302] owner user:[4026532401] harald (1000) held by nothing known; listed by the kernel
pid:[4026532303] owner user:[4026531837] root (0) held by nothing known; listed by the kernel
user:[4026532402] owner harald (1000) held by nothing known; listed by the kernel' ]
	"$bin/nsbrowse" --tree -t user -d "$json" >tree
	count ' net:\[402653230[12]\] held by nothing known; listed by the kernel$' tree 2
	count ' pid:\[4026532304\] held by link for children of unshare \(20\)$' tree 1
	"$bin/nsbrowse" --tree -t pid --long "$json" >long
	count ' pid:\[4026532303\] process owner user:\[4026531837\] root \(0\) listed by the kernel$' long 1
	"$bin/nsbrowse" --tree -t user -d --long "$json" >owned
	count ' (net|pid):\[[0-9]+\] held by nothing known; listed by the kernel$' owned 3
	"$bin/nsbrowse" --leaked --columns=ns,leader,held-by "$json" >table
	count 'no process; listed by the kernel +nothing known; listed by the kernel$' table 4
}

@test "DOT and SVG" {
	"$bin/nsbrowse" --dot "$json" >graph.dot
	count 'label="no process; listed by the kernel\\n(user:\[4026532402\]|pid:\[4026532303\])' graph.dot 2
	count 'tooltip="(user|pid):.*; held by nothing known; listed by the kernel"' graph.dot 2
	"$bin/nsbrowse" --svg -t all "$json" >svg
	count '<title>(net|pid|user):.*; held by nothing known; listed by the kernel</title>' svg 4
	count '>no process; listed by the kernel</text>' svg 4
}

@test "--metrics" {
	"$bin/nsbrowse" --metrics "$json" >metrics
	for sample in 'held{type="net",by="listed"} 2' 'held{type="pid",by="listed"} 1' \
		'held{type="user",by="listed"} 1' 'held{type="net",by="none"} 0' \
		'held{type="pid",by="for_children"} 1' 'leaked{type="pid"} 1' 'leaked{type="net"} 2'; do
		run -0 grep -Fx "nsbrowse_namespaces_$sample" metrics
	done
}

@test "JSON is the same again, and a holder takes the place of the list" {
	"$bin/nsbrowse" --json "$json" >again
	run -0 grep -o '"inode": [0-9]*, .*"listed": true, "held_by": \[\]' again
	[ "${#lines[@]}" -eq 4 ]
	run -0 "$bin/nsbrowse" --json again
	[ "$output" = "$(cat again)" ]
	sed '/4026532301/s/"held_by": \[\]/"held_by": [{"by": "fd", "pid": 20, "fd": 5}]/' "$json" >held
	"$bin/nsbrowse" --json held >json
	run -0 grep -c '"listed"' json
	[ "$output" -eq 3 ]
	run -0 grep '4026532301' json
	[[ "$output" = *'"processes": 0, "held_by": [{"by": "fd", "pid": 20, "fd": 5}]'* ]]
}

# As of a program that does not have the key, or of a kernel without the list.
@test "without the key nothing but that nothing is known is said" {
	sed 's/"listed": true, //' "$json" >plain
	run -0 --separate-stderr "$bin/nsbrowse" --leaked plain
	[[ "$output" = *'net:[4026532301] owner user:[4026531837] root (0) held by nothing known
'* ]]
	[[ "$output" != *listed* ]]
	"$bin/nsbrowse" --metrics plain >metrics
	run -0 grep -Fx 'nsbrowse_namespaces_held{type="net",by="none"} 2' metrics
	run -0 grep -Fx 'nsbrowse_namespaces_held{type="net",by="listed"} 0' metrics
}
