#!/usr/bin/env bats
# What a shell may take away: file sizes, the reader of a pipe, processes, /proc. The screen has
# tests of its own (test_browse_limits).

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$top_builddir
	demo=$top_srcdir/data/demo.json
	cd "$BATS_TEST_TMPDIR" || return 1
}

# The limit of files counts for standard error, too.
# limited BYTES COMMAND [ARG]...: both outputs through a pipe.
limited() {
	local bytes=$1
	shift
	# shellcheck disable=SC2016 # expands in there
	run bash -c 'set -o pipefail; prlimit --fsize="$0" "$@" 2>&1 | cat' "$bytes" "$@"
	head -n 5 <<<"$output" # shown if the test fails
}

@test "a file that may not be that large: says so, leaves nothing behind" {
	mkdir out
	for bytes in 0 1 4096; do
		for form in tree json dot svg; do
			limited "$bytes" "$bin/nsbrowse" --"$form" -d -o out/x "$demo"
			if [ "$status" -eq 0 ]; then # the whole text is smaller
				rm out/x
				continue
			fi
			[ "$status" -eq 1 ]
			[ "$output" = "nsbrowse: out/x: File too large" ]
			[ -z "$(ls -A out)" ]
			# shellcheck disable=SC2016 # expands in there
			limited "$bytes" sh -c '"$0" "$1" -d "$2" >y' "$bin/nsbrowse" --"$form" "$demo"
			[ "$status" -eq 1 ]
			[ "$output" = "nsbrowse: standard output: File too large" ]
		done
	done
	# shellcheck disable=SC2016 # expands in there
	limited 0 sh -c '"$0" --help >y' "$bin/lsuserns"
	[ "$status" -eq 1 ]
	[ "$output" = "lsuserns: standard output: File too large" ]
}

@test "no files: this host is shown all the same, and what is missing told" {
	limited 0 "$bin/nsbrowse" --json --scan=quick
	[ "$status" -eq 0 ]
	grep -q '"partial": \[.*"failed".*\]' <<<"$output"
	grep -q '{"pid": null, "what": "cmdline", "errno": "EFBIG"}' <<<"$output"
	grep -q '^nsbrowse: partial view: something could not be read$' <<<"$output"
	run ! grep -q 'in time' <<<"$output"
}

@test "a pipe without a reader: status 1, without a word" {
	for arguments in "--tree $demo" "--json $demo" "--svg $demo" --help --version --list-keys; do
		# shellcheck disable=SC2016,SC2086 # expands in there; in words
		apart 1 bash -c 'exec 3> >(exit); wait "$!"; exec "$0" "$@" >&3' "$bin/nsbrowse" $arguments
		[ -z "$stderr" ]
	done
}
