# SPDX-License-Identifier: Apache-2.0
# Counts files, functions and their lines, in sources formatted by clang-format:
#
#	git ls-files 'src/*.[ch]' | xargs awk -f tests/structure.awk
#
# The lines of a function are those from its opening brace to its closing one.
FNR == 1 { files++; start = 0 }
{ lines++ }
/^\{$/ { start = FNR }
/^\}$/ && start {
	length_of = FNR - start + 1
	functions++
	sum += length_of
	short += length_of <= 7
	start = 0
}
END {
	printf "%d files of %.0f lines, %d lines\n", files, lines / files, lines
	printf "%d functions of %.1f lines, %d with bodies of at most five lines\n", \
		functions, sum / functions, short
}
