# SPDX-License-Identifier: Apache-2.0
# Prints found/planted of kernels and cases: the lines of compare.pl, with the kernel before them. The
# kernels are named in `kernels`.

BEGIN {
	n_kernels = split(kernels, kernel, " ")
}

$3 == "-" {
	next
}

!($2 in is_scan) {
	is_scan[$2] = 1
	scan[++n_scans] = $2
}

$2 == scan[1] && !($3 in is_row) {
	is_row[$3] = 1
	row[++n_rows] = $3
}

{
	if ($2 == scan[1])
		add($1, $3, $4, $5, $6)
	add($1, "sum " $2, $4, $5, $6)
}

function add(kernel, row, n_found, n_can, n_planted) {
	found[kernel, row] += n_found
	can[kernel, row] += n_can
	planted[kernel, row] += n_planted
}

function cell(kernel, row) {
	if (!((kernel, row) in planted))
		return "-"
	return found[kernel, row] "/" planted[kernel, row] (can[kernel, row] < planted[kernel, row] ? "*" : " ")
}

function print_row(title, row,    k) {
	printf "%-34s", title
	for (k = 1; k <= n_kernels; k++)
		printf " %9s", cell(kernel[k], row)
	printf "\n"
}

END {
	printf "\n%-34s", "scan: " scan[1]
	for (k = 1; k <= n_kernels; k++)
		printf " %8s ", kernel[k]
	printf "\n"
	for (r = 1; r <= n_rows; r++)
		print_row(row[r], row[r])
	for (s = 1; s <= n_scans; s++)
		print_row("sum, scan: " scan[s], "sum " scan[s])
	printf "\nfound/planted; *: this kernel shows no more by these sources and interfaces\n"
	print "mount of proc only: found by its mount, without a number, which no kernel gives"
}
