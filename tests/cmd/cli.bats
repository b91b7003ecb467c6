#!/usr/bin/env bats
# The four programs from the command line.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$top_builddir
	demo=$top_srcdir/data/demo.json
	holders=$top_srcdir/tests/cmd/holders.json
	cd "$BATS_TEST_TMPDIR" || return 1
}

@test "--help and --version go to standard output" {
	for program in nsbrowse lsuserns lspidns graphns; do
		apart 0 "$bin/$program" --help
		[ -z "$stderr" ]
		[[ $output == "Usage: $program "* ]]
		apart 0 "$bin/$program" --version
		[ -z "$stderr" ]
		[[ $output == "$program "[0-9]* ]]
	done
}

@test "--help is at most 80 columns wide" {
	for program in nsbrowse lsuserns lspidns graphns; do
		apart 0 "$bin/$program" --help
		awk -v program="$program" 'length > 80 { print program ": " $0 }' printed >>wide
	done
	diff /dev/null wide
}

@test "--version --verbose: what is built in, what the kernel offers, what rights are left" {
	apart 0 "$bin/nsbrowse" --version
	version=$output
	for arguments in "--version --verbose" "--verbose -V"; do
		# shellcheck disable=SC2086 # a list
		apart 0 "$bin/nsbrowse" $arguments
		[ -z "$stderr" ]
		[ "$(sed 1q printed)" = "$version" ]
		sed 1d printed >details
		# The table of interfaces has a line of each row.
		sed -n '/^INTERFACE /,/^refreshes: /p' details | sed '1d; $d' >table
		run -1 grep -vE '^.{23} [0-9]+\.[0-9]+ +(yes|no|not allowed \(E[A-Z]+\)|not known: .*)$' table
		run -0 grep -cE '^(JOB_)?INTERFACE\(' "$top_srcdir/src/kernel/interfaces.def"
		[ "$(wc -l <table)" -eq "$output" ]
		grep -vxFf table details | grep -v '^INTERFACE  *LINUX  *HERE$' >lines
		run -1 grep -v '^[a-zA-Z_ -]*: .' lines
	done
	grep -q '^libraries: ncursesw [0-9.]*, libcgraph [0-9.]*, libcap [0-9.]*, libmnl [0-9.]*, libseccomp [0-9a-z.]*$' details
	grep -qx "kernel: Linux $(uname -r)" details
	grep -q '^PID namespaces          3.8    yes$' details
	grep -qx "default sources: $(sources | paste -sd' ')" details
	grep -qx 'no_new_privs: yes' details
	grep -qx 'dumpable: no' details
	# Only the two capabilities that reading /proc needs.
	grep -qxE 'capabilities: (none|cap_(sys_ptrace|dac_read_search)(, cap_(sys_ptrace|dac_read_search))?)' details
	apart 0 "$bin/nsbrowse" --version --verbose --no-sandbox
}

@test "wrong usage: one line, a pointer to --help, exit 2" {
	for arguments in "--no-such-option" "-x" "--view=nonsense" "--color=blue" "--delay=-1" \
		"--delay=x" "--output" "-o picture.png" "--tree=yes" "one two" "--scan=nonsense" "--scan=thread,list" \
		"--scan" "--users" "--demo one" "-l" "--verbose" "--leaked --json" "--leaked -o list.svg" "--columns=ns --svg" \
		"--columns=ns -o picture.dot" "--columns=ns --json" "--columns=ns --long" "--metrics --leaked" "--metrics --columns=ns" "--pid=0" "--pid=x" "--pid=1x" "--pid=99999999" "--in=web" "--pid=1 --svg" "--pid=1 --leaked" "--columns=-ns,-owner,-procs,-leader"; do
		# shellcheck disable=SC2086 # a list
		apart 2 "$bin/nsbrowse" $arguments
		[ -z "$output" ]
		[ "$(wc -l <errors)" -eq 1 ]
		[[ $stderr == "nsbrowse: "*"(see nsbrowse --help)" ]]
	done
	apart 2 "$bin/lspidns" --details
	apart 2 "$bin/lsuserns" -u
	apart 2 "$bin/nsbrowse" --scan=list
	[ "$stderr" = "nsbrowse: list: --scan takes all, quick$(sources COSTLY_SOURCE | sed 's/^/, /' | tr -d '\n') (see nsbrowse --help)" ]
	apart 2 "$bin/lsuserns" argument
}

