#!/bin/sh
# Runs a command on a little host of its own: a PID and mount namespace with its own /proc, in it
# five user namespaces one below the other, of which the second and the fourth have no process.
# Their numbers are in the file named by NESTED, from the outermost; the processes are gone when
# the command ends. As root, or as a user in a user namespace of his own.
#
# usage: nested.sh COMMAND [ARGUMENT]...     exits with its status, or 77 if they are refused
set -eu

case ${NESTED_STAGE-host} in
host)
	dir=$(mktemp -d)
	trap 'rm -rf "$dir"' EXIT
	export NESTED_DIR="$dir" NESTED="$dir/numbers" NESTED_STAGE=world
	mkfifo "$dir/hold" "$dir/ready"
	if [ "$(id -u)" -eq 0 ]; then
		unshare --fork --pid --mount --mount-proc --kill-child "$0" "$@"
	else
		unshare --user --map-root-user --fork --pid --mount --mount-proc --kill-child "$0" "$@"
	fi
	;;
world)
	# Everybody who is to stay reads from a FIFO that nobody writes to.
	exec 3<>"$NESTED_DIR/hold"
	# If one of them is refused, the last write end is closed, and the read ends without a line.
	NESTED_STAGE=1 unshare --user --map-root-user "$0" 4>"$NESTED_DIR/ready" &
	read -r _ <"$NESTED_DIR/ready" || exit 77
	unset NESTED_STAGE
	"$@" 3>&-
	;;
[135])
	readlink /proc/self/ns/user >>"$NESTED"
	if [ "$NESTED_STAGE" -eq 5 ]; then
		echo ready >&4
	else
		# The one in between is left at once: unshare runs unshare without a fork.
		next=$((NESTED_STAGE + 2))
		# shellcheck disable=SC2016 # expands in there
		NESTED_STAGE=$next unshare --user --map-root-user \
			sh -c 'readlink /proc/self/ns/user >>"$NESTED"; exec unshare --user --map-root-user "$0"' "$0" &
	fi
	exec 4>&-
	# By then it is what it will be for good: no exec after the others were told.
	read -r _ <&3
	;;
esac
