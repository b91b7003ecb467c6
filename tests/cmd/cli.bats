#!/usr/bin/env bats
# The four programs from the command line.

setup() {
	bin=$top_builddir
	demo=$top_srcdir/data/demo.json
	holders=$top_srcdir/tests/cmd/holders.json
	cd "$BATS_TEST_TMPDIR" || return 1
}

# Runs a program; its two outputs apart, in $output and $errors.
apart() {
	status=0
	output=$("$@" 2>errors) || status=$?
	errors=$(cat errors)
}

@test "--help and --version go to standard output" {
	for program in nsbrowse lsuserns lspidns graphns; do
		apart "$bin/$program" --help
		[ "$status" -eq 0 ] && [ -z "$errors" ]
		[[ $output == "Usage: $program "* ]]
		apart "$bin/$program" --version
		[ "$status" -eq 0 ] && [[ $output == "$program "[0-9]* ]]
	done
}

@test "--version --verbose: what is built in, what the kernel offers, what rights are left" {
	for arguments in "--version --verbose" "--verbose -V"; do
		# shellcheck disable=SC2086 # a list
		apart "$bin/nsbrowse" $arguments
		[ "$status" -eq 0 ] && [ -z "$errors" ]
		[ "$(sed 1q <<<"$output")" = "$("$bin/nsbrowse" --version)" ]
		! sed 1d <<<"$output" | grep -qv '^[a-zA-Z_ ]*\( (Linux [0-9.]*)\)\?: .'
	done
	grep -q '^libraries: ncursesw [0-9.]*, libcgraph [0-9.]*, jansson [0-9.]*, libcap-ng [0-9.]*$' <<<"$output"
	grep -qx "kernel: Linux $(uname -r)" <<<"$output"
	grep -q '^namespace ids (Linux 6.18): \(yes\|no\)$' <<<"$output"
	grep -qx 'default sources: process thread fd mount mntns' <<<"$output"
	grep -qx 'no_new_privs: yes' <<<"$output"
	grep -qx 'dumpable: no' <<<"$output"
	# Nothing but the two that reading /proc needs.
	! grep '^capabilities: ' <<<"$output" | grep -oE 'cap_[a-z_]+' |
		grep -vx 'cap_sys_ptrace\|cap_dac_read_search'
	apart "$bin/nsbrowse" --version --verbose --no-sandbox
	[ "$status" -eq 0 ]
}

@test "wrong usage: one line, a pointer to --help, exit 2" {
	for arguments in "--no-such-option" "-x" "--view=nonsense" "--color=blue" "--delay=-1" \
		"--delay=x" "--output" "-o picture.png" "--tree=yes" "one two" "--scan=nonsense" "--scan=thread,listns" \
		"--scan" "--users" "-l" "--verbose" "--leaked --json" "--leaked -o list.svg"; do
		# shellcheck disable=SC2086 # a list
		apart "$bin/nsbrowse" $arguments
		echo "$arguments: $status $errors"
		[ "$status" -eq 2 ] && [ -z "$output" ]
		[ "$(wc -l <errors)" -eq 1 ]
		[[ $errors == "nsbrowse: "*"(see nsbrowse --help)" ]]
	done
	apart "$bin/lspidns" --details
	[ "$status" -eq 2 ]
	apart "$bin/lsuserns" -u
	[ "$status" -eq 2 ]
	apart "$bin/nsbrowse" --scan=listns
	[ "$errors" = "nsbrowse: listns: listns is not built yet (see nsbrowse --help)" ]
	apart "$bin/lsuserns" argument
	[ "$status" -eq 2 ]
}

@test "help, man page and completion know the same options" {
	for program in nsbrowse lsuserns lspidns graphns; do
		page=$top_srcdir/data/$program.1
		[ -e "$page" ] || page=$page.in
		"$bin/$program" --help | grep -oE -- '--[a-z-]+' | grep -vx -- --help | sort -u >in_help
		sed -n '/^\.Sh OPTIONS/,/^\.Sh SCREEN/p' "$page" | grep -oE '^\.It .*' |
			grep -oE 'Fl -[a-z-]+' | sed 's/^Fl -/--/' | grep -vx -- --help | sort -u >in_page
		diff in_help in_page
		bash -c '. "$1"; _nsbrowse_options "$2"' - "$top_srcdir/data/completion.bash" "$program" |
			tr ' ' '\n' | grep -oE -- '--[a-z-]+' | grep -vx -- --help | sort -u >in_completion
		diff in_help in_completion
	done
}

