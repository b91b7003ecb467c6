# Prints the files of /proc that lines of `strace -f -y` open or read as a link, below /proc, with PID, TID
# and N for the numbers.

match($0, /(open|openat|openat2|readlink|readlinkat)\(/) {
	rest = substr($0, RSTART + RLENGTH)
	directory = ""
	if (match(rest, /^(AT_FDCWD|[0-9]+)<[^>]*>, /)) {
		directory = substr(rest, 1, RLENGTH)
		rest = substr(rest, RLENGTH + 1)
		sub(/^[^<]*</, "", directory)
		sub(/>, $/, "", directory)
	}
	if (!match(rest, /^"[^"]*"/))
		next
	path = substr(rest, 2, RLENGTH - 2)
	if (path !~ /^\//)
		path = directory "/" path
	if (path !~ /^\/proc(\/|$)/)
		next
	sub(/^\/proc\/?/, "", path)
	path = path "/"
	sub(/^[0-9]+\//, "PID/", path)
	sub(/\/task\/[0-9]+\//, "/task/TID/", path)
	sub(/\/fd\/[0-9]+\//, "/fd/N/", path)
	sub(/\/fdinfo\/[0-9]+\//, "/fdinfo/N/", path)
	sub(/\/$/, "", path)
	print path == "" || path == "." ? "." : path
}
