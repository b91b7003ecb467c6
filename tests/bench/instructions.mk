# A part of a Makefile for tests/bench/compare: it links `instructions` with the libraries of the
# tree whose Makefile is read before this, which may be that of an older commit.
COST_LIBS = $(LINK_UI) $(LINK_EXPORT) $(LINK_SNAPSHOT)

$(COST_PROGRAM): $(COST_SOURCE) $(filter %.a,$(COST_LIBS))
	$(CC) -include config.h -I$(srcdir)/src $(CFLAGS) -o $@ $(COST_SOURCE) $(COST_LIBS) $(LIBS)