@test "the demo, as every program prints it, without rights" {
	apart "$bin/nsbrowse" --tree "$demo"
	[ "$status" -eq 0 ] && [ -z "$errors" ]
	tree=$output
	[ "$(grep -c . <<<"$tree")" -eq "$(grep -c '^ *{"type": "user"' "$demo")" ]
	[ "$("$bin/lsuserns" -f "$demo")" = "$tree" ]
	[ "$("$bin/nsbrowse" "$demo")" = "$tree" ] # no terminal: the tree
	[ "$("$bin/nsbrowse" - <"$demo")" = "$tree" ]
	[ "$("$bin/nsbrowse" <(cat "$demo"))" = "$tree" ]
	[ "$("$bin/lspidns" -f "$demo")" = "$("$bin/nsbrowse" --tree -t pid "$demo")" ]
	[ "$("$bin/lspidns" -f "$demo" | wc -l)" -eq "$(grep -c '^ *{"type": "pid"' "$demo")" ]
	[ "$("$bin/graphns" -f "$demo")" = "$("$bin/nsbrowse" --dot "$demo")" ]
	"$bin/lsuserns" --json -f "$demo" | cmp - "$demo"
}

# What "$@" prints is exactly standard input.
prints() {
	"$@" >printed && diff - printed
}

@test "-d: what holds a namespace that no process is in" {
	prints "$bin/lsuserns" -d -f "$holders" <<'END'
user:[4026531837] process "systemd" owner root (0)
 ⟜ mnt:[4026531832] process "systemd"
 ⟜ net:[4026531833] process "systemd"
 ⟜ net:[4026532600] held by mount /run/netns/blue
 ⟜ net:[4026532601] held by fd 5 of podman (1402) and 2 more
 ⟜ net:[4026532602] held by fd 6 of podman (1402) and 1 more
 ⟜ net:[4026532603] held by socket fd 9 of bash (1468)
 ⟜ pid:[4026531836] process "systemd"
 ⟜ time:[4026531834] process "systemd"
 ⟜ time:[4026532610] held by children-to-be of podman (1402)
 ⟜ uts:[4026531838] process "systemd"
 ├── user:[4026532582] process owner harald (1000)
 │   └── user:[4026532583] process "bash" owner harald (1000)
 │       ⟜ net:[4026532604] held by fd 3 of PID 999
 │       ⟜ pid:[4026532585] held by child pid:[4026532586]
 │       ⟜ pid:[4026532586] process "python3"
 └── user:[4026532590] process owner 4711 (4711)
END
}

@test "-l: PIDs, processes and holders behind each line" {
	prints "$bin/lsuserns" -l -f "$holders" <<'END'
user:[4026531837] process "systemd" owner root (0) pid 1/1 processes 2 held by 2 children, 10 owned
 ├── user:[4026532582] process owner harald (1000) held by 1 fd, 1 child
 │   └── user:[4026532583] process "bash" owner harald (1000) pid 1468/1468 processes 2 held by 3 owned
 └── user:[4026532590] process owner 4711 (4711) held by 2 fds, 1 mount
END
	prints "$bin/lspidns" --long -f "$holders" <<'END'
pid:[4026531836] process "systemd" owner user:[4026531837] root (0) pid 1/1 processes 3 held by 2 children
 ├── pid:[4026532585] process owner user:[4026532583] harald (1000) held by 1 child
 │   └── pid:[4026532586] process "python3" owner user:[4026532583] harald (1000) pid 1502/1 processes 1
 └── pid:[4026532587] process owner unknown held by 2 children-to-be
END
	"$bin/nsbrowse" --tree --long -d "$holders" >long
	"$bin/lsuserns" -ld -f "$holders" | cmp - long
	grep -F ' net:[4026532601] held by fd 5 of podman (1402) and 2 more held by 1 fd, 1 mount, 1 socket' long
	grep -F ' net:[4026532602] held by fd 6 of podman (1402) and 1 more held by 1 fd, 1 thread' long
	# The same lines, with something behind them.
	"$bin/nsbrowse" --tree -d "$holders" >short
	cut -b -20 short >begin
	cut -b -20 long | cmp - begin
}

