# Tests of the tree itself.
if HAVE_BATS
TESTS += tests/floors.bats tests/rooms.bats tests/style.bats
endif
EXTRA_DIST += tests/apt.bash tests/assert.bash tests/bats_style.awk tests/floors.bats \
	tests/rooms.bats tests/structure.awk tests/style.bats tests/unit.h
