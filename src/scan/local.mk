# Reading one moment of a host through the kernel seam, and the thread that does it.
noinst_LIBRARIES += src/scan/libscan.a
src_scan_libscan_a_SOURCES = \
	src/scan/facts.c src/scan/facts.h \
	src/scan/members.c src/scan/members.h \
	src/scan/merge.c src/scan/merge.h \
	src/scan/readers.c src/scan/readers.h \
	src/scan/reading.c src/scan/reading.h \
	src/scan/relations.c src/scan/relations.h \
	src/scan/scan.c src/scan/scan.h \
	src/scan/source_process.c src/scan/source_process.h \
	src/scan/worker.c src/scan/worker.h

LINK_SCAN = src/scan/libscan.a src/kernel/libkernel.a src/model/libmodel.a $(LINK_NSREL) $(LINK_BASE)
