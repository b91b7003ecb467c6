# The interface to Linux, and the parsers of /proc text.
noinst_LIBRARIES += src/kernel/libkernel.a
src_kernel_libkernel_a_CPPFLAGS = $(AM_CPPFLAGS) $(MNL_CFLAGS)
src_kernel_libkernel_a_SOURCES = \
	src/kernel/kernel.h src/kernel/kernel_internal.h src/kernel/kernel_mounts.h \
	src/kernel/interfaces.c src/kernel/interfaces.h src/kernel/interfaces.def \
	src/kernel/kernel_cgroup.c \
	src/kernel/kernel_children.c \
	src/kernel/kernel_host.c \
	src/kernel/kernel_linux.c src/kernel/kernel_linux.h \
	src/kernel/kernel_file.c src/kernel/kernel_file.h \
	src/kernel/privileged/cmdlines.c \
	src/kernel/privileged/container_files.c \
	src/kernel/privileged/container_open.c src/kernel/privileged/container_open.h \
	src/kernel/privileged/container_rights.c src/kernel/privileged/container_rights.h \
	src/kernel/privileged/container_stores.c src/kernel/privileged/container_stores.h \
	src/kernel/privileged/container_text.c src/kernel/privileged/container_text.h \
	src/kernel/privileged/event_records.c src/kernel/privileged/event_records.h \
	src/kernel/privileged/events.c \
	src/kernel/privileged/features.c \
	src/kernel/privileged/mount_line.c src/kernel/privileged/mount_line.h \
	src/kernel/privileged/mount_ns.c \
	src/kernel/privileged/mount_texts.c src/kernel/privileged/mount_uapi.h \
	src/kernel/privileged/mount_path.c src/kernel/privileged/mount_path.h \
	src/kernel/privileged/net_files.c \
	src/kernel/privileged/net_links.c \
	src/kernel/privileged/net_messages.c src/kernel/privileged/net_messages.h \
	src/kernel/privileged/ns_inside.c \
	src/kernel/privileged/ns_keys.c \
	src/kernel/privileged/ns_list.c \
	src/kernel/privileged/ns_mounted.c \
	src/kernel/privileged/proc_mounts.c \
	src/kernel/privileged/privileged.c src/kernel/privileged/privileged.h \
	src/kernel/privileged/socket_ns.c \
	src/kernel/privileged/subids.c \
	src/kernel/proc/proc.c src/kernel/proc/proc.h \
	src/kernel/proc/proc_mountinfo.c \
	src/kernel/proc/proc_net.c src/kernel/proc/proc_net.h \
	src/kernel/proc/proc_ns.c src/kernel/proc/proc_ns.h

EXTRA_DIST += src/kernel/proc_files.txt

LINK_KERNEL = src/kernel/libkernel.a $(LINK_NSREL) $(LINK_PRIVSEP) $(MNL_LIBS)
