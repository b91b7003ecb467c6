# nsbrowse(1), with what the tables of keys, of settings, of sources, of the legend, of columns and
# of interfaces say (src/ui/*.def, src/model/sources.def, src/view/columns.def,
# src/kernel/interfaces.def).
# usage: awk -v page=PAGE -f keys.awk keys.def settings.def sources.def legend.def columns.def \
#        interfaces.def
# prints PAGE with @KEYS@, @SETTINGS@, @LEGEND@, @COLUMNS@ and @INTERFACES@ filled in

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
	return "\\&" text
}

# A row may be broken over lines: they are joined before it is read.
/^(KEY|SETTING|SOURCE|COSTLY_SOURCE|LEGEND|COLUMN|(JOB_)?INTERFACE)\(/ { rows[++n] = "" }
n { rows[n] = rows[n] " " $0 }

# What an item of the list is about, and its text.
function item(what, text) { return ".It " what "\n" mdoc(text) "\n" }

function setting(    name, values, initial) {
	name = next_string()
	values = next_string()
	initial = next_string()
	gsub(/ /, " , ", values)
	return ".It Cm " name " = " (values ~ /^[A-Z]+$/ ? "Ar" : "Cm") " " values "\n" \
		mdoc(next_string()) "\n(default: " initial ").\n"
}

# A source of a scan is a setting, too.
function source(is_default,    name) {
	name = next_string()
	return ".It Cm " name " = Cm no , yes\n" mdoc(next_string()) "\n(default: " \
		(is_default ? "yes" : "no") ").\n"
}

# A sign or word, with its form in ASCII.
function legend(    sign, ascii) {
	sign = next_string()
	ascii = next_string()
	return item("\"" mdoc(sign) "\"", \
		next_string() (ascii == sign ? "." : " (in ASCII: " ascii ")."))
}

# A column, and the rows that have it. The default ones are in the legend, too.
function column(    name, title, kinds, is_initial, what) {
	name = next_string()
	title = next_string()
	split(rest, kinds, ",")
	is_initial = kinds[3] !~ /^ *0 *$/
	what = next_string()
	if (is_initial)
		legends["COLUMNS"] = legends["COLUMNS"] item("\"" title "\"", what ".")
	return ".It Cm " name "\n" mdoc(what) "\n(" \
		(kinds[2] ~ /[|]/ ? "both" : kinds[2] ~ /PROCESSES/ ? "processes" : "namespaces") \
		(is_initial ? ", default" : "") ").\n"
}

# An interface of the kernel: its name, the first version that has it, and what it is used for.
function interface(    name, since) {
	name = next_string()
	since = next_string()
	return item("\"" mdoc(name) "\"", "Linux " since ": " next_string() ".")
}

END {
	begin = ".Bl -tag -width \"Backspace\" -compact\n"
	list = graph = network = begin
	settings = ".Bl -tag -width \"Backspace\" -compact\n"
	for (i = 1; i <= n; i++) {
		rest = rows[i]
		if (rest ~ /^ SETTING/) {
			settings = settings setting()
			continue
		}
		if (rest ~ /^ LEGEND/) {
			part = rest ~ /SIGNS/ ? "SIGNS" : "WORDS"
			legends[part] = legends[part] legend()
			continue
		}
		if (rest ~ /^ COLUMN/) {
			columns = columns column()
			continue
		}
		if (rest ~ /^ (JOB_)?INTERFACE/) {
			interfaces = interfaces interface()
			continue
		}
		if (rest ~ /^ (COSTLY_)?SOURCE/) {
			settings = settings source(rest ~ /^ SOURCE/)
			continue
		}
		if (rest ~ /^ KEY\(MODE_OPTIONS,/ && !opted++)
			list = list ".El\n.Pp\nOn the graph, where they differ:\n.Pp\n" graph \
				".El\n.Pp\nOn the graph, in the network picture:\n.Pp\n" network \
				".El\n.Pp\nIn the options:\n.Pp\n" begin
		if (rest ~ /^ KEY\(MODE_PROMPT,/ && !said++)
			list = list ".El\n.Pp\nIn a prompt every printable key is text, and:\n.Pp\n" begin
		if (rest ~ /^ KEY\(MODE_QUESTION,/ && !asked++)
			list = list ".El\n.Pp\nIf the file exists:\n.Pp\n" begin
		# Most keys of the list are those of the graph, too.
		is_graph = rest ~ /^ KEY\(MODE_GRAPH[ ,]/
		is_network = rest ~ /^ KEY\(MODE_NETWORK,/
		keys = next_string()
		if (rest ~ /^, *"/)
			next_string()
		key = item("\"" mdoc(keys) "\"", next_string())
		if (is_graph)
			graph = graph key
		else if (is_network)
			network = network key
		else
			list = list key
	}
	text["@KEYS@"] = list ".El"
	text["@LEGEND@"] = begin legends["SIGNS"] legends["COLUMNS"] legends["WORDS"] ".El"
	text["@COLUMNS@"] = ".Bl -tag -width \"owner-ns\" -compact\n" columns ".El"
	text["@INTERFACES@"] = ".Bl -tag -width \"open_by_handle_at, nsfs\" -compact\n" \
		interfaces ".El"
	text["@SETTINGS@"] = settings ".El"
	while ((getline line < page) > 0)
		print line in text ? text[line] : line
}
