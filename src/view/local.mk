# What is shown, in which order and in which words: pure, no terminal, no file.
noinst_LIBRARIES += src/view/libview.a
src_view_libview_a_SOURCES = \
	src/view/capabilities.c src/view/capabilities.h \
	src/view/collapse.c src/view/collapse.h \
	src/view/filter.c src/view/filter.h \
	src/view/hierarchy.c src/view/hierarchy.h \
	src/view/kinds.c \
	src/view/match.c src/view/match.h \
	src/view/names.c src/view/names.h \
	src/view/nsenter.c src/view/nsenter.h \
	src/view/order.c src/view/order.h \
	src/view/pair_plan.c src/view/pair_plan.h \
	src/view/partial.c src/view/partial.h \
	src/view/process_tree.c src/view/process_tree.h \
	src/view/words.c src/view/words.h

LINK_VIEW = src/view/libview.a $(LINK_MODEL)
