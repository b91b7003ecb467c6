#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What Graphviz makes of the DOT graph: the picture, and its facts for programs.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	demo=$top_srcdir/data/demo.json
	for program in dot gvpr; do
		command -v "$program" >/dev/null || skip_or_fail "Graphviz is not installed ($program)"
	done
	cd "$BATS_TEST_TMPDIR" || return 1
}

# place [OPTION]...: draws the demo, with each node and edge in a line of the file plain.
place() {
	"$top_builddir/nsbrowse" --dot "$@" "$demo" >graph.dot 2>errors
	no_error
	dot -Tplain graph.dot | sed ':more; /\\$/ { N; s/\\\n//; b more }' >plain
}

@test "siblings stand in the order of the tree, from top to bottom" {
	for view in user pid; do
		"$top_builddir/nsbrowse" --tree --view=$view "$demo" 2>errors |
			grep -oE "$view:\[[0-9]+\]" >>order
	done
	for details in "" -d -dd --collapse; do
		# shellcheck disable=SC2086 # no word, or one
		place $details
		# A child further down has a smaller y.
		awk '
			FNR == 1 { file++ }
			file == 1 && $1 == "node" { gsub(/"/, "", $2); y[$2] = $4 }
			file == 1 && $1 == "edge" {
				gsub(/"/, "", $2); gsub(/"/, "", $3)
				split($2, a, "-"); split($3, b, "-")
				if (a[1] == b[1]) parent[$2] = $3
			}
			file == 2 {
				gsub(/:\[/, "-"); sub(/\]/, "")
				up = parent[$0]
				if (!up) next
				if (up in last && y[$0] >= last[up]) { print $0 " stands too high"; bad = 1 }
				last[up] = y[$0]
				n++
			}
			END { print n " children"; exit bad || n < 10 }' plain order
	done
}

@test "roots stand on the left, and no edge is drawn twice" {
	place
	awk '
		$1 == "node" { x[$2] = $3 }
		$1 == "edge" && ($4 % 3) != 1 { print "twice: " $0; bad = 1 }
		$1 == "edge" && $2 !~ /legend/ { tails[$2] = 1; heads[$3] = 1; edges++ }
		END {
			root = "\"user-4026531837\""
			if (edges < 23) { print edges " edges"; bad = 1 }
			if (!(root in heads) || root in tails) { print root " is not there"; bad = 1 }
			for (tail in tails) if (x[tail] <= x[root]) {
				print tail " is no root"; bad = 1
			}
			for (head in heads) if (!(head in tails) && x[head] != x[root]) {
				print head " is a root"; bad = 1
			}
			exit bad
		}' plain
}

@test "the examples in graphns.1 print the owners of PID namespaces, and parents" {
	"$top_builddir/graphns" -f "$demo" >graph.dot 2>errors
	example=$(sed -n "s/^\.Dl # graphns | gvpr '\(.*\)'$/\1/p" "$top_srcdir/data/graphns.1" |
		sed 's/\\(dq/"/g')
	[ -n "$example" ]
	gvpr "$example" graph.dot >owners
	diff - owners <<-END
		pid-4026531836 user-4026531837
		pid-4026532201 user-4026531837
		pid-4026532207 user-4026531837
		pid-4026532213 user-4026532480
		pid-4026532222 user-4026532696
		pid-4026532224 user-4026532698
		pid-4026532230 user-4026532936
		pid-4026532236 user-4026532936
		pid-4026532243 user-4026533061
		pid-4026532246 user-4026533102
	END
	example=$(sed -n "/^# graphns | gvpr '/,/^}'/p" "$top_srcdir/data/graphns.1" |
		sed "s/^# graphns | gvpr '//; s/^}'/}/")
	[ -n "$example" ]
	gvpr "$example" graph.dot >parents
	[ "$(wc -l <parents)" -eq 23 ]
	grep -qx 'user-4026533061 user-4026533057' parents
	grep -qx 'pid-4026532243 pid-4026532236' parents
}

@test "the legend of the namespaces of one type names it" {
	"$top_builddir/graphns" -f "$demo" -t net >net.dot 2>errors
	grep -q 'label="network namespace"' net.dot
	run ! grep 'other namespace' net.dot
	"$top_builddir/graphns" -f "$demo" -dd >all.dot 2>errors
	grep -q 'label="other namespace"' all.dot
}

@test "a theme without colours has a shape for each kind of namespace" {
	"$top_builddir/graphns" -f "$demo" -dd --theme=mono >mono.dot 2>errors
	gvpr 'N[type != ""] { print(type, " ", shape, " ", style) }' mono.dot | sort -u >shapes
	grep -qx 'user box filled' shapes
	grep -qx 'pid box rounded,filled' shapes
	for type in cgroup ipc mnt net time uts; do
		grep -qx "$type note filled" shapes
	done
}

@test "the legend says whose a PID namespace without a line is" {
	"$top_builddir/graphns" -f "$demo" >plain.dot 2>errors
	grep -qF 'label="without line and owner: owned by\nthe initial user namespace"' plain.dot
}
