#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The first process of a guest. On the root of an initramfs listmount(2) of another mount namespace
# returns less on Linux 6.12 to 6.19, so the system moves to a tmpfs.
/bin/busybox mkdir -p /new
/bin/busybox mount -t tmpfs -o mode=755 new /new
for name in /*; do
	case $name in
	/new) ;;
	/init) ;;
	*) /bin/busybox cp -a "$name" /new/ ;;
	esac
done
exec /bin/busybox switch_root /new /init2.sh
