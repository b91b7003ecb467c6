#!/bin/sh
# Runs a command on the host of nested.sh, where one more user namespace is, and another comes when
# it is told to. FOLDER has the FIFOs `said`, for what is told from here (the numbers of $NESTED,
# those of the two, and `gone`), and `start`, `old` and `new`, each of which waits for a line: to
# run the command, to end the one, to make the other.
#
# usage: nested.sh changing.sh FOLDER COMMAND [ARGUMENT]...
set -eu
folder=$1
shift

# Says its number when no other process is in it, and `gone` when /proc has it no more.
plant() {
	# shellcheck disable=SC2016 # expands in there
	unshare --user --map-root-user sh -c 'number=$(readlink /proc/self/ns/user)
		echo "$number" >"$1/said"
		read -r _ <"$1/$2"' - "$folder" "$1"
	echo gone >"$folder/said"
}

cat "$NESTED" >"$folder/said"
plant old &
{
	read -r _ <"$folder/new"
	plant start
} &
read -r _ <"$folder/start"
"$@"
