# Other systems: package managers, C libraries, word sizes. `make check-musl` and `make check-m32`
# build in build/ports and run all tests there, or with PORT_TESTS='FILE...' only these.
EXTRA_DIST += tests/ports/bootstrap.bats tests/ports/expected tests/ports/libraries \
	tests/ports/mnl.c tests/ports/run tests/ports/run.bats
if HAVE_BATS
TESTS += tests/ports/bootstrap.bats tests/ports/run.bats
endif

check-musl check-m32:
	@top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' \
		'$(top_srcdir)'/tests/ports/run $(@:check-%=%) $(PORT_TESTS)
.PHONY: check-musl check-m32
clean-local: clean-ports
clean-ports:
	rm -rf build/ports
.PHONY: clean-ports
