#!/bin/sh
# ansible.sh: the Ansible role for real: two hosts staged into folders of this
# machine, their agents asked by what nodes.json says. (make lint: ansible-lint)
set -u
build=$(realpath "${BUILD:-build}")
if ! command -v ansible-playbook >/dev/null; then
	echo "ok ansible # SKIP ansible is not installed"
	exit 0
fi
dir=$(mktemp -d "${TMPDIR:-/tmp}/mt5fleet-ansible.XXXXXX")
agent=
end() {
	[ -z "$agent" ] || kill "$agent" 2>/dev/null
	rm -rf "$dir"
}
trap end EXIT
export HOME="$dir" ANSIBLE_HOME="$dir/.ansible" ANSIBLE_NOCOLOR=1 \
	ANSIBLE_LOCALHOST_WARNING=False ANSIBLE_DEPRECATION_WARNINGS=False \
	ANSIBLE_PIPELINING=True \
	LC_ALL=C.UTF-8

ok() { # what rc
	[ "$2" = 0 ] && { echo "ok $1"; return; }
	echo "not ok $1"
	sed 's/^/# /' "$dir/out" | tail -40
}

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("", 0))
print(s.getsockname()[1])')
mkdir "$dir/common" "$dir/nodes"
cat >"$dir/hosts" <<END
vps01 ansible_host=127.0.0.1
vps02 ansible_host=203.0.113.2
[all:vars]
ansible_connection=local
ansible_python_interpreter=/usr/bin/python3
mt5fleet_agent_root=$dir/{{ inventory_hostname }}
mt5fleet_agent_user=$(id -un)
mt5fleet_agent_common=$dir/common
mt5fleet_agent_port=$port
mt5fleet_agent_coordinators=["203.0.113.10", "2001:db8::10"]
mt5fleet_agent_settings={"AGENT_SILENT": 20}
mt5fleet_agent_nodes=$dir/nodes/nodes.json
mt5fleet_agent_program=$build/bin/mt5fleet-agent
END
play() {
	ansible-playbook -i "$dir/hosts" "$@" agent/ansible/site.yml \
		>"$dir/out" 2>&1
}
value() { jq -r "$1" "$dir/nodes/nodes.json"; }

play --check
ok "--check goes through on hosts that have nothing yet" $?
! [ -e "$dir/vps01" ] && ! [ -e "$dir/nodes/nodes.json" ]
ok "and installs nothing" $?
play
ok "it installs two hosts" $?
[ "$(value 'map(.id) | join(" ")')" = "vps01 vps02" ] &&
	[ "$(value '.[1].url')" = "https://203.0.113.2:$port" ]
ok "both are in nodes.json" $?
! grep -qF "$(value '.[0].token')" "$dir/out"
ok "no token is printed" $?
[ "$(stat -c %a "$dir/nodes/nodes.json")" = 600 ] &&
	[ "$(stat -c %a "$dir/vps01/etc/mt5fleet/agent")" = 700 ] &&
	[ "$(stat -c %a "$dir/vps01/etc/mt5fleet/agent.env")" = 640 ]
ok "what is secret is not for all" $?
grep -q "^User=$(id -un)$" "$dir/vps01/lib/systemd/system/mt5fleet-agent.service"
ok "the unit runs as the user" $?
rules=$dir/vps01/etc/mt5fleet/agent.nft
grep -q "dport $port ip saddr 203.0.113.10 accept" "$rules" &&
	grep -q "dport $port ip6 saddr 2001:db8::10 accept" "$rules" &&
	grep -q "dport $port drop" "$rules"
ok "the firewall lets the coordinator in and nobody else" $?
if command -v nft >/dev/null && unshare -rn true 2>/dev/null; then
	unshare -rn nft -c -f "$rules" >"$dir/out" 2>&1
	ok "nft takes the rules" $?
else
	echo "ok nft takes the rules # SKIP no nft, or no namespace of our own"
fi

jq -S --indent 4 'map(. + {note: "mine"}) + [{id: "other", url: "http://x"}]' \
	"$dir/nodes/nodes.json" >"$dir/new"
cat "$dir/new" >"$dir/nodes/nodes.json"
play
ok "it installs them again" $?
! grep -q 'changed=[1-9]' "$dir/out"
ok "and changes nothing" $?
cmp "$dir/new" "$dir/nodes/nodes.json"
ok "what a person added to nodes.json stays" $?
chmod 640 "$dir/nodes/nodes.json"
jq 'map(del(.ca))' "$dir/new" >"$dir/nodes/nodes.json"
rm -r "$dir/vps01/etc/systemd" "$rules"
play -l vps01 -e mt5fleet_agent_firewall=false
ok "firewall=false on the command line" $?
[ "$(stat -c %a "$dir/nodes/nodes.json")" = 640 ] && value '.[0].ca' | grep -q pem
ok "a nodes.json that is there keeps its mode" $?
! [ -e "$rules" ]
ok "is false, though it is a text" $?
play -l vps01 -e '{"mt5fleet_agent_coordinators": null}'
[ $? != 0 ] && grep -q mt5fleet_agent_coordinators "$dir/out"
ok "without the coordinator's address nothing is installed" $?

NODES_FILE=$dir/nodes/nodes.json "$build/bin/mt5fleet" nodes >"$dir/out" 2>&1
ok "mt5fleet takes nodes.json" $?
"$dir/vps01/usr/lib/mt5fleet/mt5fleet-agent" \
	-c "$dir/vps01/etc/mt5fleet/agent.env" >"$dir/out" 2>&1 &
agent=$!
(umask 077 && value '"Authorization: Bearer " + .[0].token' >"$dir/header")
curl -sS --retry 20 --retry-delay 1 --retry-connrefused -H "@$dir/header" \
	--cacert "$dir/nodes/$(value '.[0].ca')" "$(value '.[0].url')/" |
	grep -q '"name":"vps01"'
ok "its agent answers to that token and certificate" $?
