# The browser without a terminal: events in, state and frames out. Pure.
noinst_LIBRARIES += src/ui/libui.a
src_ui_libui_a_SOURCES = \
	src/ui/app/app.c src/ui/app/app.h \
	src/ui/app/changes.c \
	src/ui/app/copy.c \
	src/ui/app/detail_pane.c \
	src/ui/app/facts.c \
	src/ui/app/graph_screen.c \
	src/ui/app/hint.c \
	src/ui/app/jumps.c \
	src/ui/app/match.c \
	src/ui/app/net_search.c \
	src/ui/app/network_screen.c \
	src/ui/app/options.c \
	src/ui/app/page_search.c \
	src/ui/app/page_text.c \
	src/ui/app/pages.c \
	src/ui/app/panes.c \
	src/ui/app/read_mounts.c \
	src/ui/app/save.c \
	src/ui/app/screens.c src/ui/app/screens.h \
	src/ui/app/search.c \
	src/ui/app/state.c src/ui/app/state.h \
	src/ui/app/status.c \
	src/ui/app/views.c \
	src/ui/detail/detail.c src/ui/detail/detail.h \
	src/ui/detail/page_facts.c \
	src/ui/detail/page_limits.c \
	src/ui/detail/page_mount.c \
	src/ui/detail/page_pin.c \
	src/ui/detail/page_net.c \
	src/ui/detail/page_container.c src/ui/detail/page_ns.c \
	src/ui/detail/page_process.c src/ui/detail/process_table.c \
	src/ui/draw/frame.c src/ui/draw/frame.h \
	src/ui/draw/geometry.c src/ui/draw/geometry.h \
	src/ui/draw/line.c src/ui/draw/line.h \
	src/ui/draw/scroller.c src/ui/draw/scroller.h \
	src/ui/graph/canvas.c src/ui/graph/canvas.h \
	src/ui/graph/graph.c src/ui/graph/graph.h \
	src/ui/graph/graph_draw.c \
	src/ui/graph/graph_fit.c \
	src/ui/graph/graph_lines.c \
	src/ui/graph/graph_plan.c src/ui/graph/graph_plan.h \
	src/ui/graph/graph_search.c \
	src/ui/graph/graph_step.c \
	src/ui/graph/network.c src/ui/graph/network.h \
	src/ui/input/event.h \
	src/ui/input/keys.c src/ui/input/keys.def src/ui/input/keys.h \
	src/ui/list/column_widths.c src/ui/list/column_widths.h \
	src/ui/list/columns.c src/ui/list/columns.h \
	src/ui/list/kept_views.c src/ui/list/kept_views.h \
	src/ui/list/marks.c src/ui/list/marks.h \
	src/ui/list/rows.c src/ui/list/rows.h \
	src/ui/list/tree.c src/ui/list/tree.h \
	src/ui/list/tree_pane.c src/ui/list/tree_search.c \
	src/ui/pages/help.c src/ui/pages/legend.def \
	src/ui/pages/page.c src/ui/pages/page.h \
	src/ui/pages/problems.c \
	src/ui/pages/settings.c src/ui/pages/settings.def src/ui/pages/settings.h \
	src/ui/pages/translation.c \
	src/ui/prompt/menu.c src/ui/prompt/menu.h \
	src/ui/prompt/prompt.c src/ui/prompt/prompt.h

LINK_UI = src/ui/libui.a $(LINK_VIEW)
