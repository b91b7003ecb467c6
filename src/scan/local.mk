# Reading a model of a host by the operations of kernel.h, and the thread that does it.
noinst_LIBRARIES += src/scan/libscan.a
src_scan_libscan_a_SOURCES = \
	src/scan/containers/cgroup_lines.c src/scan/containers/cgroup_lines.h \
	src/scan/containers/cgroup_path.c src/scan/containers/cgroup_path.h \
	src/scan/containers/monitor_args.c src/scan/containers/monitor_args.h \
	src/scan/containers/patterns.def \
	src/scan/containers/store_files.c src/scan/containers/store_files.h \
	src/scan/container_monitors.c src/scan/container_monitors.h \
	src/scan/container_mounts.c src/scan/container_mounts.h \
	src/scan/containers.c src/scan/containers.h \
	src/scan/container_names.c src/scan/container_names.h \
	src/scan/facts.c src/scan/facts.h \
	src/scan/listed.c src/scan/listed.h \
	src/scan/merge.c src/scan/merge.h \
	src/scan/mounts_read.c src/scan/mounts_read.h \
	src/scan/namespaces.c src/scan/namespaces.h \
	src/scan/net_draft.h \
	src/scan/net_facts_read.c src/scan/net_facts_read.h \
	src/scan/net_proc.c \
	src/scan/net_sockets.c \
	src/scan/nspid.c src/scan/nspid.h \
	src/scan/ns_facts.c src/scan/ns_facts.h \
	src/scan/ns_facts_pid.c \
	src/scan/ns_facts_user.c \
	src/scan/ns_open.c src/scan/ns_open.h \
	src/scan/pins.c src/scan/pins.h \
	src/scan/posture.c src/scan/posture.h \
	src/scan/posture_mounts.c src/scan/posture_mounts.h \
	src/scan/reach.c src/scan/reach.h \
	src/scan/refresh.c src/scan/refresh.h \
	src/scan/refresh_compare.c src/scan/refresh_compare.h \
	src/scan/refresh_copy.c src/scan/refresh_copy.h \
	src/scan/refresh_internal.h \
	src/scan/refresh_round.c \
	src/scan/refresh_settle.c src/scan/refresh_settle.h \
	src/scan/relations.c src/scan/relations.h \
	src/scan/reopen.c src/scan/reopen.h \
	src/scan/scan.c src/scan/scan.h \
	src/scan/scan_state.c src/scan/scan_state.h \
	src/scan/sources/source_fd.c \
	src/scan/sources/source_listns.c \
	src/scan/sources/source_mntns.c \
	src/scan/sources/source_mount.c \
	src/scan/sources/source_process.c \
	src/scan/sources/source_socket.c \
	src/scan/sources/source_thread.c \
	src/scan/sources/sources.c src/scan/sources/sources.h \
	src/scan/thread.c src/scan/thread.h \
	src/scan/watch.c src/scan/watch.h \
	src/scan/watcher.c src/scan/watcher.h \
	src/scan/visit.c src/scan/visit.h \
	src/scan/worker.c src/scan/worker.h \
	src/scan/worker_facts.c \
	src/scan/worker_internal.h

LINK_SCAN = src/scan/libscan.a src/kernel/libkernel.a src/model/libmodel.a $(LINK_NSREL) $(LINK_PRIVSEP) $(MNL_LIBS)
