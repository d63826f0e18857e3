#!/bin/sh
# makefile.sh: what a caller's flags, a new file and `make install` do to the
# build, told by `make -n` in a build folder of its own.
build=${BUILD:-build}
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d /tmp/mt5fleet-makefile.XXXXXX)
trap 'rm -rf "$dir"' EXIT
unset MAKEFLAGS MFLAGS MAKEOVERRIDES CPPFLAGS CFLAGS LDFLAGS LDLIBS CI SAN DESTDIR

failed=0
ok() { # name command...
	name=$1
	shift
	if "$@" >"$dir/out" 2>&1; then
		echo "ok - $name"
	else
		echo "not ok - $name"
		head -c 2000 "$dir/out" | sed 's/^/# /'
		failed=1
	fi
}
not() { ! "$@"; }
plan() { make -n BUILD="$dir/build" "$@"; }
# the command line that holds the first text holds the others too
line() { # file text others...
	file=$1 text=$2
	shift 2
	grep -F -- "$text" "$file" >"$dir/line" || return 1
	for other; do
		grep -qF -- "$other" "$dir/line" || { cat "$dir/line"; return 1; }
	done
}

object=$dir/build/obj/lib/base/buf.o
plan "$object" CPPFLAGS=-DCALLER CFLAGS=-O1 >"$dir/plan"
ok "a caller's CPPFLAGS are added to ours" line "$dir/plan" 'lib/base/buf.c' \
	-DCALLER -D_GNU_SOURCE -I.
ok "a caller's CFLAGS are added to ours" line "$dir/plan" 'lib/base/buf.c' \
	-O1 -std=c11 -Wconversion -fstack-protector-strong
CFLAGS=-O1 CPPFLAGS=-DCALLER plan "$object" >"$dir/plan"
ok 'so are those of the environment' line "$dir/plan" 'lib/base/buf.c' \
	-O1 -std=c11 -DCALLER -I.
plan "$dir/build/bin/live" LDFLAGS=-Lcaller LDLIBS=-lcaller >"$dir/plan"
ok "a caller's LDFLAGS and LDLIBS are added to ours" line "$dir/plan" \
	"-o $dir/build/bin/live" -Lcaller -lcaller -pie -lwebsockets

plan "$dir/build/bin/mt5fleet-agent" >"$dir/plan"
grep -F -- "-o $dir/build/bin/mt5fleet-agent" "$dir/plan" >"$dir/agent"
ok 'the agent is linked with its own libraries' line "$dir/agent" bin/mt5fleet-agent \
	-lmicrohttpd
ok 'and with no others' not grep -qE 'websockets|sqlite3|hiredis|curl|fcgi' \
	"$dir/agent"

# each program needs, of all libraries, those of its list and no other
needed() {
	bad=0
	for program in "$build"/bin/*; do
		it=$(basename "$program")
		[ "$it" != terminal ] || continue
		pkgs=$(make -s --eval "show: ; @echo \$(call pkgs_of,$it)" show)
		# shellcheck disable=SC2086
		listed=$(pkg-config --libs $pkgs | tr ' ' '\n' | sed -n 's/^-l//p')
		for library in $(readelf -d "$program" |
		    sed -n 's/.*NEEDED.*\[lib\([a-z0-9_]*\)\.so.*/\1/p'); do
			case " c m pthread asan ubsan gcc_s stdc $(echo "$listed" |
			    tr '\n' ' ') " in
			*" $library "*) ;;
			*) echo "$it needs lib$library: not listed"; bad=1 ;;
			esac
		done
	done
	return $bad
}
ok "the lists of libraries hold all that is needed" needed

# flags that changed: the same object is made again, once
made() { stat -c %y "$object"; }
make -s BUILD="$dir/build" "$object"
first=$(made)
make -s BUILD="$dir/build" "$object"
ok 'the same flags make it once' test "$(made)" = "$first"
plan "$object" CFLAGS=-O1 >"$dir/plan"
ok 'other flags make an object again' grep -qF lib/base/buf.c "$dir/plan"
make -s BUILD="$dir/build" CI=true "$object"
ok '-Werror does not' test "$(made)" = "$first"

mkdir -p "$dir/build/deb/etc/cron.d"
echo 'not make' >"$dir/build/deb/etc/cron.d/mt5fleet.d"
ok 'a staged folder is not read as a dependency' plan "$object"

# the folders of a program: a new file in a sub-folder is part of it
plan "$dir/build/bin/mt5fleet-agent" >"$dir/plan"
ok 'what is for Windows is not in the Linux agent' not grep -q windows/ "$dir/plan"

make install BUILD="$dir/none" DESTDIR="$dir/stage" >"$dir/refused" 2>&1
ok 'install of what is not built says what to do' \
	grep -q 'is not built: run make first' "$dir/refused"
ok 'and has built nothing' not test -e "$dir/none"
ok 'install stages what was built' make -s install DESTDIR="$dir/stage"
ok 'without the simulator' test -z "$(find "$dir/stage" -name terminal)"
echo mine >"$dir/stage/etc/mt5fleet/nodes.json"
ok 'uninstall' make -s uninstall DESTDIR="$dir/stage"
ok 'no program of ours is left' \
	test -z "$(find "$dir/stage" -path '*/usr/*' ! -type d)"

plan "$dir/build/obj/bin/site.o" PREFIX=/opt/fleet | tr -d "'" >"$dir/command"
mkdir "$dir/moved"
cp -R "$build/bin" "$build/htdocs" "$dir/moved"
echo /opt/fleet >"$dir/moved/prefix"
ok 'install for another PREFIX than it was built for is refused' not make \
	-s install BUILD="$dir/moved" DESTDIR="$dir/other"
ok 'install goes to PREFIX' make -s install BUILD="$dir/moved" \
	DESTDIR="$dir/other" PREFIX=/opt/fleet
ok 'all of it' test -x "$dir/other/opt/fleet/lib/mt5fleet/collect" \
	-a -s "$dir/other/opt/fleet/share/man/man8/mt5fleet-collect.8" \
	-a ! -e "$dir/other/usr/lib/mt5fleet" -a ! -e "$dir/other/usr/bin"
# but what goes to other machines, for theirs
ok 'and nothing names another place' test -z \
	"$(grep -rIlE '/usr/(lib|share|bin)/mt5fleet' --exclude-dir=join "$dir/other" |
		tee /dev/stderr)"
ok 'the command knows it' line "$dir/command" bin/site.c '-DPREFIX="/opt/fleet"'
ok 'settings stay' grep -qx mine "$dir/stage/etc/mt5fleet/nodes.json"

[ $failed = 0 ]
