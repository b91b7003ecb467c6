#!/usr/bin/env bats
# The programs on namespaces that the test makes, in a PID and mount namespace of its own.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$top_builddir
	world=$top_srcdir/tests/cmd/nested.sh
	cd "$BATS_TEST_TMPDIR" || return 1
}

# The very thing that is needed, tried first.
needs_world() {
	"$world" true || skip_or_fail "no nested user namespaces here: $?"
}

# The numbers of `TYPE:[N]` in the order of the lines of a file.
numbers() {
	grep -oE "$1:\[[0-9]+\]" | uniq
}

@test "five nested user namespaces, two without a process, in every form" {
	needs_world
	# shellcheck disable=SC2016 # expands in there
	apart 0 "$world" sh -ec '"$0/lsuserns" >list; "$0/nsbrowse" --json >json
		"$0/nsbrowse" --dot >dot; "$0/nsbrowse" --svg >svg; cp "$NESTED" planted' "$bin"
	cat list
	[ "$(wc -l <planted)" -eq 5 ]
	numbers user <list | tail -n 5 >found
	diff found planted
	# each hangs below the one before
	tail -n 5 list >lines
	[ "$(sed 's/user.*//' lines | awk '{ print length }' | sort -nu | wc -l)" -eq 5 ]
	# the second and the fourth have no process
	for line in 2 4; do
		grep -F "$(sed -n "${line}p" planted)" list >empty
		[ "$(grep -c 'process owner' empty)" -eq 1 ]
	done
	[ "$(grep -c 'process "sh" owner' lines)" -eq 3 ]
	# all owned by the user that made them
	if [ "$(id -u)" -eq 0 ]; then
		[ "$(grep -c "owner $(id -un) ($(id -u))\$" lines)" -eq 5 ]
	fi
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
	needs_world
	# shellcheck disable=SC2016 # expands in there
	apart 0 "$world" sh -c 'for type in user pid; do
			for link in /proc/[0-9]*/ns/$type; do stat -L -c "$type %i" "$link"; done
		done >walk 2>/dev/null
		"$0/nsbrowse" --json >json' "$bin"
	sort -u walk >seen
	[ "$(grep -c user seen)" -ge 4 ]
	[ "$(grep -c pid seen)" -ge 1 ]
	while read -r type inode; do
		echo "$type $inode"
		grep -q "\"type\": \"$type\", \"inode\": $inode," json
	done <seen
}

as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# Without user namespaces (tests/degraded) there is no tree of them.
prints_tree() {
	[ ! -e /proc/self/ns/user ] || [ -s printed ]
}

@test "no rights: shows what may be seen, and says that it is partial" {
	[ "$(id -u)" -eq 0 ] || skip "already without rights"
	apart 0 as_nobody "$bin/lsuserns"
	prints_tree
	grep -qE '^lsuserns: partial view: [0-9]+ of [0-9]+ processes could not be read \(run as root to see all\)$' errors
}

@test "hidepid: says so" {
	[ "$(id -u)" -eq 0 ] || skip "mounting /proc needs root"
	# shellcheck disable=SC2016 # expands in there
	apart 0 unshare --fork --pid --mount --kill-child sh -ec 'mount -t proc -o hidepid=2 proc /proc
		setpriv --reuid=65534 --regid=65534 --clear-groups "$0/lsuserns"' "$bin"
	prints_tree
	grep -qx "lsuserns: partial view: /proc hides other users' processes (hidepid)" errors
}

@test "inside a user namespace: the cut is said" {
	apart 0 unshare --user --map-root-user --fork --pid --mount-proc --kill-child "$bin/lspidns"
	cat printed
	[ "$(wc -l <printed)" -eq 1 ]
	grep -q '^pid:\[[0-9]*\] process "lspidns" owner user:\[[0-9]*\] root (0)$' printed
	grep -qx "lspidns: partial view: inside a user namespace, what is outside cannot be seen" errors
	grep -qx "lspidns: partial view: inside a PID namespace, processes outside cannot be seen" errors
}

# in_map MAP COMMAND...: runs it in a user namespace with that map of users.
in_map() {
	# shellcheck disable=SC2016 # expands in there
	apart 0 sh -ec 'rm -f go; mkfifo go; map=$1; shift
		unshare --user sh -c "read -r _ <go; exec \"\$@\"" sh "$@" &
		until [ "$(readlink /proc/$!/ns/user)" != "$(readlink /proc/self/ns/user)" ]; do :; done
		echo "$map" >/proc/$!/uid_map
		echo >go
		wait $!' sh "$@"
}

@test "inside a user namespace: the overflow UID is not stated as a user" {
	apart 0 unshare --user "$bin/nsbrowse" --tree
	grep -qE '^user:\[[0-9]+\] process "nsbrowse" owner not mapped here$' printed
	apart 0 unshare --user "$bin/nsbrowse" --json
	grep -qF '"owner_uid": null, "owner_name": null, "owner_uid_state": "unmapped"' printed
	grep -qF '"uid": null, "uid_state": "unmapped"' printed
	grep -qF '"euid": null, "euid_state": "unmapped"' printed
	run grep -F 65534 printed
	[ "$status" -eq 1 ]
	[ "$(id -u)" -eq 0 ] || skip "a map of more than one ID needs root"
	# Rootless containers map 0 to 65535: there 65534 may be a user.
	in_map "0 100000 65536" "$bin/nsbrowse" --json
	grep -qF '"owner_uid": 65534, "owner_name": null, "owner_uid_state": "ambiguous"' printed
	grep -qF '"uid": 65534, "uid_state": "ambiguous"' printed
	# Where all users are mapped it is one of them.
	in_map "0 0 4294967295" setpriv --reuid=65534 "$bin/nsbrowse" --json
	grep -qF '"euid": 65534, "sources"' printed
	run grep -F ambiguous printed
	[ "$status" -eq 1 ]
}