# sources [ROW]...: the names of the rows SOURCE(), and of these rows, of model/sources.def.
sources() {
	awk -F '[("]' -v rows=" BASE_SOURCE SOURCE $* " 'index(rows, " " $1 " ") && NF > 3 { print $3 }' \
		"$top_srcdir/src/model/sources.def"
}

# differences NAME LIST NAME LIST: the lines that only one of two sorted lists has.
differences() {
	comm -23 "$2" "$4" | sed "s|\$| is missing in $3|"
	comm -13 "$2" "$4" | sed "s|\$| is missing in $1|"
}

# The long options in standard input, without --help.
long_options() {
	grep -oE -- '--[a-z-]+' | grep -vx -- --help | sort -u
}

# missing FILE [ROW]...: a line for each source that is not in the text of FILE in standard input.
missing() {
	local text source
	text=$(cat)
	for source in $(sources "${@:2}"); do
		grep -qwF -e "$source" <<<"$text" || echo "$source is missing in $1"
	done
}

@test "help, man pages and completion know the sources of model/sources.def" {
	apart 0 "$bin/nsbrowse" --help
	cd "$top_srcdir/data" || return 1
	{
		sed -n '/ --scan=/,/default:/p' "$BATS_TEST_TMPDIR/printed" | missing --help COSTLY_SOURCE
		sed -n '/^\.It Fl -scan/,/^\.It Fl -[^s]/p' nsbrowse.1.in |
			missing "data/nsbrowse.1.in (--scan)" COSTLY_SOURCE
		sed -n '/^\.Sh DISCOVERY/,/^\.El/s/^\.It //p' nsbrowse.1.in |
			missing "data/nsbrowse.1.in (DISCOVERY)" COSTLY_SOURCE
		sed -n '/^\.It Ic sources/,/^\.Fl -scan/p' nsbrowse-snapshot.5 |
			missing data/nsbrowse-snapshot.5 COSTLY_SOURCE SNAPSHOT_SOURCE
		sed -n '/^_nsbrowse_scan/,/^}/p' completion.bash | missing data/completion.bash COSTLY_SOURCE
	} >"$BATS_TEST_TMPDIR/missing"
	[ "$(sources | wc -l)" -ge 5 ]
	[ "$(sources COSTLY_SOURCE SNAPSHOT_SOURCE | wc -l)" -ge 7 ]
	diff /dev/null "$BATS_TEST_TMPDIR/missing"
}

@test "help, man page and completion know the same options" {
	for program in nsbrowse lsuserns lspidns graphns; do
		page=$top_srcdir/data/$program.1
		[ -e "$page" ] || page=$page.in
		apart 0 "$bin/$program" --help
		long_options <printed >in_help
		[ -s in_help ]
		sed -n '/^\.Sh OPTIONS/,/^\.Sh SCREEN/p' "$page" | grep -oE '^\.It .*' |
			grep -oE 'Fl -[a-z-]+' | sed 's/^Fl -/--/' | long_options >in_page
		differences "$program --help" in_help "${page#"$top_srcdir"/}" in_page >>lacking
		# shellcheck disable=SC2016 # expands in there
		apart 0 bash -c '. "$1"; _nsbrowse_options "$2"' - "$top_srcdir/data/completion.bash" "$program"
		long_options <printed >in_completion
		differences "$program --help" in_help "data/completion.bash ($program)" in_completion >>lacking
	done
	diff /dev/null lacking
}

