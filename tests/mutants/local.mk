# Planted faults, each with the tests that must find it: `make check-mutants`, or with
# MUTANTS='NAME...' only these.
EXTRA_DIST += tests/mutants

check-mutants: all
	@$(AM_TESTS_ENVIRONMENT) BATS='$(BATS)'; export BATS; '$(top_srcdir)'/tests/mutants/run $(MUTANTS)
.PHONY: check-mutants

clean-local: clean-mutants
clean-mutants:
	rm -rf build/mutants
.PHONY: clean-mutants
