#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs a command on a little host of its own: a PID and mount namespace with its own /proc, in it
# user namespaces with these owners, a process in each. The processes are gone when the command
# ends. Needs root.
#
# usage: owners.sh FOLDER COUNT COMMAND [ARGUMENT]...     COUNT owners from UID 7000 on; makes FIFOs
#        in FOLDER; exits with the status of the command, or 77 if it is refused
set -eu

if [ -z "${OWNERS_STAGE-}" ]; then
	[ "$(id -u)" -eq 0 ] || exit 77
	mkfifo "$1/hold" "$1/ready"
	OWNERS_STAGE=world exec unshare --fork --pid --mount --mount-proc --kill-child "$0" "$@"
fi

folder=$1 count=$2
shift 2
unset OWNERS_STAGE
# The owners read from a FIFO that nothing is written to.
exec 3<>"$folder/hold" 4<>"$folder/ready"
uid=7000
while [ "$uid" -lt $((7000 + count)) ]; do
	# shellcheck disable=SC2016 # expands in there
	setpriv --reuid="$uid" --regid="$uid" --clear-groups \
		unshare --user sh -c 'echo "$0" >&4; exec 4>&-; read -r _ <&3' "$uid" &
	uid=$((uid + 1))
done
exec 5<"$folder/ready" 4>&-
while [ "$count" -gt 0 ]; do
	# If one of them is refused, the last write end is closed, and there are less lines.
	read -r _ <&5 || exit 77
	count=$((count - 1))
done
exec 5<&-
"$@" 3>&-
