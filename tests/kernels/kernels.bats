#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The parts of `make check-kernels` that need neither a guest nor the network: the comparison, on the
# running kernel, and with programs that only write down how they are called, the choice of kernels
# and what is counted.

bats_require_minimum_version 1.5.0
load ../assert

setup() {
	: "${top_srcdir:=$PWD}" "${top_builddir:=$PWD}"
	here=$(realpath "$top_srcdir")/tests/kernels
	built=$(realpath "$top_builddir")
	cd "$BATS_TEST_TMPDIR" || return 1
	export TMPDIR=$BATS_TEST_TMPDIR XDG_CONFIG_HOME=/nonexistent
	mkdir bin
}

# fake NAME: a program of this name, from standard input. $here is the folder of the test.
fake() {
	{
		printf '#!/bin/bash\nhere=%q\n' "$BATS_TEST_TMPDIR"
		cat
	} >"bin/$1"
	chmod +x "bin/$1"
}

# The scene in its own PID namespace, scanned here without the interfaces of newer kernels.
scan_ladder() {
	perl -MJSON::PP -e 1 || skip_or_fail "no perl with JSON::PP"
	mkdir results
	cat >look <<-END
		#!/bin/sh
		cp "\$SCENE_TRUTH" "$PWD/results/truth"
		NSBROWSE_TEST_INTERFACES='' "$built/nsbrowse" --json >"$PWD/results/all.json" 2>"$PWD/results/all.err"
		echo \$? >"$PWD/results/all.status"
	END
	chmod +x look
	run "$built/tests/scenes/scene" ladder ./look
	echo "$output"
	if [ "$status" -eq 77 ]; then
		skip_or_fail "$output"
	fi
	[ "$status" -eq 0 ]
	echo '{"namespaces": [], "processes": [], "host": {}}' >results/before.json
	echo 'all -' >variants
}

# changed EXPRESSION MESSAGE: with a JSON that sed has changed, the comparison fails and says so.
changed() {
	cp -r results other
	sed -E "$1" results/all.json >other/all.json
	run ! cmp -s results/all.json other/all.json
	run -1 "$here/compare.pl" other variants
	echo "$output"
	grep -qE "$2" <<<"$output"
	grep -q $'^all\t-\tfail\t' <<<"$output"
	rm -r other
}

@test "compare: all that is planted is found here; what is lost, invented or wrong is a failure" {
	scan_ladder
	run -0 "$here/compare.pl" results variants
	echo "$output"
	grep -q $'^all\tdescriptor only\t18\t18\t18$' <<<"$output"
	grep -q $'^all\t-\tpass\t' <<<"$output"
	fd=$(awk -F'\t' '$1 == "uts" && $3 == "fd" { print $2; exit }' results/truth)
	changed "/\"type\": \"uts\", \"inode\": $fd,/d" "missed uts $fd \(fd "
	changed "s/(\"type\": \"uts\", \"inode\": )$fd,/\11,/" 'invented uts 1: fd '
	changed "/\"type\": \"uts\", \"inode\": $fd,/s/\"owner\": [0-9]+/\"owner\": 7/" "uts $fd: parent and owner are - 7"
	changed "/\"type\": \"uts\", \"inode\": $fd,/s/\"by\": \"fd\", \"pid\": /&1/" "uts $fd: not held by fd "
	changed 's/"owner_uid": 0/"owner_uid": null/' 'owner_uid is not known'
	changed 's/, "unborn": true//' 'not said to have a PID namespace'
	changed '/"by": "proc mount"/s/proc-0/proc-9/' 'proc-0 [0-9]+: no pin'
	changed 's/"partial": \[/&"failed", /' 'partial: failed'
	changed 's/"sources": \[[^]]*\]/"sources": ["process"]/' 'sources are process, not fd mount process thread'
	changed 's/"notes": \[/&{"pid": null, "what": "listns: not listed: 1 net, first net:[1]", "errno": null}/' \
		'note: listns: not listed'
	changed '/"by": "fd"/s/"inode"/"listed": true, &/' 'noted as listed only: , not '
	changed 's/^\{/[/' 'no JSON'
}

