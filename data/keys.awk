# The KEYS section of nsbrowse(1), from the one table of keys (src/ui/keys.def).
# usage: awk -v page=PAGE -f keys.awk keys.def    prints PAGE with @KEYS@ filled in

# The next string of C in `rest`, unquoted; what follows it stays in `rest`.
function next_string(    result, c) {
	rest = substr(rest, index(rest, "\"") + 1)
	result = ""
	while ((c = substr(rest, 1, 1)) != "\"" && c != "") {
		if (c == "\\") {
			rest = substr(rest, 2)
			c = substr(rest, 1, 1)
		}
		result = result c
		rest = substr(rest, 2)
	}
	rest = substr(rest, 2)
	return result
}

function mdoc(text) {
	gsub(/\\/, "\\e", text)
	gsub(/"/, "\\(dq", text)
	return "\\\\&" text
}

# A row may be broken over lines: they are joined before it is read.
/^KEY\(/ { rows[++n] = "" }
n { rows[n] = rows[n] " " $0 }

END {
	begin = ".Bl -tag -width \"Backspace\" -compact\n"
	list = begin
	for (i = 1; i <= n; i++) {
		rest = rows[i]
		if (rest ~ /^ KEY\(MODE_PROMPT,/ && !said++)
			list = list ".El\n.Pp\nIn a prompt every printable key is text, and:\n.Pp\n" begin
		if (rest ~ /^ KEY\(MODE_QUESTION,/ && !asked++)
			list = list ".El\n.Pp\nWhen the file is there already:\n.Pp\n" begin
		keys = next_string()
		if (rest ~ /^, *"/)
			next_string()
		list = list ".It \"" mdoc(keys) "\"\n" mdoc(next_string()) "\n"
	}
	list = list ".El"
	gsub(/\\\\&/, "\\\\\\&", list)
	while ((getline line < page) > 0)
		print line == "@KEYS@" ? list : line
}
