# Man pages, completion, the demo.
dist_man_MANS += data/nsrel.3 data/lsuserns.1 data/lspidns.1 data/graphns.1 \
	data/nsbrowse-snapshot.5
man_MANS += data/nsbrowse.1
CLEANFILES += data/nsbrowse.1
EXTRA_DIST += data/nsbrowse.1.in data/keys.awk
data/nsbrowse.1: data/nsbrowse.1.in data/keys.awk src/ui/input/keys.def src/ui/pages/settings.def \
		src/ui/pages/legend.def src/model/sources.def src/view/columns.def \
		src/kernel/interfaces.def
	$(AM_V_GEN)$(MKDIR_P) data && $(AWK) -v page=$(srcdir)/data/nsbrowse.1.in \
		-f $(srcdir)/data/keys.awk $(srcdir)/src/ui/input/keys.def \
		$(srcdir)/src/ui/pages/settings.def $(srcdir)/src/model/sources.def \
		$(srcdir)/src/ui/pages/legend.def $(srcdir)/src/view/columns.def \
		$(srcdir)/src/kernel/interfaces.def > $@.tmp && mv $@.tmp $@

# nsbrowse --demo shows it; many tests read it too.
dist_pkgdata_DATA += data/demo.json

# The installed program finds the installed file (not with DESTDIR, which it does not know).
installcheck-local:
	cd / && '$(bindir)/nsbrowse' --demo --json | cmp - '$(pkgdatadir)/demo.json'

# Made by ./graphns -f data/demo.json -o data/demo.svg --force; a test fails if it is out of date.
dist_noinst_DATA += data/demo.svg

# Made by `make pictures`, from the screen; tests/cmd/pictures.bats fails if it is out of date.
dist_noinst_DATA += data/screen.svg

# What the options screen writes at first; a test fails if it is out of date.
dist_doc_DATA = data/config.example

# bash-completion looks for a file named like the command.
bashcompletiondir = $(datadir)/bash-completion/completions
EXTRA_DIST += data/completion.bash
install-data-hook:
	$(MKDIR_P) '$(DESTDIR)$(bashcompletiondir)'
	$(INSTALL_DATA) $(srcdir)/data/completion.bash '$(DESTDIR)$(bashcompletiondir)/nsbrowse'
	for program in lsuserns lspidns graphns; do \
		$(LN_S) -f nsbrowse '$(DESTDIR)$(bashcompletiondir)'/$$program || exit 1; \
	done
uninstall-hook:
	for program in nsbrowse lsuserns lspidns graphns; do \
		rm -f '$(DESTDIR)$(bashcompletiondir)'/$$program; \
	done
