#!/usr/bin/env bats
# The four programs from the command line.

setup() {
	bin=$top_builddir
	demo=$top_srcdir/data/demo.json
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

@test "wrong usage: one line, a pointer to --help, exit 2" {
	for arguments in "--no-such-option" "-x" "--view=nonsense" "--color=blue" "--delay=-1" \
		"--delay=x" "--output" "-o picture.png" "--tree=yes" "one two" "--scan=thread"; do
		# shellcheck disable=SC2086 # a list
		apart "$bin/nsbrowse" $arguments
		echo "$arguments: $status $errors"
		[ "$status" -eq 2 ] && [ -z "$output" ]
		[ "$(wc -l <errors)" -eq 1 ]
		[[ $errors == "nsbrowse: "*"(see nsbrowse --help)" ]]
	done
	apart "$bin/lspidns" --details
	[ "$status" -eq 2 ]
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
