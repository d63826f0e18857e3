#!/bin/sh
# agent/install.sh: puts the agent on this Linux machine (as root).
#
#   agent/install.sh --user NAME --common DIR ADDRESS...
#   agent/install.sh --uninstall
#
# NAME owns the terminals' folders, DIR is their Common/Files, ADDRESS is what
# the coordinator reaches this machine by. Again: an upgrade; settings, token
# and certificate stay. DESTDIR stages it.
set -eu
here=$(dirname "$0")
program=${BUILD:-$here/../build}/bin/mt5fleet-agent
dest=${DESTDIR:-}
etc=$dest/etc/mt5fleet
unit=$dest/lib/systemd/system/mt5fleet-agent.service
user='' common=''

fail() { echo "install.sh: $*" >&2; exit 1; }

uninstall() {
	[ -n "$dest" ] || systemctl disable --now mt5fleet-agent || true
	rm -f "$unit" "$dest/usr/lib/mt5fleet/mt5fleet-agent"
	echo "removed; settings, token and certificate are left in /etc/mt5fleet"
}

write_settings() {
	cat <<END
AGENT_NAME=$(hostname)
AGENT_HOST=0.0.0.0
AGENT_PORT=8000
AGENT_COMMON=$common
AGENT_CERT_FILE=/etc/mt5fleet/agent/cert.pem
AGENT_KEY_FILE=/etc/mt5fleet/agent/key.pem
AGENT_TOKEN_FILE=/etc/mt5fleet/agent/token
# to have a terminal started and watched:
#MT5_TERMINAL_PATH=
#MT5_LOGIN=
#MT5_PASSWORD=
#MT5_SERVER=
END
}

while [ $# -gt 0 ]; do
	case $1 in
	--user) user=${2:?--user wants a name}; shift 2 ;;
	--common) common=${2:?--common wants a folder}; shift 2 ;;
	--uninstall) uninstall; exit 0 ;;
	-*) fail "unknown option: \"$1\"" ;;
	*) break ;;
	esac
done
[ -n "$dest" ] || [ "$(id -u)" = 0 ] || fail "needs root"
[ -n "$user" ] || fail "--user is missing: who owns the terminals' folders"
id "$user" >/dev/null 2>&1 || fail "no such user: \"$user\""
[ -x "$program" ] || fail "not built yet: \"$program\" (make programs)"
[ -e "$etc/agent.env" ] || [ -d "$common" ] ||
	fail "--common: not a folder: \"$common\""
[ $# -gt 0 ] || fail "an address is missing: what the coordinator calls"

install -d "$dest/usr/lib/mt5fleet" "$etc" "$(dirname "$unit")"
install -m 0755 "$program" "$dest/usr/lib/mt5fleet/mt5fleet-agent"
sed "s|@USER@|$user|" "$here/mt5fleet-agent.service" >"$unit"
[ -e "$etc/agent.env" ] || write_settings >"$etc/agent.env"
chmod 0640 "$etc/agent.env"
install -d -m 0700 "$etc/agent"
if [ -n "$dest" ]; then
	echo "staged in $dest"
	exit 0
fi
chgrp "$(id -gn "$user")" "$etc/agent.env"
chown "$user" "$etc/agent"
runuser -u "$user" -- /usr/lib/mt5fleet/mt5fleet-agent \
	-c /etc/mt5fleet/agent.env --init "$@"
systemctl daemon-reload
systemctl enable mt5fleet-agent
systemctl restart mt5fleet-agent
echo
echo "The agent runs. Let only the coordinator in, for example:"
echo "  nft add rule inet filter input tcp dport 8000 ip saddr COORDINATOR accept"
