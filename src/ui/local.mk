# The browser without a terminal: events in, state and frames out. Pure.
noinst_LIBRARIES += src/ui/libui.a
src_ui_libui_a_SOURCES = \
	src/ui/app.c src/ui/app.h src/ui/app_internal.h \
	src/ui/app_actions.c \
	src/ui/app_copy.c \
	src/ui/app_detail.c \
	src/ui/app_find.c \
	src/ui/app_graph.c \
	src/ui/app_save.c \
	src/ui/app_mouse.c \
	src/ui/app_options.c \
	src/ui/app_render.c \
	src/ui/app_view.c \
	src/ui/app_walk.c \
	src/ui/canvas.c src/ui/canvas.h \
	src/ui/config.c src/ui/config.h \
	src/ui/counterpart.c src/ui/counterpart.h \
	src/ui/detail.c src/ui/detail.h src/ui/detail_internal.h \
	src/ui/detail_ns.c \
	src/ui/detail_process.c \
	src/ui/event.h \
	src/ui/finder.c src/ui/finder.h \
	src/ui/frame.c src/ui/frame.h \
	src/ui/geometry.c src/ui/geometry.h \
	src/ui/graph.c src/ui/graph.h \
	src/ui/graph_box.c src/ui/graph_box.h \
	src/ui/graph_draw.c \
	src/ui/graph_find.c \
	src/ui/graph_plan.c src/ui/graph_plan.h \
	src/ui/help.c src/ui/help.h \
	src/ui/history.c src/ui/history.h \
	src/ui/keys.c src/ui/keys.def src/ui/keys.h \
	src/ui/line.c src/ui/line.h \
	src/ui/look.c src/ui/look.h \
	src/ui/marks.c src/ui/marks.h \
	src/ui/places.c src/ui/places.h \
	src/ui/menu.c src/ui/menu.h \
	src/ui/prompt.c src/ui/prompt.h \
	src/ui/rows.c src/ui/rows.h \
	src/ui/settings.c src/ui/settings.def src/ui/settings.h \
	src/ui/started.c src/ui/started.h \
	src/ui/status.c src/ui/status.h \
	src/ui/successor.c src/ui/successor.h \
	src/ui/tags.c src/ui/tags.h \
	src/ui/target.c src/ui/target.h \
	src/ui/text.c src/ui/text.h \
	src/ui/tree.c src/ui/tree.h \
	src/ui/tree_pane.c src/ui/tree_pane.h \
	src/ui/unread.c src/ui/unread.h \
	src/ui/wanted.c src/ui/wanted.h

LINK_UI = src/ui/libui.a $(LINK_VIEW)
