# Snapshots: nsbrowse-snapshot(5), out and in.
noinst_LIBRARIES += src/snapshot/libsnapshot.a
src_snapshot_libsnapshot_a_SOURCES = \
	src/snapshot/errno_name.c src/snapshot/errno_name.h \
	src/snapshot/fields.c \
	src/snapshot/read_containers.c \
	src/snapshot/read_facts.c \
	src/snapshot/read_mounts.c \
	src/snapshot/read_namespaces.c \
	src/snapshot/read_net.c \
	src/snapshot/read_pins.c \
	src/snapshot/read_posture.c \
	src/snapshot/reader.h \
	src/snapshot/snapshot.h \
	src/snapshot/snapshot_read.c \
	src/snapshot/snapshot_write.c \
	src/snapshot/write_facts.c \
	src/snapshot/write_mounts.c \
	src/snapshot/write_net.c \
	src/snapshot/writer.h

LINK_SNAPSHOT = src/snapshot/libsnapshot.a $(LINK_MODEL)
