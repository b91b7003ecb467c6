#!/bin/sh
# Runs a command on the host of nested.sh, where all the while processes and namespaces come and go.
#
# usage: nested.sh churning.sh COMMAND [ARGUMENT]...
set -eu

churn() {
	while :; do
		unshare --user --map-root-user --pid --fork --net sleep 0.2 &
		unshare --user --map-root-user unshare --user sleep 0.3 &
		unshare --user --map-root-user --mount --ipc sleep 0.1 # for the pace too
	done
}

churn >/dev/null 2>&1 &
"$@"
