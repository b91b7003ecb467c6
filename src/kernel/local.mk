# The one seam to Linux, and the parsers of /proc text.
noinst_LIBRARIES += src/kernel/libkernel.a
src_kernel_libkernel_a_SOURCES = \
	src/kernel/privileged/ask.h src/kernel/privileged/ask_keys.c src/kernel/privileged/ask_mount_ns.c \
	src/kernel/privileged/ask_mounted.c src/kernel/privileged/ask_sockets.c \
	src/kernel/privileged/cmdlines.c \
	src/kernel/privileged/job_features.c src/kernel/privileged/job_keys.c src/kernel/privileged/job_mount_ns.c \
	src/kernel/privileged/job_mounted.c src/kernel/privileged/job_sockets.c \
	src/kernel/privileged/job_parts.c src/kernel/privileged/job_parts.h \
	src/kernel/kernel.h \
	src/kernel/kernel_host.c src/kernel/kernel_host.h \
	src/kernel/kernel_features.c src/kernel/kernel_features.h \
	src/kernel/kernel_open.c src/kernel/kernel_open.h \
	src/kernel/kernel_linux.c src/kernel/kernel_linux.h \
	src/kernel/privileged/kernel_privileged.c src/kernel/privileged/kernel_privileged.h \
	src/kernel/mount_uapi.h \
	src/kernel/privileged/privileged_jobs.h src/kernel/privileged/privileged_wire.h \
	src/kernel/proc/proc.c src/kernel/proc/proc.h \
	src/kernel/proc/proc_mountinfo.c src/kernel/proc/proc_mountinfo.h

EXTRA_DIST += src/kernel/proc_files.txt

LINK_KERNEL = src/kernel/libkernel.a $(LINK_NSREL) $(LINK_PRIVSEP)