# An archive with these kernels, in two suites; the others cannot be had.
fake_archive() {
	export NSBROWSE_KERNELS=$PWD/kernels PATH=$PWD/bin:$PATH
	cat >names <<-END
		linux-image-6.1.0-9-cloud-amd64
		linux-image-6.1.0-50-cloud-amd64
		linux-image-6.12.9+deb13-cloud-amd64
		linux-image-6.19.14+deb13-cloud-amd64
		linux-binary-6.19.14+deb13-cloud-amd64
		linux-image-7.3.4+deb13-cloud-amd64-unsigned
		linux-image-7.3.4+deb13-amd64
		linux-image-cloud-amd64
	END
	fake dpkg <<<'echo amd64'
	fake apt-cache <<-'END'
		case $* in
		*pkgnames*) [ -e "$here/offline" ] || cat "$here/names" ;;
		esac
	END
	fake apt-get <<-'END'
		echo "$*" >>"$here/calls"
		case $* in
		indextargets*) printf '%s\n' 'oldstable-security http://two' 'oldstable http://one' ;;
		*Lists=*update) echo 'Codename: bookworm' >"$NSBROWSE_KERNELS/names/x_InRelease" ;;
		*download*) [ ! -e "$here/offline" ] && echo "${!#}" >x.deb ;;
		esac
	END
	fake dpkg-deb <<-'END'
		mkdir "$here/deb"
		cp "${!#}" "$here/deb/vmlinuz-x"
		tar -C "$here" -cf - deb/vmlinuz-x
		rm -r "$here/deb"
	END
}

# with_tabs: standard input, with tabs for spaces.
with_tabs() {
	tr ' ' '\t'
}

@test "packages: the newest kernel of each series, by the archive of the system's sources" {
	fake_archive
	"$here/packages" 6.1 6.19 newest 6 6.2 >printed
	cat printed
	sed "s|$PWD/kernels/images/vmlinuz-||; s/not in the archive/none/" printed >shown
	diff - shown < <(with_tabs <<-END
		6.1 6.1.0-50-cloud-amd64 6.1.0-50-cloud-amd64
		6.19 6.19.14+deb13-cloud-amd64 6.19.14+deb13-cloud-amd64
		newest 6.19.14+deb13-cloud-amd64 6.19.14+deb13-cloud-amd64
		6 6.19.14+deb13-cloud-amd64 6.19.14+deb13-cloud-amd64
		6.2 - none
	END
	)
	# From 6.19 on the kernel is in another package.
	[ "$(cat kernels/images/vmlinuz-6.19.14+deb13-cloud-amd64)" = linux-binary-6.19.14+deb13-cloud-amd64 ]
	grep -qE '^deb (\[[^]]*\] )?http://one bookworm main$' kernels/sources.list
	run ! grep -q http://two kernels/sources.list
	count ' download ' calls 2
}

@test "packages: an image is not downloaded again, and used without a network" {
	fake_archive
	"$here/packages" 6.1 >/dev/null
	rm calls
	"$here/packages" 6.1 >printed
	[ ! -e calls ]
	grep -q "	$PWD/kernels/images/vmlinuz-6.1.0-50-cloud-amd64\$" printed
	touch offline
	"$here/packages" 6.1 6.12 >printed
	grep -q "	$PWD/kernels/images/vmlinuz-6.1.0-50-cloud-amd64\$" printed
	grep -qx $'6.12\t-\tthe lists of packages cannot be had' printed
}

@test "run: without qemu, or any kernel, it is skipped with the reason" {
	[ "$(uname -m)" = x86_64 ] || skip_or_fail "not on x86_64"
	mkdir tools
	for tool in bash cut dirname grep head mktemp realpath rm uname; do
		ln -s "$(command -v "$tool")" tools
	done
	PATH=$PWD/tools run -0 "$here/run" 6.1
	[ "${lines[0]}" = 'SKIP: tests/kernels # SKIP no qemu-system-x86_64' ]
	fake_archive
	touch offline
	fake qemu-system-x86_64 <<<'exit 1'
	fake busybox <<<'exit 1'
	run -0 "$here/run" 6.1
	[ "${lines[0]}" = 'SKIP: tests/kernels # SKIP no kernel of Debian can be downloaded: the lists of packages cannot be had' ]
	[ "${lines[1]}" = '# SKIP:  1' ]
}
