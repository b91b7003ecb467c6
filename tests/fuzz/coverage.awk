# SPDX-License-Identifier: Apache-2.0
# Adds up lines as gcov(1) prints them (COUNT:LINE:TEXT), of several files, each behind a line
# `file NAME`, and prints a table and the lines that were not run.
#	awk -v name=PARTS -v minimum=PERCENT -f coverage.awk
# Exit status 1: a file was not run at all, or fewer than the minimum of all lines.

function end_file() {
	if (file == "")
		return
	printf "%-44s %5d lines  %5.1f %%\n", file, n, n ? 100 * n_run / n : 0
	if (lines != "")
		print "    not run:" lines
	if (!n) {
		print "    nothing is known of it"
		is_bad = 1
	}
	all += n
	all_run += n_run
	n = n_run = 0
	lines = ""
}

/^file / {
	end_file()
	file = $2
	is_own = 0
	next
}
/^ *-: *0:Source:/ {
	source = $0
	sub(/.*Source:/, "", source)
	is_own = substr(source, length(source) - length(file) + 1) == file
	next
}
!is_own { next }
{
	split($0, part, ":")
	count = part[1]
	line = part[2] + 0
	gsub(/[ *]/, "", count)
}
count ~ /^[0-9]+$/ && line {
	n++
	n_run++
}
(count == "#####" || count == "=====") && line {
	n++
	lines = lines " " line
}
END {
	end_file()
	percent = all ? 100 * all_run / all : 0
	printf "%s: %d of %d lines, %.1f %%\n", name, all_run, all, percent
	printf "# R20: %.1f %% of %d lines of the %s are run by corpora and unit tests\n", percent, all, name
	exit is_bad || percent < minimum
}
