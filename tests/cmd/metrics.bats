#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# nsbrowse --metrics: what the manual says of it, and the file for a collector.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	bin=$(realpath "$top_builddir")
	demo=$(realpath "$top_srcdir/data/demo.json")
	cd "$BATS_TEST_TMPDIR" || return 1
}

# world COMMAND: runs it on a host of its own.
world() {
	local users=()
	[ "$(id -u)" -eq 0 ] || users=(--user --map-root-user)
	run unshare "${users[@]}" --fork --pid --mount --mount-proc --kill-child bash -euc "$1"
	echo "$output"
	[ "$status" -eq 0 ] || skip_or_fail "may not make namespaces"
}

# limited FILE COMMAND: runs it while there is a user namespace that may have 9 user and 9 UTS namespaces, and has
# one of each; its number is in FILE.
limited() {
	cat >limited.sh <<-'END'
		exec 3<>"$1"
		unshare --user --map-root-user --uts bash -euc '
			echo 9 >/proc/sys/user/max_user_namespaces
			echo 9 >/proc/sys/user/max_uts_namespaces
			readlink /proc/self/ns/user >"$1.ns"
			exec unshare --user --map-root-user bash -c "echo made >&3; exec cat \"\$0\"" "$1.wait"' bash "$1" ||
			echo refused >&3 &
		read -r x <&3
		[ "$x" = made ]
	END
	mkfifo "$1" "$1.wait"
	world "source ./limited.sh $1; $2"
	tr -dc 0-9 <"$1.ns" >"$1.number"
}

@test "names and help of all metrics are in nsbrowse(1)" {
	limited there "'$bin/nsbrowse' --metrics >live 2>errors"
	sed -n '/^\.Sh METRICS/,/^\.El/p' "$top_srcdir/data/nsbrowse.1.in" >page
	sed -n 's/^# HELP \([a-z_]*\) .*/\1/p' live >written
	sed -n 's/^\.It Ic \(nsbrowse_[a-z_]*\).*/\1/p' page >listed
	diff written listed
	sed -n 's/^# HELP [a-z_]* //p' live >helps
	while IFS= read -r help; do
		tr '\n' ' ' <page | grep -qF -- "$help" || echo "$help"
	done <helps >missing
	diff /dev/null missing
	# The labels of each metric, too.
	sed -nE 's/^(nsbrowse_[a-z_]*)\{(.*)\} .*/\1 \2/p' live | sed -E 's/="[^"]*"//g; s/,/ , /g' | sort -u >labels
	sed -nE 's/^\.It Ic (nsbrowse_[a-z_]*) Pq Cm (.*)/\1 \2/p' page | sort >described
	diff labels described
}

@test "the limits are those of /proc/sys/user" {
	[ -e /proc/sys/user/max_user_namespaces ] || skip_or_fail "no limits on namespaces"
	world "'$bin/nsbrowse' --metrics >live 2>errors
		for file in /proc/sys/user/max_*_namespaces; do
			type=\${file##*/max_}
			echo \"nsbrowse_namespaces_limit{type=\\\"\${type%_namespaces}\\\"} \$(cat \$file)\"
		done >limits"
	grep '^nsbrowse_namespaces_limit{' live | diff limits -
	run -1 grep '_limit_known.* 0$' live
	# A snapshot keeps them.
	world "'$bin/nsbrowse' --json >json 2>errors"
	apart 0 "$bin/nsbrowse" --metrics json
	grep '^nsbrowse_namespaces_limit{' printed | diff limits -
	apart 0 "$bin/nsbrowse" --json json
	cmp json printed
}

@test "the limits of other user namespaces, and what counts towards them" {
	[ -e /proc/sys/user/max_uts_namespaces ] || skip_or_fail "no limits on namespaces"
	limited there "'$bin/nsbrowse' --metrics >live 2>errors
		'$bin/nsbrowse' --metrics --facts=none >none 2>errors
		'$bin/nsbrowse' --json --facts=all >json 2>errors"
	ns="user_namespace=\"$(cat there.number)\""
	grep "$ns" live >seen
	prints cat seen <<-END
		nsbrowse_user_namespace_limit{$ns,type="user"} 9
		nsbrowse_user_namespace_limit{$ns,type="uts"} 9
		nsbrowse_user_namespace_counted_at_least{$ns,type="user",uid="0"} 1
		nsbrowse_user_namespace_creator_unknown{$ns,type="user"} 0
		nsbrowse_user_namespace_creator_unknown{$ns,type="uts"} 1
	END
	# They are not read if no facts are wanted, and a snapshot keeps them.
	run ! grep "$ns" none
	apart 0 "$bin/nsbrowse" --metrics json
	grep "$ns" printed | diff seen -
	apart 0 "$bin/nsbrowse" --json json
	cmp json printed
}

@test "-o replaces a regular file of the same user, mode 0644, whatever the umask" {
	umask 077
	apart 0 "$bin/nsbrowse" -o host.prom "$demo"
	no_error
	[ "$(stat -c %a host.prom)" = 644 ]
	grep -q '^nsbrowse_namespaces{' host.prom
	before=$(stat -c %i host.prom)
	exec 9<host.prom # keeps the number of the inode
	apart 0 "$bin/nsbrowse" --metrics -o host.prom "$demo"
	[ "$(stat -c %i host.prom)" != "$before" ]
	[ "$(stat -c %a host.prom)" = 644 ]
	apart 0 "$bin/nsbrowse" --metrics -o other.txt "$demo"
	grep -q '^nsbrowse_namespaces{' other.txt
	prints ls -A <<'END'
errors
host.prom
other.txt
printed
END
}

@test "-o does not replace links, nor what is not regular" {
	echo victim >victim
	ln -s victim link.prom
	mkfifo fifo.prom
	mkdir directory.prom
	for file in link fifo directory; do
		apart 1 "$bin/nsbrowse" -o $file.prom "$demo"
		[ "$(cat errors)" = "nsbrowse: $file.prom: not a regular file" ]
	done
	[ "$(cat victim)" = victim ]
}

@test "-o does not replace the file of another user" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	[ -z "${SUDO_UID:-}" ] || skip "under sudo"
	echo theirs >host.prom
	chown 65534 host.prom
	apart 1 "$bin/nsbrowse" -o host.prom "$demo"
	[ "$(cat errors)" = "nsbrowse: host.prom: file exists and belongs to another user" ]
	[ "$(cat host.prom)" = theirs ]
	apart 0 "$bin/nsbrowse" --force -o host.prom "$demo"
	grep -q '^nsbrowse_namespaces{' host.prom
}
