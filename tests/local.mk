# Tests of the tree itself.
if HAVE_BATS
TESTS += tests/floors.bats
endif
EXTRA_DIST += tests/assert.bash tests/floors.bats tests/unit.h
