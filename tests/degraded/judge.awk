# SPDX-License-Identifier: Apache-2.0
# What bats printed of one file under one profile, beside left_out: `awk -v profile=NAME -v file=FILE
# -v status=EXIT_STATUS -f judge.awk left_out LOG`; the status is that of timeout(1), empty if all are
# left out. Prints each test that failed or was skipped and is not left out, with the first lines of
# what it said, that is left out and passed, and that is left out and does not exist; then the sums.
# With a reason that begins with `host:` a test is skipped on some hosts, and passes on others.

BEGIN { LINES_SHOWN = 20 }

# PROFILE,... FILE [TEST] # REASON; all: every profile.
FNR == NR {
	if (/^#/ || !match($0, / # /)) next
	names = $1
	rest = substr($0, length(names) + 2, RSTART - length(names) - 2)
	if (names != "all" && !index("," names ",", "," profile ",")) next
	if (index(rest, file " ") == 1) left_out[substr(rest, length(file) + 2)] = 1
	if (rest == file) all_left_out = 1
	if (substr($0, RSTART + 3) ~ /^host: /) is_by_host[substr(rest, length(file) + 2)] = 1
	next
}

/^1\.\.[0-9]+$/ { n_planned = substr($0, 4) + 0 }

/^(not )?ok [0-9]+ / {
	state = / # (skip|SKIP)/ ? "skipped" : /^not/ ? "failed" : "passed"
	name = $0
	sub(/^(not )?ok [0-9]+ /, "", name)
	sub(/ # (skip|SKIP|in [0-9]+).*/, "", name)
	n_tests++
	n_shown = LINES_SHOWN
	if (name in left_out) {
		seen[name] = 1
		if (name in is_by_host) {
			if (state == "skipped") state = "left out"
		} else if (state == "passed") {
			wrong(name ": is left out, and passes")
			next
		} else
			state = "left out"
	}
	if (state == "failed" || state == "skipped") {
		wrong(name (state == "skipped" ? ": is skipped, and not left out" : ""))
		n_shown = 0
	} else
		n[state]++
	next
}

/^#/ && n_tests && n_shown < LINES_SHOWN {
	print "    " $0
	n_shown++
}

function wrong(text) {
	n["failed"]++
	print "FAIL: " profile " " file " " text
}

END {
	if (all_left_out)
		n["left out"] = 1
	else if (!n_planned || n_tests != n_planned)
		wrong((n_tests + 0) " of " (n_planned + 0) " tests have run, exit status " status)
	else {
		for (name in left_out) {
			if (!(name in seen)) wrong(name ": is left out, and there is no such test")
		}
	}
	printf "%s %s: %d passed, %d failed, %d left out", profile, file, n["passed"], n["failed"], \
		n["left out"]
	if (seconds != "") printf " (%d s)", seconds
	print ""
}
