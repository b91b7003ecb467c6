# bash completion for nsbrowse, lsuserns, lspidns and graphns

_nsbrowse_options() {
	case $1 in
	nsbrowse)
		echo "--tree --json --dot --svg --metrics --output= --force --view= --details --network --collapse --layout= --long --leaked" \
			"--audit --audit= --holds= --pid= --in= --columns= --list-columns --cmdline --no-cmdline" \
			"--scan= --facts= --color= --ascii --theme= --mouse --no-mouse --delay= --no-events --demo --list-keys --no-sandbox --help --version" \
			"--verbose"
		;;
	lsuserns) echo "--json --details --long --cmdline --no-cmdline --scan= --file= --color= --ascii --help --version" ;;
	lspidns) echo "--json --users --long --cmdline --no-cmdline --scan= --file= --color= --ascii --help --version" ;;
	graphns)
		echo "--output= --force --view= --details --network --collapse --layout= --cmdline --no-cmdline --scan= --file= --color= --ascii --theme= --mouse" \
			"--no-mouse --delay= --no-events --no-sandbox --help --version"
		;;
	esac
}

# The last name of a list, with the names and signs before it.
_nsbrowse_list() {
	local head=${1%"${1##*,}"} last=${1##*,}

	[[ $last == [+-]* ]] && head+=${last:0:1} last=${last:1}
	compgen -P "$head" -W "$2" -- "$last"
}

_nsbrowse_scan() {
	_nsbrowse_list "$1" "all quick process thread fd mount socket mntns listns detached"
}

_nsbrowse_audit() {
	_nsbrowse_list "$1" "users privileged contained caps pid net ipc uts shared socket root filter"
}

_nsbrowse_columns() {
	_nsbrowse_list "$1" "ns process name kind types type inode id parent owner-ns owner user uid depth children owns
		procs users pid ppid inside state started container leader differs command held-by cgroup image
		trust path fstype source device directory propagation peers covered options fs-options cmdline"
}

_nsbrowse() {
	local program=${1##*/} current=$2 previous=$3

	[ "$previous" = = ] && previous=${COMP_WORDS[COMP_CWORD - 2]}
	[ "$current" = = ] && current=
	case $previous in
	-t | --view)
		COMPREPLY=($(compgen -W "user pid mnt net uts ipc cgroup time all containers mounts processes" -- "$current"))
		;;
	--color) COMPREPLY=($(compgen -W "auto always never" -- "$current")) ;;
	--layout) COMPREPLY=($(compgen -W "tree dot" -- "$current")) ;;
	--theme) COMPREPLY=($(compgen -W "auto dark light contrast mono" -- "$current")) ;;
	--delay | --in) COMPREPLY=() ;;
	--pid) COMPREPLY=($(compgen -W "$(cd /proc && echo [0-9]*)" -- "$current")) ;;
	--holds)
		compopt -o filenames
		COMPREPLY=($(compgen -f -- "$current"))
		;;
	--scan)
		compopt -o nospace
		COMPREPLY=($(_nsbrowse_scan "$current"))
		;;
	--audit)
		compopt -o nospace
		COMPREPLY=($(_nsbrowse_audit "$current"))
		;;
	--facts)
		compopt -o nospace
		COMPREPLY=($(_nsbrowse_list "$current" "auto none all links mounts"))
		;;
	--columns)
		compopt -o nospace
		COMPREPLY=($(_nsbrowse_columns "$current"))
		;;
	-o | --output | -f | --file)
		compopt -o filenames
		COMPREPLY=($(compgen -f -- "$current"))
		;;
	*)
		if [[ $current == -* ]]; then
			COMPREPLY=($(compgen -W "$(_nsbrowse_options "$program")" -- "$current"))
			[[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
		else
			compopt -o filenames
			COMPREPLY=($(compgen -f -- "$current"))
		fi
		;;
	esac
} && complete -F _nsbrowse nsbrowse lsuserns lspidns graphns
