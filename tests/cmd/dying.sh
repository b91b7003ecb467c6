#!/bin/sh
# usage: dying.sh COMMAND [ARG]...     as root, in a PID namespace with its own /proc
# Runs the command while a PID namespace is dying: its init was killed, and waits for a process that
# stays a zombie, since its parent, which is outside, is stopped. $init and $member are their PIDs.
set -eu

# child_of PID: the process whose parent that is, in another PID namespace.
child_of() {
	for status in /proc/[0-9]*/status; do
		awk -v parent="$1" '/^Pid:/ { pid = $2 } /^PPid:/ { ppid = $2 } /^NSpid:/ { levels = NF - 1 }
			END { if (ppid == parent && levels == 2) print pid }' "$status" 2>/dev/null || :
	done
}

unshare --fork --pid sleep 1000 &
outer=$!
until init=$(child_of "$outer") && [ -n "$init" ]; do :; done
nsenter --target "$init" --pid sleep 1000 &
enter=$!
until member=$(child_of "$enter") && [ -n "$member" ]; do :; done
kill -STOP "$enter"
# Until it is stopped, it could still wait for its child.
until grep -q '^State:.*T' "/proc/$enter/status"; do :; done
kill -KILL "$init"
until grep -q '^State:.*Z' "/proc/$member/status"; do :; done
export init member
"$@"
