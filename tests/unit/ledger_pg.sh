#!/bin/sh
# ledger_pg.sh: the ledger's tests on a PostgreSQL that is started here.
build=${BUILD:-build}
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d "${TMPDIR:-/tmp}/mt5fleet-pg.XXXXXX") || exit 1
failed=

end() {
	[ -z "$started" ] || tests/pg/server stop "$dir/a" immediate
	rm -rf "$dir"
}
started=
trap end EXIT
trap 'exit 1' INT TERM
chmod 755 "$dir"

tests/pg/server start "$dir/a" fsync=off synchronous_commit=off \
	full_page_writes=off
case $? in
0) started=1 ;;
77)
	echo 'ok - the ledger on PostgreSQL # SKIP: no PostgreSQL is installed'
	exit 0 ;;
*)
	echo 'not ok - PostgreSQL starts'
	exit 1 ;;
esac

run() { # what URL test…
	what=$1 url=$2
	shift 2
	for test; do
		CMOCKA_MESSAGE_OUTPUT=TAP LEDGER_TEST_URL=$url \
			"$build/test/$test" >"$dir/out" 2>&1 || failed=1
		# a crash has no "not ok" of its own
		tail -1 "$dir/out" | grep -qE '^(ok|not ok|#)' ||
			echo "not ok - $what: $test ended"
		sed -E "s/^((not )?ok) [0-9]+ - /\\1 - $what: /; t
			s/^ok - /# /; s/^/# /" "$dir/out"
	done
}

run postgresql "postgresql://ledger@/DATABASE?host=$dir/a" ledger_test \
	ledger_cases_test ledger_order_test ledger_people_test ledger_pg_test

[ -z "$failed" ]
