#!/bin/sh
# agent/install.sh: puts the agent on this Linux machine (as root).
#
#   agent/install.sh [--user NAME] [--common DIR] [--port PORT]
#                    [--coordinator ADDRESS] [--quiet] ADDRESS...
#   agent/install.sh --uninstall
#
# NAME owns the terminals' folders, DIR is their Common/Files; both are found
# where there is one. --quiet prints no entry for nodes.json. The firewall
# (nftables) lets in the coordinator, which may be given several times, and
# nobody else; without --coordinator it is left as it is. The last ADDRESS...
# are what the coordinator reaches this machine by. Again: an upgrade;
# settings, token and certificate stay. DESTDIR stages it.
set -eu
here=$(dirname "$(realpath "$0")")
dest=${DESTDIR:-}
etc=$dest/etc/mt5fleet
unit=$dest/lib/systemd/system/mt5fleet-agent.service
program=$here/mt5fleet-agent # where the files were copied into one folder
[ -e "$program" ] || program=${BUILD:-$here/../build}/bin/mt5fleet-agent
packaged=
if [ "$here" = /usr/share/mt5fleet-agent ]; then
	# the package has the program, and the unit with the user is ours
	packaged=1
	program=/usr/lib/mt5fleet/mt5fleet-agent
	unit=$dest/etc/systemd/system/mt5fleet-agent.service
fi
dropin=$dest/etc/systemd/system/mt5fleet-agent.service.d/firewall.conf
user='' common='' coordinators='' port=8000 quiet=''

fail() { echo "install.sh: $*" >&2; exit 1; }

uninstall() {
	[ -n "$dest" ] || systemctl disable --now mt5fleet-agent || true
	[ -n "$dest" ] || [ ! -e "$etc/agent.nft" ] ||
		nft delete table inet mt5fleet_agent || true
	rm -f "$unit" "$dropin" "$etc/agent.nft"
	[ -n "$packaged" ] || rm -f "$dest/usr/lib/mt5fleet/mt5fleet-agent"
	[ -n "$dest" ] || systemctl daemon-reload
	echo "removed; settings, token and certificate are left in /etc/mt5fleet"
}

write_settings() {
	cat <<END
AGENT_NAME=$(hostname)
AGENT_HOST=0.0.0.0
AGENT_PORT=$port
AGENT_COMMON=$common
AGENT_CERT_FILE=/etc/mt5fleet/agent/cert.pem
AGENT_KEY_FILE=/etc/mt5fleet/agent/key.pem
AGENT_TOKEN_FILE=/etc/mt5fleet/agent/token
# to have a terminal started and watched:
#MT5_TERMINAL_PATH=
#MT5_TERMINAL_DATA=
#MT5_LOGIN=
#MT5_PASSWORD=
#MT5_SERVER=
END
}

# A table of its own: whatever other rules there are stay as they are.
write_rules() { # port
	cat <<END
table inet mt5fleet_agent
delete table inet mt5fleet_agent
table inet mt5fleet_agent {
	chain input {
		type filter hook input priority -10; policy accept;
		iif "lo" accept
END
	for address in $coordinators; do
		family=ip
		case $address in *:*) family=ip6 ;; esac
		echo "		tcp dport $1 $family saddr $address accept"
	done
	cat <<END
		tcp dport $1 drop
	}
}
END
}

# Loaded at each start of the agent: without the rules it does not start.
write_dropin() {
	cat <<END
[Unit]
# a restart of nftables empties all tables: load ours again
After=nftables.service
PartOf=nftables.service
ReloadPropagatedFrom=nftables.service

[Service]
ExecStartPre=+/usr/sbin/nft -f /etc/mt5fleet/agent.nft
ExecReload=+/usr/sbin/nft -f /etc/mt5fleet/agent.nft
END
}

# Who may come in stays unless it is said anew; the port is the settings'.
set_firewall() {
	port=$(sed -n 's/^AGENT_PORT=//p' "$etc/agent.env" | tail -n 1)
	port=${port:-8000}
	if [ -n "$coordinators" ]; then
		write_rules "$port" >"$etc/agent.nft.new"
	else
		sed "s/dport [0-9]*/dport $port/" "$etc/agent.nft" \
			>"$etc/agent.nft.new"
	fi
	[ -n "$dest" ] || nft -c -f "$etc/agent.nft.new" ||
		fail "nft does not take these rules: $etc/agent.nft.new"
	mv "$etc/agent.nft.new" "$etc/agent.nft"
	install -d "$(dirname "$dropin")"
	write_dropin >"$dropin"
}

