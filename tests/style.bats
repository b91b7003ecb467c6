#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The bats files themselves: each condition can fail its test.
# shellcheck disable=SC2016 # the samples are not to expand

bats_require_minimum_version 1.5.0

setup() {
	: "${top_srcdir:=$PWD}"
	check=$top_srcdir/tests/bats_style.awk
	cd "$BATS_TEST_TMPDIR" || return 1
}

# refuses LINE...: the check refuses the last of these lines, and no other.
refuses() {
	printf '%s\n' "$@" >sample.bats
	run -1 awk -f "$check" sample.bats
	echo "$output"
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == "sample.bats:$#: "* ]]
}

# accepts LINE...: the check accepts all these lines.
accepts() {
	printf '%s\n' "$@" >sample.bats
	run -0 awk -f "$check" sample.bats
	[ -z "$output" ]
}

@test "the check refuses a negated command" {
	refuses '! grep -q word file'
	refuses '	! grep -q word file'
	refuses '@test "name" {' '	true' '	! grep -q word file'
	refuses '@test "name" { ! grep -q word file; }'
	refuses 'for name in a b; do ! grep -q $name file; done'
	refuses 'if true; then ! false; fi'
	refuses 'echo word | ! grep -q word'
	refuses "echo 'a string" "with ! and && in it'" '! false'
	refuses 'cat <<END' '! text && text' 'END' '! false'
	refuses 'n=$(awk "{ print \"a\" }" file)' '! false'
	refuses '[ "$(awk '\''$1 == "a" {' '} END { print 1 }'\'' file)" -eq 1 ]' '! false'
	refuses 'echo "other users'\'' files"' '! false'
	refuses '[ -n "${#name}" ]' '! false'
}

@test "the check refuses a list of conditions" {
	refuses '[ -e a ] && [ -e b ]'
	refuses '	[ "$status" -eq 0 ] && [ -z "$errors" ]'
	refuses '	[[ $a == *b* ]] && [[ $c == *d* ]]'
	refuses '[[ $a == b ]] && grep -q word file'
	refuses 'grep -q word file && [ -e b ]'
	refuses '[ -e a ] &&' # its next line goes with it
	refuses '( [ -e a ] && [ -e b ] )'
	refuses 'if [ -e a ]; then [ -e b ] && [ -e c ]; fi'
	refuses 'if [ -e a ]; then' '	[ -e b ] && [ -e c ]'
	refuses 'while [ -e a ] &&' '	[ -e b ]; do' '	[ -e c ] && [ -e d ]'
}

@test "the check refuses to skip in setup_file" {
	refuses 'setup_file() {' '	true || skip "no reason: $?"'
	refuses 'setup_file() {' '	true || skip_or_fail none'
}

@test "the check accepts what can fail" {
	accepts 'run ! grep -q word file' 'run -1 grep -q word file'
	accepts '[ -e a ]' '[ ! -e b ]' '[[ ! -e b ]]' '[[ -e a && ! -e b ]]'
	accepts 'setup_file() {' '	true || echo skip >refused' '}' 'setup() {' '	false || skip' '}'
	accepts 'if ! grep -q word file; then' '	false' 'fi'
	accepts 'if [ -e a ] &&' '	! [ -e b ]; then' '	false' 'fi'
	accepts 'while [ -e a ] && [ -e b ]; do false; done'
	accepts '[ -e a ] || skip "no a" # ! b && c'
	accepts 'run sh -c '\''cd a &&' '	! cat b'\' 'echo "a && ! b"' 'here=$(cd a && pwd)'
	accepts 'cat <<-END' '	! text && text' '	END' 'cat <<'\''END'\''' '! text' 'END'
}

@test "no bats file has one of them" {
	cd "$top_srcdir" || return 1
	files=(tests/*.bats tests/*/*.bats tests/*.bash)
	[ "${#files[@]}" -ge 9 ]
	run -0 awk -f "$check" "${files[@]}"
}
