#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# DOT and SVG from the command line.
# shellcheck disable=SC2154 # apart sets stderr

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$top_builddir
	demo=$top_srcdir/data/demo.json
	cd "$BATS_TEST_TMPDIR" || return 1
}

# A snapshot with so many children of the initial user namespace, in which nothing is, and of whom
# UID says: many.json.
many_children() {
	children=$(for ((n = 1; n <= $1; n++)); do
		printf ', {"type": "user", "inode": %d, "dev": 4, "id": null,
		"parent": 4026531837, "parent_state": "known", "owner": 4026531837,
		"owner_state": "known", "owner_uid": %d, "owner_name": %s,
		"owner_uid_state": "known", "leader": null, "processes": 0, "held_by": [],
		"uid_map": null, "gid_map": null, "setgroups": null,
		"maps_state": "failed"}' $((4026540000 + n)) $((n * $2 + 1000)) "$3"
	done)
	cat >many.json <<-END
	{"format": "nsbrowse-snapshot", "version": 1, "program": "test", "host": {"name": "db7",
	"kernel": "6.18", "boot_id": "b", "taken": "2026-11-23T15:04:00Z", "hertz": 100,
	"booted": "2026-11-20T05:09:00Z", "euid": 0, "sources": ["process"], "processes": 0,
	"unreadable": 0, "complete": true}, "namespaces": [{"type": "user", "inode": 4026531837,
	"dev": 4, "id": null, "parent": null, "parent_state": "initial", "owner": null,
	"owner_state": "initial", "owner_uid": 0, "owner_name": "root", "owner_uid_state": "known",
	"leader": null, "processes": 0, "held_by": [], "uid_map": null, "gid_map": null,
	"setgroups": null, "maps_state": "failed"}$children], "processes": [], "notes": []}
	END
}

