#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# ./bootstrap of each system, with package managers that only write down how they are called.

bats_require_minimum_version 1.5.0

setup() {
	: "${top_srcdir:=$PWD}"
	cp "$(realpath "$top_srcdir")/bootstrap" "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR" || return 1
	# Installed packages, a line each; packages that cannot be had.
	touch installed refused
	mkdir bin
	fake make "touch \$here/made"
	fake autoreconf 'exit 0'
	fake clang 'echo 16.0.6'
	fake sudo "echo sudo >>\$here/sudo; exec \"\$@\""
	fake id 'echo 1000'
	fake dpkg 'echo amd64'
	touch configure.ac configure Makefile
	export PATH=$PWD/bin:$PATH OS_RELEASE=$PWD/os-release
}

# fake NAME COMMAND: a program. $here is the folder of the test.
fake() {
	cat >"bin/$1" <<-END
		#!/bin/sh
		here=$BATS_TEST_TMPDIR
		$2
	END
	chmod +x "bin/$1"
}

# system ID ID_LIKE MANAGER: with its package manager and no other.
system() {
	printf 'ID=%s\nID_LIKE="%s"\n' "$1" "$2" >os-release
	cat >"bin/$3" <<-'END'
		#!/bin/bash
		cd "${0%/*}/.." || exit 1
		case $* in
		"info -e "* | "-T "*) exec grep -qx "${!#}" installed ;;
		esac
		echo "${0##*/} $*" >>calls
		for word; do
			! grep -qx -- "$word" refused || exit 23
		done
		printf '%s\n' "$@" >>installed
	END
	chmod +x "bin/$3"
	fake rpm "grep -qx \"\$3\" \$here/installed"
	fake dpkg-query "! grep -qx \"\$4\" \$here/installed || echo install ok installed"
}

@test "--help prints the usage, and installs and builds nothing" {
	system debian '' apt-get
	run -0 ./bootstrap --help
	[[ "$output" = "Makes a fresh checkout ready:"*$'\nusage: ./bootstrap '*"os-release(5)." ]]
	[ ! -e calls ]
	[ ! -e made ]
}

@test "Debian: apt-get, all packages at once" {
	system debian '' apt-get
	run ./bootstrap
	[ "$status" -eq 0 ]
	run cat calls
	[ "${lines[0]}" = "apt-get -qq update" ]
	[[ ${lines[1]} == "apt-get -qq install -y --no-install-recommends autoconf automake libtool pkg-config make gcc libc6-dev libncurses-dev libgraphviz-dev libcap-dev libmnl-dev libseccomp-dev libcmocka-dev libvterm-dev bats "* ]]
	[ "${#lines[@]}" -eq 2 ]
	run grep -c sudo sudo
	[ "$output" -eq 2 ]
}

@test "Debian: --ci installs more, and the sanitizers of its clang" {
	system ubuntu debian apt-get
	run ./bootstrap --ci
	[ "$status" -eq 0 ]
	run cat calls
	[[ ${lines[1]} == *" bats "*" clang-format "* ]]
	[ "${lines[3]}" = "apt-get -qq install -y --no-install-recommends g++-multilib" ]
	[ "${lines[5]}" = "apt-get -qq install -y --no-install-recommends libclang-rt-16-dev" ]
}

@test "Debian: --ci on a machine that is not amd64 needs no 32-bit compiler" {
	system debian '' apt-get
	fake dpkg 'echo arm64'
	run ./bootstrap --ci
	[ "$status" -eq 0 ]
	run ! grep multilib calls
}

@test "Debian: what cannot be had is an error, with the status of apt-get" {
	system debian '' apt-get
	echo libvterm-dev >refused
	run ./bootstrap
	[ "$status" -eq 23 ]
	[ ! -e made ]
}

@test "the lists of packages cannot be had: an error, and nothing is installed" {
	system debian '' apt-get
	echo update >refused
	run ./bootstrap
	[ "$status" -eq 23 ]
	[ ! -e made ]
	run ! grep install calls
}

@test "Fedora: dnf, first what building needs" {
	system fedora '' dnf
	run ./bootstrap
	[ "$status" -eq 0 ]
	run cat calls
	[ "${lines[0]}" = "dnf -q -y --setopt=install_weak_deps=False install autoconf automake libtool pkgconf-pkg-config make gcc glibc-devel diffutils findutils ncurses-devel graphviz-devel libcap-devel libmnl-devel libseccomp-devel" ]
	[ "${lines[1]}" = "dnf -q -y --setopt=install_weak_deps=False install libcmocka-devel libvterm-devel bats libcap ncurses-term util-linux util-linux-script glibc-langpack-en gcc-c++ strace mandoc graphviz libxml2 perl procps-ng gawk" ]
	[ "${#lines[@]}" -eq 2 ]
}

