#!/bin/sh
# agent.sh [test…]: the agent's system tests, all of them or those that match,
# with agent.exe (WINDOWS_EXE) under Wine in the agent's place.
set -eu
: "${WINDOWS_EXE:=build/windows/mt5fleet-agent.exe}"
AGENT_EXE=$(realpath "$WINDOWS_EXE")
WINEPREFIX=$(dirname "$AGENT_EXE")/wine
WINE=${WINE:-/usr/lib/wine/wine64}
export AGENT_EXE WINEPREFIX WINE WINEDEBUG=-all
server=${WINESERVER:-/usr/lib/wine/wineserver64}

# A server and its devices that stay save each start a second; started here,
# they do not hold a test's output open. Wine's own folder is made once.
mkdir -p "$WINEPREFIX"
"$server" -p </dev/null >/dev/null 2>&1 || true # one may run already
trap '"$server" -k' EXIT
trap 'exit 1' TERM INT HUP
[ -e "$WINEPREFIX/system.reg" ] ||
	"$WINE" wineboot -i </dev/null >/dev/null 2>&1 || true
"$WINE" "$AGENT_EXE" -V </dev/null >/dev/null 2>&1

node --test-reporter=./tests/reporter.mjs --test \
	${1:+--test-name-pattern="$1"} tests/system/agent.test.mjs \
	tests/system/agent_tls.test.mjs tests/system/agent_supervise.test.mjs \
	tests/windows/agent_windows.test.mjs
