#!/bin/sh
# installed.sh: the Debian packages in a real Debian 12 that systemd-nspawn
# boots: install, set up, look at the page, reboot, upgrade, purge.
# Needs root, systemd-nspawn, mmdebstrap, debhelper and a Debian mirror; what the
# mirror gave is kept in build/installed for the next run.
name=installed
. tests/installed/lib
needs systemd-nspawn nsenter
begin

# two versions of the same build, so that the second is an upgrade
mkdir -p "$cache/packages"
find "$cache/packages" -mindepth 1 -maxdepth 1 -mtime +2 -exec rm -rf {} +
pack 1.0.0~1
one=$packed
pack 1.0.0~2
ln -s "$(realpath "$packed")" "$work/deb2"
ln -s "$(realpath "$one")" "$work/deb1"
echo "ok the packages are built"
# as of a build in another folder: its debug information names that, and the build
# id is of it, too
mkdir "$work/other"
cp -R "$build/bin" "$build/htdocs" "$work/other"
strip --strip-debug "$work"/other/bin/*
perl debian/build_id -n other "$work"/other/bin/*
BUILD=$work/other SOURCE_DATE_EPOCH=1700000000 DEB_VERSION=1.0.0~1 \
	etc/deb "$work/again" >"$work/log" 2>&1
if (cd "$one" && sha256sum ./*.deb) | (cd "$work/again" &&
	sha256sum -c --quiet) >"$work/log" 2>&1; then
	echo "ok and built again, in another folder, they are the same"
else
	fail "and built again, in another folder, they are the same" "$work/log"
fi
if command -v lintian >/dev/null; then
	if lintian --fail-on error "$one"/*.deb >"$work/log" 2>&1; then
		echo "ok lintian finds no error"
	else
		fail "lintian finds no error" "$work/log"
	fi
else
	echo "ok lintian finds no error # SKIP lintian is missing"
fi
if [ -e build/windows/mt5fleet-agent.zip ]; then
	mkdir "$work/windows"
	(dpkg-deb -x "$one"/mt5fleet-agent-windows_*.deb "$work/windows" &&
		cd "$work/windows" &&
		file=usr/lib/mt5fleet/join/mt5fleet-agent.exe &&
		head -c 2 $file | grep -q MZ &&
		mkdir zip && cd zip &&
		unzip -q ../usr/share/mt5fleet/windows/mt5fleet-agent.zip &&
		cmp mt5fleet-agent.exe ../$file &&
		[ -s install.ps1 ] && [ -s bridge/Mt5FleetService.mq5 ] &&
		[ -s bridge/Mt5FleetEA.mq5 ] && [ -s bridge/Mt5Fleet.mqh ]) \
		>"$work/log" 2>&1 ||
		fail "the package of the Windows agent has what a machine fetches" "$work/log"
	echo "ok the package of the Windows agent has what a machine fetches"
else
	echo "ok the package of the Windows agent has what a machine fetches # SKIP" \
		"agent.exe is not built: make test-windows builds its libraries"
fi
debian "$one"
mkdir "$work/machine" "$work/debs"
cp -RL "$work/deb1" "$work/deb2" "$work/debs"
run_inside env BUILD="$build" BASE="$base" DEBS="$work/debs" \
	MACHINE="$work/machine" node tests/installed/installed.mjs