@test "a system like Fedora: dnf" {
	system rocky 'rhel centos fedora' dnf
	run ./bootstrap
	[ "$status" -eq 0 ]
	run cat calls
	[[ ${lines[0]} == "dnf "* ]]
}

@test "Arch: pacman" {
	system arch '' pacman
	run ./bootstrap
	[ "$status" -eq 0 ]
	run cat calls
	[ "${lines[0]}" = "pacman -S --needed --noconfirm autoconf automake libtool pkgconf make gcc diffutils ncurses graphviz libcap libmnl libseccomp" ]
	[ "${lines[1]}" = "pacman -S --needed --noconfirm cmocka libvterm bats util-linux strace libxml2 perl" ]
	[ "${#lines[@]}" -eq 2 ]
}

@test "openSUSE: zypper" {
	system opensuse-tumbleweed 'opensuse suse' zypper
	run ./bootstrap
	[ "$status" -eq 0 ]
	run cat calls
	[ "${lines[0]}" = "zypper -n -q install --no-recommends autoconf automake libtool pkg-config make gcc glibc-devel diffutils ncurses-devel graphviz-devel libcap-devel libmnl-devel libseccomp-devel" ]
	[ "${lines[1]}" = "zypper -n -q install --no-recommends libcmocka-devel libvterm-devel bats libcap-progs terminfo util-linux glibc-locale gcc-c++ strace mandoc-bin graphviz libxml2-tools perl procps gawk" ]
	[ "${#lines[@]}" -eq 2 ]
}

@test "Alpine: apk" {
	system alpine '' apk
	run ./bootstrap
	[ "$status" -eq 0 ]
	run cat calls
	[ "${lines[0]}" = "apk -q -U add autoconf automake libtool pkgconf make gcc musl-dev linux-headers ncurses-dev graphviz-dev libcap-dev libmnl-dev libseccomp-dev" ]
	[ "${lines[1]}" = "apk -q -U add cmocka-dev libvterm-dev bats bash libcap-setcap libcap-utils ncurses-terminfo util-linux g++ strace mandoc graphviz libxml2-utils perl procps-ng coreutils findutils grep sed gawk" ]
	[ "${#lines[@]}" -eq 2 ]
}

@test "the second run installs nothing and needs no rights" {
	for each in debian:apt-get fedora:dnf arch:pacman opensuse:zypper alpine:apk; do
		system "${each%:*}" '' "${each#*:}"
		: >installed
		run ./bootstrap
		[ "$status" -eq 0 ]
		rm calls sudo
		run ./bootstrap
		[ "$status" -eq 0 ]
		[ ! -e calls ]
		[ ! -e sudo ]
	done
}

@test "a package that only tests need cannot be had: the others are installed, and it is said" {
	for each in fedora:dnf arch:pacman opensuse:zypper alpine:apk; do
		system "${each%:*}" '' "${each#*:}"
		: >installed
		echo bats >refused
		run ./bootstrap
		[ "$status" -eq 0 ]
		[[ $output == *"no package bats: tests that need it"* ]]
		grep -qx strace installed
		run ! grep -qx bats installed
	done
}

@test "a package that building needs cannot be had: an error, with the status of the manager" {
	for each in fedora:dnf arch:pacman opensuse:zypper alpine:apk; do
		system "${each%:*}" '' "${each#*:}"
		echo libtool >refused
		run ./bootstrap
		[ "$status" -eq 23 ]
		[ ! -e made ]
	done
}

@test "--ci is for Debian: on other systems it installs what the tests need" {
	system fedora '' dnf
	fake apt-get "touch \$here/apt"
	run ./bootstrap --ci
	[ "$status" -eq 0 ]
	[ -e made ]
	[ ! -e apt ]
}

@test "another system: says what is needed, and builds" {
	for os in 'ID=gentoo' 'NAME=unnamed' ''; do
		rm -f os-release made
		[ -z "$os" ] || echo "$os" >os-release
		run ./bootstrap
		[ "$status" -eq 0 ]
		[ -e made ]
		[[ $output == *"needed are"*"libncurses-dev"*"for tests"*"bats"* ]]
	done
}

@test "each row of the table has a name or - in each column" {
	run awk '/<<-.END/ { on = 1; next } $1 == "END" { on = 0 }
		on && (NF != 6 || $1 !~ /^(build|test)$/) { print; bad = 1 } END { exit bad }' bootstrap
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}
