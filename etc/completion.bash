# bash completion of mt5fleet
_mt5fleet() {
	local word=${COMP_WORDS[COMP_CWORD]} list=''
	case $COMP_CWORD:${COMP_WORDS[1]} in
	1:*) list=$(mt5fleet -h | sed -n 's/^  mt5fleet \([a-z]*\).*/\1/p') ;;
	*:setup) list='--yes --site --tls --proxies --listen --admin
		--password-file --redis' ;;
	*:check) list='--settings --quiet' ;;
	*:site) list='apply probe' ;;
	*:mcp) list='--url --token-file --ca' ;;
	*:redis) list='cli users prepare apply' ;;
	*:node) list='add list approve reject remove rename rotate retire
		enable disable maintenance ready --note --back' ;;
	*:passwd) list='--role --disable' ;;
	*:user) list='list set --role --firm --holder --tag --account
		--all-accounts --no-accounts' ;;
	*) COMPREPLY=($(compgen -f -- "$word")); return ;;
	esac
	COMPREPLY=($(compgen -W "$list" -- "$word"))
}
complete -F _mt5fleet mt5fleet
