# The helper process: jobs that need rights, or that may hang.
noinst_LIBRARIES += src/privsep/libprivsep.a
src_privsep_libprivsep_a_SOURCES = \
	src/privsep/helper.c src/privsep/helper.h \
	src/privsep/helper_all.c src/privsep/helper_protocol.h \
	src/privsep/helper_rights.c src/privsep/helper_serve.c \
	src/privsep/helper_state.c

LINK_PRIVSEP = src/privsep/libprivsep.a $(LINK_BASE)
