#!/bin/sh
# install.sh: what `make install` puts where, staged into a temporary folder.
set -u
dir=$(mktemp -d /tmp/mt5fleet-install.XXXXXX)
trap 'rm -rf "$dir"' EXIT

ok() { # name command...
	name=$1
	shift
	if "$@" >"$dir/out" 2>&1; then
		echo "ok - $name"
	else
		echo "not ok - $name: $(head -c 400 "$dir/out")"
	fi
}
not() { ! "$@"; }
mode() { [ "$(stat -c %a "$1")" = "$2" ]; }

stage=$dir/stage
ok 'it installs' env DESTDIR="$stage" LISTEN=127.0.0.1:18080 bin/install
for program in dashboard.fcgi admin.fcgi live collect trades phases alerts \
	sheets backup; do
	ok "$program is there" test -x "$stage/usr/lib/mt5fleet/$program"
done
ok 'the command is in the path' test -x "$stage/usr/bin/mt5fleet"
ok 'the simulated terminal is not' \
	not test -e "$stage/usr/lib/mt5fleet/terminal"
ok 'the page is there' test -s "$stage/usr/share/mt5fleet/htdocs/index.html"
ok 'cron has its file' mode "$stage/etc/cron.d/mt5fleet" 644
ok 'the settings to begin with are there' \
	test -s "$stage/usr/share/mt5fleet/etc/mt5fleet.env"
ok 'no name is left open' \
	not grep -rE '@[A-Z_]+@' "$stage/etc" "$stage/lib"
ok 'no staging path is left' not grep -rF "$stage" "$stage/etc" "$stage/lib"

# each program that a unit or a cron line names is one that was installed
for path in $(grep -hoE '/usr/(lib/mt5fleet|bin)/[a-z.-]*(fcgi|live)' \
	"$stage"/lib/systemd/system/mt5fleet-*); do
	ok "$path of a unit is installed" test -x "$stage$path"
done

echo 'APP_PORT=81' >"$stage/etc/mt5fleet/mt5fleet.env"
ok 'it installs again' env DESTDIR="$stage" bin/install
ok 'and leaves the settings alone' \
	grep -qx APP_PORT=81 "$stage/etc/mt5fleet/mt5fleet.env"

# Debian's own nginx takes the site into its http { }
mkdir -p "$dir/n/log"
STATE=$dir/n HTDOCS=$dir LISTEN=127.0.0.1:1 LIVE_SOCKET=$dir/l \
	ORIGIN=http://x nginx/render "$dir/n/conf"
# with everything that setup may ask for
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -days 2 \
	-keyout "$dir/key" -out "$dir/cert" 2>/dev/null
STATE=$dir/n HTDOCS=$dir LISTEN='127.0.0.1:1 [::1]:1' LIVE_SOCKET=$dir/l \
	ORIGIN=https://fleet.example SERVER_NAME=fleet.example TLS_CERT=$dir/cert \
	TLS_KEY=$dir/key REDIRECT_LISTEN=127.0.0.1:2 BEHIND_PROXY=1 \
	TRUSTED_PROXIES='192.0.2.0/24,2001:db8::/32' \
	CORS_ORIGINS=https://a.example nginx/render "$dir/n/full"
cat >"$dir/nginx.conf" <<-END
	pid $dir/pid;
	error_log $dir/log;
	events { }
	http {
		include /etc/nginx/mime.types;
		gzip on;
		include $dir/n/conf/site.conf;
	}
END
mkdir -p "$dir/n/nginx"
ok "the site goes into a http { } of others" nginx -t -e "$dir/log" \
	-c "$dir/nginx.conf"
sed "s|n/conf/site.conf|n/full/site*.conf|" "$dir/nginx.conf" >"$dir/full.conf"
ok "and so does one with TLS behind a proxy" nginx -t -e "$dir/log" \
	-c "$dir/full.conf"
ok 'a bad origin is quoted' sh -c 'STATE=/x HTDOCS=/x LISTEN=1 LIVE_SOCKET=/x \
	ORIGIN=x CORS_ORIGINS="https://a;b" nginx/render "$0/bad" 2>&1 |
	grep -qF "bad origin \"https://a;b\""' "$dir"
