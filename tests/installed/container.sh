#!/bin/sh
# container.sh: Dockerfile and compose.yaml: the image is built by buildah from a
# local Debian root, the services are run as compose.yaml has them, and the site is
# asked over https. Needs root and buildah.
name=container
. tests/installed/lib
needs buildah
end() { b rm --all >/dev/null 2>&1; }
begin
b() { buildah --storage-driver vfs --root "$work/store" --runroot "$work/run" "$@"; }

# the context: the tree's own files, and the package of this build
pack 1.0.0~1
debian "$packed"
mkdir -p "$work/context/build/deb"
cp "$packed"/mt5fleet_*.deb "$work/context/build/deb"
cp -R Dockerfile etc "$work/context/"
root=$(b from scratch) && b add -q "$root" "$base" / >"$work/log" 2>&1 &&
	b commit -q "$root" docker.io/library/debian:bookworm-slim >"$work/log" 2>&1 &&
	b rm "$root" >/dev/null || fail "a Debian image of the kept root" "$work/log"
if ! b bud --isolation chroot --pull-never -t mt5fleet "$work/context" >"$work/log" 2>&1; then
	grep -qE 'Temporary failure|Could not (resolve|connect)' "$work/log" &&
		skip "no Debian mirror"
	fail "the Dockerfile builds" "$work/log"
fi
echo "ok the Dockerfile builds"

export work
cat >"$work/inside" <<'END'
set -eu
ip link set lo up
run() { # role environment...
	role=$1
	shift
	for v in "$@"; do set -- "$@" --env "$v"; shift; done
	buildah --storage-driver vfs --root "$work/store" --runroot "$work/run" \
		run --isolation chroot "$@" -v "$work/etc:/etc/mt5fleet" \
		-v "$work/lib:/var/lib/mt5fleet" -v "$work/sockets:/run/mt5fleet" \
		-v "$work/secret:/run/secrets" "mt5fleet-$role" -- /usr/lib/mt5fleet/container "$role"
}
run init SITE_URL=https://localhost SITE_TLS=self ADMIN=ada
# every service of compose.yaml but the one that has run
for role in $roles; do
	[ "$role" = init ] || while :; do # restart: unless-stopped
		run "$role" >>"$work/$role.log" 2>&1 || true
		sleep 0.2
	done &
done
for try in $(seq 600); do
	curl -ksf -o /dev/null https://localhost/ && break
	sleep 0.1
done
run_in() {
	buildah --storage-driver vfs --root "$work/store" --runroot "$work/run" \
		run --isolation chroot -v "$work/etc:/etc/mt5fleet" \
		-v "$work/lib:/var/lib/mt5fleet" -v "$work/sockets:/run/mt5fleet" \
		mt5fleet-probe -- "$@"
}
run_in env SITE_USER=ada mt5fleet site probe <"$work/secret/admin-password"
run_in mt5fleet check
# a job as cron starts it
run_in /usr/lib/mt5fleet/job phases
END
mkdir -p "$work/etc" "$work/lib" "$work/sockets" "$work/secret"
printf 'correct horse battery\n' >"$work/secret/admin-password"
cp etc/rules.json "$work/etc/"
roles=$(node -e '
const yaml = require("js-yaml");
const doc = yaml.load(require("fs").readFileSync("compose.yaml", "utf8"));
console.log(Object.values(doc.services).map((s) => s.command.join(" ")).join(" "));
') || fail "compose.yaml is read"
export roles
# a container for each, as they would mount over each other in one
for role in $roles probe; do
	b from --name "mt5fleet-$role" mt5fleet >"$work/log" 2>&1 ||
		fail "a container of it" "$work/log"
done
run_inside sh "$work/inside" >"$work/log" 2>&1
[ $rc = 0 ] || { cat "$work"/*.log >>"$work/log" 2>/dev/null; fail "the services of compose.yaml serve the site" "$work/log"; }
grep -qx good "$work/log" || fail "mt5fleet check is good in there" "$work/log"
echo "ok the services of compose.yaml serve the site: log-in, WebSocket, check, a job"
