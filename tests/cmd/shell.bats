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
	figure R17 "a limit of file sizes of 0, 1 and 4096 bytes: exit 1 and the reason, 4 formats, 0 files left"
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
	figure R17 "a pipe without a reader: exit 1, no message"
}

# few N COMMAND [ARG]...: as a user with at most N processes and threads; root has no such limit. No
# other process of the host is of that user, who is another one in each run.
few() {
	local become=() user=$((20000 + $$ % 40000))
	if [ "$(id -u)" -eq 0 ]; then
		become=(unshare --fork --pid --mount --mount-proc --kill-child
			setpriv --reuid="$user" --regid="$user" --clear-groups)
	fi
	timeout 60 "${become[@]}" prlimit --nproc="$1" "${@:2}"
}

without_sanitizer() {
	if readelf -Ws "$bin/nsbrowse" | grep -q __asan_init; then
		skip "sanitizers start threads and read /proc"
	fi
}

needs_few() {
	without_sanitizer
	[ "$(id -u)" -ne 0 ] || few 9 true || skip_or_fail "may not become another user"
	mkdir -m 777 theirs
	cd theirs || return 1
}

no_helper="nsbrowse: partial view: no helper process: command lines, names, mounts may be missing"

@test "no other process: text goes on in the first one, without the helper" {
	needs_few
	apart 0 few 1 "$bin/nsbrowse" --json
	grep -q '"partial": \[.*"no-helper".*\]' printed
	grep -q '{"pid": null, "what": "cmdline", "errno": "EPIPE"}' printed
	grep -qF '"owner_name": "root"' printed
	grep -qxF "$no_helper" errors
	apart 0 few 1 "$bin/nsbrowse" -t pid -d -o x.svg
	grep -q '</svg>' x.svg
	[ "$(stat -c %a x.svg)" = 600 ]
	apart 1 few 1 "$bin/nsbrowse" -o x.svg
	[ "${stderr##*$'\n'}" = "nsbrowse: x.svg: file exists (--force replaces it)" ]
	apart 0 few 1 "$bin/nsbrowse" --force -o x.svg "$demo"
	no_error
	for program in lsuserns lspidns; do
		apart 0 few 1 "$bin/$program"
		grep -q 'owner .*root (0)' printed
	done
	apart 0 few 1 "$bin/nsbrowse" --version --verbose
	grep -qx 'helper process: no' printed
	apart 1 few 1 "$bin/nsbrowse" --svg --layout=dot "$demo"
	[ "$stderr" = "nsbrowse: standard output: there is no helper process" ]
}

@test "few processes and threads: everything ends, and says what is missing" {
	needs_few
	for n in 1 2 3 4 5 6; do
		apart 0 few "$n" "$bin/nsbrowse" --tree -d -o "$n.txt"
		grep -q '^user:' "$n.txt"
		few_says=$(grep -cxF "$no_helper" errors || true)
		echo "$n: $few_says"
		# with 2 the helper can start no job
		[ "$n" -gt 2 ] || [ "$few_says" -eq 1 ]
		[ "$n" -gt 2 ] || grep -q 'owner root (0)' "$n.txt"
		[ "$n" -lt 4 ] || [ "$(id -u)" -ne 0 ] || [ "$few_says" -eq 0 ]
	done
}

@test "no /proc: every program says so" {
	without_sanitizer
	local args=(-m)
	[ "$(id -u)" -eq 0 ] || args=(-Urm)
	unshare "${args[@]}" mount -t tmpfs none /proc || skip_or_fail "may not mount"
	for program in nsbrowse lsuserns lspidns graphns; do
		# shellcheck disable=SC2016 # expands in there
		apart 1 unshare "${args[@]}" sh -c 'mount -t tmpfs none /proc && exec "$0"' "$bin/$program"
		[ "$stderr" = "$program: /proc is not mounted" ]
		[ -z "$output" ]
	done
}

@test "no other process, under sudo: files go only where the caller may write" {
	without_sanitizer
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	refuse=$top_builddir/tests/cmd/refuse
	world=(unshare --fork --pid --mount-proc --kill-child "$refuse" processes EAGAIN)
	"${world[@]}" true || skip_or_fail "no filter of system calls: $?"
	chmod 755 .
	mkdir -m 777 theirs
	mkdir -m 700 closed
	mkdir -m 755 ours
	mkdir -m 777 closed/open
	export SUDO_UID=54323 SUDO_GID=54323
	for sandbox in "" --no-sandbox; do
		for source in "" "$demo"; do
			# shellcheck disable=SC2086 # none, or one
			apart 1 "${world[@]}" "$bin/nsbrowse" $sandbox -o closed/open/x.txt $source
			[ -z "$(ls -A closed/open)" ]
			# The caller may list it, but only root may write.
			# shellcheck disable=SC2086 # none, or one
			apart 1 "${world[@]}" "$bin/nsbrowse" $sandbox -o ours/x.txt $source
			[ -z "$(ls -A ours)" ]
		done
	done
	apart 1 "${world[@]}" "$bin/nsbrowse" -o closed/open/x.txt
	[ "${stderr##*$'\n'}" = "nsbrowse: closed/open/x.txt: Permission denied" ]
	apart 0 "${world[@]}" "$bin/nsbrowse" -o theirs/x.txt
	[ "$(stat -c '%u:%g %a' theirs/x.txt)" = "54323:54323 600" ]
}