@test "lspidns -u: PID namespaces under the user namespaces that own them" {
	prints "$bin/lspidns" -u -f "$holders" <<'END'
(outside this view)
 ├── pid:[4026532587] process owner unknown
 └── user:[4026531837] process "systemd" owner root (0)
     ├── pid:[4026531836] process "systemd" owner user:[4026531837] root (0)
     ├── user:[4026532582] process owner harald (1000)
     │   └── user:[4026532583] process "bash" owner harald (1000)
     │       ├── pid:[4026532585] process owner user:[4026532583] harald (1000)
     │       └── pid:[4026532586] process "python3" owner user:[4026532583] harald (1000)
     └── user:[4026532590] process owner 4711 (4711)
END
	"$bin/lspidns" --users -l -f "$demo" >tree
	[ "$(grep -c 'user:\[[0-9]*\] process' tree)" -eq "$("$bin/lsuserns" -f "$demo" | wc -l)" ]
	[ "$(grep -c ' pid:\[[0-9]*\] process' tree)" -eq "$("$bin/lspidns" -f "$demo" | wc -l)" ]
}

@test "-t: every view as text" {
	prints "$bin/nsbrowse" --tree -t net "$holders" <<'END'
(outside this view)
 ├── net:[4026532605] held by mount /run/netns/far
 └── user:[4026531837] process "systemd" owner root (0)
     ├── net:[4026531833] process "systemd"
     ├── net:[4026532600] held by mount /run/netns/blue
     ├── net:[4026532601] held by fd 5 of podman (1402) and 2 more
     ├── net:[4026532602] held by fd 6 of podman (1402) and 1 more
     ├── net:[4026532603] held by socket fd 9 of bash (1468)
     └── user:[4026532582] process owner harald (1000)
         └── user:[4026532583] process "bash" owner harald (1000)
             └── net:[4026532604] held by fd 3 of PID 999
END
	for type in mnt net uts ipc cgroup time; do
		"$bin/nsbrowse" --tree -t "$type" "$demo" >tree
		[ "$(grep -c " $type:\[" tree)" -eq "$(grep -c "^ *{\"type\": \"$type\"" "$demo")" ]
	done
	"$bin/nsbrowse" --tree -t all "$demo" >tree
	[ "$(grep -c . tree)" -eq "$(grep -c '^ *{"type": "' "$demo")" ]
	"$bin/nsbrowse" --tree -t processes "$demo" >tree
	[ "$(grep -c . tree)" -eq "$(grep -c '^ *{"pid": [0-9]*, "ppid"' "$demo")" ]
	grep -q '^ │   ├── 21007 "backup.sh" user 4711 (4711) differs mnt user$' tree
	apart "$bin/nsbrowse" --tree -t containers "$demo"
	[ "$status" -eq 2 ]
}

@test "--leaked: what just a descriptor, mount or socket keeps alive" {
	cat >expected <<'END'
net:[4026532600] owner user:[4026531837] root (0) held by mount /run/netns/blue
net:[4026532601] owner user:[4026531837] root (0) held by fd 5 of podman (1402); mount /run/a\x0ab; socket fd 11 of podman (1402)
net:[4026532603] owner user:[4026531837] root (0) held by socket fd 9 of bash (1468)
net:[4026532604] owner user:[4026532583] harald (1000) held by fd 3 of PID 999
net:[4026532605] owner unknown held by mount /run/netns/far
user:[4026532590] owner 4711 (4711) held by fd 3 of podman (1402); fd 4 of podman (1402); mount /run/ns/u1
END
	prints "$bin/nsbrowse" --tree --leaked "$holders" <expected
	prints "$bin/nsbrowse" --leaked "$holders" <expected
	prints "$bin/nsbrowse" --leaked --ascii -t pid -o - "$holders" <expected
	"$bin/nsbrowse" --leaked -o list.txt "$holders"
	cmp list.txt expected
	apart "$bin/nsbrowse" --leaked "$top_srcdir/tests/snapshot/fixtures/partial.json"
	[ "$status" -eq 0 ] && [ -z "$errors" ]
}

@test "--scan: what was looked at is in the snapshot" {
	for program in nsbrowse lsuserns lspidns; do
		"$bin/$program" --scan=quick --json 2>errors | grep -o '"sources": \[[^]]*\]' >sources
		[ "$(cat sources)" = '"sources": ["process"]' ]
	done
	"$bin/graphns" --scan quick >dot
	grep -q '^digraph' dot
	"$bin/nsbrowse" --scan=-fd,-mount,-mntns,-thread --json 2>errors >snapshot
	grep -qF '"sources": ["process"]' snapshot
}

@test "--ascii and LC_ALL=C and a pipe" {
	"$bin/lsuserns" -d --ascii -f "$demo" >text
	! LC_ALL=C grep -q '[^ -~]' text
	grep -q '^ |-- user:' text
	grep -q ' o net:' text
	LC_ALL=C "$bin/lsuserns" -d -f "$demo" >in_c
	LC_ALL=C.UTF-8 "$bin/lsuserns" -d -f "$demo" | cmp - in_c
}

@test "colours: never into a pipe, always when asked, NO_COLOR" {
	! "$bin/lsuserns" -f "$demo" | grep -q $'\e'
	"$bin/lsuserns" -c -f "$demo" | grep -q $'\e\['
	! "$bin/lsuserns" --color=never -f "$demo" | grep -q $'\e'
	NO_COLOR=1 "$bin/lsuserns" --color=always -f "$demo" | grep -q $'\e\['
}

@test "-o: the form follows the suffix, the file appears whole and private" {
	for suffix in txt json dot gv svg; do
		apart "$bin/nsbrowse" -o "file.$suffix" "$demo"
		[ "$status" -eq 0 ] && [ -z "$output$errors" ]
		[ "$(stat -c %a "file.$suffix")" = 600 ]
	done
	cmp file.json "$demo"
	cmp file.dot file.gv
	grep -q '^digraph' file.dot
	grep -q '</svg>' file.svg
	"$bin/nsbrowse" --tree "$demo" | cmp - file.txt
	"$bin/nsbrowse" --json -o named.txt "$demo"
	cmp named.txt "$demo"
	[ "$("$bin/nsbrowse" -o - "$demo")" = "$(cat file.txt)" ]
	[ "$(ls | grep -cv '^file\.\|^named\.txt$\|^errors$')" -eq 0 ]
}

@test "-o: what is there is not lost" {
	echo old >plain.svg
	ln -s plain.svg link.svg
	ln -s nowhere dangling.svg
	mkfifo fifo.svg
	mkdir dir.svg
	for target in plain link dangling fifo dir; do
		apart timeout 5 "$bin/nsbrowse" -o "$target.svg" "$demo"
		echo "$target: $status $errors"
		[ "$status" -eq 1 ] && [ "$(wc -l <errors)" -eq 1 ]
		[[ $errors == "nsbrowse: $target.svg: "* ]]
	done
	for target in link dangling fifo dir; do
		apart timeout 5 "$bin/nsbrowse" --force -o "$target.svg" "$demo"
		[ "$status" -eq 1 ]
		[ "$errors" = "nsbrowse: $target.svg: not a regular file" ]
	done
	apart timeout 5 "$bin/nsbrowse" --svg --force -o /dev/null "$demo"
	[ "$status" -eq 1 ] && [ "$errors" = "nsbrowse: /dev/null: not a regular file" ]
	[ "$(cat plain.svg)" = old ] && [ -L link.svg ] && [ -L dangling.svg ] && [ -p fifo.svg ]
	[ ! -e nowhere ]
	apart "$bin/nsbrowse" --force -o plain.svg "$demo"
	[ "$status" -eq 0 ] && grep -q '</svg>' plain.svg
	[ "$(ls -A | wc -l)" -eq 6 ]
}

@test "a full disk and a closed output are errors" {
	apart sh -c '"$0" --tree "$1" >/dev/full' "$bin/nsbrowse" "$demo"
	[ "$status" -eq 1 ] && [ "$errors" = "nsbrowse: standard output: No space left on device" ]
	for form in tree json dot svg; do
		apart sh -c '"$0" --$2 "$1" >&-' "$bin/nsbrowse" "$demo" $form
		[ "$status" -eq 1 ] && [ "$errors" = "nsbrowse: standard output: Bad file descriptor" ]
		apart sh -c '"$0" --$2 "$1" >/dev/full' "$bin/nsbrowse" "$demo" $form
		[ "$status" -eq 1 ] && [ "$(wc -l <errors)" -eq 1 ]
	done
	apart "$bin/nsbrowse" -o /proc/none/x.svg "$demo"
	[ "$status" -eq 1 ] && [ "$errors" = "nsbrowse: /proc/none/x.svg: No such file or directory" ]
}

@test "snapshots that cannot be: one line, exit 1" {
	mkfifo fifo.json
	mkdir dir.json
	echo '{"format": "nsbrowse-snapshot", "version": 2}' >new.json
	echo 'no json' >bad.json
	: >empty.json
	head -c 2000 "$demo" >cut.json
	for file in none.json fifo.json dir.json new.json bad.json empty.json cut.json /dev/zero; do
		apart timeout 5 "$bin/nsbrowse" --tree "$file"
		echo "$file: $status $errors"
		[ "$status" -eq 1 ] && [ -z "$output" ] && [ "$(wc -l <errors)" -eq 1 ]
		[[ $errors == "nsbrowse: $file: "* ]]
	done
	apart "$bin/nsbrowse" --tree new.json
	[[ $errors == *"version 2"* ]]
	apart "$bin/nsbrowse" --tree fifo.json
	[ "$errors" = "nsbrowse: fifo.json: not a regular file" ]
	apart "$bin/nsbrowse" --tree $'escape\e[31m.json'
	[ "$errors" = 'nsbrowse: escape\x1b[31m.json: No such file or directory' ]
}

@test "this host: every form, and a snapshot of it says the same" {
	apart "$bin/nsbrowse" --json
	[ "$status" -eq 0 ]
	printf '%s\n' "$output" >now.json
	"$bin/nsbrowse" --json now.json | cmp - now.json
	for form in tree dot svg; do
		"$bin/nsbrowse" --$form now.json >/dev/null
		apart "$bin/nsbrowse" --$form
		[ "$status" -eq 0 ]
		[ -z "$errors" ] || [[ $errors == "nsbrowse: partial view: "* ]]
	done
}

@test "TERM=dumb prints the tree" {
	TERM=dumb "$bin/nsbrowse" "$demo" >tree
	"$bin/lsuserns" -f "$demo" | cmp - tree
}

@test "--list-keys prints the table" {
	apart "$bin/nsbrowse" --list-keys
	[ "$status" -eq 0 ]
	[[ $output == *"F5 t"* ]] && [[ $output == *"F10 q"* ]]
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
	[ "$("$bin/nsbrowse" --svg many.json | grep -c '<g id="ns-')" -eq 13 ]
	[ "$("$bin/nsbrowse" --svg --collapse many.json | grep -c '<g id="ns-')" -eq 1 ]
	"$bin/nsbrowse" --svg --collapse many.json | grep -q '<g id="group-ns-4026540001" .*no process × 12'
	"$bin/graphns" -f many.json --collapse >dot
	grep -q 'label="no process × 12\\n12 user namespaces\\nowner harald (1000)"' dot
	[ "$(grep -c -- '->' dot)" -eq 1 ]
	"$bin/graphns" -f many.json >dot
	[ "$(grep -c -- '->' dot)" -eq 12 ]
}

@test "--layout: Graphviz lays an SVG out, as a file and as standard output; nothing else" {
	for option in --dot --tree --json "-o a.dot"; do
		# shellcheck disable=SC2086 # two words
		apart "$bin/nsbrowse" --layout=dot $option "$demo"
		[ "$status" -eq 2 ] && [[ $errors == "nsbrowse: --layout: is for SVG "* ]]
	done
	apart "$bin/graphns" --layout=twopi -f "$demo"
	[ "$status" -eq 2 ]
	"$bin/nsbrowse" --svg --layout=tree "$demo" | cmp - "$top_srcdir/data/demo.svg"
	# Too much for it is refused before it is asked.
	many_children 1500 1 null
	apart "$bin/nsbrowse" --layout=dot -o many.svg many.json
	[ "$status" -eq 1 ] && [ ! -e many.svg ]
	[ "$errors" = "nsbrowse: many.svg: 1501 boxes are too many for dot (at most 1500): --collapse, or without it" ]
	[ -x /usr/bin/dot ] || {
		apart "$bin/graphns" --layout=dot -o a.svg -f "$demo"
		[ "$status" -eq 1 ] && [ "$errors" = "graphns: a.svg: Graphviz is not installed (dot)" ]
		return 0
	}
	"$bin/graphns" --layout=dot -o a.svg -f "$demo"
	grep -q 'Generated by graphviz' a.svg && grep -q 'ns&#45;4026532583' a.svg
	"$bin/nsbrowse" --svg --layout=dot "$demo" | cmp - a.svg
}

@test "data/demo.svg is what graphns makes of the demo" {
	"$bin/graphns" -f "$demo" -o demo.svg
	cmp demo.svg "$top_srcdir/data/demo.svg"
}
