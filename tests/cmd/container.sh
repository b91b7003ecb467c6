#!/bin/bash
# Runs a command beside a process that looks like a container of Docker: in a control group of that
# name (of any hierarchy that can be written), with a root directory of its own on a tmpfs, /usr and
# /proc. As root, on the host: PID 1 is the host's only there. The container ends with the command.
#
# usage: container.sh ID UNSHARE SETPRIV MOUNT COMMAND [ARGUMENT]...
#   ID       64 hexadecimal digits
#   UNSHARE  options of unshare(1): which namespaces it has beside mount
#   SETPRIV  options of setpriv(1): what it may not do
#   MOUNT    a command that mounts more below $new, its root directory
# exits with the status of the command, or 77 if it may not make such a container
set -eu

id=$1 unshare=$2 setpriv=$3 mount=$4
shift 4
[ "$(id -u)" -eq 0 ] || exit 77
for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*; do
	[ -e "$hierarchy/cgroup.procs" ] && mkdir -p "$hierarchy/docker/$id" 2>/dev/null && break
done
group=$hierarchy/docker/$id
[ -e "$group/cgroup.procs" ] || exit 77
dir=$(mktemp -d)
mkfifo "$dir/hold" "$dir/ready"
exec 3<>"$dir/hold"
container=

# shellcheck disable=SC2317 # by the trap
end() {
	exec 3>&-
	[ -z "$container" ] || kill -KILL "$container" 2>/dev/null || true
	wait
	for ((i = 0; i < 10000; i++)); do # until the last process is reaped
		rmdir "$group" 2>/dev/null && break
	done
	rmdir "$hierarchy/docker" 2>/dev/null || true
	rm -rf "$dir"
}
trap end EXIT

# The first process of the new namespaces enters the group: 0 is the process that writes.
mkdir "$dir/new"
export group mount setpriv new="$dir/new"
# shellcheck disable=SC2016,SC2086 # expands in there; lists
unshare --fork --kill-child --mount $unshare bash -euc '
	mount -t tmpfs none "$new"
	mkdir "$new/usr" "$new/proc" "$new/run" "$new/host"
	mount --rbind /usr "$new/usr"
	for name in bin lib lib64; do
		if [ -L "/$name" ]; then
			cp -P "/$name" "$new"
		elif [ -e "/$name" ]; then
			mkdir "$new/$name"
			mount --bind "/$name" "$new/$name"
		fi
	done
	mount -t proc proc "$new/proc" 2>/dev/null || mount --rbind /proc "$new/proc"
	eval "$mount"
	echo 0 >"$group/cgroup.procs"
	exec setpriv $setpriv chroot "$new" /bin/sh -c "echo >&4; read -r line"
' <&3 4>"$dir/ready" &
container=$!
# If it could not be made, the last write end is closed, and the read ends without a line.
read -r _ <"$dir/ready" || exit 77
status=0
"$@" 3>&- || status=$?
exit "$status"
