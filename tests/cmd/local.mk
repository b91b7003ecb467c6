if HAVE_BATS
TESTS += tests/cmd/cli.bats tests/cmd/real.bats tests/cmd/hardening.bats
endif
EXTRA_DIST += tests/cmd/cli.bats tests/cmd/real.bats tests/cmd/hardening.bats tests/cmd/nested.sh
