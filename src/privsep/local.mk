# The helper process: jobs that need rights, or that may wait for ever.
noinst_LIBRARIES += src/privsep/libprivsep.a
src_privsep_libprivsep_a_CPPFLAGS = $(AM_CPPFLAGS) $(LIBCAP_CFLAGS) $(SECCOMP_CFLAGS)
src_privsep_libprivsep_a_SOURCES = \
	src/privsep/capabilities.c src/privsep/capabilities.h \
	src/privsep/helper.c src/privsep/helper.h \
	src/privsep/helper_call.c \
	src/privsep/helper_job.h \
	src/privsep/helper_protocol.c src/privsep/helper_protocol.h \
	src/privsep/helper_serve.c \
	src/privsep/landlock.c src/privsep/landlock.h \
	src/privsep/pidfd_uapi.h \
	src/privsep/request_check.c src/privsep/request_check.h \
	src/privsep/sandbox.c src/privsep/sandbox.h src/privsep/sandbox_calls.c

LINK_PRIVSEP = src/privsep/libprivsep.a $(LINK_BASE) $(LIBCAP_LIBS) $(SECCOMP_LIBS)
