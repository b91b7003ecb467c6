# tests/kernels: nsbrowse on other kernels, in qemu.
EXTRA_DIST += tests/kernels/guest.sh tests/kernels/init.sh tests/kernels/init2.sh \
	tests/kernels/initramfs tests/kernels/run
