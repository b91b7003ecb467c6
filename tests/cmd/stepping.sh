#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs a command in a scene with steps (tests/scenes). Each line of the FIFO `step` in FOLDER is a
# step of the scene; when it is done the truth is in the file `truth` there, and the scene's answer in
# the FIFO `said`. So it is once before the command starts, too.
#
# usage: stepping.sh FOLDER COMMAND [ARGUMENT]...
set -eu
folder=$1
shift
exec 3<>"$folder/step" 4>"$folder/said"

tell() {
	cat "$SCENE_TRUTH" >"$folder/truth"
	echo "$1" >&4
}

tell ok
while read -r step <&3; do
	echo "$step" >"$SCENE_DIR/step"
	read -r answer <"$SCENE_DIR/done"
	tell "$answer"
done &
exec "$@" 3>&- 4>&-
