#!/bin/sh
# rooms.sh: lib/ is built in layers, and each header stands by itself.
build=${BUILD:-build}
cd "$(dirname "$0")/../.." || exit 1

# Each folder may include itself and those before it.
layers="base json mcp redis http trading ledger judge fleet notify program web auth legacy"

# Who may include a third-party header: that folder or file, nobody else.
owners="sqlite3.h:lib/ledger/
libpq-fe.h:lib/ledger/
hiredis/hiredis.h:lib/redis/
hiredis/async.h:live/
curl/curl.h:lib/http/
fcgiapp.h:lib/web/
microhttpd.h:agent/
libwebsockets.h:live/"

. tests/unit/result

allowed=
for layer in $layers; do
	allowed="$allowed$layer/ "
	above=$(grep -n '^#include "' "lib/$layer"/*.[ch] | while read -r line; do
		name=${line#*\"}
		room=${name#lib/}
		case " $allowed" in
		*" ${room%%/*}/ "*) ;;
		*) [ "${name#lib/}" = "$name" ] && [ -z "${name##*_sql.h*}" ] ||
			echo "$line" ;;
		esac
	done)
	result "lib/$layer includes nothing above it" "$above"
done
result "every folder of lib/ has its place in the order" "$(
	for dir in lib/*/; do
		room=${dir#lib/}
		case " $allowed" in *" $room "*) ;; *) echo "$room" ;; esac
	done)"
result "lib/ includes no program" "$(grep -nE \
	'^#include "(agent|bin|cgi-bin|cron|live|tests)/' lib/*/*.[ch])"

result "each third-party header has one owner" "$(
	echo "$owners" | while IFS=: read -r header places; do
		git grep -l "^#include <$header>" -- 'agent/*.[ch]' 'bin/*.[ch]' \
		    'cgi-bin/*.[ch]' 'cron/*.[ch]' 'lib/*.[ch]' 'live/*.[ch]' |
		while read -r file; do
			known=
			for place in $(echo "$places" | tr , ' '); do
				case $file in "$place"*) known=1 ;; esac
			done
			[ -n "$known" ] || echo "$file includes $header"
		done
	done)"

# A prefix stands nowhere else; a word that means other things, too, is in no
# call of the cache and in no command.
ours=$(git ls-files 'agent/*.[ch]' 'bin/*.[ch]' 'cgi-bin/*.[ch]' \
	'cron/*.[ch]' 'lib/*.[ch]' 'live/*.[ch]' | grep -v '^lib/redis/keys\.h$')
words='live|alert-stream|collector|polled|changed|alerts|refresh'
result "every key of Redis is spelled in lib/redis/keys.h alone" "$(
	grep -nE '"(snapshot|last|node|session|login|alert-mute|alert-ack):' $ours
	grep -n '"alert-stream"' $ours
	for file in $ours; do
		tr '\n' ' ' <"$file" |
		grep -oE "((cache_[a-z_]+|redis_[a-z]+|link_send)\([^;{]*[(, ]|\
\"(GET|SET|DEL|EXPIRE|PUBLISH|SUBSCRIBE|XADD|XRANGE|XREVRANGE)\",[[:space:]]*)\"($words)\"" |
		sed "s|^|$file: |"
	done)"

# alone: it includes what it uses; twice: it has a guard
libpq=$(pkg-config --cflags-only-I libpq 2>/dev/null)
headers=$(git ls-files 'agent/*.h' 'bin/*.h' 'cgi-bin/*.h' 'cron/*.h' \
	'lib/*.h' 'live/*.h' | grep -v windows)
result "every header compiles alone and twice" "$(
	for header in $headers; do
		printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
		${CC:-cc} -std=c11 -D_GNU_SOURCE -I. -I"$build" $libpq -Wall -Werror \
		    -fsyntax-only -x c - 2>&1 | head -3
	done)"

[ -z "$failed" ]
