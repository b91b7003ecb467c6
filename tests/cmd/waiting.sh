#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs nsbrowse in a scene (tests/scenes), and does what is written to the FIFO `go`, a word a line;
# each word but `term` is written to the FIFO `said` when it is done. Says how nsbrowse ended.
#
#   term   SIGTERM to nsbrowse; no answer, since the scene can end before it is written
#   lock   the step `lock` of the scene
#   new    one more process, in a UTS namespace of its own
#   awake  looks at the threads of nsbrowse: the answer is `stuck` if one is in state D
#
# usage: waiting.sh FOLDER NSBROWSE [ARGUMENT]...
set -eu
folder=$1
shift
exec 3<>"$folder/go" 4>"$folder/said" 5<>"$folder/hold"

# A command in the background would read from /dev/null.
"$@" </dev/tty 3>&- 4>&- 5>&- &
pid=$!

while read -r word; do
	case $word in
	term)
		kill -TERM "$pid"
		continue
		;;
	lock)
		echo lock >"$SCENE_DIR/step"
		read -r _ <"$SCENE_DIR/done"
		;;
	awake)
		states=$(sed 's/.*) \(.\).*/\1/' "/proc/$pid"/task/*/stat)
		case $states in *D*) word=stuck ;; esac
		;;
	new) unshare --uts sh -c 'read -r _' new <&5 & ;;
	esac
	echo "$word" >&4
done <&3 &

status=0
wait "$pid" || status=$?
echo "ended by $status"
