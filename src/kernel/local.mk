# The one seam to Linux, and the parsers of /proc text.
noinst_LIBRARIES += src/kernel/libkernel.a
src_kernel_libkernel_a_SOURCES = \
	src/kernel/privileged/ask.h src/kernel/privileged/ask_keys.c src/kernel/privileged/ask_mount_ns.c \
	src/kernel/privileged/ask_mounted.c src/kernel/privileged/ask_sockets.c \
	src/kernel/privileged/cmdlines.c \
	src/kernel/privileged/job_features.c src/kernel/privileged/job_keys.c src/kernel/privileged/job_mount_ns.c \
	src/kernel/privileged/job_mounted.c src/kernel/privileged/job_sockets.c \
	src/kernel/privileged/job_parts.c src/kernel/privileged/job_parts.h \
	src/kernel/kernel.c src/kernel/kernel.h \
	src/kernel/kernel_fds.c src/kernel/kernel_fds.h \
	src/kernel/kernel_host.c src/kernel/kernel_host.h \
	src/kernel/kernel_features.c src/kernel/kernel_features.h \
	src/kernel/kernel_open.c src/kernel/kernel_open.h \
	src/kernel/kernel_linux.c src/kernel/kernel_linux.h \
	src/kernel/privileged/kernel_privileged.c src/kernel/privileged/kernel_privileged.h \
	src/kernel/mount_uapi.h \
	src/kernel/privileged/privileged_jobs.h src/kernel/privileged/privileged_wire.h \
	src/kernel/proc/proc_cgroup.c src/kernel/proc/proc_cgroup.h \
	src/kernel/proc/proc_cmdline.c src/kernel/proc/proc_cmdline.h \
	src/kernel/proc/proc_link.c src/kernel/proc/proc_link.h \
	src/kernel/proc/proc_maps.c src/kernel/proc/proc_maps.h \
	src/kernel/proc/proc_mountinfo.c src/kernel/proc/proc_mountinfo.h \
	src/kernel/proc/proc_number.c src/kernel/proc/proc_number.h \
	src/kernel/proc/proc_pid.c src/kernel/proc/proc_pid.h \
	src/kernel/proc/proc_stat.c src/kernel/proc/proc_stat.h \
	src/kernel/proc/proc_status.c src/kernel/proc/proc_status.h \
	src/kernel/proc/proc_status_field.c src/kernel/proc/proc_status_field.h

EXTRA_DIST += src/kernel/proc_files.txt

LINK_KERNEL = src/kernel/libkernel.a $(LINK_NSREL) $(LINK_PRIVSEP)
