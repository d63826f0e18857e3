#!/bin/sh
# ledger_pg.sh: the ledger's tests on a PostgreSQL that is started here: alone,
# through PgBouncer, with a synchronous standby; and a writer whose server is
# killed. KILLS (3; 200 by hand) is how often.
build=${BUILD:-build}
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d "${TMPDIR:-/tmp}/mt5fleet-pg.XXXXXX") || exit 1
test=$build/test/ledger_pg_test
failed=

running=
end() {
	[ -z "$bouncer" ] || kill "$bouncer"
	for server in $running; do
		tests/pg/server stop "$dir/$server" immediate
	done 2>/dev/null
	rm -rf "$dir"
}
bouncer=
trap end EXIT
trap 'exit 1' INT TERM
chmod 755 "$dir"

compared() { # what URL last: the ledger there has 1 to last, once each
	if "$test" compare "$2" "$3" >"$dir/out" 2>&1; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		sed 's/^/# /' "$dir/out" | tail -30
		failed=1
	fi
}
wait_for() { # what command…
	what=$1 tries=2400
	shift
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { echo "not ok - waiting for $what"; exit 1; }
		sleep 0.05
	done
}
lines() { [ "$(wc -l <"$1")" -ge "$2" ]; }

run() { # what URL test…
	what=$1 url=$2
	shift 2
	for name; do
		CMOCKA_MESSAGE_OUTPUT=TAP LEDGER_TEST_URL=$url \
			"$build/test/$name" >"$dir/out" 2>&1 || failed=1
		# a crash has no "not ok" of its own
		tail -1 "$dir/out" | grep -qE '^(ok|not ok|#)' ||
			echo "not ok - $what: $name ended"
		sed -E "s/^((not )?ok) [0-9]+ - /\\1 - $what: /; t
			s/^/# /" "$dir/out"
	done
}
url() { echo "postgresql://ledger@/$1?host=$dir/${2:-a}"; }
sql() { "$test" sql "$(url postgres "${2:-a}")" "$1"; }

# ---- one server ----
tests/pg/server start "$dir/a" fsync=off synchronous_commit=off \
	full_page_writes=off
case $? in
0) running=a ;;
77)
	echo 'ok - the ledger on PostgreSQL # SKIP: no PostgreSQL is installed'
	exit 0 ;;
*)
	echo 'not ok - PostgreSQL starts'
	exit 1 ;;
esac
run postgresql "$(url DATABASE)" ledger_test ledger_cases_test \
	ledger_order_test ledger_people_test ledger_samples_test ledger_pg_test

# ---- PgBouncer, which gives each transaction another server process ----
if command -v pgbouncer >/dev/null; then
	mkdir "$dir/b"
	cat >"$dir/b/ini" <<-END
		[databases]
		* = host=$dir/a user=ledger
		[pgbouncer]
		listen_addr =
		unix_socket_dir = $dir/b
		listen_port = 5432
		auth_type = any
		pool_mode = transaction
		default_pool_size = 5
		logfile = $dir/b/log
	END
	as=
	if [ "$(id -u)" = 0 ]; then
		chown -R nobody "$dir/b"
		as='setpriv --reuid=nobody --regid=nogroup --clear-groups'
	fi
	$as pgbouncer -q "$dir/b/ini" >"$dir/b/out" 2>&1 &
	bouncer=$!
	wait_for pgbouncer test -S "$dir/b/.s.PGSQL.5432"
	run pgbouncer "$(url DATABASE b)" ledger_test ledger_people_test \
		ledger_samples_test
	kill $bouncer
	bouncer=
else
	echo 'ok - the ledger through PgBouncer # SKIP: it is not installed'
fi

# ---- a server that is killed, and a writer ----
kills=${KILLS:-3}
each=25
all=$((kills * each + each))
sql 'CREATE DATABASE killed' >/dev/null
: >"$dir/books"
"$test" write "$(url killed)" 1 $all >"$dir/books" 2>"$dir/said" &
writer=$!
k=1
while [ $k -le "$kills" ]; do
	wait_for "line $((k * each))" lines "$dir/books" $((k * each))
	tests/pg/server kill "$dir/a"
	tests/pg/server start "$dir/a" || exit 1
	k=$((k + 1))
done
wait $writer
compared "the server killed $kills times: equal to the books" \
	"$(url killed)" $all

last=$all
k=1
while [ $k -le "$kills" ]; do
	all=$((all + each))
	: >"$dir/books"
	"$test" write "$(url killed)" $((last + 1)) $((all + each)) \
		>"$dir/books" 2>>"$dir/said" &
	writer=$!
	wait_for "the writer" lines "$dir/books" 5
	kill -KILL $writer
	wait $writer 2>/dev/null
	last=$(tail -1 "$dir/books")
	k=$((k + 1))
done
# the one it was killed in is written again, whether it was stored or not
"$test" write "$(url killed)" $((last + 1)) $((last + 2)) >"$dir/books" 2>&1
compared "the writer killed $kills times: equal to the books" \
	"$(url killed)" $((last + 2))

# ---- a synchronous standby, which takes over ----
sql 'CREATE DATABASE pair' >/dev/null
tests/pg/server standby "$dir/s" "$dir/a" fsync=off || exit 1
running='a s'
sql "ALTER SYSTEM SET synchronous_standby_names = '*'" >/dev/null
sql "ALTER SYSTEM SET synchronous_commit = on" >/dev/null
sql 'SELECT pg_reload_conf()' >/dev/null
followed() { [ "$(sql "SELECT count(*) FROM pg_stat_replication
	WHERE sync_state = 'sync'")" = 1 ]; }
wait_for 'the synchronous standby' followed
run standby "$(url DATABASE)" ledger_test
both="postgresql://ledger@/pair?host=$dir/a,$dir/s&target_session_attrs=read-write"
: >"$dir/books"
"$test" write "$both" 1 100 >"$dir/books" 2>"$dir/said" &
writer=$!
wait_for 'half of it' lines "$dir/books" 50
tests/pg/server kill "$dir/a"
running=s
tests/pg/server promote "$dir/s"
wait $writer
compared 'the standby took over: nothing that was stored is lost, none twice' \
	"$(url pair s)" 100

[ -z "$failed" ]
