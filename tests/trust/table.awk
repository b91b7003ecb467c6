# SPDX-License-Identifier: Apache-2.0
# Prints the table of tests/trust/rows: each row, its tests and what they printed as `# R16: text`.
#	awk [-v built='TEST...'] [-v only='TEST...'] -f table.awk rows
# The logs are read below the current directory. `built` are the tests that there are in this build;
# `only` leaves out all others, and rows without one of these.
# Exit status 1: one of the tests failed.

# A file of automake's harness.
function file_of(path, suffix) {
	sub(/\.bats$/, "", path)
	return path suffix
}

# How a test ended, by its .trs; the reasons of skips are in skip_names.
function result_of(path,    line, file, n, n_skipped, n_failed) {
	file = file_of(path, ".trs")
	skip_names = ""
	while ((getline line < file) > 0) {
		if (line !~ /^:test-result: /)
			continue
		n++
		if (line ~ /^:test-result: SKIP/) {
			n_skipped++
			sub(/^:test-result: SKIP */, "", line)
			skip_names = skip_names "\n" (line == "" ? skip_reason(path) : line)
		} else if (line !~ /^:test-result: (PASS|XFAIL)/) {
			n_failed++
		}
	}
	close(file)
	if (n_failed)
		return "FAILED"
	if (!n)
		return built == "" || path in is_built ? "NOT RUN" : "NOT BUILT"
	return n_skipped ? "SKIPPED " n_skipped " of " n : "passed"
}

# The last line that a skipped program wrote.
function skip_reason(path,    line, last, file) {
	file = file_of(path, ".log")
	while ((getline line < file) > 0)
		if (line !~ /^(SKIP|\[|$)/)
			last = line
	close(file)
	return last
}

# Prints the figures of this row in the log of a test, each once. Functions of a cmocka program may be
# skipped, too.
function print_figures(path,    file, line, start, seen) {
	file = file_of(path, ".log")
	start = "# " row ": "
	while ((getline line < file) > 0) {
		if (line ~ /^\[  SKIPPED \] [a-z_]/) {
			line = "skipped:" substr(line, 13)
			has_skip = 1
		} else if (index(line, start) == 1) {
			line = substr(line, length(start) + 1)
			n_figures++
		} else {
			continue
		}
		if (!(line in seen))
			print "        " line
		seen[line]
	}
	close(file)
}

function print_test(path, done,    result, n, i, names) {
	if (only != "" && index(" " only " ", " " path " ") == 0)
		return
	if (!n_tests++)
		print heading
	result = result_of(path)
	print "    " path ": " result
	print "      " done
	n = split(substr(skip_names, 2), names, "\n")
	for (i = 1; i <= n; i++)
		print "        skipped: " names[i]
	has_skip = has_skip || n
	if (result == "FAILED")
		has_failure = 1
	else if (result ~ /^NOT/)
		is_missing = 1
	print_figures(path)
}

function end_row() {
	if (!n_tests)
		return
	if (!n_figures)
		print "    NO FIGURE"
	n_rows++
	if (has_failure)
		failed = failed " " row
	if (!n_figures)
		without = without " " row
	if (has_skip)
		skipped = skipped " " row
	if (is_missing)
		missing = missing " " row
	n_tests = n_figures = has_failure = has_skip = is_missing = 0
}

function print_list(what, rows) {
	print "  " what ":" (rows == "" ? " none" : rows)
}

BEGIN {
	n = split(built, list)
	for (i = 1; i <= n; i++)
		is_built[list[i]]
}
/^R[0-9]+: / {
	end_row()
	row = substr($1, 1, length($1) - 1)
	heading = row "  " substr($0, length($1) + 2)
}
/^R[0-9]+ \| / {
	text = $0
	sub(/^[^|]*\|[^|]*\| /, "", text)
	print_test($3, text)
}
END {
	end_row()
	print n_rows + 0 " rows"
	print_list("failed", failed)
	print_list("skipped in part", skipped)
	print_list("with a test that did not run", missing)
	print_list("without a figure", without)
	exit failed != ""
}
