#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The job `cost` without its costs: it fails at 10 % more instructions, it chooses the right base, and
# its cases work.

bats_require_minimum_version 1.5.0

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	here=$(realpath "$top_srcdir")/tests/bench
	program=$(realpath "$top_builddir")/tests/bench/instructions
	cd "$BATS_TEST_TMPDIR" || return 1
	export GIT_CONFIG_GLOBAL=$BATS_TEST_TMPDIR/none GIT_CONFIG_NOSYSTEM=1
	export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a \
		GIT_COMMITTER_EMAIL=a@example.org
	unset COST_BASE
}

# figures BEFORE NOW: compares two files with these lines.
figures() {
	printf '%s\n' "$1" >before
	printf '%s\n' "$2" >now
	run "$here/compare" --figures before now
	echo "$output"
}

# commit SUBJECT: a commit with a file of its own; prints it.
commit() {
	echo "$1" >"$1"
	git add -A
	git commit -qm "$1"
	git rev-parse HEAD
}

# A repository with the branch main, which names its first commit as the base: sets `first`, `last`.
main() {
	command -v git >/dev/null || skip "needs git"
	git init -q main
	cd main || return 1
	git checkout -qb main
	first=$(commit first)
	mkdir -p tests/bench
	printf '%s\n' '# A comment' "$first" >tests/bench/base
	last=$(commit last)
	cd ..
}

# Enters a clone of that, made as for the job: of a repository without a work tree.
enter_clone() {
	git clone -q --bare main main.git
	git clone -q main.git clone
	cd clone || return 1
}

@test "10 % more instructions are no failure, and a little more are one" {
	figures $'rows 1000\nsvg 2000' $'rows 1100\nsvg 1500'
	[ "$status" -eq 0 ]
	[[ $output == *"rows                 1000           1100  1.100"* ]]
	[[ $output == *"svg                  2000           1500  0.750"* ]]
	figures $'rows 1000\nsvg 2000' $'rows 1101\nsvg 1500'
	[ "$status" -eq 1 ]
	[[ $output == *"rows                 1000           1101  1.101  MORE than 1.10"* ]]
	[[ $output != *"0.750 "* ]]
}

@test "a case that only the base lacks is no failure; one that cannot be counted now is" {
	figures $'rows 1000\ndot - not built' $'rows 1000\ndot 5\nsvg 5'
	[ "$status" -eq 0 ]
	[[ $output == *"dot                     -              5  - (before: not built)"* ]]
	[[ $output == *"svg                     -              5  - (before: not there)"* ]]
	figures $'rows 1000\ndot 5' $'rows 1000\ndot - it crashed'
	[ "$status" -eq 1 ]
	[[ $output == *"dot                     5              -  FAILED: it crashed"* ]]
}

@test "nothing to compare with is a failure" {
	figures 'rows - not built' 'rows 1000'
	[ "$status" -eq 1 ]
	[[ $output == *"nothing could be compared"* ]]
}

@test "the base of the default branch is the commit in tests/bench/base" {
	main
	enter_clone
	run -0 "$here/compare" --base
	[ "$output" = "$first" ]
	COST_BASE=HEAD run -0 "$here/compare" --base
	[ "$output" = "$last" ]
}

@test "the base of another branch is its merge base with the default branch" {
	main
	enter_clone
	git checkout -qb topic
	commit topic
	run -0 "$here/compare" --base
	[ "$output" = "$last" ]
}

@test "a base that is not in the clone is a failure" {
	main
	git -C main reset -q --soft "$first"
	enter_clone
	run -1 "$here/compare" --base
	[[ $output == *"no commit in tests/bench/base"* ]]
	COST_BASE=0000000000000000000000000000000000000001 run -1 "$here/compare" --base
	[[ $output == *"is not in this clone"* ]]
}

@test "each case does its work on the snapshot" {
	[ -e "$program" ] || skip "not built"
	awk -v sets=12 -v crowd=2 -f "$here/snapshot.awk" >snapshot.json
	run -0 "$program" --list
	[ "${#lines[@]}" -ge 11 ]
	for name in "${lines[@]}"; do
		run -0 "$program" "$name" snapshot.json
		[ -z "$output" ]
	done
	run -1 "$program" rows "$here/snapshot.awk"
	run -1 "$program" nothing snapshot.json
}
