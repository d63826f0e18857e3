#!/bin/sh
# agent_install.sh: agent/install.sh into a staging folder.
set -u
dir=$(mktemp -d "${TMPDIR:-/tmp}/mt5fleet-install.XXXXXX")
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/common"
me=$(id -un)

ok() { # what rc
	[ "$2" = 0 ] && echo "ok $1" || echo "not ok $1"
}
stage() { DESTDIR=$dir/root agent/install.sh "$@" >"$dir/out" 2>&1; }

stage --user "$me" --common "$dir/common" 203.0.113.7
ok "it stages" $?
[ -x "$dir/root/usr/lib/mt5fleet/mt5fleet-agent" ]
ok "the program is there" $?
grep -q "^User=$me$" "$dir/root/lib/systemd/system/mt5fleet-agent.service"
ok "the unit runs as the user" $?
grep -q "^AGENT_COMMON=$dir/common$" "$dir/root/etc/mt5fleet/agent.env"
ok "the settings name the folder" $?
[ "$(stat -c %a "$dir/root/etc/mt5fleet/agent.env")" = 640 ]
ok "the settings are not for all" $?

[ ! -e "$dir/root/etc/mt5fleet/agent.nft" ]
ok "the firewall is left alone" $?
sed -i 's/^AGENT_PORT=.*/AGENT_PORT=8123/' "$dir/root/etc/mt5fleet/agent.env"
stage --user "$me" --common "$dir/common" --coordinator 203.0.113.10 \
	--coordinator 2001:db8::10 203.0.113.7
rules=$dir/root/etc/mt5fleet/agent.nft
grep -q "dport 8123 ip saddr 203.0.113.10 accept" "$rules" &&
	grep -q "dport 8123 ip6 saddr 2001:db8::10 accept" "$rules" &&
	grep -q "dport 8123 drop" "$rules" && grep -q "nft -f /etc/mt5fleet/agent.nft" \
	"$dir/root/etc/systemd/system/mt5fleet-agent.service.d/firewall.conf"
ok "or it lets the coordinator in and nobody else" $?
if command -v nft >/dev/null && unshare -rn true 2>/dev/null; then
	unshare -rn nft -c -f "$rules" >"$dir/out" 2>&1
	ok "nft takes the rules" $?
else
	echo "ok nft takes the rules # SKIP no nft, or no namespace of our own"
fi

sed -i 's/^AGENT_PORT=.*/AGENT_PORT=8124/' "$dir/root/etc/mt5fleet/agent.env"
stage --user "$me" --common "$dir/common" 203.0.113.7
grep -q "dport 8124 ip saddr 203.0.113.10 accept" "$rules" &&
	grep -q "dport 8124 drop" "$rules" && ! grep -q 8123 "$rules"
ok "another port takes its rules along" $?

# the settings are good ones once --init has run
sed "s|/etc/mt5fleet|$dir/root/etc/mt5fleet|" \
	"$dir/root/etc/mt5fleet/agent.env" >"$dir/env"
"${BUILD:-build}/bin/mt5fleet-agent" -c "$dir/env" --init 203.0.113.7 >"$dir/out"
ok "--init takes them" $?
"${BUILD:-build}/bin/mt5fleet-agent" -c "$dir/env" -n
ok "and they are without a mistake" $?

echo "# mine" >>"$dir/root/etc/mt5fleet/agent.env"
stage --user "$me" --common "$dir/common" 203.0.113.7 &&
	grep -q '^# mine$' "$dir/root/etc/mt5fleet/agent.env"
ok "an upgrade keeps the settings" $?
! stage --user no-such-user --common "$dir/common" x && grep -q no-such-user "$dir/out"
ok "a bad user is quoted" $?
! stage --user "$me" --frob && grep -q -e --frob "$dir/out"
ok "a bad option is quoted" $?
mkdir "$dir/copied" && cp agent/install.sh agent/mt5fleet-agent.service \
	"${BUILD:-build}/bin/mt5fleet-agent" "$dir/copied" &&
	DESTDIR=$dir/other BUILD=/nowhere "$dir/copied/install.sh" --user "$me" \
		--common "$dir/common" 203.0.113.7 >"$dir/out" 2>&1 &&
	[ -x "$dir/other/usr/lib/mt5fleet/mt5fleet-agent" ]
ok "three files in one folder are enough" $?
stage --uninstall && [ ! -e "$rules" ] && [ ! -e "$dir/root/usr/lib/mt5fleet/mt5fleet-agent" ] &&
	[ -e "$dir/root/etc/mt5fleet/agent.env" ]
ok "uninstall leaves the settings" $?