@test "the demo, as every program prints it, without rights" {
	apart 0 "$bin/nsbrowse" --tree "$demo"
	no_error
	cp printed tree
	[ "$(wc -l <tree)" -eq "$(grep -c '^ *{"type": "user"' "$demo")" ]
	prints "$bin/lsuserns" -f "$demo" <tree
	prints "$bin/nsbrowse" "$demo" <tree # no terminal: the tree
	prints "$bin/nsbrowse" <(cat "$demo") <tree
	apart 0 "$bin/nsbrowse" - <"$demo"
	no_error
	cmp printed tree
	apart 0 "$bin/nsbrowse" --tree -t pid "$demo"
	cp printed pids
	[ "$(wc -l <pids)" -eq "$(grep -c '^ *{"type": "pid"' "$demo")" ]
	prints "$bin/lspidns" -f "$demo" <pids
	apart 0 "$bin/nsbrowse" --dot "$demo"
	cp printed tree.dot
	prints "$bin/graphns" -f "$demo" <tree.dot
	# shellcheck disable=SC2094 # both are only read
	prints "$bin/lsuserns" --json -f "$demo" <"$demo"
}

@test "-d: what holds a namespace that no process is in" {
	prints "$bin/lsuserns" -d -f "$holders" <<'END'
(outside this view)
 ⟜ net:[4026532605] held by mount /run/netns/far
 ⟜ pid:[4026532587] held by link for children of podman (1402) and 1 more
 └── user:[4026531837] process "systemd" owner root (0)
     ⟜ mnt:[4026531832] process "systemd"
     ⟜ net:[4026531833] process "systemd"
     ⟜ net:[4026532600] held by mount /run/netns/blue
     ⟜ net:[4026532601] held by fd 5 of podman (1402) and 2 more
     ⟜ net:[4026532602] held by fd 6 of podman (1402) and 1 more
     ⟜ net:[4026532603] held by socket fd 9 of bash (1468)
     ⟜ pid:[4026531836] process "systemd"
     ⟜ time:[4026531834] process "systemd"
     ⟜ time:[4026532610] held by link for children of podman (1402)
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
 └── pid:[4026532587] process owner unknown held by 2 links for children
END
	apart 0 "$bin/nsbrowse" --tree --long -d "$holders"
	cp printed long
	prints "$bin/lsuserns" -ld -f "$holders" <long
	grep -F ' net:[4026532601] held by fd 5 of podman (1402) and 2 more held by 1 fd, 1 mount, 1 socket' long
	grep -F ' net:[4026532602] held by fd 6 of podman (1402) and 1 more held by 1 fd, 1 thread' long
	# The same lines, with something behind them.
	apart 0 "$bin/nsbrowse" --tree -d "$holders"
	diff <(cut -b -20 printed) <(cut -b -20 long)
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
	apart 0 "$bin/lspidns" --users -l -f "$demo"
	for type in user pid; do
		[ "$(grep -cE "(^| )$type:\[[0-9]*\] process" printed)" -eq "$(grep -c "^ *{\"type\": \"$type\"" "$demo")" ]
	done
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
		apart 0 "$bin/nsbrowse" --tree -t "$type" "$demo"
		[ "$(grep -c " $type:\[" printed)" -eq "$(grep -c "^ *{\"type\": \"$type\"" "$demo")" ]
	done
	apart 0 "$bin/nsbrowse" --tree -t all "$demo"
	[ "$(grep -c . printed)" -eq "$(grep -c '^ *{"type": "' "$demo")" ]
	apart 0 "$bin/nsbrowse" --tree -t processes "$demo"
	[ "$(grep -c . printed)" -eq "$(grep -c '^ *{"pid": [0-9]*, "ppid"' "$demo")" ]
	grep -q '^ │   ├── 21007 "backup.sh" user 4711 (4711) differs mnt user$' printed
	apart 2 "$bin/nsbrowse" --tree -t container "$demo"
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
	apart 0 "$bin/nsbrowse" --leaked -o list.txt "$holders"
	cmp list.txt expected
}

@test "--leaked: says if sockets were not searched" {
	sed '2s/"socket", //' "$holders" >default.json
	for snapshot in default.json "$top_srcdir/tests/snapshot/fixtures/partial.json"; do
		apart 0 "$bin/nsbrowse" --leaked "$snapshot"
		count '^nsbrowse: sockets were not searched \(--scan=\+socket\)$' errors 1
		apart 0 "$bin/nsbrowse" --leaked -o - -t net "$snapshot"
		count '^nsbrowse: sockets were not searched \(--scan=\+socket\)$' errors 1
		apart 0 "$bin/nsbrowse" --tree -t net "$snapshot"
		count 'sockets' errors 0
	done
	apart 0 "$bin/nsbrowse" --leaked
	count '^nsbrowse: sockets were not searched \(--scan=\+socket\)$' errors 1
	apart 0 "$bin/nsbrowse" --leaked --scan=all,-socket
	count '^nsbrowse: sockets were not searched \(--scan=\+socket\)$' errors 1
	# Tried, but refused without rights.
	apart 0 "$bin/nsbrowse" --leaked --scan=+socket
	count 'scan=' errors 0
}

@test "--scan: what was looked at is in the snapshot" {
	for program in nsbrowse lsuserns lspidns; do
		apart 0 "$bin/$program" --scan=quick --json
		[ "$(grep -o '"sources": \[[^]]*\]' printed)" = '"sources": ["process"]' ]
	done
	apart 0 "$bin/graphns" --scan quick
	grep -q '^digraph' printed
	apart 0 "$bin/nsbrowse" --scan="$(sources | sed '/^process$/d; s/^/-/' | paste -sd,)" --json
	grep -qF '"sources": ["process"]' printed
}

@test "--ascii and LC_ALL=C and a pipe" {
	apart 0 "$bin/lsuserns" -d --ascii -f "$demo"
	run -1 env LC_ALL=C grep '[^ -~]' printed
	grep -q '^ |-- user:' printed
	grep -q ' o net:' printed
	apart 0 env LC_ALL=C "$bin/lsuserns" -d -f "$demo"
	cp printed in_c
	prints env LC_ALL=C.UTF-8 "$bin/lsuserns" -d -f "$demo" <in_c
}

@test "colours: never into a pipe, always when asked, NO_COLOR" {
	for option in "" --color=auto --color=never; do
		# shellcheck disable=SC2086 # one or none
		apart 0 "$bin/lsuserns" $option -f "$demo"
		run -1 grep $'\e' printed
	done
	apart 0 "$bin/lsuserns" -c -f "$demo"
	grep -q $'\e\[' printed
	apart 0 env NO_COLOR=1 "$bin/lsuserns" --color=always -f "$demo"
	grep -q $'\e\[' printed
}

@test "-o: the form follows the suffix, the file appears whole and private" {
	for suffix in txt json dot gv svg; do # metrics.bats has .prom
		apart 0 "$bin/nsbrowse" -o "file.$suffix" "$demo"
		[ -z "$output" ]
		no_error
		[ "$(stat -c %a "file.$suffix")" = 600 ]
	done
	cmp file.json "$demo"
	cmp file.dot file.gv
	grep -q '^digraph' file.dot
	grep -q '</svg>' file.svg
	prints "$bin/nsbrowse" --tree "$demo" <file.txt
	apart 0 "$bin/nsbrowse" --json -o named.txt "$demo"
	cmp named.txt "$demo"
	prints "$bin/nsbrowse" -o - "$demo" <file.txt
	prints ls -A <<'END'
errors
file.dot
file.gv
file.json
file.svg
file.txt
named.txt
printed
END
}

@test "-o: what is there is not lost" {
	echo old >plain.svg
	ln -s plain.svg link.svg
	ln -s nowhere dangling.svg
	mkfifo fifo.svg
	mkdir dir.svg
	for target in plain link dangling fifo dir; do
		apart 1 timeout 5 "$bin/nsbrowse" -o "$target.svg" "$demo"
		[ "$(wc -l <errors)" -eq 1 ]
		[[ $stderr == "nsbrowse: $target.svg: "* ]]
	done
	for target in link dangling fifo dir; do
		apart 1 timeout 5 "$bin/nsbrowse" --force -o "$target.svg" "$demo"
		[ "$stderr" = "nsbrowse: $target.svg: not a regular file" ]
	done
	apart 1 timeout 5 "$bin/nsbrowse" --svg --force -o /dev/null "$demo"
	[ "$stderr" = "nsbrowse: /dev/null: not a regular file" ]
	[ "$(cat plain.svg)" = old ]
	[ -L link.svg ]
	[ -L dangling.svg ]
	[ -p fifo.svg ]
	[ -d dir.svg ]
	apart 0 "$bin/nsbrowse" --force -o plain.svg "$demo"
	grep -q '</svg>' plain.svg
	prints ls -A <<'END'
dangling.svg
dir.svg
errors
fifo.svg
link.svg
plain.svg
printed
END
}

@test "a full disk and a closed output are errors" {
	# shellcheck disable=SC2016 # expands in there
	full='"$0" --"$2" "$1" >/dev/full'
	# shellcheck disable=SC2016 # expands in there
	closed='"$0" --"$2" "$1" >&-'
	for form in tree json dot svg; do
		apart 1 sh -c "$closed" "$bin/nsbrowse" "$demo" $form
		[ "$stderr" = "nsbrowse: standard output: Bad file descriptor" ]
		apart 1 sh -c "$full" "$bin/nsbrowse" "$demo" $form
		[ "$stderr" = "nsbrowse: standard output: No space left on device" ]
	done
	for form in help version list-keys; do
		apart 1 sh -c "$full" "$bin/nsbrowse" "" $form
		[ "$stderr" = "nsbrowse: standard output: No space left on device" ]
	done
	apart 1 "$bin/nsbrowse" -o /proc/none/x.svg "$demo"
	[ "$stderr" = "nsbrowse: /proc/none/x.svg: No such file or directory" ]
	figure R17 "a closed output and /dev/full: exit 1 and the reason, 4 formats, and --help"
}

@test "snapshots that cannot be: one line, exit 1" {
	mkfifo fifo.json
	mkdir dir.json
	echo '{"format": "nsbrowse-snapshot", "version": 2}' >new.json
	echo 'no json' >bad.json
	: >empty.json
	head -c 2000 "$demo" >cut.json
	for file in none.json fifo.json dir.json new.json bad.json empty.json cut.json /dev/zero; do
		apart 1 timeout 5 "$bin/nsbrowse" --tree "$file"
		[ -z "$output" ]
		[ "$(wc -l <errors)" -eq 1 ]
		[[ $stderr == "nsbrowse: $file: "* ]]
	done
	apart 1 "$bin/nsbrowse" --tree new.json
	[[ $stderr == *"version 2"* ]]
	apart 1 "$bin/nsbrowse" --tree fifo.json
	[ "$stderr" = "nsbrowse: fifo.json: not a regular file" ]
	apart 1 "$bin/nsbrowse" --tree $'escape\e[31m.json'
	[ "$stderr" = 'nsbrowse: escape\x1b[31m.json: No such file or directory' ]
	figure R19 "a FIFO, a directory, a device, no file: each is refused with its reason"
}

@test "this host: every form, and a snapshot of it says the same" {
	apart 0 "$bin/nsbrowse" --json
	cp printed now.json
	# shellcheck disable=SC2094 # both are only read
	prints "$bin/nsbrowse" --json now.json <now.json
	for form in tree dot svg; do
		apart 0 "$bin/nsbrowse" --$form now.json
		[ -s printed ]
		apart 0 "$bin/nsbrowse" --$form
		[ -s printed ]
		[[ -z $stderr || $stderr == "nsbrowse: partial view: "* ]]
	done
}

@test "TERM=dumb prints the tree" {
	apart 0 env TERM=dumb "$bin/nsbrowse" "$demo"
	cp printed tree
	prints "$bin/lsuserns" -f "$demo" <tree
}

@test "--list-keys prints the table" {
	apart 0 "$bin/nsbrowse" --list-keys
	[[ $output == *"F5 t"* ]]
	[[ $output == *"F10 q"* ]]
}

@test "--columns prints a table of the columns that it names" {
	apart 0 "$bin/nsbrowse" --columns=ns,owner,procs,id "$demo"
	no_error
	[ "$(sed 1q printed)" = "NAMESPACE                       OWNER     PROCS    ID" ]
	[ "$(sed -n 2p printed)" = "user:[4026531837]               root         76     7" ]
	[ "$(sed -n 3p printed)" = " ├── user:[4026532217]          harald        1  4262" ]
	apart 0 "$bin/nsbrowse" --tree "$demo"
	n=$(wc -l <printed)
	apart 0 "$bin/nsbrowse" --columns=+id,-leader,-procs "$demo"
	[ "$(sed 1q printed | tr -s ' ')" = "NAMESPACE OWNER ID" ]
	[ "$(wc -l <printed)" -eq $((n + 1)) ]
	apart 0 "$bin/nsbrowse" -t processes --columns=pid,ppid,state,user,command "$demo"
	[ "$(sed -n 2p printed | tr -s ' ')" = " 1 0 S root systemd" ]
	apart 0 "$bin/nsbrowse" --leaked --columns=inode,type,held-by "$holders"
	[[ $output == *" net "*"mount /run/a\\x0ab"* ]]
	apart 0 "$bin/nsbrowse" --columns=inode -o table.txt "$demo"
	[ "$(sed -n 2p table.txt)" = 4026531837 ]
}

@test "a long command line does not pad the rows of the others" {
	sed 's|"/sbin/init"|"'"$(printf 'a%.0s' {1..3000})"'"|' "$demo" >long.json
	apart 0 "$bin/nsbrowse" -t processes --columns=cmdline,pid --cmdline long.json
	[ "$(awk 'length > 70' printed | wc -l)" -eq 1 ]
	[ "$(sed -n 2p printed | sed 's/^a*//')" = "      1" ]
	[ "$(sed -n 3p printed | wc -c)" -eq 68 ]
}

@test "a column that is not known or not in this view is refused" {
	apart 2 "$bin/nsbrowse" --columns=ns,nonsense "$demo"
	[ "$stderr" = "nsbrowse: --columns: unknown column: nonsense (see nsbrowse --list-columns)" ]
	apart 2 "$bin/nsbrowse" --columns= "$demo"
	[ "$stderr" = "nsbrowse: --columns: unknown column:  (see nsbrowse --list-columns)" ]
	apart 2 "$bin/nsbrowse" --columns=$'+a\033b' "$demo"
	[ "$stderr" = "nsbrowse: --columns: unknown column: a\x1bb (see nsbrowse --list-columns)" ]
	apart 2 "$bin/nsbrowse" --columns=ns,state "$demo"
	[ "$stderr" = "nsbrowse: --columns: not a column of this view: state (see nsbrowse --list-columns)" ]
	apart 2 "$bin/lsuserns" --columns=ns
}

# completed FUNCTION WORD: what it completes the word to, in one line.
completed() {
	# shellcheck disable=SC2016 # expands in there
	apart 0 bash -c '. "$1"; "$2" "$3"' - "$top_srcdir/data/completion.bash" "$@" >/dev/null
	sort printed | paste -sd' '
}

@test "--list-columns, the man page and completion have the same columns" {
	apart 0 "$bin/nsbrowse" --list-columns
	cut -d' ' -f1 printed | sort >names
	[ "$(wc -l <names)" -ge 20 ]
	[ "$(awk 'length > 80' printed | wc -l)" -eq 0 ]
	sed -n '/^\.Sh COLUMNS/,/^\.Sh INSIDE/s/^\.It Cm //p' "$bin/data/nsbrowse.1" | sort >in_page
	diff names in_page
	[ "$(completed _nsbrowse_columns "")" = "$(paste -sd' ' names)" ]
	[ "$(completed _nsbrowse_columns "ns,+own")" = "ns,+owner ns,+owner-ns ns,+owns" ]
	[ "$(completed _nsbrowse_columns "+owner-")" = "+owner-ns" ]
	[ "$(completed _nsbrowse_scan "+socket,-m")" = "+socket,-mntns +socket,-mount" ]
}

@test "the man page has the legend of the help" {
	sed -n '/^\.Sh SCREEN/,/^\.Sh FINDING/p' "$bin/data/nsbrowse.1" >page
	grep -o '^LEGEND(.*' "$top_srcdir/src/ui/pages/legend.def" >rows
	[ "$(wc -l <rows)" -ge 10 ]
	[ "$(grep -o '^LEGEND' "$top_srcdir/src/ui/pages/legend.def" | wc -l)" -eq "$(grep -c '")$' rows)" ]
	sed 's/.*, "\(.*\)")$/\1/' rows >texts
	while read -r text; do
		grep -qF -e "$text" page || echo "$text"
	done <texts >missing
	for column in NAMESPACE OWNER PROCS LEADER INSIDE "DIFFERS FROM PARENT"; do
		grep -qxF ".It \"$column\"" page || echo "$column"
	done >>missing
	diff /dev/null missing
}

@test "--demo: the file of the build tree, from any directory" {
	apart 0 "$bin/nsbrowse" --demo --json
	run -0 cmp "$demo" <(printf '%s\n' "$output")
	run -0 env -C / "$bin/nsbrowse" --demo --tree
	ln -s "$bin/nsbrowse" link
	[ "$output" = "$(./link --demo --tree)" ]
	[ "$output" = "$("$bin/nsbrowse" --tree "$demo")" ]
	apart 2 "$bin/nsbrowse" --demo "$demo"
	[ "$stderr" = "nsbrowse: $demo: not with --demo (see nsbrowse --help)" ]
}

# A directory of another user may have any file: root must not read it.
@test "--demo: no file of the current directory, HOME or PATH" {
	mkdir -p apart/bin apart/share/nsbrowse here/data home
	cp "$bin/nsbrowse" apart/bin/nsbrowse
	for file in here/demo.json here/data/demo.json home/demo.json apart/bin/demo.json apart/share/nsbrowse/demo.json; do
		sed 's/"db7"/"planted"/' "$demo" >"$file"
	done
	cd here
	HOME=$PWD/../home PATH=.:$PATH XDG_DATA_HOME=$PWD run ../apart/bin/nsbrowse --demo --json
	[[ $output != *planted* ]]
	# It is installed, or the message has the absolute path of what is missing.
	[[ $output == "{\"format\": "* || $output == "nsbrowse: /"*"/demo.json: No such file or directory" ]]
}

@test "make install: the demo host, where the program looks for it" {
	command -v make >/dev/null || skip "no make"
	make -C "$top_builddir" -s install-data DESTDIR="$PWD/root" >installed 2>&1
	file=$(find root -name demo.json)
	cmp "$file" "$demo"
	grep -qaF "${file#root}" "$bin/nsbrowse" || grep -qaF "$(dirname "${file#root}")" "$bin/nsbrowse"
}

@test "nsbrowse(1) has the keys of the graph apart from those of the list" {
	sed -n '/^\.Sh KEYS/,/^\.Sh GRAPH/p' "$bin/data/nsbrowse.1" >keys
	sed -n '/^On the graph/,/^\.El/p' keys >graph
	sed '/^On the graph/,/^\.El/d' keys >others
	grep -qF 'pan up' graph
	run ! grep -F 'pan up' others
	grep -qF 'one line up' others
	run ! grep -F 'one line up' graph
}

@test "brackets in quotes are escaped in the manual pages: mdoc(7) would print them elsewhere" {
	run -1 grep -nE '^\.[A-Z][a-z] [][()]( |$)' "$bin"/data/nsbrowse.1 "$top_srcdir"/data/*.1
}
