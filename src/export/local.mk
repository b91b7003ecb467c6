# A view as a file: tree text, DOT (by libcgraph), SVG (without a library).
noinst_LIBRARIES += src/export/libexport.a
src_export_libexport_a_CPPFLAGS = $(AM_CPPFLAGS) $(CGRAPH_CFLAGS)
src_export_libexport_a_SOURCES = \
	src/export/audit.c \
	src/export/dot.c \
	src/export/dot_facts.c src/export/dot_facts.h \
	src/export/dot_graph.c src/export/dot_graph.h \
	src/export/dot_legend.c src/export/dot_legend.h \
	src/export/dot_mounts.c src/export/dot_mounts.h \
	src/export/dot_net.c src/export/dot_net.h \
	src/export/dot_style.c src/export/dot_style.h \
	src/export/export.h \
	src/export/grid.c src/export/grid.h \
	src/export/holds.c \
	src/export/json_container.c src/export/json_container.h \
	src/export/label.c src/export/label.h \
	src/export/metrics.c \
	src/export/metrics_limits.c src/export/metrics_limits.h \
	src/export/palette.c src/export/palette.h \
	src/export/pid_levels.c \
	src/export/svg.c \
	src/export/svg_legend.c src/export/svg_legend.h \
	src/export/svg_lines.c src/export/svg_lines.h \
	src/export/svg_measures.h \
	src/export/svg_net.c src/export/svg_net.h \
	src/export/svg_page.c src/export/svg_page.h \
	src/export/svg_plan.c src/export/svg_plan.h \
	src/export/svg_route.c src/export/svg_route.h \
	src/export/svg_style.c src/export/svg_style.h \
	src/export/svg_text.c src/export/svg_text.h \
	src/export/text.c

LINK_EXPORT = src/export/libexport.a $(LINK_VIEW) $(CGRAPH_LIBS)
