#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# In a guest: scans a scene in which all that a kernel may show is planted, once for each line of
# `variants`, and runs the tests of /tests. Prints an archive of what they said, in base64:
#
#   before.json, VARIANT.json  a scan before the scene, and those of the scene
#   truth                      what was planted (tests/scenes/scene.h)
#   NAME.err, NAME.status      of all commands: standard error, and the exit status
#   TEST.log                   of a test of /tests, and of `identity`
#   began, seconds             the time since the boot, at first and at the end
#   VARIANT.tries              how often it was scanned
out=/tmp/results

# keep NAME SUFFIX COMMAND [ARG]...: runs it, its output goes to NAME.SUFFIX.
keep() {
	kept=$out/$1 suffix=$2
	shift 2
	timeout -k 5 "${limit:-60}" "$@" >"$kept.$suffix" 2>"$kept.err" </dev/null
	echo $? >"$kept.status"
}

# variant NAME LETTERS [OPTION]...: on a busy machine what is read may take too long.
variant() {
	name=$1
	case $2 in
	default) unset NSBROWSE_TEST_INTERFACES ;;
	-) export NSBROWSE_TEST_INTERFACES='' ;;
	*) export NSBROWSE_TEST_INTERFACES="$2" ;;
	esac
	shift 2
	for try in 1 2 3; do
		keep "$name" json /nsbrowse --json "$@"
		grep -q '"partial": \[[^]]*"waiting"' "$out/$name.json" || break
	done
	echo "$try" >"$out/$name.tries"
}

# In the scene, which starts this script again.
look() {
	unset limit
	cp "$SCENE_TRUTH" "$out/truth"
	while read -r line; do
		# shellcheck disable=SC2086 # words
		case $line in
		'#'* | '') ;;
		*) variant $line ;;
		esac
	done </variants
}

case ${1:-} in
look)
	look
	exit
	;;
esac
mkdir -p "$out"
cut -d ' ' -f 1 /proc/uptime >"$out/began"
keep before json /nsbrowse --json
keep version out /nsbrowse --version --verbose
limit=600 keep scene out /tests/scenes/scene --host ladder /guest.sh look
limit=120 IDENTITY_STEPS='churn leader replace' keep identity log \
	/tests/scenes/scene identity /tests/scan/identity.sh /tests/scan/discover
for test in /tests/*/test_*; do
	[ ! -x "$test" ] || keep "${test##*/}" log "$test"
done
cut -d ' ' -f 1 /proc/uptime >"$out/seconds"
tar -C "$out" -czf - . | base64
