#!/bin/sh
# join.sh SITE PIN [option...]: makes this Linux machine a node of the
# coordinator at SITE. `mt5fleet node add NAME` prints the line that fetches and
# runs it; the token is in MT5FLEET_JOIN. PIN is the hash of the site's key:
# curl, and then the agent, take nothing from whoever has another one. The
# options are those of `mt5fleet-agent join` (docs/nodes.md).
set -eu

fail() { echo "join.sh: $*" >&2; exit 1; }

join() {
	[ $# -ge 2 ] || fail "usage: join.sh SITE PIN [option...]"
	[ -n "${MT5FLEET_JOIN:-}" ] || fail "MT5FLEET_JOIN: the token is missing"
	site=$1 pin=$2 before='' dir=''
	shift 2
	for word; do
		[ "$before" != --dir ] || dir=$word
		before=$word
	done
	if [ -z "$dir" ]; then
		[ "$(id -u)" = 0 ] || fail "needs root; or --dir DIR for an agent" \
			"in that folder, without a service"
		made=$(mktemp -d "${TMPDIR:-/tmp}/mt5fleet-join.XXXXXX")
		trap 'rm -rf "$made"' EXIT
		chmod 755 "$made" # the terminals' user reads the bridge there
	else
		made=$dir
		mkdir -p "$made"
	fi
	agent=$made/mt5fleet-agent
	curl -fsSk --pinnedpubkey "$pin" -o "$agent.new" \
		"$site/join/mt5fleet-agent"
	chmod 755 "$agent.new"
	mv "$agent.new" "$agent"
	if ! "$agent" -V >/dev/null 2>&1 && [ "$(id -u)" = 0 ] &&
		command -v apt-get >/dev/null; then
		echo "join.sh: the agent's libraries are installed ..."
		apt-get -qq update || true # an old list may do
		DEBIAN_FRONTEND=noninteractive apt-get -qq install -y \
			--no-install-recommends libmicrohttpd12 libgnutls30 \
			libcjson1 zlib1g nftables || true
	fi </dev/null >/dev/null
	"$agent" -V >/dev/null || fail "the agent does not start on this machine;" \
		"its libraries are libmicrohttpd, libgnutls, libcjson and zlib"
	cd "$made"
	"$agent" join --site "$site" --fingerprint "$pin" "$@" </dev/null
}
join "$@" # last, so that half a file does nothing
