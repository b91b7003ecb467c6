#!/bin/bash
# Runs a command on a little host of its own: a PID and mount namespace with its own /proc and a tmpfs,
# on which processes in other mount namespaces hold what a scene says. Its directory is in HOLDING,
# which is also where the command begins. The processes are gone when it ends. As root, or as a user
# in a user namespace of his own.
#
# usage: holding.sh SCENE COMMAND [ARGUMENT]...     exits with its status, or 77 if that is refused
#   SCENE  commands of bash: `hold NAME "OPTION..." "COMMAND"` starts a process in a mount namespace of
#          its own, by these options of unshare(1), that runs the command and stays. $NAME is its PID
#          then, and $NAME_mnt the number of its mount namespace. Both are exported.
set -eu

if [ -z "${HOLDING:-}" ]; then
	HOLDING=$(mktemp -d)
	export HOLDING
	trap 'rm -rf "$HOLDING"' EXIT
	options=
	[ "$(id -u)" -eq 0 ] || options="--user --map-root-user"
	# shellcheck disable=SC2086 # a list
	unshare $options --fork --pid --mount --mount-proc --kill-child "$0" "$@"
	exit
fi

scene=$1
shift
mount -t tmpfs -o size=8m holding "$HOLDING" || exit 77
cd "$HOLDING"
mkfifo hold
exec 3<>hold

hold() {
	local number
	mkfifo ".$1"
	# If it could not be made, the last write end is closed, and the read ends without a line.
	# shellcheck disable=SC2016,SC2086 # expands in there; a list
	unshare --mount --propagation private $2 bash -euc \
		'number=$(readlink /proc/self/ns/mnt); eval "$1"; echo "$number" >&4; exec 4>&-; read -r _ <&3' \
		hold "$3" 4>".$1" &
	local pid=$!
	read -r number <".$1" || exit 77
	rm ".$1"
	number=${number//[!0-9]/}
	export "$1=$pid" "${1}_mnt=$number"
}

eval "$scene"
"$@" 3>&-
