# bash completion for nsbrowse, lsuserns, lspidns and graphns

_nsbrowse_options() {
	case $1 in
	nsbrowse)
		echo "--tree --json --dot --svg --output= --force --view= --details --color= --ascii" \
			"--delay= --list-keys --no-sandbox --help --version"
		;;
	lsuserns) echo "--json --details --file= --color= --ascii --help --version" ;;
	lspidns) echo "--json --file= --color= --ascii --help --version" ;;
	graphns) echo "--output= --force --details --file= --help --version" ;;
	esac
}

_nsbrowse() {
	local program=${1##*/} current=$2 previous=$3

	[ "$previous" = = ] && previous=${COMP_WORDS[COMP_CWORD - 2]}
	[ "$current" = = ] && current=
	case $previous in
	-t | --view) COMPREPLY=($(compgen -W "user pid" -- "$current")) ;;
	--color) COMPREPLY=($(compgen -W "auto always never" -- "$current")) ;;
	--delay) COMPREPLY=() ;;
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