@test "root inside a PID namespace: the cut is said" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	apart 0 unshare --fork --pid --mount --mount-proc --kill-child "$bin/nsbrowse" --json
	grep -qF '"partial": ["pid-namespace"], "complete": false' printed
	grep -qx "nsbrowse: partial view: inside a PID namespace, processes outside cannot be seen" errors
	[ "$(wc -l <errors)" -eq 1 ]
	apart 0 unshare --fork --pid --mount --mount-proc --kill-child "$bin/nsbrowse" --svg
	grep -q '>partial view: inside a PID namespace, processes outside cannot be seen</text>' printed
	grep -q ', 1+ user and 1+ PID namespaces<' printed
	apart 0 unshare --fork --pid --mount --mount-proc --kill-child "$bin/nsbrowse" --dot
	grep -qF 'lpartial view: inside a PID' printed
}

@test "files under sudo belong to the caller, and go only where he may write" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	mkdir theirs ours grouped
	chown 65534:65534 theirs
	chown 0:65532 grouped
	chmod 755 . ours
	chmod 770 grouped
	apart 0 env SUDO_UID=65534 SUDO_GID=65534 "$bin/nsbrowse" -o theirs/a.svg
	[ "$(stat -c %u:%g theirs/a.svg)" = 65534:65534 ]
	apart 1 env SUDO_UID=65534 SUDO_GID=65534 "$bin/nsbrowse" -o ours/a.svg
	grep -q '^nsbrowse: ours/a.svg: Permission denied$' errors
	[ ! -e ours/a.svg ]
	# Where only a group of root may write.
	apart 1 setpriv --groups=0,65532 env SUDO_UID=65534 SUDO_GID=65534 "$bin/nsbrowse" -o grouped/a.svg
	grep -q '^nsbrowse: grouped/a.svg: Permission denied$' errors
}

@test "under sudo the scan sees what root sees" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	needs_world
	# shellcheck disable=SC2016 # expands in there
	apart 0 "$world" sh -ec '"$0/lsuserns" -d >root
		SUDO_UID=65534 SUDO_GID=65534 "$0/lsuserns" -d >sudo' "$bin"
	[ -s root ]
	diff root sudo
}

@test "nsbrowse and its helper are marked, and counted" {
	# shellcheck disable=SC2016 # expands in there
	apart 0 unshare --user --map-root-user --fork --pid --mount-proc --kill-child sh -ec 'sleep 100 &
		"$0/nsbrowse" --json >json; "$0/nsbrowse" --tree --view=processes >tree; kill $!' "$bin"
	cat tree
	grep -q '"processes": 4, "unreadable": 0' json
	[ "$(grep -o '"self": true' json | wc -l)" -eq 2 ]
	[ "$(wc -l <tree)" -eq 4 ]
	[ "$(grep -c '"nsbrowse" user root (0) this program$' tree)" -eq 2 ]
}

@test "mounts of the own mount namespace are opened, if no other process in it may be read" {
	# On a busy host a job can miss its deadline, which is said: then it is tried again.
	for ((i = 0; i < 5; i++)); do
		# shellcheck disable=SC2016 # expands in there
		apart 0 unshare --user --map-root-user --mount sh -ec 'mount -t tmpfs none /mnt
			: >/mnt/net; unshare --net=/mnt/net true
			stat -L -c %i /mnt/net >inode; exec unshare --user "$0/nsbrowse" --json' "$bin"
		grep -q 'could not be read in time' errors || break
	done
	grep -F "\"inode\": $(cat inode)," printed
	grep -F "\"inode\": $(cat inode)," printed | grep -qF '"owner": null, "owner_state": "hidden"'
}

# With hidepid the helper may read no command line of nsbrowse, and nsbrowse nothing of the helper:
# neither is dumpable. With 2 and 4 the helper may not even be listed.
@test "hidepid: nsbrowse itself is no reason" {
	[ "$(id -u)" -eq 0 ] || skip "mounting /proc needs root"
	for mode in 1 2 4; do
		# shellcheck disable=SC2016 # expands in there
		apart 0 unshare --fork --pid --mount --kill-child sh -ec 'mount -t proc -o hidepid="$1" proc /proc
			setpriv --reuid=65534 --regid=65534 --clear-groups "$0/nsbrowse" --json' "$bin" "$mode"
		count '"what": "cmdline"' printed 0
		grep -q '"self": true.*"name": "nsbrowse"' printed
		count '"pid": [0-9]+, "what": ' printed "$(grep -oE '"unreadable": [0-9]+' printed | cut -d' ' -f2)"
		if [ "$mode" -eq 1 ]; then
			count '"self": true' printed 2
			count '"processes": 3, "unreadable": 1' printed 1 # the shell
		fi
		count 'something could not be read' errors 0
	done
}
