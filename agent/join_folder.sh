#!/bin/sh
# join_folder.sh DIR: what the site hands to machines that join, into DIR: both
# agents (that of Windows where it is built), their installers, the bridge, and
# the list of the files that `mt5fleet-agent join` fetches.
set -eu
here=$(dirname "$(realpath "$0")")
build=${BUILD:-build}
dir=$1
install -d "$dir/bridge"
install -m 0755 "$build/bin/mt5fleet-agent" "$dir/"
install -m 0644 "$here/join.sh" "$here/install.sh" \
	"$here/mt5fleet-agent.service" "$here/windows/install.ps1" "$dir/"
install -m 0644 "$here"/bridge/*.mq[h5] "$dir/bridge/"
(cd "$dir" && ls install.sh mt5fleet-agent.service install.ps1 bridge/*) \
	>"$dir/files"
exe=${WINDOWS_EXE:-build/windows/mt5fleet-agent.exe}
[ ! -e "$exe" ] || install -m 0644 "$exe" "$dir/"
