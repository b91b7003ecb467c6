# The four programs: options, rights, the helper's jobs, the poll loop.
bin_PROGRAMS += nsbrowse lsuserns lspidns graphns
noinst_LIBRARIES += src/cmd/libcmd.a
src_cmd_libcmd_a_CPPFLAGS = $(AM_CPPFLAGS) $(LIBCAP_CFLAGS) -DPKGDATADIR='"$(pkgdatadir)"'
src_cmd_libcmd_a_SOURCES = \
	src/cmd/jobs/caller.c \
	src/cmd/jobs/complete.c \
	src/cmd/jobs/config_file.c \
	src/cmd/jobs/draw.c \
	src/cmd/jobs/jobs.h \
	src/cmd/jobs/save.c \
	src/cmd/jobs/user_names.c \
	src/cmd/about.c src/cmd/about.h \
	src/cmd/answer.c src/cmd/answer.h \
	src/cmd/options.c src/cmd/options.h src/cmd/options_check.c \
	src/cmd/output.c src/cmd/output.h \
	src/cmd/rights.c src/cmd/rights.h \
	src/cmd/run.c src/cmd/run.h \
	src/cmd/run_jobs.c src/cmd/run_jobs.h \
	src/cmd/scan_list.c src/cmd/scan_list.h \
	src/cmd/session.c src/cmd/session.h \
	src/cmd/signals.c src/cmd/signals.h \
	src/cmd/source.c src/cmd/source.h \
	src/cmd/start.c src/cmd/start.h \
	src/cmd/ui_jobs.c src/cmd/ui_jobs.h \
	src/cmd/ui_models.c src/cmd/ui_models.h

LINK_CMD = src/cmd/libcmd.a $(LINK_TERM) $(LINK_UI) $(LINK_EXPORT) $(LINK_SNAPSHOT) $(LINK_VIEW) \
	$(LINK_SCAN) $(LINK_KERNEL) $(LINK_MODEL) $(LIBCAP_LIBS) $(NCURSESW_LIBS)

nsbrowse_SOURCES = src/cmd/main.c
nsbrowse_CPPFLAGS = $(AM_CPPFLAGS) -DTHIS_PROGRAM=PROGRAM_NSBROWSE
nsbrowse_LDADD = $(LINK_CMD)
lsuserns_SOURCES = src/cmd/main.c
lsuserns_CPPFLAGS = $(AM_CPPFLAGS) -DTHIS_PROGRAM=PROGRAM_LSUSERNS
lsuserns_LDADD = $(LINK_CMD)
lspidns_SOURCES = src/cmd/main.c
lspidns_CPPFLAGS = $(AM_CPPFLAGS) -DTHIS_PROGRAM=PROGRAM_LSPIDNS
lspidns_LDADD = $(LINK_CMD)
graphns_SOURCES = src/cmd/main.c
graphns_CPPFLAGS = $(AM_CPPFLAGS) -DTHIS_PROGRAM=PROGRAM_GRAPHNS
graphns_LDADD = $(LINK_CMD)
