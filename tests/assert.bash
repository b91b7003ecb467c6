# Conditions that several bats files use. Each fails the test in which it does not hold.

# apart STATUS COMMAND [ARG]...: the command must exit with STATUS. Its outputs are kept apart, in
# $output and $stderr, and to the byte in the files printed and errors.
apart() {
	local expected=$1
	shift
	status=0
	"$@" >printed 2>errors || status=$?
	# shellcheck disable=SC2034 # for the test
	output=$(cat printed)
	stderr=$(cat errors)
	echo "$*: exit $status, $stderr" # shown if the test fails
	[ "$status" -eq "$expected" ]
}

# no_error: nothing is in errors but the reasons of a partial view, such as that of the demo.
no_error() {
	count ': partial view: ' errors "$(wc -l <errors)"
}

# prints COMMAND [ARG]...: the command must succeed and print exactly what standard input has, and no
# error.
prints() {
	apart 0 "$@" </dev/null
	no_error
	diff - printed
}

# count PATTERN FILE NUMBER: that many lines of the file match.
count() {
	local n
	n=$(grep -cE "$1" "$2") || [ "$n" = 0 ]
	echo "$1: $n lines" # shown if the test fails
	[ "$n" -eq "$3" ]
}

# skip_or_fail REASON: skips the test, but fails it where no test may skip.
skip_or_fail() {
	if [ "${NSBROWSE_REQUIRE_ALL:-}" = 1 ]; then
		echo "may not skip: $1"
		return 1
	fi
	skip "$1"
}

# try_first REASON COMMAND [ARG]...: in setup_file, which cannot skip: the very thing that all tests of
# the file need. If it fails, skip_refused in setup skips each of them.
try_first() {
	"${@:2}" || echo "$1: $?" >"$BATS_FILE_TMPDIR/refused"
}

skip_refused() {
	[ ! -e "$BATS_FILE_TMPDIR/refused" ] || skip_or_fail "$(cat "$BATS_FILE_TMPDIR/refused")"
}

# needs_user_namespaces: skips the test if none can be made.
needs_user_namespaces() {
	unshare --user true || skip_or_fail "no user namespaces: $?"
}

# figure ROW TEXT: what was measured for a row of tests/trust/rows. `make check-trust` prints it.
figure() {
	echo "# $1: $2" >&3
}
