# Replaces the lines below "nsbrowse --demo -t user shows" in README by those of the file `screen`, up to the
# next line that is not indented.
/^nsbrowse --demo -t user shows/ {
	print
	print ""
	while ((getline line < screen) > 0)
		print line
	print ""
	is_old = 1
	next
}
is_old && /^[^ ]/ { is_old = 0 }
!is_old { print }
