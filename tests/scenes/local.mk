# tests/scenes: worlds with namespaces whose truth is known, for the tests of every source
check_PROGRAMS += tests/scenes/scene
tests_scenes_scene_SOURCES = \
	tests/scenes/churn.c \
	tests/scenes/dead.c \
	tests/scenes/descriptors.c \
	tests/scenes/fuse.c \
	tests/scenes/hostile.c \
	tests/scenes/hung.c tests/scenes/hung.h \
	tests/scenes/ladder.c \
	tests/scenes/locked.c \
	tests/scenes/mounts.c \
	tests/scenes/net_maker.c tests/scenes/net_maker.h \
	tests/scenes/nets.c \
	tests/scenes/root.c tests/scenes/root.h \
	tests/scenes/scene.c tests/scenes/scene.h \
	tests/scenes/sets.c \
	tests/scenes/show.c \
	tests/scenes/stage.c tests/scenes/stage.h \
	tests/scenes/threads.c \
	tests/scenes/truth.c tests/scenes/truth.h \
	tests/nsrel/world.c tests/nsrel/world.h
tests_scenes_scene_CPPFLAGS = $(AM_CPPFLAGS) $(MNL_CFLAGS) -I$(top_srcdir)
tests_scenes_scene_LDADD = $(LINK_KERNEL)

EXTRA_DIST += tests/scenes/scenes.bats tests/scenes/verify.pl
if HAVE_BATS
TESTS += tests/scenes/scenes.bats
endif
