# tests/kernels: nsbrowse on other kernels, in qemu: `make check-kernels`, or with
# KERNELS='6.1 newest' only some.
EXTRA_DIST += tests/kernels/compare.pl tests/kernels/guest.sh tests/kernels/init.sh \
	tests/kernels/init2.sh tests/kernels/initramfs tests/kernels/kernels.bats \
	tests/kernels/packages tests/kernels/run \
	tests/kernels/table.awk tests/kernels/variants

if HAVE_BATS
TESTS += tests/kernels/kernels.bats
endif

guest_programs = nsbrowse lsuserns lspidns graphns tests/scenes/scene tests/scan/discover
if HAVE_CMOCKA
guest_programs += tests/kernel/test_events tests/kernel/test_features tests/kernel/test_ns_list
endif

check-kernels: $(guest_programs)
	@$(AM_TESTS_ENVIRONMENT) '$(top_srcdir)'/tests/kernels/run $(KERNELS)
.PHONY: check-kernels

clean-local: clean-kernels
clean-kernels:
	rm -rf build/kernels
.PHONY: clean-kernels