# The terminals of one Wine share one folder; more than one is for a person to
# choose from.
find_common() {
	found=$(find /home /root -maxdepth 12 -type d \
		-path '*/MetaQuotes/Terminal/Common/Files' 2>/dev/null)
	[ -n "$found" ] || fail "no terminal was found below /home: install" \
		"MetaTrader first and start it once, or name its Common/Files:" \
		"--common DIR"
	[ "$(printf '%s\n' "$found" | wc -l)" = 1 ] || fail "several were found:" \
		"say which by --common DIR (in agent.env several with : between" \
		"them)" "$found"
	common=$found
}
# Who owns the folder; of an agent that is in place already its own user.
find_user() {
	if [ -d "$common" ]; then
		user=$(stat -c %U "$common")
	else
		user=$(stat -c %U "$etc/agent" 2>/dev/null) ||
			fail "--user is missing: who owns the terminals' folders"
	fi
	[ "$user" != root ] || fail "--user: the terminals are to be another" \
		"user's than root's"
}

while [ $# -gt 0 ]; do
	case $1 in
	--user) user=${2:?--user wants a name}; shift 2 ;;
	--common) common=${2:?--common wants a folder}; shift 2 ;;
	--coordinator)
		coordinators="$coordinators ${2:?--coordinator wants an address}"
		shift 2 ;;
	--port) port=${2:?--port wants a number}; shift 2 ;;
	--quiet) quiet=1; shift ;;
	--uninstall) uninstall; exit 0 ;;
	-*) fail "unknown option: \"$1\"" ;;
	*) break ;;
	esac
done
[ -n "$dest" ] || [ "$(id -u)" = 0 ] || fail "needs root"
case $port in '' | *[!0-9]*) fail "--port: not a number: \"$port\"" ;; esac
[ -n "$common" ] || [ -e "$etc/agent.env" ] || find_common
[ -n "$user" ] || find_user
id "$user" >/dev/null 2>&1 || fail "no such user: \"$user\""
[ -x "$program" ] || fail "not built yet: \"$program\" (make programs)"
"$program" -V >/dev/null || fail "it does not start on this machine; its" \
	"libraries are: libmicrohttpd12 libgnutls30 libcjson1 zlib1g"
[ -e "$etc/agent.env" ] || [ -d "$common" ] ||
	fail "--common: not a folder: \"$common\""
[ $# -gt 0 ] || fail "an address is missing: what the coordinator calls"
[ -z "$coordinators" ] || [ -n "$dest" ] || command -v nft >/dev/null ||
	fail "--coordinator needs nft: apt-get install nftables"

install -d "$dest/usr/lib/mt5fleet" "$(dirname "$unit")"
[ -d "$etc" ] || install -d "$etc" # a coordinator's has a mode of its own
[ -n "$packaged" ] ||
	install -m 0755 "$program" "$dest/usr/lib/mt5fleet/mt5fleet-agent"
sed "s|@USER@|$user|" "$here/mt5fleet-agent.service" >"$unit"
[ -e "$etc/agent.env" ] || write_settings >"$etc/agent.env"
chmod 0640 "$etc/agent.env"
install -d -m 0700 "$etc/agent"
if [ -n "$coordinators" ] || [ -e "$etc/agent.nft" ]; then
	set_firewall
fi
if [ -n "$dest" ]; then
	echo "staged in $dest"
	exit 0
fi
chgrp "$(id -gn "$user")" "$etc/agent.env"
chown "$user" "$etc/agent"
runuser -u "$user" -- /usr/lib/mt5fleet/mt5fleet-agent \
	-c /etc/mt5fleet/agent.env --init ${quiet:+--quiet} "$@"
# the sources of the bridge, as who owns the terminals
runuser -u "$user" -- /usr/lib/mt5fleet/mt5fleet-agent \
	-c /etc/mt5fleet/agent.env --bridge "$here/bridge" ||
	echo "install.sh: the bridge was not put into every terminal" >&2
systemctl daemon-reload
systemctl enable mt5fleet-agent
systemctl restart mt5fleet-agent
echo
echo "The agent runs."
[ -e "$etc/agent.nft" ] || echo "Anybody may ask it who has the token: run" \
	"this again with --coordinator ADDRESS to let in nobody else."
