#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs a command among processes with hostile names, in a PID namespace of its own: each has a network and UTS
# namespace, whose host name is hostile, too, and a bind mount of the former at a hostile path. With KIND=plain the
# names are plain. As root, or as a user in a user namespace.
#
# usage: hostile.sh KIND COMMAND [ARGUMENT]...     exits with its status, or 77 if namespaces are refused
set -eu

# All bytes that are controls, then what is more than one byte, 56 names; none has a slash or a NUL.
names() {
	local i
	for i in {1..31} 127 {128..135} 155 157 192 255; do
		printf -v byte '\\x%02x' "$i"
		printf "n%b\0" "${byte}m"
	done
	printf '%b\0' ')' ') R 1 2 3' 'a\n7 (b) S' '\033[2J' '\033]0;title\007' '\xc2\x9b31m' '\xc2\x85' '\xe2\x80\xae' \
		'\xe2\x81\xa6x' '\xe2\x80\xa8' '\xef\xbf\xbf' '\xed\xa0\x80' 'e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81'
}

case ${HOSTILE_STAGE-host} in
host)
	kind=$1
	shift
	dir=$(mktemp -d)
	trap 'rm -rf "$dir"' EXIT
	user=()
	[ "$(id -u)" -eq 0 ] || user=(--user --map-root-user)
	HOSTILE_STAGE=$kind HOSTILE_DIR=$dir unshare "${user[@]}" --fork --pid --mount --mount-proc --kill-child "$0" "$@" || exit
	;;
one)
	# The name of the program becomes that of the process, with the next argument as its first one.
	if [ -w /proc/sys/kernel/hostname ]; then
		printf '%s' "$1" >/proc/sys/kernel/hostname
	fi
	ln -sf "$(command -v sleep)" "$2/$1"
	echo ready >&3
	exec -a "$1" "$2/$1" 1000 3>&-
	;;
*)
	mount -t tmpfs none "$HOSTILE_DIR" || exit 77
	mkdir "$HOSTILE_DIR/bin" "$HOSTILE_DIR/netns"
	mkfifo "$HOSTILE_DIR/ready"
	exec 3<>"$HOSTILE_DIR/ready"
	n=0
	while read -r -d '' name; do
		n=$((n + 1))
		[ "$HOSTILE_STAGE" = hostile ] || name=plain$n
		HOSTILE_STAGE=one unshare --net --uts "$0" "$name" "$HOSTILE_DIR/bin" &
		read -r -t 20 _ <&3 || exit 77
		touch "$HOSTILE_DIR/netns/$name"
		mount --bind "/proc/$!/ns/net" "$HOSTILE_DIR/netns/$name"
	done < <(names)
	unset HOSTILE_STAGE
	HOSTILE_NAMES=$n "$@" 3>&-
	;;
esac
