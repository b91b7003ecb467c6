# Other systems: package managers, C libraries, word sizes.
EXTRA_DIST += tests/ports/bootstrap.bats
if HAVE_BATS
TESTS += tests/ports/bootstrap.bats
endif
