#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the guest ready, runs guest.sh and ends the guest. What guest.sh writes goes to the second
# serial port as it is; messages of the kernel go to the first.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:/:/tests/scenes:/tests/scan top_builddir=/ HOME=/root
export LC_ALL=C.UTF-8 TERM=linux TMPDIR=/tmp
/bin/busybox --install -s
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm /run /tmp
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t tmpfs -o mode=755 tmpfs /run
mount -t cgroup2 cgroup2 /sys/fs/cgroup
hostname guest
ip link set lo up
stty -F /dev/ttyS1 raw -echo
cd /
# A shell of its own session, so that no process of the guest has the ports open but this one.
setsid sh -c '/guest.sh; printf "\n@exit %d\n" $?' </dev/null >/dev/ttyS1 2>&1
sync
poweroff -f
