#!/bin/sh
# installed.sh: the Debian packages in a real Debian 12 that systemd-nspawn
# boots: install, set up, look at the page, reboot, upgrade, purge.
# Needs root, systemd-nspawn, mmdebstrap, debhelper and a Debian mirror; what the
# mirror gave is kept in build/installed for the next run.
set -u
build=$(realpath "${BUILD:-build}")
skip() { echo "ok installed # SKIP $*"; exit 0; }
[ "$(id -u)" = 0 ] || skip "needs root"
[ -z "${SAN:-}" ] || skip "packages are not made of a sanitized build"
for tool in systemd-nspawn mmdebstrap dpkg-buildpackage dh unshare nsenter ip; do
	command -v $tool >/dev/null || skip "$tool is missing"
done
unshare --mount --net --pid --fork true 2>/dev/null ||
	skip "no namespaces of our own here"

work=$(mktemp -d "${TMPDIR:-/tmp}/mt5fleet-installed.XXXXXX")
inside=
# unshare takes no other signal; all that is in the machine ends with it
trap '[ -z "$inside" ] || kill -KILL $inside 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
fail() { # what [file]
	echo "not ok $1"
	[ -z "${2:-}" ] || sed 's/^/# /' "$2" | tail -40
	exit 1
}

SOURCE_DATE_EPOCH=$(date +%s)
export SOURCE_DATE_EPOCH
# two versions of the same build, so that the second is an upgrade
DEB_VERSION=1.0.0~1 etc/deb "$work/deb1" >"$work/log" 2>&1 &&
	DEB_VERSION=1.0.0~2 etc/deb "$work/deb2" >"$work/log" 2>&1 ||
	fail "the packages are built" "$work/log"
echo "ok the packages are built"
DEB_VERSION=1.0.0~1 etc/deb "$work/again" >"$work/log" 2>&1
if (cd "$work/deb1" && sha256sum ./*.deb) | (cd "$work/again" &&
	sha256sum -c --quiet) >"$work/log" 2>&1; then
	echo "ok and built again they are the same"
else
	fail "and built again they are the same" "$work/log"
fi
if command -v lintian >/dev/null; then
	if lintian --fail-on error "$work"/deb1/*.deb >"$work/log" 2>&1; then
		echo "ok lintian finds no error"
	else
		fail "lintian finds no error" "$work/log"
	fi
else
	echo "ok lintian finds no error # SKIP lintian is missing"
fi

# The base, with what the packages depend on downloaded: once.
depends=$(dpkg-deb -f "$work"/deb1/mt5fleet_*.deb Depends
	dpkg-deb -f "$work"/deb1/mt5fleet-agent_*.deb Depends)
key=$(printf '%s %s' "$depends" 3 | sha256sum | cut -c 1-12)
cache=build/installed
base=$cache/base-$key.tar
if [ ! -e "$base" ]; then
	mkdir -p "$cache"
	rm -f "$cache"/*.tar
	cp "$work"/deb1/mt5fleet_*.deb "$work/one.deb"
	cp "$work"/deb1/mt5fleet-agent_*.deb "$work/two.deb"
	mmdebstrap --mode=root --variant=minbase --include=systemd-sysv,dbus \
		--format=tar --aptopt='DPkg::Options::=--force-unsafe-io' \
		--skip=cleanup/apt \
		--customize-hook="copy-in $work/one.deb $work/two.deb /" \
		--customize-hook='chroot "$1" apt-get install -y --download-only --no-install-recommends /one.deb /two.deb nftables stunnel4' \
		--customize-hook='rm "$1"/one.deb "$1"/two.deb' \
		bookworm "$work/base.tar" >"$work/log" 2>&1 || {
		# no mirror is no fault of ours
		tail -n 3 "$work/log" | sed 's/^/# /'
		skip "no Debian mirror: mmdebstrap failed"
	}
	mv "$work/base.tar" "$base"
fi

mkdir "$work/machine"
unshare --mount --propagation private --net --pid --fork --kill-child \
	--mount-proc env BUILD="$build" BASE="$base" DEBS="$work" \
	MACHINE="$work/machine" \
	node tests/installed/installed.mjs &
inside=$!
wait $inside
rc=$?
inside=
exit $rc
