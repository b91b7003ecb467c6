#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The programs write files where others have planted something, and are killed while they write. The same for the
# function that writes is in tests/base/test_atomic_file, test_atomic_file_kills and test_directory_path.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$top_builddir
	demo=$top_srcdir/data/demo.json
	cd "$BATS_TEST_TMPDIR" || return 1
}

# Microseconds.
now() {
	echo "${EPOCHREALTIME/[.,]/}"
}

# refused PATH REASON [OPTION]...: in the time that a file takes that is written, and 100 ms; one of 50 attempts is on a
# busy host. The time of the refusal itself is in tests/base/test_atomic_file.
refused() {
	local path=$1 reason=$2 start took limit
	shift 2
	for ((attempts = 50; attempts > 0; attempts--)); do
		start=$(now)
		apart 0 "$bin/nsbrowse" --force -o written.svg "$demo"
		limit=$(($(now) - start + 100000))
		start=$(now)
		apart 1 timeout 10 "$bin/nsbrowse" "$@" -o "$path" "$demo"
		took=$(($(now) - start))
		# shellcheck disable=SC2154 # of apart
		[ "$stderr" = "nsbrowse: $path: $reason" ]
		if [ "$took" -lt "$limit" ]; then
			break
		fi
	done
	[ "$took" -lt "$limit" ]
	slowest=$((took > slowest ? took : slowest))
}

@test "planted targets are refused at once" {
	slowest=0
	echo victim >victim.svg
	ln -s victim.svg link.svg
	ln -s nowhere dangling.svg
	ln -s /dev/null device.svg
	ln victim.svg hard.svg
	mkfifo fifo.svg
	mkdir directory.svg
	for target in link dangling device fifo directory; do
		refused $target.svg 'not a regular file' --force
		refused $target.svg 'not a regular file'
	done
	refused /dev/null 'not a regular file' --force --svg
	refused hard.svg 'file exists (--force replaces it)'
	apart 0 "$bin/nsbrowse" --force -o hard.svg "$demo"
	grep -q '</svg>' hard.svg
	[ "$(cat victim.svg)" = victim ]
	[ ! -e nowhere ]
	run -0 find . -name '.nsbrowse-*'
	[ -z "$output" ]
	figure R16 "nsbrowse -o: 6 planted targets and a hard link refused, the slowest in $((slowest / 1000)) ms with the start of the program"
}

@test "a link of another user to a directory is not followed" {
	slowest=0
	mkdir victim shared
	chmod 1777 shared
	ln -s ../victim shared/own
	ln -s ../victim shared/link
	chown -h 54321:54321 shared/link 2>/dev/null || skip_or_fail "a link of another user needs root"
	for form in svg json txt dot; do
		refused shared/link/x.$form 'the link of user 54321 in its path is not followed: link' --force
	done
	[ -z "$(ls -A victim)" ]
	apart 0 "$bin/nsbrowse" -o shared/own/x.svg "$demo"
	grep -q '</svg>' victim/x.svg
	rm victim/x.svg
	# The user who made it may follow it.
	chown 54321 victim
	chmod 711 . "$BATS_TEST_TMPDIR"
	if setpriv --reuid=54321 --regid=54321 --clear-groups test -x "$bin/nsbrowse" -a -r "$demo" -a -w victim; then
		apart 0 setpriv --reuid=54321 --regid=54321 --clear-groups "$bin/nsbrowse" -o shared/link/x.svg "$demo"
		[ -s victim/x.svg ]
	fi
	figure R16 "nsbrowse -o: a directory link of another user refused in 4 formats, the slowest in $((slowest / 1000)) ms with the start of the program"
}

# is_one_of FILE NAME...: the file is a copy of one of those. It is opened once: the job of a killed run may replace it
# a little later.
is_one_of() {
	local file=$BATS_TEST_TMPDIR/seen
	cat "$1" >"$file"
	shift
	for name; do
		if cmp -s "$file" "$name"; then
			return 0
		fi
	done
	ls -l "$file" "$@"
	cmp "$file" "$1"
}

# The processes of this program in this directory.
left_running() {
	local cwd
	for cwd in /proc/[0-9]*/cwd; do
		if [ "$cwd" -ef . ]; then
			grep -s '^nsbrowse' "${cwd%cwd}comm" || true
		fi
	done
}

# No process of a killed run is left.
wait_for_end() {
	local end=$((SECONDS + 20))
	while [ -n "$(left_running)" ]; do
		[ "$SECONDS" -lt "$end" ] || return 1
	done
}

@test "killed at any moment: the old file or the new one" {
	kills=20
	if [ -n "${NSBROWSE_LONG:-}" ]; then
		kills=100
	fi
	mkdir out
	apart 0 "$bin/nsbrowse" --svg -o a "$demo"
	start=$(now)
	apart 0 "$bin/nsbrowse" --json -o b "$demo"
	longest=$((($(now) - start) * 5 / 4))
	cp a out/kept
	n_killed=0
	RANDOM=4711
	for ((i = 0; i < kills; i++)); do
		form=svg
		if ((i % 2)); then
			form=json
		fi
		rm -f out/new
		for target in kept new; do
			status=0
			printf -v moment '0.%06d' $((RANDOM * longest / 32768 % 1000000 + 1))
			timeout -s KILL "$moment" "$bin/nsbrowse" --$form --force -o out/$target "$demo" || status=$?
			[ "$status" -eq 0 ] || [ "$status" -eq 137 ]
			n_killed=$((n_killed + (status == 137)))
			if [ -e out/$target ]; then
				is_one_of out/$target a b
			fi
		done
		[ -e out/kept ]
	done
	wait_for_end
	left=$(find out -name '.nsbrowse-*' | wc -l)
	# There may be none.
	touch out/.nsbrowse-0123456789abcdef
	apart 0 "$bin/nsbrowse" --force -o out/last.svg "$demo"
	run -0 find out -name '.nsbrowse-*'
	[ -z "$output" ]
	figure R16 "nsbrowse -o: $n_killed of $((2 * kills)) runs killed, 0 parts; $left temporary files, 0 after the next run"
}
