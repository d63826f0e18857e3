#!/bin/sh
# upgrade.sh: from the package of the commit before (UPGRADE_FROM= another one) to
# this one's, in a Debian that systemd-nspawn boots, while the site is asked.
name=upgrade
. tests/installed/lib
needs systemd-nspawn nsenter git
from=$(git rev-parse --verify -q "${UPGRADE_FROM:-HEAD~1}^{commit}") ||
	skip "there is no commit before in this clone: UPGRADE_FROM=REVISION names one"
begin

# Built in a tree of its own, which is kept: of the next commit only what it changed
# is built again.
before=$cache/packages/before-$from
if [ ! -e "$before/.made" ]; then
	tree=$cache/before
	mkdir -p "$tree" "$cache/packages"
	find "$cache/packages" -mindepth 1 -maxdepth 1 -mtime +2 -exec rm -rf {} +
	GIT_INDEX_FILE=$PWD/$cache/before.index git --work-tree="$tree" \
		read-tree -u --reset "$from" || fail "the commit before is taken out"
	if [ ! -e "$tree/node_modules" ] &&
		cmp -s package-lock.json "$tree/package-lock.json"; then
		cp -al node_modules "$tree/node_modules"
		touch "$tree/node_modules/.made"
	fi
	(cd "$tree" && env -u BUILD nice make -s -j2 programs page \
		CC="${CC:-$(command -v ccache >/dev/null && echo ccache cc || echo cc)}" \
		>"$work/log" 2>&1) || fail "the commit before is built" "$work/log"
	rm -rf "$before"
	(cd "$tree" && env -u BUILD SOURCE_DATE_EPOCH=1700000000 DEB_VERSION=1.0.0~0 \
		etc/deb "../packages/before-$from" >"$work/log" 2>&1) ||
		fail "the commit before is packed" "$work/log"
	rm -f "$before"/mt5fleet-agent-windows*
	touch "$before/.made"
fi
echo "ok the package of the commit before is built"
pack 1.0.0~1
debian "$packed"
mkdir "$work/machine" "$work/debs"
cp -RL "$packed" "$work/debs/deb1"
cp -RL "$before" "$work/debs/deb0"
run_inside env BUILD="$build" BASE="$base" DEBS="$work/debs" \
	MACHINE="$work/machine" node tests/installed/upgrade.mjs
