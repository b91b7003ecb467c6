# Refuses what cannot fail a bats test: a negated command, and a list with && (bats runs with set -e,
# which ignores both). Refuses skip in setup_file, too, which fails there with bats 1.8. Prints
# FILE:LINE: REASON: TEXT for each and exits 1 if there is one. Conditions of if, elif, while and
# until, the inside of [[ ]], $(), strings, comments and here-documents may have them.
#
# usage: awk -f bats_style.awk FILE...

FNR == 1 {
	depth = 0
	end_word = ""
	condition = 0
	in_file_setup = 0
}

end_word != "" {
	sub(/^\t+/, "")
	if ($0 == end_word)
		end_word = ""
	next
}

{
	statement = after_condition(without_tests(code_of($0)))
	if (statement ~ /(^|[;{(|&]|then|do|else)[ \t]*![ \t]/)
		refuse("a negated command asserts nothing (run !, or run -1)")
	if (statement ~ /&&/)
		refuse("a list with && asserts nothing (one condition a line)")
	if (statement ~ /^setup_file[(][)]/)
		in_file_setup = 1
	if (in_file_setup && statement ~ /(^|[;{|&]|then|do|else)[ \t]*(skip|skip_or_fail)([ \t]|$)/)
		refuse("setup_file cannot skip (setup can)")
	if (statement ~ /^}/)
		in_file_setup = 0
}

END { exit n_refused > 0 }

function refuse(reason)
{
	printf "%s:%d: %s: %s\n", FILENAME, FNR, reason, $0
	n_refused++
}

# What of the line is code. place[depth] is where its next character is: in a string of that quote,
# in "(" or in "$(" code.
function code_of(line,    i, c, at, code)
{
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		at = depth > 0 ? place[depth] : ""
		if (at == "'") {
			depth -= c == "'"
		} else if (c == "\\") {
			i++
		} else if (c == "\"") {
			if (at == c)
				depth--
			else
				place[++depth] = c
		} else if (c == "$" && substr(line, i + 1, 1) == "(") {
			place[++depth] = "$("
			i++
		} else if (at != "\"") {
			if (c == "#" && (i == 1 || substr(line, i - 1, 1) ~ /[ \t]/))
				break
			if (c == "'" || c == "(")
				place[++depth] = c
			if (c == ")" && (at == "(" || at == "$("))
				depth--
			if (!substituted())
				code = code c
		}
	}
	begin_document(code)
	return code
}

# Is this in $()?
function substituted(    i)
{
	for (i = 1; i <= depth; i++)
		if (place[i] == "$(")
			return 1
	return 0
}

function begin_document(code)
{
	if (code !~ /<<-?['A-Z]/ || code ~ /<<</)
		return
	match($0, /<<-?['"]?[A-Z]+/)
	end_word = substr($0, RSTART, RLENGTH)
	gsub(/[^A-Z]/, "", end_word)
}

# Without what is inside of [[ ]].
function without_tests(code,    from, length_of_test)
{
	while ((from = index(code, "[[ ")) > 0 && (length_of_test = index(substr(code, from), " ]]")) > 0)
		code = substr(code, 1, from - 1) "TEST" substr(code, from + length_of_test + 2)
	return code
}

# Without the condition of if, elif, while or until, which may have several lines.
function after_condition(code)
{
	if (code ~ /^[ \t]*(if|elif|while|until)[ \t]/)
		condition = 1
	if (condition && !match(code, /(^|;)[ \t]*(then|do)([ \t]|$)/))
		return ""
	if (condition)
		code = substr(code, RSTART + RLENGTH)
	condition = 0
	return code
}
