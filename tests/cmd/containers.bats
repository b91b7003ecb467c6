#!/usr/bin/env bats
# The view of containers as text and as a table.
# shellcheck disable=SC2154 # set by apart

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$top_builddir
	demo=$top_srcdir/data/demo.json
	cd "$BATS_TEST_TMPDIR" || return 1
}

@test "-t containers: a line for each container, with -d and -dd what is in it" {
	apart 0 "$bin/nsbrowse" --tree -t containers "$demo"
	head -n 1 printed | grep -q '^host types '
	run ! grep -E '^ *(net|pid|user):\[' printed
	apart 0 "$bin/nsbrowse" --tree -t containers -d "$demo"
	[ "$(grep -c ':\[' printed)" -eq "$(grep -c '^ *{"type": "' "$demo")" ]
	apart 0 "$bin/nsbrowse" --tree -t containers -dd "$demo"
	[ "$(grep -cE '(├|└)── [0-9]+ "' printed)" -eq "$(grep -c '^ *{"pid": [0-9]*, "ppid"' "$demo")" ]
}

@test "-t containers: the columns are of its own, container is in each view" {
	apart 0 "$bin/nsbrowse" -t containers --columns=+kind,image,trust "$demo"
	head -n 1 printed | grep -qE '^CONTAINER +TYPES +PROCS +USERS +LEADER +KIND +IMAGE +TRUST$'
	for view in user net all processes containers; do
		apart 0 "$bin/nsbrowse" -t "$view" --columns=container "$demo"
		head -n 1 printed | grep -q '^CONTAINER$'
	done
	apart 2 "$bin/nsbrowse" -t containers --columns=inode "$demo"
	apart 2 "$bin/nsbrowse" -t net --columns=types "$demo"
}

@test "-t containers: no picture has them alone" {
	for form in --svg --dot; do
		apart 2 "$bin/nsbrowse" -t containers $form "$demo"
		[[ $(cat errors) == "nsbrowse: --view: DOT and SVG show containers beside namespaces "* ]]
	done
}
