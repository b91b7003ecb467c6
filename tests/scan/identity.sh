#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# In the scene `identity`: identity.sh COMMAND [ARG]... runs a command that scans when it is told to and
# prints the tag of each namespace (discover.c --wait), and between two scans has the scene make and
# drop namespaces, so that numbers come round. What the scene calls the same must have the same tag in
# every scan, and no two things ever the same one. Prints the figures; exit 1 if it is not so.
# IDENTITY_STEPS: other steps. Needs no more than busybox has, for guests with other kernels.
set -eu

steps="churn leader replace replace leader churn replace leader churn"
steps="$steps leader replace leader replace leader replace leader replace leader replace"
steps=${IDENTITY_STEPS:-$steps}

# Prints what a scan finds, and then what the scene says of it.
scan() {
	echo go >&3
	while read -r line <&4; do
		echo "$line"
		case $line in end*) break ;; esac
	done
	case $line in end*) ;; *) return 1 ;; esac
	grep -E '^(same|again)	' "$SCENE_TRUTH"
}

run() {
	scan
	scan
	for step in $steps; do
		echo "$step" >"$SCENE_DIR/step"
		read -r answer <"$SCENE_DIR/done"
		if [ "$answer" != ok ]; then
			echo "failed	$step: $answer"
		fi
		scan
	done
	echo complete
}

# shellcheck disable=SC2016 # fields of awk
judge='
function wrong(text) {
	print "identity: scan " scans ": " text >"/dev/stderr"
	n_wrong++
}
$1 == "scan" { scans++; split("", tags) }
$1 == "tag" { tags[$2 " " $3] = $4 }
$1 == "again" { again++ }
$1 == "failed" { wrong($2) }
$1 == "complete" { is_complete = 1 }
$1 == "same" {
	if (!(($3 " " $4) in tags)) {
		wrong($2 " is not there")
		next
	}
	tag = tags[$3 " " $4]
	if ($2 in tag_of) {
		kept++
		if (tag_of[$2] != tag)
			wrong($2 " was " tag_of[$2] ", is " tag)
	} else {
		things++
	}
	if (tag in label_of && label_of[tag] != $2)
		wrong($2 " has the tag of " label_of[tag])
	tag_of[$2] = tag
	label_of[tag] = $2
}
END {
	if (!is_complete)
		wrong("not all steps")
	if (!again)
		wrong("no number came round")
	printf "%d scans: %d things kept their tags %d times, %d new ones had the number of one that went; %d wrong\n",
		scans, things, kept, again, n_wrong
	exit n_wrong > 0
}'

mkfifo "$SCENE_DIR/go" "$SCENE_DIR/found"
"$@" --wait <"$SCENE_DIR/go" >"$SCENE_DIR/found" &
exec 3>"$SCENE_DIR/go" 4<"$SCENE_DIR/found"
status=0
run | awk -F '\t' "$judge" || status=$?
exec 3>&-
wait $! || {
	echo "identity: the command ended with status $?" >&2
	status=1
}
exit "$status"
