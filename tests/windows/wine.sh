#!/bin/sh
# wine.sh [test…]: the agent of Linux that starts and watches a terminal of
# Windows in Wine, as a VPS with Linux has it: the tests of supervision, all
# of them or those that match.
set -eu
: "${WINDOWS_EXE:=build/windows/mt5fleet-agent.exe}"
made=$(dirname "$(realpath "$WINDOWS_EXE")")
TERMINAL_EXE=$made/terminal64.exe
WINEPREFIX=$made/wine-linux
WINE=${WINE:-/usr/lib/wine/wine64}
WINESERVER=${WINESERVER:-/usr/lib/wine/wineserver64}
export TERMINAL_EXE WINEPREFIX WINESERVER WINEDEBUG=-all

# Debian's wine64 has no `wine` that the agent could find
bin=$(mktemp -d "${TMPDIR:-/tmp}/mt5fleet-wine.XXXXXX")
printf '#!/bin/sh\nexec %s "$@"\n' "$WINE" >"$bin/wine"
chmod +x "$bin/wine"
PATH=$bin:$PATH

# as in agent.sh: one server for all, and Wine's own folder is made once
mkdir -p "$WINEPREFIX"
"$WINESERVER" -p </dev/null >/dev/null 2>&1 || true
trap '"$WINESERVER" -k; rm -rf "$bin"' EXIT
trap 'exit 1' TERM INT HUP
[ -e "$WINEPREFIX/system.reg" ] ||
	wine wineboot -i </dev/null >/dev/null 2>&1 || true

node --test-reporter=./tests/reporter.mjs --test \
	${1:+--test-name-pattern="$1"} tests/system/agent_supervise.test.mjs \
	tests/windows/wine_prefix.test.mjs
