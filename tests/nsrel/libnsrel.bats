#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The library as others meet it: its symbols, its header, its manual.

bats_require_minimum_version 1.5.0

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}" "${CC:=cc}" "${CXX:=c++}" "${NM:=nm}"
	lib=$top_builddir/src/nsrel/.libs
	export LD_LIBRARY_PATH=$lib
	unset LD_PRELOAD
	dir=$(mktemp -d)
}

teardown() {
	rm -rf "$dir"
}

names=(nsrel_is_initial nsrel_key nsrel_open nsrel_owner nsrel_owner_uid nsrel_parent nsrel_type
	nsrel_type_from_name nsrel_type_name)

# Compiles a program against the header and the library: COMPILER SOURCE LIBRARY...
build() {
	local compiler=$1 source=$2
	shift 2
	# shellcheck disable=SC2086 # both may be several words
	$compiler $CFLAGS -Wall -Wextra -Werror -I"$top_srcdir/src/nsrel" -o "$dir/program" \
		"$source" "$@"
}

# The program of the manual.
example() {
	awk '/^\.Sh EXAMPLES/ { on = 1 } on && /^\.Ed/ { exit } inside { gsub(/\\e/, "\\"); print }
		on && /^\.Bd -literal/ { inside = 1 }' "$top_srcdir/data/nsrel.3"
}

shared_library() {
	[ -e "$lib/libnsrel.so" ] || skip "no shared library (--disable-shared)"
}

static_library() {
	[ -e "$lib/libnsrel.a" ] || skip "no static library (--disable-static)"
}

@test "the shared library exports its nine functions and nothing else" {
	shared_library
	$NM -D --defined-only "$lib/libnsrel.so" >"$dir/symbols"
	exported=$(awk '$2 != "A" { print $3 }' "$dir/symbols" | sort)
	versioned=$(printf '%s@@LIBNSREL_0\n' "${names[@]}")
	echo "$exported"
	[[ $exported == "$versioned" || $exported == "$(printf '%s\n' "${names[@]}")" ]]
}

@test "the static library defines no global name that does not begin with nsrel_" {
	static_library
	case $CFLAGS in *-fsanitize*) skip "sanitizers add names of their own" ;; esac
	$NM -g --defined-only "$lib/libnsrel.a" >"$dir/symbols"
	# On i386 gcc adds hidden functions for code that is independent of its position.
	diff <(awk 'NF == 3 && $3 !~ /^__x86\.get_pc_thunk\./ { print $3 }' "$dir/symbols" | sort) <(printf '%s\n' "${names[@]}")
}

@test "every function of the header is in the manual and in the library" {
	shared_library
	diff <(grep -o 'nsrel_[a-z_]*(' "$top_srcdir/src/nsrel/nsrel.h" | tr -d '(' | sort -u) \
		<(printf '%s\n' "${names[@]}")
	for name in "${names[@]}"; do
		grep -q "^\.Fn $name " "$top_srcdir/data/nsrel.3"
	done
}

@test "the soname is libnsrel.so.0, and only the C library is needed" {
	shared_library
	command -v readelf || skip "no readelf"
	run -0 readelf -d "$lib/libnsrel.so"
	[[ $output == *"Library soname: [libnsrel.so.0]"* ]]
	case $CFLAGS in *-fsanitize*) return 0 ;; esac
	[ "$(grep -c NEEDED <<<"$output")" -eq 1 ]
	[[ $output == *"Shared library: [libc."* ]]
}

@test "a C program of any standard takes the header alone" {
	shared_library
	echo '#include <nsrel.h>
int main(void) { struct nsrel_key key = {4, 4026531837U, 0};
return nsrel_is_initial(&key, nsrel_type_from_name("user")) ? 0 : 1; }' >"$dir/header.c"
	for standard in c99 c11 gnu17; do
		build "$CC -std=$standard -pedantic" "$dir/header.c" -L"$lib" -lnsrel
		"$dir/program"
	done
}

@test "a C++ program includes the header and links" {
	shared_library
	command -v "${CXX%% *}" || skip "no C++ compiler"
	echo '#include <nsrel.h>
#include <cstring>
int main() { const int fd = nsrel_open(-100, "/proc/self/ns/uts");
struct nsrel_key key; uid_t uid;
const int bad = fd < 0 || nsrel_key(fd, &key) < 0 || nsrel_owner_uid(fd, &uid) == 0;
return bad || std::strcmp(nsrel_type_name(nsrel_type(fd)), "uts") != 0; }' >"$dir/header.cc"
	build "$CXX" "$dir/header.cc" -L"$lib" -lnsrel
	"$dir/program"
}

@test "the static library links into a PIE" {
	static_library
	example >"$dir/example.c"
	build "$CC -fPIE -pie" "$dir/example.c" "$lib/libnsrel.a"
	"$dir/program"
}

@test "the example of the manual compiles and says where we are" {
	shared_library
	example >"$dir/example.c"
	build "$CC" "$dir/example.c" -L"$lib" -lnsrel
	run -0 "$dir/program"
	[ "$output" = "$(readlink /proc/self/ns/user)" ]
	run -0 "$dir/program" /proc/self/ns/net
	[ "${lines[0]}" = "$(readlink /proc/self/ns/net)" ]
	mkfifo "$dir/fifo"
	run -1 "$dir/program" "$dir/fifo"
	[ "$output" = "$dir/fifo: Inappropriate ioctl for device" ]
}

@test "pkg-config finds what was configured" {
	command -v pkg-config || skip "no pkg-config"
	export PKG_CONFIG_PATH=$top_builddir/src/nsrel
	pkg-config --validate nsrel
	run -0 pkg-config --libs nsrel
	[[ $output == *-lnsrel* ]]
}

@test "mandoc has nothing to say of the manual" {
	command -v mandoc || skip "no mandoc"
	status=0
	mandoc -Tlint "$top_srcdir/data/nsrel.3" >"$dir/said" 2>&1 || status=$?
	[ "$status" -le 1 ] # 1: matters of style
	# Which manuals this machine has, and how old their index is, does not matter.
	run -1 grep -vE 'makewhatis|STYLE: referenced manual not found' "$dir/said"
}
