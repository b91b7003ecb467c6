#!/usr/bin/env bats
# The programs on namespaces that the test makes, in a PID and mount namespace of its own.

setup_file() {
	# The very thing that is needed, tried first.
	"$top_srcdir/tests/cmd/nested.sh" true || skip "no nested user namespaces here: $?"
}

setup() {
	bin=$top_builddir
	world=$top_srcdir/tests/cmd/nested.sh
	cd "$BATS_TEST_TMPDIR" || return 1
}

# The numbers of `TYPE:[N]` in the order of the lines of a file.
numbers() {
	grep -oE "$1:\[[0-9]+\]" | uniq
}

@test "five nested user namespaces, two without a process, in every form" {
	# shellcheck disable=SC2016 # expands in there
	"$world" sh -c '"$0/lsuserns" >list; "$0/nsbrowse" --json >json; "$0/nsbrowse" --dot >dot
		"$0/nsbrowse" --svg >svg; cp "$NESTED" planted' "$bin" 2>/dev/null
	cat list
	[ "$(wc -l <planted)" -eq 5 ]
	numbers user <list | tail -n 5 | diff - planted
	# each hangs below the one before
	[ "$(tail -n 5 list | sed 's/user.*//' | awk '{print length}' | sort -n | uniq | wc -l)" -eq 5 ]
	# the second and the fourth have no process
	[ "$(sed -n 2p planted | grep -Ff - list | grep -c 'process owner')" -eq 1 ]
	[ "$(sed -n 4p planted | grep -Ff - list | grep -c 'process owner')" -eq 1 ]
	[ "$(tail -n 5 list | grep -c 'process "sh" owner')" -eq 3 ]
	# all owned by the one who made them
	[ "$(tail -n 5 list | grep -c "owner $(id -un) ($(id -u))\$")" -eq 5 ] || [ "$(id -u)" -ne 0 ]
	while read -r name; do
		inode=${name//[!0-9]/}
		echo "$name"
		grep -q "\"type\": \"user\", \"inode\": $inode," json
		grep -qE "\"user-$inode\"[[:space:]]+\[" dot
		[ "$(grep -c "id=\"ns-$inode\"" svg)" -eq 1 ]
	done <planted
	echo "# nested user namespaces found/planted: $(grep -cFf planted list)/5" >&3
}

@test "every user and PID namespace that a walk of /proc sees is in the snapshot" {
	# shellcheck disable=SC2016 # expands in there
	"$world" sh -c 'for type in user pid; do
			for link in /proc/[0-9]*/ns/$type; do stat -L -c "$type %i" "$link"; done
		done >walk 2>/dev/null
		"$0/nsbrowse" --json >json' "$bin" 2>/dev/null
	sort -u walk >seen
	[ "$(grep -c user seen)" -ge 4 ]
	while read -r type inode; do
		grep -q "\"type\": \"$type\", \"inode\": $inode," json || { echo "missing $type $inode"; false; }
	done <seen
}

@test "no rights: shows what may be seen, and says that it is partial" {
	[ "$(id -u)" -eq 0 ] || skip "already without rights"
	status=0
	setpriv --reuid=65534 --regid=65534 --clear-groups "$bin/lsuserns" >out 2>err || status=$?
	cat err
	[ "$status" -eq 0 ] && [ -s out ]
	grep -qE '^lsuserns: partial view: [0-9]+ of [0-9]+ processes could not be read \(run as root to see all\)$' err
}

@test "hidepid: says so" {
	[ "$(id -u)" -eq 0 ] || skip "mounting /proc needs root"
	# shellcheck disable=SC2016 # expands in there
	unshare --fork --pid --mount --kill-child sh -c 'mount -t proc -o hidepid=2 proc /proc
		setpriv --reuid=65534 --regid=65534 --clear-groups "$0/lsuserns"' "$bin" >out 2>err
	cat err
	[ -s out ]
	grep -qx "lsuserns: partial view: /proc hides other users' processes (hidepid)" err
}

@test "inside a user namespace: the cut is said" {
	unshare --user --map-root-user --fork --pid --mount-proc --kill-child "$bin/lspidns" >out 2>err
	cat out err
	[ "$(wc -l <out)" -eq 1 ]
	grep -q '^pid:\[[0-9]*\] process "lspidns" owner user:\[[0-9]*\] root (0)$' out
	grep -qx "lspidns: partial view: inside a user namespace, what is outside cannot be seen" err
}

@test "files under sudo belong to the caller, and go only where he may write" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	mkdir theirs ours
	chown 65534:65534 theirs
	chmod 755 . ours
	SUDO_UID=65534 SUDO_GID=65534 "$bin/nsbrowse" -o theirs/a.svg 2>/dev/null
	[ "$(stat -c %u:%g theirs/a.svg)" = 65534:65534 ]
	status=0
	SUDO_UID=65534 SUDO_GID=65534 "$bin/nsbrowse" -o ours/a.svg 2>err || status=$?
	[ "$status" -eq 1 ]
	grep -q '^nsbrowse: ours/a.svg: Permission denied$' err
	[ ! -e ours/a.svg ]
}

@test "under sudo the scan sees what root sees" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	# shellcheck disable=SC2016 # expands in there
	"$world" sh -c '"$0/lsuserns" -d >root; SUDO_UID=65534 SUDO_GID=65534 "$0/lsuserns" -d >sudo' "$bin" 2>/dev/null
	diff root sudo
}