@test "--collapse: a hundred alike are one box, in files only when asked" {
	many_children 12 0 '"harald"'
	apart 0 "$bin/nsbrowse" --svg many.json
	[ "$(grep -c '<g id="ns-' printed)" -eq 13 ]
	apart 0 "$bin/nsbrowse" --svg --collapse many.json
	[ "$(grep -c '<g id="ns-' printed)" -eq 1 ]
	grep -q '<g id="group-ns-4026540001" .*12 × user, owner harald' printed
	apart 0 "$bin/graphns" -f many.json --collapse
	grep -q 'label="12 × user, owner harald\\nno process"' printed
	[ "$(grep -- ' -> ' printed | grep -vc '"legend-')" -eq 1 ]
	apart 0 "$bin/graphns" -f many.json
	[ "$(grep -- ' -> ' printed | grep -vc '"legend-')" -eq 12 ]
}

@test "-d: what one owns is in its box, or in a note; -dd: in boxes of its own" {
	apart 0 "$bin/nsbrowse" --svg -d "$demo"
	[ "$(grep -c '<g id="ns-' printed)" -eq 25 ]
	grep -q '<g id="ns-4026532936" .*>mnt 3: podman, web, runner<' printed
	apart 0 "$bin/nsbrowse" --svg -dd "$demo"
	[ "$(grep -c '<g id="ns-' printed)" -eq 88 ]
	run ! grep -q 'mnt 3: podman' printed
	apart 0 "$bin/graphns" -d -f "$demo"
	grep -q 'label=".*mnt 3: podman, web, runner\\l' printed
	run ! grep -q 'class="ns mnt"' printed
	apart 0 "$bin/graphns" --details -d -f "$demo"
	grep -q 'class="ns mnt"' printed
	# Text has one form.
	apart 0 "$bin/lsuserns" -d -f "$demo"
	mv printed tree
	prints "$bin/lsuserns" -dd -f "$demo" <tree
	prints "$bin/nsbrowse" --tree -dd "$demo" <tree
}

@test "-t: DOT and SVG of one hierarchy" {
	apart 0 "$bin/nsbrowse" --svg "$demo"
	[ "$(grep -c 'class="panel ' printed)" -eq 2 ]
	for view in user pid net all; do
		apart 0 "$bin/nsbrowse" --svg -t $view "$demo"
		[ "$(grep -c 'class="panel ' printed)" -eq 1 ]
		apart 0 "$bin/graphns" -t $view -f "$demo"
		[ "$(grep -cE 'subgraph cluster_(user|pid) ' printed)" -eq 1 ]
	done
	for form in --svg --dot; do
		apart 2 "$bin/nsbrowse" -t processes $form "$demo"
		[[ $stderr == "nsbrowse: --view: DOT and SVG cannot show processes "* ]]
	done
	apart 2 "$bin/graphns" -t processes -f "$demo"
	apart 0 "$bin/nsbrowse" --tree -t processes "$demo"
}

@test "--theme: the colours of SVG and DOT; that of the config file is of the screen" {
	mkdir -p config/nsbrowse
	echo 'theme = dark' >config/nsbrowse/config
	export XDG_CONFIG_HOME=$PWD/config
	prints "$bin/nsbrowse" --svg "$demo" <"$top_srcdir/data/demo.svg"
	for form in svg dot; do
		apart 0 "$bin/nsbrowse" --$form --theme=auto "$demo"
		cp printed auto.$form
		prints "$bin/nsbrowse" --$form "$demo" <auto.$form
		for theme in light dark mono; do
			apart 0 "$bin/graphns" -o $theme.$form --theme=$theme -f "$demo"
		done
		grep -q '#0d1117' dark.$form
		run ! grep -q '#0d1117' light.$form
		# Black and white alone; contrast is the same.
		run ! grep -qE '"#[0-9a-f]{6}"' <(sed -E 's/"#(000000|ffffff)"//g' mono.$form)
		prints "$bin/nsbrowse" --$form --theme=contrast "$demo" <mono.$form
	done
	# On paper dot has no other theme.
	prints "$bin/nsbrowse" --dot --theme=light "$demo" <auto.dot
	grep -q 'prefers-color-scheme: dark' auto.svg
	run ! grep -q 'prefers-color-scheme' light.svg
	if [ -x /usr/bin/dot ]; then
		apart 0 "$bin/nsbrowse" --layout=dot --svg --theme=dark "$demo"
		grep -q '#0d1117' printed
	fi
}

@test "--layout: Graphviz lays an SVG out, as a file and as standard output; nothing else" {
	for option in --dot --tree --json "-o a.dot"; do
		# shellcheck disable=SC2086 # two words
		apart 2 "$bin/nsbrowse" --layout=dot $option "$demo"
		[[ $stderr == "nsbrowse: --layout: needs SVG "* ]]
	done
	apart 2 "$bin/graphns" --layout=twopi -f "$demo"
	prints "$bin/nsbrowse" --svg --layout=tree "$demo" <"$top_srcdir/data/demo.svg"
	# Too many nodes, with those of the legend, are refused before Graphviz is started.
	many_children 1496 1 null
	apart 1 "$bin/nsbrowse" --layout=dot -o many.svg many.json
	[ ! -e many.svg ]
	[ "$stderr" = "nsbrowse: many.svg: 1501 nodes are too many for dot (at most 1500): use --collapse or the built-in layout" ]
	if [ ! -x /usr/bin/dot ]; then
		apart 1 "$bin/graphns" --layout=dot -o a.svg -f "$demo"
		[ "$stderr" = "graphns: a.svg: Graphviz is not installed (dot)" ]
		return 0
	fi
	apart 0 "$bin/graphns" --layout=dot -o a.svg -f "$demo"
	grep -q 'Generated by graphviz' a.svg
	grep -q 'ns&#45;4026532583' a.svg
	prints "$bin/nsbrowse" --svg --layout=dot "$demo" <a.svg
}

@test "data/demo.svg is what graphns makes of the demo" {
	apart 0 "$bin/graphns" -f "$demo" -o demo.svg
	cmp demo.svg "$top_srcdir/data/demo.svg"
}

@test "the ids and classes of an SVG are those of graphns(1)" {
	sed -n '/^\.Sh SVG/,/^\.Sh EXIT/p' "$top_srcdir/data/graphns.1" >page
	apart 0 "$bin/graphns" -f "$demo" --collapse -dd -o classes.svg
	grep -oE '<(g|path) [^>]*class="[^"]*"' classes.svg | sed 's/.*class="//; s/"//' |
		grep -vE '^(panel|legend|user-|rule|fold|tip )' | tr ' ' '\n' | sort -u |
		grep -vxE 'pid|user|mnt|net|uts|ipc|cgroup|time|owner-[0-9]' >classes
	[ -s classes ]
	while read -r class; do
		grep -qxE "\.Cm $class( [.,;])?" page || echo "$class"
	done <classes >missing
	diff /dev/null missing
	grep -q '<g id="ns-4026531836" class="ns pid top"' classes.svg
}

@test "the network picture is one of network namespaces, in DOT and SVG" {
	for wrong in "--svg" "-t net" "-t user --svg" "-t net --json" "-t all --dot"; do
		# shellcheck disable=SC2086 # words
		run -2 "$bin/nsbrowse" -w $wrong "$demo"
		[[ $output == *"needs --view=net and DOT or SVG"* ]]
	done
	run -0 "$bin/nsbrowse" -w -t net --svg "$demo"
	[[ $output == *" network namespaces, "* ]]
	run -0 "$bin/nsbrowse" --network --view=net --dot "$demo"
	[[ $output == *'class="ns net"'* ]]
}
