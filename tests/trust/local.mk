# tests/trust: what must never happen, and the tests that show it. CONTRIBUTING says how to add one.

# Tests of one row that belong to no other folder: R7.bats and so on.
trust_bats = \
	tests/trust/R1.bats \
	tests/trust/R7.bats \
	tests/trust/R8.bats \
	tests/trust/R10.bats \
	tests/trust/R12.bats \
	tests/trust/R13.bats \
	tests/trust/R14.bats \
	tests/trust/R15.bats \
	tests/trust/R16.bats \
	tests/trust/R24.bats \
	tests/trust/R26.bats \
	tests/trust/R21.bats \
	tests/trust/rows.bats
if HAVE_BATS
TESTS += $(trust_bats)
endif
# What R13.bats runs a scan among.
check_PROGRAMS += tests/trust/load

EXTRA_DIST += $(trust_bats) tests/trust/README tests/trust/rows tests/trust/table.awk

# For R1.bats.
EXTRA_DIST += tests/trust/hostile.sh
check_PROGRAMS += tests/trust/raw
tests_trust_raw_SOURCES = tests/trust/raw.c
tests_trust_raw_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
tests_trust_raw_LDADD = $(LINK_BASE)

# For R8.bats.
check_PROGRAMS += tests/trust/sweep
tests_trust_sweep_SOURCES = tests/trust/sweep.c
tests_trust_sweep_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
tests_trust_sweep_LDADD = $(LINK_SNAPSHOT)

# For R21.bats.
check_PROGRAMS += tests/trust/reuse
tests_trust_reuse_SOURCES = tests/trust/reuse.c
tests_trust_reuse_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
tests_trust_reuse_LDADD = $(LINK_SNAPSHOT)

# The tests that do more if NSBROWSE_LONG is set.
long_tests = \
	tests/base/test_atomic_file_kills \
	tests/cmd/test_browse_identity \
	tests/cmd/test_hostile_requests \
	tests/degraded/degraded.bats \
	tests/privsep/test_helper_channel \
	tests/snapshot/test_cost \
	tests/trust/R13.bats \
	tests/trust/R14.bats \
	tests/trust/R15.bats \
	tests/trust/R16.bats \
	tests/trust/R7.bats \
	tests/trust/R8.bats \
	tests/trust/R21.bats

# Only those of the tests $only, if there are any.
trust_table = $(AWK) -v built='$(TESTS)' -v only="$$only" -f '$(srcdir)'/tests/trust/table.awk '$(srcdir)'/tests/trust/rows

# Runs those of the tests $wanted that this build has, and prints what all of them found.
run_wanted = r=0; tests=; \
	for test in $(TESTS); do \
		case " $$wanted " in *" $$test "*) tests="$$tests $$test";; esac; \
	done; \
	$(MAKE) $(AM_MAKEFLAGS) check TESTS="$$tests" || r=1; \
	if test -n "$$is_long"; then only=$$tests; else only=; fi; \
	$(trust_table) || r=1; \
	exit $$r

check-trust:
	+@is_long=; wanted=`$(AWK) -v ORS=' ' '/^R[0-9]* / { print $$3 }' '$(srcdir)'/tests/trust/rows`; \
	$(run_wanted)

# What is too long for each `make check`. Other folders add targets to LONG_TARGETS.
check-long: $(LONG_TARGETS)
	+@wanted='$(long_tests)'; is_long=y; NSBROWSE_LONG=1; export NSBROWSE_LONG; \
	$(run_wanted)

# From the logs of the last run of each test.
trust-table:
	@only=; $(trust_table)

# The figures in README, made again.
trust-readme:
	@sed '/^R1  /,$$d' '$(srcdir)'/tests/trust/README >trust-readme.tmp
	@only=; $(trust_table) >>trust-readme.tmp
	@mv trust-readme.tmp '$(srcdir)'/tests/trust/README
.PHONY: check-trust check-long trust-readme trust-table
